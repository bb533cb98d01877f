/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rdap_sealed.c - a registry's answer, read by a child that owns nothing.
 *
 * The child keeps one descriptor, a pipe to us, seals itself as a judge does, reads, and writes one
 * record of a bounded size, which is checked again here. One that dies, stalls, or writes nonsense
 * has given no answer.
 */
#include <config.h> /* autoconf's: GNU interfaces */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/pack.h"
#include "cli/watch/rdap.h"
#include "judge/seal.h"

enum {
	RECORD_MOST = 8192, /* octets; the pipe takes them without a reader */
	PATIENCE_MS = 5000, /* what it has to read takes a millisecond */
};

static void pack_rdap(const struct rdap *r, struct str *to)
{
	struct str servers = {0};

	nameservers_print(&r->registration.servers, &servers);
	pack_u8(to, 1);
	pack_u32(to, r->registration.epp);
	pack_i64(to, r->registration.registered_at);
	pack_i64(to, r->registration.expires_at);
	pack_text(to, r->registration.registrar);
	pack_u32(to, r->registration.iana_id);
	pack_text(to, str_text(&servers));
	pack_text(to, r->statuses);
	str_free(&servers);
}

static bool unpack_rdap(struct slice packet, struct rdap *ret_rdap, char why[static 160])
{
	struct unpack u = unpack_of(packet.p, packet.n);
	struct rdap r = {.registration.status = REGISTRATION_FOUND};
	struct slice servers;

	if (unpack_u8(&u) == 0) {
		char said[160];

		unpack_text(&u, said, sizeof(said));
		snprintf(why, 160, "%s", pack_done(&u) ? said : "the answer could not be read");
		return false;
	}
	r.registration.epp = unpack_max(&u, (1u << EPP_COUNT) - 1);
	r.registration.registered_at = unpack_i64(&u);
	r.registration.expires_at = unpack_i64(&u);
	unpack_text(&u, r.registration.registrar, sizeof(r.registration.registrar));
	r.registration.iana_id = unpack_u32(&u);
	servers = unpack_slice(&u);
	unpack_text(&u, r.statuses, sizeof(r.statuses));
	if (!pack_done(&u)) {
		snprintf(why, 160, "the answer could not be read");
		return false;
	}
	nameservers_read(servers, &r.registration.servers);
	*ret_rdap = r;
	return true;
}

static _Noreturn void child(int to, struct slice text, const char *name)
{
	struct str record = {0};
	struct rdap r;
	char why[160] = "";

	if (dup2(to, 0) != 0 || !seal_zygote() || close_range(1, ~0U, 0) != 0 || !seal_child())
		_exit(1);
	if (rdap_read(text, name, &r, why)) {
		pack_rdap(&r, &record);
	} else {
		pack_u8(&record, 0);
		pack_text(&record, why);
	}
	_exit(record.failed || write(0, record.p, record.n) != (ssize_t)record.n ? 1 : 0);
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* All that the child writes, to its end. False when it takes too long. */
static bool take(int fd, struct str *to)
{
	const int64_t until = now_ms() + PATIENCE_MS;
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char chunk[RECORD_MOST];

	for (;;) {
		const int64_t left = until - now_ms();
		ssize_t n;

		if (left <= 0 || to->n > RECORD_MOST)
			return false;
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0;
		str_add(to, chunk, (size_t)n);
	}
}

bool rdap_read_sealed(struct slice text, const char *name, struct rdap *ret_rdap,
		      char why[static 160])
{
	struct str record = {0};
	bool good = false;
	int pair[2], status;
	pid_t pid;

	snprintf(why, 160, "the answer could not be read");
	if (pipe2(pair, O_CLOEXEC) != 0)
		return false;
	pid = fork();
	if (pid == 0)
		child(pair[1], text, name);
	close(pair[1]);
	if (pid > 0) {
		good = take(pair[0], &record);
		if (!good)
			kill(pid, SIGKILL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		good = good && WIFEXITED(status) && WEXITSTATUS(status) == 0 && !record.failed &&
		       unpack_rdap((struct slice){record.p, record.n}, ret_rdap, why);
	}
	close(pair[0]);
	str_free(&record);
	return good;
}
