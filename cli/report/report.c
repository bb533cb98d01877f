/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report.c - keepname report: one page about everything, for a web server or a mailbox of one's
 * own.
 *
 * The page is whole or not written (whole.h); it holds no script, no link and nothing to be
 * fetched. Its size is bounded: tables have REPORT_ROWS rows, and the rest is counted.
 */
#include "cli/report/report.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/dependence.h"
#include "cli/html.h"
#include "cli/jobs.h"
#include "cli/pending/pending.h"
#include "cli/whole.h"
#include "db/alarms.h"
#include "db/history.h"
#include "db/watched.h"

enum {
	WEEK = 604800,
	REGISTRARS = 20,
};

struct writing {
	const struct cli *cli;
	struct str rows, page;
	size_t count;
	int64_t state[PENDING_STATE_COUNT];
	struct report_due due;
	struct report_weeks weeks;
};

/* -- rows ----------------------------------------------------------------------------------- */

static void cell(struct str *to, const char *text)
{
	str_puts(to, "<td>");
	html_text(text, to);
	str_puts(to, "</td>");
}

static void number(struct str *to, int64_t n)
{
	str_printf(to, "<td class=\"num\">%lld</td>", (long long)n);
}

/* A table of what has been gathered in w->rows, which is emptied; nothing where there is none. */
static void table(struct writing *w, const char *title, const char *intro, const char *heads)
{
	if (w->count > 0) {
		str_printf(&w->page, "<h2>%s <span class=\"n\">%zu</span></h2>\n<p>%s</p>\n", title,
			   w->count, intro);
		str_printf(
		    &w->page,
		    "<div class=\"wide\" tabindex=\"0\"><table>\n<caption hidden>%s</caption>\n"
		    "<thead><tr>%s</tr></thead>\n<tbody>\n",
		    title, heads);
		str_add(&w->page, w->rows.p, w->rows.n);
		str_puts(&w->page, "</tbody></table></div>\n");
		if (w->count > REPORT_ROWS)
			str_printf(&w->page, "<p>and %zu more: keepname pending</p>\n",
				   w->count - REPORT_ROWS);
	}
	str_reset(&w->rows);
	w->count = 0;
}

static void count_due(struct writing *w, const struct pending *p)
{
	const int64_t days = cli_days_left(p->deadline, w->cli->now);
	const int64_t day = days < 0 ? 0 : days;

	if (p->deadline == 0 || day > REPORT_DAYS)
		return;
	if (p->proved)
		w->due.proved[day]++;
	else
		w->due.review[day]++;
}

static void count_pending(void *context, const struct pending *p)
{
	struct writing *w = context;

	w->state[p->state]++;
	if ((1u << p->state & PENDING_UNSETTLED) == 0)
		return;
	w->count++;
	count_due(w, p);
}

static void add_pending(void *context, const struct pending *p)
{
	struct writing *w = context;
	char due[64], when[CLI_TIME_TEXT] = "";

	/* What matters most first: a phone shows no more than that at once. */
	str_puts(&w->rows, "<tr>");
	number(&w->rows, p->id);
	cell(&w->rows, pending_matter(p));
	cell(&w->rows, pending_due_text(p, w->cli->now, due));
	cell(&w->rows, class_name(p->class));
	cell(&w->rows, pending_state_name(p->state));
	cell(&w->rows, p->deadline != 0 ? cli_time(p->deadline, when) : "");
	cell(&w->rows, p->recipient);
	cell(&w->rows, p->registrar);
	str_puts(&w->rows, "</tr>\n");
}

static void add_alarm(void *context, const struct alarm *a)
{
	struct writing *w = context;
	char when[CLI_TIME_TEXT];

	if (w->count++ >= REPORT_ROWS)
		return;
	str_puts(&w->rows, "<tr>");
	cell(&w->rows, a->kind);
	cell(&w->rows, a->domain);
	cell(&w->rows, cli_time(a->raised_at, when));
	cell(&w->rows, a->detail);
	str_puts(&w->rows, "</tr>\n");
}

