/* SPDX-License-Identifier: BSD-2-Clause
 *
 * baddns: a DNS server that misbehaves in one chosen way, on 127.0.0.1 or -a, UDP and TCP, for the
 * tests of programs that ask it.
 *
 *   baddns [-a ADDRESS] [-p PORT] [-U ADDRESS] [-u PORT] MODE [N]    prints its port as soon as it
 *                                                                    listens
 *
 *   silent       takes questions and never answers; TCP connections stay open
 *   servfail, refused, nxdomain, empty       answers so, at once
 *   garbage      N (default 512) random bytes after the right identification
 *   truncated    an empty answer with TC; over TCP hangs up
 *   loop         every name is a CNAME for itself
 *   chain        every name is a CNAME for "x." plus itself, as far as names go
 *   huge         a TXT record of N (default 60000) bytes; over UDP truncated
 *   many         N (default 50) TXT records of 100 bytes
 *   thousands    N (default 4000) TXT records of one byte
 *   notcp        as truncated, with nobody at the TCP port
 *   text T       the TXT record T to every question
 *   nul T        the same, with a NUL and an x behind T
 *   others T     that record for a name below the one that was asked, and for the one above it
 *   nulname T    that record for the name with a NUL at the end of its first label
 *   drip         an empty answer with TC; over TCP N (default 1000) octets, ten a second
 *   slow         the answer of the server on port -u, N (default 1000) ms late
 *   wrongid      that answer with another identification
 *   wrongname    that answer with the first letter of the name changed
 *   formerr      FORMERR to a question with EDNS, that answer to one without
 *   lost         that answer to every N-th (default 2nd) question only
 *
 * Questions that are no DNS are dropped. Runs until it is told to end (SIGTERM); answers that need
 * time are given by a child per question, which ends with it. Exit 2 on wrong usage or trouble. */
#include "config.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEAD = 12, MOST = 65535, UDP_MOST = 1232, CHUNK = 250, UPSTREAM_MS = 5000, TCP_S = 5 };

struct packet {
	unsigned char data[MOST];
	size_t len;
};

struct server {
	const char *mode, *text;
	long n;
	struct in_addr address, upstream_address;
	unsigned upstream;
	unsigned long asked;
};

/* Builds the answer to q; false: none is given. */
typedef bool answer_fn(struct server *s, const struct packet *q, bool tcp, struct packet *a);

