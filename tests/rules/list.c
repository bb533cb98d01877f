/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list: who is found by which address, domain and name; what the site's own entries displace;
 * harmless and tracking hosts; limits; a list of many; memory that runs short at any moment.
 */
#include "rules/core/list.h"

#include <errno.h>
#include <stdio.h>

#include "tests/rules/table.h"

static struct list *list_of(const char *shipped, const char *local, struct diags *diags)
{
	struct list *l = list_new();
	assert_non_null(l);
	assert_int_equal(list_parse(l, slice_of(shipped), "shipped", false, diags), 0);
	if (local)
		assert_int_equal(list_parse(l, slice_of(local), "local", true, diags), 0);
	assert_int_equal(list_finish(l, diags), 0);
	return l;
}

static const char sample[] =
    "Sender: exact\nFrom: No-Reply@Mail.Example\nPlatform: p\nClasses: verification\n"
    "Days: verification 7\n\n"
    "Sender: off\nFrom: off@mail.example\nClasses: verification\nStatus: disabled\n\n"
    "Sender: only-off\nFrom: a@off.example\nClasses: verification\nStatus: disabled\n\n"
    "Sender: whole\nFrom: *@whole.example\nWhole-Domain: why\nClasses: renewal\n\n"
    "Sender: beside\nFrom: one@whole.example\nClasses: wdrp\n\n"
    "Sender: star\nFrom: *x@mail.example\nClasses: wdrp\n\n"
    "Platform: p\nLink: a.example /x\nDays: verification 15, renewal 30\n\n"
    "Harmless: h\nLink: [www.]icann.example /**\n\n"
    "Harmless: h2\nLink:\n a.icann.example /x\n b.icann.example /y\n\n"
    "Tracking: t\nHost:\n track.example\n click.b.example\n\n"
    "Freemail: f\nHost: free.example\n";

/* -- looking -------------------------------------------------------------------------------- */

static const struct {
	const char *address;
	const char *want; /* NULL: nobody */
} addresses[] = {
    {"no-reply@mail.example", "exact"},  {"NO-REPLY@mail.example", "exact"},
    {"no-reply@sub.mail.example", NULL}, {"no-reply@mail.example.org", NULL},
    {"no-repl@mail.example", NULL},      {"xno-reply@mail.example", NULL},
    {"off@mail.example", "off"},         {"one@whole.example", "beside"},
    {"two@whole.example", "whole"},      {"*@whole.example", "whole"},
    {"two@sub.whole.example", NULL},     {"*x@mail.example", "star"},
    {"ax@mail.example", NULL},
};

static void addresses_find_their_entry(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct list *l = list_of(sample, NULL, &diags);
	assert_int_equal(diags.errors + diags.warnings, 0);
	for (size_t i = 0; i < COUNT_OF(addresses); i++) {
		struct address a = {0};
		snprintf(a.text, sizeof(a.text), "%s", addresses[i].address);
		snprintf(a.domain, sizeof(a.domain), "%s", strchr(addresses[i].address, '@') + 1);
		const struct sender *s = list_find(l, &a);
		const char *got = s ? s->name : NULL;
		CHECK(!got == !addresses[i].want && (!got || strcmp(got, addresses[i].want) == 0),
		      "%s: got %s", addresses[i].address, got ? got : "nobody");
	}
	list_free(l);
}

static const struct {
	const char *domain;
	const char *want;
} domains[] = {
    {"mail.example", "exact"}, /* an enabled one before a disabled one */
    {"MAIL.Example", "exact"},   {"off.example", "only-off"}, {"whole.example", "whole"},
    {"sub.whole.example", NULL}, {"example", NULL},           {"", NULL},
    {"mail.example.", NULL},     {"a.example", NULL}, /* a link's host is no sender's domain */
};

static void domains_find_some_entry(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct list *l = list_of(sample, NULL, &diags);
	for (size_t i = 0; i < COUNT_OF(domains); i++) {
		struct slice domain = tight(slice_of(domains[i].domain));
		const struct sender *s = list_find_domain(l, domain);
		const char *got = s ? s->name : NULL;
		CHECK(!got == !domains[i].want && (!got || strcmp(got, domains[i].want) == 0),
		      "%s: got %s", domains[i].domain, got ? got : "nobody");
		tight_free(domain);
	}
	assert_null(list_find_domain(l, LIT("mail.example\0")));
	list_free(l);
}

static void names_and_numbers_find_entries(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct list *l = list_of(sample, NULL, &diags);
	assert_int_equal(list_count(l), 6);
	assert_int_equal(list_platform_count(l), 1);
	for (size_t i = 0; i < list_count(l); i++)
		assert_ptr_equal(list_find_name(l, list_at(l, i)->name), list_at(l, i));
	assert_null(list_find_name(l, "nobody"));
	const struct sender *s = list_find_name(l, "exact");
	assert_ptr_equal(s->platform, list_find_platform(l, "p"));
	assert_ptr_equal(s->platform, list_platform_at(l, 0));
	assert_null(list_find_platform(l, "q"));
	assert_string_equal(s->domain, "mail.example");
	assert_string_equal(s->file, "shipped");
	assert_int_equal(s->line, 1);
	assert_false(s->local);
	assert_true(s->enabled);
	assert_int_equal(list_find_name(l, "off")->line, 7);
	list_free(l);
}

