/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spooled FOLDER COUNT: a spool in which so many records wait, as a daemon leaves it whose database
 * could not take them. Exit 0; 1 in trouble.
 */
#include <stdio.h>
#include <stdlib.h>

#include "db/spool.h"

int main(int argc, char **argv)
{
	char to[] = "owner@example.com", *rcpt[] = {to};
	struct record r = {.received_at = 1796551200,
			   .verdict = VERDICT_GENUINE,
			   .class = CLASS_VERIFICATION,
			   .pending = PENDING_OPEN,
			   .rcpt = rcpt,
			   .rcpt_count = 1};
	struct spool *spool;

	if (argc != 3 || spool_open(argv[1], &spool) != 0)
		return 1;
	for (int i = atoi(argv[2]); i > 0; i--) {
		snprintf(r.message_id, sizeof(r.message_id), "%d@spooled.example", i);
		if (spool_put(spool, &r) != 0)
			return 1;
	}
	spool_close(spool);
	return 0;
}
