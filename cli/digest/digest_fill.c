/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * digest_fill.c - what a digest says: read from the database section by section, the urgent first.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/dependence.h"
#include "cli/digest/digest.h"
#include "cli/jobs.h"
#include "cli/senders/suggested.h"
#include "cli/words.h"
#include "db/alarms.h"

enum {
	DAY = 86400,
	URGENT_DAYS = 3,
	SOON_DAYS = 7,
};

/* -- one matter ----------------------------------------------------------------------------- */

/* What silence leads to, by class: why the date matters. */
static const char *consequence(enum class_id class)
{
	switch (class) {
	case CLASS_VERIFICATION: return _("unanswered, the domain is suspended");
	case CLASS_SUSPENSION: return _("the domain is, or is about to be, suspended");
	case CLASS_TRANSFER_OUT: return _("unanswered, the transfer goes through");
	case CLASS_CHANGE_OF_REGISTRANT:
		return _("unanswered, the change lapses; unasked, it is a hijack");
	case CLASS_RENEWAL: return _("unrenewed, the domain expires");
	default: return "";
	}
}

static enum page_tone tone_of(const struct pending *p, int64_t now)
{
	const int64_t days = cli_days_left(p->deadline, now);

	if (p->state == PENDING_STATE_HELD ||
	    (p->proved && p->deadline != 0 && days <= URGENT_DAYS))
		return PAGE_URGENT;
	return !p->proved || (p->deadline != 0 && days <= SOON_DAYS) ? PAGE_SOON : PAGE_CALM;
}

static int left_of(const struct pending *p, int64_t now)
{
	const int64_t left = p->deadline - now, all = (int64_t)DIGEST_DAYS_DRAWN * DAY;

	if (p->deadline == 0)
		return -1;
	return left <= 0 ? 0 : left >= all ? 100 : (int)(left * 100 / all);
}

void digest_add_head(struct page *page, const struct pending *p, int64_t now, int64_t since)
{
	char due[64];

	pending_due_text(p, now, due);
	page_item(page, tone_of(p, now), left_of(p, now), "#%lld %s: %s%s%s%s%s", (long long)p->id,
		  class_name(p->class), pending_matter(p),
		  p->state == PENDING_STATE_HELD ? _(", held at the registry") : "",
		  p->deadline != 0 ? _(", due ") : "", p->deadline != 0 ? due : "",
		  since != 0 && p->first_seen >= since ? _(" (new)") : "");
}

void digest_add_pending(struct page *page, const struct pending *p, int64_t now, int64_t since)
{
	char when[CLI_TIME_TEXT];
	struct str deadline = {0};

	digest_add_head(page, p, now, since);
	if (p->deadline != 0)
		str_printf(&deadline, "%s (%s)%s", cli_time(p->deadline, when),
			   deadline_source_name(p->deadline_source),
			   p->proved ? "" : _(", if it is genuine"));
	page_line(page, _("deadline"), str_text(&deadline));
	if (p->proved)
		page_line(page, _("matters"), consequence(p->class));
	for (int i = 0; i < REASON_COUNT && !p->proved; i++)
		if ((p->reasons & 1u << i) != 0)
			page_line(page, _("why"), _(reason_sentence((enum reason)i)));
	page_line(page, _("recipient"), p->recipient);
	page_line(page, _("registrar"), p->registrar);
	page_line(page, _("from"), p->from);
	page_line(page, _("subject"), p->subject);
	page_line(page, _("received"), cli_time(p->first_seen, when));
	page_line(page, _("message-id"), p->message_id);
	str_free(&deadline);
}

/* -- sections of matters -------------------------------------------------------------------- */

struct gathering {
	struct digest *digest;
	int64_t now, since;
};

static void gather(void *context, const struct pending *p)
{
	const struct gathering *g = context;

	digest_add_pending(&g->digest->page, p, g->now, g->since);
	notices_add(&g->digest->named, p->id, NOTICE_NAMED);
}

static void count_one(void *context, const struct pending *p)
{
	(void)p;
	++*(size_t *)context;
}

