/* SPDX-License-Identifier: BSD-2-Clause */
/* history.h - mail counted: by week and verdict, by registrar. */
#ifndef DB_HISTORY_H
#define DB_HISTORY_H

#include "db/store.h"

struct history_week {
	int64_t week; /* since the epoch, of 7 days */
	enum verdict verdict;
	int64_t mails; /* one for each recipient */
};
/* Received at or after `since`; in the order of weeks. */
enum store_status history_each_week(struct store *s, int64_t since,
				    void (*each)(void *context, const struct history_week *w),
				    void *context);

struct history_registrar {
	const char *name;
	int64_t mails, genuine;
	int64_t latest;
};
/* Those with most mail first, `most` of them. The strings live until each returns. */
enum store_status history_each_registrar(struct store *s, int64_t since, int64_t most,
					 void (*each)(void *context,
						      const struct history_registrar *r),
					 void *context);

struct history_address {
	const char *address; /* a recipient */
	const char *domain;  /* that its mail was about */
};
/* Which address has had mail about which domain; in the order of domains. */
enum store_status history_each_address(struct store *s,
				       void (*each)(void *context, const struct history_address *a),
				       void *context);

#endif
