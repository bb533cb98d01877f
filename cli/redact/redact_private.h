/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * redact_private.h - what the files of redact share: what has been replaced so far, and the parts
 * from which redact_text is put together. Each appends to `to`.
 */
#ifndef CLI_REDACT_PRIVATE_H
#define CLI_REDACT_PRIVATE_H

#include "cli/redact/redact.h"

/* One kind of thing that has been replaced so far: the n-th different one becomes number n. */
struct mapped {
	char **text;
	size_t count, room;
};

struct redact {
	const struct list *list;
	const struct suffixes *suffixes;
	struct mapped known; /* organisational domains that stay, sorted */
	struct mapped hidden_domain;
	struct mapped hidden; /* names */
	struct mapped local, domain, ip;
	size_t tokens, names;
	bool sorted, failed;
};

/* The number, from 0, under which a text goes. */
size_t redact_number(struct redact *r, struct mapped *m, struct slice text);
/* Whether a host stays: the list knows its organisational domain, or it is the sender's. */
bool redact_is_known(struct redact *r, const char *host);

/* A word, or several with what parts them: tokens lose their octets (redact_token.c). */
void redact_word(struct redact *r, struct slice s, struct str *to);
void redact_words(struct redact *r, struct slice s, struct str *to);

/* The octets that the URL at text.p[i] takes, having put what stands for it; 0 if there is none
 * (redact_url.c). */
size_t redact_url(struct redact *r, struct slice text, size_t i, struct str *to);

/* A header field, with the folding and line end that it has. */
struct field {
	struct slice name, value;
	struct slice whole;
};

bool redact_is_named(const struct field *f, const char *name);
/* Appends the field as it may be given away (redact_header.c). */
void redact_field(struct redact *r, const struct field *f, struct str *to);

#endif
