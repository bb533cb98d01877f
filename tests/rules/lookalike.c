/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lookalike: what imitates a listed name and what does not, by table; listed names; all hits.
 */
#include <stdio.h>

#include "rules/core/lookalike.h"
#include "tests/rules/table.h"

/* Kinds of senders: enabled; disabled with and without evidence; the site's own; link hosts. */
static const char shipped_text[] =
    "Platform: plat\nLink:\n [www.]csl-registrar.example /x\n raa.name-services.com /y\n"
    "Recognise: *.orderpanel.com /**\n\n"
    "Sender: ks\nFrom: noreply@emailverification.info\nClasses: verification\nPlatform: plat\n\n"
    "Sender: rn\nFrom: a@internetbroker.com\nClasses: verification\n\n"
    "Sender: vv\nFrom: a@wowverify.net\nClasses: verification\n\n"
    "Sender: enom\nFrom: info2@enom.com\nClasses: verification\n\n"
    "Sender: api\nFrom: abuse@1api.net\nClasses: verification\n\n"
    "Sender: ips\nFrom: info@ips.nl\nClasses: verification\n\n"
    "Sender: amazon\nFrom: noreply@registrar.amazon\nClasses: verification\n\n"
    "Sender: below\nFrom: no-reply@domainrenewals.ispapi.net\nClasses: renewal\n"
    "Link: check.gandi.net /?hash=*\n\n"
    "Sender: online\nFrom: a@registrar.online.net\nClasses: renewal\n\n"
    "Sender: rv-com\nFrom: reminder@registrant-verification.com\nClasses: verification\n\n"
    "Sender: rv-net\nFrom: no-reply@registrant-verification.net\nClasses: verification\n"
    "Confidence: C\nStatus: disabled\n\n"
    "Sender: off-b\nFrom: a@scalewaves.com\nClasses: verification\nConfidence: B\n"
    "Evidence: https://e.example/\nStatus: disabled\n\n"
    "Sender: off-c\nFrom: a@mentionedonce.com\nClasses: verification\nConfidence: C\n"
    "Evidence: https://e.example/\nStatus: disabled\n\n"
    "Sender: off-unsaid\nFrom: a@unevidenced.com\nClasses: verification\nConfidence: A\n"
    "Status: disabled\n\n"
    "Sender: idn\nFrom: a@xn--mnchendomains-wob.de\nClasses: verification\n\n";
static const char local_text[] =
    "Sender: own\nFrom: domains@emailverification.example\nClasses: verification\n";

static struct suffixes *suffixes;
static struct list *list;
static struct lookalikes *lookalikes;

static int set_up(void **state)
{
	(void)state;
	struct diags diags = {0};
	suffixes = suffixes_open();
	list = list_new();
	assert_non_null(suffixes);
	assert_non_null(list);
	assert_int_equal(list_parse(list, slice_of(shipped_text), "shipped", false, &diags), 0);
	assert_int_equal(list_parse(list, slice_of(local_text), "own", true, &diags), 0);
	assert_int_equal(list_finish(list, &diags), 0);
	diag_print(&diags, stderr);
	assert_int_equal(diags.errors, 0);
	diag_free(&diags);
	lookalikes = lookalikes_new(list, suffixes);
	assert_non_null(lookalikes);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	lookalikes_free(lookalikes);
	lookalikes_free(NULL);
	list_free(list);
	suffixes_close(suffixes);
	return 0;
}

#define CON   (1u << REASON_CONFUSABLE)
#define MIS   (1u << REASON_MISSPELT)
#define SUF   (1u << REASON_SUFFIX)
#define EMB   (1u << REASON_EMBEDDED)
#define KS    "emailverification.info"
#define NS    "name-services.com"
#define RN    "internetbroker.com"
#define VV    "wowverify.net"
#define BELOW "domainrenewals.ispapi.net"

