/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * senders_accept.c - keepname senders accept: a suggestion becomes an entry of the site's own, or a
 * link beside those of an entry that is there.
 *
 * Nothing is taken up unseen: the stanza is printed as it will be added, with what it means, what
 * speaks against it, and what the mail of the last weeks would have got. A terminal is asked;
 * elsewhere --yes is. The stanza goes through the same parser and linter as one that a person
 * writes, so what those refuse cannot be accepted either.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/senders/senders.h"
#include "cli/senders/suggested.h"
#include "db/senders.h"
#include "rules/core/offer.h"

enum {
	DAY = 86400,
	LOOK_BACK = 30 * DAY,
};

#define FILE_NAME "suggestion" /* which the stanza is said to be of, in errors */

struct wish {
	const char *which;
	bool yes, dry_run, shared;
	const char *name, *platform, *classes, *registrar; /* NULL: as suggested */
};

struct accepting {
	struct cli *cli;
	struct store *store;
	const struct wish *wish;
	struct suggested_ground ground;
	const struct suggested *g;
	bool alone; /* no other link of the same sender waits */
};

/* -- the stanza of a sender ----------------------------------------------------------------- */

/* A name that no entry has: the domain's, with the local part where that is taken, with a number.
 */
static void choose_name(const struct accepting *a, char ret_name[static LIST_NAME_BYTES + 1])
{
	const char *address = a->g->is.address, *domain = suggested_domain(a->g);
	char base[LIST_NAME_BYTES + 1];
	size_t n = 0;

	snprintf(ret_name, LIST_NAME_BYTES + 1, "%.60s", domain);
	if (list_find_name(a->ground.list, ret_name) == NULL)
		return;
	for (const char *p = address; p + 1 < domain && n < 30; p++)
		if ((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9'))
			base[n++] = *p;
	snprintf(base + n, sizeof(base) - n, "%s%.28s", n > 0 ? "." : "", domain);
	snprintf(ret_name, LIST_NAME_BYTES + 1, "%s", base);
	for (unsigned i = 2; list_find_name(a->ground.list, ret_name) != NULL; i++)
		snprintf(ret_name, LIST_NAME_BYTES + 1, "%.56s-%u", base, i);
}

static const struct platform *platform_of(const struct accepting *a)
{
	const char *name =
	    a->wish->platform != NULL ? a->wish->platform : suggested_fact(a->g, "platform", 0);

	return name != NULL ? list_find_platform(a->ground.list, name) : NULL;
}

/* The links that were seen, but those of the platform and harmless ones. */
static void put_links(const struct accepting *a, struct str *to)
{
	const struct platform *p = platform_of(a);
	char host[LIMIT_DOMAIN + 1];
	const char *link, *path;
	bool any = false;

	for (size_t i = 0; (link = suggested_fact(a->g, "link", i)) != NULL; i++) {
		if (!suggested_split(link, host, &path) ||
		    offer_is_harmless(a->ground.list, host, path) ||
		    (p != NULL && offer_fits(p->link, p->link_count, host, path)))
			continue;
		str_printf(to, "%s %s\n", any ? "" : "Link:\n", link);
		any = true;
	}
}

static void put_field(struct str *to, const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0')
		str_printf(to, "%s: %s\n", name, value);
}

static void put_stanza(const struct accepting *a, struct str *to)
{
	const struct suggestion *s = &a->g->is;
	const struct wish *w = a->wish;
	char name[LIST_NAME_BYTES + 1], today[21], seen[21], actor[64];
	struct str classes = {0};
	const char *class;

	choose_name(a, name);
	for (size_t i = 0; (class = suggested_fact(a->g, "class", i)) != NULL; i++)
		str_printf(&classes, "%s%s", i > 0 ? ", " : "", class);
	str_time(a->cli->now, today);
	str_time(s->last_seen, seen);
	put_field(to, "Sender", w->name != NULL ? w->name : name);
	put_field(to, "From", s->address);
	put_field(to, "Registrar", w->registrar);
	put_field(to, "Platform",
		  w->platform != NULL ? w->platform
				      : (platform_of(a) != NULL ? platform_of(a)->name : NULL));
	put_field(to, "Classes", w->classes != NULL ? w->classes : str_text(&classes));
	put_links(a, to);
	str_printf(to, "Last-Seen: %.10s\n", seen);
	str_printf(to, "Note: Accepted on %.10s by %s, after ", today, cli_actor(actor));
	suggested_print_counts(a->g, to);
	str_puts(to, ".\n");
	to->failed = to->failed || classes.failed;
	str_free(&classes);
}

/* -- what it means -------------------------------------------------------------------------- */

static void print_meaning(const struct accepting *a)
{
	const uint32_t risks = suggested_risks(&a->ground, a->g);
	const char *domain = suggested_domain(a->g);

	if (suggested_is_link(a->g))
		printf("\nMail of %s with such a link is then genuine, wherever that page leads.\n",
		       a->g->is.sender);
	else
		printf("\nWhoever holds a DKIM key of %s can then send genuine mail of this "
		       "address;\nso can, until a signature of it was seen, whoever its SPF record "
		       "names.\n",
		       domain);
	printf("Confidence %c.\n", suggested_confidence(a->g, risks));
	for (size_t i = 0; i < suggested_risk_count(); i++)
		if ((risks & 1u << i) != 0)
			printf("Risk (%s): %s\n", suggested_risk_name(i),
			       suggested_risk_sentence(i));
}

struct forecast {
	const struct accepting *a;
	uint32_t classes;         /* that the entry would send */
	int64_t genuine, further; /* mails */
	struct str why;
};

static void foresee(void *context, const struct suggestion_mail *m)
{
	const uint32_t links = 1u << REASON_LINKS | 1u << REASON_LINK_EVIDENCE;
	struct forecast *f = context;
	const bool link = suggested_is_link(f->a->g);
	uint32_t left = m->reasons & ~(link ? links : 1u << REASON_NOT_LISTED);
	enum class_id class;

	if (strcmp(m->verdict, verdict_name(link ? VERDICT_KNOWN : VERDICT_UNLISTED)) != 0)
		return;
	if (!link && class_of_name(slice_of(m->class), &class) && !(f->classes & 1u << class))
		left |= 1u << REASON_CLASS_SENDER;
	if (left == 0 && m->reasons != 0) {
		f->genuine += m->mails;
		return;
	}
	f->further += m->mails;
	if (f->why.n > 0)
		str_puts(&f->why, ",");
	record_reasons_print(left, &f->why);
}

static bool print_forecast(const struct accepting *a, uint32_t classes)
{
	struct forecast f = {.a = a, .classes = classes};
	const bool closed = suggested_count(a->g, "host") > 0 || !a->alone;

	if (suggestions_each_mail(a->store, a->g->is.address, a->cli->now - LOOK_BACK, foresee,
				  &f) != STORE_OK) {
		str_free(&f.why);
		cli_trouble("senders", "%s", store_error(a->store));
		return false;
	}
	printf("Of the mail of the last 30 days %" PRId64 " would have been genuine%s", f.genuine,
	       closed && f.genuine > 0 ? ", where all of its links are accepted" : "");
	if (f.further > 0)
		printf(", %" PRId64 " known (%s)", f.further, str_text(&f.why));
	printf(".\n");
	str_free(&f.why);
	return true;
}

static int decided(const struct accepting *a)
{
	char actor[64];

	if (suggestions_set(a->store, a->g->is.id, SUGGESTION_ACCEPTED, cli_actor(actor),
			    a->cli->now) != STORE_OK)
		return cli_trouble("senders", "%s", store_error(a->store));
	return CLI_DONE;
}

/* -- the two kinds -------------------------------------------------------------------------- */

static int add_sender(const struct accepting *a, const struct sender *s)
{
	char actor[64];
	int status = cli_confirm("senders", "Accept it?", a->wish->yes);

	if (status != CLI_DONE)
		return status;
	if (senders_add(a->store, s, cli_actor(actor)) != STORE_OK)
		return cli_trouble("senders", "%s", store_error(a->store));
	printf("added %s\n", s->name);
	return decided(a);
}

static int accept_sender(const struct accepting *a)
{
	struct str text = {0}, stanza = {0};
	struct list *new = NULL;
	int status = CLI_TROUBLE;

	if (a->wish->name != NULL && list_find_name(a->ground.list, a->wish->name) != NULL)
		return cli_trouble("senders", "--name: there is an entry named \"%s\"",
				   a->wish->name);
	put_stanza(a, &text);
	if (!text.failed)
		new = senders_read_new(a->cli, &text, FILE_NAME);
	if (new == NULL || list_count(new) != 1) {
		cli_trouble("senders", "#%lld was not accepted", (long long)a->g->is.id);
	} else {
		const struct sender *s = list_at(new, 0);

		sender_print(s, &stanza);
		printf("#%lld, an entry of your own:\n\n%s", (long long)a->g->is.id,
		       str_text(&stanza));
		print_meaning(a);
		status = print_forecast(a, s->classes) ? CLI_DONE : CLI_TROUBLE;
		if (status == CLI_DONE && !a->wish->dry_run)
			status = add_sender(a, s);
	}
	list_free(new);
	str_free(&stanza);
	str_free(&text);
	return status;
}

/* Whether a listed sender's domain is said to carry others' pages, and the host lies below it: its
 * entry, another one than own; or NULL. */
static const struct sender *shared_by(const struct accepting *a, const struct sender *own,
				      const char *host)
{
	for (size_t i = 0; i < list_count(a->ground.list); i++) {
		const struct sender *s = list_at(a->ground.list, i);
		const char *org =
		    s->shared_domain != NULL ? domain_org(a->ground.suffixes, s->domain) : NULL;

		if (org != NULL && domain_is_below(host, org) &&
		    !(own->shared_domain != NULL && domain_is_below(own->domain, org)))
			return s;
	}
	return NULL;
}

/* Why the link must not be accepted; NULL, where it may. */
static const char *link_refused(const struct accepting *a, const struct sender *s)
{
	char host[LIMIT_DOMAIN + 1];
	struct slice h, p;
	const char *path, *wrong = shape_check(slice_of(a->g->is.link), &h, &p), *org;

	if (wrong != NULL || !suggested_split(a->g->is.link, host, &path))
		return wrong != NULL ? wrong : "it is no shape";
	if (strcmp(path, "/**") == 0 || strchr(a->g->is.link, '[') != NULL || host[0] == '*')
		return "it is too wide";
	if (list_is_tracking(a->ground.list, host))
		return "it is a tracking host";
	if (domain_org(a->ground.suffixes, host) == NULL)
		return "it is a public suffix";
	if (shared_by(a, s, host) != NULL)
		return "its domain carries others' pages, as another entry says";
	org = domain_org(a->ground.suffixes, s->domain);
	if (s->shared_domain != NULL && org != NULL && domain_is_below(host, org) &&
	    !a->wish->shared)
		return "the sender's domain also carries others' pages; if this host is none of "
		       "them, --shared says so";
	if (s->added_count >= LIMIT_SHAPES)
		return "that many links have been added to its sender already";
	return NULL;
}

static int add_link(const struct accepting *a, const struct sender *s)
{
	char actor[64];
	int status = cli_confirm("senders", "Accept it?", a->wish->yes);

	if (status != CLI_DONE)
		return status;
	switch (senders_add_link(a->store, s->name, a->g->is.link, cli_actor(actor))) {
	case STORE_OK:
	case STORE_NOT_FOUND: break; /* it is there already */
	default: return cli_trouble("senders", "%s", store_error(a->store));
	}
	printf("added to %s\n", s->name);
	return decided(a);
}

static int accept_link(const struct accepting *a)
{
	const struct sender *s = list_find_name(a->ground.list, a->g->is.sender);
	const long long id = (long long)a->g->is.id;
	const struct wish *w = a->wish;
	const char *wrong;

	if (w->name != NULL || w->platform != NULL || w->classes != NULL || w->registrar != NULL)
		return cli_trouble("senders", "#%lld is a link: it has no such fields", id);
	wrong = s == NULL ? "its sender is not in the list any more" : link_refused(a, s);
	if (wrong != NULL) {
		struct str link = {0};

		cli_trouble("senders", "#%lld %s: %s", id,
			    str_text(cli_plain(a->g->is.link, LIMIT_SHAPE_BYTES, &link)), wrong);
		str_free(&link);
		return CLI_NO;
	}
	printf("#%lld, beside the links of %s, %s:\n\nLink-For: %s\nLink: %s\n", id, s->name,
	       s->local ? "an entry of your own" : "which is shipped", s->name, a->g->is.link);
	print_meaning(a);
	if (!print_forecast(a, s->classes))
		return CLI_TROUBLE;
	return w->dry_run ? CLI_DONE : add_link(a, s);
}

/* -- the command ---------------------------------------------------------------------------- */

static bool read_options(int argc, char **argv, struct wish *ret_wish)
{
	static const struct option options[] = {
	    {"yes", no_argument, NULL, 'y'},
	    {"dry-run", no_argument, NULL, 'd'},
	    {"shared", no_argument, NULL, 's'},
	    {"name", required_argument, NULL, 'n'},
	    {"platform", required_argument, NULL, 'p'},
	    {"classes", required_argument, NULL, 'c'},
	    {"registrar", required_argument, NULL, 'r'},
	    {NULL, 0, NULL, 0},
	};
	struct wish w = {0};
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == '?' || (optarg != NULL && strpbrk(optarg, "\r\n") != NULL))
			return false;
		switch (c) {
		case 'y': w.yes = true; break;
		case 'd': w.dry_run = true; break;
		case 's': w.shared = true; break;
		case 'n': w.name = optarg; break;
		case 'p': w.platform = optarg; break;
		case 'c': w.classes = optarg; break;
		default: w.registrar = optarg; break;
		}
	}
	if (optind + 1 != argc)
		return false;
	w.which = argv[optind];
	*ret_wish = w;
	return true;
}

