/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * links.h - action links: gathering, reading a URL, and condition 5 (they lead where they should).
 */
#ifndef RULES_LETTER_LINKS_H
#define RULES_LETTER_LINKS_H

#include "rules/core/domain.h"
#include "rules/core/finding.h"
#include "rules/core/list.h"

struct link {
	enum link_kind kind;
	char *url;    /* as it stands, trimmed */
	size_t url_n;
	char host[LIMIT_DOMAIN + 1]; /* one spelling; "" if it could not be read */
	size_t path, path_n; /* path and query within url */
	bool odd; /* not plain http(s): other schemes, user info, ports, IP literals, control octets,
		   * backslashes, non-ASCII hosts: never expected. mailto: and #fragment are no links */
};

struct links {
	struct link *list;
	size_t count, room;
	bool limit; /* too many or too long */
	bool failed;
};

void links_free(struct links *l);
void links_add(struct links *l, enum link_kind kind, struct slice url);
/* Every URL in a text: scheme://, //host, www. */
void links_in_text(struct slice text, struct links *to);

/* Condition 5 for all links; fills the link part of finding and its reasons. */
void links_judge(const struct links *l, const struct list *platforms,
		 const struct suffixes *suffixes, const struct sender *entry,
		 const char *from_domain, bool has_code, struct finding *finding);

#endif
