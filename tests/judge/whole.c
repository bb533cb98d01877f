/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The whole way of a message to its finding through the real programs: keepname-judge, sealed, and
 * keepname-resolver with a DNS server of this test. Rules, key and mails are this test's own.
 */
#include <config.h> /* autoconf's: GNU interfaces */

#include "judge/client.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <iconv.h>
#include <signal.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "judge/frame.h"
#include "judge/plumbing.h"
#include "judge/rulefiles.h"
#include "tests/dns/server.h"
#include "tests/rules/table.h"

enum {
	SOON = 20000,     /* ms; only a failing test waits so long */
	SHORT = 500,      /* ms; a deadline that is meant to pass */
	NOW = 1795000000, /* 2026-11-18 */
};

#define DATE "Wed, 18 Nov 2026 10:00:00 +0000"

static const char rules_list[] = "Platform: reg\n"
				 "Link: www.reg.example /confirm?id=*\n"
				 "\n"
				 "Sender: reg\n"
				 "From: noreply@reg.example\n"
				 "Registrar: Reg\n"
				 "Platform: reg\n"
				 "Classes: verification\n"
				 "Confidence: A\n"
				 "Last-Seen: 2026-08-01\n"
				 "Evidence: https://reg.example/help\n";

static const char rules_class[] = "Class: verification\n"
				  "Language: en\n"
				  "Action: yes\n"
				  "Days: 14\n"
				  "Subject:\n"
				  " ^confirm your e-?mail address\n"
				  "Body:\n"
				  " verify your e-?mail\n"
				  " Adresse für .* bestätigen\n"
				  "Domain-Wording:\n"
				  " domain name\n";

/* -- a folder for rules and keys --------------------------------------------------------------- */

struct fixture {
	char dir[64];
	const char *builddir;
	struct zone *zone;
	struct server *server;
	char nameserver[32], *nameservers[1];
	char libexec[4096];
	struct config config;
	struct plumbing plumbing;
	struct judge_client client;
	struct list *list;
};

static void write_file(const struct fixture *f, const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", f->dir, name);
	FILE *to = fopen(path, "w");
	assert_non_null(to);
	fputs(text, to);
	assert_int_equal(fclose(to), 0);
}

