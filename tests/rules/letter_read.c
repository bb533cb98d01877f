/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * letter_read.c - whole letters: class, domains, deadline, links and reasons together; and short
 * memory at every allocation of our own (the linker wraps the allocators of this program).
 */
#include "tests/rules/letter_rules.h"

#define HEAD(subject) \
	"Date: Sun, 22 Nov 2026 10:00:00 +0000\nSubject: " subject "\nMIME-Version: 1.0\n"
#define PLAIN      "Content-Type: text/plain; charset=utf-8\n\n"
#define HTML       "Content-Type: text/html; charset=utf-8\n\n"
#define REGISTERED "Your domain name registration. "
#define VERIFY     "Please verify your\n e-mail address: https://own-reg.com/v?t=abc\n"

static const struct {
	const char *entry;
	struct slice mail;
	const char *want; /* class, source and deadline, domains, links, reasons, platform */
} rows[] = {
    {"own", LIT(HEAD("Verify example.com") PLAIN VERIFY "within 15 days.\n"),
     "verification relative 2026-12-07T10:00:00Z example.com links=yes"},
    {"own", LIT(HEAD("Verify example.com") PLAIN VERIFY "no later than 2026-12-04 12:00:00 UTC\n"),
     "verification stated 2026-12-04T12:00:00Z example.com links=yes"},
    {"own", LIT(HEAD("Verify example.com") PLAIN VERIFY),
     "verification policy 2026-12-06T10:00:00Z example.com links=yes"},
    {"domain",
     LIT(HEAD("Verify example.com") PLAIN "verify your email address: https://plain-reg.com/\n"),
     "verification policy 2026-12-02T10:00:00Z example.com links=yes"},
    {"platform",
     LIT(HEAD("Verify example.com") PLAIN
	 "verify your email address: http://plat-verify.com?t=1\n"),
     "verification policy 2026-12-07T10:00:00Z example.com links=yes plat"},
    {"",
     LIT(HEAD("Verify example.com") PLAIN "verify your email address, a domain name registration: "
					  "https://other-verify.com/v/1\n"),
     "verification policy 2026-11-29T10:00:00Z example.com links=unknown other wording"},
    {"own",
     LIT(HEAD("Verify example.com") HTML
	 "<p>Please <b>verify</b>&nbsp;your e&shy;-mail address"
	 "<p><a href=\"https://own-reg.com/v?t=abc\">here</a>"
	 "<table><tr><td>2026-12-04 12:00:00<td>example.net</table>\n"),
     "verification stated 2026-12-04T12:00:00Z example.com,example.net links=yes"},
    /* the class: subject and text must agree */
    {"own", LIT(HEAD("Verify example.com") PLAIN "Buy https://own-reg.com/v?t=abc\n"),
     " none - example.com links=yes"},
    {"own", LIT(HEAD("Hello") PLAIN VERIFY), " none - - links=yes"},
    {"own",
     LIT(HEAD("Verification: example.com suspended") PLAIN
	 "example.com has been suspended. Verify your email address: "
	 "https://own-reg.com/v?t=abc\n"),
     "suspension policy 2026-11-22T10:00:00Z example.com links=yes"},
    {"own", LIT(HEAD("example.com will expire") PLAIN "It does expire on 2027-01-10.\n"),
     "renewal stated 2027-01-10T23:59:59Z example.com links=yes"},
    {"own", LIT(HEAD("Transfer of example.com") PLAIN "No transfer before 2026-11-27.\n"),
     "transfer-out stated 2026-11-27T23:59:59Z example.com links=yes"},
    /* a subject that counts for listed senders alone, where the text is about a registration */
    {"own", LIT(HEAD("Account info") PLAIN REGISTERED VERIFY),
     "verification policy 2026-12-06T10:00:00Z - links=yes wording"},
    {"platform",
     LIT(HEAD("Account info") PLAIN "verify your email address: "
				    "http://plat-verify.com?t=1\n"),
     "verification policy 2026-12-07T10:00:00Z - links=yes plat"},
    {"own", LIT(HEAD("Account info") PLAIN VERIFY), " none - - links=yes"},
    {"own", LIT(HEAD("Account info") PLAIN REGISTERED "https://own-reg.com/v?t=abc\n"),
     " none - - links=yes wording"},
    {"own", LIT(HEAD("Your account info") PLAIN REGISTERED VERIFY), " none - - links=yes wording"},
    {"", LIT(HEAD("Account info") PLAIN REGISTERED VERIFY), " none - - links=unknown wording"},
    {"off", LIT(HEAD("Account info") PLAIN REGISTERED VERIFY), " none - - links=no links wording"},
    {"own", LIT(HEAD("Second notice") PLAIN REGISTERED VERIFY "It will expire on 2027-01-10.\n"),
     "verification policy 2026-12-06T10:00:00Z - links=yes wording"},
    {"own", LIT(HEAD("Second notice") PLAIN REGISTERED "It will expire on 2027-01-10.\n"),
     "renewal stated 2027-01-10T23:59:59Z - links=yes wording"},
    /* one that this sender does not send */
    {"own", LIT(HEAD("Yearly notice") PLAIN REGISTERED "All data are right!\n"),
     " none - - links=yes wording"},
    /* a pattern that runs into a match limit: unknown, not no */
    {"own", LIT(HEAD("Whois data") PLAIN "All data are right!\n"), "wdrp none - - links=yes"},
    {"own", LIT(HEAD("Whois data") PLAIN "All data aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.\n"),
     " none - - links=no limit"},
    /* what fails condition 5 */
    {"own", LIT(HEAD("Verify example.com") PLAIN "Verify your email address.\n"),
     "verification policy 2026-12-06T10:00:00Z example.com links=no no-link"},
    {"own", LIT(HEAD("Verify example.com") PLAIN VERIFY "or http://evil.example/\n"),
     "verification policy 2026-12-06T10:00:00Z example.com links=no links"},
    {"own",
     LIT(HEAD("Verify example.com") HTML
	 "verify your email address <a href='https://own-reg.com/v?t=abc'>here</a>"
	 "<a/href='https://evil.example/'>there</a>\n"),
     "verification policy 2026-12-06T10:00:00Z example.com links=no link-hidden"},
    {"own",
     LIT(HEAD(
	 "Verify example.com") "Content-Type: multipart/mixed; boundary=b\n\n--b\n" PLAIN VERIFY
			       "--b\nContent-Type: application/pdf\n\nx\n--b--\n"),
     "verification policy 2026-12-06T10:00:00Z example.com links=no attachment"},
    {"own",
     LIT(HEAD(
	 "Verify example.com") "Content-Type: multipart/mixed; boundary=b\n\n--b\n" PLAIN VERIFY
			       "--b\n" HTML "x<!--\n--b\n" HTML
			       "<a href='http://evil.example/'>x</a>\n--b--\n"),
     "verification policy 2026-12-06T10:00:00Z example.com links=no links"},
    {"own", LIT(HEAD("Verify example.com") "Content-Type: text/plain; charset=utf-7\n\n" VERIFY),
     "verification policy 2026-12-06T10:00:00Z example.com links=no limit"},
    {"own", LIT(HEAD("Verify example.com") PLAIN VERIFY "http://exa\xe2\x80\x8bmple.com/\n"),
     "verification policy 2026-12-06T10:00:00Z example.com links=no links"},
    /* a code */
    {"code",
     LIT(HEAD("Verify example.com") PLAIN "Verify your email address by this code: AB12-CD\n"),
     "verification policy 2026-12-06T10:00:00Z example.com links=yes"},
    {"code", LIT(HEAD("Verify example.com") PLAIN "Verify your email address by a code. In 2026\n"),
     "verification policy 2026-12-06T10:00:00Z example.com links=no no-link"},
    {"code", LIT(HEAD("Verify example.com") PLAIN "Verify your email address\n"),
     "verification policy 2026-12-06T10:00:00Z example.com links=no no-link"},
    /* headers */
    {"own", LIT("Subject: Verify =?iso-8859-1?q?b=FCcher?=.com\n\n" VERIFY "within 15 days"),
     "verification none - xn--bcher-kva.com links=yes"},
    {"own", LIT("Date: Sun, 22 Nov 2026 10:00:00 +0000\n" HEAD("Verify") PLAIN VERIFY),
     "verification none - - links=yes"},
    {"own", LIT("Date: today\nSubject: Verify\n\n" VERIFY), "verification none - - links=yes"},
    {"own", LIT("\n"), " none - - links=yes"},
};

