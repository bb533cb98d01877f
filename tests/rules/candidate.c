/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * candidate.c - which mail is worth a judge, in which lane, and whom it claims to be from.
 */
#include "rules/core/candidate.h"
#include "rules/core/charset.h"
#include "tests/rules/table.h"

static const char list_text[] = "Sender: one\n"
				"From: noreply@listed.example\n"
				"Registrar: One\n"
				"Classes: verification\n"
				"Confidence: A\n"
				"Evidence: https://e.example/\n"
				"Last-Seen: undated\n"
				"\n"
				"Sender: whole\n"
				"From: *@whole.example\n"
				"Whole-Domain: it serves nothing else\n"
				"Registrar: Whole\n"
				"Classes: verification\n"
				"Confidence: A\n"
				"Evidence: https://e.example/\n"
				"Last-Seen: undated\n"
				"\n"
				"Sender: off\n"
				"From: noreply@disabled.example\n"
				"Registrar: Off\n"
				"Classes: verification\n"
				"Confidence: C\n"
				"Evidence: https://e.example/\n"
				"Last-Seen: undated\n"
				"Status: disabled\n";

static const char class_text[] = "Class: verification\n"
				 "Subject:\n"
				 " ^please verify\n"
				 " ^best\xc3\xa4tigen\n"
				 " ^(a+)+$\n"
				 "Display-Name: ICANN\n"
				 "Body: x\n"
				 "\n"
				 "Class: suspension\n"
				 "Subject: suspended\n"
				 "Body: x\n";

struct fixture {
	struct list *list;
	struct classes *classes;
	struct candidate_scratch scratch;
	struct message message;
};

