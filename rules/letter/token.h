/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * token.h - the words of a line that may be domain names.
 *
 * Text of Chinese, Japanese and Korean runs on without spaces: "您的域名中文.com将于" is one token.
 * Its name ends where the letters of a top-level domain do, and begins behind a word for "domain";
 * where there is none, only the caller can know that the token itself begins with the name
 * (anchored). If nobody knows, what is ASCII in it is looked at, and nothing else.
 *
 * "example[.]com" is what it stands for.
 */
#ifndef RULES_LETTER_TOKEN_H
#define RULES_LETTER_TOKEN_H

#include "rules/core/domain.h"

/* The next token at or after *at, which is moved behind it. *ret_foreign: it belongs to a URL or a
 * mail address. False at the end. */
bool token_next(struct slice line, size_t *at, struct slice *ret_token, bool *ret_foreign);

/* The registrable domain, under a suffix that the list knows, that the token is, or that is in it.
 */
bool token_name(const struct suffixes *suffixes, struct slice token, bool anchored,
		char ret_name[static LIMIT_DOMAIN + 1]);

/* Whether it holds characters of scripts that are written without spaces. */
bool token_is_wide(struct slice token);
/* Whether text goes on in such a token behind the top-level domain. */
bool token_runs_on(struct slice token);
/* Whether such a token begins with its name: it follows a word for "domain", or is in brackets. */
bool token_is_anchored(struct slice line, struct slice token);

/* Whether it is rather two words that lack a space between them: "end.Next", "domain.in case". */
bool token_is_sentence_end(struct slice token, const char *name);
/* Whether a name that nothing calls a domain is rather a file or a product: "setup.sh", "ASP.NET".
 */
bool token_is_prose(const char *name);

#endif
