/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keepname-inquirer - asks name servers of parent zones what they delegate; started by keepname.
 *
 *   keepname-inquirer [-p PORT]      inquiries on descriptor 3 (dns/inquiry.h)
 *
 * Sealed before it asks anything, since what it reads comes from anywhere. One loop: an inquiry in,
 * a question sent; a packet in, an answer out. By UDP, each try from a socket of its own (so a
 * random port) with a random id, and from that address alone; by TCP where the answer is truncated;
 * without EDNS where the server does not know it. A packet that is no answer to the question is
 * passed over, and the wait goes on. LIMIT_INQUIRIES are under way at most; more wait in the
 * asker's socket.
 *
 * Exit: 0 when the other end closes; 2 with a line on stderr for wrong arguments or where it cannot
 * be sealed.
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/program.h"
#include "dns/inquirer_seal.h"
#include "dns/referral.h"

enum {
	TRIES = 2,     /* by UDP */
	UDP_MS = 1500, /* for each try */
	TCP_MS = 3000,
	EXIT_TROUBLE = 2,
};

struct inquirer;

struct one {
	struct inquirer *all;
	struct inquiry q;
	int fd; /* -1: this place is free */
	int64_t until;
	int tries;
	bool edns, tcp, sent;
	uint16_t id;
	uint8_t *in; /* by TCP: the length and what has come */
	size_t in_n;
};

struct inquirer {
	uint16_t port;
	size_t under_way;
	struct one one[LIMIT_INQUIRIES];
};

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* -- ends ----------------------------------------------------------------------------------- */

static void close_socket(struct one *o)
{
	if (o->fd >= 0)
		close(o->fd);
	o->fd = -1;
	free(o->in);
	o->in = NULL;
	o->in_n = 0;
	o->sent = false;
}

static void answer(struct one *o, struct inquiry_answer *a)
{
	struct str packet = {0};
	a->id = o->q.id;
	inquiry_answer_pack(a, &packet);
	if (!packet.failed)
		send(PROGRAM_FD_FIRST, packet.p, packet.n, MSG_NOSIGNAL);
	str_free(&packet);
	close_socket(o);
	o->all->under_way--;
}

static void give_up(struct one *o, enum inquiry_result why)
{
	answer(o, &(struct inquiry_answer){.result = why});
}

/* -- questions ------------------------------------------------------------------------------ */

static bool connect_to(struct one *o, int type)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} to = {.in = {.sin_family = AF_INET, .sin_port = htons(o->all->port)}};
	socklen_t size = sizeof to.in;
	if (o->q.family == 6) {
		to.in6 = (struct sockaddr_in6){.sin6_family = AF_INET6,
					       .sin6_port = htons(o->all->port)};
		memcpy(&to.in6.sin6_addr, o->q.address, 16);
		size = sizeof to.in6;
	} else {
		memcpy(&to.in.sin_addr, o->q.address, 4);
	}
	o->fd = socket(to.any.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	return o->fd >= 0 && (connect(o->fd, &to.any, size) == 0 || errno == EINPROGRESS);
}

/* False where the socket takes it not at once: 40 octets to a fresh one always fit. */
static bool send_question(struct one *o)
{
	uint8_t packet[2 + REFERRAL_QUERY];
	if (getrandom(&o->id, sizeof o->id, 0) != sizeof o->id)
		return false;
	size_t n = referral_query(o->q.name, o->id, o->edns, packet + 2);
	packet[0] = (uint8_t)(n >> 8);
	packet[1] = (uint8_t)n;
	const uint8_t *from = o->tcp ? packet : packet + 2;
	n += o->tcp ? 2 : 0;
	o->sent = n > 2 && send(o->fd, from, n, MSG_NOSIGNAL) == (ssize_t)n;
	return o->sent;
}

static void ask_by_tcp(struct one *o)
{
	close_socket(o);
	o->tcp = true;
	o->until = now_ms() + TCP_MS;
	o->in = malloc(2 + UINT16_MAX);
	if (!o->in || !connect_to(o, SOCK_STREAM))
		give_up(o, INQUIRY_SILENT);
}

static void ask_by_udp(struct one *o)
{
	close_socket(o);
	o->tries++;
	o->until = now_ms() + UDP_MS;
	if (!connect_to(o, SOCK_DGRAM) || !send_question(o))
		give_up(o, INQUIRY_SILENT);
}

/* -- what comes ----------------------------------------------------------------------------- */

static void take(struct one *o, const uint8_t *packet, size_t n)
{
	struct inquiry_answer a = {0};
	switch (referral_read(packet, n, o->q.name, o->id, o->edns, o->tcp, &a)) {
	case REFERRAL_READ: answer(o, &a); break;
	case REFERRAL_TRUNCATED: ask_by_tcp(o); break;
	case REFERRAL_NO_EDNS:
		o->edns = false;
		if (o->tcp)
			ask_by_tcp(o);
		else
			ask_by_udp(o);
		break;
	case REFERRAL_NOT_OURS:
		if (o->tcp)
			give_up(o, INQUIRY_NONSENSE);
		break;
	}
}

