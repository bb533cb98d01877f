/* SPDX-License-Identifier: BSD-2-Clause */
/* pool.c - see pool.h. */
#include "milter/pool.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"

struct address {
	struct sockaddr_storage a;
	socklen_t n;
};

struct pool {
	pthread_mutex_t lock;   /* of what follows */
	struct address address; /* of the listening socket */
	pthread_cond_t entered;
	unsigned waiting; /* callbacks */
	unsigned left;    /* how often one came back; wraps */
};

static bool address_of(int fd, struct address *ret_address)
{
	*ret_address = (struct address){.n = sizeof(ret_address->a)};
	return getsockname(fd, (struct sockaddr *)&ret_address->a, &ret_address->n) == 0;
}

/* A connection, closed at once. */
static void nudge(const struct address *to)
{
	const int fd = socket(to->a.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return;
	if (connect(fd, (const struct sockaddr *)&to->a, to->n) != 0 && errno != EINPROGRESS)
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
			const struct address to = p->address;

			pthread_mutex_unlock(&p->lock);
			nudge(&to);
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
	if (!address_of(listening_fd, &p->address)) {
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

/* A listening socket of that family: of a name that the kernel makes up, or on loopback. */
static int secret_socket(sa_family_t family)
{
	const struct sockaddr_un nameless = {.sun_family = AF_UNIX};
	const struct sockaddr_in four = {.sin_family = AF_INET,
					 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const struct sockaddr_in6 six = {.sin6_family = AF_INET6,
					 .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int rc = -1;

	if (fd >= 0 && family == AF_UNIX)
		rc = bind(fd, (const struct sockaddr *)&nameless, sizeof(sa_family_t));
	else if (fd >= 0 && family == AF_INET)
		rc = bind(fd, (const struct sockaddr *)&four, sizeof(four));
	else if (fd >= 0)
		rc = bind(fd, (const struct sockaddr *)&six, sizeof(six));
	if (rc == 0 && listen(fd, SOMAXCONN) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* A poll that waits on the old socket looks at the new one as soon as anything stirs: first there
 * is something to find, then something stirs. */
void pool_shut(struct pool *p, int listening_fd)
{
	const struct address before = p->address;
	const int fd = secret_socket(before.a.ss_family);
	struct address now;

	if (fd < 0 || !address_of(fd, &now) || dup2(fd, listening_fd) < 0) {
		log_say(LOG_LEVEL_WARNING, "cannot refuse new connections: %s", strerror(errno));
	} else {
		pthread_mutex_lock(&p->lock);
		p->address = now;
		pthread_mutex_unlock(&p->lock);
		nudge(&now);
		nudge(&before);
	}
	if (fd >= 0)
		close(fd);
}
