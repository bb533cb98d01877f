/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * imitation.c - the names in From, one after the other; see imitation.h.
 */
#include "rules/core/imitation.h"

#include <string.h>

#include "rules/core/rfc2047.h"

struct look {
	const struct lookalikes *lookalikes;
	const struct suffixes *suffixes;
	const char *own; /* domain of a plain From, or NULL */
	size_t names;    /* left to look at */
	struct imitation *found;
};

/* Whether the name, in its one spelling, imitates. */
static bool try_name(struct look *k, const char *name)
{
	const char *listed;
	if (k->names == 0 || (k->own && strcmp(name, k->own) == 0))
		return false;
	k->names--;
	listed = lookalikes_listed(k->lookalikes, name);
	if (listed && k->own) {
		*k->found = (struct imitation){.name = listed, .how = 1u << REASON_EMBEDDED};
		return true;
	}
	return lookalikes_find(k->lookalikes, name, k->found);
}

static bool try_claim(const struct address *a, void *context)
{
	return try_name(context, a->domain);
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '-' || (unsigned char)c >= 0x80;
}

/* A run of such characters, without full stops at its end, if it is a name under a known suffix. */
static bool try_run(struct look *k, struct slice run)
{
	char name[LIMIT_DOMAIN + 1];
	while (run.n > 0 && run.p[run.n - 1] == '.')
		run.n--;
	return memchr(run.p, '.', run.n) && domain_normalise(run, false, name) &&
	       domain_suffix_known(k->suffixes, name) && try_name(k, name);
}

static bool try_value(struct look *k, struct slice value)
{
	if (address_each_claim(value, try_claim, k))
		return true;
	for (size_t i = 0; i < value.n && k->names > 0;) {
		size_t n = 0;
		while (i + n < value.n && is_name_char(value.p[i + n]))
			n++;
		if (n > 0 && try_run(k, (struct slice){value.p + i, n}))
			return true;
		i += n + 1;
	}
	return false;
}

static bool try_from(struct look *k, struct slice value)
{
	struct str text = {0};
	bool found = try_value(k, value);
	if (!found) {
		rfc2047_decode(value, LIMIT_SUBJECT, &text);
		found = try_value(k, (struct slice){str_text(&text), text.n});
	}
	str_free(&text);
	return found;
}

bool imitation_find(const struct lookalikes *lookalikes, const struct suffixes *suffixes,
		    const struct message *message, const struct candidate *candidate,
		    struct imitation *ret_imitation)
{
	struct imitation found = {0};
	struct look k = {lookalikes, suffixes, NULL, IMITATION_NAMES, &found};
	size_t at = 0, i;
	if (candidate->from_plain) {
		k.own = candidate->from.domain;
		if (lookalikes_listed(lookalikes, k.own))
			return false;
		lookalikes_find(lookalikes, k.own, &found);
	}
	for (size_t n = 0; !found.name && n < CANDIDATE_FROMS; n++)
		if (!message_next(message, MARK_FROM, &at, &i) ||
		    try_from(&k, message_value(message, i)))
			break;
	if (!found.name)
		return false;
	*ret_imitation = found;
	return true;
}