static const struct row {
	const char *headers;
	const char *sender;
	enum candidate_lane want;
	const char *entry, *claimed; /* names; NULL: none */
	bool plain;
	enum class_id wording;
} rows[] = {
    /* ordinary mail */
    {"From: a@b.example\nSubject: hello\n", "<a@b.example>", CANDIDATE_NO, NULL, NULL, true, 0},
    {"", "", CANDIDATE_NO, NULL, NULL, false, 0},
    {"From:\nSubject:\n", "<>", CANDIDATE_NO, NULL, NULL, false, 0},
    /* From */
    {"From: noreply@listed.example\n", "<>", CANDIDATE_LISTED, "one", "one", true, 0},
    {"From: NoReply@LISTED.example\n", "<>", CANDIDATE_LISTED, "one", "one", true, 0},
    {"From: One <noreply@listed.example>\n", "<>", CANDIDATE_LISTED, "one", "one", true, 0},
    {"From: \"x@y.example\" <noreply@listed.example>\n", "<>", CANDIDATE_LISTED, "one", "one", true,
     0},
    {"From: other@listed.example\n", "<>", CANDIDATE_LISTED, NULL, NULL, true, 0},
    {"From: any@whole.example\n", "<>", CANDIDATE_LISTED, "whole", "whole", true, 0},
    {"From: any@sub.whole.example\n", "<>", CANDIDATE_NO, NULL, NULL, true, 0},
    {"From: noreply@disabled.example\n", "<>", CANDIDATE_NO, "off", "off", true, 0},
    /* odd From */
    {"From: noreply @listed.example\n", "<>", CANDIDATE_LISTED, NULL, "one", false, 0},
    {"From: \"noreply\"@listed.example\n", "<>", CANDIDATE_LISTED, NULL, "one", false, 0},
    {"From: noreply@listed.example (x)\n", "<>", CANDIDATE_LISTED, NULL, "one", false, 0},
    {"From: a@b.example, noreply@listed.example\n", "<>", CANDIDATE_LISTED, NULL, "one", false, 0},
    {"From: <@r.example:noreply@listed.example>\n", "<>", CANDIDATE_LISTED, NULL, "one", false, 0},
    {"From: =?utf-8?q?noreply=40listed.example?=\n", "<>", CANDIDATE_LISTED, NULL, "one", false, 0},
    {"From: =?utf-8?b?bm9yZXBseUBsaXN0ZWQuZXhhbXBsZQ==?= <a@b.example>\n", "<>", CANDIDATE_LISTED,
     NULL, "one", true, 0},
    {"From: \"noreply@listed.example\" <a@b.example>\n", "<>", CANDIDATE_LISTED, NULL, "one", true,
     0},
    {"From: a@b.example\nFrom: noreply@listed.example\n", "<>", CANDIDATE_LISTED, NULL, "one",
     false, 0},
    {"From : noreply@listed.example\n", "<>", CANDIDATE_LISTED, "one", "one", true, 0},
    {"From: a@b.example\nFROM \t: noreply@listed.example\n", "<>", CANDIDATE_LISTED, NULL, "one",
     false, 0},
    {"From: noreply@disabled.example, noreply@listed.example\n", "<>", CANDIDATE_LISTED, NULL,
     "one", false, 0},
    {"From: \"noreply@listed.example\" <noreply@disabled.example>\n", "<>", CANDIDATE_LISTED, "off",
     "off", true, 0},
    /* Sender and the like count for nothing */
    {"From: a@b.example\nSender: noreply@listed.example\n", "<>", CANDIDATE_NO, NULL, NULL, true,
     0},
    {"From: a@b.example\nResent-From: noreply@listed.example\n", "<>", CANDIDATE_NO, NULL, NULL,
     true, 0},
    {"From: a@b.example\nReply-To: noreply@listed.example\n", "<>", CANDIDATE_NO, NULL, NULL, true,
     0},
    /* envelope */
    {"From: a@b.example\n", "<bounce@listed.example>", CANDIDATE_LISTED, NULL, NULL, true, 0},
    {"From: a@b.example\n", "<\"odd one\"@LISTED.example>", CANDIDATE_LISTED, NULL, NULL, true, 0},
    {"From: a@b.example\n", "<@r.example:x@listed.example>", CANDIDATE_LISTED, NULL, NULL, true, 0},
    {"From: a@b.example\n", "<x@disabled.example>", CANDIDATE_NO, NULL, NULL, true, 0},
    /* signatures */
    {"From: a@b.example\nDKIM-Signature: v=1; d=listed.example; s=x\n", "<>", CANDIDATE_LISTED,
     NULL, NULL, true, 0},
    {"From: a@b.example\nDKIM-Signature: v=1;D = Listed.\n\tExample. ; s=x\n", "<>",
     CANDIDATE_LISTED, NULL, NULL, true, 0},
    {"From: a@b.example\nDKIM-Signature: d=listed.example\n", "<>", CANDIDATE_LISTED, NULL, NULL,
     true, 0},
    {"From: a@b.example\nDKIM-Signature:\n d=b.example;\n d=listed.example;\n", "<>",
     CANDIDATE_LISTED, NULL, NULL, true, 0},
    {"From: a@b.example\nDKIM-Signature: d=b.example\nDKIM-Signature: d=listed.example\n", "<>",
     CANDIDATE_LISTED, NULL, NULL, true, 0},
    {"From: a@b.example\nDKIM-Signature: d=sub.listed.example\n", "<>", CANDIDATE_NO, NULL, NULL,
     true, 0},
    {"From: a@b.example\nDKIM-Signature: h=d=listed.example\n", "<>", CANDIDATE_NO, NULL, NULL,
     true, 0},
    {"From: a@b.example\nDKIM-Signature: xd=listed.example; d; d=; ;=\n", "<>", CANDIDATE_NO, NULL,
     NULL, true, 0},
    {"From: a@b.example\nDKIM-Signature:\n", "<>", CANDIDATE_NO, NULL, NULL, true, 0},
    {"From: a@b.example\nARC-Message-Signature: d=listed.example\n", "<>", CANDIDATE_NO, NULL, NULL,
     true, 0},
    /* wording */
    {"From: a@b.example\nSubject: Please VERIFY it\n", "<>", CANDIDATE_WORDING, NULL, NULL, true,
     CLASS_VERIFICATION},
    {"From: a@b.example\nSubject:\n  please\n\tverify\n", "<>", CANDIDATE_WORDING, NULL, NULL, true,
     CLASS_VERIFICATION},
    {"From: a@b.example\nSubject: =?utf-8?q?Best=C3=A4tigen?=\n", "<>", CANDIDATE_WORDING, NULL,
     NULL, true, CLASS_VERIFICATION},
    {"From: a@b.example\nSubject: =?iso-8859-1?q?Best=E4tigen?=\n", "<>", CANDIDATE_WORDING, NULL,
     NULL, true, CLASS_VERIFICATION},
    {"From: a@b.example\nSubject: =?iso-8859-2?q?BEST=C4TIGEN?=\n", "<>", CANDIDATE_WORDING, NULL,
     NULL, true, CLASS_VERIFICATION},
    /* without encoded words: UTF-8 is read; of other charsets the plain words alone */
    {"From: a@b.example\nSubject: Best\xc3\xa4tigen\n", "<>", CANDIDATE_WORDING, NULL, NULL, true,
     CLASS_VERIFICATION},
    {"From: a@b.example\nSubject: Best\xe4tigen\n", "<>", CANDIDATE_NO, NULL, NULL, true, 0},
    {"From: a@b.example\nSubject: please verify \xfc\xe4\n", "<>", CANDIDATE_WORDING, NULL, NULL,
     true, CLASS_VERIFICATION},
    {"From: a@b.example\nSubject: bestatigen\n", "<>", CANDIDATE_WORDING, NULL, NULL, true,
     CLASS_VERIFICATION},
    {"From: a@b.example\nSubject: =?iso-2022-jp?b?GyRCI0kjQyNBI04jThsoQg==?=\n", "<>", CANDIDATE_NO,
     NULL, NULL, true, 0},
    {"From: =?iso-2022-jp?b?GyRCI0kjQyNBI04jThsoQg==?= <a@b.example>\n", "<>", CANDIDATE_WORDING,
     NULL, NULL, true, 0}, /* ICANN in full width */
    {"From: a@b.example\nSubject: =?x-unheard-of?q?please_verify?=\n", "<>", CANDIDATE_NO, NULL,
     NULL, true, 0},
    {"From: a@b.example\nSubject: please verify, or be suspended\n", "<>", CANDIDATE_WORDING, NULL,
     NULL, true, CLASS_SUSPENSION},
    {"From: a@b.example\nSubject: x\nSubject: suspended\n", "<>", CANDIDATE_WORDING, NULL, NULL,
     true, CLASS_SUSPENSION},
    {"From: ICANN Team <a@b.example>\nSubject: x\n", "<>", CANDIDATE_WORDING, NULL, NULL, true, 0},
    {"From: \"The ICANN\" <a@b.example>\n", "<>", CANDIDATE_WORDING, NULL, NULL, true, 0},
    {"From: =?utf-8?b?SUNBTk4=?= <a@b.example>\n", "<>", CANDIDATE_WORDING, NULL, NULL, true, 0},
    {"From: icann@b.example\n", "<>", CANDIDATE_NO, NULL, NULL, true, 0},
    {"From: Team <icann@b.example>\n", "<>", CANDIDATE_NO, NULL, NULL, true, 0},
    {"From: noreply@disabled.example\nSubject: please verify\n", "<>", CANDIDATE_WORDING, "off",
     "off", true, CLASS_VERIFICATION},
    {"From: noreply@listed.example\nSubject: please verify\n", "<>", CANDIDATE_LISTED, "one", "one",
     true, CLASS_VERIFICATION},
    {"Subject: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n", "<>", CANDIDATE_WORDING, NULL,
     NULL, false, 0},
};

