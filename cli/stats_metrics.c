/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stats_metrics.c - the database's counters and states in Prometheus' text format: names by its
 * conventions, base units, one HELP and TYPE each.
 */
#include <string.h>

#include "cli/stats.h"
#include "config.h"
#include "db/alarms.h"
#include "db/pendings.h"
#include "db/runs.h"

/* Counters that are one metric with a label: "verdict.genuine". */
static const struct family {
	const char *prefix, *metric, *label, *help;
} families[] = {
    {"verdict.", "keepname_verdicts_total", "verdict", "Messages judged, by verdict."},
    {"class.", "keepname_classes_total", "class", "Messages judged, by class."},
    {"suggestion.", "keepname_suggestions_total", "event", "Suggestions of senders and links."},
    {"stored.", "keepname_records_misplaced_total", "place",
     "Records that the database could not take: spooled, or lost but for the log."},
    {"spool.", "keepname_spool_total", "event", "Records of the spool."},
};

/* Counters that are one metric each. */
static const struct single {
	const char *name, *metric, *help;
} singles[] = {
    {"unjudged", "keepname_unjudged_total", "Messages that no judge has finished with."},
    {"dns.failed", "keepname_dns_failed_total",
     "Messages that could not be proved for want of DNS."},
};

static const struct bucket {
	const char *name, *le; /* s */
} buckets[] = {
    {"judged.ms.5", "0.005"}, {"judged.ms.10", "0.01"}, {"judged.ms.25", "0.025"},
    {"judged.ms.50", "0.05"}, {"judged.ms.100", "0.1"}, {"judged.ms.250", "0.25"},
    {"judged.ms.1000", "1"},  {"judged.ms.5000", "5"},  {"judged.ms.more", "+Inf"},
};

enum {
	BUCKETS = sizeof(buckets) / sizeof(buckets[0]),
	SINGLES = sizeof(singles) / sizeof(singles[0]),
};

static void head(struct str *to, const char *metric, const char *type, const char *help)
{
	str_printf(to, "# HELP %s %s\n# TYPE %s %s\n", metric, help, metric, type);
}

/* A label's value, of our own words: what is none of letters, digits, "-" and "_" becomes "_". */
static void label(struct str *to, const char *text)
{
	for (; *text != '\0'; text++) {
		const char c = str_lower_char(*text);
		const bool plain =
		    (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';

		str_add(to, plain ? text : "_", 1);
	}
}

struct counting {
	struct str *to;
	const struct family *family;
	int64_t bucket[BUCKETS], single[SINGLES], ms;
};

static void family_counter(void *context, const char *name, int64_t value)
{
	struct counting *c = context;
	const size_t n = strlen(c->family->prefix);

	if (strncmp(name, c->family->prefix, n) != 0)
		return;
	str_printf(c->to, "%s{%s=\"", c->family->metric, c->family->label);
	label(c->to, name + n);
	str_printf(c->to, "\"} %lld\n", (long long)value);
}

static void other_counter(void *context, const char *name, int64_t value)
{
	struct counting *c = context;

	for (size_t i = 0; i < BUCKETS; i++)
		if (strcmp(name, buckets[i].name) == 0)
			c->bucket[i] = value;
	if (strcmp(name, "judged.ms.sum") == 0)
		c->ms = value;
	for (size_t i = 0; i < SINGLES; i++)
		if (strcmp(name, singles[i].name) == 0)
			c->single[i] = value;
}

static bool add_counters(struct store *store, struct str *to)
{
	struct counting c = {.to = to};
	int64_t sum = 0;

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		c.family = &families[i];
		head(to, c.family->metric, "counter", c.family->help);
		if (store_each_counter(store, family_counter, &c) != STORE_OK)
			return false;
	}
	if (store_each_counter(store, other_counter, &c) != STORE_OK)
		return false;
	for (size_t i = 0; i < SINGLES; i++) {
		head(to, singles[i].metric, "counter", singles[i].help);
		str_printf(to, "%s %lld\n", singles[i].metric, (long long)c.single[i]);
	}
	head(to, "keepname_judging_seconds", "histogram", "How long judging a message took.");
	for (size_t i = 0; i < BUCKETS; i++) {
		sum += c.bucket[i];
		str_printf(to, "keepname_judging_seconds_bucket{le=\"%s\"} %lld\n", buckets[i].le,
			   (long long)sum);
	}
	str_printf(
	    to, "keepname_judging_seconds_sum %lld.%03lld\nkeepname_judging_seconds_count %lld\n",
	    (long long)(c.ms / 1000), (long long)(c.ms % 1000), (long long)sum);
	return true;
}

struct pendings_counted {
	int64_t state[PENDING_STATE_COUNT], next;
};

static void count_pending(void *context, const struct pending *p)
{
	struct pendings_counted *c = context;
	const bool acts = (1u << p->state & PENDING_UNSETTLED) != 0 && p->ours != OURS_NO;

	c->state[p->state]++;
	if (acts && p->proved && p->deadline != 0 && (c->next == 0 || p->deadline < c->next))
		c->next = p->deadline;
}

static bool add_pendings(const struct cli *cli, struct store *store, struct str *to)
{
	const struct pending_filter all = {.now = cli->now, .states = PENDING_ALL};
	struct pendings_counted c = {0};

	if (pendings_each_brief(store, &all, count_pending, &c) != STORE_OK)
		return false;
	head(to, "keepname_pendings", "gauge", "Pendings, by state.");
	for (int i = 0; i < PENDING_STATE_COUNT; i++)
		str_printf(to, "keepname_pendings{state=\"%s\"} %lld\n",
			   pending_state_name((enum pending_state)i), (long long)c.state[i]);
	if (c.next != 0) {
		head(to, "keepname_next_deadline_timestamp_seconds", "gauge",
		     "The earliest deadline of a matter that genuine mail opened and nobody has "
		     "settled.");
		str_printf(to, "keepname_next_deadline_timestamp_seconds %lld\n",
			   (long long)c.next);
	}
	return true;
}

static void count_alarm(void *context, const struct alarm *a)
{
	(void)a;
	++*(int64_t *)context;
}

static bool add_alarms(struct store *store, struct str *to)
{
	const struct alarm_filter standing = {0};
	int64_t count = 0;

	if (alarms_each(store, &standing, count_alarm, &count) != STORE_OK)
		return false;
	head(to, "keepname_alarms", "gauge", "Alarms that stand.");
	str_printf(to, "keepname_alarms %lld\n", (long long)count);
	return true;
}

static void add_run(void *context, const struct run *r)
{
	struct str *to = context;

	str_puts(to, "keepname_job_success_timestamp_seconds{job=\"");
	label(to, r->name);
	str_printf(to, "\"} %lld\n", (long long)r->good_at);
}

bool stats_metrics(const struct cli *cli, struct store *store, struct str *to)
{
	head(to, "keepname_build_info", "gauge", "The version that wrote this.");
	str_printf(to, "keepname_build_info{version=\"%s\"} 1\n", PACKAGE_VERSION);
	head(to, "keepname_metrics_timestamp_seconds", "gauge", "When this was written.");
	str_printf(to, "keepname_metrics_timestamp_seconds %lld\n", (long long)cli->now);
	if (!add_counters(store, to) || !add_pendings(cli, store, to) || !add_alarms(store, to))
		return false;
	head(to, "keepname_job_success_timestamp_seconds", "gauge",
	     "When a timed job last ended well; 0: never.");
	return runs_each(store, add_run, to) == STORE_OK;
}
