/* SPDX-License-Identifier: BSD-2-Clause */
/* A DNS server for tests; see server.h. Only well-formed questions of our own resolver come here;
 * anything else is dropped. */
#include "tests/dns/server.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	HEAD = 12,
	UDP_MOST = 1232,
	TXT_CHUNK = 255,
};

struct server {
	struct zone *zone;
	int udp, tcp, stop;
	unsigned port;
	pthread_t thread;
};

/* -- packets -------------------------------------------------------------------------------- */

static void put16(struct str *to, unsigned v)
{
	str_putc(to, (char)(v >> 8));
	str_putc(to, (char)(v & 0xff));
}

static void put_name(struct str *to, struct slice name)
{
	while (name.n) {
		const char *dot = memchr(name.p, '.', name.n);
		size_t n = dot ? (size_t)(dot - name.p) : name.n;
		str_putc(to, (char)n);
		str_add(to, name.p, n);
		n += dot != NULL;
		name.p += n;
		name.n -= n;
	}
	str_putc(to, '\0');
}

static void put_data(struct str *to, unsigned type, struct slice data)
{
	switch (type) {
	case 12: put_name(to, data); break;
	case 15:
		str_add(to, data.p, 2);
		put_name(to, (struct slice){data.p + 2, data.n - 2});
		break;
	case 16:
		do {
			size_t n = data.n < TXT_CHUNK ? data.n : TXT_CHUNK;
			str_putc(to, (char)n);
			str_add(to, data.p, n);
			data.p += n;
			data.n -= n;
		} while (data.n);
		break;
	default: str_add(to, data.p, data.n); break;
	}
}

static void put_record(struct str *to, const char *owner, unsigned type, struct slice data)
{
	struct str rdata = {0};
	if (type == 5)
		put_name(&rdata, data);
	else
		put_data(&rdata, type, data);
	put_name(to, slice_of(owner));
	put16(to, type);
	put16(to, 1);
	put16(to, 0);
	put16(to, 300);
	put16(to, (unsigned)rdata.n);
	str_add(to, rdata.p, rdata.n);
	str_free(&rdata);
}

struct asked {
	char name[LIMIT_DOMAIN + 1];
	unsigned type;
	size_t end; /* of the question section */
};

static bool read_question(const unsigned char *p, size_t n, struct asked *q)
{
	size_t at = HEAD, out = 0;
	if (n < HEAD || p[4] != 0 || p[5] != 1)
		return false;
	while (at < n && p[at]) {
		size_t label = p[at++];
		if (label > n - at || out + label + 1 > LIMIT_DOMAIN)
			return false;
		if (out)
			q->name[out++] = '.';
		memcpy(q->name + out, p + at, label);
		out += label;
		at += label;
	}
	if (n - at < 5)
		return false;
	q->name[out] = '\0';
	q->type = (unsigned)p[at + 1] << 8 | p[at + 2];
	q->end = at + 5;
	return true;
}

static enum question_type type_of(unsigned number)
{
	unsigned t = 0;
	while (t < QUESTION_TYPE_COUNT && question_type_number((enum question_type)t) != number)
		t++;
	return (enum question_type)t;
}

/* False: no answer at all. */
static bool answer(struct zone *z, const unsigned char *p, size_t n, bool tcp, struct str *to)
{
	struct asked q;
	if (!read_question(p, n, &q) || strncmp(q.name, "silent.", 7) == 0)
		return false;
	static const struct answer none = {.status = ANSWER_NO_DATA};
	enum question_type type = type_of(q.type);
	const struct answer *a = type < QUESTION_TYPE_COUNT ? zone_answer(z, type, q.name) : &none;
	if (!a)
		return false;
	unsigned rcode = a->status == ANSWER_NO_NAME ? 3 : a->status == ANSWER_TROUBLE ? 2 : 0;
	unsigned count = 0;
	struct str records = {0};
	const char *owner = q.name;
	for (const char *to_name; (to_name = zone_alias(z, owner)) && count < 16; owner = to_name) {
		put_record(&records, owner, 5, slice_of(to_name));
		count++;
	}
	for (uint32_t i = 0; i < a->count; i++, count++)
		put_record(&records, owner, q.type, a->record[i]);
	if (strncmp(q.name, "more.", 5) == 0) {
		put_record(&records, owner, q.type,
			   slice_of(type == QUESTION_A ? "\3\2\1\1" : "x"));
		count++;
	}
	bool cut = !tcp && q.end + records.n > UDP_MOST;

	str_reset(to);
	str_add(to, p, 2);
	put16(to, 0x8180 | (cut ? 0x0200 : 0) | rcode);
	put16(to, 1);
	put16(to, cut ? 0 : count);
	put16(to, 0);
	put16(to, 0);
	str_add(to, p + HEAD, q.end - HEAD);
	if (!cut)
		str_add(to, records.p, records.n);
	str_free(&records);
	return !to->failed;
}

