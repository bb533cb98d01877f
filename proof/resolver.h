/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * resolver.h - the interface through which proof asks the DNS. In the judge its questions are
 * frames to the listener; in tests it is a table. proof/ itself sends no query and has no clock.
 */
#ifndef PROOF_RESOLVER_H
#define PROOF_RESOLVER_H

#include <stdint.h>

#include "base/limits.h"
#include "dns/question.h"

struct resolver {
	/* Says that this question will be asked, so that answers can be under way together.
	 * May do nothing. NULL is allowed. */
	void (*expect)(void *context, enum question_type type, const char *name);
	/* Waits for the answer. Points to storage of the resolver, valid until the message is done;
	 * never NULL: a time-out, an exhausted budget or short memory are ANSWER_TROUBLE. */
	const struct answer *(*ask)(void *context, enum question_type type, const char *name);
	void *context;
};

#endif