static void days_come_from_entry_then_platform(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct list *l = list_of(sample, NULL, &diags);
	const struct sender *s = list_find_name(l, "exact");
	assert_int_equal(sender_days(s, CLASS_VERIFICATION), 7);
	assert_int_equal(sender_days(s, CLASS_RENEWAL), 30);
	assert_int_equal(sender_days(s, CLASS_WDRP), 0);
	assert_int_equal(sender_days(s, CLASS_NONE), 0);
	assert_int_equal(sender_days(s, CLASS_COUNT), 0);
	assert_int_equal(sender_days(list_find_name(l, "off"), CLASS_VERIFICATION), 0);
	assert_int_equal(sender_days(NULL, CLASS_VERIFICATION), 0);
	list_free(l);
}

static void hosts_are_harmless_or_tracking(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct list *l = list_of(sample, NULL, &diags);
	assert_true(list_is_harmless(l, "icann.example", LIT("/en/x")));
	assert_true(list_is_harmless(l, "b.icann.example", LIT("/y")));
	assert_false(list_is_harmless(l, "b.icann.example", LIT("/x")));
	assert_false(list_is_harmless(l, "icann.example", LIT("/r?u=http://x")));
	assert_false(list_is_harmless(l, "a.example", LIT("/x")));
	assert_true(list_is_tracking(l, "track.example"));
	assert_true(list_is_tracking(l, "u1.ct.track.example"));
	assert_true(list_is_tracking(l, "click.b.example"));
	assert_false(list_is_tracking(l, "b.example"));
	assert_false(list_is_tracking(l, "xtrack.example"));
	assert_false(list_is_tracking(l, "track.example.org"));
	assert_false(list_is_tracking(l, "example"));
	assert_false(list_is_tracking(l, ""));
	assert_true(list_is_freemail(l, "free.example"));
	assert_true(list_is_freemail(l, "mail.free.example"));
	assert_false(list_is_freemail(l, "xfree.example"));
	assert_false(list_is_freemail(l, "track.example"));
	assert_false(list_is_tracking(l, "free.example"));
	list_free(l);
}

static void an_empty_list_finds_nobody(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct list *l = list_of("", NULL, &diags);
	struct address a = {.text = "a@b.example", .domain = "b.example"};
	assert_null(list_find(l, &a));
	assert_null(list_find_domain(l, LIT("b.example")));
	assert_false(list_is_tracking(l, "b.example"));
	assert_false(list_is_harmless(l, "b.example", LIT("/")));
	assert_int_equal(list_count(l), 0);
	list_free(l);
	list_free(NULL);
}

/* -- the site's own ------------------------------------------------------------------------- */

static void the_sites_own_entry_wins(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct list *l = list_of(sample,
				 "Sender: mine\nFrom: no-reply@mail.example\nClasses: renewal\n\n"
				 "Sender: mine-whole\nFrom: *@whole.example\nWhole-Domain: mine\n"
				 "Classes: renewal\nStatus: disabled\n",
				 &diags);
	assert_int_equal(diags.errors + diags.warnings, 0);
	assert_int_equal(list_count(l), 6);
	struct address a = {.text = "no-reply@mail.example", .domain = "mail.example"};
	const struct sender *s = list_find(l, &a);
	assert_string_equal(s->name, "mine");
	assert_true(s->local);
	assert_null(list_find_name(l, "exact"));
	assert_null(list_find_name(l, "whole"));
	assert_false(list_find_name(l, "mine-whole")->enabled);
	assert_string_equal(list_find_domain(l, LIT("whole.example"))->name, "beside");
	list_free(l);
}

static void a_name_taken_by_the_site_is_a_warning(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct list *l =
	    list_of(sample, "Sender: exact\nFrom: other@site.example\nClasses: renewal\n", &diags);
	assert_int_equal(diags.errors, 0);
	assert_int_equal(diags.warnings, 1);
	assert_string_equal(diags.list[0].text,
			    "a second sender named \"exact\", left out; the first is at local:1");
	assert_string_equal(list_find_name(l, "exact")->from, "other@site.example");
	assert_int_equal(list_count(l), 6);
	diag_free(&diags);
	list_free(l);
}

/* -- limits --------------------------------------------------------------------------------- */

static size_t errors_of(const char *before, size_t n, const char *after)
{
	struct str text = {0};
	struct diags diags = {0};
	str_puts(&text, before);
	for (size_t i = 0; i < n; i++)
		str_putc(&text, 'x');
	str_puts(&text, after);
	struct list *l = list_of(str_text(&text), NULL, &diags);
	size_t errors = diags.errors;
	assert_int_equal(list_count(l), errors ? 0 : 1);
	list_free(l);
	diag_free(&diags);
	str_free(&text);
	return errors;
}

