/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * edits.c - the list of edits: our header's value and folds, what is deleted in which order, what
 * becomes of priority headers.
 */
#include <stdio.h>

#include "rules/core/edits.h"
#include "rules/core/list.h"
#include "tests/rules/table.h"

#define BY "mx.example.net"

static struct sender entry(const char *registrar)
{
	return (struct sender){.registrar = (char *)(uintptr_t)registrar};
}

static void genuine(struct decision *d, struct finding *f, const struct sender *s)
{
	*d = (struct decision){
	    .verdict = VERDICT_GENUINE,
	    .class = CLASS_VERIFICATION,
	    .entry = s,
	    .proof = "dkim:emailverification.info,spf:emailverification.info",
	    .deadline = 1796551200,
	    .deadline_source = DEADLINE_STATED,
	};
	*f = (struct finding){.domain = {"example.com"}, .domain_kept = 1, .domain_count = 1};
}

static void value_of(const struct decision *d, const struct finding *f, const char *by,
		     struct str *to)
{
	str_reset(to);
	edits_header_value(d, f, by, to);
	assert_false(to->failed);
}

static void test_value(void **state)
{
	(void)state;
	struct sender s = entry("Key-Systems GmbH");
	struct decision d;
	struct finding f;
	struct str got = {0};
	genuine(&d, &f, &s);
	value_of(&d, &f, BY, &got);
	assert_string_equal(
	    got.p, "genuine; class=verification; registrar=\"Key-Systems GmbH\";\n"
		   "\tdomain=example.com; deadline=2026-12-06T10:00:00Z;\n"
		   "\tproof=dkim:emailverification.info,spf:emailverification.info; ours=unset;\n"
		   "\tby=mx.example.net");
	d.verdict = VERDICT_KNOWN;
	d.reasons = 1u << REASON_LINKS | 1u << REASON_AGE;
	d.deadline_source = DEADLINE_NONE;
	d.ours = OURS_YES;
	value_of(&d, &f, BY, &got);
	assert_string_equal(
	    got.p, "known; reason=links,age; class=verification;\n"
		   "\tregistrar=\"Key-Systems GmbH\"; domain=example.com;\n"
		   "\tproof=dkim:emailverification.info,spf:emailverification.info; ours=yes;\n"
		   "\tby=mx.example.net");
	d = (struct decision){.verdict = VERDICT_UNPROVEN,
			      .reasons = 1u << REASON_DKIM_NONE,
			      .entry = &s,
			      .ours = OURS_NO};
	f = (struct finding){0};
	value_of(&d, &f, BY, &got);
	assert_string_equal(got.p, "unproven; reason=dkim-none; ours=no; by=mx.example.net");
	str_reset(&got);
	d = (struct decision){.verdict = VERDICT_LOOKALIKE,
			      .reasons = 1u << REASON_NOT_LISTED | 1u << REASON_CONFUSABLE,
			      .class = CLASS_VERIFICATION,
			      .imitates = "emailverification.info"};
	value_of(&d, &f, BY, &got);
	assert_string_equal(got.p,
			    "lookalike; reason=not-listed,confusable; class=verification;\n"
			    "\timitates=emailverification.info; ours=unset; by=mx.example.net");
	str_free(&got);
}

static void test_registrar(void **state)
{
	(void)state;
	static const struct {
		const char *registrar, *want;
	} rows[] = {
	    {"Plain", "\"Plain\""},
	    {"", "\"\""},
	    {"A \"B\" \\ C", "\"A \\\"B\\\" \\\\ C\""},
	    {"B\xc3\xbc"
	     "cher \xe2\x82\xac \xf0\x9f\x98\x80",
	     "\"B?cher ? ?\""},
	    {"a\r\nX-Evil: 1", "\"a??X-Evil: 1\""},
	    {"a\x1b\x7f", "\"a??\""},
	    {"a, b; c", "\"a, b; c\""},
	    {"abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijK",
	     "\"abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij\""},
	    {"abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghi\"K",
	     "\"abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghi\""},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct sender s = entry(rows[i].registrar);
		struct decision d;
		struct finding f;
		struct str got = {0};
		genuine(&d, &f, &s);
		value_of(&d, &f, BY, &got);
		const char *at = strstr(got.p, "registrar=");
		CHECK(at && !strncmp(at + 10, rows[i].want, strlen(rows[i].want)) &&
			  at[10 + strlen(rows[i].want)] == ';',
		      "row %zu: got %s", i, got.p);
		str_free(&got);
	}
}

