/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * zone.h - DNS as a table, for tests: the resolver of proof/resolver.h without a network.
 *
 * A name that no record stands under is ANSWER_NO_NAME; one that has other records is
 * ANSWER_NO_DATA; CNAME is chased as a real resolver does, a loop is ANSWER_TROUBLE. Names compare
 * without case. What has been asked is counted, names that may not be asked as well.
 *
 * As text, one record a line, "#" begins a comment:
 *     NAME TYPE DATA...
 * with TYPE one of A AAAA MX PTR TXT CNAME TROUBLE NAME. TXT takes the rest of the line as it is,
 * or, if that begins with a quote, quoted strings that are joined; MX is "10 host"; TROUBLE takes
 * types (or ALL) that are answered ANSWER_TROUBLE; NAME makes the name exist without records.
 */
#ifndef TESTS_PROOF_ZONE_H
#define TESTS_PROOF_ZONE_H

#include "proof/resolver.h"

struct zone;

struct zone *zone_new(void);    /* NULL when memory is short */
void zone_free(struct zone *z); /* takes NULL */

/* Data is written as in the text form. False for data that does not fit its type. */
bool zone_add(struct zone *z, const char *name, enum question_type type, const char *data);
/* A record's octets as they go into an answer (a TXT record with a NUL, a broken A record). */
bool zone_add_raw(struct zone *z, const char *name, enum question_type type, const void *p,
		  size_t n);
bool zone_add_cname(struct zone *z, const char *name, const char *target);
bool zone_add_trouble(struct zone *z, const char *name, enum question_type type);
bool zone_add_name(struct zone *z, const char *name);
/* Lines of the text form; false with the line's number from 1 for the first bad one. */
bool zone_load(struct zone *z, struct slice text, unsigned *ret_line);

/* Lives as long as the zone; answers too. */
struct resolver zone_resolver(struct zone *z);
/* What a question would be answered; owned by the zone. NULL when memory is short. */
const struct answer *zone_answer(struct zone *z, enum question_type type, const char *name);

/* What a CNAME at this name points to, or NULL. */
const char *zone_alias(const struct zone *z, const char *name);

struct zone_counts {
	unsigned asked, expected;
	unsigned unexpected; /* asked without having been expected before */
	unsigned odd;        /* names that question_name_ok refuses */
};
struct zone_counts zone_counts(const struct zone *z);
void zone_counts_reset(struct zone *z);
/* How often this question was asked since then. */
unsigned zone_asked(const struct zone *z, enum question_type type, const char *name);

#endif
