/* SPDX-License-Identifier: BSD-2-Clause */
/* suggested_text.c - suggestions for people and for programs. All of it came with mail. */
#include <inttypes.h>
#include <string.h>

#include "cli/senders/suggested.h"

enum {
	VALUE_MOST = 400, /* octets; a line of mail has 998 at most (RFC 5322 2.1.1) */
	NAMED = 5,        /* values of one kind that are named */
	DAY = 86400,
};

static void add_line(struct str *to, const char *key, const char *value)
{
	str_printf(to, "    %-11s ", key);
	cli_plain(value, VALUE_MOST, to);
	str_puts(to, "\n");
}

static void add_date(struct str *to, int64_t when)
{
	char text[21];

	str_time(when, text);
	str_add(to, text, 10);
}

/* "verification (2), renewal (1)" */
static void add_classes(const struct suggested *g, struct str *to)
{
	struct str line = {0};

	for (size_t i = 0; i < g->fact_count; i++)
		if (strcmp(g->fact[i].kind, "class") == 0)
			str_printf(&line, "%s%s (%" PRId64 ")", line.n > 0 ? ", " : "",
				   g->fact[i].value, g->fact[i].mails);
	if (line.n > 0)
		add_line(to, "classes", str_text(&line));
	str_free(&line);
}

/* Each on a line of its own. */
static void add_values(const struct suggested *g, const char *kind, const char *key, struct str *to)
{
	size_t i = 0, count = suggested_count(g, kind);
	const char *value;

	for (; i < NAMED && (value = suggested_fact(g, kind, i)) != NULL; i++)
		add_line(to, key, value);
	if (count > i)
		str_printf(to, "    %-11s and %zu more\n", key, count - i);
}

static void add_dkim(const struct suggested *g, struct str *to)
{
	struct str line = {0};
	const char *value;

	for (size_t i = 0; i < NAMED && (value = suggested_fact(g, "dkim", i)) != NULL; i++) {
		const size_t d = strcspn(value, " ");

		str_printf(&line, "%sd=%.*s s=%s", i > 0 ? ", " : "", (int)d, value,
			   value[d] != '\0' ? value + d + 1 : "");
	}
	add_line(to, "signed by", line.n > 0 ? str_text(&line) : "nobody (SPF)");
	str_free(&line);
}

static void add_domains(const struct suggested *g, struct str *to)
{
	const size_t count = suggested_count(g, "domain");
	struct str line = {0};
	const char *value;

	str_printf(&line, "%zu%s", count, count >= LIMIT_SUGGESTION_FACTS ? " or more: " : ": ");
	for (size_t i = 0; i < NAMED && (value = suggested_fact(g, "domain", i)) != NULL; i++)
		str_printf(&line, "%s%s", i > 0 ? ", " : "", value);
	if (count > NAMED)
		str_puts(&line, " ...");
	if (count > 0)
		add_line(to, "domains", str_text(&line));
	str_free(&line);
}

void suggested_print_counts(const struct suggested *g, struct str *to)
{
	const struct suggestion *s = &g->is;
	const bool more = s->recipients >= LIMIT_SUGGESTION_FACTS;

	str_printf(to, "%" PRId64 " mail%s to %" PRId64 "%s recipient%s", s->mails,
		   s->mails == 1 ? "" : "s", s->recipients, more ? " or more" : "",
		   s->recipients == 1 ? "" : "s");
}

static void add_seen(const struct suggested *g, struct str *to)
{
	str_printf(to, "    %-11s ", "seen");
	suggested_print_counts(g, to);
	str_puts(to, ", since ");
	add_date(to, g->is.first_seen);
	str_puts(to, ", last ");
	add_date(to, g->is.last_seen);
	str_puts(to, "\n");
}

static void add_weight(const struct suggested_ground *ground, const struct suggested *g,
		       struct str *to)
{
	const uint32_t risks = suggested_risks(ground, g);

	str_printf(to, "    %-11s %c\n", "confidence", suggested_confidence(g, risks));
	for (size_t i = 0; i < suggested_risk_count(); i++)
		if ((risks & 1u << i) != 0)
			add_line(to, "risk", suggested_risk_sentence(i));
}

