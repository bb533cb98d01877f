/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * client.c - questions of many threads over one socket, one reader thread.
 *
 * Questions under way hang in buckets by id. The lock guards the buckets and is held while an
 * answer is delivered, so that cancelling waits for a delivery in progress and afterwards none can
 * come. Nothing here blocks on the socket: sends are tried once, and what found no room is marked
 * unsent and tried again by the reader thread when the socket has room.
 *
 * A packet that is no packet, an answer to nobody, and an answer that comes twice are dropped.
 * A closed socket ends the reading; askers then run into their own deadlines.
 */
#include "dns/client.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	BUCKETS = 256, /* ids are consecutive, so they spread by themselves */
};

struct dns_client {
	int fd, wake_fd;
	pthread_t reader;
	char packet[LIMIT_DNS_PACKET]; /* the reader's */

	pthread_mutex_t lock; /* of everything below */
	bool stop, gone;
	uint64_t next_id;
	size_t under_way;
	bool any_unsent;
	struct str out;
	struct dns_wait *bucket[BUCKETS];
};

/* -- with the lock held --------------------------------------------------------------------- */

static void link_wait(struct dns_client *c, struct dns_wait *w)
{
	struct dns_wait **at = &c->bucket[w->question.id % BUCKETS];
	w->next = *at;
	w->link = at;
	if (w->next)
		w->next->link = &w->next;
	*at = w;
	w->under_way = true;
	c->under_way++;
}

static void unlink_wait(struct dns_client *c, struct dns_wait *w)
{
	*w->link = w->next;
	if (w->next)
		w->next->link = w->link;
	w->next = NULL;
	w->link = NULL;
	w->under_way = false;
	c->under_way--;
}

static void send_wait(struct dns_client *c, struct dns_wait *w)
{
	str_reset(&c->out);
	question_pack(&w->question, &c->out);
	w->unsent =
	    c->out.failed || send(c->fd, c->out.p, c->out.n, MSG_DONTWAIT | MSG_NOSIGNAL) < 0;
	if (w->unsent)
		c->any_unsent = true;
}

/* Sends what is unsent, or, after a hello, everything. Stops at the first that finds no room. */
static void send_again(struct dns_client *c, bool all)
{
	for (size_t i = 0; all && i < BUCKETS; i++)
		for (struct dns_wait *w = c->bucket[i]; w; w = w->next)
			w->unsent = true;
	c->any_unsent = false;
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct dns_wait *w = c->bucket[i]; w; w = w->next) {
			if (!w->unsent)
				continue;
			send_wait(c, w);
			if (w->unsent)
				return;
		}
}

static void deliver(struct dns_client *c, const struct answer *answer)
{
	struct dns_wait *w = c->bucket[answer->id % BUCKETS];
	while (w && w->question.id != answer->id)
		w = w->next;
	if (!w)
		return;
	unlink_wait(c, w);
	w->answered(w, answer);
}

/* -- the reader thread ---------------------------------------------------------------------- */

static void take_packet(struct dns_client *c, struct slice packet)
{
	struct answer answer;
	switch (packet_kind_of(packet)) {
	case PACKET_HELLO:
		pthread_mutex_lock(&c->lock);
		send_again(c, true);
		pthread_mutex_unlock(&c->lock);
		break;
	case PACKET_ANSWER:
		if (!answer_unpack(packet, &answer))
			break;
		pthread_mutex_lock(&c->lock);
		deliver(c, &answer);
		pthread_mutex_unlock(&c->lock);
		answer_free(&answer);
		break;
	case PACKET_QUESTION:
	case PACKET_KIND_COUNT: break;
	}
}

/* What to wait for on the socket; -1: stop. */
static int wanted(struct dns_client *c)
{
	pthread_mutex_lock(&c->lock);
	int events = c->stop ? -1 : c->any_unsent ? POLLIN | POLLOUT : POLLIN;
	pthread_mutex_unlock(&c->lock);
	return events;
}