static void add_week(void *context, const struct history_week *h)
{
	struct writing *w = context;
	const int64_t i = h->week - w->weeks.first;

	if (i >= 0 && i < REPORT_WEEKS)
		w->weeks.mails[i][h->verdict] += h->mails;
}

static void add_registrar(void *context, const struct history_registrar *r)
{
	struct writing *w = context;
	char when[CLI_TIME_TEXT];

	w->count++;
	str_puts(&w->rows, "<tr>");
	cell(&w->rows, r->name);
	number(&w->rows, r->mails);
	number(&w->rows, r->genuine);
	cell(&w->rows, cli_time(r->latest, when));
	str_puts(&w->rows, "</tr>\n");
}

static void add_watched(void *context, const struct watched *d)
{
	struct writing *w = context;
	struct str causes = {0};
	char when[CLI_TIME_TEXT];

	if (w->count++ >= REPORT_ROWS)
		return;
	standing_causes_print(d->causes, &causes);
	str_puts(&w->rows, "<tr>");
	cell(&w->rows, d->domain);
	cell(&w->rows, standing_name(d->standing));
	cell(&w->rows, str_text(&causes));
	cell(&w->rows, d->registrar);
	cell(&w->rows, d->expires_at != 0 ? cli_time(d->expires_at, when) : "");
	cell(&w->rows, d->checked_at != 0 ? cli_time(d->checked_at, when) : "never");
	str_puts(&w->rows, "</tr>\n");
	str_free(&causes);
}

static void add_dependence(void *context, const struct dependence *d)
{
	struct writing *w = context;
	struct str text = {0};

	w->count++;
	dependence_print(d, &text);
	str_puts(&w->rows, "<tr>");
	cell(&w->rows, str_text(&text));
	str_puts(&w->rows, "</tr>\n");
	str_free(&text);
}

static void add_run(void *context, const struct run *r)
{
	struct writing *w = context;
	struct str text = {0};

	w->count++;
	jobs_say(r, jobs_state(w->cli, r), &text);
	str_puts(&w->rows, "<tr>");
	cell(&w->rows, r->name);
	cell(&w->rows, str_text(&text));
	cell(&w->rows, r->detail);
	str_puts(&w->rows, "</tr>\n");
	str_free(&text);
}

/* -- the page ------------------------------------------------------------------------------- */

static void tile(struct str *to, bool bad, int64_t n, const char *what)
{
	str_printf(to, "<div class=\"tile%s\"><b>%lld</b>%s</div>\n", bad && n > 0 ? " bad" : "",
		   (long long)n, what);
}

static void key(struct str *to)
{
	str_puts(to, "<p class=\"key\">");
	for (int v = 0; v < VERDICT_COUNT; v++)
		if (v != VERDICT_NONE)
			str_printf(to, "<i class=\"%s\"></i>%s", verdict_name((enum verdict)v),
				   verdict_name((enum verdict)v));
	str_puts(to, "</p>\n");
}

static bool add_matters(struct writing *w, struct store *store, size_t alarms)
{
	const struct pending_filter all = {.now = w->cli->now, .states = PENDING_ALL};
	const struct pending_filter shown = {.now = w->cli->now, .most = REPORT_ROWS};

	if (pendings_each_brief(store, &all, count_pending, w) != STORE_OK ||
	    pendings_each(store, &shown, add_pending, w) != STORE_OK)
		return false;
	str_puts(&w->page, "<div class=\"tiles\">\n");
	tile(&w->page, true, (int64_t)alarms, "alarms");
	tile(&w->page, true, w->state[PENDING_STATE_HELD], "held");
	tile(&w->page, true, w->state[PENDING_STATE_EXPIRED], "expired");
	tile(&w->page, false, w->state[PENDING_STATE_OPEN], "open");
	tile(&w->page, false, w->state[PENDING_STATE_REVIEW], "to review");
	tile(&w->page, false, w->state[PENDING_STATE_DONE] + w->state[PENDING_STATE_RESOLVED],
	     "settled");
	str_puts(&w->page, "</div>\n<h2>What is due</h2>\n<p>By days from today; grey: to be "
			   "reviewed.</p>\n");
	report_due_svg(&w->due, &w->page);
	table(w, "Matters", "Most urgent first.",
	      "<th scope=\"col\">ID</th><th scope=\"col\">Domain</th><th scope=\"col\">Due</th>"
	      "<th scope=\"col\">Class</th><th scope=\"col\">State</th><th "
	      "scope=\"col\">Deadline</th>"
	      "<th scope=\"col\">Recipient</th><th scope=\"col\">Registrar</th>");
	return true;
}

