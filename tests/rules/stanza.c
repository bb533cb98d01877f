/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The deb822 reader: places of fields and items, every error with its place, limits at and one
 * past them, and whatever octets there may be without a read past the text.
 */
#include "rules/core/stanza.h"

#include <stdio.h>

#include "base/limits.h"
#include "tests/rules/table.h"

/* All stanzas and errors of a text: "[LINE] NAME=VALUE@LINE:COLUMN; …" and "LINE:COLUMN: TEXT". */
static void show(struct slice text, struct str *to)
{
	struct diags diags = {0};
	struct stanza s;
	struct stanza_reader r = stanza_reader_of(text, "f", &diags);
	while (stanza_next(&r, &s)) {
		str_printf(to, "[%u]", s.line);
		for (size_t i = 0; i < s.count; i++) {
			const struct field *f = &s.field[i];
			str_printf(to, " %.*s=", (int)f->name.n, f->name.p);
			for (size_t k = 0; k < f->value.n; k++)
				str_putc(to, f->value.p[k] == '\n' ? '|' : f->value.p[k]);
			str_printf(to, "@%u:%u;", f->line, f->column);
		}
		str_putc(to, '\n');
	}
	for (size_t i = 0; i < diags.count; i++)
		str_printf(to, "%u:%u: %s\n", diags.list[i].line, diags.list[i].column,
			   diags.list[i].text);
	diag_free(&diags);
}

#define A_CONTINUATION \
	"a continuation line (it begins with a space or tab) without a field above it\n"
#define NO_FIELD                                                                           \
	": expected \"Field: value\", a continuation line that begins with a space, or a " \
	"comment\n"
#define NO_NAME \
	" is no field name: expected a letter, then letters, digits and hyphens, 64 at most\n"

static const struct {
	struct slice text;
	const char *want;
} texts[] = {
    {LIT(""), ""},
    {LIT("\n\n \t\n"), ""},
    {LIT("# nothing\n\n#\n"), ""},
    {LIT("A: b"), "[1] A=b@1:4;\n"},
    {LIT("A:b\nC-d9:\t e f \t\n"), "[1] A=b@1:3; C-d9=e f@2:8;\n"},
    {LIT("A:\nB: c\n"), "[1] A=@1:1; B=c@2:4;\n"},
    {LIT("A:\n b\n\tc\n"), "[1] A=| b|\tc@1:1;\n"},
    {LIT("A: x\n# said\n y \n#last\nB: z\n"), "[1] A=x|# said| y@1:4; B=z@5:4;\n"},
    {LIT("A: #no comment\n #nor this\n"), "[1] A=#no comment| #nor this@1:4;\n"},
    {LIT("\n\nA: b\n  \nB: c\n\n\n"), "[3] A=b@3:4;\n[5] B=c@5:4;\n"},
    {LIT("# head\nA: b\n"), "[2] A=b@2:4;\n"},
    {LIT("A: m\xc3\xbcller \xe3\x83\x89\n"), "[1] A=m\xc3\xbcller \xe3\x83\x89@1:4;\n"},
    {LIT("A: b:c : d\n"), "[1] A=b:c : d@1:4;\n"},
    /* Errors: the stanza goes, the next one stays. */
    {LIT("A: b\nword\n\nC: d\n"), "[4] C=d@4:4;\n2:1: \"word\"" NO_FIELD},
    {LIT(" x\nA: b\n"), "1:1: " A_CONTINUATION},
    {LIT("A : b\n"), "1:1: \"A \"" NO_NAME},
    {LIT("9A: b\n"), "1:1: \"9A\"" NO_NAME},
    {LIT("-A: b\n"), "1:1: \"-A\"" NO_NAME},
    {LIT(": b\n"), "1:1: \"\"" NO_NAME},
    {LIT("\xef\xbb\xbf"
	 "A: b\n"),
     "1:1: U+FEFF: a character that controls or hides text\n"},
    {LIT("A: b\nB: c\na: d\n"), "3:1: field a for the second time; the first is in line 1\n"},
    {LIT("A: b\0c\n"), "1:5: U+0000: a character that controls or hides text\n"},
    {LIT("A: b\r\n"), "1:5: carriage return: lines end in a line feed alone\n"},
    {LIT("A: b\x1b[31m\n"), "1:5: U+001B: a character that controls or hides text\n"},
    {LIT("A: b\x7f\n"), "1:5: U+007F: a character that controls or hides text\n"},
    {LIT("A: \xc2\x9b\n"), "1:4: U+009B: a character that controls or hides text\n"},
    {LIT("A: \xe2\x80\xae\n"), "1:4: U+202E: a character that controls or hides text\n"},
    {LIT("A: \xff\n"), "1:4: octet 0xff is no UTF-8\n"},
    {LIT("A: \xc0\xaf\n"), "1:4: octet 0xc0 is no UTF-8\n"},
    {LIT("A: \xed\xa0\x80\n"), "1:4: octet 0xed is no UTF-8\n"},
    {LIT("A: 0123456789\xe3\x83\n"), "1:14: octet 0xe3 is no UTF-8\n"},
    {LIT("A: 01234567\x01"
	 "9abcdefgh\n"),
     "1:12: U+0001: a character that controls or hides text\n"},
    {LIT("# \x01\n\nA: b\n"),
     "[3] A=b@3:4;\n1:3: U+0001: a character that controls or hides text\n"},
    /* All at once, and no error that only follows from another. */
    {LIT("A: b\nfoo\n more\nA: c\nB: \x02\n and\nC: d\n"),
     "2:1: \"foo\"" NO_FIELD "4:1: field A for the second time; the first is in line 1\n"
     "5:4: U+0002: a character that controls or hides text\n"},
};