static size_t allocations, fails_at; /* 0: never */

static bool runs_short(void)
{
	return ++allocations == fails_at;
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_realloc(void *p, size_t n);
void *__real_reallocarray(void *p, size_t count, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_reallocarray(void *p, size_t count, size_t n);

void *__wrap_malloc(size_t n)
{
	return runs_short() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t count, size_t n)
{
	return runs_short() ? NULL : __real_calloc(count, n);
}

void *__wrap_realloc(void *p, size_t n)
{
	return runs_short() ? NULL : __real_realloc(p, n);
}

void *__wrap_reallocarray(void *p, size_t count, size_t n)
{
	return runs_short() ? NULL : __real_reallocarray(p, count, n);
}

static void print(const struct finding *f, struct str *to)
{
	char when[21] = "-";
	if (f->deadline)
		str_time(f->deadline, when);
	str_printf(to, "%s %s %s ", class_name(f->class),
		   f->deadline_source ? deadline_source_name(f->deadline_source) : "none", when);
	if (!f->domain_kept)
		str_putc(to, '-');
	for (size_t k = 0; k < f->domain_kept; k++)
		str_printf(to, "%s%s", k ? "," : "", f->domain[k]);
	str_printf(to, " links=%s", proof_name(f->links));
	print_reasons(f->reasons, to);
	str_printf(to, "%s%s%s", f->platform[0] ? " " : "", f->platform,
		   f->domain_wording ? " wording" : "");
}

/* Only the reading itself runs short of memory. */
static bool read_row(const struct letter_world *w, size_t i, bool cut, size_t fail,
		     struct finding *f)
{
	struct message message;
	struct slice in = tight(rows[i].mail);
	const struct sender *entry = list_find_name(w->list, rows[i].entry);
	message_init(&message);
	size_t at = message_parse(&message, in);
	allocations = 0;
	fails_at = fail;
	bool good = letter_read(&w->rules, &message, (struct slice){in.p + at, in.n - at}, cut,
				entry, entry ? entry->domain : "somebody.example", f);
	fails_at = 0;
	message_free(&message);
	tight_free(in);
	return good;
}

static void test_letters(void **state)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct finding f = {0};
		struct str got = {0};
		CHECK(read_row(*state, i, false, 0, &f), "row %zu", i);
		print(&f, &got);
		CHECK(strcmp(str_text(&got), rows[i].want) == 0, "%s\ngot \"%s\"\nwant \"%s\"",
		      rows[i].mail.p, str_text(&got), rows[i].want);
		str_free(&got);
	}
}

