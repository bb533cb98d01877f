/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * offer.c - what a site could decide about one mail, and what is never put to it.
 */
#include "rules/core/offer.h"

#include <stdio.h>

#include "tests/rules/table.h"

static const char lists[] =
    "Platform: plat\nLink: plat.net /?t=*[&e=*]\n\n"
    "Harmless: icann\nLink: [www.]icann.org /**\n\n"
    "Tracking: track\nHost: track.net\n\n"
    "Sender: reg\nFrom: noreply@mail.reg.com\nClasses: verification\nLink: reg.com /v\n\n"
    "Sender: shop\nFrom: noreply@shop.net\nClasses: verification\nShared-Domain: shops\n\n";

struct world {
	struct list *list;
	struct suffixes *suffixes;
	struct lookalikes *lookalikes;
	struct candidate candidate;
	struct decision decision;
	struct finding finding;
};

static void open_world(struct world *w, const char *from, const char *entry)
{
	struct diags diags = {0};
	*w = (struct world){.list = list_new(), .suffixes = suffixes_open()};
	assert_true(w->list && w->suffixes);
	list_parse(w->list, slice_of(lists), "list", false, &diags);
	list_finish(w->list, &diags);
	assert_int_equal(diags.errors, 0);
	diag_free(&diags);
	w->lookalikes = lookalikes_new(w->list, w->suffixes);
	assert_non_null(w->lookalikes);
	w->candidate.from_plain = address_parse(slice_of(from), &w->candidate.from);
	assert_true(w->candidate.from_plain);
	w->decision.entry = entry ? list_find_name(w->list, entry) : NULL;
	w->decision.verdict = entry ? VERDICT_KNOWN : VERDICT_UNLISTED;
	for (int i = 0; i < CONDITION_COUNT; i++)
		w->decision.condition[i] = PROOF_YES;
	w->decision.condition[CONDITION_LINKS] = entry ? PROOF_NO : PROOF_UNKNOWN;
	w->decision.reasons = 1u << (entry ? REASON_LINKS : REASON_NOT_LISTED);
	w->finding.dkim_count = 2;
	w->finding.dkim[0] = (struct finding_dkim){"other.net", "s0", AUTH_PASS, 0, 0};
	w->finding.dkim[1] = (struct finding_dkim){"mail.reg.com", "s1", AUTH_PASS, 0, 0};
	w->decision.dkim_aligned[1] = true;
}

static void close_world(struct world *w)
{
	lookalikes_free(w->lookalikes);
	list_free(w->list);
	suffixes_close(w->suffixes);
}

static void add_link(struct world *w, const char *host, const char *shape, bool expected)
{
	struct finding_link *l = &w->finding.link[w->finding.link_kept++];
	snprintf(l->host, sizeof l->host, "%s", host);
	snprintf(l->shape, sizeof l->shape, "%s", shape);
	l->expected = expected;
	w->finding.link_count++;
	w->finding.link_expected += expected;
}

/* "kind org host shape; …" */
static void check(struct world *w, const char *want)
{
	static const char *const kinds[] = {"no", "sender", "links"};
	struct offer o;
	struct str got = {0};
	memset(&o, 0x55, sizeof o);
	offer_find(w->list, w->suffixes, w->lookalikes, &w->candidate, &w->decision, &w->finding,
		   &o);
	str_puts(&got, kinds[o.kind]);
	for (uint32_t i = 0; i < o.link_count; i++)
		str_printf(&got, "; %s %s", o.link[i].host, o.link[i].shape);
	if (o.more)
		str_puts(&got, "; more");
	CHECK(strcmp(str_text(&got), want) == 0, "got \"%s\", want \"%s\"", str_text(&got), want);
	str_free(&got);
}

static void of_a_sender(void **state)
{
	(void)state;
	struct world w;
	struct offer o;
	open_world(&w, "a@sub.reseller.co.uk", NULL);
	snprintf(w.finding.platform, sizeof w.finding.platform, "plat");
	snprintf(w.finding.domain[0], sizeof w.finding.domain[0], "example.com");
	w.finding.domain_kept = w.finding.domain_count = 1;
	add_link(&w, "plat.net", "/?t=*", false);
	add_link(&w, "plat.net", "/?t=*", false); /* once is enough */
	add_link(&w, "www.icann.org", "/en", false);
	add_link(&w, "x.track.net", "/c", false);
	add_link(&w, "www.example.com", "/", false);
	add_link(&w, "pages.shop.net", "/", false);
	add_link(&w, "odd.net", "", false);
	add_link(&w, "co.uk", "/", false);
	check(&w,
	      "sender; plat.net /?t=*; x.track.net ; www.example.com ; pages.shop.net ; odd.net "
	      "; co.uk ");
	offer_find(w.list, w.suffixes, w.lookalikes, &w.candidate, &w.decision, &w.finding, &o);
	assert_string_equal(o.org, "reseller.co.uk");
	assert_string_equal(o.platform, "plat");
	assert_string_equal(o.d, "mail.reg.com");
	assert_string_equal(o.s, "s1");
	/* a platform that the list does not have */
	snprintf(w.finding.platform, sizeof w.finding.platform, "nowhere");
	offer_find(w.list, w.suffixes, w.lookalikes, &w.candidate, &w.decision, &w.finding, &o);
	assert_string_equal(o.platform, "");
	w.decision.verdict = VERDICT_NONE;
	check(&w, "no");
	w.decision.verdict = VERDICT_UNLISTED;
	w.candidate.from_plain = false;
	check(&w, "no");
	close_world(&w);
}

