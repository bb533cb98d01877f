/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setup_parts.c - parts of keepname setup: blocks and main.cf's lists, put in and taken out again;
 * whatever a file holds comes back octet by octet, and what cannot be done is refused.
 */
#include <stdio.h>

#include "cli/setup/setup.h"
#include "cli/setup/setup_settings.h"
#include "tests/rules/table.h"

#define ELEMENT "{ unix:keepname/milter.sock, default_action=accept }"
#define TABLE   "regexp:$config_directory/keepname-header_checks"

static const char piece[] =
    "# a comment = x\nsmtpd_milters = " ELEMENT "\nempty =\nheader_checks = " TABLE "\n";

static struct setup_text text_of(struct slice s)
{
	struct setup_text t = {.exists = true};

	str_add(&t.text, s.p, s.n);
	return t;
}

static bool is(const struct setup_text *t, struct slice want)
{
	return t->exists && t->text.n == want.n && memcmp(str_text(&t->text), want.p, want.n) == 0;
}

/* -- main.cf -------------------------------------------------------------------------------- */

struct edit {
	struct slice before, after; /* after.p NULL: refused */
};

#define ADDED "# keepname: added the next line"

static void settings_are_put_first_and_taken_out(void **state)
{
	(void)state;
	static const struct edit rows[] = {
	    /* On the same line. */
	    {LIT("smtpd_milters = inet:127.0.0.1:11332\nheader_checks=pcre:/x\n"),
	     LIT("smtpd_milters = " ELEMENT ", inet:127.0.0.1:11332\nheader_checks=" TABLE
		 ", pcre:/x\n")},
	    /* Not there: lines of ours, at the end. */
	    {LIT("a = b\n"), LIT("a = b\n" ADDED "\nsmtpd_milters = " ELEMENT "\n" ADDED
				 "\nheader_checks = " TABLE "\n")},
	    {LIT(""),
	     LIT(ADDED "\nsmtpd_milters = " ELEMENT "\n" ADDED "\nheader_checks = " TABLE "\n")},
	    {LIT("a = b"),
	     LIT("a = b\n" ADDED ", after a line without an end\nsmtpd_milters = " ELEMENT
		 "\n" ADDED "\nheader_checks = " TABLE "\n")},
	    /* On the next line, with comments and empty lines between. */
	    {LIT("header_checks = a:b\nsmtpd_milters =\n# one\n\n\tinet:h:1,\n  # two\n    "
		 "inet:h:2\nz = 1\n"),
	     LIT("header_checks = " TABLE ", a:b\nsmtpd_milters =\n# one\n\n    " ELEMENT
		 ",\n\tinet:h:1,\n  # two\n    inet:h:2\nz = 1\n")},
	    /* Empty. */
	    {LIT("smtpd_milters =\nheader_checks = \n"),
	     LIT("smtpd_milters =\n    " ELEMENT "\nheader_checks = \n    " TABLE "\n")},
	    {LIT("header_checks = x:y\nsmtpd_milters ="),
	     LIT("header_checks = " TABLE ", x:y\nsmtpd_milters =\n    " ELEMENT)},
	    /* The last definition counts; a name that only begins so, a comment and a continuation
	     * do not. */
	    {LIT("smtpd_milters = a:1\nsmtpd_milters_x = b\n#smtpd_milters = c\nx = y\n "
		 "smtpd_milters = d\nsmtpd_milters=e:1,f:2\nheader_checks=g:h\n"),
	     LIT("smtpd_milters = a:1\nsmtpd_milters_x = b\n#smtpd_milters = c\nx = y\n "
		 "smtpd_milters = d\nsmtpd_milters=" ELEMENT ", e:1,f:2\nheader_checks=" TABLE
		 ", g:h\n")},
	    /* Braces over several lines, and variables. */
	    {LIT("smtpd_milters = { inet:h:1,\n   # no } here\n   default_action=tempfail }, "
		 "${x?{a, b}}\n"
		 "header_checks = $y\n"),
	     LIT("smtpd_milters = " ELEMENT ", { inet:h:1,\n   # no } here\n   "
		 "default_action=tempfail }, ${x?{a, b}}\nheader_checks = " TABLE ", $y\n")},
	    /* What is no text at all. */
	    {LIT("\0\xff\r\n\tq\nsmtpd_milters = \x01\0 \xfe\nheader_checks=\xc3\n\0"),
	     LIT("\0\xff\r\n\tq\nsmtpd_milters = " ELEMENT ", \x01\0 \xfe\nheader_checks=" TABLE
		 ", \xc3\n\0")},
	    {LIT("smtpd_milters = { inet:h:1, a=b\nheader_checks = x\n"), {NULL, 0}},
	    {LIT("smtpd_milters = {a {b}\n"), {NULL, 0}},
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct setup_text old = text_of(rows[i].before), new, again, back;
		char why[SETUP_WHY] = "";
		const bool good = setup_settings_put(&old, slice_of(piece), &new, why);

		CHECK(good == (rows[i].after.p != NULL), "row %zu: %s", i, why);
		if (good) {
			CHECK(is(&new, rows[i].after), "row %zu: got\n%s", i, str_text(&new.text));
			assert_true(setup_settings_put(&new, slice_of(piece), &again, why));
			CHECK(is(&again, rows[i].after), "row %zu, again: got\n%s", i,
			      str_text(&again.text));
			assert_true(setup_settings_take(&new, slice_of(piece), &back, why));
			CHECK(is(&back, rows[i].before), "row %zu, taken out: got\n%s", i,
			      str_text(&back.text));
			str_free(&new.text);
			str_free(&again.text);
			str_free(&back.text);
		}
		str_free(&old.text);
	}
}

