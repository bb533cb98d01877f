/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * zygote.h - the process that is ready to judge: rules compiled, charsets opened, sealed. It takes
 * one descriptor per message, forks a child for it, reaps children and ends those that overstay.
 */
#ifndef JUDGE_ZYGOTE_H
#define JUDGE_ZYGOTE_H

#include "rules/letter/letter.h"

/* Serves until SIGTERM or until the other end of messages_fd is closed; returns the exit status.
 * On SIGTERM it takes no more, and its children finish by themselves. */
int zygote_serve(int messages_fd, const struct letter_rules *rules);

#endif
