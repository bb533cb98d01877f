/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lists that are installed: they are read and linted without an error, nothing is enabled
 * without evidence, every file is installed, and links that registrars are known to send fit the
 * shapes of their entries while near ones do not.
 */
#include <dirent.h>
#include <stdio.h>

#include "rules/core/lint.h"
#include "tests/rules/table.h"

enum {
	NOW = 1795305600, /* 2026-11-22T00:00:00Z */
	FILES_MOST = 100,
};

static struct list *list;
static struct suffixes *suffixes;
static struct diags diags;
static struct str files[FILES_MOST];
static char *names[FILES_MOST];
static size_t file_count;

static void path_of(const char *name, struct str *to)
{
	const char *srcdir = getenv("srcdir");
	str_printf(to, "%s/%s", srcdir ? srcdir : ".", name);
}

static int is_list(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);
	return n > 5 && strcmp(entry->d_name + n - 5, ".list") == 0;
}

static void read_files(void)
{
	struct str folder = {0};
	struct dirent **found;
	path_of("rules/lists", &folder);
	int n = scandir(str_text(&folder), &found, is_list, alphasort);
	CHECK(n > 0 && n < FILES_MOST, "%s: %d lists", str_text(&folder), n);
	for (int i = 0; i < n; i++) {
		struct str path = {0};
		str_printf(&path, "%s/%s", str_text(&folder), found[i]->d_name);
		assert_int_equal(str_read_file(str_text(&path), LIMIT_LIST_BYTES, &files[i]), 0);
		names[i] = slice_dup(slice_of(found[i]->d_name));
		str_free(&path);
		free(found[i]);
	}
	file_count = (size_t)n;
	free(found);
	str_free(&folder);
}

static int set_up(void **state)
{
	(void)state;
	suffixes = suffixes_open();
	list = list_new();
	assert_non_null(suffixes);
	assert_non_null(list);
	read_files();
	for (size_t i = 0; i < file_count; i++) {
		struct slice text = {files[i].p, files[i].n};
		assert_int_equal(list_parse(list, text, names[i], false, &diags), 0);
	}
	assert_int_equal(list_finish(list, &diags), 0);
	lint_list(list, suffixes, NOW, &diags);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	list_free(list);
	suffixes_close(suffixes);
	diag_free(&diags);
	for (size_t i = 0; i < file_count; i++) {
		str_free(&files[i]);
		free(names[i]);
	}
	return 0;
}

/* -- the files ------------------------------------------------------------------------------ */

static void there_is_no_error(void **state)
{
	(void)state;
	for (size_t i = 0; i < diags.count; i++)
		if (diags.list[i].level == DIAG_ERROR)
			print_error("%s:%u:%u: %s\n", diags.list[i].file, diags.list[i].line,
				    diags.list[i].column, diags.list[i].text);
	assert_int_equal(diags.errors, 0);
	assert_true(list_count(list) > 0);
}

/* A link shows one platform; and who tests a file of their own is told nothing about ours. */
static void no_two_platforms_claim_a_link(void **state)
{
	(void)state;
	for (size_t i = 0; i < diags.count; i++)
		CHECK(strncmp(diags.list[i].text, "platform ", 9) != 0, "%s:%u: %s",
		      diags.list[i].file, diags.list[i].line, diags.list[i].text);
}

static void every_file_is_installed(void **state)
{
	(void)state;
	struct str path = {0}, makefile = {0}, entry = {0};
	path_of("rules/local.mk", &path);
	assert_int_equal(str_read_file(str_text(&path), 1024 * 1024, &makefile), 0);
	for (size_t i = 0; i < file_count; i++) {
		str_reset(&entry);
		str_printf(&entry, "rules/lists/%s", names[i]);
		CHECK(strstr(str_text(&makefile), str_text(&entry)), "%s is not in rules/local.mk",
		      str_text(&entry));
	}
	str_free(&path);
	str_free(&makefile);
	str_free(&entry);
}