/* Names as people see them. */
static const struct row {
	const char *name, *want; /* NULL: nobody */
	uint32_t how;
} rows[] = {
    /* the listed names and what is below them */
    {"emailverification.info", NULL, 0},
    {"www.emailverification.info", NULL, 0},
    {"a.b.emailverification.info", NULL, 0},
    {"EMAILVERIFICATION.INFO", NULL, 0},
    {"enom.com", NULL, 0},
    {"mail.enom.com", NULL, 0},
    {"csl-registrar.example", NULL, 0},
    {"raa.name-services.com", NULL, 0},
    {"hoster.orderpanel.com", NULL, 0},
    {"ispapi.net", NULL, 0},
    {"other.ispapi.net", NULL, 0},
    {"gandi.net", NULL, 0},
    {"registrar.amazon", NULL, 0},
    {"registrant-verification.com", NULL, 0},
    {"registrant-verification.net", NULL, 0}, /* though that is disabled and without evidence */
    {"emailverification.example", NULL, 0},   /* the site's own */
    {"mail.emailverification.example", NULL, 0},
    {"xn--mnchendomains-wob.de", NULL, 0},
    {"mentionedonce.com", NULL, 0},

    /* one character for another that looks like it, in ASCII */
    {"emai1verification.info", KS, CON},
    {"emailverificati0n.info", KS, CON},
    {"emailverlfication.info", KS, CON},
    {"ema1lverif1cat1on.info", KS, CON},
    {"ernailverification.info", KS, CON},
    {"intemetbroker.com", RN, CON},
    {"lnternetbroker.com", RN, CON},
    {"1ntemetbr0ker.com", RN, CON},
    {"vvowverify.net", VV, CON},
    {"wovvverify.net", VV, CON},
    {"vvovvverlfy.net", VV, CON},
    {"narne-services.com", NS, CON},
    {"name-servlces.com", NS, CON},
    {"en0m.com", "enom.com", CON},
    {"enorn.com", "enom.com", CON},
    {"lapi.net", "1api.net", CON},
    {"iapi.net", "1api.net", CON},
    {"1ap1.net", "1api.net", CON},
    {"lspapi.net", "ispapi.net", CON},
    {"reglstrar.amazon", "registrar.amazon", CON},
    {"onllne.net", "online.net", CON},
    {"0nline.net", "online.net", CON},
    {"mail.emai1verification.info", KS, CON},
    {"gandl.net", "gandi.net", CON},
    /* too short */
    {"lps.nl", NULL, 0},
    {"1ps.nl", NULL, 0},

    /* characters of other scripts */
    {"еmailverification.info", KS, CON}, /* Cyrillic e */
    {"emаilverificаtion.info", KS, CON}, /* Cyrillic a */
    {"emailverificatiοn.info", KS, CON}, /* Greek o */
    {"emailverıfıcatıon.info", KS, CON}, /* dotless i */
    {"emailverificạtion.info", KS, CON}, /* a with a dot below */
    {"émailverification.info", KS, CON},
    {"emailverificatiön.info", KS, CON},
    {"emaılveriﬁcation.info", KS, CON}, /* a ligature, which IDNA maps to f and i */
    {"nаme-services.com", NS, CON},
    {"еnom.com", "enom.com", CON},
    {"enơm.com", "enom.com", CON},
    {"ispаpi.net", "ispapi.net", CON},
    {"іps.nl", "ips.nl", CON}, /* short, but no accident */
    {"ipѕ.nl", "ips.nl", CON},
    {"gаndi.net", "gandi.net", CON},
    {"regіstrar.amazon", "registrar.amazon", CON},
    {"münchendomains.de", NULL, 0},
    {"munchendomains.de", "xn--mnchendomains-wob.de", CON},
    {"munchendornains.de", "xn--mnchendomains-wob.de", CON},
    {"münchendomain.de", "xn--mnchendomains-wob.de", MIS},
    {"пример.info", NULL, 0},
    {"domаinrenewals.ispapi.net", NULL, 0}, /* below the listed name */

    /* one edit */
    {"emailverificaton.info", KS, MIS},
    {"mailverification.info", KS, MIS},
    {"emailverificatio.info", KS, MIS},
    {"emailverifiication.info", KS, MIS},
    {"emailverifications.info", KS, MIS},
    {"xemailverification.info", KS, MIS},
    {"emailverific8tion.info", KS, MIS},
    {"emailverivication.info", KS, MIS},
    {"amailverification.info", KS, MIS},
    {"emailverificatiom.info", KS, MIS},
    {"emialverification.info", KS, MIS},
    {"meailverification.info", KS, MIS},
    {"emailverificatino.info", KS, MIS},
    {"emailverific\xc3\xbe"
     "tion.info",
     KS, MIS}, /* a thorn looks like nothing here... */
    {"nameservice.com", NS, MIS},
    {"name-sevices.com", NS, MIS},
    {"name-serivces.com", NS, MIS},
    {"nane-services.com", NS, MIS},
    {"internetbrocker.com", RN, MIS},
    {"interxnetbroker.com", RN, MIS}, /* between r and n */
    {"inter-netbroker.com", RN, MIS},
    {"intenetbroker.com", RN, MIS}, /* half of what looks like m */
    {"intrenetbroker.com", RN, MIS},
    {"wowverifi.net", VV, MIS},
    {"wowerify.net", VV, MIS},
    {"scalewave.com", "scalewaves.com", MIS},
    {"scalewavez.com", "scalewaves.com", MIS},
    {"emailverifcation.info", KS, MIS},
    /* two */
    {"emailverficatoin.info", NULL, 0},
    {"emalverificaton.info", NULL, 0},
    {"emailvalidation.info", NULL, 0},
    {"verification.info", NULL, 0},
    {"mailverify.info", NULL, 0},
    /* too short for it */
    {"enon.com", NULL, 0},
    {"enoms.com", NULL, 0},
    {"ispap.net", NULL, 0},
    {"gandy.net", NULL, 0},
    {"ipss.nl", NULL, 0},
    /* a common word */
    {"registrars.amazon", NULL, 0},
    {"registar.amazon", NULL, 0},
    {"onlines.net", NULL, 0},

    /* hyphens */
    {"email-verification.info", KS, MIS},
    {"e-mailverification.info", KS, MIS},
    {"e-mail-verification.info", KS, MIS},
    {"nameservices.com", NS, MIS},
    {"names-ervices.com", NS, MIS},
    {"name-ser-vices.com", NS, MIS},
    {"registrantverification.com", "registrant-verification.com", MIS},
    {"1-api.net", "1api.net", MIS},
    {"e-nom.com", "enom.com", MIS},
    {"i-ps.nl", NULL, 0},

    /* another suffix */
    {"emailverification.com", KS, SUF},
    {"emailverification.net", KS, SUF},
    {"emailverification.co.uk", KS, SUF},
    {"emailverification.github.io", KS, SUF},
    {"mail.emailverification.org", KS, SUF},
    {"name-services.net", NS, SUF},
    {"internetbroker.info", RN, SUF},
    {"scalewaves.net", "scalewaves.com", SUF},
    {"registrant-verification.org", "registrant-verification.com", SUF},
    /* short, or a word */
    {"enom.net", NULL, 0},
    {"gandi.com", NULL, 0},
    {"ips.com", NULL, 0},
    {"1api.com", NULL, 0},
    {"ispapi.com", NULL, 0},
    {"registrar.eu", NULL, 0},
    {"registrar.com", NULL, 0},
    {"online.com", NULL, 0},

    /* and another suffix */
    {"emai1verification.com", KS, CON | SUF},
    {"emailvеrification.net", KS, CON | SUF},
    {"email-verification.com", KS, MIS | SUF},
    {"emailverificaton.com", KS, MIS | SUF},
    {"nameservices.net", NS, MIS | SUF},
    {"nameservice.net", NS, MIS | SUF},
    {"intemetbroker.net", RN, CON | SUF},
    {"scalewawes.net", NULL, 0}, /* 10 characters */
    {"en0m.net", NULL, 0},
    {"1apl.com", NULL, 0},
    {"еnom.net", NULL, 0},

    /* within another's */
    {"emailverification.info.evil.example", KS, EMB},
    {"emailverification.info.com", KS, EMB},
    {"www.emailverification.info.evil.co.uk", KS, EMB},
    {"emai1verification.info.evil.example", KS, EMB},
    {"enom.com.evil.example", "enom.com", EMB},
    {"enom.com.info", "enom.com", EMB},
    {"raa.name-services.com.evil.example", NS, EMB},
    {"ips.nl.evil.example", "ips.nl", EMB},
    {"registrar.amazon.evil.example", "registrar.amazon", EMB},
    {"domainrenewals.ispapi.net.evil.example", "ispapi.net", EMB},
    {"emailverification.evil.example", KS, EMB},
    {"emaiiverification.evil.example", KS, EMB},
    {"a.emailverification.b.evil.example", KS, EMB},
    {"name-services.evil.example", NS, EMB},
    {"nameservices.evil.example", NS, EMB},
    {"emailverification-info.example", KS, EMB},
    {"emailverificationinfo.com", KS, EMB},
    {"emailverification-info.evil.example", KS, EMB},
    {"login-emailverification-info.com", KS, EMB},
    {"emailverification-info-secure.com", KS, EMB},
    {"emai1verification-inf0.com", KS, EMB},
    {"enom-com.evil.example", "enom.com", EMB},
    {"enom-com.net", "enom.com", EMB},
    {"gandi-net.com", "gandi.net", EMB},
    {"registrar-amazon.com", "registrar.amazon", EMB},
    {"registraramazon.com", "registrar.amazon", EMB},
    {"domainrenewals-ispapi-net.com", BELOW, EMB},
    {"name-services-com.info", NS, EMB},
    /* a name below the listed one, joined */
    {"domainrenewals-ispapi.net", BELOW, MIS},
    {"domainrenewalsispapi.net", BELOW, MIS},
    {"domainrenewals-ispapi.com", BELOW, MIS | SUF},
    {"registrar-online.net", "registrar.online.net", MIS},
    /* dots where the listed name has none */
    {"email.verification.info", KS, MIS},
    {"name.services.com", NS, MIS},
    {"1.api.net", NULL, 0},
    /* not enough of it */
    {"enom.evil.example", NULL, 0},
    {"gandi.evil.example", NULL, 0},
    {"registrar.evil.example", NULL, 0},
    {"online.evil.example", NULL, 0},
    {"enomcom.net", NULL, 0},
    {"gandinet.com", NULL, 0},
    {"ips-nl.com", NULL, 0},
    {"online-net.com", NULL, 0},
    {"your-emailverification.de", NULL, 0},
    {"emailverification-service.de", NULL, 0},
    {"enom.com.br", NULL, 0}, /* a suffix of its own */
    {"ips.nl.com", "ips.nl", EMB},
    {"infoemailverification.de", NULL, 0},

    /* whom nobody imitates */
    {"unevidenced.net", NULL, 0},
    {"mentionedonce.net", NULL, 0},
    {"registrant-verification.net.evil.example", "registrant-verification.com", EMB},

    /* nothing at all */
    {"reseller.example", NULL, 0},
    {"example.com", NULL, 0},
    {"hoster.de", NULL, 0},
    {"verification.example", NULL, 0},
    {"mail.hoster.co.uk", NULL, 0},
    {"a.b.c.d.e.f.g.h.example", NULL, 0},
    {"com", NULL, 0},
    {"co.uk", NULL, 0},
};

