/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * finding.c - the judge's record: there and back, and nothing else comes through.
 *
 * Every value out of its range is tried by packing a finding with that value; every cut and every
 * damaged octet by taking a good record apart.
 */
#include <stdio.h>

#include "rules/core/domain.h"
#include "rules/core/finding.h"
#include "rules/core/utf8.h"
#include "tests/rules/table.h"

static struct finding *sample(void)
{
	struct finding *f = calloc(1, sizeof *f);
	assert_non_null(f);
	*f = (struct finding){
	    .dkim = {{"example.com", "sel-1._x.2024", AUTH_PASS, 0, 1700000000},
		     {"", "", AUTH_PERMERROR, FLAW_ALL, 0}},
	    .dkim_count = 2,
	    .spf = AUTH_SOFTFAIL,
	    .spf_domain = "bounce.example.com",
	    .spf_broad = true,
	    .dmarc_record = AUTH_PASS,
	    .dmarc_policy = 2,
	    .dmarc_strict_dkim = true,
	    .dmarc_strict_spf = false,
	    .class = CLASS_SUSPENSION,
	    .domain_wording = true,
	    .platform = "key-systems_1.0",
	    .date = 1700000001,
	    .subject = "Verl\xc3\xa4ngerung \xe2\x9c\x93",
	    .domain = {"one.example", "xn--bcher-kva.example"},
	    .domain_kept = 2,
	    .domain_count = 37,
	    .deadline = FINDING_TIME_MOST,
	    .deadline_source = DEADLINE_POLICY,
	    .deadline_refused = true,
	    .asks_action = true,
	    .links = PROOF_UNKNOWN,
	    .link = {{"a_b.example.com", LINK_TEXT, true, ""},
		     {"", LINK_A, false, ""},
		     {"www.example.com", LINK_A, false, "/verify/*?t=*&x="}},
	    .link_kept = 3,
	    .link_count = LIMIT_LINKS,
	    .link_expected = 1,
	    .reasons = (1u << REASON_COUNT) - 1,
	    .questions = LIMIT_QUESTIONS,
	};
	return f;
}

static bool comes_back(const struct finding *f, struct finding *ret_got)
{
	struct str packed = {0};
	finding_pack(f, &packed);
	assert_false(packed.failed);
	struct slice in = tight((struct slice){packed.p, packed.n});
	bool ok = finding_unpack(in, ret_got);
	tight_free(in);
	str_free(&packed);
	return ok;
}

static void test_round_trip(void **state)
{
	(void)state;
	struct finding *f = sample(), *got = calloc(1, sizeof *got);
	struct finding none = {0};
	assert_non_null(got);
	assert_true(comes_back(f, got));
	assert_memory_equal(got, f, sizeof *f);
	memset(got, 0xff, sizeof *got);
	assert_true(comes_back(&none, got));
	assert_memory_equal(got, &none, sizeof none);
	free(got);
	free(f);
}

/* All arrays full, all texts at their longest. */
static void test_full(void **state)
{
	(void)state;
	struct finding *f = sample(), *got = calloc(1, sizeof *got);
	assert_non_null(got);
	char longest[LIMIT_DOMAIN + 1];
	for (size_t i = 0; i < LIMIT_DOMAIN; i++)
		longest[i] = i % 64 == 63 ? '.' : 'a';
	longest[LIMIT_DOMAIN] = '\0';
	assert_true(domain_is_plain(slice_of(longest)));
	f->dkim_count = LIMIT_SIGNATURES;
	for (size_t i = 0; i < LIMIT_SIGNATURES; i++) {
		strcpy(f->dkim[i].d, longest);
		strcpy(f->dkim[i].s, longest);
	}
	strcpy(f->spf_domain, longest);
	memset(f->platform, 'p', FINDING_PLATFORM);
	memset(f->subject, 's', FINDING_SUBJECT);
	f->domain_kept = LIMIT_DOMAINS;
	f->domain_count = LIMIT_DOMAINS_COUNTED;
	for (size_t i = 0; i < LIMIT_DOMAINS; i++)
		strcpy(f->domain[i], longest);
	f->link_kept = FINDING_LINKS;
	f->link_expected = LIMIT_LINKS;
	for (size_t i = 0; i < FINDING_LINKS; i++)
		strcpy(f->link[i].host, longest);
	f->link[0].expected = false;
	f->link[0].shape[0] = '/';
	memset(f->link[0].shape + 1, 'p', FINDING_SHAPE - 1);
	struct str packed = {0};
	finding_pack(f, &packed);
	assert_true(packed.n < LIMIT_RECORD_BYTES);
	str_free(&packed);
	assert_true(comes_back(f, got));
	assert_memory_equal(got, f, sizeof *f);
	free(got);
	free(f);
}

