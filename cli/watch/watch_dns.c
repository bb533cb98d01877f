/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch_dns.c - what the zones above the names say about them.
 *
 * The zone's servers come from the configured resolver (its cache may be old: servers of a zone of
 * names change in months); the delegation from those servers themselves, three of them, more where
 * one gives no answer. ACTIVE names are under way at a time, and each ends by itself: the resolver
 * and the inquirer answer everything within seconds, or are given up. One thread, one loop.
 *
 * The zone above a name is the closest one that has name servers of its own: co.uk, and not uk.
 */
#include "cli/watch/watch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/program.h"
#include "dns/inquiry.h"
#include "dns/question.h"
#include "judge/plumbing.h"

enum {
	ACTIVE = 32,
	ASKED = 6,       /* servers of a zone that are asked about one name */
	ENOUGH = 3,      /* answers about one name */
	HOSTS = 6,       /* name servers of a zone whose addresses are wanted */
	ADDRESSES = 12,  /* kept of a zone */
	FIND_MS = 12000, /* to find a zone's servers */
	ASK_MS = 30000,  /* for all about one name: what the inquirer takes at most */
	TURN_MS = 250,   /* how often deadlines are looked at */
};

/* A zone of names, as it is found: by the suffix of the names that we want to know about. */
struct zone {
	struct zone *next;
	size_t id;
	char suffix[LIMIT_DOMAIN + 1]; /* of the names */
	const char *candidate;         /* into suffix: where NS records are looked for */
	enum {
		ZONE_LOOKING,
		ZONE_READY,
		ZONE_FAILED,
	} state;
	int64_t until;
	char host[HOSTS][LIMIT_DOMAIN + 1];
	size_t host_count, open; /* open: questions without an answer yet */
	bool six;                /* asking for IPv6 addresses, since there are no others */
	size_t count;
	uint8_t family;
	uint8_t address[ADDRESSES][16];
	const char *why;
};

/* A name under way. */
struct asking {
	struct watch_name *name;
	struct zone *zone;
	uint64_t serial; /* of its inquiries: serial * ASKED + number */
	int64_t until;
	size_t first, asked, open, count;
	struct delegation said[ASKED];
	int results[INQUIRY_RESULT_COUNT];
};

struct run {
	int resolver, inquirer;
	pid_t resolver_pid, inquirer_pid;
	bool ready; /* the resolver has said hello: what it was asked before is lost */
	bool lost;
	struct zone *zones;
	size_t zone_count;
	uint64_t serial;
	struct asking *active[ACTIVE];
	size_t under_way;
};

int64_t watch_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static size_t any_of(size_t count)
{
	uint32_t n = 0;

	if (getrandom(&n, sizeof(n), 0) < 0)
		n = (uint32_t)watch_clock();
	return n % count;
}

/* -- zones ---------------------------------------------------------------------------------- */

/* Kinds of our questions, in their ids: zone * KINDS + kind. */
enum {
	KIND_NS,
	KIND_ADDRESS,
	KINDS,
};

static void ask_resolver(struct run *r, const struct zone *z, unsigned kind,
			 enum question_type type, const char *name)
{
	struct question q = {.id = z->id * KINDS + kind, .type = type};
	struct str packet = {0};

	slice_copy(slice_of(name), q.name, sizeof(q.name));
	question_pack(&q, &packet);
	if (packet.failed || send(r->resolver, packet.p, packet.n, MSG_NOSIGNAL) < 0)
		r->lost = true;
	str_free(&packet);
}

static void zone_fail(struct zone *z, const char *why)
{
	z->state = ZONE_FAILED;
	z->why = why;
}

static struct zone *zone_of(struct run *r, const char *suffix)
{
	struct zone *z = r->zones;

	while (z != NULL && strcmp(z->suffix, suffix) != 0)
		z = z->next;
	if (z != NULL)
		return z;
	z = calloc(1, sizeof(*z));
	if (z == NULL || !slice_copy(slice_of(suffix), z->suffix, sizeof(z->suffix))) {
		free(z);
		return NULL;
	}
	z->id = r->zone_count++;
	z->candidate = z->suffix;
	z->until = watch_clock() + FIND_MS;
	z->next = r->zones;
	r->zones = z;
	ask_resolver(r, z, KIND_NS, QUESTION_NS, z->candidate);
	return z;
}

static void ask_addresses(struct run *r, struct zone *z)
{
	for (size_t i = 0; i < z->host_count; i++, z->open++)
		ask_resolver(r, z, KIND_ADDRESS, z->six ? QUESTION_AAAA : QUESTION_A, z->host[i]);
}

