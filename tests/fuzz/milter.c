/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an MTA sends: octets into the listener's own callbacks through the real libmilter, on a
 * socket. There is no judge, so that candidates go unjudged. No answer refuses, defers or discards.
 */
#include "tests/fuzz/fuzz.h"

#include <arpa/inet.h>
#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "milter/callbacks.h"
#include "milter/session.h"
#include "rules/core/charset.h"

static struct sockaddr_un address = {.sun_family = AF_UNIX};

static void add(struct str *to, char command, const void *p, size_t n)
{
	uint32_t length = htonl((uint32_t)n + 1);
	str_add(to, &length, 4);
	str_putc(to, command);
	str_add(to, p, n);
}

void fuzz_seeds(void (*put)(const char *name, const void *p, size_t n))
{
	static const unsigned char negotiate[] = {0, 0, 0, 6, 0, 0, 1, 0xff, 0, 0x1f, 0xff, 0xff};
	static const unsigned char plain[] = {0, 0, 0, 6, 0, 0, 0, 0x3f, 0, 0, 0, 0};
	static const char connect[] = "mx.example\0004\000\031192.0.2.10";
	struct str all = {0};
	for (int i = 0; i < 2; i++) {
		str_reset(&all);
		add(&all, SMFIC_OPTNEG, i ? plain : negotiate, 12);
		add(&all, SMFIC_CONNECT, connect, sizeof(connect));
		add(&all, SMFIC_MACRO, "Mi\0004T00000000", 14);
		add(&all, SMFIC_MAIL, "<bounce@emailverification.info>", 32);
		add(&all, SMFIC_RCPT, "<owner@example.com>", 20);
		put(i ? "plain-envelope" : "envelope", all.p, all.n);
		add(&all, SMFIC_HEADER, "From\0noreply@emailverification.info", 36);
		add(&all, SMFIC_HEADER, "Subject\0Request for email address validation", 45);
		add(&all, SMFIC_HEADER, "X-Keepname\0genuine; by=mx.lab.test", 35);
		add(&all, SMFIC_EOH, "", 0);
		add(&all, SMFIC_BODY, "hello\n", 6);
		add(&all, SMFIC_BODYEOB, "", 0);
		put(i ? "plain-whole" : "whole", all.p, all.n);
		add(&all, SMFIC_ABORT, "", 0);
		add(&all, SMFIC_QUIT_NC, "", 0);
		add(&all, SMFIC_QUIT, "", 0);
		put(i ? "plain-end" : "end", all.p, all.n);
	}
	str_free(&all);
}

static void *serve(void *context)
{
	(void)context;
	smfi_main();
	return NULL;
}

static struct snapshot *first_snapshot(const struct config **ret_config)
{
	struct diags d = {0};
	struct str text = {0}, path = {0};
	str_printf(&text,
		   "socket = \"local:%s/s\"\nuser = \"\"\ndatabase = \"sqlite:%s/k.db\"\n"
		   "spool = \"%s/spool\"\nlists = \"%s/rules/lists\"\n"
		   "authserv_id = {\"mx.lab.test\"}\nlog_level = \"error\"\n",
		   fuzz_folder(), fuzz_folder(), fuzz_folder(), fuzz_srcdir());
	str_printf(&path, "%s/keepname.conf", fuzz_folder());
	FILE *f = fopen(str_text(&path), "w");
	FUZZ_CHECK(f && fputs(str_text(&text), f) >= 0 && fclose(f) == 0, "configuration");
	struct snapshot *s = snapshot_build(str_text(&path), &d);
	if (!s)
		diag_print(&d, stderr);
	FUZZ_CHECK(s, "snapshot");
	*ret_config = s->config;
	diag_free(&d);
	str_free(&text);
	str_free(&path);
	return s;
}

static void open_listener(void)
{
	static struct listener l;
	const struct config *config;
	char why[256] = "";
	int zygote[2], dns[2];
	pthread_t thread;
	l.snapshots = snapshot_owner_new(first_snapshot(&config));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/m", fuzz_folder());
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	FUZZ_CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
		       listen(fd, 128) == 0 &&
		       socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, zygote) == 0 &&
		       socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, dns) == 0,
		   "sockets");
	close(zygote[1]);
	log_set_level(LOG_LEVEL_ERROR);
	l.judge.zygote_fd = zygote[0];
	l.lanes = lanes_new(LIMIT_JUDGES);
	l.rates = rates_new();
	l.signs = signs_new();
	l.pool = pool_new(fd);
	FUZZ_CHECK(l.snapshots && l.lanes && l.rates && l.signs && l.pool && charset_init() &&
		       dns_client_open(dns[0], &l.judge.dns) == 0 &&
		       writer_start(config->database, config->spool, NULL, NULL, &l.writer, why) &&
		       callbacks_register(fd, &l) &&
		       pthread_create(&thread, NULL, serve, NULL) == 0,
		   "listener: %s", why);
}

/* A name without a value: libmilter (8.17) then reads past the end of its list of macros, and what
 * it reads kills the process. Nothing of ours comes before that. Only who can connect to the socket
 * sends it; the supervisor starts another listener (tests/faults/kill.sh). */
static bool has_odd_macros(const uint8_t *p, size_t n)
{
	for (size_t at = 0; at + 5 <= n;) {
		const size_t length = (size_t)p[at] << 24 | (size_t)p[at + 1] << 16 |
				      (size_t)p[at + 2] << 8 | p[at + 3];
		size_t strings = 0;
		if (length > n - at - 4)
			return false;
		for (size_t i = 2; i < length && p[at + 4] == SMFIC_MACRO; i++)
			strings += p[at + 4 + i] == '\0';
		if (p[at + 4] == SMFIC_MACRO && (strings % 2 != 0 || p[at + 3 + length] != '\0'))
			return true;
		at += 4 + length;
	}
	return false;
}

/* What came back: whole packets, none of which does mail harm. */
static void check_answers(const struct str *answers)
{
	static const char harm[] = {SMFIR_REJECT,    SMFIR_TEMPFAIL, SMFIR_DISCARD,
				    SMFIR_REPLYCODE, SMFIR_SHUTDOWN, SMFIR_CONN_FAIL};
	size_t at = 0;
	while (at + 5 <= answers->n) {
		uint32_t length;
		memcpy(&length, answers->p + at, 4);
		char command = answers->p[at + 4];
		FUZZ_CHECK(!memchr(harm, command, sizeof(harm)), "answer %c", command);
		at += 4 + ntohl(length);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static bool ready;
	struct str answers = {0};
	char chunk[4096];
	ssize_t got;
	if (has_odd_macros(p, n))
		return 0;
	if (!ready)
		open_listener();
	ready = true;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	FUZZ_CHECK(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0,
		   "connect");
	if (n > 100 * 1024)
		n = 100 * 1024;
	for (size_t at = 0; at < n; at += (size_t)got) {
		got = send(fd, p + at, n - at, MSG_NOSIGNAL);
		if (got <= 0)
			break;
	}
	shutdown(fd, SHUT_WR);
	while ((got = recv(fd, chunk, sizeof(chunk), 0)) > 0)
		str_add(&answers, chunk, (size_t)got);
	close(fd);
	check_answers(&answers);
	str_free(&answers);
	return 0;
}
