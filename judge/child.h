/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * child.h - the life of one judge: request in, body in, proofs out, record out.
 */
#ifndef JUDGE_CHILD_H
#define JUDGE_CHILD_H

#include "rules/letter/letter.h"

/* Serves the one message on fd; returns the exit status. */
int child_serve(int fd, const struct letter_rules *rules);

#endif
