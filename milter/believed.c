/* SPDX-License-Identifier: BSD-2-Clause */
/* believed.c - see believed.h. The value's keys are parted by ";"; only a whole by= key counts. */
#include "milter/believed.h"

static bool is_trusted_id(struct slice id, const struct config_list *authserv_id)
{
	for (size_t i = 0; i < authserv_id->count; i++)
		if (slice_is_nocase(id, authserv_id->item[i]))
			return true;
	return false;
}

/* The value of by= in a header value of ours; an empty slice if it has none, or two. */
static struct slice by_of(struct slice value)
{
	struct slice by = {0};
	bool quoted = false;
	size_t from = 0;

	for (size_t i = 0; i <= value.n; i++) {
		if (i < value.n && value.p[i] == '"')
			quoted = !quoted;
		if (i < value.n && (value.p[i] != ';' || quoted))
			continue;
		const struct slice key = slice_trim((struct slice){value.p + from, i - from});

		from = i + 1;
		if (!slice_starts_nocase(key, "by="))
			continue;
		if (by.n > 0)
			return (struct slice){0};
		by = (struct slice){key.p + 3, key.n - 3};
	}
	return by;
}

bool believed_find(const struct message *m, const struct config_list *authserv_id,
		   size_t *ret_index)
{
	size_t index;

	for (size_t n = 0; message_marked(m, MARK_OURS, n, &index); n++) {
		if (!is_trusted_id(by_of(message_value(m, index)), authserv_id))
			continue;
		*ret_index = index;
		return true;
	}
	return false;
}
