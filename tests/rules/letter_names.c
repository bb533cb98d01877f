/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * letter_names.c - the domains that a letter is about.
 */
#include "rules/letter/names.h"
#include "tests/rules/letter_rules.h"

#define BUECHER     \
	"b\xc3\xbc" \
	"cher.com"
#define BUECHER_A "xn--bcher-kva.com"

static const struct {
	const char *entry, *subject, *text, *want;
} rows[] = {
    /* in the subject */
    {"own", "Verify your address for example.com", "", "example.com"},
    {"own", "example.com will expire on Nov 19, 2021", "", "example.com"},
    {"own", "EXAMPLE.COM, example.net and Example.com.", "", "example.com example.net"},
    {"own", "F\xc3\xbcr " BUECHER, "", BUECHER_A},
    {"own", "\xe2\x80\x9e" BUECHER "\xe2\x80\x9c und \xc2\xabxn--bcher-kva.com\xc2\xbb", "",
     BUECHER_A},
    {"own",
     "\xe3\x80\x90"
     "example.com\xe3\x80\x91\xe3\x83\x89\xe3\x83\xa1\xe3\x82\xa4\xe3\x83\xb3",
     "", "example.com"},
    {"own", "[\xe3\x81\x8a\xe5\x90\x8d\xe5\x89\x8d.com] verify example.jp", "", "example.jp"},
    {"own", "Verify your Who.is contact for example.com", "", "example.com"},
    {"own", "Re: Transfer of example.com", "", "example.com"},
    {"own", "Your own-reg.com account and www.example.net", "", ""},
    {"own", "Mail for a@example.com, https://example.net/x", "", ""},
    {"own", "co.uk, com, a.b, no-such.tldtld, 1.2.3.4, 12.30", "", ""},
    {"own", "www1.example.com", "", ""}, /* a host */
    {"own", "example.co.uk", "", "example.co.uk"},
    /* tables and lists */
    {"own", "",
     "Deadline / Domain\n2026-12-06 20:35:30 example.com\n2026-12-06 20:35:30 example.net\n",
     "example.com example.net"},
    {"own", "", "Domain Name   Expiration Date\nexample.com   2026-12-06 00:00:00\n",
     "example.com"},
    {"own", "", "The names:\n - example.com\n * example.net\n 3. example.org\n",
     "example.com example.net example.org"},
    {"own", "", "example.com, example.net;\nexample.org\n", "example.com example.net example.org"},
    {"own", "", BUECHER "\nxn--bcher-kva.com\n", BUECHER_A},
    {"platform", "",
     "example.com\nplat-mail.com\nplat-verify.com\nns1.plat-hold.net\nplat-hold.net\n",
     "example.com"},
    {"own", "", "icann.org\nsendgrid.net\nexample.com\n", "example.com"},
    /* called a domain */
    {"own", "", "your domain name example.com is", "example.com"},
    {"own", "", "Domain: example.com", "example.com"},
    {"own", "", "the domains example.com and example.net, example.org. See reseller.com.",
     "example.com example.net example.org"},
    {"own", "", "for example.com domain", "example.com"},
    {"own", "", "Ihre Domain \"example.com\" l\xc3\xa4uft", "example.com"},
    {"own", "",
     "\xe3\x83\x89\xe3\x83\xa1\xe3\x82\xa4\xe3\x83\xb3\xe5\x90\x8d"
     "example.com\xe3\x81\xae",
     "example.com"},
    /* nothing better: running text */
    {"own", "", "We hold example.com for you.", "example.com"},
    {"own", "", "We hold example.com for you, says linked.com and host.linked.com.", "example.com"},
    {"own", "", "Your domain is held. See your reseller.com for more.", "reseller.com"},
    {"", "", "somebody-reg.com holds example.com", "example.com"},
    {"", "Verify somebody-reg.com", "", "somebody-reg.com"},
    {"", "", "somebody-reg.com\n", "somebody-reg.com"},
    /* prose is no name */
    {"own", "", "Your address.Please click the link.Click here.It is.So", ""},
    {"own", "", "confirm your domain.In case you do not", ""},
    {"own", "", "EXAMPLE.COM is yours", "example.com"},
    {"own", "", "write to a@example.com or joe.doe@example.net", ""},
    {"own", "", "see https://example.com/x?d=example.net and www.example.org", ""},
    {"own", "", "verification.aspx, index.php, 17.01.2025, U.S.A.", ""},
    {"own", "", "", ""},
};

