/* SPDX-License-Identifier: BSD-2-Clause */
/* part.c - see part.h. */
#include "milter/part.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/program.h"

enum {
	FROZEN_PINGS = 7,
};

int64_t part_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void part_forget(struct part *p)
{
	if (p->control >= 0)
		close(p->control);
	p->control = -1;
	p->pid = 0;
}

bool part_start(struct part *p, const char *dir, char *const argv[], const struct voice *voice,
		const int *fds, size_t count)
{
	int all[PROGRAM_FD_MOST], pair[2], error;

	if (count >= PROGRAM_FD_MOST || program_pair(SOCK_SEQPACKET, pair) != 0)
		return false;
	memcpy(all, fds, count * sizeof(*fds));
	all[count] = pair[1];
	p->restart_at = 0;
	p->unanswered = 0;
	p->patient = true;
	p->started = part_now_ms();
	p->control = pair[0];
	p->pid = voice_start(voice, dir, p->program, argv, all, count + 1);
	error = errno;
	close(pair[1]);
	if (p->pid > 0)
		return true;
	part_forget(p);
	errno = error;
	return false;
}

void part_plan_restart(struct part *p)
{
	const int64_t now = part_now_ms();
	const int64_t earliest = p->started + LIMIT_RESTART_MS;

	part_forget(p);
	p->restart_at = earliest > now ? earliest : now;
}

void part_ping(struct part *p)
{
	if (p->pid == 0)
		return;
	p->unanswered++;
	control_send(p->control, CONTROL_PING);
}

void part_heard(struct part *p, enum control_word word)
{
	p->unanswered = 0;
	p->patient = word == CONTROL_BUSY;
}

bool part_is_frozen(const struct part *p)
{
	return p->pid > 0 && p->unanswered > (p->patient ? p->patient_pings : FROZEN_PINGS);
}