static bool add_history(struct writing *w, struct store *store)
{
	const int64_t now = w->cli->now, since = (now / WEEK - REPORT_WEEKS + 1) * WEEK;

	w->weeks.first = since / WEEK;
	if (history_each_week(store, since, add_week, w) != STORE_OK)
		return false;
	str_printf(&w->page, "<h2>Verdicts</h2>\n<p>Mails of the last %d weeks.</p>\n",
		   REPORT_WEEKS);
	report_weeks_svg(&w->weeks, &w->page);
	key(&w->page);
	if (history_each_registrar(store, since, REGISTRARS, add_registrar, w) != STORE_OK)
		return false;
	table(w, "Registrars", "Whose mail came, in the same time.",
	      "<th scope=\"col\">Registrar</th><th scope=\"col\">Mails</th><th "
	      "scope=\"col\">Genuine</th><th scope=\"col\">Latest</th>");
	return true;
}

static bool add_state(struct writing *w, struct store *store)
{
	const struct watched_filter all = {0};

	if (!dependence_each(store, add_dependence, w))
		return false;
	table(w, "Single points of failure", "What all domains depend on alone.",
	      "<th scope=\"col\">Dependence</th>");
	if (watched_each(store, &all, add_watched, w) != STORE_OK)
		return false;
	table(w, "Watched domains", "As their registries say.",
	      "<th scope=\"col\">Domain</th><th scope=\"col\">Stands</th><th scope=\"col\">Why</th>"
	      "<th scope=\"col\">Registrar</th><th scope=\"col\">Expires</th><th "
	      "scope=\"col\">Looked at</th>");
	if (runs_each(store, add_run, w) != STORE_OK)
		return false;
	table(w, "Health", "The timed jobs; more by keepname doctor.",
	      "<th scope=\"col\">Job</th><th scope=\"col\">State</th>"
	      "<th scope=\"col\">Detail</th>");
	return true;
}

static bool write_page(struct writing *w, struct store *store)
{
	const struct alarm_filter standing = {0};
	char title[512], when[CLI_TIME_TEXT];

	snprintf(title, sizeof(title), "keepname, %s, %s", w->cli->config->authserv_id.item[0],
		 cli_time(w->cli->now, when));
	html_begin(title, report_style, &w->page);
	if (alarms_each(store, &standing, add_alarm, w) != STORE_OK)
		return false;
	const size_t count = w->count;

	table(
	    w, "Alarms", "What cannot wait.",
	    "<th scope=\"col\">Alarm</th><th scope=\"col\">Domain</th><th scope=\"col\">Since</th>"
	    "<th scope=\"col\">Cause</th>");
	if (!add_matters(w, store, count) || !add_history(w, store) || !add_state(w, store))
		return false;
	html_end(&w->page);
	return true;
}

int report_run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
	    {"html", required_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	struct writing w = {.cli = cli};
	const char *file = NULL;
	struct store *store;
	int c, status;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'h')
			return cli_usage("report");
		file = optarg;
	}
	if (file == NULL || optind != argc || cli->json)
		return cli_usage("report");
	store = cli_store(cli, "report", STORE_READ);
	if (store == NULL)
		return CLI_TROUBLE;
	if (!write_page(&w, store))
		status = cli_trouble("report", "%s", store_error(store));
	else
		status = whole_write("report", file, &w.page);
	store_close(store);
	str_free(&w.rows);
	str_free(&w.page);
	return status;
}
