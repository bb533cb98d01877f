/* SPDX-License-Identifier: BSD-2-Clause */
/* digest_text.c - the digest as plain text, 78 columns where names allow. */
#include "cli/digest.h"

enum {
	VALUE_MOST = 400, /* octets; a line of mail has 998 at most (RFC 5322 2.1.1) */
};

static void add_line(struct str *to, const char *key, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	str_printf(to, "    %-10s ", key);
	cli_plain(value, VALUE_MOST, to);
	str_puts(to, "\n");
}

/* What silence leads to, by class: why the date matters. */
static const char *consequence(enum class_id class)
{
	switch (class) {
	case CLASS_VERIFICATION: return "unanswered, the domain is suspended";
	case CLASS_SUSPENSION: return "the domain is, or is about to be, suspended";
	case CLASS_TRANSFER_OUT: return "unanswered, the transfer goes through";
	case CLASS_CHANGE_OF_REGISTRANT:
		return "unanswered, the change lapses; unasked, it is a hijack";
	case CLASS_RENEWAL: return "unrenewed, the domain expires";
	default: return "";
	}
}

static void add_mail(const struct pending *p, struct str *to)
{
	add_line(to, "recipient", p->recipient);
	add_line(to, "registrar", p->registrar);
	add_line(to, "from", p->from);
	add_line(to, "subject", p->subject);
	add_line(to, "message-id", p->message_id);
}

void digest_add_open(const struct pending *p, int64_t now, struct str *to)
{
	char due[64], when[21];

	str_printf(to, "  #%lld %s: %s, due %s\n", (long long)p->id, class_name(p->class),
		   pending_matter(p), pending_due_text(p, now, due));
	if (p->deadline != 0) {
		str_time(p->deadline, when);
		str_printf(to, "    %-10s %s (%s)\n", "deadline", when,
			   deadline_source_name(p->deadline_source));
	}
	add_line(to, "matters", consequence(p->class));
	add_mail(p, to);
	str_puts(to, "\n");
}

void digest_add_review(const struct pending *p, int64_t now, struct str *to)
{
	char due[64];

	str_printf(to, "  #%lld %s: %s", (long long)p->id, class_name(p->class), pending_matter(p));
	if (p->deadline != 0)
		str_printf(to, ", due %s if it is genuine", pending_due_text(p, now, due));
	str_puts(to, "\n");
	for (int i = 0; i < REASON_COUNT; i++)
		if ((p->reasons & 1u << i) != 0)
			add_line(to, "why", reason_sentence((enum reason)i));
	add_mail(p, to);
	str_puts(to, "\n");
}

void digest_add_suggestion(const struct suggested *g, uint32_t risks, int64_t now, struct str *to)
{
	const struct suggestion *s = &g->is;
	struct str line = {0};

	str_printf(to, "  #%lld ", (long long)s->id);
	cli_plain(suggested_is_link(g) ? s->link : s->address, VALUE_MOST, to);
	if (s->deadline >= now)
		str_printf(to, ", due in %lld days", (long long)cli_days_left(s->deadline, now));
	str_puts(to, "\n");
	add_line(to, "link of", s->sender);
	for (size_t i = 0; suggested_fact(g, "class", i) != NULL; i++)
		str_printf(&line, "%s%s", i > 0 ? ", " : "", suggested_fact(g, "class", i));
	add_line(to, "classes", str_text(&line));
	str_reset(&line);
	suggested_print_counts(g, &line);
	add_line(to, "seen", str_text(&line));
	for (size_t i = 0; i < suggested_risk_count(); i++)
		if ((risks & 1u << i) != 0)
			add_line(to, "risk", suggested_risk_sentence(i));
	str_printf(to, "    %-10s keepname senders accept %lld, or reject %lld\n\n", "decide",
		   (long long)s->id, (long long)s->id);
	str_free(&line);
}

void digest_add_unrecognised(const struct unrecognised *u, struct str *to)
{
	char when[21];

	str_time(u->received_at, when);
	add_line(to, "received", when);
	add_line(to, "recipient", u->recipient);
	add_line(to, "registrar", u->registrar);
	add_line(to, "from", u->from);
	add_line(to, "subject", u->subject);
	add_line(to, "message-id", u->message_id);
	str_puts(to, "\n");
}

bool digest_is_empty(const struct digest *d)
{
	return d->open_count + d->review_count + d->suggestion_count + d->unrecognised_count == 0;
}

void digest_subject(const struct digest *d, struct str *to)
{
	if (digest_is_empty(d))
		str_puts(to, "keepname: nothing is pending");
	else
		str_printf(to, "keepname: %zu open, %zu to review", d->open_count, d->review_count);
	if (d->unrecognised_count > 0)
		str_printf(to, ", %zu not recognised", d->unrecognised_count);
	if (d->suggestion_count > 0)
		str_printf(to, ", %zu to decide about", d->suggestion_count);
}

static void add_unrecognised(const struct digest *d, struct str *to)
{
	str_printf(
	    to,
	    "NOT RECOGNISED (%zu): proved mail of listed senders, of the last %d days, whose "
	    "kind\nkeepname does not know. Nothing was opened for it; it may have a deadline. "
	    "Read it in\nthe mailbox, where its header is X-Keepname: known; reason=class.\n\n",
	    d->unrecognised_count, DIGEST_UNRECOGNISED_DAYS);
	str_add(to, d->unrecognised.p, d->unrecognised.n);
	if (d->unrecognised_count > DIGEST_UNRECOGNISED)
		str_printf(to, "    and %zu more; in the log: verdict=known reasons=class\n\n",
			   d->unrecognised_count - DIGEST_UNRECOGNISED);
}

void digest_text(const struct digest *d, struct str *to)
{
	char when[21];

	str_time(d->now, when);
	str_printf(to, "keepname digest, %s\n\n", when);
	if (digest_is_empty(d)) {
		str_puts(to, "Nothing is pending.\n");
		return;
	}
	if (d->open_count > 0) {
		str_printf(to, "OPEN (%zu): proved genuine, most urgent first\n\n", d->open_count);
		str_add(to, d->open.p, d->open.n);
	}
	if (d->review_count > 0) {
		str_printf(
		    to,
		    "TO REVIEW (%zu): registrar mail that could not be proved. It may be the one\n"
		    "that matters, or a forgery: do not click; open the registrar's own site "
		    "instead.\n\n",
		    d->review_count);
		str_add(to, d->review.p, d->review.n);
	}
	if (d->unrecognised_count > 0)
		add_unrecognised(d, to);
	if (d->suggestion_count > 0) {
		str_printf(
		    to,
		    "SENDERS TO DECIDE ABOUT (%zu): their mail is signed and reads like a "
		    "registrar's, "
		    "but\nthe list does not know the sender, or the link. What is accepted can be "
		    "genuine.\n\n",
		    d->suggestion_count);
		str_add(to, d->suggestions.p, d->suggestions.n);
		if (d->suggestion_count > DIGEST_SUGGESTIONS)
			str_printf(to, "  and %zu more: keepname senders suggestions\n\n",
				   d->suggestion_count - DIGEST_SUGGESTIONS);
	}
	if (d->open_count + d->review_count > 0)
		str_puts(
		    to, "When a matter is settled: keepname done ID. Details: keepname show ID.\n");
}