/* Folds: after ";" and ",", a tab after each, no line over 78 unless one name is. */
static void check_folds(const char *value, size_t most)
{
	size_t column = strlen("X-Keepname: ");
	for (const char *p = value; *p; p++) {
		unsigned char c = (unsigned char)*p;
		CHECK((c >= ' ' && c < 0x7f) || c == '\n' || (c == '\t' && p[-1] == '\n'), "%s",
		      value);
		if (*p == '\n') {
			CHECK(p[1] == '\t' && (p[-1] == ';' || p[-1] == ','), "%s", value);
			CHECK(column <= most, "line of %zu: %s", column, value);
			column = 0;
		} else {
			column++;
		}
	}
	CHECK(column <= most, "line of %zu: %s", column, value);
}

static void test_domains(void **state)
{
	(void)state;
	struct sender s = entry("R");
	struct str got = {0}, want = {0};
	for (uint32_t n = 0; n <= LIMIT_DOMAINS; n++)
		for (uint32_t more = 0; more < 2; more++) {
			struct decision d;
			struct finding f;
			genuine(&d, &f, &s);
			f.domain_kept = n;
			f.domain_count = more ? 37 : n;
			str_reset(&want);
			for (uint32_t i = 0; i < n; i++) {
				snprintf(f.domain[i], sizeof f.domain[i], "domain-%02u.example", i);
				str_printf(&want, "%s%s", i ? "," : "domain=", f.domain[i]);
			}
			if (more)
				str_printf(&want, "%sdomains=37", n ? "; " : "");
			value_of(&d, &f, BY, &got);
			check_folds(got.p, 78);
			/* unfolded, it is the plain list */
			size_t k = 0;
			for (size_t i = 0; i < got.n; i++)
				if (got.p[i] == '\n' && got.p[i - 1] == ';')
					got.p[k++] = ' ';
				else if (got.p[i] != '\n' && got.p[i] != '\t')
					got.p[k++] = got.p[i];
			got.p[k] = '\0';
			CHECK(strstr(got.p, str_text(&want)) != NULL, "%u: %s", n, got.p);
		}
	str_free(&got);
	str_free(&want);
}