static void take_servers(struct run *r, struct zone *z, const struct answer *a)
{
	const char *up = strchr(z->candidate, '.');
	const size_t first = a->count > 0 ? any_of(a->count) : 0;

	if (a->status == ANSWER_NO_DATA && up != NULL) {
		z->candidate = up + 1;
		ask_resolver(r, z, KIND_NS, QUESTION_NS, z->candidate);
		return;
	}
	for (uint32_t i = 0; i < a->count && z->host_count < HOSTS; i++) {
		char *to = z->host[z->host_count];

		if (slice_copy(a->record[(first + i) % a->count], to, LIMIT_DOMAIN + 1) &&
		    question_name_ok(to))
			z->host_count++;
	}
	if (a->status == ANSWER_TROUBLE)
		zone_fail(z, "the resolver does not find the zone's name servers");
	else if (z->host_count == 0)
		zone_fail(z, "the zone that it should be in has no name servers");
	else
		ask_addresses(r, z);
}

static void take_addresses(struct run *r, struct zone *z, const struct answer *a)
{
	const size_t size = z->six ? 16 : 4;

	if (z->open == 0)
		return;
	z->open--;
	for (uint32_t i = 0; i < a->count && z->count < ADDRESSES; i++)
		if (a->record[i].n == size)
			memcpy(z->address[z->count++], a->record[i].p, size);
	if (z->open > 0)
		return;
	if (z->count > 0) {
		z->family = z->six ? 6 : 4;
		z->state = ZONE_READY;
	} else if (!z->six) {
		z->six = true;
		ask_addresses(r, z);
	} else {
		zone_fail(z, "the zone's name servers have no addresses");
	}
}

static void take_answer(struct run *r, struct slice packet)
{
	struct answer a;
	struct zone *z = r->zones;

	r->ready = r->ready || packet_kind_of(packet) == PACKET_HELLO;
	if (!answer_unpack(packet, &a))
		return;
	while (z != NULL && z->id != a.id / KINDS)
		z = z->next;
	if (z != NULL && z->state == ZONE_LOOKING) {
		if (a.id % KINDS == KIND_NS)
			take_servers(r, z, &a);
		else
			take_addresses(r, z, &a);
	}
	answer_free(&a);
}

/* -- names ---------------------------------------------------------------------------------- */

static void inquire(struct run *r, struct asking *k)
{
	const struct zone *z = k->zone;
	const size_t at = (k->first + k->asked) % z->count;
	struct inquiry q = {.id = k->serial * ASKED + k->asked, .family = z->family};
	struct str packet = {0};

	memcpy(q.address, z->address[at], sizeof(q.address));
	slice_copy(slice_of(k->name->asked), q.name, sizeof(q.name));
	inquiry_pack(&q, &packet);
	if (packet.failed || send(r->inquirer, packet.p, packet.n, MSG_NOSIGNAL) < 0)
		r->lost = true;
	str_free(&packet);
	k->asked++;
	k->open++;
}

static void conclude(struct asking *k)
{
	struct watch_name *n = k->name;
	const char *why = standing_agree(k->said, k->count, k->zone->count, &n->delegation);
	struct str words = {0};

	if (why == NULL)
		return;
	str_puts(&words, why);
	for (int i = 0; k->count == 0 && i < INQUIRY_RESULT_COUNT; i++)
		if (k->results[i] > 0)
			str_printf(&words, "%s%d %s", strchr(str_text(&words), ':') ? ", " : ": ",
				   k->results[i], inquiry_result_words((enum inquiry_result)i));
	snprintf(n->dns_why, sizeof(n->dns_why), "%s", str_text(&words));
	str_free(&words);
}

/* False when nothing more is to be done about it. */
static bool go_on(struct run *r, struct asking *k)
{
	struct zone *z = k->zone;

	if (z->state == ZONE_LOOKING && watch_clock() >= z->until)
		zone_fail(z, "the zone's name servers were not found in time");
	if (z->state == ZONE_LOOKING)
		return true;
	if (z->state == ZONE_FAILED) {
		snprintf(k->name->dns_why, sizeof(k->name->dns_why), "%s", z->why);
		return false;
	}
	if (watch_clock() < k->until)
		while (k->count + k->open < ENOUGH && k->asked < ASKED && k->asked < z->count)
			inquire(r, k);
	if (k->open > 0 && watch_clock() < k->until)
		return true;
	conclude(k);
	return false;
}

static void take_inquiry(struct run *r, struct slice packet)
{
	struct inquiry_answer a;
	struct asking *k = NULL;

	if (!inquiry_answer_unpack(packet, &a) || a.result >= INQUIRY_RESULT_COUNT)
		return;
	for (size_t i = 0; i < ACTIVE; i++)
		if (r->active[i] != NULL && r->active[i]->serial == a.id / ASKED)
			k = r->active[i];
	if (k == NULL || k->open == 0)
		return;
	k->open--;
	k->results[a.result]++;
	if (a.result <= INQUIRY_FOUND) {
		struct delegation *d = &k->said[k->count++];

		*d = (struct delegation){.status = a.result == INQUIRY_NO_NAME ? DELEGATION_NO_NAME
						   : a.result == INQUIRY_EMPTY ? DELEGATION_EMPTY
									       : DELEGATION_FOUND};
		for (uint32_t i = 0; i < a.count; i++)
			nameservers_add(&d->servers, slice_of(a.server[i]));
	}
}