static void nothing_is_enabled_without_evidence(void **state)
{
	(void)state;
	for (size_t i = 0; i < list_count(list); i++) {
		const struct sender *s = list_at(list, i);
		if (!s->enabled) {
			CHECK(s->note, "%s is disabled without a Note", s->name);
			continue;
		}
		CHECK(s->from, "%s is a whole domain", s->name);
		CHECK(s->evidence_count > 0, "%s has no Evidence", s->name);
		CHECK(s->confidence == 'A' || s->confidence == 'B', "%s has confidence %c", s->name,
		      s->confidence ? s->confidence : '?');
		CHECK(s->last_seen, "%s has no Last-Seen", s->name);
		CHECK(s->registrar, "%s does not say who it is", s->name);
		CHECK(
		    s->iana_id || (s->note && strstr(s->note, "registrar behind it is not named")),
		    "%s has no IANA-Id and does not say why", s->name);
	}
}

/* A confirmation closes a matter; no registrar documents one, and resellers write such texts. */
static void nobody_is_believed_to_confirm(void **state)
{
	(void)state;
	for (size_t i = 0; i < list_count(list); i++)
		CHECK(!(list_at(list, i)->classes & 1u << CLASS_VERIFIED), "%s sends verified",
		      list_at(list, i)->name);
}

static void canonical_text_reads_as_it_stands(void **state)
{
	(void)state;
	struct diags none = {0};
	struct str once = {0}, twice = {0};
	struct list *l = list_new();
	assert_non_null(l);
	for (size_t round = 0; round < 2; round++) {
		const struct list *from = round ? l : list;
		struct str *to = round ? &twice : &once;
		for (size_t i = 0; i < list_platform_count(from); i++) {
			platform_print(list_platform_at(from, i), to);
			str_putc(to, '\n');
		}
		for (size_t i = 0; i < list_count(from); i++) {
			sender_print(list_at(from, i), to);
			str_putc(to, '\n');
		}
		list_print_hosts(from, to);
		if (round == 0) {
			struct slice text = {once.p, once.n};
			assert_int_equal(list_parse(l, text, "canonical", false, &none), 0);
			assert_int_equal(list_finish(l, &none), 0);
		}
	}
	assert_int_equal(none.errors + none.warnings, 0);
	assert_string_equal(str_text(&once), str_text(&twice));
	list_free(l);
	str_free(&once);
	str_free(&twice);
}

/* -- what they say -------------------------------------------------------------------------- */