/* A command of the shell, in the test's folder; its output, which the caller frees. */
static char *run(const struct fixture *f, const char *command)
{
	char line[8192], chunk[4096];
	struct str text = {0};
	snprintf(line, sizeof line, "cd %s && PATH=%s/tests/tools:%s:$PATH && %s", f->dir,
		 f->builddir, f->libexec, command);
	FILE *from = popen(line, "r");
	assert_non_null(from);
	for (size_t n; (n = fread(chunk, 1, sizeof chunk, from)) > 0;)
		str_add(&text, chunk, n);
	CHECK(pclose(from) == 0, "%s", line);
	assert_false(text.failed);
	return str_take(&text);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void add_records(struct fixture *f)
{
	char *key = run(f, "dkimsign --dns -k key.pem");
	key[strcspn(key, "\n")] = '\0';
	assert_true(zone_add(f->zone, "s1._domainkey.reg.example", QUESTION_TXT, key));
	assert_true(zone_add(f->zone, "reg.example", QUESTION_TXT, "v=spf1 ip4:192.0.2.0/24 -all"));
	assert_true(zone_add(f->zone, "_dmarc.reg.example", QUESTION_TXT, "v=DMARC1; p=reject"));
	free(key);
}

static int open_fixture(void **state)
{
	static struct fixture f;
	static char here[4096];
	f.builddir = getenv("builddir");
	if (!f.builddir)
		f.builddir = getcwd(here, sizeof here);
	strcpy(f.dir, "/tmp/keepname-whole-XXXXXX");
	assert_non_null(mkdtemp(f.dir));
	write_file(&f, "test.list", rules_list);
	write_file(&f, "test.class", rules_class);
	free(run(&f, "dkimsign --make rsa:2048 -k key.pem"));
	f.zone = zone_new();
	assert_non_null(f.zone);
	add_records(&f);
	f.server = server_start(f.zone);
	assert_non_null(f.server);
	snprintf(f.nameserver, sizeof f.nameserver, "127.0.0.1@%u", server_port(f.server));
	f.nameservers[0] = f.nameserver;
	snprintf(f.libexec, sizeof f.libexec, "%s/progs", f.builddir);
	f.config = (struct config){.lists = f.dir,
				   .libexec_dir = f.libexec,
				   .nameservers = {f.nameservers, 1},
				   .dns_timeout = 5};
	struct diags diags = {0};
	f.list = rulefiles_list(f.dir, true, &diags);
	diag_print(&diags, stderr);
	assert_non_null(f.list);
	*state = &f;
	return 0;
}

static int close_fixture(void **state)
{
	struct fixture *f = *state;
	server_stop(f->server);
	zone_free(f->zone);
	list_free(f->list);
	return nftw(f->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void start(struct fixture *f)
{
	char why[256] = "";
	CHECK(plumbing_start(&f->config, &f->plumbing, why), "%s", why);
	f->client.zygote_fd = f->plumbing.zygote_fd;
	assert_int_equal(dns_client_open(f->plumbing.resolver_fd, &f->client.dns), 0);
	f->plumbing.resolver_fd = -1;
}

static void stop(struct fixture *f)
{
	dns_client_close(f->client.dns);
	plumbing_stop(&f->plumbing);
	assert_int_equal(f->plumbing.zygote, 0);
	assert_int_equal(f->plumbing.resolver, 0);
}

/* -- mails --------------------------------------------------------------------------------------
 */

/* Signed by the test's key; the caller frees. */
static char *sign(const struct fixture *f, const char *mail)
{
	write_file(f, "mail", mail);
	return run(f, "dkimsign -d reg.example -s s1 -k key.pem <mail");
}

struct envelope {
	const char *mail_from, *client_ip;
	bool entry; /* the sender is listed */
	int dns_deadline;
};

static enum judge_status judge(struct fixture *f, struct slice text, const struct envelope *e,
			       struct finding *ret_finding)
{
	struct message message;
	struct judge_session *s = NULL;
	int64_t now = frame_clock(), deadline = now + SOON;
	message_init(&message);
	size_t body = message_parse(&message, text);
	struct request request = {
	    .now = NOW,
	    .message = &message,
	    .entry = e->entry ? list_find_name(f->list, "reg") : NULL,
	    .from = "noreply@reg.example",
	    .helo = "mx.reg.example",
	    .want_proof_of_claim = e->entry,
	};
	assert_int_equal(getrandom(&request.nonce, sizeof request.nonce, 0), sizeof request.nonce);
	snprintf(request.mail_from, sizeof request.mail_from, "%s", e->mail_from);
	if (e->client_ip) {
		request.client_family = AF_INET;
		inet_pton(AF_INET, e->client_ip, request.client_ip);
	}
	enum judge_status status = judge_begin(&f->client, &request, deadline, &s);
	if (status == JUDGE_OK)
		status = judge_body(s, text.p + body, text.n - body, deadline);
	if (status == JUDGE_OK)
		status = judge_finish(s, false, now + (e->dns_deadline ? e->dns_deadline : SOON),
				      deadline, ret_finding);
	judge_free(s);
	message_free(&message);
	return status;
}

static const char plain_mail[] =
    "From: Reg <noreply@reg.example>\n"
    "To: owner@example.com\n"
    "Subject: Confirm your email address\n"
    "Date: " DATE "\n"
    "Message-ID: <1@reg.example>\n"
    "MIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=utf-8\n"
    "\n"
    "Please verify your email address for the domain name example.com:\n"
    "\n"
    "https://www.reg.example/confirm?id=abc123\n"
    "\n"
    "Please do so by 2026-12-01.\n";

static const struct envelope genuine_envelope = {
    .mail_from = "bounce@reg.example", .client_ip = "192.0.2.7", .entry = true};

/* -- tests --------------------------------------------------------------------------------------
 */

static void a_genuine_mail(void **state)
{
	struct fixture *f = *state;
	static struct finding got;
	char *mail = sign(f, plain_mail);
	start(f);
	assert_int_equal(judge(f, slice_of(mail), &genuine_envelope, &got), JUDGE_OK);
	assert_int_equal(got.dkim_count, 1);
	assert_string_equal(got.dkim[0].d, "reg.example");
	assert_string_equal(auth_result_name(got.dkim[0].result), "pass");
	assert_int_equal(got.dkim[0].flaws, 0);
	assert_string_equal(auth_result_name(got.spf), "pass");
	assert_string_equal(got.spf_domain, "reg.example");
	assert_false(got.spf_broad);
	assert_string_equal(auth_result_name(got.dmarc_record), "pass");
	assert_int_equal(got.dmarc_policy, 2);
	assert_string_equal(class_name(got.class), "verification");
	assert_int_equal(got.domain_count, 1);
	assert_string_equal(got.domain[0], "example.com");
	assert_string_equal(deadline_source_name(got.deadline_source), "stated");
	assert_string_equal(proof_name(got.links), "yes");
	assert_int_equal(got.link_expected, 1);
	assert_int_equal(got.questions, 3);
	stop(f);
	free(mail);
}

static void a_changed_body_does_not_pass(void **state)
{
	struct fixture *f = *state;
	static struct finding got;
	char *mail = sign(f, plain_mail);
	char *at = strstr(mail, "abc123");
	assert_non_null(at);
	*at = 'x';
	start(f);
	assert_int_equal(judge(f, slice_of(mail), &genuine_envelope, &got), JUDGE_OK);
	assert_string_equal(auth_result_name(got.dkim[0].result), "fail");
	stop(f);
	free(mail);
}

static void a_stranger_gets_dkim_only(void **state)
{
	struct fixture *f = *state;
	static struct finding got;
	struct envelope e = genuine_envelope;
	char *mail = sign(f, plain_mail);
	e.entry = false;
	start(f);
	assert_int_equal(judge(f, slice_of(mail), &e, &got), JUDGE_OK);
	assert_string_equal(auth_result_name(got.dkim[0].result), "pass");
	assert_string_equal(auth_result_name(got.spf), "not-asked");
	assert_string_equal(auth_result_name(got.dmarc_record), "not-asked");
	assert_int_equal(got.questions, 1);
	stop(f);
	free(mail);
}

static void spf_is_asked_of_aligned_senders_only(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *mail_from, *client_ip, *want;
	} row[] = {
	    {"b@reg.example", "192.0.2.7", "pass"},
	    {"b@reg.example", "198.51.100.7", "fail"},
	    {"b@reg.example", NULL, "not-asked"},
	    {"", "192.0.2.7", "not-asked"},
	    {"b@other.example", "192.0.2.7", "not-asked"},
	    {"b@mail.reg.example", "192.0.2.7", "none"},
	};
	start(f);
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		static struct finding got;
		struct envelope e = {
		    .mail_from = row[i].mail_from, .client_ip = row[i].client_ip, .entry = true};
		assert_int_equal(judge(f, slice_of(plain_mail), &e, &got), JUDGE_OK);
		CHECK(strcmp(auth_result_name(got.spf), row[i].want) == 0, "%s from %s: %s",
		      row[i].mail_from, row[i].client_ip ? row[i].client_ip : "nowhere",
		      auth_result_name(got.spf));
	}
	stop(f);
}

/* Also the sealed judge's clock of DNS: the record comes although no answer does. */
static void silent_dns_is_unknown(void **state)
{
	struct fixture *f = *state;
	static struct finding got;
	struct envelope e = genuine_envelope;
	char *mail = sign(f, plain_mail);
	e.dns_deadline = SHORT;
	start(f);
	kill(f->plumbing.resolver, SIGSTOP);
	int64_t begin = frame_clock();
	assert_int_equal(judge(f, slice_of(mail), &e, &got), JUDGE_OK);
	int64_t took = frame_clock() - begin;
	kill(f->plumbing.resolver, SIGCONT);
	assert_in_range(took, SHORT, SOON - 1);
	assert_string_equal(auth_result_name(got.dkim[0].result), "temperror");
	assert_string_equal(auth_result_name(got.spf), "temperror");
	assert_string_equal(auth_result_name(got.dmarc_record), "temperror");
	assert_string_equal(class_name(got.class), "verification");
	stop(f);
	free(mail);
}

/* A mail whose text is coded in a charset and then as base64, into to[size]. */
static void mail_in_charset(const struct fixture *f, const char *charset, const char *text,
			    char *to, size_t size)
{
	char coded[2048], path[256], *in = (char *)(uintptr_t)text, *out = coded;
	size_t in_n = strlen(in), out_n = sizeof coded;
	iconv_t cd = iconv_open(charset, "utf-8");
	assert_true(cd != (iconv_t)-1);
	assert_true(iconv(cd, &in, &in_n, &out, &out_n) != (size_t)-1);
	iconv(cd, NULL, NULL, &out, &out_n);
	iconv_close(cd);
	snprintf(path, sizeof path, "%s/text", f->dir);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fwrite(coded, 1, sizeof coded - out_n, file);
	assert_int_equal(fclose(file), 0);
	char *base64 = run(f, "base64 <text");
	snprintf(to, size,
		 "From: noreply@reg.example\n"
		 "Subject: Confirm your email address\n"
		 "Date: " DATE "\n"
		 "MIME-Version: 1.0\n"
		 "Content-Transfer-Encoding: base64\n"
		 "Content-Type: text/plain; charset=%s\n\n%s",
		 charset, base64);
	free(base64);
}

/* Sealed, a judge can load nothing: every charset must have been opened before. */
static void charsets_are_open_when_sealed(void **state)
{
	struct fixture *f = *state;
	static const char *const charset[] = {
	    "iso-8859-1",   "iso-8859-2",   "iso-8859-9",   "iso-8859-15", "iso-8859-4",
	    "windows-1250", "windows-1252", "windows-1254", "utf-8",
	};
	static const char text[] = "Die Adresse f\xc3\xbcr example.com best\xc3\xa4tigen:\n"
				   "https://www.reg.example/confirm?id=abc\n";
	static const struct envelope e = {.mail_from = "", .entry = true};
	start(f);
	for (size_t i = 0; i < COUNT_OF(charset); i++) {
		static struct finding got;
		char mail[4096];
		mail_in_charset(f, charset[i], text, mail, sizeof mail);
		enum judge_status status = judge(f, slice_of(mail), &e, &got);
		CHECK(status == JUDGE_OK, "%s: %s", charset[i], judge_status_name(status));
		CHECK(got.class == CLASS_VERIFICATION, "%s: not understood", charset[i]);
		CHECK(got.link_expected == 1, "%s: %u links", charset[i], got.link_expected);
	}
	stop(f);
}

/* What has crashed or hung a library that runs in the judge. None of it may cost the record. */
static void hostile_mail_is_judged(void **state)
{
	struct fixture *f = *state;
	static struct finding got;
	struct envelope e = genuine_envelope;
	start(f);
	struct str m = {0};
	for (int kind = 0; kind < 5; kind++) {
		str_reset(&m);
		str_puts(&m, "From: noreply@reg.example\nSubject: Confirm your email address\n"
			     "Date: " DATE "\n");
		if (kind == 0) { /* GMime: nested groups */
			str_puts(&m, "To: ");
			for (int i = 0; i < 40000; i++)
				str_puts(&m, "a:");
		} else if (kind == 1) { /* GMime: many parts */
			str_puts(&m, "MIME-Version: 1.0\n"
				     "Content-Type: multipart/mixed; boundary=b\n\n");
			for (int i = 0; i < 60000; i++)
				str_puts(&m, "--b\n\n");
		} else if (kind == 2) { /* nested tags */
			str_puts(&m, "MIME-Version: 1.0\nContent-Type: text/html\n\n");
			for (int i = 0; i < 50000; i++)
				str_puts(&m, "<div>");
		} else if (kind == 3) { /* libopendkim: h= names every header and more */
			str_puts(&m, "DKIM-Signature: v=1; a=rsa-sha256; d=reg.example; s=s1;\n"
				     " h=From:Subject:Date:DKIM-Signature:X:X:X:X; bh=AAAA;\n"
				     " b=AAAA\n\n");
		} else {
			for (int i = 0; i < 100; i++)
				str_puts(&m, "DKIM-Signature: v=1; a=rsa-sha256; d=reg.example;"
					     " s=s1; h=From; bh=AAAA; b=AAAA\n");
		}
		str_puts(&m, "\n\nhello\n");
		enum judge_status status = judge(f, (struct slice){m.p, m.n}, &e, &got);
		CHECK(status == JUDGE_OK, "kind %d: %s", kind, judge_status_name(status));
	}
	str_free(&m);
	stop(f);
}

static void large_bodies(void **state)
{
	struct fixture *f = *state;
	static struct finding got;
	struct str m = {0};
	str_puts(&m, plain_mail);
	for (int i = 0; i < 50000; i++)
		str_puts(&m, "and another line that says nothing at all about anything, really\n");
	char *mail = sign(f, str_text(&m));
	start(f);
	assert_int_equal(judge(f, slice_of(mail), &genuine_envelope, &got), JUDGE_OK);
	assert_string_equal(auth_result_name(got.dkim[0].result), "pass");
	assert_true(got.reasons & 1u << REASON_LIMIT);
	stop(f);
	free(mail);
	str_free(&m);
}

static void what_cannot_start_says_why(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *name, *lists, *libexec, *class, *want;
	} row[] = {
	    {"no programs", NULL, "/nowhere", NULL, "/nowhere"},
	    {"a relative folder", NULL, "progs", NULL, "absolute"},
	    {"faulty rules", NULL, NULL, "Class: nonsense\n",
	     "keepname-judge: the rules are faulty"},
	    {"no rules", "/nowhere", NULL, NULL, "keepname-judge: the rules are faulty"},
	};
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		struct config config = f->config;
		struct plumbing p;
		char why[256] = "", lists[256], libexec[256];
		if (row[i].lists)
			config.lists = strcpy(lists, row[i].lists);
		if (row[i].libexec)
			config.libexec_dir = strcpy(libexec, row[i].libexec);
		if (row[i].class)
			write_file(f, "test.class", row[i].class);
		bool ok = plumbing_start(&config, &p, why);
		write_file(f, "test.class", rules_class);
		CHECK(!ok, "%s", row[i].name);
		CHECK(strstr(why, row[i].want), "%s: %s", row[i].name, why);
		CHECK(waitpid(-1, NULL, WNOHANG) < 0, "%s left a process", row[i].name);
	}
}