#define BAD(field, value)                                                         \
	do {                                                                      \
		struct finding *f = sample(), got;                                \
		memset(&got, 0x55, sizeof got);                                   \
		f->field = (value);                                               \
		CHECK(!comes_back(f, &got), "%s = %s", #field, #value);           \
		CHECK(((unsigned char *)&got)[0] == 0x55, "%s: written", #field); \
		free(f);                                                          \
	} while (0)

static void test_numbers(void **state)
{
	(void)state;
	BAD(dkim[0].result, AUTH_COUNT);
	BAD(dkim[0].result, (enum auth_result) - 1);
	BAD(dkim[1].flaws, FLAW_ALL + 1);
	BAD(dkim[0].signed_at, -1);
	BAD(dkim[0].signed_at, FINDING_TIME_MOST + 1);
	BAD(spf, AUTH_COUNT);
	BAD(dmarc_record, AUTH_COUNT);
	BAD(dmarc_record, AUTH_FAIL);
	BAD(dmarc_record, AUTH_NEUTRAL);
	BAD(dmarc_policy, 3);
	BAD(class, CLASS_COUNT);
	BAD(date, -1);
	BAD(date, FINDING_TIME_MOST + 1);
	BAD(date, INT64_MIN);
	BAD(domain_count, 1); /* fewer than kept */
	BAD(domain_count, LIMIT_DOMAINS_COUNTED + 1);
	BAD(deadline, 0); /* with a source */
	BAD(deadline, -1);
	BAD(deadline, FINDING_TIME_MOST + 1);
	BAD(deadline_source, DEADLINE_NONE);   /* with a deadline */
	BAD(deadline_source, DEADLINE_STATED); /* and another refused */
	BAD(deadline_source, DEADLINE_SOURCE_COUNT);
	BAD(links, PROOF_COUNT);
	BAD(link_count, 1);
	BAD(link_count, 0);
	BAD(link_count, LIMIT_LINKS + 1);
	BAD(link_expected, LIMIT_LINKS + 1);
	BAD(link[0].kind, LINK_KIND_COUNT);
	BAD(reasons, 1u << REASON_COUNT);
	BAD(questions, LIMIT_QUESTIONS + 1);
}

#define BAD_TEXT(field, value)                                         \
	do {                                                           \
		struct finding *f = sample(), got;                     \
		strcpy(f->field, value);                               \
		CHECK(!comes_back(f, &got), "%s = %s", #field, value); \
		free(f);                                               \
	} while (0)

static void test_texts(void **state)
{
	(void)state;
	static const char *const bad_names[] = {
	    "Example.com", "example.com.",      "com",         "192.0.2.1",   "a b.example",
	    "a..example",  "b\xc3\xbc.example", "a.example\n", "a.example;x", "\"a\".example",
	    "-a.example",
	};
	for (size_t i = 0; i < COUNT_OF(bad_names); i++) {
		BAD_TEXT(dkim[0].d, bad_names[i]);
		BAD_TEXT(spf_domain, bad_names[i]);
		BAD_TEXT(domain[1], bad_names[i]);
		BAD_TEXT(link[0].host, bad_names[i]);
	}
	BAD_TEXT(link[0].shape, "/");       /* of an expected link */
	BAD_TEXT(link[1].shape, "/verify"); /* without a host */
	static const char *const bad_shapes[] = {
	    "/**",    "verify", "/a b", "/a\tb",    "/a[?t=*]", "/*/*/*/*/*/*/*/*/*",
	    "/a//b",  "/**x",   "/a%",  "/\x1b[0m", "/a\n",     "/\xc3\xbc",
	    "/*.php", " /a",    "/a ",
	};
	for (size_t i = 0; i < COUNT_OF(bad_shapes); i++)
		BAD_TEXT(link[2].shape, bad_shapes[i]);
	BAD_TEXT(dkim[0].d, "_x.example");
	BAD_TEXT(spf_domain, "_x.example");
	BAD_TEXT(domain[0], "_x.example");
	BAD_TEXT(domain[0], "");
	BAD_TEXT(dkim[0].s, "UPPER");
	BAD_TEXT(dkim[0].s, "a b");
	BAD_TEXT(dkim[0].s, "a;b");
	BAD_TEXT(platform, "a b");
	BAD_TEXT(platform, "A");
	BAD_TEXT(platform, "a\n");
	BAD_TEXT(subject, "a\nb");
	BAD_TEXT(subject, "a\x1b[0m");
	BAD_TEXT(subject, "\xff");
	BAD_TEXT(subject, "cut \xe2\x82");
	BAD_TEXT(subject, "\xe2\x80\xae");
}

/* Numbers that pack cannot write as a field of too large a count: by their octets. */
static void test_counts(void **state)
{
	(void)state;
	struct finding none = {0}, got;
	struct str packed = {0};
	finding_pack(&none, &packed);
	static const struct {
		size_t at[2]; /* in the packed empty finding: the kept and the counted ones */
		uint32_t bad;
	} rows[] = {
	    {{1, 1}, LIMIT_SIGNATURES + 1},
	    {{1, 1}, UINT32_MAX},
	    {{1, 1}, 1}, /* counted, not there */
	    {{45, 49}, LIMIT_DOMAINS + 1},
	    {{45, 49}, 1},
	    {{70, 74}, FINDING_LINKS + 1},
	    {{70, 74}, 1},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str copy = {0};
		str_add(&copy, packed.p, packed.n);
		for (unsigned b = 0; b < 8; b++)
			copy.p[rows[i].at[b / 4] + b % 4] =
			    (char)(rows[i].bad >> (24 - 8 * (b % 4)));
		CHECK(!finding_unpack((struct slice){copy.p, copy.n}, &got), "row %zu", i);
		str_free(&copy);
	}
	str_free(&packed);
}

static void test_cut(void **state)
{
	(void)state;
	struct finding *f = sample(), *got = calloc(1, sizeof *got);
	struct str packed = {0};
	assert_non_null(got);
	finding_pack(f, &packed);
	for (size_t n = 0; n < packed.n; n++) {
		struct slice in = tight((struct slice){packed.p, n});
		CHECK(!finding_unpack(in, got), "cut at %zu", n);
		tight_free(in);
	}
	assert_true(finding_unpack((struct slice){packed.p, packed.n}, got));
	str_putc(&packed, '\0');
	assert_false(finding_unpack((struct slice){packed.p, packed.n}, got));
	str_free(&packed);
	free(got);
	free(f);
}

static bool is_good(const struct finding *f)
{
	bool good = f->dkim_count <= LIMIT_SIGNATURES && f->domain_kept <= LIMIT_DOMAINS &&
		    f->domain_kept <= f->domain_count && f->link_kept <= FINDING_LINKS &&
		    f->link_kept <= f->link_count && f->class < CLASS_COUNT &&
		    f->links < PROOF_COUNT && f->spf < AUTH_COUNT && f->dmarc_policy <= 2 &&
		    utf8_is_printable(slice_of(f->subject)) && f->date >= 0 && f->deadline >= 0;
	for (uint32_t i = 0; good && i < f->domain_kept; i++)
		good = domain_is_plain(slice_of(f->domain[i]));
	for (uint32_t i = 0; good && i < f->link_kept; i++)
		good = !f->link[i].shape[0] ||
		       (f->link[i].shape[0] == '/' && !strpbrk(f->link[i].shape, "[] \t\n\x1b"));
	for (uint32_t i = 0; good && i < f->dkim_count; i++)
		good = (!f->dkim[i].d[0] || domain_is_plain(slice_of(f->dkim[i].d))) &&
		       f->dkim[i].result < AUTH_COUNT && f->dkim[i].flaws <= FLAW_ALL;
	return good;
}

/* Every octet replaced by every value: refused, or a finding within its limits. */
static void test_damaged(void **state)
{
	(void)state;
	struct finding *f = sample(), *got = calloc(1, sizeof *got);
	struct str packed = {0};
	assert_non_null(got);
	finding_pack(f, &packed);
	for (size_t i = 0; i < packed.n; i++) {
		char was = packed.p[i];
		for (unsigned v = 0; v < 256; v++) {
			packed.p[i] = (char)v;
			if (finding_unpack((struct slice){packed.p, packed.n}, got))
				CHECK(is_good(got), "octet %zu = %u", i, v);
		}
		packed.p[i] = was;
	}
	str_free(&packed);
	free(got);
	free(f);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(auth_result_name(AUTH_PASS), "pass");
	assert_string_equal(auth_result_name(AUTH_NOT_ASKED), "not-asked");
	assert_string_equal(auth_result_name(AUTH_COUNT), "?");
	assert_string_equal(link_kind_name(LINK_TEXT), "text");
	assert_string_equal(link_kind_name(LINK_KIND_COUNT), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round_trip), cmocka_unit_test(test_full),
	    cmocka_unit_test(test_numbers),    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_counts),     cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_damaged),    cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests_name("finding", tests, NULL, NULL);
}