static const struct {
	const char *from;
	enum class_id class;
	bool enabled;
} senders[] = {
    {"noreply@emailverification.info", CLASS_VERIFICATION, true},
    {"noreply@emailverification.info", CLASS_CHANGE_OF_REGISTRANT, true},
    {"noreply@emailverification.info", CLASS_TRANSFER_OUT, true},
    {"support@emailverification.info", CLASS_VERIFICATION, false},
    {"noreply@expirationwarning.net", CLASS_RENEWAL, true},
    {"support@icann.netsite.dk", CLASS_CHANGE_OF_REGISTRANT, true},
    {"info@ips.nl", CLASS_VERIFICATION, true},
    {"noreply@icann.glauca.digital", CLASS_CHANGE_OF_REGISTRANT, false},
    {"registrant-verification@ispapi.net", CLASS_VERIFICATION, true},
    {"wdrp-no-reply@ispapi.net", CLASS_WDRP, true},
    {"no-reply@domainrenewals.ispapi.net", CLASS_RENEWAL, true},
    {"no-reply@ispapi.net", CLASS_CHANGE_OF_REGISTRANT, true},
    {"transfers@1api.net", CLASS_CHANGE_OF_REGISTRANT, true},
    {"no-reply@registrant-verification.net", CLASS_VERIFICATION, false},
    {"helpdesk@switchplus.ch", CLASS_TRANSFER_OUT, false},
    {"donotreply@name-services.com", CLASS_VERIFICATION, true},
    {"donotreply@name-services.com", CLASS_RENEWAL, true},
    {"donotreply@name-services.com", CLASS_TRANSFER_IN, true},
    {"info@transfer-approval.com", CLASS_TRANSFER_OUT, false},
    {"team+domains@webhostingm.com", CLASS_VERIFICATION, false},
    {"verification@namecheap.com", CLASS_VERIFICATION, true},
    {"support@namecheap.com", CLASS_SUSPENSION, true},
    {"anybody@namecheap.com", CLASS_SUSPENSION, false},
    {"noreply@domainnameverification.net", CLASS_VERIFICATION, true},
    {"noreply@registrar.amazon", CLASS_TRANSFER_OUT, true},
    {"noreply@registrar.amazon.com", CLASS_VERIFICATION, true},
    {"anybody@registrar.scaleway.com", CLASS_VERIFICATION, false},
    {"anybody@registrar.online.net", CLASS_VERIFICATION, false},
    {"anybody@bookmyname.com", CLASS_VERIFICATION, false},
    {"do-not-reply@domain-robot.org", CLASS_VERIFICATION, true},
    {"domains@hix.nl", CLASS_VERIFICATION, true},
    {"anybody@joker.com", CLASS_VERIFICATION, false},
    {"verification-noreply@onamae.com", CLASS_VERIFICATION, true},
    {"noreply@opensrs.email", CLASS_VERIFICATION, true},
    {"billing@staff.aruba.it", CLASS_VERIFICATION, true},
    {"dom-mgt@openprovider.nl", CLASS_RENEWAL, true},
    {"reminder@registrant-verification.com", CLASS_VERIFICATION, true},
    {"no-reply@domrobot.com", CLASS_VERIFICATION, true},
    {"support@domainvalidation.com", CLASS_VERIFICATION, true},
    {"anybody@domainvalidation.com", CLASS_VERIFICATION, false},
    {"validierung@domainvalidierung.de", CLASS_NIS2, true},
    {"support@dnsimple.com", CLASS_NIS2, true},
    {"anybody@your-emailverification.de", CLASS_NIS2, false},
    {"en@hostingerdomains.com", CLASS_VERIFICATION, false},
    {"info@matbao.com", CLASS_SUSPENSION, true},
    {"anybody@webverge.io", CLASS_VERIFICATION, false},
    {"mail@hostnet-reg.com", CLASS_VERIFICATION, true},
    {"nic@nic.fr", CLASS_CHANGE_OF_REGISTRANT, true},
    {"registrar@astutium.com", CLASS_WDRP, false},
    {"no-reply@mainnameserver.com", CLASS_VERIFICATION, false},
    {"domains-noreply@google.com", CLASS_VERIFICATION, false},
    {"anybody@ovh.com", CLASS_SUSPENSION, false},
};

static const struct sender *find(const char *from)
{
	struct address a = {0};
	snprintf(a.text, sizeof(a.text), "%s", from);
	snprintf(a.domain, sizeof(a.domain), "%s", strchr(from, '@') + 1);
	return list_find(list, &a);
}

static void known_senders_are_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(senders); i++) {
		const struct sender *s = find(senders[i].from);
		CHECK(s, "%s is not listed", senders[i].from);
		CHECK(s->classes & 1u << senders[i].class, "%s: class %s", senders[i].from,
		      class_name(senders[i].class));
		CHECK(s->enabled == senders[i].enabled, "%s: enabled %d", senders[i].from,
		      s->enabled);
	}
	assert_null(find("noreply@amazon.com"));
	assert_null(find("noreply@gandi.net"));
}

