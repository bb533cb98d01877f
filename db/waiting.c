/* SPDX-License-Identifier: BSD-2-Clause */
/* waiting.c - what waits in the spool, for the commands of people; see waiting.h. */
#include "db/waiting.h"

#include <errno.h>
#include <strings.h>
#include <unistd.h>

#include "db/spool.h"

struct counting {
	const char *recipient;
	size_t count;
};

static bool count_one(void *context, struct record *r)
{
	struct counting *c = context;
	bool his = false;
	for (size_t i = 0; i < r->rcpt_count && !his; i++)
		his = strcasecmp(r->rcpt[i], c->recipient) == 0;
	c->count += his;
	return true;
}

int waiting_count(const char *folder, const char *recipient, size_t *ret_count)
{
	struct counting c = {.recipient = recipient};
	int error = spool_look(folder, count_one, &c);
	if (error == ENOENT)
		error = 0;
	if (!error)
		*ret_count = c.count;
	return error;
}

static bool take_one(void *context, struct record *r)
{
	return store_record(context, &r, 1) == STORE_OK;
}

int waiting_take(const char *folder, struct store *s)
{
	struct spool *spool;
	struct str file = {0};
	size_t unreadable;
	str_printf(&file, "%s/records.spool", folder);
	const bool there = !file.failed && access(str_text(&file), F_OK) == 0;
	str_free(&file);
	if (!there)
		return 0;
	int error = spool_open(folder, &spool);
	if (error)
		return error;
	spool_replay(spool, take_one, s, &unreadable);
	error = spool_count(spool) > 0 ? EIO : 0;
	spool_close(spool);
	return error;
}