static void test(struct fixture *f, struct slice headers, const char *sender, struct candidate *ret)
{
	message_reset(&f->message);
	message_set_sender(&f->message, sender);
	message_parse(&f->message, headers);
	candidate_test(f->list, f->classes, &f->message, &f->scratch, ret);
}

static bool is_named(const struct sender *s, const char *want)
{
	return want ? s && !strcmp(s->name, want) : !s;
}

static void test_table(void **state)
{
	struct fixture *f = *state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct row *r = &rows[i];
		struct candidate got;
		memset(&got, 0x55, sizeof got);
		test(f, slice_of(r->headers), r->sender, &got);
		CHECK(got.lane == r->want, "row %zu (%s): got lane %d", i, r->headers, got.lane);
		CHECK(got.from_plain == r->plain, "row %zu (%s)", i, r->headers);
		CHECK(is_named(got.entry, r->entry), "row %zu (%s)", i, r->headers);
		CHECK(is_named(got.claimed, r->claimed), "row %zu (%s): %s", i, r->headers,
		      got.claimed ? got.claimed->name : "");
		CHECK(got.wording == r->wording, "row %zu (%s): got %d", i, r->headers,
		      got.wording);
	}
}

static void test_cut(void **state)
{
	struct fixture *f = *state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		for (size_t n = 0; n <= strlen(rows[i].headers); n++) {
			struct slice in = tight((struct slice){rows[i].headers, n});
			struct candidate got;
			test(f, in, rows[i].sender, &got);
			assert_true(got.lane <= CANDIDATE_LISTED);
			tight_free(in);
		}
}