static const struct {
	const char *from, *host, *path;
	bool fits;
} links[] = {
    {"noreply@emailverification.info", "www.emailverification.info",
     "/?trigger=MTc3MDkwNTAzMC4&email=owner@example.com", true},
    {"noreply@emailverification.info", "emailverification.info", "/", true},
    {"noreply@emailverification.info", "icann-transfers.key-systems.net",
     "/?type=ownerchange&transferlock=1&transferlockoverride=0&trigger=abc&action=APPROVE", true},
    {"noreply@emailverification.info", "icann-transfers.key-systems.net",
     "/?type=ownerchange&trigger=abc&action=DENY", true},
    {"noreply@emailverification.info", "icann-transfers.key-systems.net",
     "/?type=ownerchange&trigger=abc&action=APPROVE&to=evil.example", false},
    {"noreply@emailverification.info", "key-systems.net", "/?trigger=abc", false},
    {"noreply@emailverification.info", "emailverification.info", "/?trigger=abc&url=x", false},
    {"noreply@emailverification.info", "emailverification.info.example", "/?trigger=abc", false},
    {"info@ips.nl", "emailverification.info", "/?trigger=abc", true},
    {"info@ips.nl", "ips.nl", "/?trigger=abc", false},
    {"registrant-verification@ispapi.net", "registrant-email-verification.ispapi.net",
     "/?approve&token=abc&lang=en", true},
    {"registrant-verification@ispapi.net", "registrant-email-verification-ispapi.net",
     "/?approve&token=abc&lang=en", false},
    {"donotreply@name-services.com", "raa.name-services.com",
     "/raaverification/verification.aspx?VerificationCode=A8E3763E-EE70-42DB", true},
    {"donotreply@name-services.com", "www.enom.com",
     "/raaverification/verification.aspx?VerificationCode=A8E3763E-EE70-42DB", true},
    {"donotreply@name-services.com", "www.enom.com", "/login.aspx", false},
    {"donotreply@name-services.com", "raa.name-services.com.example",
     "/raaverification/verification.aspx?VerificationCode=A8E3763E", false},
    {"support@namecheap.com", "raa.namecheap.com", "/ConfirmProfile.aspx?VerificationKey=a-b-c",
     true},
    {"support@namecheap.com", "raa1.namecheap.com",
     "/raaverification/verification.aspx?VerificationCode=a-b", true},
    {"support@namecheap.com", "links.namecheap.com", "/ls/click?upn=abc", false},
    {"support@namecheap.com", "www.namecheap.com", "/", false},
    {"noreply@domainnameverification.net", "check.gandi.net", "/?hash=0123abcd", true},
    {"noreply@domainnameverification.net", "domainnameverification.net", "/v/x?y=z", true},
    {"noreply@domainnameverification.net", "www.gandi.net", "/", false},
    {"do-not-reply@domain-robot.org", "ocval.domain-robot.org", "/?hash=0123abcd", true},
    {"do-not-reply@domain-robot.org", "ocval.domain-robot.org", "/ocval/0123abcd", true},
    {"do-not-reply@domain-robot.org", "ocval.domain-robot.org", "/ocval/../x", false},
    {"domains@hix.nl", "csl-registrar.com", "/email/confirm_link/abc", true},
    {"domains@hix.nl", "csl-registrar.com", "/email/other/abc", false},
    {"anybody@bookmyname.com", "bookmyname.com", "/waps.cgi?key=ABC", true},
    {"anybody@bookmyname.com", "bookmyname.com", "/waps.cgi?key=ABC&x=y", false},
    {"noreply@opensrs.email", "approve.domainadmin.com",
     "/registrant/?verification_id=1&key=a&rid=2", true},
    {"noreply@opensrs.email", "domainadmin.com", "/registrant/?verification_id=1&key=a&rid=2",
     false},
    {"noreply@opensrs.email", "approve.domainadmin.com",
     "/registrant/?verification_id=1&key=a&rid=2&next=x", false},
    {"billing@staff.aruba.it", "www.aruba.it", "/", false},
    {"reminder@registrant-verification.com", "registrant-verification.com", "/a/b?c=d", true},
    {"reminder@registrant-verification.com", "registrant-verification.net", "/a/b?c=d", false},
    {"reminder@registrant-verification.com", "x.registrant-verification.com", "/", false},
    {"validierung@domainvalidierung.de", "www.domainvalidierung.de", "/x", true},
    {"support@dnsimple.com", "dnsimple.com", "/email_verification/abc", true},
    {"support@dnsimple.com", "dnsimple.com", "/login", false},
    {"support@dnsimple.com", "x.dnsimple.com", "/email_verification/abc", false},
    {"info@matbao.com", "matbao.myorderbox.com",
     "/linkhandler/servlet/ValidateRAAServlet?id=1&token=a", false},
    {"anybody@webverge.io", "webverge.myorderbox.com",
     "/linkhandler/servlet/ValidateRAAServlet?id=1&token=a", true},
    {"anybody@webverge.io", "others.myorderbox.com",
     "/linkhandler/servlet/ValidateRAAServlet?id=1&token=a", false},
    {"noreply@registrar.amazon", "approvemove.com", "/", false},
};

static bool fits_any(const struct shape *shape, size_t count, const char *host, struct slice path)
{
	for (size_t i = 0; i < count; i++)
		if (shape_match(&shape[i], host, path))
			return true;
	return false;
}