/* A judge may live longer than any listener waits for it. */
static void arguments_of_the_programs(void **state)
{
	(void)state;
	char lists[] = "/lists", one[] = "192.0.2.1@53", two[] = "2001:db8::1";
	char seconds[16], *servers[] = {one, two};
	struct config config = {.lists = lists, .dns_timeout = 30, .nameservers = {servers, 2}};
	char **argv = plumbing_judge_argv(&config);
	assert_non_null(argv);
	snprintf(seconds, sizeof seconds, "%d", 30 + 2 * LIMIT_JUDGE_SPARE);
	const char *want[] = {"keepname-judge", "-l", "/lists", "-t", seconds};
	for (size_t i = 0; i < COUNT_OF(want); i++)
		assert_string_equal(argv[i], want[i]);
	assert_null(argv[COUNT_OF(want)]);
	free(argv);
	argv = plumbing_resolver_argv(&config);
	assert_non_null(argv);
	const char *resolver[] = {"keepname-resolver", "-n", one, "-n", two};
	for (size_t i = 0; i < COUNT_OF(resolver); i++)
		assert_string_equal(argv[i], resolver[i]);
	assert_null(argv[COUNT_OF(resolver)]);
	free(argv);
}

/* As a person would start the judge. */
static void the_command_line(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *arguments;
		int status;
		const char *want;
	} row[] = {
	    {"-V", 0, "keepname-judge " PACKAGE_VERSION},
	    {"--version", 0, "keepname-judge " PACKAGE_VERSION},
	    {"--help", 0, "usage: keepname-judge"},
	    {"", 2, "usage: keepname-judge"},
	    {"-x", 2, "usage: keepname-judge"},
	    {"-l . more", 2, "usage: keepname-judge"},
	    {"-l . -t 0", 2, "expected 1 to 3600"},
	    {"-l . -t 3601", 2, "expected 1 to 3600"},
	    {"-l . -t 1x", 2, "expected 1 to 3600"},
	    {"-l . -t 1", 2, "no sockets in place"},
	    {"-l . 3</dev/null 4>/dev/null", 2, "no sockets in place"},
	};
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		char command[512];
		snprintf(command, sizeof command, "{ keepname-judge %s 2>&1; echo \"=$?\"; }",
			 row[i].arguments);
		char *got = run(f, command), status[8];
		snprintf(status, sizeof status, "=%d", row[i].status);
		CHECK(strstr(got, row[i].want), "%s: %s", row[i].arguments, got);
		CHECK(strstr(got, status), "%s: %s", row[i].arguments, got);
		free(got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_genuine_mail),
	    cmocka_unit_test(a_changed_body_does_not_pass),
	    cmocka_unit_test(a_stranger_gets_dkim_only),
	    cmocka_unit_test(spf_is_asked_of_aligned_senders_only),
	    cmocka_unit_test(silent_dns_is_unknown),
	    cmocka_unit_test(charsets_are_open_when_sealed),
	    cmocka_unit_test(hostile_mail_is_judged),
	    cmocka_unit_test(large_bodies),
	    cmocka_unit_test(what_cannot_start_says_why),
	    cmocka_unit_test(arguments_of_the_programs),
	    cmocka_unit_test(the_command_line),
	};
	return cmocka_run_group_tests_name("whole", tests, open_fixture, close_fixture);
}