static void texts_become_stanzas_or_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct str got = {0};
		struct slice text = tight(texts[i].text);
		show(text, &got);
		CHECK(strcmp(str_text(&got), texts[i].want) == 0, "row %zu: got\n%swant\n%s", i,
		      str_text(&got), texts[i].want);
		tight_free(text);
		str_free(&got);
	}
}

/* -- walks ---------------------------------------------------------------------------------- */

typedef bool next_piece(const struct field *f, struct field_walk *walk, struct slice *ret_item,
			unsigned *ret_line, unsigned *ret_column);

static const struct {
	struct slice text;
	next_piece *next;
	const char *want;
} walks[] = {
    {LIT("A:\n"), field_next_line, ""},
    {LIT("A: one two \n"), field_next_line, "one two@1:4 "},
    {LIT("A: one\n two\n\n"), field_next_line, "one@1:4 two@2:2 "},
    {LIT("A:\n one\n#no\n\t two\n"), field_next_line, "one@2:2 two@4:3 "},
    {LIT("A: #one\n #two\n"), field_next_line, "#one@1:4 #two@2:2 "},
    {LIT("A: a, b,,c ,\n"), field_next_item, "a@1:4 b@1:7 c@1:10 "},
    {LIT("A: a, b\n c,\n#x, y\n  d , e\n"), field_next_item, "a@1:4 b@1:7 c@2:2 d@4:3 e@4:7 "},
    {LIT("A:\n a\n b, c\n"), field_next_item, "a@2:2 b@3:2 c@3:5 "},
    {LIT("A: ,,\n ,\n"), field_next_item, ""},
    {LIT("A: a,#b\n"), field_next_item, "a@1:4 #b@1:6 "},
};

static void walks_name_the_place_of_each_item(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(walks); i++) {
		struct diags diags = {0};
		struct stanza s;
		struct str got = {0};
		struct stanza_reader r = stanza_reader_of(walks[i].text, "f", &diags);
		assert_true(stanza_next(&r, &s));
		struct field_walk walk = {0};
		struct slice item;
		unsigned line, column;
		while (walks[i].next(&s.field[0], &walk, &item, &line, &column))
			str_printf(&got, "%.*s@%u:%u ", (int)item.n, item.p, line, column);
		CHECK(strcmp(str_text(&got), walks[i].want) == 0, "row %zu: got %s", i,
		      str_text(&got));
		str_free(&got);
	}
}

/* -- limits --------------------------------------------------------------------------------- */