/* Whether no other link of the same sender waits. False after a message. */
static bool look_around(struct accepting *a)
{
	const struct suggestion_filter filter = {.address = a->g->is.address};
	struct suggested_set open = {0};

	if (!suggested_load(a->store, &filter, &open))
		return false;
	a->alone = true;
	for (size_t i = 0; i < open.count; i++)
		if (open.list[i].is.id != a->g->is.id && suggested_is_link(&open.list[i]) &&
		    strcmp(open.list[i].is.sender, a->g->is.sender) == 0)
			a->alone = false;
	suggested_free(&open);
	return true;
}

/* By an address: what is open, or else what was rejected; by a number: whatever it is. */
static bool is_meant(const struct suggested_set *set, size_t i)
{
	bool any_open = false;

	for (size_t k = 0; k < set->count; k++)
		any_open = any_open || set->list[k].is.state == SUGGESTION_OPEN;
	return set->list[i].is.state == (any_open ? SUGGESTION_OPEN : SUGGESTION_REJECTED);
}

static int accept_all(struct accepting *a, const struct suggested_set *set)
{
	int status = CLI_DONE;
	size_t meant = 0;

	for (size_t i = 0; i < set->count && status == CLI_DONE; i++) {
		if (!is_meant(set, i))
			continue;
		if (meant++ > 0)
			printf("\n");
		a->g = &set->list[i];
		if (!look_around(a))
			return CLI_TROUBLE;
		status = suggested_is_link(a->g) ? accept_link(a) : accept_sender(a);
	}
	if (meant > 0)
		return status;
	cli_trouble("senders", "#%lld is accepted already", (long long)set->list[0].is.id);
	return CLI_NO;
}

int senders_accept_run(struct cli *cli, int argc, char **argv)
{
	struct suggested_set set = {0};
	struct accepting a;
	struct wish wish;
	struct store *store;
	int status = CLI_TROUBLE;

	if (!read_options(argc, argv, &wish))
		return cli_usage("senders");
	store = cli_store(cli, "senders", wish.dry_run ? STORE_READ : STORE_WRITE);
	if (store == NULL)
		return CLI_TROUBLE;
	a = (struct accepting){.cli = cli, .store = store, .wish = &wish};
	if (suggested_ground_open(cli, &a.ground) &&
	    suggested_find(store, wish.which, &set, &status))
		status = accept_all(&a, &set);
	suggested_free(&set);
	suggested_ground_close(&a.ground);
	store_close(store);
	return status;
}