/* What the site, or an older keepname, has made of it meanwhile. */
static void settings_of_ours_in_other_forms(void **state)
{
	(void)state;
	static const struct {
		struct slice before, put, taken;
	} rows[] = {
	    /* First already, in the site's own words: left as it is. */
	    {LIT("smtpd_milters = unix:keepname/milter.sock inet:h:1\nheader_checks=" TABLE "\n"),
	     LIT("smtpd_milters = unix:keepname/milter.sock inet:h:1\nheader_checks=" TABLE "\n"),
	     LIT("smtpd_milters = inet:h:1\nheader_checks=\n")},
	    /* Another socket, or behind the filter. */
	    {LIT("smtpd_milters = { unix:/keepname/milter.sock, a=b }, inet:h:1\nheader_checks="
		 "regexp:/etc/postfix/keepname-header_checks\n"),
	     LIT("smtpd_milters = " ELEMENT ", inet:h:1\nheader_checks=\n    " TABLE "\n"),
	     LIT("smtpd_milters = inet:h:1\nheader_checks=\n")},
	    {LIT("smtpd_milters = inet:h:1, " ELEMENT "\nheader_checks=a:b, " TABLE ", c:d\n"),
	     LIT("smtpd_milters = " ELEMENT ", inet:h:1\nheader_checks=" TABLE ", a:b, c:d\n"),
	     LIT("smtpd_milters = inet:h:1\nheader_checks=a:b, c:d\n")},
	    /* Twice. */
	    {LIT("smtpd_milters = " ELEMENT
		 ", inet:h:1, unix:/run/keepname.sock\nheader_checks=" TABLE "\n"),
	     LIT("smtpd_milters = " ELEMENT ", inet:h:1\nheader_checks=" TABLE "\n"),
	     LIT("smtpd_milters = inet:h:1\nheader_checks=\n")},
	    /* The site added to a line of ours, and a line behind it. */
	    {LIT("a = b\n" ADDED ", after a line without an end\nsmtpd_milters = " ELEMENT
		 ", inet:h:1\n" ADDED "\nheader_checks = " TABLE "\nc = d"),
	     LIT("a = b\n" ADDED ", after a line without an end\nsmtpd_milters = " ELEMENT
		 ", inet:h:1\n" ADDED "\nheader_checks = " TABLE "\nc = d"),
	     LIT("a = b\nsmtpd_milters = inet:h:1\nc = d")},
	    /* Names that only look like ours. */
	    {LIT("smtpd_milters = unix:/run/mykeepname/s, inet:keepname2:1, "
		 "unix:/a/keepname-1/s\nheader_checks=" TABLE "\n"),
	     LIT("smtpd_milters = " ELEMENT ", unix:/run/mykeepname/s, inet:keepname2:1, "
					    "unix:/a/keepname-1/s\nheader_checks=" TABLE "\n"),
	     LIT("smtpd_milters = unix:/run/mykeepname/s, inet:keepname2:1, "
		 "unix:/a/keepname-1/s\nheader_checks=\n")},
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct setup_text old = text_of(rows[i].before), new, back;
		char why[SETUP_WHY] = "";

		assert_true(setup_settings_put(&old, slice_of(piece), &new, why));
		CHECK(is(&new, rows[i].put), "row %zu: got\n%s", i, str_text(&new.text));
		assert_true(setup_settings_take(&new, slice_of(piece), &back, why));
		CHECK(is(&back, rows[i].taken), "row %zu, taken out: got\n%s", i,
		      str_text(&back.text));
		str_free(&old.text);
		str_free(&new.text);
		str_free(&back.text);
	}
}

