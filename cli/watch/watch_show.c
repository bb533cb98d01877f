/* SPDX-License-Identifier: BSD-2-Clause */
/* watch_show.c - a watched domain as a line for a person, and as JSON. */
#include <stdio.h>
#include <string.h>

#include "cli/watch/watch.h"

/* A look that taught nothing came after the last one that did. */
static bool is_unsure(const struct watched *w)
{
	return w->tried_at > w->checked_at;
}

static const char *colour_of(enum standing s)
{
	return s >= STANDING_DELEGATION ? "\033[31m" : s >= STANDING_EXPIRING ? "\033[33m" : "";
}

void watch_print(const struct cli *cli, const struct watched *w, bool ours)
{
	const enum standing is = is_unsure(w) ? STANDING_UNKNOWN : w->standing;
	char time[CLI_TIME_TEXT];
	struct str said = {0};

	for (int i = 0; i < CAUSE_COUNT; i++)
		if ((w->causes & 1u << i) != 0)
			str_printf(&said, "%s%s", said.n > 0 ? "; " : "",
				   standing_cause_sentence((enum standing_cause)i));
	if (w->standing == STANDING_EXPIRING && w->expires_at != 0)
		str_printf(&said, " (%s)", cli_time(w->expires_at, time));
	if (is == STANDING_UNKNOWN && w->standing != STANDING_UNKNOWN)
		str_printf(&said, "%slast known: %s", said.n > 0 ? "; " : "",
			   standing_name(w->standing));
	if (w->trouble[0] != '\0')
		str_printf(&said, "%s%s", said.n > 0 ? "; " : "", w->trouble);
	if (w->standing >= STANDING_DELEGATION && w->servers[0] != '\0')
		str_printf(&said, "; name servers: %s", w->servers);
	if (w->former[0] != '\0')
		str_printf(&said, "; before: %s", w->former);
	printf("%s%-10s%s  %s%s", cli->colour ? colour_of(is) : "", standing_name(is),
	       cli->colour ? "\033[0m" : "", w->domain, ours ? " (ours)" : "");
	printf("  since %s%s%s\n", cli_time(w->since, time), said.n > 0 ? "  " : "",
	       str_text(&said));
	str_free(&said);
}

/* The words between separators, as an array. */
static json_t *words(const char *text, const char *separator)
{
	json_t *array = json_array();
	const size_t n = strlen(separator);

	while (*text != '\0') {
		const char *end = strstr(text, separator);
		const size_t length = end != NULL ? (size_t)(end - text) : strlen(text);

		json_array_append_new(array, json_stringn(text, length));
		text += length + (end != NULL ? n : 0);
	}
	return array;
}

json_t *watch_json(const struct watched *w, const bool *ours)
{
	json_t *j = json_object();
	struct str causes = {0};

	standing_causes_print(w->causes, &causes);
	json_object_set_new(j, "domain", cli_json_text(w->domain));
	json_object_set_new(
	    j, "standing",
	    json_string(standing_name(is_unsure(w) ? STANDING_UNKNOWN : w->standing)));
	json_object_set_new(j, "known",
			    w->standing == STANDING_UNKNOWN
				? json_null()
				: json_string(standing_name(w->standing)));
	json_object_set_new(j, "causes", words(str_text(&causes), ","));
	json_object_set_new(j, "since", cli_json_time(w->since));
	json_object_set_new(j, "checked_at", cli_json_time(w->checked_at));
	json_object_set_new(j, "tried_at", cli_json_time(w->tried_at));
	json_object_set_new(j, "trouble", cli_json_text(w->trouble));
	json_object_set_new(j, "ours", ours != NULL ? json_boolean(*ours) : json_null());
	json_object_set_new(j, "servers", words(w->servers, " "));
	json_object_set_new(j, "former", words(w->former, " "));
	json_object_set_new(j, "registrar", cli_json_text(w->registrar));
	json_object_set_new(j, "iana_id", w->iana_id != 0 ? json_integer(w->iana_id) : json_null());
	json_object_set_new(j, "registered_at", cli_json_time(w->registered_at));
	json_object_set_new(j, "expires_at", cli_json_time(w->expires_at));
	json_object_set_new(j, "statuses", words(w->statuses, ", "));
	str_free(&causes);
	return j;
}