static void add_commands(const struct suggested *g, struct str *to)
{
	const long long id = (long long)g->is.id;

	if (g->is.state != SUGGESTION_ACCEPTED)
		str_printf(to, "    %-11s keepname senders accept %lld\n", "accept", id);
	if (g->is.state == SUGGESTION_OPEN)
		str_printf(to, "    %-11s keepname senders reject %lld\n", "reject", id);
}

void suggested_print(const struct suggested_ground *ground, const struct suggested *g, int64_t now,
		     struct str *to)
{
	const struct suggestion *s = &g->is;

	str_printf(to, "#%lld %s ", (long long)s->id, suggested_is_link(g) ? "link" : "sender");
	cli_plain(suggested_is_link(g) ? s->link : s->address, VALUE_MOST, to);
	if (s->state != SUGGESTION_OPEN)
		str_printf(to, " (%s)", suggestion_state_name(s->state));
	str_puts(to, "\n");
	if (suggested_is_link(g)) {
		add_line(to, "why", "proved mail of a listed sender, but for this link");
		add_line(to, "sender", s->sender);
		add_line(to, "from", s->address);
	} else {
		add_line(to, "why",
			 "reads like registrar mail, is signed by its own domain, not on the list");
	}
	add_classes(g, to);
	add_dkim(g, to);
	add_values(g, "platform", "platform", to);
	add_values(g, "link", suggested_is_link(g) ? "its links" : "links", to);
	add_values(g, "host", "closed", to);
	add_domains(g, to);
	add_seen(g, to);
	if (s->deadline >= now)
		str_printf(to, "    %-11s in %lld days\n", "due",
			   (long long)cli_days_left(s->deadline, now));
	add_weight(ground, g, to);
	add_commands(g, to);
}

/* -- JSON ----------------------------------------------------------------------------------- */

static json_t *values_json(const struct suggested *g, const char *kind)
{
	json_t *array = json_array();
	const char *value;

	for (size_t i = 0; (value = suggested_fact(g, kind, i)) != NULL; i++)
		json_array_append_new(array, cli_json_text(value));
	return array;
}

static json_t *dkim_json(const struct suggested *g)
{
	json_t *array = json_array();
	const char *value;

	for (size_t i = 0; (value = suggested_fact(g, "dkim", i)) != NULL; i++) {
		char d[LIMIT_DOMAIN + 1];
		const char *s;

		if (suggested_split(value, d, &s))
			json_array_append_new(array, json_pack("{s:o s:o}", "d", cli_json_text(d),
							       "s", cli_json_text(s)));
	}
	return array;
}

static json_t *risks_json(uint32_t risks)
{
	json_t *array = json_array();

	for (size_t i = 0; i < suggested_risk_count(); i++)
		if ((risks & 1u << i) != 0)
			json_array_append_new(array, json_string(suggested_risk_name(i)));
	return array;
}

json_t *suggested_json(const struct suggested_ground *ground, const struct suggested *g)
{
	const struct suggestion *s = &g->is;
	const uint32_t risks = suggested_risks(ground, g);
	const char confidence[2] = {suggested_confidence(g, risks), '\0'};

	return json_pack(
	    "{s:I s:s s:s s:o s:o s:o s:o s:o s:o s:o s:o s:o s:I s:I s:I s:o s:o s:o s:s s:o s:o}",
	    "id", (json_int_t)s->id, "kind", suggested_is_link(g) ? "link" : "sender", "state",
	    suggestion_state_name(s->state), "from", cli_json_text(s->address), "sender",
	    cli_json_text(s->sender), "link", cli_json_text(s->link), "classes",
	    values_json(g, "class"), "dkim", dkim_json(g), "platforms", values_json(g, "platform"),
	    "links", values_json(g, "link"), "closed_links", values_json(g, "host"), "domains",
	    values_json(g, "domain"), "domain_count", (json_int_t)suggested_count(g, "domain"),
	    "mails", (json_int_t)s->mails, "recipients", (json_int_t)s->recipients, "first_seen",
	    cli_json_time(s->first_seen), "last_seen", cli_json_time(s->last_seen), "deadline",
	    cli_json_time(s->deadline), "confidence", confidence, "risks", risks_json(risks),
	    "decided_at", cli_json_time(s->decided_at));
}
