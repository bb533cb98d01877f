/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fetch.h - files and answers by https, or, where the caller says so, by http: libcurl with limits.
 *
 * Nothing but those two protocols, first or redirected to; never from https to http; no user name
 * in a URL, no cookies, no .netrc, no compression (what swells cannot be bounded). Certificates and
 * names are verified. Proxies come from the environment (https_proxy, http_proxy, no_proxy), as
 * people expect of programs. libcurl asks the system's resolver for a server's address.
 *
 * An answer of whatever HTTP status is FETCH_ANSWERED: the caller looks at `status`. Nothing of a
 * fetch that did not come to its end is given away as a body.
 */
#ifndef CLI_FETCH_H
#define CLI_FETCH_H

#include "base/str.h"

struct fetch_terms {
	bool plain;        /* http is good enough, too */
	size_t most;       /* octets of the body */
	int64_t ms;        /* for all of it: names, connections, redirects, the body */
	const char *wants; /* the Accept header's value; NULL: anything */
	const char *trust; /* a file of certificates in place of the system's; NULL */
};

enum fetch_outcome {
	FETCH_ANSWERED,
	FETCH_REFUSED,   /* by us: a URL that is none, its protocol, too many redirects */
	FETCH_TOO_LARGE, /* more than `most` */
	FETCH_TOO_SLOW,  /* longer than `ms` */
	FETCH_FAILED,    /* no connection, no trust, no HTTP */
};

struct fetched {
	enum fetch_outcome outcome;
	int status;          /* of HTTP; 0 unless answered */
	int64_t retry_after; /* s from now, as the server asks for; -1: it does not */
	struct str body;     /* empty unless answered */
	char why[256];       /* "" when answered; else for a person, plain text */
};
void fetched_free(struct fetched *f); /* what it holds, not the struct */

/* Fetches one and waits for it. Takes the terms only while it runs. */
void fetch_once(const char *url, const struct fetch_terms *terms, struct fetched *ret_fetched);

/* -- several at the same time, in one thread ------------------------------------------------- */

struct fetcher;

/* NULL when memory is short. */
struct fetcher *fetcher_open(void);
void fetcher_close(struct fetcher *f); /* drops what is under way; takes NULL */
/* Starts one; `done` is called once, from fetcher_wait, also where the URL is refused; what it is
 * given lives until it returns. False when LIMIT_FETCHES are under way or memory is short: then
 * `done` will not be called. The strings of the terms must outlive it. */
bool fetcher_start(struct fetcher *f, const char *url, const struct fetch_terms *terms,
		   void (*done)(void *context, struct fetched *fetched), void *context);
size_t fetcher_under_way(const struct fetcher *f);
/* Goes on with all of them until something has happened, fd (or -1) is readable, or ms have passed.
 */
void fetcher_wait(struct fetcher *f, int fd, int ms);

#endif
