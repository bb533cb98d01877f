/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What another list would change: what reaches further, however it is written; what is new, gone,
 * or less; and what changes nothing about which mail is believed.
 */
#include "rules/core/changes.h"

#include "tests/rules/table.h"

#define END     "Classes: wdrp\n"
#define P       "Platform: p\nLink: plat.example /v/*\n\n"
#define S       "Sender: s\nFrom: a@mail.s.example\n"
#define LINKED  S END "Link: s.example /x?t=*\n"
#define OFF     "Status: disabled\n"
#define WHOLE   "Sender: all\nFrom: *@s.example\nWhole-Domain: why\n" END
#define ONE(of) "Sender: one\nFrom: one@s.example\n" of
#define HOSTS   "Harmless: h\nLink: icann.example /a\n\nTracking: t\nHost: click.example\n\n"

/* Text after "%%" is the site's own. */
static const struct {
	const char *before, *after;
	const char *want; /* "KIND OF NAME[: SIGN, …]" with "; " between; "" for nothing */
} rows[] = {
    {LINKED, LINKED, ""},
    /* new and gone */
    {"", S END, "added sender s"},
    {S END, "", "removed sender s"},
    {"", S END OFF, "added sender s"},
    {S END OFF, "", "removed sender s"},
    {"", P, "added platform p"},
    {P, "", "removed platform p"},
    /* the address */
    {S END, "Sender: s\nFrom: b@mail.s.example\n" END, "widened sender s: another address"},
    {S END, "Sender: t\nFrom: b@mail.s.example\n" END, "added sender t; removed sender s"},
    {S END, "Sender: s\nFrom: *@mail.s.example\nWhole-Domain: why\n" END,
     "widened sender s: a whole domain"},
    {"Sender: s\nFrom: *@mail.s.example\nWhole-Domain: why\n" END, S END,
     "narrowed sender s: no longer a whole domain"},
    {"Sender: s\nFrom: *@a.example\nWhole-Domain: why\n" END,
     "Sender: s\nFrom: *@b.example\nWhole-Domain: why\n" END, "widened sender s: another address"},
    {S END, "Sender: s\nFrom: *@x.example\nWhole-Domain: why\n" END,
     "widened sender s: another address, a whole domain"},
    /* two that change names have changed nothing */
    {"Sender: a\nFrom: a@a.example\n" END "\nSender: b\nFrom: b@b.example\n" END,
     "Sender: b\nFrom: a@a.example\n" END "\nSender: a\nFrom: b@b.example\n" END,
     "changed sender a; changed sender b"},
    /* classes, reply addresses, alignment, codes */
    {S END, S "Classes: wdrp, renewal\n", "widened sender s: more classes"},
    {S "Classes: wdrp, renewal\n", S END, "narrowed sender s: fewer classes"},
    {S END, S "Classes: renewal\n", "widened sender s: more classes"},
    {S END, S END "Reply-To: r@r.example\n", "widened sender s: more reply addresses"},
    {S END "Reply-To: r@r.example, q@r.example\n", S END "Reply-To: q@r.example\n",
     "narrowed sender s: fewer reply addresses"},
    {S END "Reply-To: r@r.example, q@r.example\n", S END "Reply-To: q@r.example, r@r.example\n",
     "changed sender s"},
    {S END "Align: strict\n", S END, "widened sender s: looser alignment"},
    {S END, S END "Align: strict\n", "narrowed sender s: stricter alignment"},
    {S END, S END "Code: yes\n", "widened sender s: a code serves"},
    {S END "Code: yes\n", S END, "narrowed sender s: a code no longer serves"},
    /* links */
    {LINKED, LINKED " t.example /x\n", "widened sender s: more links"},
    {LINKED " t.example /x\n", LINKED, "narrowed sender s: fewer links"},
    {LINKED, S END "Link: s.example /x?t=1\n", "narrowed sender s: fewer links"},
    {LINKED, S END "Link: s.example /y?t=*\n", "widened sender s: more links"},
    {LINKED, S END "Link: s.example /x?t=*[&u=*]\n", "widened sender s: more links"},
    {LINKED, S END "Link: [www.]s.example /x?t=*\n", "widened sender s: more links"},
    {LINKED, S END "Link: s.example /**\n", "widened sender s: more links"},
    {S END "Link: s.example /**\n", LINKED, "narrowed sender s: fewer links"},
    {S END "Link: [www.]s.example /a[b]*\n", S END "Link: s.example /ab*\n",
     "narrowed sender s: fewer links"},
    {S END "Link: s.example /ab*\n", S END "Link: s.example /a*\n", "widened sender s: more links"},
    /* without links any page of its own domain will do: less is more */
    {LINKED, S END, "widened sender s: any page of its own domain"},
    {S END, LINKED, "narrowed sender s: no longer any page of its own domain"},
    {S END, S END "Link: s.example /a[/b][/]c\n",
     "narrowed sender s: no longer any page of its own domain"},
    {S END, S END "Link: s.example /a[/b]/\n",
     "narrowed sender s: no longer any page of its own domain"},
    {S END, S END "Link: s.example /[a]/b\n", "widened sender s: more links"},
    {S END, S END "Link: s.example /a:b\n", "widened sender s: more links"},
    {S END, S END "Link: t.example /x\n", "widened sender s: more links"},
    {LINKED, S END "Shared-Domain: why\n", "narrowed sender s: fewer links, its domain is shared"},
    {S END "Shared-Domain: why\n", S END "Shared-Domain: why\nLink: s.example /x\n",
     "widened sender s: more links"},
    {S END "Shared-Domain: why\n", S END, "widened sender s: its domain is no longer shared"},
    {S END, S END "Shared-Domain: why\n", "narrowed sender s: its domain is shared"},
    /* what is more in one way and less in another is more */
    {S "Classes: wdrp, renewal\nCode: yes\n", S END "Reply-To: r@r.example\n",
     "widened sender s: more reply addresses"},
    {S "Classes: wdrp, renewal\nLink: s.example /x\n", S END,
     "widened sender s: any page of its own domain"},
    /* switched */
    {S END OFF, S END, "widened sender s: switched on"},
    {S END, S END OFF, "narrowed sender s: switched off"},
    {S END OFF, S "Classes: wdrp, renewal\n" OFF, "changed sender s"},
    {S END, S "Classes: wdrp, renewal\n" OFF, "narrowed sender s: switched off"},
    {S END OFF, "Sender: renamed\nFrom: a@mail.s.example\n" END,
     "widened sender renamed: switched on"},
    /* an exact entry keeps the whole domain's from its address */
    {WHOLE "\n" ONE(END OFF), WHOLE, "widened sender one: switched on"},
    {WHOLE "\n" ONE("Classes: renewal\n"), WHOLE, "widened sender one: more classes"},
    {WHOLE "\n" ONE(END), WHOLE, "removed sender one"},
    {WHOLE, WHOLE "\n" ONE(END), "added sender one"},
    {WHOLE "\n" ONE(END OFF), WHOLE "\nSender: one\nFrom: other@x.example\n" END,
     "widened sender one: switched on; "
     "widened sender one: switched on, another address"},
    /* platforms */
    {P S END "Platform: p\n",
     "Platform: p\nLink: plat.example /v/* \n plat.example /w\n\n" S END "Platform: p\n",
     "widened platform p: more links"},
    {P, "Platform: p\nLink: plat.example /v/1\n\n", "narrowed platform p: fewer links"},
    {P, P "Platform: q\n\n", "added platform q"},
    {P, "Platform: p\nLink: plat.example /v/*\nDays: wdrp 3\n\n", "changed platform p"},
    {P, "Platform: p\nLink: plat.example /v/*\nRecognise: *.plat.example /v\n\n",
     "changed platform p"},
    {P S END "Platform: p\n", "Platform: p\n\n" S END "Platform: p\n",
     "widened sender s: any page of its own domain; narrowed platform p: fewer links"},
    {P S END, P S END "Platform: p\n", "widened sender s: the links of a platform"},
    {P S END "Platform: p\n", P S END "Platform: p\nLink: plat.example /v/1\n", "changed sender s"},
    {P LINKED "Platform: p\n", P LINKED, "narrowed sender s: without the links of its platform"},
    /* hosts */
    {HOSTS, HOSTS, ""},
    {"", HOSTS, "widened hosts hosts: more harmless pages"},
    {HOSTS, "", "widened hosts hosts: fewer tracking hosts"},
    {HOSTS,
     "Harmless: h\nLink: icann.example /a\n icann.example /b\n\nTracking: t\nHost: "
     "click.example\n\n",
     "widened hosts hosts: more harmless pages"},
    {HOSTS, "Harmless: h\nLink: icann.example /a\n\nTracking: t\nHost: x.click.example\n\n",
     "widened hosts hosts: fewer tracking hosts"},
    {HOSTS, HOSTS "Tracking: u\nHost: track.example\n\n",
     "narrowed hosts hosts: more tracking hosts"},
    {HOSTS, HOSTS "Freemail: f\nHost: free.example\n\n", "changed hosts hosts"},
    /* what says nothing about who is believed */
    {S END, S END "Days: wdrp 3\n", "changed sender s"},
    {S END, S "Registrar: S\n" END "Note: n\n", "changed sender s"},
    /* the site's own entry takes the place of the shipped one, and falls with its platform */
    {S END "%%" S END, S "Classes: wdrp, renewal\n%%" S END, ""},
    {P "%%" S END "Platform: p\n", "%%" S END "Platform: p\n",
     "removed platform p; removed sender s"},
    {S END "%%", "%%Link-For: s\nLink: t.example /x\n", "removed sender s"},
    {S END "%%", S END "%%Link-For: s\nLink: t.example /x\n", "widened sender s: more links"},
    /* an accepted link goes to whoever has the name */
    {S END "%%Link-For: s\nLink: t.example /x\n",
     "Sender: s\nFrom: b@b.example\n" END "%%Link-For: s\nLink: t.example /x\n",
     "widened sender s: another address"},
};