static void read_names(const struct letter_world *w, size_t i, struct finding *f)
{
	struct links l = {0};
	const struct sender *entry = list_find_name(w->list, rows[i].entry);
	const struct slice none = {NULL, 0};
	links_add(&l, LINK_A, slice_of("https://host.linked.com/x"), none);
	const struct names_rules rules = {
	    .suffixes = w->suffixes,
	    .platforms = w->list,
	    .entry = entry,
	    .from_domain = entry ? entry->domain : "mail.somebody-reg.com",
	    .links = &l,
	};
	struct slice subject = tight(slice_of(rows[i].subject));
	struct slice text = tight(slice_of(rows[i].text));
	CHECK(names_read(&rules, subject, text, f), "row %zu", i);
	tight_free(subject);
	tight_free(text);
	links_free(&l);
}

static void test_names(void **state)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct finding f = {.domain_count = 7, .domain_kept = 7};
		struct str got = {0};
		read_names(*state, i, &f);
		for (size_t k = 0; k < f.domain_kept; k++)
			str_printf(&got, "%s%s", k ? " " : "", f.domain[k]);
		CHECK(strcmp(str_text(&got), rows[i].want) == 0,
		      "\"%s|%s\": got \"%s\", want \"%s\"", rows[i].subject, rows[i].text,
		      str_text(&got), rows[i].want);
		CHECK(f.domain_count == f.domain_kept, "row %zu: %u", i, f.domain_count);
		str_free(&got);
	}
}

/* A letter by its platform's link alone: the platform's names are none of its own. */
static void test_platform_seen(void **state)
{
	struct letter_world *w = *state;
	struct finding f = {.platform = "plat"};
	const struct links none = {0};
	const struct names_rules rules = {w->suffixes, w->list, NULL, "", &none};
	CHECK(names_read(&rules, LIT(""), LIT("plat-verify.com\nexample.com\n"), &f), "read");
	CHECK(f.domain_count == 1 && strcmp(f.domain[0], "example.com") == 0, "got %s",
	      f.domain[0]);
}

static void test_many(void **state)
{
	struct letter_world *w = *state;
	const struct links none = {0};
	const struct names_rules rules = {w->suffixes, w->list, NULL, "", &none};
	for (unsigned past = 0; past < 2; past++) {
		struct str text = {0};
		struct finding f = {0};
		for (unsigned twice = 0; twice < 2; twice++)
			for (unsigned i = 0; i < LIMIT_DOMAINS_COUNTED + past; i++)
				str_printf(&text, "2026-12-06 n%u.com\n", i);
		CHECK(names_read(&rules, LIT(""), (struct slice){text.p, text.n}, &f), "read");
		CHECK(f.domain_count == LIMIT_DOMAINS_COUNTED, "past %u: %u", past, f.domain_count);
		CHECK(f.domain_kept == LIMIT_DOMAINS && strcmp(f.domain[19], "n19.com") == 0, "%u",
		      f.domain_kept);
		str_free(&text);
	}
	static const unsigned edge[] = {LIMIT_DOMAINS, LIMIT_DOMAINS + 1};
	for (unsigned k = 0; k < 2; k++) {
		struct str text = {0};
		struct finding f = {0};
		for (unsigned i = 0; i < edge[k]; i++)
			str_printf(&text, "n%u.com\n", i);
		CHECK(names_read(&rules, LIT(""), (struct slice){text.p, text.n}, &f), "read");
		CHECK(f.domain_count == edge[k] && f.domain_kept == LIMIT_DOMAINS, "%u",
		      f.domain_count);
		str_free(&text);
	}
}

/* Hostile repetition ends soon. */
static void test_linear(void **state)
{
	struct letter_world *w = *state;
	static const char *const unit[] = {
	    "a.",      "a.com ",      "a.com", "\xe3\x81\x82", "\xe3\x81\x82.com",
	    "domain ", "2026-12-06 ", "-",     "..",           "www.",
	    "x@",      "\n"};
	const struct links none = {0};
	const struct names_rules rules = {w->suffixes, w->list, NULL, "", &none};
	for (size_t i = 0; i < COUNT_OF(unit); i++) {
		struct str text = {0};
		struct finding f = {0};
		while (text.n < LIMIT_TEXT_BYTES)
			str_puts(&text, unit[i]);
		CHECK(names_read(&rules, LIT(""), (struct slice){text.p, text.n}, &f), "%s",
		      unit[i]);
		CHECK(f.domain_count <= 1, "%s: %u", unit[i], f.domain_count);
		str_free(&text);
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
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_platform_seen),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_linear),
	};
	return cmocka_run_group_tests_name("letter_names", tests, set_up, tear_down);
}
