/* SPDX-License-Identifier: BSD-2-Clause */
/* thread.c - see thread.h. The program's own pthread_create() is found before the C library's. */
#include <config.h> /* autoconf's: GNU interfaces (RTLD_NEXT) */

#include "milter/thread.h"

#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

enum {
	TRIES = 20, /* what is short may be there in a moment */
	TRY_MS = 10,
	EXIT_SOFTWARE = 70,
};

typedef int create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

static atomic_bool or_end;

void thread_or_end(void)
{
	atomic_store(&or_end, true);
}

__attribute__((visibility("default"))) /* to the library */
int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *), void *arg)
{
	void *found = dlsym(RTLD_NEXT, "pthread_create");
	create *real;
	int error;

	memcpy(&real, &found, sizeof(real)); /* ISO C has no cast for it */
	error = real(thread, attr, start, arg);
	for (int i = 0; error != 0 && atomic_load(&or_end) && i < TRIES; i++) {
		poll(NULL, 0, TRY_MS);
		error = real(thread, attr, start, arg);
	}
	if (error == 0 || !atomic_load(&or_end))
		return error;
	log_say(LOG_LEVEL_ERROR, "no more threads can be started: %s; ending", strerror(error));
	_exit(EXIT_SOFTWARE);
}