static void fail(const char *what)
{
	fprintf(stderr, "baddns: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* ---- answers ------------------------------------------------------------------------------- */

static void put16(struct packet *p, unsigned v)
{
	p->data[p->len++] = (unsigned char)(v >> 8);
	p->data[p->len++] = (unsigned char)v;
}

/* The length of header and question; 0 where q is no plain question. */
static size_t question_len(const struct packet *q)
{
	size_t at = HEAD;

	if (q->len < HEAD + 5 || (q->data[2] & 0x80) || q->data[4] || q->data[5] != 1)
		return 0;
	while (at < q->len && q->data[at] && q->data[at] < 64)
		at += q->data[at] + 1u;
	return at + 5 <= q->len && q->data[at] == 0 ? at + 5 : 0;
}

static void begin(const struct packet *q, struct packet *a, unsigned rcode, unsigned answers)
{
	a->len = question_len(q);
	memcpy(a->data, q->data, a->len);
	a->data[2] = 0x81;
	a->data[3] = (unsigned char)(0x80 | rcode);
	memset(a->data + 4, 0, 8);
	a->data[5] = 1;
	a->data[6] = (unsigned char)(answers >> 8);
	a->data[7] = (unsigned char)answers;
}

/* What follows the owner's name. */
static void begin_data(struct packet *a, unsigned type, size_t len)
{
	put16(a, type);
	put16(a, ns_c_in);
	put16(a, 0);
	put16(a, 1); /* a second to live */
	put16(a, (unsigned)len);
}

/* Of the name that was asked. */
static void begin_record(struct packet *a, unsigned type, size_t len)
{
	put16(a, 0xc000 | HEAD);
	begin_data(a, type, len);
}

static bool no_answer(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	(void)s, (void)q, (void)tcp, (void)a;
	return false;
}

static bool give_servfail(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	(void)s, (void)tcp;
	begin(q, a, ns_r_servfail, 0);
	return true;
}

static bool give_refused(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	(void)s, (void)tcp;
	begin(q, a, ns_r_refused, 0);
	return true;
}

static bool give_nxdomain(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	(void)s, (void)tcp;
	begin(q, a, ns_r_nxdomain, 0);
	return true;
}

static bool give_empty(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	(void)s, (void)tcp;
	begin(q, a, ns_r_noerror, 0);
	return true;
}

static bool give_garbage(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	size_t want = s->n ? (size_t)s->n : 512;

	(void)tcp;
	memcpy(a->data, q->data, 2);
	a->len = want < MOST ? want : MOST;
	for (size_t at = 2; at < a->len; at += 256)
		if (getrandom(a->data + at, a->len - at < 256 ? a->len - at : 256, 0) < 0)
			fail("getrandom");
	a->data[2] |= 0x80;
	return true;
}

static bool give_truncated(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	(void)s;
	begin(q, a, ns_r_noerror, 0);
	a->data[2] |= 0x02;
	return !tcp;
}

static bool give_loop(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	(void)s, (void)tcp;
	begin(q, a, ns_r_noerror, 1);
	begin_record(a, ns_t_cname, 2);
	put16(a, 0xc000 | HEAD);
	return true;
}

static bool give_chain(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	if (question_len(q) > HEAD + 4 + 250)
		return give_servfail(s, q, tcp, a);
	begin(q, a, ns_r_noerror, 1);
	begin_record(a, ns_t_cname, 4);
	put16(a, 0x0178);
	put16(a, 0xc000 | HEAD);
	return true;
}

/* One TXT record of `size` bytes, in strings of at most CHUNK. */
static void add_text(struct packet *a, size_t size)
{
	size_t strings = (size + CHUNK - 1) / CHUNK;

	begin_record(a, ns_t_txt, size + strings);
	for (size_t left = size; left > 0;) {
		size_t n = left < CHUNK ? left : CHUNK;

		a->data[a->len++] = (unsigned char)n;
		memset(a->data + a->len, 'h', n);
		a->len += n;
		left -= n;
	}
}

static bool give_huge(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	size_t size = s->n ? (size_t)s->n : 60000;
	size_t most = (MOST - 400) / (CHUNK + 1) * CHUNK;

	size = size < most ? size : most;
	if (!tcp && size > UDP_MOST - 400)
		return give_truncated(s, q, tcp, a);
	begin(q, a, ns_r_noerror, 1);
	add_text(a, size);
	return true;
}

static bool give_many(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	unsigned n = s->n ? (unsigned)s->n : 50;

	n = n < 500 ? n : 500;
	if (!tcp && n > 7)
		return give_truncated(s, q, tcp, a);
	begin(q, a, ns_r_noerror, n);
	for (unsigned i = 0; i < n; i++)
		add_text(a, 100);
	return true;
}

static bool give_thousands(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	const unsigned n = s->n && s->n < 4500 ? (unsigned)s->n : 4000;

	if (!tcp)
		return give_truncated(s, q, tcp, a);
	begin(q, a, ns_r_noerror, n);
	for (unsigned i = 0; i < n; i++)
		add_text(a, 1);
	return true;
}

/* ---- what the command line says ------------------------------------------------------------ */

static void put_octets(struct packet *p, const void *data, size_t n)
{
	memcpy(p->data + p->len, data, n);
	p->len += n;
}

/* The data of a TXT record of one string; the owner's name stands before it. */
static void put_said(struct packet *a, const char *text, size_t n)
{
	n = n < 255 ? n : 255;
	begin_data(a, ns_t_txt, n + 1);
	a->data[a->len++] = (unsigned char)n;
	put_octets(a, text, n);
}

static bool give_text(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	(void)tcp;
	begin(q, a, ns_r_noerror, 1);
	put16(a, 0xc000 | HEAD);
	put_said(a, s->text, strlen(s->text));
	return true;
}

static bool give_nul(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	char text[255];
	const int n = snprintf(text, sizeof text - 2, "%s", s->text);

	(void)tcp;
	memcpy(text + n, "\0x", 2);
	begin(q, a, ns_r_noerror, 1);
	put16(a, 0xc000 | HEAD);
	put_said(a, text, (size_t)n + 2);
	return true;
}

static bool give_others(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	(void)tcp;
	begin(q, a, ns_r_noerror, 2);
	put_octets(a, "\1x", 2);
	put16(a, 0xc000 | HEAD);
	put_said(a, s->text, strlen(s->text));
	put16(a, 0xc000 | (HEAD + 1u + q->data[HEAD]));
	put_said(a, s->text, strlen(s->text));
	return true;
}

static bool give_nulname(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	const unsigned char label = q->data[HEAD];

	(void)tcp;
	if (label == 63)
		return give_servfail(s, q, tcp, a);
	begin(q, a, ns_r_noerror, 1);
	a->data[a->len++] = (unsigned char)(label + 1);
	put_octets(a, q->data + HEAD + 1, label);
	a->data[a->len++] = 0;
	put16(a, 0xc000 | (HEAD + 1u + label));
	put_said(a, s->text, strlen(s->text));
	return true;
}

/* ---- answers of the server behind us ------------------------------------------------------- */

static bool ask_upstream(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	struct sockaddr_in in = {
	    .sin_family = AF_INET,
	    .sin_addr = s->upstream_address,
	    .sin_port = htons((uint16_t)s->upstream),
	};
	struct pollfd p = {.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), .events = POLLIN};
	ssize_t n = -1;

	(void)tcp;
	if (p.fd >= 0 && connect(p.fd, (struct sockaddr *)&in, sizeof in) == 0 &&
	    send(p.fd, q->data, q->len, 0) > 0 && poll(&p, 1, UPSTREAM_MS) == 1)
		n = recv(p.fd, a->data, sizeof a->data, 0);
	if (p.fd >= 0)
		close(p.fd);
	a->len = n > HEAD ? (size_t)n : 0;
	return a->len > 0;
}

static bool give_slow(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	/* The lateness is the point here; poll with no descriptor just lets the time pass. */
	poll(NULL, 0, s->n ? (int)s->n : 1000);
	return ask_upstream(s, q, tcp, a);
}

static bool give_wrongid(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	bool ok = ask_upstream(s, q, tcp, a);

	if (ok)
		a->data[1] ^= 0x5a;
	return ok;
}

static bool give_wrongname(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	bool ok = ask_upstream(s, q, tcp, a);

	if (ok && a->len > HEAD + 1)
		a->data[HEAD + 1] = a->data[HEAD + 1] == 'z' ? 'y' : 'z';
	return ok;
}

static bool give_lost(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	return s->asked % (s->n ? (unsigned long)s->n : 2) == 0 && ask_upstream(s, q, tcp, a);
}

static bool give_formerr(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	if (q->data[10] == 0 && q->data[11] == 0)
		return ask_upstream(s, q, tcp, a);
	begin(q, a, ns_r_formerr, 0);
	a->len = HEAD; /* as servers from before EDNS do */
	a->data[5] = 0;
	return true;
}

/* By TCP this is where the answer is given, and never whole. */
static bool give_drip(struct server *s, const struct packet *q, bool tcp, struct packet *a)
{
	const long n = s->n ? s->n : 1000;

	if (!tcp)
		return give_truncated(s, q, tcp, a);
	begin(q, a, ns_r_noerror, 0);
	memset(a->data + a->len, 0, (size_t)n);
	a->len += (size_t)n;
	return true;
}

static const struct mode {
	const char *name;
	answer_fn *answer;
	bool upstream; /* asks -u, or takes its time: each question has a child of its own */
} modes[] = {
    {"silent", no_answer, false},
    {"servfail", give_servfail, false},
    {"refused", give_refused, false},
    {"nxdomain", give_nxdomain, false},
    {"empty", give_empty, false},
    {"garbage", give_garbage, false},
    {"truncated", give_truncated, false},
    {"loop", give_loop, false},
    {"chain", give_chain, false},
    {"huge", give_huge, false},
    {"many", give_many, false},
    {"thousands", give_thousands, false},
    {"notcp", give_truncated, false},
    {"text", give_text, false},
    {"nul", give_nul, false},
    {"others", give_others, false},
    {"nulname", give_nulname, false},
    {"slow", give_slow, true},
    {"wrongid", give_wrongid, true},
    {"wrongname", give_wrongname, true},
    {"formerr", give_formerr, true},
    {"drip", give_drip, true},
    {"lost", give_lost, true},
};

/* ---- sockets ------------------------------------------------------------------------------- */

/* True in the process that shall answer: a child where the answer needs time, else this one. */
static bool answers_here(const struct mode *m)
{
	pid_t pid;

	if (!m->upstream)
		return true;
	pid = fork();
	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid == 0;
}

static void serve_udp(struct server *s, const struct mode *m, int fd)
{
	static struct packet q, a;
	struct sockaddr_in from;
	socklen_t from_len = sizeof from;
	ssize_t n = recvfrom(fd, q.data, sizeof q.data, 0, (struct sockaddr *)&from, &from_len);

	if (n < 0)
		return;
	q.len = (size_t)n;
	if (!question_len(&q))
		return;
	s->asked++;
	if (!answers_here(m))
		return;
	if (m->answer(s, &q, false, &a))
		sendto(fd, a.data, a.len, 0, (struct sockaddr *)&from, from_len);
	if (m->upstream)
		_exit(0);
}

static bool read_full(int fd, unsigned char *to, size_t len)
{
	return recv(fd, to, len, MSG_WAITALL) == (ssize_t)len;
}

/* The slowness is the point here, as in give_slow. */
static void drip(int fd, const struct packet *a)
{
	for (size_t i = 0; i < a->len && send(fd, a->data + i, 1, MSG_NOSIGNAL) == 1; i++)
		poll(NULL, 0, 100);
}

/* One question a connection. */
static void serve_tcp(struct server *s, const struct mode *m, int listener)
{
	static struct packet q, a;
	struct timeval most = {.tv_sec = TCP_S};
	unsigned char len[2];
	int fd = accept(listener, NULL, NULL);

	/* silent keeps the connection, and so its descriptor, until we end. */
	if (fd < 0 || m->answer == no_answer)
		return;
	s->asked++;
	if (!answers_here(m)) {
		close(fd);
		return;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
	if (read_full(fd, len, 2)) {
		q.len = (size_t)len[0] << 8 | len[1];
		if (read_full(fd, q.data, q.len) && question_len(&q) &&
		    m->answer(s, &q, true, &a)) {
			len[0] = (unsigned char)(a.len >> 8);
			len[1] = (unsigned char)a.len;
			send(fd, len, 2, MSG_NOSIGNAL | MSG_MORE);
			if (m->answer == give_drip)
				drip(fd, &a);
			else
				send(fd, a.data, a.len, MSG_NOSIGNAL);
		}
	}
	close(fd);
	if (m->upstream)
		_exit(0);
}

static int open_port(const struct server *s, int type, unsigned port)
{
	struct sockaddr_in in = {
	    .sin_family = AF_INET,
	    .sin_addr = s->address,
	    .sin_port = htons((uint16_t)port),
	};
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), again = 1;

	/* A port that was asked for may have been that of another a moment ago. */
	if (fd >= 0 && type == SOCK_STREAM && port)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &again, sizeof again);
	if (fd < 0 || bind(fd, (struct sockaddr *)&in, sizeof in) != 0 ||
	    (type == SOCK_STREAM && listen(fd, 64) != 0))
		fail("cannot listen");
	return fd;
}