/* One section, where there is anything in it. */
static bool section(struct store *store, struct digest *d, const struct pending_filter *filter,
		    int64_t since, const char *title, const char *intro, size_t *ret_count)
{
	struct gathering g = {d, filter->now, since};
	struct pending_filter shown = *filter;
	size_t count = 0;

	shown.most = DIGEST_SHOWN;
	if (pendings_each_brief(store, filter, count_one, &count) != STORE_OK)
		return false;
	*ret_count = count;
	d->said += count;
	if (count == 0)
		return true;
	page_section(&d->page, _(title), _(intro));
	if (pendings_each(store, &shown, gather, &g) != STORE_OK)
		return false;
	page_count(&d->page, count);
	if (count > DIGEST_SHOWN)
		page_note(&d->page, _("and %zu more: keepname pending"), count - DIGEST_SHOWN);
	return true;
}

struct counts {
	size_t held, open, review, foreign;
};

static const char title_open[] = N_("OPEN"), title_review[] = N_("TO REVIEW");
static const char intro_open[] = N_("proved genuine, most urgent first");
static const char intro_review[] = N_(
    "registrar mail that could not be proved. It may be the one that matters, or a forgery: do not "
    "click; open the registrar's own site instead.");

/* Those of `owners`, by origin: what genuine mail opened first. */
static bool add_matters(struct store *store, struct digest *d, struct pending_filter filter,
			int64_t since, struct counts *c)
{
	const uint32_t may_be_ours = 1u << OURS_UNSET | 1u << OURS_YES;

	filter.awake = true;
	filter.ours = may_be_ours;
	filter.states = 1u << PENDING_STATE_HELD;
	if (!section(store, d, &filter, since, N_("HELD"),
		     N_("dark at the registry, or said to be"), &c->held))
		return false;
	filter.states = 1u << PENDING_STATE_OPEN | 1u << PENDING_STATE_EXPIRED;
	filter.origin = PENDING_ORIGIN_PROVED;
	if (!section(store, d, &filter, since, title_open, intro_open, &c->open))
		return false;
	filter.states |= 1u << PENDING_STATE_REVIEW;
	filter.origin = PENDING_ORIGIN_REVIEW;
	if (!section(store, d, &filter, since, title_review, intro_review, &c->review))
		return false;
	filter.origin = PENDING_ORIGIN_ANY;
	filter.states = 0;
	filter.ours = 1u << OURS_NO;
	return section(
	    store, d, &filter, since, N_("NOT OURS"),
	    N_("genuine or not, about a domain that is none of ours: somebody has registered it "
	       "with an address of yours. Nothing is to be done, but to tell the registrar."),
	    &c->foreign);
}

/* -- the rest ------------------------------------------------------------------------------- */

struct alarming {
	struct digest *digest;
	struct notices *told;
	size_t count;
};

static const char *alarm_sentence(const char *kind)
{
	static const struct {
		const char *kind, *sentence;
	} rows[] = {
	    {ALARM_HELD, N_("the domain is dark at the registry")},
	    {ALARM_TRANSFER,
	     N_("a transfer away was asked for, and goes through if nobody objects")},
	    {ALARM_REGISTRANT, N_("a change of registrant was asked for")},
	    {ALARM_DELEGATION, N_("the registry names other name servers than before")},
	    {ALARM_GONE, N_("the domain is not registered any more, or about to be deleted")},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].kind, kind) == 0)
			return _(rows[i].sentence);
	return "";
}

static void gather_alarm(void *context, const struct alarm *a)
{
	struct alarming *g = context;
	struct page *page = &g->digest->page;
	char when[CLI_TIME_TEXT];

	if (g->count++ == 0)
		page_section(page, _("ALARMS"), _("what cannot wait"));
	if (g->count > DIGEST_SHOWN + (g->told != NULL ? DIGEST_BRIEF : 0))
		return;
	page_item(page, PAGE_URGENT, -1, "%s: %s", a->domain[0] != '\0' ? a->domain : a->recipient,
		  alarm_sentence(a->kind));
	if (g->told != NULL)
		notices_add_alarm(g->told, a->id);
	if (g->count > DIGEST_SHOWN)
		return;
	page_line(page, _("since"), cli_time(a->raised_at, when));
	page_line(page, _("recipient"), a->recipient);
	page_line(page, _("cause"), a->detail);
}