/* -- sockets -------------------------------------------------------------------------------- */

static void serve_udp(struct server *s)
{
	unsigned char packet[4096];
	struct sockaddr_storage from;
	socklen_t from_n = sizeof from;
	ssize_t n = recvfrom(s->udp, packet, sizeof packet, 0, (struct sockaddr *)&from, &from_n);
	struct str out = {0};
	if (n > 0 && answer(s->zone, packet, (size_t)n, false, &out))
		sendto(s->udp, out.p, out.n, 0, (struct sockaddr *)&from, from_n);
	str_free(&out);
}

/* One question a connection: enough for a resolver that comes because of a truncated answer. */
static void serve_tcp(struct server *s)
{
	int fd = accept4(s->tcp, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0)
		return;
	struct timeval patience = {.tv_sec = 5};
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	unsigned char head[2], packet[4096];
	struct str out = {0}, framed = {0};
	if (recv(fd, head, 2, MSG_WAITALL) == 2) {
		size_t want = (size_t)head[0] << 8 | head[1];
		if (want <= sizeof packet && recv(fd, packet, want, MSG_WAITALL) == (ssize_t)want &&
		    answer(s->zone, packet, want, true, &out) && out.n <= 65535) {
			put16(&framed, (unsigned)out.n);
			str_add(&framed, out.p, out.n);
			send(fd, framed.p, framed.n, MSG_NOSIGNAL);
		}
	}
	str_free(&out);
	str_free(&framed);
	close(fd);
}

static void *run(void *arg)
{
	struct server *s = arg;
	for (;;) {
		struct pollfd p[3] = {{.fd = s->stop, .events = POLLIN},
				      {.fd = s->udp, .events = POLLIN},
				      {.fd = s->tcp, .events = POLLIN}};
		if (poll(p, 3, -1) < 0)
			continue;
		if (p[0].revents)
			return NULL;
		if (p[1].revents)
			serve_udp(s);
		if (p[2].revents)
			serve_tcp(s);
	}
}

/* Both sockets on one free port: TCP picks it, and where UDP has it taken, the next try does. */
static bool bind_both(struct server *s)
{
	for (int i = 0; i < 20; i++) {
		struct sockaddr_in a = {.sin_family = AF_INET,
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
		socklen_t n = sizeof a;
		s->tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		s->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (s->tcp >= 0 && s->udp >= 0 && !bind(s->tcp, (struct sockaddr *)&a, n) &&
		    !getsockname(s->tcp, (struct sockaddr *)&a, &n) && !listen(s->tcp, 16) &&
		    !bind(s->udp, (struct sockaddr *)&a, n)) {
			s->port = ntohs(a.sin_port);
			return true;
		}
		if (s->tcp >= 0)
			close(s->tcp);
		if (s->udp >= 0)
			close(s->udp);
	}
	return false;
}

struct server *server_start(struct zone *zone)
{
	struct server *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->zone = zone;
	s->stop = eventfd(0, EFD_CLOEXEC);
	if (s->stop < 0 || !bind_both(s)) {
		free(s);
		return NULL;
	}
	if (pthread_create(&s->thread, NULL, run, s)) {
		close(s->stop);
		close(s->udp);
		close(s->tcp);
		free(s);
		return NULL;
	}
	return s;
}

unsigned server_port(const struct server *s)
{
	return s->port;
}

void server_stop(struct server *s)
{
	if (!s)
		return;
	eventfd_write(s->stop, 1);
	pthread_join(s->thread, NULL);
	close(s->stop);
	close(s->udp);
	close(s->tcp);
	free(s);
}