/* OFFER_LINKS_MOST of them, and one more; more than were kept. */
static void of_many_links(void **state)
{
	(void)state;
	struct world w;
	struct offer o;
	open_world(&w, "a@reseller.net", NULL);
	for (int i = 0; i <= OFFER_LINKS_MOST; i++) {
		char host[32];
		snprintf(host, sizeof host, "h%d.net", i);
		add_link(&w, host, "/", false);
		offer_find(w.list, w.suffixes, w.lookalikes, &w.candidate, &w.decision, &w.finding,
			   &o);
		assert_int_equal(o.link_count, i < OFFER_LINKS_MOST ? i + 1 : OFFER_LINKS_MOST);
		assert_int_equal(o.more, i == OFFER_LINKS_MOST);
	}
	w.finding.link_kept = 1;
	check(&w, "sender; h0.net /; more");
	close_world(&w);
	open_world(&w, "noreply@mail.reg.com", "reg");
	for (int i = 0; i < OFFER_LINKS_MOST; i++) {
		char host[32];
		snprintf(host, sizeof host, "h%d.net", i);
		add_link(&w, host, "/", false);
	}
	offer_find(w.list, w.suffixes, w.lookalikes, &w.candidate, &w.decision, &w.finding, &o);
	assert_int_equal(o.kind, OFFER_LINKS);
	add_link(&w, "one.more.net", "/", false);
	check(&w, "no");
	close_world(&w);
}

static void of_links(void **state)
{
	(void)state;
	struct world w;
	open_world(&w, "noreply@mail.reg.com", "reg");
	check(&w, "no"); /* none is unexpected */
	add_link(&w, "new.net", "/v/*", false);
	add_link(&w, "reg.com", "", true);
	check(&w, "links; new.net /v/*");
	w.finding.link_count = FINDING_LINKS + 5;
	check(&w, "no"); /* some that fail are not among those kept */
	w.finding.link_count = 2;
	w.decision.reasons = 1u << REASON_LINKS | 1u << REASON_LINK_EVIDENCE;
	check(&w, "links; new.net /v/*");
	/* any other fault */
	for (int r = 0; r < REASON_COUNT; r++) {
		if (r == REASON_LINKS || r == REASON_LINK_EVIDENCE)
			continue;
		w.decision.reasons = 1u << REASON_LINKS | 1u << r;
		check(&w, "no");
	}
	w.decision.reasons = 1u << REASON_LINKS;
	for (int i = 0; i < CONDITION_COUNT; i++) {
		enum proof was = w.decision.condition[i];
		w.decision.condition[i] = PROOF_UNKNOWN;
		check(&w, "no");
		w.decision.condition[i] = was;
	}
	w.decision.verdict = VERDICT_UNPROVEN;
	check(&w, "no");
	w.decision.verdict = VERDICT_KNOWN;
	close_world(&w);
}

static void what_is_never_offered(void **state)
{
	(void)state;
	static const struct {
		const char *host, *shape;
	} rows[] = {
	    {"track.net", "/v"},         /* tracking */
	    {"a.track.net", "/v"},       /* likewise */
	    {"co.uk", "/v"},             /* a public suffix */
	    {"example.com", "/v"},       /* what the mail is about */
	    {"www.example.com", "/v"},   /* likewise */
	    {"shop.net", "/v"},          /* others' pages */
	    {"my.pages.shop.net", "/v"}, /* likewise */
	    {"reg.com.evil.net", "/v"},  /* imitates a listed name */
	    {"plat-net.com", "/v"},      /* likewise */
	    {"new.net", ""},             /* no shape: odd, misleading, a redirector */
	    {"", ""},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct world w;
		open_world(&w, "noreply@mail.reg.com", "reg");
		snprintf(w.finding.domain[0], sizeof w.finding.domain[0], "example.com");
		w.finding.domain_kept = w.finding.domain_count = 1;
		add_link(&w, "fine.net", "/v", false);
		check(&w, "links; fine.net /v");
		add_link(&w, rows[i].host, rows[i].shape, false);
		check(&w, "no");
		close_world(&w);
	}
	/* Of a sender whose own domain is shared it is for the person to say (senders accept). */
	struct world w;
	open_world(&w, "noreply@shop.net", "shop");
	w.decision.reasons = 1u << REASON_LINK_EVIDENCE;
	add_link(&w, "verify.shop.net", "/v/*", false);
	check(&w, "links; verify.shop.net /v/*");
	close_world(&w);
}

static void shapes_of_shapes(void **state)
{
	(void)state;
	struct world w;
	open_world(&w, "a@reseller.net", NULL);
	const struct platform *p = list_find_platform(w.list, "plat");
	assert_true(offer_fits(p->link, p->link_count, "plat.net", "/?t=*"));
	assert_true(offer_fits(p->link, p->link_count, "plat.net", "/?t=*&e=*"));
	assert_false(offer_fits(p->link, p->link_count, "plat.net", "/?t=*&f=*"));
	assert_false(offer_fits(p->link, p->link_count, "www.plat.net", "/?t=*"));
	assert_true(offer_is_harmless(w.list, "icann.org", "/a/*"));
	assert_false(offer_is_harmless(w.list, "icann.org", ""));
	assert_false(offer_is_harmless(w.list, "icann.net", "/a/*"));
	close_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(of_a_sender),      cmocka_unit_test(of_many_links),
	    cmocka_unit_test(of_links),         cmocka_unit_test(what_is_never_offered),
	    cmocka_unit_test(shapes_of_shapes),
	};
	return cmocka_run_group_tests_name("offer", tests, NULL, NULL);
}