bool digest_add_alarms(struct store *store, struct digest *d, const struct alarm_filter *filter,
		       struct notices *told, size_t *ret_count)
{
	const size_t most = DIGEST_SHOWN + (told != NULL ? DIGEST_BRIEF : 0);
	struct alarming g = {d, told, 0};

	if (alarms_each(store, filter, gather_alarm, &g) != STORE_OK)
		return false;
	*ret_count = g.count;
	d->said += g.count;
	if (g.count > 0)
		page_count(&d->page, g.count);
	if (g.count > most)
		page_note(&d->page,
			  told != NULL ? _("and %zu more, in the next mail")
				       : _("and %zu more: keepname report"),
			  g.count - most);
	return true;
}

struct unrecognising {
	struct page *page;
	size_t count;
};

static void gather_unrecognised(void *context, const struct unrecognised *u)
{
	struct unrecognising *g = context;
	char when[CLI_TIME_TEXT];

	if (g->count++ == 0)
		page_section(g->page, _("NOT RECOGNISED"),
			     _("proved mail of listed senders, of the last 7 days, whose kind "
			       "keepname does not "
			       "know. Nothing was opened for it; it may have a deadline. Read it "
			       "in the mailbox, "
			       "where its header is X-Keepname: known; reason=class."));
	if (g->count > DIGEST_UNRECOGNISED)
		return;
	page_item(g->page, PAGE_SOON, -1, "%s", u->subject[0] != '\0' ? u->subject : u->from);
	page_line(g->page, _("received"), cli_time(u->received_at, when));
	page_line(g->page, _("recipient"), u->recipient);
	page_line(g->page, _("registrar"), u->registrar);
	page_line(g->page, _("from"), u->from);
	page_line(g->page, _("message-id"), u->message_id);
}

static bool add_unrecognised(const struct cli *cli, struct store *store, struct digest *d,
			     size_t *ret_count)
{
	const int64_t since = cli->now - (int64_t)DIGEST_UNRECOGNISED_DAYS * DAY;
	struct unrecognising g = {&d->page, 0};

	if (store_each_unrecognised(store, since, gather_unrecognised, &g) != STORE_OK)
		return false;
	*ret_count = g.count;
	d->said += g.count;
	if (g.count > 0)
		page_count(&d->page, g.count);
	if (g.count > DIGEST_UNRECOGNISED)
		page_note(&d->page, _("and %zu more; in the log: verdict=known reasons=class"),
			  g.count - DIGEST_UNRECOGNISED);
	return true;
}

static void add_suggestion(struct page *page, const struct suggested *g, uint32_t risks,
			   int64_t now)
{
	const struct suggestion *s = &g->is;
	struct str line = {0};

	if (s->deadline >= now)
		str_printf(&line, ", due in %lld days", (long long)cli_days_left(s->deadline, now));
	page_item(page, PAGE_CALM, -1, "#%lld %s%s", (long long)s->id,
		  suggested_is_link(g) ? s->link : s->address, str_text(&line));
	page_line(page, _("link of"), s->sender);
	str_reset(&line);
	for (size_t i = 0; suggested_fact(g, "class", i) != NULL; i++)
		str_printf(&line, "%s%s", i > 0 ? ", " : "", suggested_fact(g, "class", i));
	page_line(page, _("classes"), str_text(&line));
	str_reset(&line);
	suggested_print_counts(g, &line);
	page_line(page, _("seen"), str_text(&line));
	for (size_t i = 0; i < suggested_risk_count(); i++)
		if ((risks & 1u << i) != 0)
			page_line(page, _("risk"), _(suggested_risk_sentence(i)));
	str_reset(&line);
	str_printf(&line, "keepname senders accept %lld, or reject %lld", (long long)s->id,
		   (long long)s->id);
	page_line(page, _("decide"), str_text(&line));
	str_free(&line);
}