static void test_table(void **state)
{
	(void)state;
	assert_true(COUNT_OF(rows) >= 150);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char name[LIMIT_DOMAIN + 1];
		struct imitation got = {0};
		if (!domain_normalise(slice_of(rows[i].name), false, name)) {
			CHECK(!rows[i].want, "%s is no name", rows[i].name);
			continue;
		}
		bool found = lookalikes_find(lookalikes, name, &got);
		CHECK(found == (rows[i].want != NULL), "%s: got %s, want %s", rows[i].name,
		      or_none(got.name), or_none(rows[i].want));
		if (!found)
			continue;
		CHECK(strcmp(got.name, rows[i].want) == 0, "%s: got %s, want %s", rows[i].name,
		      got.name, rows[i].want);
		CHECK(got.how == rows[i].how, "%s: got how %x, want %x", rows[i].name,
		      (unsigned)got.how, (unsigned)rows[i].how);
	}
}

/* -- every slip of the pen ------------------------------------------------------------------- */

static void must_find(const char *label, const char *rest, const char *want)
{
	char name[LIMIT_DOMAIN + 1];
	struct imitation got = {0};
	snprintf(name, sizeof name, "%s%s", label, rest);
	if (!domain_is_plain(slice_of(name)) || lookalikes_listed(lookalikes, name))
		return;
	CHECK(lookalikes_find(lookalikes, name, &got) && strcmp(got.name, want) == 0, "%s: got %s",
	      name, or_none(got.name));
}