static size_t stanzas_in(const struct str *text, char error[static 200])
{
	struct diags diags = {0};
	struct stanza s;
	size_t count = 0;
	struct stanza_reader r = stanza_reader_of((struct slice){text->p, text->n}, "f", &diags);
	while (stanza_next(&r, &s))
		count++;
	snprintf(error, 200, "%s", diags.count ? diags.list[0].text : "");
	assert_in_range(diags.errors, 0, 1);
	diag_free(&diags);
	return count;
}

static void put_times(struct str *to, char c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		str_putc(to, c);
}

static void limits_hold_at_and_one_past(void **state)
{
	(void)state;
	char error[200];
	for (size_t past = 0; past <= 1; past++) {
		struct str text = {0};
		str_puts(&text, "A: ");
		put_times(&text, 'x', LIMIT_LIST_LINE - 3 + past);
		assert_int_equal(stanzas_in(&text, error), past ? 0 : 1);
		assert_string_equal(error,
				    past ? "a line of 4097 octets, at most 4096 are read" : "");

		str_reset(&text);
		put_times(&text, 'a', STANZA_NAME_BYTES + past);
		str_puts(&text, ": x");
		assert_int_equal(stanzas_in(&text, error), past ? 0 : 1);

		str_reset(&text);
		for (size_t i = 0; i < STANZA_FIELDS + 2 * past; i++)
			str_printf(&text, "F%zu: x\n", i);
		assert_int_equal(stanzas_in(&text, error), past ? 0 : 1);
		assert_string_equal(error, past ? "more than 64 fields in one stanza" : "");

		/* 64 lines of 1024 octets with their line ends; the last has none. */
		str_reset(&text);
		str_puts(&text, "A: ");
		put_times(&text, 'x', 1020);
		for (size_t i = 0; i < 63; i++) {
			str_puts(&text, "\n ");
			put_times(&text, 'x', 1022);
		}
		put_times(&text, 'x', 1 + past);
		assert_int_equal(text.n, LIMIT_STANZA_BYTES + past);
		str_puts(&text, past ? "\n more\n" : "\n");
		assert_int_equal(stanzas_in(&text, error), past ? 0 : 1);
		assert_string_equal(error, past ? "a stanza of more than 65536 octets" : "");
		str_free(&text);
	}
}

static void fields_are_found_by_name(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct stanza s;
	struct stanza_reader r = stanza_reader_of(LIT("Sender: a\nHold-NS: b\n"), "f", &diags);
	assert_true(stanza_next(&r, &s));
	assert_ptr_equal(stanza_get(&s, "hold-ns"), &s.field[1]);
	assert_null(stanza_get(&s, "hold"));
	assert_int_equal(s.text.n, strlen("Sender: a\nHold-NS: b"));
	assert_false(stanza_next(&r, &s));
}

/* -- hostile text --------------------------------------------------------------------------- */

static const char seed_text[] =
    "# c\nSender: a\nLink:\n host /path\n\tx y\n#n\n z\nNote: m\xc3\xbc, \xe3\x83\x89, b\n\nB: c\n";

/* A stand-in for chance that is the same everywhere. */
static uint32_t roll(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static void read_all(struct slice text)
{
	struct str got = {0};
	struct slice copy = tight(text);
	show(copy, &got);
	assert_false(got.failed);
	tight_free(copy);
	str_free(&got);
}

static void no_octets_make_it_read_past_the_text(void **state)
{
	(void)state;
	static const char spice[] = "\n\n\n:: #\t,\r\0\x80\xc3\xe3\xf0\xff";
	uint32_t chance = 1;
	for (size_t n = 0; n < sizeof(seed_text); n++)
		read_all((struct slice){seed_text, n});
	for (unsigned round = 0; round < 20000; round++) {
		char text[sizeof(seed_text)];
		memcpy(text, seed_text, sizeof(text));
		for (unsigned i = roll(&chance) % 8; i > 0; i--)
			text[roll(&chance) % sizeof(text)] = spice[roll(&chance) % sizeof(spice)];
		read_all((struct slice){text, sizeof(text)});
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(texts_become_stanzas_or_errors),
	    cmocka_unit_test(walks_name_the_place_of_each_item),
	    cmocka_unit_test(limits_hold_at_and_one_past),
	    cmocka_unit_test(fields_are_found_by_name),
	    cmocka_unit_test(no_octets_make_it_read_past_the_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
