/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * views.h - what came out of a case, field by field, as text: for comparing with a case file and
 * for writing one.
 */
#ifndef TESTS_REPLAY_VIEWS_H
#define TESTS_REPLAY_VIEWS_H

#include "tests/replay/stage.h"

/* Compares every field that the case names; appends "# FIELD: got …, want …" lines. True if there
 * was no difference. */
bool views_compare(const struct casefile *c, const struct outcome *o, struct str *to);
/* All fields, as a case file has them. */
void views_print(const struct outcome *o, struct str *to);

#endif
