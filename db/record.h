/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * record.h - what is kept of one judged message, for the database, the spool and, as the last
 * resort, the log. No link, token or code of the mail is ever in it.
 */
#ifndef DB_RECORD_H
#define DB_RECORD_H

#include "rules/core/offer.h"

struct record {
	int64_t received_at; /* Unix seconds */
	char queue_id[LIMIT_QUEUE_ID + 1];
	char message_id[LIMIT_MESSAGE_ID + 1];
	enum verdict verdict;
	enum class_id class;
	enum pending_kind pending;
	char from[LIMIT_ADDRESS + 1];      /* "" when it was no plain address */
	char sender[LIMIT_ADDRESS + 1];    /* the entry's name, "" without one */
	char registrar[LIMIT_ADDRESS + 1]; /* cut if need be */
	char proof[2 * LIMIT_DOMAIN + 32];
	bool dkim_proved; /* this sender signs: remember it */
	uint32_t reasons;
	enum ours ours;
	int64_t date; /* of the mail, or when it was signed if that is older; 0: none */
	char subject[FINDING_SUBJECT + 1];
	int64_t deadline; /* 0: none */
	enum deadline_source deadline_source;
	uint32_t domain_kept, domain_count;
	char domain[LIMIT_DOMAINS][LIMIT_DOMAIN + 1];
	char **rcpt; /* owned, each too */
	size_t rcpt_count;
	struct offer offer; /* what the site could decide; set by the caller of record_new */
};

/* From what is known when the verdict stands. NULL when memory is short. */
struct record *record_new(const struct message *message, const struct candidate *candidate,
			  const struct decision *decision, const struct finding *finding,
			  int64_t received_at, const char *queue_id);
void record_free(struct record *r);
void record_pack(const struct record *r, struct str *to);
/* NULL for anything out of range, or when memory is short. Records of every earlier format are
 * read; they have no offer. */
struct record *record_unpack(struct slice packed);
/* Proved mail of a listed sender that lacks nothing but a kind that is known: it may have a
 * deadline that nobody is told of. */
bool record_is_unrecognised(const struct record *r);
/* Mail such as anybody can send: nothing of it is proved for a listed sender. */
bool record_is_strangers(const struct record *r);
/* One line of key=value for the log, from which a person can write the pending down. */
void record_print(const struct record *r, struct str *to);

/* Words as they stand in the database; false, and nothing written, for an unknown one. */
bool record_source_of_name(const char *name, enum deadline_source *ret_source);
bool record_ours_of_name(const char *name, enum ours *ret_ours);
/* "age,links": reasons as their names. */
void record_reasons_print(uint32_t reasons, struct str *to);
bool record_reasons_parse(const char *text, uint32_t *ret_reasons);

#endif