static bool add_suggestions(const struct cli *cli, struct store *store, struct digest *d,
			    size_t *ret_count)
{
	const struct suggestion_filter filter = {.now = cli->now};
	struct suggested_ground ground;
	struct suggested_set set = {0};
	bool good = suggested_load(store, &filter, &set);

	*ret_count = set.count;
	d->said += set.count;
	if (good && set.count > 0) {
		page_section(
		    &d->page, _("SENDERS TO DECIDE ABOUT"),
		    _("their mail is signed and reads like a registrar's, but the list does not "
		      "know the sender, or the link. What is accepted can be genuine."));
		page_count(&d->page, set.count);
		good = suggested_ground_open(cli, &ground);
		for (size_t i = 0; good && i < set.count && i < DIGEST_SUGGESTIONS; i++)
			add_suggestion(&d->page, &set.list[i],
				       suggested_risks(&ground, &set.list[i]), cli->now);
		suggested_ground_close(&ground);
		if (set.count > DIGEST_SUGGESTIONS)
			page_note(&d->page, _("and %zu more: keepname senders suggestions"),
				  set.count - DIGEST_SUGGESTIONS);
	}
	suggested_free(&set);
	return good;
}

/* What has been settled since the last one, and the state of the timed jobs: said only beside
 * something else, or with --always. */
struct settling {
	struct digest *digest;
	size_t count;
};

static void gather_settled(void *context, const struct pending *p)
{
	struct settling *g = context;

	if (g->count++ == 0)
		page_section(&g->digest->page, _("SETTLED"), _("since the last digest"));
	if (g->count <= DIGEST_SHOWN)
		page_item(&g->digest->page, PAGE_CALM, -1, "#%lld %s: %s, %s", (long long)p->id,
			  class_name(p->class), pending_matter(p), pending_state_name(p->state));
}

static bool add_settled(struct store *store, struct digest *d, int64_t now, int64_t since)
{
	const struct pending_filter filter = {
	    .now = now,
	    .states = 1u << PENDING_STATE_DONE | 1u << PENDING_STATE_RESOLVED,
	    .settled_since = since};
	struct settling g = {d, 0};

	if (since == 0)
		return true;
	if (pendings_each(store, &filter, gather_settled, &g) != STORE_OK)
		return false;
	if (g.count > 0)
		page_count(&d->page, g.count);
	return true;
}

struct health {
	const struct cli *cli;
	struct page *page;
	size_t ill;
	bool adding_ill; /* jobs that are not well first, each as an item of its own */
};

static void count_ill(void *context, const struct run *r)
{
	struct health *h = context;

	h->ill += jobs_state(h->cli, r) != RUN_FINE;
}

static void add_run(void *context, const struct run *r)
{
	struct health *h = context;
	const enum run_state state = jobs_state(h->cli, r);
	struct str line = {0};

	jobs_say(r, state, &line);
	if (state != RUN_FINE && h->adding_ill) {
		page_item(h->page, PAGE_SOON, -1, "%s: %s", r->name, str_text(&line));
		page_line(h->page, _("cause"), state == RUN_FAILED ? r->detail : "");
	} else if (state == RUN_FINE && !h->adding_ill) {
		page_line(h->page, r->name, str_text(&line));
	}
	str_free(&line);
}

static void add_dependence(void *context, const struct dependence *d)
{
	struct str text = {0};

	dependence_print(d, &text);
	page_line(context, dependence_kind_name(d->kind), str_text(&text));
	str_free(&text);
}

static bool add_health(const struct cli *cli, struct store *store, struct digest *d, size_t ill)
{
	struct health h = {.cli = cli, .page = &d->page, .adding_ill = true};

	page_section(
	    &d->page, _("HEALTH"),
	    _("the timed jobs, and what all domains depend on alone; more by keepname doctor"));
	page_count(&d->page, ill + 1);
	if (runs_each(store, add_run, &h) != STORE_OK)
		return false;
	h.adding_ill = false;
	page_item(&d->page, PAGE_CALM, -1, "%s", cli->config->authserv_id.item[0]);
	return runs_each(store, add_run, &h) == STORE_OK &&
	       dependence_each(store, add_dependence, &d->page);
}

/* -- digests -------------------------------------------------------------------------------- */

static int failed(struct store *store)
{
	return cli_trouble("digest", "%s", store_error(store));
}

/* Words about a count, where there are any of it. */
__attribute__((format(printf, 3, 4))) static void add_count(struct str *to, size_t count,
							    const char *format, ...)
{
	char text[128];
	va_list values;

	if (count == 0)
		return;
	va_start(values, format);
	vsnprintf(text, sizeof(text), format, values);
	va_end(values);
	str_printf(to, "%s%s", to->n > 0 ? ", " : "", text);
}