static void slips_at(const char *label, size_t i, const char *rest, const char *want)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t n = strlen(label);
	char slip[LIMIT_LABEL + 1];
	for (const char *c = letters; *c; c++) {
		snprintf(slip, sizeof slip, "%.*s%c%s", (int)i, label, *c, label + i);
		must_find(slip, rest, want);
		if (i < n) {
			slip[i] = *c;
			strcpy(slip + i + 1, label + i + 1);
			must_find(slip, rest, want);
		}
	}
	if (i < n) {
		snprintf(slip, sizeof slip, "%.*s%s", (int)i, label, label + i + 1);
		must_find(slip, rest, want);
	}
	if (i + 1 < n) {
		strcpy(slip, label);
		slip[i] = label[i + 1];
		slip[i + 1] = label[i];
		must_find(slip, rest, want);
	}
}

static void test_every_slip(void **state)
{
	(void)state;
	for (size_t i = 0; i <= strlen("emailverification"); i++) {
		slips_at("emailverification", i, ".info", KS);
		slips_at("emailverification", i, ".org", KS);
	}
	for (size_t i = 0; i <= strlen("name-services"); i++)
		slips_at("name-services", i, ".com", NS);
	for (size_t i = 0; i <= strlen("internetbroker"); i++)
		slips_at("internetbroker", i, ".net", RN);
	for (size_t i = 0; i <= strlen("wowverify"); i++)
		slips_at("wowverify", i, ".net", VV);
}