static bool fits(const struct sender *s, const char *host, struct slice path)
{
	const struct platform *p = s->platform;
	return fits_any(s->link, s->link_count, host, path) ||
	       (p && fits_any(p->link, p->link_count, host, path));
}

static void known_links_fit_and_near_ones_do_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(links); i++) {
		const struct sender *s = find(links[i].from);
		bool got = s && fits(s, links[i].host, slice_of(links[i].path));
		CHECK(got == links[i].fits, "%s: %s%s %s", links[i].from, links[i].host,
		      links[i].path, got ? "fits" : "does not fit");
	}
}

/* What shows a platform and blesses nothing. */
static const struct {
	const char *platform, *host, *path;
	bool fits;
} recognised[] = {
    {"pdr", "any-shop.myorderbox.com",
     "/linkhandler/servlet/ValidateRAAServlet?id=12&token=0123456789abcdef&lang=en", true},
    {"pdr", "any-shop.myorderbox.com", "/linkhandler/servlet/ValidateRAAServlet?id=12", false},
    {"pdr", "any-shop.myorderbox.com", "/", false},
    {"pdr", "myorderbox.com", "/linkhandler/servlet/ValidateRAAServlet?id=12&token=a", false},
    {"amazon", "approvemove.com", "/decline?code=a", true},
    {"verify-whois", "www.verify-whois.com", "/x", true},
    {"http-net", "confirm.routing.net", "/x", true},
    {"http-net", "routing.net", "/x", false},
    {"realtime-register", "mydomainprovider.com", "/x", true},
};

static void what_shows_a_platform_blesses_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(recognised); i++) {
		const struct platform *p = list_find_platform(list, recognised[i].platform);
		struct slice path = slice_of(recognised[i].path);
		assert_non_null(p);
		bool got = fits_any(p->recognise, p->recognise_count, recognised[i].host, path);
		CHECK(got == recognised[i].fits, "%s: %s%s %s", p->name, recognised[i].host,
		      recognised[i].path, got ? "fits" : "does not fit");
		CHECK(!fits_any(p->link, p->link_count, recognised[i].host, path), "%s: %s%s",
		      p->name, recognised[i].host, recognised[i].path);
	}
}

/* A reseller's own address: its name, From, Platform and Classes are enough. */
static void a_white_label_needs_its_platform_alone(void **state)
{
	(void)state;
	struct diags none = {0};
	struct list *l = list_new();
	struct str text = {0};
	size_t count = list_platform_count(list);
	for (size_t i = 0; i < count; i++) {
		platform_print(list_platform_at(list, i), &text);
		str_printf(&text,
			   "\nSender: label-%zu\nFrom: domains@label-%zu.example\nPlatform: %s\n"
			   "Classes: verification\n\n",
			   i, i, list_platform_at(list, i)->name);
	}
	assert_int_equal(list_parse(l, (struct slice){text.p, text.n}, "site", true, &none), 0);
	assert_int_equal(list_finish(l, &none), 0);
	lint_list(l, suffixes, NOW, &none);
	assert_int_equal(none.errors, 0);
	assert_int_equal(list_count(l), count);
	for (size_t i = 0; i < count; i++) {
		const struct sender *s = list_at(l, i);
		const struct platform *p = list_find_platform(list, s->platform_name);
		CHECK(s->enabled && s->platform->link_count == p->link_count, "%s", p->name);
		CHECK(sender_days(s, CLASS_VERIFICATION) == p->days[CLASS_VERIFICATION], "%s",
		      p->name);
	}
	list_free(l);
	diag_free(&none);
	str_free(&text);
}

static void domains_that_carry_others_pages_say_so(void **state)
{
	(void)state;
	assert_non_null(find("noreply@registrar.amazon.com")->shared_domain);
	assert_non_null(find("support@namecheap.com")->shared_domain);
	assert_non_null(find("verification@namecheap.com")->shared_domain);
	assert_null(find("noreply@registrar.amazon")->shared_domain);
	assert_non_null(find("no-reply@squarespace.com")->shared_domain);
	assert_non_null(find("customercare@squarespace.com")->shared_domain);
	assert_non_null(find("wix-team@registrar.wix.com")->shared_domain);
	assert_non_null(find("premium@webnode.com")->shared_domain);
	assert_non_null(find("sales@godaddy.com")->shared_domain);
	assert_non_null(find("accounts@dynadot.com")->shared_domain);
	assert_non_null(find("noreply@european-server.com")->shared_domain);
	assert_true(find("billing@staff.aruba.it")->strict);
}

