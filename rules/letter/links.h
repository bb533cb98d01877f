/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * links.h - action links: gathering them, and condition 5 (they lead where they should).
 */
#ifndef RULES_LETTER_LINKS_H
#define RULES_LETTER_LINKS_H

#include "rules/core/domain.h"
#include "rules/core/finding.h"
#include "rules/core/list.h"

struct link {
	enum link_kind kind;
	char *url; /* as it stands, trimmed */
	size_t url_n;
	char host[LIMIT_DOMAIN + 1]; /* one spelling; "" if it could not be read */
	char *path; /* path and query, "/" for an empty path; "" where there is no host */
	size_t path_n;
	bool odd;      /* url.h; also a relative one without a base: never expected */
	bool relative; /* waits for links_rebase */
	bool misleads; /* its shown text has a URL of another host: never expected */
	char shown[LIMIT_DOMAIN + 1]; /* the name that its shown text is, "" for another text */
};

/* All zero is valid and empty. Links without a place (mailto:, tel:, #fragment, empty) are not
 * kept, nor is the same link a second time. */
struct links {
	struct link *list;
	size_t count, room;
	bool repeats; /* set by the caller: the same link is kept a second time too */
	bool limit;   /* too many or too long */
	bool failed;  /* memory was short */
};

void links_free(struct links *l);
/* shown: the text that a reader sees in the link's place, or an empty slice. */
void links_add(struct links *l, enum link_kind kind, struct slice url, struct slice shown);
/* Ends an HTML document whose links are those from index `from` on: its first base, if it has one
 * that can be read, decides where its relative links lead; without one they are odd. */
void links_rebase(struct links *l, size_t from);
/* The next URL in a text at or after *at, which is moved past it: scheme://, //host, www. Plain
 * names without either are none here. */
bool links_find(struct slice text, size_t *at, struct slice *ret_url);
/* Adds all of them. */
void links_in_text(struct slice text, struct links *to);

/* Fills `platform` of the finding: the first one whose shape a link has. */
void links_platform(const struct links *l, const struct list *platforms, struct finding *finding);
/* Adds plain names with a path, "host.example/page": many readers make links of them. Not those of
 * a link that is there already with this path or a longer one, which only show it; so this comes
 * last. A name alone is none: it is how a mail says which domain it is about. */
void links_bare_in_text(struct slice text, const struct suffixes *suffixes, struct links *to);

/* Condition 5 for all links. Fills the link part of finding, `links` and its bits of reasons; reads
 * asks_action of it. Without an entry there
 * is nothing to judge by: links are recorded, none is expected, and the condition is UNKNOWN.
 * from_domain: of the plain From, or "". has_code: the letter has a code that serves instead. */
void links_judge(const struct links *l, const struct list *platforms,
		 const struct suffixes *suffixes, const struct sender *entry,
		 const char *from_domain, bool has_code, struct finding *finding);

#endif
