/* SPDX-License-Identifier: BSD-2-Clause */
/* pool.c - see pool.h. */
#include "milter/pool.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"

struct pool {
	struct sockaddr_storage address;
	socklen_t address_n;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t entered;
	unsigned waiting; /* callbacks */
	unsigned left;    /* how often one came back; wraps */
};

/* A connection to the listening socket, closed at once. */
static void nudge(const struct pool *p)
{
	const int fd = socket(p->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return;
	if (connect(fd, (const struct sockaddr *)&p->address, p->address_n) != 0 &&
	    errno != EINPROGRESS)
		log_say(LOG_LEVEL_DEBUG, "no connection to ourselves: %s", strerror(errno));
	close(fd);
}

static void *watch(void *context)
{
	struct pool *p = context;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (p->waiting == 0)
			pthread_cond_wait(&p->entered, &p->lock);
		const unsigned left = p->left;

		pthread_mutex_unlock(&p->lock);
		poll(NULL, 0, POOL_NUDGE_MS);
		pthread_mutex_lock(&p->lock);
		if (p->waiting > 0 && p->left == left) {
			pthread_mutex_unlock(&p->lock);
			nudge(p);
			pthread_mutex_lock(&p->lock);
		}
	}
	return NULL;
}

struct pool *pool_new(int listening_fd)
{
	struct pool *p = calloc(1, sizeof(*p));
	pthread_t thread;
	sigset_t all, before;
	int error;

	if (p == NULL)
		return NULL;
	p->address_n = sizeof(p->address);
	if (getsockname(listening_fd, (struct sockaddr *)&p->address, &p->address_n) != 0) {
		free(p);
		return NULL;
	}
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->entered, NULL);
	/* Signals are for the thread of libmilter that expects them. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread, NULL, watch, p);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error == 0 && pthread_detach(thread) == 0)
		return p;
	free(p);
	return NULL;
}

void pool_enter(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	if (p->waiting++ == 0)
		pthread_cond_signal(&p->entered);
	pthread_mutex_unlock(&p->lock);
}

void pool_leave(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	p->waiting--;
	p->left++;
	pthread_mutex_unlock(&p->lock);
}