static struct asking *begin(struct run *r, struct watch_name *n)
{
	const char *dot = strchr(n->asked, '.');
	struct zone *zone = dot != NULL ? zone_of(r, dot + 1) : NULL;
	struct asking *k = zone != NULL ? calloc(1, sizeof(*k)) : NULL;

	if (k == NULL) {
		snprintf(n->dns_why, sizeof(n->dns_why), "memory is short");
		return NULL;
	}
	k->zone = zone;
	k->name = n;
	k->serial = r->serial++;
	k->until = watch_clock() + ASK_MS;
	k->first = any_of(ADDRESSES);
	return k;
}

/* -- the run -------------------------------------------------------------------------------- */

static void receive(struct run *r, int fd, void (*take)(struct run *r, struct slice packet))
{
	char packet[LIMIT_DNS_PACKET];
	ssize_t n;

	while ((n = recv(fd, packet, sizeof(packet), MSG_DONTWAIT)) > 0)
		take(r, (struct slice){packet, (size_t)n});
	if (n == 0 || (errno != EAGAIN && errno != EINTR))
		r->lost = true;
}

static void turn(struct run *r)
{
	struct pollfd p[2] = {{.fd = r->resolver, .events = POLLIN},
			      {.fd = r->inquirer, .events = POLLIN}};

	if (poll(p, 2, TURN_MS) <= 0)
		return;
	if (p[0].revents != 0)
		receive(r, r->resolver, take_answer);
	if (p[1].revents != 0)
		receive(r, r->inquirer, take_inquiry);
}

static void ask_all(struct run *r, struct watch_name *name, size_t count, int64_t until)
{
	size_t next = 0;

	while (!r->ready && !r->lost && watch_clock() < until)
		turn(r);
	while ((next < count || r->under_way > 0) && !r->lost && watch_clock() < until) {
		for (size_t i = 0; i < ACTIVE; i++) {
			while (r->active[i] == NULL && next < count) {
				struct watch_name *n = &name[next++];

				if (n->asked == NULL || n->for_a_sender)
					continue;
				r->active[i] = begin(r, n);
				r->under_way += r->active[i] != NULL;
			}
			if (r->active[i] != NULL && !go_on(r, r->active[i])) {
				free(r->active[i]);
				r->active[i] = NULL;
				r->under_way--;
			}
		}
		if (r->under_way > 0)
			turn(r);
	}
	for (size_t i = 0; i < ACTIVE; i++) {
		if (r->active[i] != NULL)
			snprintf(r->active[i]->name->dns_why, WATCH_WHY, "%s",
				 r->lost ? "keepname's own program ended" : "time was over");
		free(r->active[i]);
	}
	for (; next < count; next++)
		snprintf(name[next].dns_why, WATCH_WHY, "%s",
			 r->lost ? "keepname's own program ended" : "time was over");
}

static bool start(const struct config *config, const char *program, char **argv, int *ret_fd,
		  pid_t *ret_pid, char why[static 256])
{
	int pair[2];

	if (!program_trusted(config->libexec_dir, program, why, 256))
		return false;
	if (argv == NULL || program_pair(SOCK_SEQPACKET, pair) != 0) {
		snprintf(why, 256, "%s: %s", program, strerror(errno));
		return false;
	}
	*ret_pid = program_start(config->libexec_dir, program, argv, &pair[1], 1);
	close(pair[1]);
	*ret_fd = pair[0];
	if (*ret_pid > 0)
		return true;
	snprintf(why, 256, "%s: %s", program, strerror(errno));
	return false;
}

/* The inquirer ends when its socket closes, the resolver when told to: it may wait for its
 * library. */
static void stop(int fd, pid_t pid)
{
	if (fd >= 0)
		close(fd);
	if (pid <= 0)
		return;
	kill(pid, SIGTERM);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

bool watch_dns(const struct config *config, struct watch_name *name, size_t count, int64_t until,
	       char why[static 256])
{
	static char inquirer[] = "keepname-inquirer";
	char *inquirer_argv[] = {inquirer, NULL};
	char **resolver_argv = plumbing_resolver_argv(config);
	struct run r = {.resolver = -1, .inquirer = -1, .serial = 1};
	const bool started =
	    start(config, "keepname-resolver", resolver_argv, &r.resolver, &r.resolver_pid, why) &&
	    start(config, inquirer, inquirer_argv, &r.inquirer, &r.inquirer_pid, why);

	if (started)
		ask_all(&r, name, count, until);
	stop(r.inquirer, r.inquirer_pid);
	stop(r.resolver, r.resolver_pid);
	free(resolver_argv);
	for (struct zone *z = r.zones, *next; z != NULL; z = next) {
		next = z->next;
		free(z);
	}
	return started;
}
