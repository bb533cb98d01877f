/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scenario.h - a mail that is genuine in every respect, to be changed in one and then decided; what
 * the verdict's tests share.
 *
 * The list has the senders one (listed.example), sub (mail.sub.example, with Code), strict
 * (strict.example, aligned strictly) and off (disabled.example, disabled).
 */
#ifndef TESTS_RULES_SCENARIO_H
#define TESTS_RULES_SCENARIO_H

#include "rules/core/list.h"
#include "rules/core/verdict.h"
#include "tests/rules/table.h"

#define DAY     (24 * 60 * 60)
#define NOW     INT64_C(1795000000)
#define R(name) (1u << REASON_##name)

struct world {
	struct list *list;
	struct classes *classes;
	struct suffixes *suffixes;
	struct lookalikes *lookalikes;
	struct candidate_scratch scratch;
	struct message message;
	struct candidate candidate;
};

struct scenario {
	const char *headers, *sender;
	struct finding f;
	bool sender_signs, trusted_hop, by_authserv, overflow;
	enum ours ours;
	uint32_t signatures; /* DKIM-Signature headers in the message */
};

/* The genuine mail: From one, DKIM and SPF pass for listed.example, one day old. */
void scenario_base(struct scenario *s);
void scenario_decide(struct world *w, const struct scenario *s, struct decision *ret_decision);

/* One row of a table: the change, the verdict, exactly the reasons, and the proof. */
struct row {
	const char *name;
	void (*change)(struct scenario *s);
	enum verdict want;
	uint32_t reasons;
	const char *proof;
};
#define ROW(change, verdict, reasons, proof)                       \
	{                                                          \
#change, change, VERDICT_##verdict, reasons, proof \
	}
void scenario_check(struct world *w, const struct row *rows, size_t count);

/* Fixture: *state becomes a struct world. */
int scenario_set_up(void **state);
int scenario_tear_down(void **state);

#endif