/* n units before the one that counts. */
static enum candidate_lane after(struct fixture *f, size_t n, const char *start, const char *unit,
				 const char *last)
{
	struct str text = {0};
	struct candidate got;
	str_puts(&text, start);
	for (size_t i = 0; i < n; i++)
		str_puts(&text, unit);
	str_puts(&text, last);
	assert_false(text.failed);
	test(f, (struct slice){text.p, text.n}, "<>", &got);
	assert_false(f->message.overflow);
	str_free(&text);
	return got.lane;
}

static void test_bounds(void **state)
{
	struct fixture *f = *state;
	static const struct {
		size_t at; /* so many before it are the limit */
		const char *start, *unit, *last;
		enum candidate_lane want;
	} bounds[] = {
	    {CANDIDATE_FROMS - 1, "", "From: a@b.example\n", "From: noreply@listed.example\n",
	     CANDIDATE_LISTED},
	    {ADDRESS_CLAIMS - 1, "From: ", "a@b.example, ", "noreply@listed.example\n",
	     CANDIDATE_LISTED},
	    {CANDIDATE_SIGNATURES - 1, "", "DKIM-Signature: d=b.example\n",
	     "DKIM-Signature: d=listed.example\n", CANDIDATE_LISTED},
	    {LIMIT_SIGNATURE_BYTES - 16, "DKIM-Signature:", ";", "d=listed.example;\n",
	     CANDIDATE_LISTED},
	    {CANDIDATE_SUBJECTS - 1, "", "Subject: x\n", "Subject: suspended\n", CANDIDATE_WORDING},
	    {LIMIT_SUBJECT - 9, "Subject: ", "x", "suspended\n", CANDIDATE_WORDING},
	};
	for (size_t i = 0; i < COUNT_OF(bounds); i++) {
		enum candidate_lane got =
		    after(f, bounds[i].at, bounds[i].start, bounds[i].unit, bounds[i].last);
		CHECK(got == bounds[i].want, "row %zu: got %d", i, got);
		got = after(f, bounds[i].at + 1, bounds[i].start, bounds[i].unit, bounds[i].last);
		CHECK(got == CANDIDATE_NO, "row %zu, one past: got %d", i, got);
	}
}

/* All claims together: ten From headers with thirty addresses each are not all looked at. */
static void test_claims(void **state)
{
	struct fixture *f = *state;
	struct str text = {0};
	struct candidate got;
	for (int over = 0; over < 2; over++) {
		str_reset(&text);
		for (size_t h = 0; h < 4; h++) {
			str_puts(&text, "From: ");
			for (size_t i = 0; i < 50; i++)
				str_puts(&text, h == 3 && i == 49 && !over
						    ? "noreply@listed.example"
						    : "a@b.example, ");
			str_puts(&text, h == 3 && over ? "noreply@listed.example\n" : "\n");
		}
		test(f, (struct slice){text.p, text.n}, "<>", &got);
		assert_int_equal(got.lane, over ? CANDIDATE_NO : CANDIDATE_LISTED);
	}
	str_free(&text);
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	struct diags diags = {0};
	struct classes_builder *b = classes_builder_new();
	if (!f || !b)
		return -1;
	f->list = list_new();
	message_init(&f->message);
	if (!f->list || !candidate_scratch_init(&f->scratch) ||
	    list_parse(f->list, slice_of(list_text), "list", false, &diags) ||
	    list_finish(f->list, &diags) || classes_parse(b, slice_of(class_text), "class", &diags))
		return -1;
	f->classes = classes_build(b, true, &diags);
	for (size_t i = 0; i < diags.count; i++)
		print_error("%s:%u: %s\n", diags.list[i].file, diags.list[i].line,
			    diags.list[i].text);
	*state = f;
	return f->classes && diags.count == 0 && charset_init() ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	list_free(f->list);
	classes_free(f->classes);
	candidate_scratch_free(&f->scratch);
	candidate_scratch_free(NULL);
	message_free(&f->message);
	free(f);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_claims),
	};
	return cmocka_run_group_tests_name("candidate", tests, set_up, tear_down);
}
