/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * letter_links.c - condition 5: whether the links of a letter lead where they should.
 */
#include "rules/letter/links.h"
#include "tests/rules/letter_rules.h"

#define OWN  "https://own-reg.com/v?t=abc"
#define PLAT "http://plat-verify.com?t=abc"

static const struct {
	const char *entry; /* "" for none */
	const char *links; /* blank-separated; "form:", "base:" and "shows:" before a URL */
	bool asks, code;
	const char *want; /* condition, expected of all, reasons, platform */
} rows[] = {
    /* links of its own */
    {"own", OWN, 1, 0, "yes 1/1"},
    {"own", OWN " " OWN, 1, 0, "yes 1/1"},
    {"own", OWN " form:" OWN, 1, 0, "yes 2/2"},
    {"own", "HTTPS://OWN-REG.COM/v?t=abc", 1, 0, "yes 1/1"},
    {"own", "//own-reg.com/v?t=abc", 1, 0, "yes 1/1"},
    {"own", OWN " https://www.icann.org/x", 1, 0, "yes 2/2"},
    {"own", "", 0, 0, "yes 0/0"},
    {"own", "", 1, 0, "no 0/0 no-link"},
    {"own", "https://www.icann.org/x", 1, 0, "no 1/1 no-link"},
    {"own", "https://www.icann.org/x", 0, 0, "yes 1/1"},
    {"own", "https://own-reg.com/other", 1, 0, "no 0/1 links"},
    {"own", "https://own-reg.com/V?t=abc", 1, 0, "no 0/1 links"},
    {"own", "https://www.own-reg.com/v?t=abc", 1, 0, "no 0/1 links"},
    {"own", "https://own-reg.com:443/v?t=abc", 1, 0, "no 0/1 links"},
    {"own", "https://x@own-reg.com/v?t=abc", 1, 0, "no 0/1 links"},
    {"own", "https://own-reg.com/v?t=a%2Fb", 1, 0, "no 0/1 links"},
    {"own", OWN " https://evil.example/", 1, 0, "no 1/2 links"},
    {"own", OWN " base:https://evil.example/", 1, 0, "no 1/2 links"},
    {"own", OWN " javascript:x", 1, 0, "no 1/2 links"},
    {"own", OWN " relative", 1, 0, "no 1/2 links"},
    {"own", "base:https://own-reg.com/ v?t=abc", 0, 0, "no 1/2 links"}, /* the base fits no shape */
    {"own", "shows:https://bank.example/|" OWN, 1, 0, "no 0/1 link-text"},
    {"own", "shows:https://bank.example/|https://own-reg.com/other", 1, 0, "no 0/1 link-text"},
    {"own", "shows:https://bank.example/|https://own-reg.com:1/v?t=abc", 1, 0,
     "no 0/1 links link-text"},
    {"own", "shows:(www.bank.example)|" OWN, 1, 0, "no 0/1 link-text"},
    {"own", "shows:icann.registrar.us|" OWN, 1, 0, "no 0/1 link-text"},
    {"own", "shows:icann.registrar.us/verify|" OWN, 1, 0, "no 0/1 link-text"},
    {"own", "shows:<ICANN.registrar.us>|" OWN, 1, 0, "no 0/1 link-text"},
    {"own", "shows:panel.own-reg.com|" OWN, 1, 0, "yes 1/1"}, /* of the same owner */
    {"own", "shows:example.co.uk|" OWN, 1, 0, "yes 1/1"},     /* the domain in question */
    {"own", "shows:manual.page.pdf|" OWN, 1, 0, "yes 1/1"},
    {"own", "shows:HTTPS://OWN-REG.COM/V|" OWN, 1, 0, "yes 1/1"},
    {"own",
     "shows:http\xef\xbc\x9a//\xef\xbd\x8fwn-reg\xe3\x80\x82"
     "com|" OWN,
     1, 0, "yes 1/1"},
    {"own",
     "shows:https://b\xc2\xad"
     "ank.example|" OWN,
     1, 0, "no 0/1 link-text"},
    {"own", "shows:https://own-r\xd0\xb5g.com/|" OWN, 1, 0, "no 0/1 link-text"},
    {"own", "shows:\xe2\x80\xaemoc.ger-nwo|" OWN, 1, 0, "no 0/1 link-text"},
    {"own", "shows:support@panel.bank.example|" OWN, 1, 0, "yes 1/1"},
    {"own", "shows:www.own-reg.com/|" OWN, 1, 0, "yes 1/1"},
    {"own", "shows:example.com|" OWN, 1, 0, "yes 1/1"},
    {"own", "https://u1.ct.sendgrid.net/x", 1, 0, "no 0/1 tracking"},
    {"own", OWN " https://u1.ct.sendgrid.net/x https://evil.example/", 1, 0,
     "no 1/3 links tracking"},
    {"own", "mailto:x@own-reg.com #x tel:1", 1, 0, "no 0/0 no-link"},
    /* of its platform */
    {"platform", PLAT, 1, 0, "yes 1/1 plat"},
    {"platform", PLAT " http://www.plat-verify.com", 1, 0, "yes 2/2 plat"},
    {"platform", "https://plat-mail.com/", 1, 0, "no 0/1 links"},
    {"platform", "https://other-verify.com/v/1", 1, 0, "no 0/1 links other"},
    /* its platform is recognised, and no more */
    {"resold", "https://any.panels.com/servlet?t=1", 1, 0, "no 0/1 links resold"},
    {"resold", "https://seen-alone.com/x", 1, 0, "no 0/1 links resold"},
    {"resold", "https://resold-reg.com/ https://any.panels.com/servlet?t=1", 1, 0,
     "no 1/2 links resold"},
    {"resold", "https://resold-reg.com/", 1, 0, "yes 1/1"},
    {"tenant", "https://mine.panels.com/servlet?t=1", 1, 0, "yes 1/1 resold"},
    {"tenant", "https://other.panels.com/servlet?t=1", 1, 0, "no 0/1 links resold"},
    {"tenant", "https://a.mine.panels.com/servlet?t=1", 1, 0, "no 0/1 links"},
    {"", "https://any.panels.com/servlet?t=1", 1, 0, "unknown 0/1 resold"},
    {"", "https://any.panels.com/servlet?t=1&to=x", 1, 0, "unknown 0/1"},
    /* none anywhere: the From domain's hosts */
    {"domain", "https://plain-reg.com/anything/at?all", 1, 0, "yes 1/1"},
    {"domain", "https://a.b.plain-reg.com/", 1, 0, "yes 1/1"},
    {"domain", "https://plain-reg.com/go?url=https%3A%2F%2Fevil.example", 1, 0, "no 0/1 links"},
    {"domain", "https://plain-reg.com/go?url=//evil.example", 1, 0, "no 0/1 links"},
    {"domain", "https://plain-reg.com/go/https://evil.example/", 1, 0, "no 0/1 links"},
    {"domain", "https://plain-reg.com/go?url=https%253A%252F%252Fevil.example", 1, 0,
     "no 0/1 links"},
    {"domain", "https://plain-reg.com/ https://plain-reg.com/x https://evil.example/", 1, 0,
     "no 2/3 links"},
    {"domain", "https://bob.plain-reg.com/", 1, 0, "yes 1/1"}, /* nobody said that it is shared */
    {"domain", "https://xplain-reg.com/", 1, 0, "no 0/1 links"},
    {"domain", "https://plain-reg.com.evil.example/", 1, 0, "no 0/1 links"},
    {"domain", "https://plain-reg.com/../x", 1, 0, "no 0/1 links"},
    {"domain", PLAT, 1, 0, "no 0/1 links plat"},
    /* a shared one */
    {"shared", "https://shared-reg.com/", 1, 0, "no 0/1 link-evidence"},
    {"shared", "https://shared-reg.com/ https://evil.example/", 1, 0, "no 0/2 links link-evidence"},
    {"shared", "https://bob.shared-reg.com/ https://www.icann.org/x", 1, 0, "no 1/2 link-evidence"},
    {"shared", "https://www.icann.org/x", 0, 0, "yes 1/1"},
    {"shared", "", 1, 0, "no 0/0 no-link"},
    /* accepted by the site, beside what there is: no hosts are named by it */
    {"domain", "https://new-verify.com/v/1 https://plain-reg.com/x", 1, 0, "yes 2/2"},
    {"domain", "https://new-verify.com/v/1", 1, 0, "yes 1/1"},
    {"domain", "https://new-verify.com/w/1", 1, 0, "no 0/1 links"},
    {"own", OWN " https://new-verify.com/v/1", 1, 0, "yes 2/2"},
    {"own", "https://sendgrid.net/v/1", 1, 0, "no 0/1 tracking"},
    {"shared", "https://verify.shared-reg.com/v/1", 1, 0, "yes 1/1"},
    {"shared", "https://verify.shared-reg.com/v/1 https://shared-reg.com/", 1, 0,
     "no 1/2 link-evidence"},
    {"code", "https://new-verify.com/v/1", 1, 0, "no 0/1 links"},
    /* a code instead */
    {"code", "", 1, 1, "yes 0/0"},
    {"code", "", 1, 0, "no 0/0 no-link"},
    {"own", "", 1, 1, "no 0/0 no-link"},
    {"code", "https://evil.example/", 1, 1, "no 0/1 links"},
    /* no entry: recorded only */
    {"", PLAT " https://evil.example/", 1, 0, "unknown 0/2 plat"},
    {"", "https://plat-verify.com:1/?t=abc", 1, 0, "unknown 0/1"},
    {"", "", 1, 0, "unknown 0/0"},
};