/* What comes out can be sent on as a record. */
static void test_packs(void **state)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct finding f = {0}, again;
		struct str packed = {0};
		read_row(*state, i, false, 0, &f);
		finding_pack(&f, &packed);
		CHECK(finding_unpack((struct slice){packed.p, packed.n}, &again), "row %zu", i);
		str_free(&packed);
	}
}

static void test_cut(void **state)
{
	struct finding f = {0};
	CHECK(read_row(*state, 0, true, 0, &f), "read");
	CHECK(f.links == PROOF_NO && f.reasons == 1u << REASON_LIMIT, "%x", f.reasons);
	CHECK(f.class == CLASS_VERIFICATION, "%d", f.class);
}

/* Without an allocation the letter goes unread, or is read as ever; never as something else. */
static void test_memory(void **state)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct finding whole = {0};
		read_row(*state, i, false, 0, &whole);
		size_t count = allocations;
		CHECK(count > 2, "row %zu: %zu allocations", i, count);
		for (size_t n = 1; n <= count; n++) {
			struct finding f = {0};
			if (read_row(*state, i, false, n, &f))
				CHECK(memcmp(&f, &whole, sizeof f) == 0, "row %zu, allocation %zu",
				      i, n);
		}
	}
}

static void test_subject_kept(void **state)
{
	struct letter_world *w = *state;
	for (size_t past = 0; past < 3; past++) {
		struct message message;
		struct finding f = {0};
		struct str value = {0};
		/* two octets a character: the cut may fall inside one */
		for (size_t i = 0; i < FINDING_SUBJECT / 2 - 1; i++)
			str_puts(&value, "\xc3\xbc");
		for (size_t i = 0; i < past + 1; i++)
			str_putc(&value, 'x');
		str_puts(&value, past == 0 ? "\xc3\xbc" : "");
		message_init(&message);
		message_add_header(&message, "Subject", str_text(&value));
		letter_read(&w->rules, &message, LIT("x"), false, NULL, "", &f);
		size_t n = strlen(f.subject);
		size_t want = past ? FINDING_SUBJECT : FINDING_SUBJECT - 1;
		CHECK(n == want, "past %zu: %zu", past, n);
		message_free(&message);
		str_free(&value);
	}
}

static int set_up(void **state)
{
	static struct letter_world world;
	world_open(&world);
	*state = &world;
	return letter_init() ? 0 : -1;
}

static int tear_down(void **state)
{
	world_close(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_letters),      cmocka_unit_test(test_packs),
	    cmocka_unit_test(test_cut),          cmocka_unit_test(test_memory),
	    cmocka_unit_test(test_subject_kept),
	};
	return cmocka_run_group_tests_name("letter_read", tests, set_up, tear_down);
}
