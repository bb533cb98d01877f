/* SPDX-License-Identifier: BSD-2-Clause */
/* skeleton: what labels look like, and one edit. The table of characters is tested beside ICU
 * (confusables_icu.c). */
#include "rules/core/domain.h"
#include "rules/core/skeleton.h"
#include "tests/rules/table.h"

/* In their one spelling. */
static const struct {
	const char *label, *plain, *joined;
	bool unicode;
} labels[] = {
    {"", "", "", false},
    {"joker", "joker", "joker", false},
    {"1api", "lapl", "lapl", false},
    {"0i1lo", "olllo", "olllo", false},
    {"m", "m", "m", false},
    {"rn", "rn", "m", false},
    {"r-n", "rn", "m", false},
    {"rnn", "rnn", "mn", false},
    {"rrn", "rrn", "rm", false},
    {"vv", "vv", "w", false},
    {"vvv", "vvv", "wv", false},
    {"rnvvrn", "rnvvrn", "mwm", false},
    {"key-systems", "keysystems", "keysystems", false},
    {"--", "", "", false},
    {"xn--80ak6aa92e", "apple", "apple", true}, /* all Cyrillic */
    {"xn--mnchen-3ya", "munchen", "munchen", true},
    {"xn--strae-oqa",
     "stra\xdf"
     "e",
     "stra\xdf"
     "e",
     true},                                                       /* sharp s: itself, one octet */
    {"xn--99999999999", "xn99999999999", "xn99999999999", false}, /* no A-label */
    {"xn--", "xn", "xn", false},
};

static void test_labels(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(labels); i++) {
		struct skeleton plain = {0}, joined;
		bool unicode = skeleton_add(&plain, slice_of(labels[i].label));
		bool differs = skeleton_join(&plain, &joined);
		CHECK(strcmp(plain.text, labels[i].plain) == 0, "%s: got %s", labels[i].label,
		      plain.text);
		CHECK(strcmp(joined.text, labels[i].joined) == 0, "%s: got %s", labels[i].label,
		      joined.text);
		CHECK(unicode == labels[i].unicode, "%s", labels[i].label);
		CHECK(differs == !skeleton_same(&plain, &joined), "%s", labels[i].label);
		CHECK(plain.n == strlen(plain.text) && joined.n == strlen(joined.text), "%s",
		      labels[i].label);
	}
}

static void test_characters(void **state)
{
	(void)state;
	static const struct {
		uint32_t c;
		const char *want; /* NULL: itself alone */
	} characters[] = {
	    {0x80, NULL},   {0xe9, "e"},    {0x131, "l"},   {0x301, ""},      {0x430, "a"},
	    {0x435, "e"},   {0x3bf, "o"},   {0x4e2d, NULL}, {0x10ffff, NULL}, {0xe0100, ""},
	    {0x2fff, NULL}, {0xffff, NULL}, {0x153, "oe"},  {0x1ea1, "a"},
	};
	for (size_t i = 0; i < COUNT_OF(characters); i++) {
		const char *got = skeleton_of_char(characters[i].c);
		CHECK((got == NULL) == (characters[i].want == NULL) &&
			  (!got || strcmp(got, characters[i].want) == 0),
		      "U+%04X: got %s", (unsigned)characters[i].c, or_none(got));
	}
}

static void test_edits(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		bool want;
	} edits[] = {
	    {"", "a", true},
	    {"", "ab", false},
	    {"abc", "abc", false},
	    {"abc", "abd", true},
	    {"abc", "ab", true},
	    {"abc", "bc", true},
	    {"abc", "ac", true},
	    {"abc", "acb", true},
	    {"abc", "bac", true},
	    {"abc", "cba", false},
	    {"abc", "xbx", false},
	    {"abcd", "badc", false},
	    {"aab", "ab", true},
	    {"aaa", "aaaa", true},
	    {"aaa", "aaaaa", false},
	    {"abcdef", "abXdef", true},
	    {"abcdef", "abXYef", false},
	    {"abcdef", "abdcef", true},
	    {"abab", "baba", false},
	    {"ab", "ba", true},
	};
	for (size_t i = 0; i < COUNT_OF(edits); i++) {
		struct skeleton a = {.n = strlen(edits[i].a)}, b = {.n = strlen(edits[i].b)};
		strcpy(a.text, edits[i].a);
		strcpy(b.text, edits[i].b);
		CHECK(skeleton_one_edit(&a, &b) == edits[i].want, "%s %s", a.text, b.text);
		CHECK(skeleton_one_edit(&b, &a) == edits[i].want, "%s %s", b.text, a.text);
	}
}

/* Past the room for them characters are dropped, never written. */
static void test_room(void **state)
{
	(void)state;
	struct skeleton s = {0}, joined;
	char label[LIMIT_LABEL + 1];
	memset(label, 'x', LIMIT_LABEL);
	label[LIMIT_LABEL] = '\0';
	for (size_t i = 0; i < 20; i++)
		skeleton_add(&s, slice_of(label));
	assert_int_equal(s.n, SKELETON_MOST);
	assert_int_equal(strlen(s.text), SKELETON_MOST);
	skeleton_join(&s, &joined);
	assert_int_equal(joined.n, SKELETON_MOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_labels),
	    cmocka_unit_test(test_characters),
	    cmocka_unit_test(test_edits),
	    cmocka_unit_test(test_room),
	};
	return cmocka_run_group_tests_name("skeleton", tests, NULL, NULL);
}