/* -- blocks --------------------------------------------------------------------------------- */

static const char *const before_mailer[] = {"INPUT_MAIL_FILTER(", "MAILER(", NULL};
static const struct setup_form hash = {"#", NULL}, mc = {"dnl", before_mailer};

#define BLOCK(note, text) "# keepname: begin" note "\n" text "# keepname: end\n"

static void blocks_are_put_in_and_taken_out(void **state)
{
	(void)state;
	static const struct {
		const struct setup_form *form;
		bool exists;
		struct slice before, after;
	} rows[] = {
	    {&hash, false, LIT(""), LIT(BLOCK(", in a file of its own", "x\n"))},
	    {&hash, true, LIT(""), LIT(BLOCK("", "x\n"))},
	    {&hash, true, LIT("a {\n}\n"), LIT("a {\n}\n" BLOCK("", "x\n"))},
	    {&hash, true, LIT("a\r\nb"),
	     LIT("a\r\nb\n" BLOCK(", after a line without an end", "x\n"))},
	    {&hash, true, LIT("\0\n\xff"),
	     LIT("\0\n\xff\n" BLOCK(", after a line without an end", "x\n"))},
	    {&hash, true, LIT("# keepname: beginning\n#keepname: end\n"),
	     LIT("# keepname: beginning\n#keepname: end\n" BLOCK("", "x\n"))},
	    {&mc, true, LIT("OSTYPE\ndnl MAILER(x)\nMAILER(a)\nMAILER(b)\n"),
	     LIT("OSTYPE\ndnl MAILER(x)\ndnl keepname: begin\nx\ndnl keepname: "
		 "end\nMAILER(a)\nMAILER(b)\n")},
	    {&mc, true, LIT("MAILER(a)\nINPUT_MAIL_FILTER(spam)\n"),
	     LIT("MAILER(a)\ndnl keepname: begin\nx\ndnl keepname: "
		 "end\nINPUT_MAIL_FILTER(spam)\n")},
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct setup_text old = text_of(rows[i].before), new, again, other, back;
		char why[SETUP_WHY] = "";

		old.exists = rows[i].exists;
		assert_true(setup_block_put(rows[i].form, &old, slice_of("x"), &new, why));
		CHECK(is(&new, rows[i].after), "row %zu: got\n%s", i, str_text(&new.text));
		assert_true(setup_block_put(rows[i].form, &new, slice_of("x\n"), &again, why));
		CHECK(is(&again, rows[i].after), "row %zu, again: got\n%s", i,
		      str_text(&again.text));
		assert_true(setup_block_put(rows[i].form, &new, slice_of("y\nz\n"), &other, why));
		assert_true(setup_block_take(rows[i].form, &other, &back, why));
		CHECK(back.exists == rows[i].exists, "row %zu", i);
		back.exists = true;
		CHECK(is(&back, rows[i].before), "row %zu, taken out: got\n%s", i,
		      str_text(&back.text));
		str_free(&old.text);
		str_free(&new.text);
		str_free(&again.text);
		str_free(&other.text);
		str_free(&back.text);
	}
}

