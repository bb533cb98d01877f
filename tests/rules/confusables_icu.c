/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * confusables_icu: the table of confusable characters against ICU, for every character that a
 * domain name may hold; with --print it writes the table instead (rules/core/confusables.c).
 *
 * ICU is asked here and nowhere else: no program of keepname links it.
 */
#include <stdbool.h>
#include <stdio.h>
#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/uspoof.h>
#include <unicode/utf8.h>

#include "rules/core/confusables.h"
#include "rules/core/skeleton.h"
#include "tests/rules/table.h"

enum {
	LAST_CHAR = 0x10ffff,
	TEXT = 64,
};

struct icu {
	USpoofChecker *spoof;
	UIDNA *idna;
};

static void open_icu(struct icu *icu)
{
	UErrorCode error = U_ZERO_ERROR;
	icu->spoof = uspoof_open(&error);
	icu->idna =
	    uidna_openUTS46(UIDNA_USE_STD3_RULES | UIDNA_NONTRANSITIONAL_TO_UNICODE, &error);
	if (U_FAILURE(error))
		abort();
}

static void close_icu(struct icu *icu)
{
	uspoof_close(icu->spoof);
	uidna_close(icu->idna);
}

static bool is_mark(UChar32 c)
{
	return u_charType(c) == U_NON_SPACING_MARK;
}

/* Whether it may stand in a domain name, as it is. */
static bool is_allowed(const struct icu *icu, UChar32 c)
{
	char in[4], out[TEXT];
	int32_t n = 0;
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	UErrorCode error = U_ZERO_ERROR;
	if (c < 0x80 || U_IS_SURROGATE(c) || !u_isdefined(c))
		return false;
	if (is_mark(c))
		return true; /* behind a letter */
	U8_APPEND_UNSAFE(in, n, c);
	int32_t m = uidna_labelToUnicodeUTF8(icu->idna, in, n, out, TEXT, &info, &error);
	return U_SUCCESS(error) && info.errors == 0 && m == n && memcmp(in, out, (size_t)n) == 0;
}

/* Folds one character of a skeleton; false for what has no place in a name of ASCII. */
static bool put_folded(UChar32 c, char *text, size_t *n)
{
	char low = c < 0x80 ? str_lower_char((char)c) : '\0';
	bool letter = low >= 'a' && low <= 'z', digit = low >= '0' && low <= '9';
	if (!letter && !digit)
		return false;
	text[*n] = low == '0' ? 'o' : low == '1' || low == 'i' ? 'l' : low;
	if (*n > 0 && text[*n - 1] == 'r' && text[*n] == 'n')
		text[--*n] = 'm';
	++*n;
	return true;
}

/* What a character looks like; false: itself alone. */
static bool looks_like(const struct icu *icu, UChar32 c, char text[static TEXT])
{
	char in[4], out[TEXT];
	int32_t n = 0, at = 0;
	size_t length = 0;
	UErrorCode error = U_ZERO_ERROR;
	text[0] = '\0';
	if (is_mark(c))
		return true;
	U8_APPEND_UNSAFE(in, n, c);
	int32_t m = uspoof_getSkeletonUTF8(icu->spoof, 0, in, n, out, TEXT, &error);
	if (U_FAILURE(error) || m >= TEXT)
		return false;
	while (at < m) {
		UChar32 d;
		U8_NEXT(out, at, m, d);
		if (!is_mark(d) && !put_folded(d, text, &length))
			return false;
	}
	text[length] = '\0';
	return length > 0 && length < sizeof confusables[0].text;
}

/* -- the table, printed --------------------------------------------------------------------- */

struct printer {
	bool open;
	UChar32 first, last;
	char text[TEXT];
	unsigned rows;
};

static void print_row(struct printer *p)
{
	if (!p->open)
		return;
	printf("%s{0x%04x, 0x%04x, \"%s\"},", p->rows++ % 4 ? " " : "\n    ", (unsigned)p->first,
	       (unsigned)p->last, p->text);
	p->open = false;
}

static void print_char(struct printer *p, const struct icu *icu, UChar32 c)
{
	char text[TEXT];
	if (!looks_like(icu, c, text)) {
		print_row(p);
		return;
	}
	if (p->open && strcmp(text, p->text) == 0) {
		p->last = c;
		return;
	}
	print_row(p);
	p->open = true;
	p->first = p->last = c;
	strcpy(p->text, text);
}

static void print_table(void)
{
	struct icu icu;
	struct printer p = {0};
	open_icu(&icu);
	printf("/* SPDX-License-Identifier: BSD-2-Clause */\n"
	       "/*\n"
	       " * confusables.c - written by tests/rules/confusables_icu --print, with ICU %s\n"
	       " * (Unicode %s); see confusables.h.\n"
	       " */\n"
	       "#include \"rules/core/confusables.h\"\n\n"
	       "/* clang-format off */\n"
	       "const struct confusable confusables[] = {",
	       U_ICU_VERSION, U_UNICODE_VERSION);
	for (UChar32 c = 0x80; c <= LAST_CHAR; c++)
		if (is_allowed(&icu, c))
			print_char(&p, &icu, c);
	print_row(&p);
	printf("\n};\n/* clang-format on */\n\n"
	       "const size_t confusables_count = sizeof confusables / sizeof confusables[0];\n");
	close_icu(&icu);
}

/* -- the table, compared -------------------------------------------------------------------- */

static void test_same_as_icu(void **state)
{
	(void)state;
	struct icu icu;
	unsigned allowed = 0, alike = 0;
	open_icu(&icu);
	for (UChar32 c = 0x80; c <= LAST_CHAR; c++) {
		char want[TEXT];
		if (!is_allowed(&icu, c))
			continue;
		bool like = looks_like(&icu, c, want);
		const char *got = skeleton_of_char((uint32_t)c);
		CHECK((got != NULL) == like && (!got || strcmp(got, want) == 0),
		      "U+%04X: got %s, want %s", (unsigned)c, or_none(got),
		      or_none(like ? want : NULL));
		allowed++;
		alike += like;
	}
	print_message("# %u characters, %u look like ASCII or are marks\n", allowed, alike);
	assert_true(alike > 500);
	close_icu(&icu);
}

static void test_sorted(void **state)
{
	(void)state;
	for (size_t i = 0; i < confusables_count; i++) {
		CHECK(confusables[i].first <= confusables[i].last, "row %zu", i);
		CHECK(confusables[i].first >= 0x80, "row %zu", i);
		CHECK(!i || confusables[i - 1].last < confusables[i].first, "row %zu", i);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_same_as_icu),
	    cmocka_unit_test(test_sorted),
	};
	if (argc > 1 && strcmp(argv[1], "--print") == 0) {
		print_table();
		return 0;
	}
	return cmocka_run_group_tests_name("confusables_icu", tests, NULL, NULL);
}