/* -- listed names, and all that a name imitates ---------------------------------------------- */

static void test_listed(void **state)
{
	(void)state;
	static const struct {
		const char *name, *want;
	} listed[] = {
	    {"emailverification.info", KS},
	    {"a.b.emailverification.info", KS},
	    {"domainrenewals.ispapi.net", "ispapi.net"},
	    {"ispapi.net", "ispapi.net"},
	    {"hoster.orderpanel.com", "orderpanel.com"},
	    {"registrant-verification.net", "registrant-verification.net"},
	    {"unevidenced.com", "unevidenced.com"},
	    {"emailverification.com", NULL},
	    {"emailverification.info.com", NULL},
	    {"com", NULL},
	    {"", NULL},
	};
	for (size_t i = 0; i < COUNT_OF(listed); i++) {
		const char *got = lookalikes_listed(lookalikes, listed[i].name);
		CHECK((got == NULL) == (listed[i].want == NULL) &&
			  (!got || strcmp(got, listed[i].want) == 0),
		      "%s: got %s", listed[i].name, or_none(got));
	}
}

struct all {
	unsigned count;
	char names[256];
};

static bool note(const struct imitation *i, void *context)
{
	struct all *all = context;
	all->count++;
	strcat(all->names, i->name);
	strcat(all->names, " ");
	return false;
}