static unsigned port_of(int fd)
{
	struct sockaddr_in in;
	socklen_t len = sizeof in;

	if (getsockname(fd, (struct sockaddr *)&in, &len) != 0)
		fail("getsockname");
	return ntohs(in.sin_port);
}

static void usage(void)
{
	fputs(
	    "usage: baddns [-a ADDRESS] [-p PORT] [-U ADDRESS] [-u PORT] MODE [N]; MODE is one of:",
	    stderr);
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
		fprintf(stderr, " %s%s", modes[i].name, modes[i].upstream ? " (with -u)" : "");
	fputs("\n", stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	struct server s = {.address.s_addr = htonl(INADDR_LOOPBACK),
			   .upstream_address.s_addr = htonl(INADDR_LOOPBACK)};
	const struct mode *m = NULL;
	unsigned port = 0;
	int c;

	while ((c = getopt(argc, argv, "a:p:U:u:")) != -1) {
		if (c == 'p')
			port = (unsigned)atoi(optarg);
		else if (c == 'u')
			s.upstream = (unsigned)atoi(optarg);
		else if (c == '?' || inet_pton(AF_INET, optarg,
					       c == 'a' ? &s.address : &s.upstream_address) != 1)
			usage();
	}
	s.mode = optind < argc ? argv[optind] : "";
	s.text = optind + 1 < argc ? argv[optind + 1] : "";
	s.n = atol(s.text);
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
		if (strcmp(s.mode, modes[i].name) == 0)
			m = &modes[i];
	if (!m || (m->upstream && !s.upstream) || s.n < 0)
		usage();

	int tcp = open_port(&s, SOCK_STREAM, port);
	int udp = open_port(&s, SOCK_DGRAM, port_of(tcp));
	struct pollfd p[2] = {{.fd = udp, .events = POLLIN}, {.fd = tcp, .events = POLLIN}};

	if (strcmp(s.mode, "notcp") == 0) {
		close(tcp);
		p[1].fd = -1;
	}
	signal(SIGCHLD, SIG_IGN);
	printf("%u\n", port_of(udp));
	fflush(stdout);
	for (;;) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			fail("poll");
		if (p[0].revents)
			serve_udp(&s, m, udp);
		if (p[1].revents)
			serve_tcp(&s, m, tcp);
	}
}