static void add_word(struct slice word, struct links *to)
{
	enum link_kind kind = LINK_A;
	struct slice shown = {NULL, 0};
	if (slice_starts_nocase(word, "form:")) {
		kind = LINK_FORM;
	} else if (slice_starts_nocase(word, "base:")) {
		kind = LINK_BASE;
	} else if (slice_starts_nocase(word, "shows:")) {
		const char *bar = memchr(word.p, '|', word.n);
		shown = (struct slice){word.p + 6, (size_t)(bar - word.p) - 6};
		word.n -= (size_t)(bar + 1 - word.p);
		word.p = bar + 1;
	}
	if (kind != LINK_A) {
		word.p += 5;
		word.n -= 5;
	}
	links_add(to, kind, word, shown);
}

static void add_words(const char *text, struct links *to)
{
	while (*text) {
		size_t n = strcspn(text, " ");
		add_word((struct slice){text, n}, to);
		text += n + (text[n] == ' ');
	}
	links_rebase(to, 0);
}

static void print(const struct finding *f, struct str *to)
{
	str_printf(to, "%s %u/%u", proof_name(f->links), f->link_expected, f->link_count);
	print_reasons(f->reasons, to);
	if (f->platform[0])
		str_printf(to, " %s", f->platform);
}

static void judge(const struct letter_world *w, const struct links *l, const char *entry, bool asks,
		  bool code, struct finding *f)
{
	const struct sender *s = list_find_name(w->list, entry);
	*f = (struct finding){.asks_action = asks};
	links_platform(l, w->list, f);
	links_judge(l, w->list, w->suffixes, s, s ? s->domain : "somebody.example", code, f);
}

