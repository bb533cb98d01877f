/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * After their init functions, the proof libraries open no file, make no socket and start no
 * program: a child that would be killed for it verifies a mail by DKIM and by SPF.
 */
#include <arpa/inet.h>
#include <seccomp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proof/dkimcheck.h"
#include "proof/dmarc.h"
#include "proof/spf.h"
#include "tests/proof/signing.h"
#include "tests/proof/zone.h"
#include "tests/rules/table.h"

#define MAIL                                      \
	"From: Registrar <support@example.com>\n" \
	"Subject: Please verify\n"                \
	"Date: Sun, 01 Nov 2026 10:00:00 +0000\n" \
	"\n"                                      \
	"Hello\n"

static const char zone_text[] = "_dmarc.example.com TXT v=DMARC1; p=reject\n"
				"example.com TXT v=spf1 include:%{d2}.example mx -all\n"
				"example.com.example TXT v=spf1 -all\n"
				"example.com MX 10 mx.example.com\n"
				"mx.example.com A 192.0.2.1\n";

static bool seal(void)
{
	static const char *const killing[] = {
	    "open",   "openat", "openat2", "creat", "socket", "connect",
	    "execve", "fork",   "vfork",   "clone", "clone3", "uselib",
	};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	bool ok = filter != NULL;
	for (size_t i = 0; ok && i < COUNT_OF(killing); i++) {
		int number = seccomp_syscall_resolve_name(killing[i]);
		ok = number == __NR_SCMP_ERROR ||
		     seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, number, 0) == 0;
	}
	ok = ok && seccomp_load(filter) == 0;
	if (filter)
		seccomp_release(filter);
	return ok;
}

static bool dkim_passes(struct slice text, struct zone *z, const struct suffixes *suffixes)
{
	struct finding f = {0};
	struct message m;
	struct resolver resolver = zone_resolver(z);
	message_init(&m);
	size_t at = message_parse(&m, text);
	struct dkimcheck *d = dkimcheck_begin(&m, "example.com", suffixes, &resolver, 1793534400);
	if (!d)
		return false;
	dkimcheck_body(d, text.p + at, text.n - at);
	dkimcheck_end(d, false, &f);
	dkimcheck_free(d);
	message_free(&m);
	dmarc_read("example.com", suffixes, &resolver, &f);
	return f.dkim_count == 3 && f.dkim[0].result == AUTH_PASS &&
	       f.dkim[1].result == AUTH_PASS && f.dkim[2].result == AUTH_PASS &&
	       f.dmarc_policy == 2;
}

static bool spf_passes(struct zone *z)
{
	struct resolver resolver = zone_resolver(z);
	struct spf_question q = {.family = AF_INET,
				 .ip = {192, 0, 2, 1},
				 .helo = "mx.example.com",
				 .mail_from = "bounce@example.com"};
	bool broad;
	if (spf_check(&q, &resolver, &broad) != AUTH_PASS)
		return false;
	q.ip[0] = 10;
	return spf_check(&q, &resolver, &broad) == AUTH_FAIL;
}

/* For the child: says by its exit status what went wrong. */
static int sealed(struct slice text, struct zone *z, const struct suffixes *suffixes)
{
	if (!seal())
		return 2;
	if (!dkim_passes(text, z, suffixes))
		return 3;
	return spf_passes(z) ? 0 : 4;
}

static void opens_nothing(void **state)
{
	(void)state;
	static const char *const keys[][3] = {
	    {"one", "rsa:2048", ""},
	    {"two", "rsa:1024", "-c simple/simple"},
	    {"three", "ed25519", "-c simple/relaxed"},
	};
	struct signing *signing = signing_open();
	struct suffixes *suffixes = suffixes_open();
	struct zone *z = zone_new();
	struct str text = {0}, next = {0}, record = {0}, name = {0};
	unsigned line;
	assert_non_null(signing);
	assert_non_null(suffixes);
	assert_true(zone_load(z, slice_of(zone_text), &line));
	str_puts(&text, MAIL);
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		assert_true(signing_key(signing, keys[i][0], keys[i][1]));
		assert_true(signing_record(signing, keys[i][0], "", &record));
		str_reset(&name);
		str_printf(&name, "%s._domainkey.example.com", keys[i][0]);
		assert_true(zone_add_raw(z, name.p, QUESTION_TXT, record.p, record.n));
		assert_true(
		    signing_sign(signing, keys[i][0], "example.com", keys[i][2], text.p, &next));
		str_reset(&text);
		str_add(&text, next.p, next.n);
	}
	assert_true(dkimcheck_init());
	assert_true(spf_init());
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0)
		_exit(sealed((struct slice){text.p, text.n}, z, suffixes));
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0, "exit %d, signal %d",
	      WEXITSTATUS(status), WTERMSIG(status));
	dkimcheck_deinit();
	str_free(&text);
	str_free(&next);
	str_free(&record);
	str_free(&name);
	zone_free(z);
	suffixes_close(suffixes);
	signing_close(signing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(opens_nothing),
	};
	return cmocka_run_group_tests_name("proof/sealed", tests, NULL, NULL);
}