static void blocks_keep_what_came_behind_them(void **state)
{
	(void)state;
	struct setup_text old =
	    text_of(LIT("a\n" BLOCK(", after a line without an end", "x\n") "b\n"));
	struct setup_text own = text_of(LIT(BLOCK(", in a file of its own", "x\n") "b\n"));
	struct setup_text back;
	char why[SETUP_WHY];

	assert_true(setup_block_take(&hash, &old, &back, why));
	assert_true(is(&back, LIT("a\nb\n")));
	str_free(&back.text);
	assert_true(setup_block_take(&hash, &own, &back, why));
	assert_true(is(&back, LIT("b\n")));
	str_free(&back.text);
	str_free(&old.text);
	str_free(&own.text);
}

static void markers_that_do_not_fit_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} rows[] = {
	    {"a\n# keepname: begin\nb\n", "line 2: "},
	    {"a\n# keepname: end\n", "line 2: "},
	    {"# keepname: end\n# keepname: begin\n", "line 1: "},
	    {BLOCK("", "") "# keepname: end\n", "line 3: "},
	    {BLOCK("", "") "\n" BLOCK("", ""), "line 4: "},
	    {"# keepname: begin\n# keepname: begin\n# keepname: end\n", "line 2: "},
	    {"  # keepname: begin\r\n", "line 1: "},
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct setup_text old = text_of(slice_of(rows[i].text)), new;
		char why[SETUP_WHY] = "";

		CHECK(!setup_block_put(&hash, &old, slice_of("x"), &new, why) &&
			  strncmp(why, rows[i].want, strlen(rows[i].want)) == 0,
		      "row %zu: %s", i, why);
		CHECK(!setup_block_take(&hash, &old, &new, why), "row %zu", i);
		str_free(&old.text);
	}
}

/* -- sockets -------------------------------------------------------------------------------- */

static void sockets_as_postfix_wants_them(void **state)
{
	(void)state;
	static const struct {
		const char *socket, *queue, *want; /* NULL: refused */
	} rows[] = {
	    {"local:/var/spool/postfix/keepname/milter.sock", "/var/spool/postfix",
	     "unix:keepname/milter.sock"},
	    {"unix:/run/keepname/milter.sock", "/var/spool/postfix",
	     "unix:/run/keepname/milter.sock"},
	    {"local:/var/spool/postfix2/s", "/var/spool/postfix", "unix:/var/spool/postfix2/s"},
	    {"local:/var/spool/postfix", "/var/spool/postfix", "unix:/var/spool/postfix"},
	    {"inet:8891@127.0.0.1", "/q", "inet:127.0.0.1:8891"},
	    {"inet6:8891@::1", "/q", "inet:[::1]:8891"},
	    {"inet6:8891@mx.example.net", "/q", "inet:mx.example.net:8891"},
	    {"local:/run/a b", "/q", NULL},
	    {"local:/run/a}", "/q", NULL},
	    {"local:/run/a'b", "/q", NULL},
	    {"local:/run/a,b", "/q", NULL},
	    {"local:/run/$x", "/q", NULL},
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str milter = {0}, postfix = {0};
		const bool good = setup_sockets(rows[i].socket, rows[i].queue, &milter, &postfix);

		CHECK(good == (rows[i].want != NULL), "row %zu", i);
		if (good) {
			assert_string_equal(str_text(&milter), rows[i].socket);
			assert_string_equal(str_text(&postfix), rows[i].want);
		}
		str_free(&milter);
		str_free(&postfix);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(settings_are_put_first_and_taken_out),
	    cmocka_unit_test(settings_of_ours_in_other_forms),
	    cmocka_unit_test(blocks_are_put_in_and_taken_out),
	    cmocka_unit_test(blocks_keep_what_came_behind_them),
	    cmocka_unit_test(markers_that_do_not_fit_are_refused),
	    cmocka_unit_test(sockets_as_postfix_wants_them),
	};

	return cmocka_run_group_tests_name("setup_parts", tests, NULL, NULL);
}