static void test_longest(void **state)
{
	(void)state;
	char longest[LIMIT_DOMAIN + 1];
	for (size_t i = 0; i < LIMIT_DOMAIN; i++)
		longest[i] = i % 64 == 63 ? '.' : 'a';
	longest[LIMIT_DOMAIN] = '\0';
	struct sender s =
	    entry("\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"");
	struct decision d;
	struct finding f;
	struct str got = {0};
	genuine(&d, &f, &s);
	d.verdict = VERDICT_KNOWN;
	d.reasons = (1u << REASON_COUNT) - 1;
	d.class = CLASS_CHANGE_OF_REGISTRANT;
	snprintf(d.proof, sizeof d.proof, "dkim:%s,spf:%s", longest, longest);
	f.domain_kept = LIMIT_DOMAINS;
	f.domain_count = LIMIT_DOMAINS_COUNTED;
	for (size_t i = 0; i < LIMIT_DOMAINS; i++)
		strcpy(f.domain[i], longest);
	value_of(&d, &f, longest, &got);
	check_folds(got.p, 1 + strlen("proof=dkim:,") + LIMIT_DOMAIN);
	str_free(&got);
}

/* Whatever a record says, no line of its making gets into the header. */
static void test_hostile_values(void **state)
{
	(void)state;
	struct sender s = entry("R");
	struct decision d;
	struct finding f;
	struct str got = {0};
	genuine(&d, &f, &s);
	strcpy(f.domain[0], "a.example\nX-Evil: 1");
	value_of(&d, &f, "mx\r\nX-Evil: 1", &got);
	check_folds(got.p, 78);
	assert_null(strstr(got.p, "domain="));
	assert_non_null(strstr(got.p, "domains=1"));
	assert_non_null(strstr(got.p, "by=\"mx??X-Evil: 1\""));
	str_free(&got);
}

/* -- lists of edits ------------------------------------------------------------------------- */

static void print_edits(const struct edits *e, struct str *to)
{
	str_reset(to);
	for (size_t i = 0; i < e->count; i++) {
		const struct edit *x = &e->list[i];
		str_printf(to, "%s %s %u", edit_action_name(x->action), x->name, x->index);
		if (x->value && strcmp(x->name, "X-Keepname") != 0)
			str_printf(to, " %s", x->value);
		CHECK((x->value == NULL) == (x->action == EDIT_DELETE), "%zu", i);
		str_putc(to, '\n');
	}
}

static void load(struct message *m, const char *headers)
{
	message_reset(m);
	message_parse(m, slice_of(headers));
}

static void test_strip(void **state)
{
	(void)state;
	static const struct {
		const char *headers;
		size_t keep;
		const char *want;
	} rows[] = {
	    {"From: a@b.example\n", EDITS_KEEP_NONE, ""},
	    {"X-Keepname: genuine\n", EDITS_KEEP_NONE, "delete X-Keepname 1\n"},
	    {"X-Keepname: 1\nx-KEEPNAME : 2\nX-Other: 3\nX-Keepname\t: 4\n", EDITS_KEEP_NONE,
	     "delete X-Keepname 3\ndelete X-Keepname 2\ndelete X-Keepname 1\n"},
	    {"X-Keepname: 1\nx-KEEPNAME : 2\nX-Other: 3\nX-Keepname\t: 4\n", 1,
	     "delete X-Keepname 3\ndelete X-Keepname 1\n"},
	    {"X-Keepname: 1\nX-Other: 3\nX-Keepname: 4\n", 2, "delete X-Keepname 1\n"},
	    {"X-Keepname: 1\nX-Other: 3\nX-Keepname: 4\n", 1,
	     "delete X-Keepname 2\ndelete X-Keepname 1\n"},
	    {"X-Keepname: 1\n", 0, ""},
	    {"X-Keepname: 1\n", 7, "delete X-Keepname 1\n"},
	};
	struct message m;
	struct str got = {0};
	message_init(&m);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct edits e = {0};
		load(&m, rows[i].headers);
		edits_strip(&m, rows[i].keep, &e);
		print_edits(&e, &got);
		CHECK(!strcmp(str_text(&got), rows[i].want), "row %zu: got %s", i, got.p);
		assert_int_equal(e.copies_left, 0);
		edits_free(&e);
	}
	edits_free(NULL);
	str_free(&got);
	message_free(&m);
}

static void test_strip_limit(void **state)
{
	(void)state;
	struct message m;
	message_init(&m);
	for (size_t n = LIMIT_OUR_HEADERS; n <= LIMIT_OUR_HEADERS + 1; n++) {
		struct edits e = {0};
		message_reset(&m);
		for (size_t i = 0; i < n; i++)
			message_add_header(&m, "X-Keepname", "x");
		edits_strip(&m, EDITS_KEEP_NONE, &e);
		assert_int_equal(e.count, LIMIT_OUR_HEADERS);
		assert_int_equal(e.copies_left, n - LIMIT_OUR_HEADERS);
		assert_int_equal(e.list[0].index, n);
		edits_free(&e);
	}
	/* those that overflow dropped count as well */
	struct edits e = {0};
	message_reset(&m);
	m.overflow = true;
	message_add_header(&m, "X-Keepname", "x");
	message_add_header(&m, "X-Keepname", "x");
	edits_strip(&m, EDITS_KEEP_NONE, &e);
	assert_int_equal(e.count, 2);
	edits_free(&e);
	message_free(&m);
}