static void test_each(void **state)
{
	(void)state;
	struct all all = {0};
	/* itself listed, and near another; the other is disabled and without evidence */
	lookalikes_each(lookalikes, "registrant-verification.net", note, &all);
	assert_string_equal(all.names, "registrant-verification.com ");
	all = (struct all){0};
	lookalikes_each(lookalikes, "registrant-verification.com", note, &all);
	assert_int_equal(all.count, 0);
	lookalikes_each(lookalikes, "emailverification.org", note, &all);
	assert_int_equal(all.count, 2); /* of the shipped and of the site's own entry */
}

static void test_sender(void **state)
{
	(void)state;
	struct imitation i;
	assert_true(lookalikes_find(lookalikes, "emai1verification.info", &i));
	assert_non_null(i.sender);
	assert_string_equal(i.sender->name, "ks");
	assert_true(lookalikes_find(lookalikes, "name-servlces.com", &i));
	assert_null(i.sender);
}

/* -- hostile names -------------------------------------------------------------------------- */

static void test_long(void **state)
{
	(void)state;
	struct imitation i;
	struct str name = {0};
	/* labels at their limit; the name at its, of which the last label counts */
	for (unsigned k = 0; k < 3; k++)
		str_printf(&name, "%063d.", k);
	str_puts(&name, "emailverification.info.a.example.org");
	while (name.n < LIMIT_DOMAIN)
		str_puts(&name, "x");
	assert_true(domain_is_plain(slice_of(str_text(&name))));
	assert_true(lookalikes_find(lookalikes, str_text(&name), &i));
	assert_string_equal(i.name, KS);
	str_reset(&name);
	for (unsigned k = 0; k < 62; k++)
		str_puts(&name, k % 2 ? "-" : "m");
	str_puts(&name, "m.example.org");
	assert_false(lookalikes_find(lookalikes, str_text(&name), &i));
	str_reset(&name);
	for (unsigned k = 0; k < 63; k++)
		str_puts(&name, "m");
	str_puts(&name, ".org");
	assert_false(lookalikes_find(lookalikes, str_text(&name), &i));
	/* no A-label, whatever it says */
	assert_false(lookalikes_find(lookalikes, "xn--99999999999.org", &i));
	assert_false(lookalikes_find(lookalikes, "xn--a.xn--b.org", &i));
	str_free(&name);
}

static void test_empty(void **state)
{
	(void)state;
	struct imitation i;
	struct diags diags = {0};
	struct list *empty = list_new();
	assert_int_equal(list_finish(empty, &diags), 0);
	struct lookalikes *x = lookalikes_new(empty, suffixes);
	assert_non_null(x);
	assert_false(lookalikes_find(x, "emailverification.org", &i));
	assert_null(lookalikes_listed(x, "emailverification.info"));
	assert_true(lookalikes_bytes(x) < 1024);
	lookalikes_free(x);
	list_free(empty);
	diag_free(&diags);
}

/* Many senders of one domain, or of one word under many suffixes, are one name each. */
static void test_crowd(void **state)
{
	(void)state;
	struct str text = {0};
	struct diags diags = {0};
	struct imitation i;
	struct list *crowd = list_new();
	for (unsigned k = 0; k < 3000; k++)
		str_printf(&text, "Sender: s%u\nFrom: a%u@crowdedplace.com\nClasses: wdrp\n\n", k,
			   k);
	assert_int_equal(list_parse(crowd, (struct slice){text.p, text.n}, "x", false, &diags), 0);
	assert_int_equal(list_finish(crowd, &diags), 0);
	struct lookalikes *x = lookalikes_new(crowd, suffixes);
	assert_non_null(x);
	assert_true(lookalikes_find(x, "crowdedplaces.com", &i));
	assert_string_equal(i.name, "crowdedplace.com");
	lookalikes_free(x);
	list_free(crowd);
	diag_free(&diags);
	str_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),  cmocka_unit_test(test_every_slip),
	    cmocka_unit_test(test_listed), cmocka_unit_test(test_each),
	    cmocka_unit_test(test_sender), cmocka_unit_test(test_long),
	    cmocka_unit_test(test_empty),  cmocka_unit_test(test_crowd),
	};
	return cmocka_run_group_tests_name("lookalike", tests, set_up, tear_down);
}