static struct list *list_of(const char *text)
{
	const char *own = strstr(text, "%%");
	struct list *l = list_new();
	struct diags none = {0};
	assert_non_null(l);
	const struct slice shipped = {text, own ? (size_t)(own - text) : strlen(text)};
	assert_int_equal(list_parse(l, shipped, "shipped", false, &none), 0);
	if (own)
		assert_int_equal(list_parse(l, slice_of(own + 2), "own", true, &none), 0);
	assert_int_equal(none.errors, 0);
	assert_int_equal(list_finish(l, &none), 0);
	diag_free(&none);
	return l;
}

static void say(const struct changes *c, struct str *to)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct change *one = &c->list[i];
		const char *mark = ": ";
		str_printf(to, "%s%s %s %s", i ? "; " : "", change_kind_name(one->kind),
			   change_of_name(one->of), one->name);
		for (int s = 0; s < CHANGE_SIGN_COUNT; s++) {
			if (!(one->signs & 1u << s))
				continue;
			str_printf(
			    to, "%s%s", mark,
			    change_sign_text((enum change_sign)s, one->kind == CHANGE_WIDENED));
			mark = ", ";
		}
	}
}

static void what_changes(void **state)
{
	(void)state;
	struct suffixes *suffixes = suffixes_open();
	assert_non_null(suffixes);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct list *before = list_of(rows[i].before), *after = list_of(rows[i].after);
		struct changes c = {0};
		struct str got = {0};
		size_t sum = 0;
		assert_int_equal(changes_find(before, after, suffixes, &c), 0);
		say(&c, &got);
		CHECK(strcmp(str_text(&got), rows[i].want) == 0, "row %zu: got \"%s\", want \"%s\"",
		      i, str_text(&got), rows[i].want);
		for (int k = 0; k < CHANGE_KIND_COUNT; k++)
			sum += c.of_kind[k];
		assert_int_equal(sum, c.count);
		changes_free(&c);
		str_free(&got);
		list_free(before);
		list_free(after);
	}
	suffixes_close(suffixes);
}

static void every_sign_has_words(void **state)
{
	(void)state;
	for (int s = 0; s < CHANGE_SIGN_COUNT; s++)
		assert_true(change_sign_text((enum change_sign)s, true)[0] &&
			    change_sign_text((enum change_sign)s, false)[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_changes),
	    cmocka_unit_test(every_sign_has_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