static void test_judge(void **state)
{
	struct letter_world *w = *state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct links l = {0};
		struct finding f;
		struct str got = {0};
		add_words(rows[i].links, &l);
		judge(w, &l, rows[i].entry, rows[i].asks, rows[i].code, &f);
		print(&f, &got);
		CHECK(strcmp(str_text(&got), rows[i].want) == 0,
		      "%s \"%s\": got \"%s\", want \"%s\"", rows[i].entry, rows[i].links,
		      str_text(&got), rows[i].want);
		str_free(&got);
		links_free(&l);
	}
}

/* The record holds FINDING_LINKS of them, those that failed before the others. */
static void test_kept(void **state)
{
	struct letter_world *w = *state;
	struct links l = {0};
	struct finding f;
	struct str url = {0};
	for (unsigned i = 0; i < FINDING_LINKS; i++) {
		str_reset(&url);
		str_printf(&url, "https://own-reg.com/v?t=%u", i);
		links_add(&l, LINK_A, (struct slice){url.p, url.n}, (struct slice){NULL, 0});
	}
	judge(w, &l, "own", true, false, &f);
	CHECK(f.link_kept == FINDING_LINKS && f.link_expected == FINDING_LINKS, "%u", f.link_kept);
	links_add(&l, LINK_TEXT, slice_of("https://evil.example/"), (struct slice){NULL, 0});
	judge(w, &l, "own", true, false, &f);
	CHECK(f.link_kept == FINDING_LINKS && f.link_count == FINDING_LINKS + 1, "%u", f.link_kept);
	CHECK(!f.link[0].expected && strcmp(f.link[0].host, "evil.example") == 0 &&
		  f.link[0].kind == LINK_TEXT,
	      "got %s", f.link[0].host);
	CHECK(f.link_expected == FINDING_LINKS, "%u", f.link_expected);
	str_free(&url);
	links_free(&l);
}