#define BOOST (1u << CLASS_VERIFICATION)
#define ALL                                                                          \
	"insert X-Keepname 0\nadd X-Priority 0 1 (Highest)\nadd Importance 0 high\n" \
	"add Priority 0 urgent\n"

static const struct {
	const char *headers, *want;
} priorities[] = {
    {"Subject: x\n", ALL},
    {"X-Priority: 5\n", "change X-Priority 1 1 (Highest)\ninsert X-Keepname 0\n"
			"add Importance 0 high\nadd Priority 0 urgent\n"},
    {"x-priority : 5\nImportance: low\nX-PRIORITY: 4\nPriority: normal\nX-Priority:\n",
     "delete X-Priority 3\ndelete X-Priority 2\nchange X-Priority 1 1 (Highest)\n"
     "change Importance 1 high\nchange Priority 1 urgent\ninsert X-Keepname 0\n"},
    /* signed, and there */
    {"X-Priority: 5\nX-Priority: 4\nDKIM-Signature: v=1; h=From : x-priority\n : To; d=x\n",
     "insert X-Keepname 0\nadd Importance 0 high\nadd Priority 0 urgent\n"},
    /* signed, and absent */
    {"DKIM-Signature: h=from:importance:priority\n",
     "insert X-Keepname 0\nadd X-Priority 0 1 (Highest)\n"},
    /* any signature, any h=, ARC too */
    {"DKIM-Signature: d=a\nDKIM-Signature: d=b;h=x;\n\tH = Priority ;\n",
     "insert X-Keepname 0\nadd X-Priority 0 1 (Highest)\nadd Importance 0 high\n"},
    {"ARC-Message-Signature: i=1; h=priority\n",
     "insert X-Keepname 0\nadd X-Priority 0 1 (Highest)\nadd Importance 0 high\n"},
    {"DKIM-Signature: h=x-priority:importance:priority\n", "insert X-Keepname 0\n"},
    {"DKIM-Signature: bh=priority; xh=priority; h=not-priority:priority2; z=h:priority\n", ALL},
    {"DKIM-Signature: h\nDKIM-Signature:\nDKIM-Signature: h=\nDKIM-Signature: =;=priority\n", ALL},
    {"X-MSMail-Priority: low\nSubject: h=priority\n", ALL},
};

static void test_priorities(void **state)
{
	(void)state;
	struct sender s = entry("R");
	struct decision d;
	struct finding f;
	struct message m;
	struct str got = {0};
	message_init(&m);
	genuine(&d, &f, &s);
	for (size_t i = 0; i < COUNT_OF(priorities); i++) {
		struct edits e = {0};
		load(&m, priorities[i].headers);
		edits_mark(&m, &d, &f, BOOST, BY, &e);
		assert_false(e.failed);
		print_edits(&e, &got);
		CHECK(!strcmp(got.p, priorities[i].want), "row %zu: got %s", i, got.p);
		edits_free(&e);
	}
	str_free(&got);
	message_free(&m);
}

static void test_priority_copies(void **state)
{
	(void)state;
	struct sender s = entry("R");
	struct decision d;
	struct finding f;
	struct message m;
	genuine(&d, &f, &s);
	message_init(&m);
	for (size_t n = LIMIT_OUR_HEADERS; n <= LIMIT_OUR_HEADERS + 1; n++) {
		struct edits e = {0};
		message_reset(&m);
		for (size_t i = 0; i < n; i++)
			message_add_header(&m, "Priority", "x");
		edits_mark(&m, &d, &f, BOOST, BY, &e);
		/* past the limit they are left alone: our header and the two others */
		assert_int_equal(e.count, n > LIMIT_OUR_HEADERS ? 3 : LIMIT_OUR_HEADERS + 3);
		edits_free(&e);
	}
	message_free(&m);
}