static void udp_ready(struct one *o)
{
	uint8_t packet[4096];
	ssize_t n = recv(o->fd, packet, sizeof packet, MSG_DONTWAIT);
	if (n >= 0)
		take(o, packet, (size_t)n);
	else if (errno != EAGAIN && errno != EINTR)
		give_up(o, INQUIRY_SILENT); /* refused by the host: nobody listens there */
}

static void tcp_ready(struct one *o, short events)
{
	if (!o->sent) {
		int error = 0;
		socklen_t size = sizeof error;
		if (getsockopt(o->fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 || error ||
		    ((events & POLLOUT) != 0 && !send_question(o)))
			give_up(o, INQUIRY_SILENT);
		return;
	}
	const size_t whole = o->in_n < 2 ? 2 : 2 + ((size_t)o->in[0] << 8 | o->in[1]);
	ssize_t n = recv(o->fd, o->in + o->in_n, whole - o->in_n, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		give_up(o, o->in_n ? INQUIRY_NONSENSE : INQUIRY_SILENT);
		return;
	}
	o->in_n += (size_t)n;
	const size_t wanted = o->in_n < 2 ? 2 : 2 + ((size_t)o->in[0] << 8 | o->in[1]);
	if (o->in_n == wanted && wanted > 2)
		take(o, o->in + 2, wanted - 2);
	else if (wanted == 2 && o->in_n == 2)
		give_up(o, INQUIRY_NONSENSE);
}

static void too_late(struct one *o)
{
	if (o->tcp || o->tries >= TRIES)
		give_up(o, INQUIRY_SILENT);
	else
		ask_by_udp(o);
}

/* -- the loop ------------------------------------------------------------------------------- */

/* False when the other end has closed. */
static bool take_inquiry(struct inquirer *all)
{
	char packet[512];
	struct one *o = all->one;
	ssize_t n = recv(PROGRAM_FD_FIRST, packet, sizeof packet, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0)
		return false;
	while (o->fd >= 0)
		o++;
	if (!inquiry_unpack((struct slice){packet, (size_t)n}, &o->q))
		return true;
	all->under_way++;
	o->edns = true;
	o->tcp = false;
	o->tries = 0;
	ask_by_udp(o);
	return true;
}

static void serve_one(struct one *o, short events)
{
	/* First: somebody may send for ever. */
	if (now_ms() >= o->until)
		too_late(o);
	else if (events != 0 && o->tcp)
		tcp_ready(o, events);
	else if (events != 0)
		udp_ready(o);
}

static int serve(struct inquirer *all)
{
	struct pollfd p[1 + LIMIT_INQUIRIES];
	for (;;) {
		int64_t first = INT64_MAX;
		p[0] =
		    (struct pollfd){.fd = all->under_way < LIMIT_INQUIRIES ? PROGRAM_FD_FIRST : -1,
				    .events = POLLIN};
		for (size_t i = 0; i < LIMIT_INQUIRIES; i++) {
			const struct one *o = &all->one[i];
			p[1 + i] = (struct pollfd){.fd = o->fd,
						   .events = o->tcp && !o->sent ? POLLOUT : POLLIN};
			if (o->fd >= 0 && o->until < first)
				first = o->until;
		}
		const int64_t left = first == INT64_MAX ? -1 : first - now_ms();
		if (poll(p, 1 + LIMIT_INQUIRIES, left < 0 && first != INT64_MAX ? 0 : (int)left) <
			0 &&
		    errno != EINTR)
			return EXIT_TROUBLE;
		for (size_t i = 0; i < LIMIT_INQUIRIES; i++)
			if (all->one[i].fd >= 0)
				serve_one(&all->one[i], p[1 + i].revents);
		if (p[0].revents != 0 && !take_inquiry(all))
			return 0;
	}
}

static bool inquiries_are_there(void)
{
	int type = 0;
	socklen_t size = sizeof type;
	return getsockopt(PROGRAM_FD_FIRST, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
	       type == SOCK_SEQPACKET;
}

int main(int argc, char **argv)
{
	struct inquirer *all = calloc(1, sizeof *all);
	uint64_t port = 53;
	bool ok = true;
	if (!all)
		return EXIT_TROUBLE;
	for (int c; (c = getopt(argc, argv, "p:")) != -1;)
		ok = ok && c == 'p' && str_to_u64(slice_of(optarg), 65535, &port) && port > 0;
	if (!ok || optind != argc || !inquiries_are_there()) {
		fputs("usage: keepname-inquirer [-p PORT]\n"
		      "Started by keepname, with a socket as descriptor 3.\n",
		      stderr);
		free(all);
		return EXIT_TROUBLE;
	}
	all->port = (uint16_t)port;
	for (size_t i = 0; i < LIMIT_INQUIRIES; i++)
		all->one[i] = (struct one){.all = all, .fd = -1};
	/* Whoever starts us may have left more open than we are to count. */
	close_range(PROGRAM_FD_FIRST + 1, ~0U, 0);
	if (!inquirer_seal(PROGRAM_FD_FIRST + 1 + LIMIT_INQUIRIES)) {
		perror("keepname-inquirer: sealing");
		free(all);
		return EXIT_TROUBLE;
	}
	int rc = serve(all);
	free(all);
	return rc;
}