static void test_limits(void **state)
{
	struct letter_world *w = *state;
	struct finding f;
	struct links l = {.limit = true};
	judge(w, &l, "own", false, false, &f);
	CHECK(f.links == PROOF_NO && f.reasons == 1u << REASON_LIMIT, "%x", f.reasons);
	l = (struct links){.failed = true};
	judge(w, &l, "own", false, false, &f);
	CHECK(f.links == PROOF_NO && f.reasons == 1u << REASON_LIMIT, "%x", f.reasons);
}

static const struct {
	const char *text, *want; /* host and path of each, behind the link that is there already */
} bare[] = {
    {"go to evil-reg.com/verify?a=b.", "evil-reg.com/verify?a=b"},
    {"(EVIL-reg.com/a) evil-reg.co.uk/b, x.evil-reg.com/c", "evil-reg.com/a evil-reg.co.uk/b "
							    "x.evil-reg.com/c"},
    {"b\xc3\xbc"
     "cher-reg.com/a",
     "odd:xn--bcher-reg-q9a.com/a"},
    {"\xe3\x80\x81"
     "evil-reg.com/a",
     "evil-reg.com/a"},
    {"evil-reg.com:evil-reg.net/a", ""},
    {"a name: evil-reg.com, evil-reg.com/ and evil-reg.com/.", ""},
    {"https://evil-reg.com/a //evil-reg.com/a x@evil-reg.com/a a.b@c/evil-reg.com/a", ""},
    {"and/or 24/7 12.11.2026/13 e.g./i.e. Node.js/React co.uk/a .com/net x.invalid/a", ""},
    {"own-reg.com/v own-reg.com/v?t=abc", ""}, /* what a link shows */
    {"own-reg.com/w", "own-reg.com/w"},
    {"own-reg.com/v?t=abcd", "own-reg.com/v?t=abcd"},
};

static void test_bare(void **state)
{
	struct letter_world *w = *state;
	for (size_t i = 0; i < COUNT_OF(bare); i++) {
		struct links l = {0};
		struct str got = {0};
		add_words("https://www.own-reg.com/v?t=abc", &l);
		for (size_t n = 0; n < strlen(bare[i].text); n++) {
			struct links cut = {0};
			struct slice in = tight((struct slice){bare[i].text, n});
			links_bare_in_text(in, w->suffixes, &cut);
			links_free(&cut);
			tight_free(in);
		}
		links_bare_in_text(slice_of(bare[i].text), w->suffixes, &l);
		for (size_t k = 1; k < l.count; k++)
			str_printf(&got, "%s%s%s%s", k > 1 ? " " : "", l.list[k].odd ? "odd:" : "",
				   l.list[k].host, l.list[k].path);
		CHECK(strcmp(str_text(&got), bare[i].want) == 0, "\"%s\": got \"%s\"", bare[i].text,
		      str_text(&got));
		str_free(&got);
		links_free(&l);
	}
}

static int set_up(void **state)
{
	static struct letter_world world;
	world_open(&world);
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	world_close(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_judge),
	    cmocka_unit_test(test_kept),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_bare),
	};
	return cmocka_run_group_tests_name("letter_links", tests, set_up, tear_down);
}