static void test_who_is_boosted(void **state)
{
	(void)state;
	static const struct {
		enum verdict verdict;
		enum class_id class;
		enum ours ours;
		size_t want; /* edits */
	} rows[] = {
	    {VERDICT_GENUINE, CLASS_VERIFICATION, OURS_UNSET, 4},
	    {VERDICT_GENUINE, CLASS_VERIFICATION, OURS_YES, 4},
	    {VERDICT_GENUINE, CLASS_VERIFICATION, OURS_NO, 1},
	    {VERDICT_GENUINE, CLASS_WDRP, OURS_UNSET, 1},
	    {VERDICT_KNOWN, CLASS_VERIFICATION, OURS_YES, 1},
	    {VERDICT_UNPROVEN, CLASS_VERIFICATION, OURS_YES, 1},
	    {VERDICT_FORGED, CLASS_VERIFICATION, OURS_YES, 1},
	    {VERDICT_LOOKALIKE, CLASS_VERIFICATION, OURS_YES, 1},
	    {VERDICT_UNLISTED, CLASS_VERIFICATION, OURS_YES, 1},
	    {VERDICT_NONE, CLASS_VERIFICATION, OURS_YES, 0},
	};
	struct sender s = entry("R");
	struct message m;
	message_init(&m);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct decision d;
		struct finding f;
		struct edits e = {0};
		genuine(&d, &f, &s);
		d.verdict = rows[i].verdict;
		d.class = rows[i].class;
		d.ours = rows[i].ours;
		edits_mark(&m, &d, &f, BOOST, BY, &e);
		CHECK(e.count == rows[i].want, "row %zu: got %zu", i, e.count);
		if (e.count) {
			struct str value = {0};
			value_of(&d, &f, BY, &value);
			assert_string_equal(e.list[0].value, value.p);
			str_free(&value);
		}
		edits_free(&e);
	}
	message_free(&m);
}

/* Deletions first, whatever is asked for in which order; nothing is added to a list that failed. */
static void test_together(void **state)
{
	(void)state;
	struct sender s = entry("R");
	struct decision d;
	struct finding f;
	struct message m;
	struct edits e = {0};
	struct str got = {0};
	genuine(&d, &f, &s);
	message_init(&m);
	load(&m, "X-Keepname: genuine\nImportance: low\n");
	edits_strip(&m, EDITS_KEEP_NONE, &e);
	edits_mark(&m, &d, &f, BOOST, BY, &e);
	print_edits(&e, &got);
	assert_string_equal(got.p, "delete X-Keepname 1\nchange Importance 1 high\n"
				   "insert X-Keepname 0\nadd X-Priority 0 1 (Highest)\n"
				   "add Priority 0 urgent\n");
	edits_free(&e);
	edits_strip(&m, EDITS_KEEP_NONE, &e);
	e.failed = true;
	edits_mark(&m, &d, &f, BOOST, BY, &e);
	print_edits(&e, &got);
	assert_string_equal(got.p, "delete X-Keepname 1\n");
	edits_free(&e);
	str_free(&got);
	message_free(&m);
	assert_string_equal(edit_action_name((enum edit_action)9), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_value),           cmocka_unit_test(test_registrar),
	    cmocka_unit_test(test_domains),         cmocka_unit_test(test_longest),
	    cmocka_unit_test(test_hostile_values),  cmocka_unit_test(test_strip),
	    cmocka_unit_test(test_strip_limit),     cmocka_unit_test(test_priorities),
	    cmocka_unit_test(test_priority_copies), cmocka_unit_test(test_who_is_boosted),
	    cmocka_unit_test(test_together),
	};
	return cmocka_run_group_tests_name("edits", tests, NULL, NULL);
}