static void limits_hold_at_and_one_past(void **state)
{
	(void)state;
	static const char rest[] = "\nFrom: a@b.example\nClasses: wdrp\n";
	static const char head[] = "Sender: s\nFrom: a@b.example\nClasses: wdrp\n";
	char text[128];
	assert_int_equal(errors_of("Sender: ", LIST_NAME_BYTES, rest), 0);
	assert_int_equal(errors_of("Sender: ", LIST_NAME_BYTES + 1, rest), 1);
	snprintf(text, sizeof(text), "%sRegistrar: ", head);
	assert_int_equal(errors_of(text, LIST_REGISTRAR_BYTES, "\n"), 0);
	assert_int_equal(errors_of(text, LIST_REGISTRAR_BYTES + 1, "\n"), 1);
	assert_int_equal(
	    errors_of("Sender: s\nFrom: ", LIMIT_LOCAL_PART, "@b.example\nClasses: wdrp\n"), 0);
	assert_int_equal(
	    errors_of("Sender: s\nFrom: ", LIMIT_LOCAL_PART + 1, "@b.example\nClasses: wdrp\n"), 1);
	for (int past = 0; past <= 1; past++) {
		snprintf(text, sizeof(text), "%sDays: wdrp %d\n", head, LIST_DAYS + past);
		assert_int_equal(errors_of(text, 0, ""), past);
	}
}

/* What stands on a continuation line of the greatest length must still be read when it is printed
 * beside its name. */
static void the_longest_lines_are_read_again(void **state)
{
	(void)state;
	struct str text = {0}, once = {0}, twice = {0};
	struct diags diags = {0};
	str_puts(&text, "Sender: s\nFrom: a@b.example\nClasses: wdrp\nNote:\n ");
	for (size_t i = 0; i < LIMIT_LIST_LINE - 1; i++)
		str_putc(&text, 'n');
	str_puts(&text, "\nEvidence:\n https://");
	for (size_t i = 0; i < LIMIT_LIST_LINE - 9; i++)
		str_putc(&text, 'e');
	str_puts(&text, "\nReply-To:\n");
	for (size_t i = 0; i < 80; i++)
		str_printf(&text, " a%zu.%060d@b.example\n", i, 0);
	struct list *l = list_of(str_text(&text), NULL, &diags);
	assert_int_equal(list_count(l), 1);
	sender_print(list_at(l, 0), &once);
	list_free(l);
	l = list_of(str_text(&once), NULL, &diags);
	assert_int_equal(diags.errors, 0);
	assert_int_equal(list_at(l, 0)->reply_to_count, 80);
	sender_print(list_at(l, 0), &twice);
	assert_string_equal(str_text(&once), str_text(&twice));
	list_free(l);
	str_free(&text);
	str_free(&once);
	str_free(&twice);
}

/* -- many ----------------------------------------------------------------------------------- */

static void every_one_of_many_is_found(void **state)
{
	(void)state;
	enum { MANY = 20000 };
	struct str text = {0};
	struct diags diags = {0};
	for (unsigned i = 0; i < MANY; i++)
		str_printf(&text, "Sender: s%u\nFrom: a%u@d%u.example\nClasses: wdrp\n\n", i, i,
			   i / 2);
	struct list *l = list_of(str_text(&text), NULL, &diags);
	assert_int_equal(diags.errors, 0);
	assert_int_equal(list_count(l), MANY);
	for (unsigned i = 0; i < MANY; i++) {
		struct address a;
		snprintf(a.text, sizeof(a.text), "a%u@d%u.example", i, i / 2);
		snprintf(a.domain, sizeof(a.domain), "d%u.example", i / 2);
		assert_ptr_equal(list_find(l, &a), list_at(l, i));
		assert_ptr_equal(list_find_domain(l, slice_of(a.domain)), list_at(l, i / 2 * 2));
		snprintf(a.text, sizeof(a.text), "a%u@d%u.example", i + MANY, i / 2);
		assert_null(list_find(l, &a));
		snprintf(a.domain, sizeof(a.domain), "d%u.example.org", i);
		assert_null(list_find_domain(l, slice_of(a.domain)));
	}
	assert_in_range(list_bytes(l), MANY * sizeof(struct sender), MANY * 1000);
	list_free(l);
	str_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(addresses_find_their_entry),
	    cmocka_unit_test(domains_find_some_entry),
	    cmocka_unit_test(names_and_numbers_find_entries),
	    cmocka_unit_test(days_come_from_entry_then_platform),
	    cmocka_unit_test(hosts_are_harmless_or_tracking),
	    cmocka_unit_test(an_empty_list_finds_nobody),
	    cmocka_unit_test(the_sites_own_entry_wins),
	    cmocka_unit_test(a_name_taken_by_the_site_is_a_warning),
	    cmocka_unit_test(limits_hold_at_and_one_past),
	    cmocka_unit_test(the_longest_lines_are_read_again),
	    cmocka_unit_test(every_one_of_many_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
