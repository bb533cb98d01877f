/* SPDX-License-Identifier: BSD-2-Clause */
/* jobs.c - what is said about timed jobs; see jobs.h. */
#include "cli/jobs.h"

#include <string.h>

#include "cli/words.h"

/* A backup or an update by hand does not mean that more are to follow. */
static bool is_expected(const struct config *config, const char *name)
{
	if (strcmp(name, RUN_BACKUP) == 0)
		return config->backup_to[0] != '\0';
	if (strcmp(name, RUN_UPDATE) == 0)
		return config->update_url[0] != '\0';
	return strcmp(name, RUN_PURGE) != 0 || config->retention > 0;
}

enum run_state jobs_state(const struct cli *cli, const struct run *r)
{
	return runs_state(r, is_expected(cli->config, r->name), cli->now);
}

void jobs_say(const struct run *r, enum run_state state, struct str *to)
{
	char when[CLI_TIME_TEXT];

	switch (state) {
	case RUN_FINE: break;
	case RUN_STOPPED:
		str_printf(to, _("began %s and never ended"), cli_time(r->began_at, when));
		break;
	case RUN_FAILED: str_printf(to, _("failed %s"), cli_time(r->at, when)); break;
	case RUN_OVERDUE: str_puts(to, _("overdue")); break;
	}
	str_puts(to, state != RUN_FINE ? "; " : "");
	if (r->good_at != 0)
		str_printf(to, _("last well %s"), cli_time(r->good_at, when));
	else
		str_puts(to, _("never well yet"));
}
