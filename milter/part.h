/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * part.h - one process of the daemon as its supervisor sees it: started, ready, silent, ended.
 *
 * Each start has a control socket of its own (base/control.h), so no word of one that died is taken
 * for its successor's.
 *
 * A part is frozen when it has left many pings in a row unanswered. Pings are counted, not time:
 * where the supervisor was frozen too, as in a container that is paused, none were sent.
 */
#ifndef MILTER_PART_H
#define MILTER_PART_H

#include <stdbool.h>
#include <stdint.h>

#include "base/control.h"
#include "milter/voice.h"

enum {
	PART_PING_MS = 2000, /* between two pings */
};

struct part {
	const char *program;
	unsigned patient_pings; /* that it may leave unanswered while it starts or is busy */
	pid_t pid;              /* 0: not running */
	int control;            /* our end; -1: none */
	int64_t started;        /* ms */
	int64_t restart_at;     /* ms; 0: nothing planned */
	unsigned unanswered;    /* pings since its last word */
	bool patient;           /* it starts, or has said that it is busy */
};

int64_t part_now_ms(void);

/* Starts the program with fds and behind them its end of a new control socket. False with errno. */
bool part_start(struct part *p, const char *dir, char *const argv[], const struct voice *voice,
		const int *fds, size_t count);
/* The process is gone, or is nobody's business any more. */
void part_forget(struct part *p);
/* Gone, and to be started again: at once, or LIMIT_RESTART_MS after its last start. */
void part_plan_restart(struct part *p);

void part_ping(struct part *p);
/* Any word of it. */
void part_heard(struct part *p, enum control_word word);
/* Whether it has left more pings unanswered than it may. */
bool part_is_frozen(const struct part *p);

#endif
