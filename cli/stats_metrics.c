/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stats_metrics.c - the database's counters and states in Prometheus' text format: names by its
 * conventions, base units, one HELP and TYPE each.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/stats.h"
#include "config.h"
#include "db/alarms.h"
#include "db/pendings.h"
#include "db/releases.h"
#include "db/runs.h"
#include "db/senders.h"
#include "db/spool.h"

/* Counters that are one metric with a label, "verdict.genuine": all words that there are, from zero
 * on, since a rate needs a beginning. */
static const char *verdict_word(int i)
{
	return i < VERDICT_COUNT ? verdict_name((enum verdict)i) : NULL;
}

static const char *class_word(int i)
{
	if (i == CLASS_COUNT)
		return "unrecognised"; /* proved mail of listed senders that is of none */
	return i < CLASS_COUNT ? class_name((enum class_id)i) : NULL;
}

static const struct family {
	const char *prefix, *metric, *label, *help;
	const char *(*word)(int i); /* the i-th; NULL past the last */
	const char *words[7];       /* or these */
} families[] = {
    {"verdict.",
     "keepname_verdicts_total",
     "verdict",
     "Messages judged, by verdict.",
     verdict_word,
     {0}},
    {"class.", "keepname_classes_total", "class", "Messages judged, by class.", class_word, {0}},
    {"unjudged.",
     "keepname_unjudged_total",
     "why",
     "Messages that no judge has finished with; gone: judges that died.",
     NULL,
     {"gone", "busy", "late", "nonsense", "no-memory", "limit"}},
    {"dns.",
     "keepname_dns_answers_total",
     "answer",
     "Answers of the DNS to judges.",
     NULL,
     {"data", "no-data", "no-name", "trouble"}},
    {"unproved.",
     "keepname_unproved_total",
     "why",
     "Messages that could not be proved for want of something.",
     NULL,
     {"dns"}},
    {"boost.",
     "keepname_boosts_total",
     "outcome",
     "Genuine messages of urgent classes: marked, or not since that was done too often.",
     NULL,
     {"marked", "sender-rate", "recipient-rate"}},
    {"stored.",
     "keepname_records_misplaced_total",
     "place",
     "Records that the database could not take: spooled, or lost but for the log.",
     NULL,
     {"spool", "lost"}},
    {"spool.", "keepname_spool_total", "event", "Records of the spool.", NULL, {"replayed"}},
    {"message.",
     "keepname_messages_total",
     "event",
     "Rows of strangers' mail, dropped past the ceiling.",
     NULL,
     {"dropped"}},
    {"suggestion.",
     "keepname_suggestions_total",
     "event",
     "Suggestions of senders and links.",
     NULL,
     {"made", "dropped", "accepted", "rejected", "refused"}},
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
	FAMILIES = sizeof(families) / sizeof(families[0]),
	COUNTERS = 128, /* names of our own; there are some 60 */
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

struct counters {
	struct {
		char name[64];
		int64_t value;
	} list[COUNTERS];
	size_t count;
};

static void note_counter(void *context, const char *name, int64_t value)
{
	struct counters *c = context;

	if (c->count == COUNTERS)
		return;
	snprintf(c->list[c->count].name, sizeof(c->list[0].name), "%s", name);
	c->list[c->count++].value = value;
}

static int64_t counter(const struct counters *c, const char *prefix, const char *word)
{
	char name[64];

	snprintf(name, sizeof(name), "%s%s", prefix, word);
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->list[i].name, name) == 0)
			return c->list[i].value;
	return 0;
}

static const char *family_word(const struct family *f, int i)
{
	return f->word != NULL ? f->word(i) : f->words[i];
}

static void add_family(const struct family *f, const struct counters *c, struct str *to)
{
	const char *word;

	head(to, f->metric, "counter", f->help);
	for (int i = 0; (word = family_word(f, i)) != NULL; i++) {
		if (word[0] == '\0')
			continue;
		str_printf(to, "%s{%s=\"", f->metric, f->label);
		label(to, word);
		str_printf(to, "\"} %lld\n", (long long)counter(c, f->prefix, word));
	}
}

static bool add_counters(struct store *store, struct str *to)
{
	static struct counters c;
	int64_t sum = 0;

	c.count = 0;
	if (store_each_counter(store, note_counter, &c) != STORE_OK)
		return false;
	for (size_t i = 0; i < FAMILIES; i++)
		add_family(&families[i], &c, to);
	head(to, "keepname_judging_seconds", "histogram", "How long judging a message took.");
	for (size_t i = 0; i < BUCKETS; i++) {
		sum += counter(&c, "", buckets[i].name);
		str_printf(to, "keepname_judging_seconds_bucket{le=\"%s\"} %lld\n", buckets[i].le,
			   (long long)sum);
	}
	const int64_t ms = counter(&c, "", "judged.ms.sum");

	str_printf(
	    to, "keepname_judging_seconds_sum %lld.%03lld\nkeepname_judging_seconds_count %lld\n",
	    (long long)(ms / 1000), (long long)(ms % 1000), (long long)sum);
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

/* Of the list in use. */
static bool add_list(struct store *store, struct str *to)
{
	struct release release;
	struct diags diags = {0};
	struct list *list = NULL;
	int64_t count[2] = {0};
	bool good = releases_present(store, &release) == STORE_OK &&
		    senders_load(store, &list, &diags) == STORE_OK;

	diag_free(&diags);
	for (size_t i = 0; good && i < list_count(list); i++)
		count[list_at(list, i)->enabled]++;
	list_free(list);
	if (!good)
		return false;
	head(to, "keepname_senders", "gauge", "Entries of the list in use, by state.");
	str_printf(to,
		   "keepname_senders{state=\"enabled\"} %lld\n"
		   "keepname_senders{state=\"disabled\"} %lld\n",
		   (long long)count[1], (long long)count[0]);
	head(to, "keepname_list_release", "gauge", "Number of the list in use; 0: it says none.");
	str_printf(to, "keepname_list_release %lld\n", (long long)release.number);
	head(to, "keepname_list_issued_timestamp_seconds", "gauge",
	     "When it was issued; 0: it does not say.");
	str_printf(to, "keepname_list_issued_timestamp_seconds %lld\n", (long long)release.issued);
	return true;
}

static bool count_record(void *context, struct record *r)
{
	(void)r;
	++*(int64_t *)context;
	return true;
}

/* A spool that cannot be read (it is the daemon's) says nothing. */
static void add_spool(const struct cli *cli, struct str *to)
{
	int64_t waiting = 0;
	const int error = spool_look(cli->config->spool, count_record, &waiting);

	if (error != 0 && error != ENOENT)
		return;
	head(to, "keepname_spool_records", "gauge", "Records that wait for the database.");
	str_printf(to, "keepname_spool_records %lld\n", (long long)waiting);
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
	if (!add_counters(store, to) || !add_pendings(cli, store, to) || !add_alarms(store, to) ||
	    !add_list(store, to))
		return false;
	add_spool(cli, to);
	head(to, "keepname_job_success_timestamp_seconds", "gauge",
	     "When a timed job last ended well; 0: never.");
	return runs_each(store, add_run, to) == STORE_OK;
}