static void set_gone(struct dns_client *c)
{
	pthread_mutex_lock(&c->lock);
	c->gone = true;
	pthread_mutex_unlock(&c->lock);
}

static void *reader(void *arg)
{
	struct dns_client *c = arg;
	bool gone = false;
	for (int events; (events = wanted(c)) >= 0;) {
		struct pollfd p[2] = {{.fd = c->wake_fd, .events = POLLIN},
				      {.fd = gone ? -1 : c->fd, .events = (short)events}};
		if (poll(p, 2, -1) < 0)
			continue;
		eventfd_t ignored;
		if (p[0].revents)
			eventfd_read(c->wake_fd, &ignored);
		if (p[1].revents & POLLIN) {
			/* A packet that is too large is cut, and then is no packet any more. */
			ssize_t n = recv(c->fd, c->packet, sizeof c->packet, MSG_DONTWAIT);
			if (n > 0)
				take_packet(c, (struct slice){c->packet, (size_t)n});
			else if (n == 0 && (p[1].revents & POLLHUP))
				gone = true;
		} else if (p[1].revents & (POLLHUP | POLLERR | POLLNVAL)) {
			gone = true;
		}
		if (gone)
			set_gone(c);
		if (p[1].revents & POLLOUT) {
			pthread_mutex_lock(&c->lock);
			send_again(c, false);
			pthread_mutex_unlock(&c->lock);
		}
	}
	return NULL;
}

/* -- the interface -------------------------------------------------------------------------- */

/* The reader takes no signals: they belong to the program's own threads. */
static int start_reader(struct dns_client *c)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int rc = pthread_create(&c->reader, NULL, reader, c);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

int dns_client_open(int fd, struct dns_client **ret_client)
{
	struct dns_client *c = calloc(1, sizeof *c);
	int rc = ENOMEM;
	if (!c)
		goto fail;
	c->fd = fd;
	c->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (c->wake_fd < 0 || getrandom(&c->next_id, sizeof c->next_id, 0) < 0) {
		rc = errno;
		goto fail;
	}
	pthread_mutex_init(&c->lock, NULL);
	rc = start_reader(c);
	if (rc)
		goto fail;
	*ret_client = c;
	return 0;
fail:
	if (c && c->wake_fd >= 0)
		close(c->wake_fd);
	free(c);
	close(fd);
	return rc;
}

static void wake(struct dns_client *c)
{
	eventfd_write(c->wake_fd, 1);
}

void dns_client_close(struct dns_client *c)
{
	if (!c)
		return;
	pthread_mutex_lock(&c->lock);
	c->stop = true;
	pthread_mutex_unlock(&c->lock);
	wake(c);
	pthread_join(c->reader, NULL);
	close(c->fd);
	close(c->wake_fd);
	pthread_mutex_destroy(&c->lock);
	str_free(&c->out);
	free(c);
}

bool dns_client_ask(struct dns_client *c, struct dns_wait *wait)
{
	if (!question_ok(wait->question.type, wait->question.name))
		return false;
	pthread_mutex_lock(&c->lock);
	bool ok = !wait->under_way && c->under_way < LIMIT_DNS_UNDER_WAY;
	bool full = false;
	if (ok) {
		wait->question.id = c->next_id++;
		link_wait(c, wait);
		/* Questions that wait for room go first. */
		wait->unsent = true;
		if (!c->any_unsent)
			send_wait(c, wait);
		full = wait->unsent && !c->gone;
	}
	pthread_mutex_unlock(&c->lock);
	if (full)
		wake(c);
	return ok;
}

void dns_client_cancel(struct dns_client *c, struct dns_wait *wait)
{
	pthread_mutex_lock(&c->lock);
	if (wait->under_way)
		unlink_wait(c, wait);
	pthread_mutex_unlock(&c->lock);
}
