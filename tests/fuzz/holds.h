/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * holds.h - what must hold of a finding and of what is made of it, wherever the finding comes from:
 * an honest judge with hostile mail, or a judge that is hostile itself.
 */
#ifndef TESTS_FUZZ_HOLDS_H
#define TESTS_FUZZ_HOLDS_H

#include "tests/replay/scene.h"

/* Packed and unpacked it is the same. */
void holds_finding(const struct finding *f);
/* The verdict against the finding and the message: genuine needs a listed, enabled entry, one plain
 * From, an aligned pass, a class that the entry sends, no link elsewhere. Edits: only our header
 * and the priority headers, priority for genuine mail alone, values that can neither break a line
 * nor the header's form. */
void holds_outcome(const struct outcome *o);

#endif