static void harmless_and_tracking_hosts(void **state)
{
	(void)state;
	static const struct slice page = LIT("/resources/pages/transfer-policy-2016-06-01-en");
	assert_true(list_is_harmless(list, "www.icann.org", page));
	assert_false(list_is_harmless(list, "go.icann.org", page));
	assert_false(list_is_harmless(list, "www.icann.org", LIT("/?u=//evil.example")));
	assert_true(list_is_harmless(list, "www.namecheap.com",
				     LIT("/legal/domains/registration-agreement.aspx")));
	assert_true(list_is_tracking(list, "u123.ct.sendgrid.net"));
	assert_true(list_is_tracking(list, "links.namecheap.com"));
	assert_true(list_is_tracking(list, "go.icann.org"));
	assert_true(list_is_tracking(list, "bit.ly"));
	assert_false(list_is_tracking(list, "raa.namecheap.com"));
	assert_false(list_is_tracking(list, "www.icann.org"));
}

/* -- hostile text --------------------------------------------------------------------------- */

static uint32_t roll(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* Spoiled copies of the lists: whatever comes out is printed and read again without an error. */
static void spoiled_lists_do_no_harm(void **state)
{
	(void)state;
	static const char spice[] = "\n\n: #\t,.[]*/@%\0\r\x80\xc3\xff"
				    "aZ0-";
	uint32_t chance = 7;
	for (unsigned round = 0; round < 3000; round++) {
		const struct str *file = &files[round % file_count];
		struct slice text = tight((struct slice){file->p, file->n});
		char *p = (char *)(uintptr_t)text.p;
		for (unsigned i = roll(&chance) % 40; i > 0; i--)
			p[roll(&chance) % text.n] = spice[roll(&chance) % (sizeof(spice) - 1)];
		struct diags some = {0}, none = {0};
		struct str printed = {0};
		struct list *l = list_new(), *again = list_new();
		assert_int_equal(list_parse(l, text, "spoiled", false, &some), 0);
		tight_free(text);
		assert_int_equal(list_finish(l, &some), 0);
		for (size_t i = 0; i < list_platform_count(l); i++) {
			platform_print(list_platform_at(l, i), &printed);
			str_putc(&printed, '\n');
		}
		for (size_t i = 0; i < list_count(l); i++) {
			sender_print(list_at(l, i), &printed);
			str_putc(&printed, '\n');
		}
		list_print_hosts(l, &printed);
		assert_int_equal(
		    list_parse(again, (struct slice){printed.p, printed.n}, "again", false, &none),
		    0);
		assert_int_equal(list_finish(again, &none), 0);
		CHECK(none.errors == 0, "round %u: %s in\n%s", round, none.list[0].text,
		      str_text(&printed));
		assert_int_equal(list_count(again), list_count(l));
		list_free(l);
		list_free(again);
		str_free(&printed);
		diag_free(&some);
		diag_free(&none);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(there_is_no_error),
	    cmocka_unit_test(no_two_platforms_claim_a_link),
	    cmocka_unit_test(every_file_is_installed),
	    cmocka_unit_test(nothing_is_enabled_without_evidence),
	    cmocka_unit_test(nobody_is_believed_to_confirm),
	    cmocka_unit_test(canonical_text_reads_as_it_stands),
	    cmocka_unit_test(known_senders_are_listed),
	    cmocka_unit_test(known_links_fit_and_near_ones_do_not),
	    cmocka_unit_test(what_shows_a_platform_blesses_nothing),
	    cmocka_unit_test(a_white_label_needs_its_platform_alone),
	    cmocka_unit_test(domains_that_carry_others_pages_say_so),
	    cmocka_unit_test(harmless_and_tracking_hosts),
	    cmocka_unit_test(spoiled_lists_do_no_harm),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