/* The most urgent first; open and to be reviewed are said even where there is none. */
static void write_subject(struct digest *d, const struct counts *c, size_t alarms)
{
	struct str text = {0};

	add_count(&text, alarms, ngettext("%zu alarm", "%zu alarms", alarms), alarms);
	add_count(&text, c->held, _("%zu held"), c->held);
	str_puts(&text, text.n > 0 ? ", " : "");
	str_printf(&text, _("%zu open, %zu to review"), c->open, c->review);
	add_count(&text, c->foreign, _("%zu not ours"), c->foreign);
	str_printf(&d->subject, "keepname: %s", str_text(&text));
	d->subject.failed = d->subject.failed || text.failed;
	str_free(&text);
}

int digest_fill(const struct cli *cli, struct store *store, int64_t since,
		struct digest *ret_digest)
{
	const struct alarm_filter standing = {0};
	const struct pending_filter all = {.now = cli->now};
	struct digest *d = ret_digest;
	struct counts c = {0};
	struct health health = {.cli = cli};
	size_t alarms = 0, unrecognised = 0, suggestions = 0;

	*d = (struct digest){0};
	if (!digest_add_alarms(store, d, &standing, NULL, &alarms) ||
	    !add_matters(store, d, all, since, &c) ||
	    !add_unrecognised(cli, store, d, &unrecognised))
		return failed(store);
	if (!add_suggestions(cli, store, d, &suggestions))
		return CLI_TROUBLE;
	if (runs_each(store, count_ill, &health) != STORE_OK)
		return failed(store);
	d->said += health.ill;
	if (!add_settled(store, d, cli->now, since) ||
	    (d->said > 0 && !add_health(cli, store, d, health.ill)))
		return failed(store);
	if (d->said == 0)
		str_printf(&d->subject, "keepname: %s", _("nothing is pending"));
	else
		write_subject(d, &c, alarms);
	add_count(&d->subject, unrecognised, _("%zu not recognised"), unrecognised);
	add_count(&d->subject, suggestions, _("%zu to decide about"), suggestions);
	add_count(&d->subject, health.ill,
		  ngettext("%zu timed job not well", "%zu timed jobs not well", health.ill),
		  health.ill);
	if (d->said == 0)
		page_note(&d->page, _("Nothing is pending."));
	if (c.held + c.open + c.review > 0)
		page_note(
		    &d->page,
		    _("When a matter is settled: keepname done ID. Details: keepname show ID."));
	if (cli->config->digest_to[0] != '\0' && digest_is_at_risk(store, cli->config->digest_to))
		page_note(&d->page,
			  _("This digest goes to %s, on a domain that may go dark itself: set "
			    "digest_to to "
			    "an address elsewhere."),
			  cli->config->digest_to);
	return d->page.failed || d->subject.failed ? cli_trouble("digest", "memory is short")
						   : CLI_DONE;
}

int digest_fill_own(const struct cli *cli, struct store *store, const char *recipient,
		    struct digest *ret_digest)
{
	const struct pending_filter own = {.now = cli->now, .recipient = recipient};
	struct digest *d = ret_digest;
	struct counts c = {0};

	*d = (struct digest){0};
	if (!add_matters(store, d, own, 0, &c))
		return failed(store);
	write_subject(d, &c, 0);
	page_note(&d->page,
		  _("Look for these mails in your mailbox, by sender and subject, and answer them "
		    "there. When a matter is settled, tell your administrator."));
	return d->page.failed || d->subject.failed ? cli_trouble("digest", "memory is short")
						   : CLI_DONE;
}

void digest_free(struct digest *d)
{
	page_free(&d->page);
	str_free(&d->subject);
	notices_free(&d->named);
}

static const char *title(int64_t now, char to[static 64])
{
	char when[CLI_TIME_TEXT];

	snprintf(to, 64, _("keepname digest, %s"), cli_time(now, when));
	return to;
}

void digest_text(const struct digest *d, int64_t now, struct str *to)
{
	char text[64];

	page_text(&d->page, title(now, text), to);
}

void digest_html(const struct digest *d, int64_t now, struct str *to)
{
	char text[64];

	page_html(&d->page, title(now, text), to);
}
