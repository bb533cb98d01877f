/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answer.c - a filter's replies, packet by packet. See answer.h.
 */
#include "tests/bench/answer.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>

/* How an edit's data are laid out, and the action that has to be negotiated for it. */
struct edit_form {
	char command;
	uint32_t action;
	bool index;       /* a u32 first */
	unsigned strings; /* NUL-terminated, that must follow */
	bool extra;       /* one more may follow */
	bool free_form;   /* data as they are */
};

static const struct edit_form edit_forms[] = {
    {SMFIR_ADDHEADER, SMFIF_ADDHDRS, false, 2, false, false},
    {SMFIR_INSHEADER, SMFIF_ADDHDRS, true, 2, false, false},
    {SMFIR_CHGHEADER, SMFIF_CHGHDRS, true, 2, false, false},
    {SMFIR_CHGFROM, SMFIF_CHGFROM, false, 1, true, false},
    {SMFIR_ADDRCPT, SMFIF_ADDRCPT, false, 1, false, false},
    {SMFIR_ADDRCPT_PAR, SMFIF_ADDRCPT_PAR, false, 1, true, false},
    {SMFIR_DELRCPT, SMFIF_DELRCPT, false, 1, false, false},
    {SMFIR_QUARANTINE, SMFIF_QUARANTINE, false, 1, false, false},
    {SMFIR_REPLBODY, SMFIF_CHGBODY, false, 0, false, true},
};

struct word {
	char letter;
	const char *word;
};

static const struct word verdict_words[] = {
    {SMFIR_CONTINUE, "continue"}, {SMFIR_ACCEPT, "accept"},
    {SMFIR_REJECT, "reject"},     {SMFIR_TEMPFAIL, "tempfail"},
    {SMFIR_DISCARD, "discard"},   {SMFIR_REPLYCODE, "replycode"},
    {SMFIR_SHUTDOWN, "shutdown"}, {0, NULL},
};

static const struct word stage_words[] = {
    {SMFIC_CONNECT, "connect"}, {SMFIC_HELO, "helo"},
    {SMFIC_MAIL, "mail"},       {SMFIC_RCPT, "rcpt"},
    {SMFIC_DATA, "data"},       {SMFIC_HEADER, "header"},
    {SMFIC_EOH, "eoh"},         {SMFIC_BODY, "body"},
    {SMFIC_BODYEOB, "eom"},     {0, NULL},
};

static const char *find_word(const struct word *w, char letter)
{
	for (; w->word != NULL; w++)
		if (w->letter == letter)
			return w->word;
	return "?";
}

const char *answer_verdict_name(char verdict)
{
	return find_word(verdict_words, verdict);
}

const char *answer_stage_name(char stage)
{
	return find_word(stage_words, stage);
}

static enum answer_step bad(const char **ret_fault, const char *fault)
{
	*ret_fault = fault;
	return ANSWER_BAD;
}

/* -- edits ------------------------------------------------------------------------------------ */

/* The next NUL-terminated string, or NULL. */
static const char *next_string(const char **at, size_t *left)
{
	const char *s = *at, *end = memchr(s, '\0', *left);

	if (end == NULL)
		return NULL;
	*left -= (size_t)(end + 1 - s);
	*at = end + 1;
	return s;
}

static const char *read_edit(struct edit *e, const struct edit_form *form,
			     const struct wire_packet *p)
{
	const char *at = p->data, *name = "", *value = "";
	size_t left = p->len;

	if (form->index) {
		if (left < 4)
			return "edit without index";
		memcpy(&e->index, at, 4);
		e->index = ntohl(e->index);
		at += 4;
		left -= 4;
	}
	if (form->strings > 0 && (name = next_string(&at, &left)) == NULL)
		return "edit's string has no end";
	if ((form->strings > 1 || (form->extra && left > 0)) &&
	    (value = next_string(&at, &left)) == NULL)
		return "edit's string has no end";
	if (left > 0 && !form->free_form)
		return "octets after an edit";
	if (form->strings > 1 && *name == '\0')
		return "header edit without a name";
	if (e->index > INT32_MAX)
		return "header index out of range";
	e->action = p->command;
	e->name = strdup(name);
	e->value = strdup(value);
	return e->name == NULL || e->value == NULL ? "out of memory" : NULL;
}

static enum answer_step take_edit(struct answer *a, const struct wire_terms *terms, char event,
				  const struct wire_packet *p, const char **ret_fault)
{
	const struct edit_form *form = NULL;
	struct edit *bigger;
	const char *fault;

	for (size_t i = 0; i < sizeof(edit_forms) / sizeof(*edit_forms); i++)
		if (edit_forms[i].command == p->command)
			form = &edit_forms[i];
	if (form == NULL)
		return bad(ret_fault, "unknown reply");
	if (event != SMFIC_BODYEOB)
		return bad(ret_fault, "edit before the end of the message");
	if ((terms->actions & form->action) == 0)
		return bad(ret_fault, "edit that was not negotiated");
	bigger = realloc(a->edits, (a->edit_count + 1) * sizeof(*a->edits));
	if (bigger == NULL)
		return bad(ret_fault, "out of memory");
	a->edits = bigger;
	memset(&bigger[a->edit_count], 0, sizeof(*bigger));
	fault = read_edit(&bigger[a->edit_count++], form, p);
	return fault != NULL ? bad(ret_fault, fault) : ANSWER_MORE;
}

/* -- verdicts --------------------------------------------------------------------------------- */

static enum answer_step decide(struct answer *a, char event, char verdict)
{
	a->verdict = verdict;
	a->stage = event;
	return ANSWER_DONE;
}

/* "ddd text" or "ddd d.d.d text", 4xx or 5xx, as milter8_event demands. */
static enum answer_step take_code(struct answer *a, char event, const struct wire_packet *p,
				  const char **ret_fault)
{
	const char *s = p->data;

	if (p->len < 5 || s[p->len - 1] != '\0' || (s[0] != '4' && s[0] != '5') ||
	    !isdigit((unsigned char)s[1]) || !isdigit((unsigned char)s[2]) ||
	    (s[3] != ' ' && s[3] != '-') || (isdigit((unsigned char)s[4]) && s[4] != s[0]))
		return bad(ret_fault, "malformed reply code");
	free(a->text);
	a->text = strdup(s);
	return decide(a, event, SMFIR_REPLYCODE);
}

enum answer_step answer_take(struct answer *answer, const struct wire_terms *terms, char event,
			     const struct wire_packet *packet, const char **ret_fault)
{
	char c = packet->command;

	answer->replies++;
	if (c == SMFIR_REPLYCODE)
		return take_code(answer, event, packet, ret_fault);
	if (find_word(verdict_words, c)[0] == '?' && c != SMFIR_PROGRESS && c != SMFIR_SKIP)
		return take_edit(answer, terms, event, packet, ret_fault);
	if (packet->len != 0)
		return bad(ret_fault, "octets after a reply that has none");
	switch (c) {
	case SMFIR_PROGRESS: return ANSWER_MORE;
	case SMFIR_SKIP:
		if ((terms->steps & SMFIP_SKIP) == 0)
			return bad(ret_fault, "SKIP that was not negotiated");
		return event == SMFIC_BODYEOB ? bad(ret_fault, "SKIP at the end of the message")
					      : ANSWER_SKIP;
	case SMFIR_CONTINUE: return event == SMFIC_BODYEOB ? decide(answer, event, c) : ANSWER_ON;
	case SMFIR_DISCARD:
		if (event == SMFIC_CONNECT || event == SMFIC_HELO)
			return bad(ret_fault, "DISCARD of a connection");
		return decide(answer, event, c);
	default: return decide(answer, event, c);
	}
}

void answer_reset(struct answer *answer)
{
	for (size_t i = 0; i < answer->edit_count; i++) {
		free(answer->edits[i].name);
		free(answer->edits[i].value);
	}
	free(answer->edits);
	free(answer->text);
	memset(answer, 0, sizeof(*answer));
}

/* -- looking at it ---------------------------------------------------------------------------- */

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool begins_with(const char *value, const char *prefix)
{
	while (blank(*value))
		value++;
	for (; *prefix != '\0'; prefix++, value++) {
		if (blank(*prefix) != blank(*value) || (!blank(*prefix) && *prefix != *value))
			return false;
		while (blank(prefix[0]) && blank(prefix[1]))
			prefix++;
		while (blank(value[0]) && blank(value[1]))
			value++;
	}
	return true;
}

const struct edit *answer_header(const struct answer *answer, const char *name, const char *prefix)
{
	for (size_t i = 0; i < answer->edit_count; i++) {
		const struct edit *e = &answer->edits[i];

		if ((e->action == SMFIR_ADDHEADER || e->action == SMFIR_INSHEADER ||
		     e->action == SMFIR_CHGHEADER) &&
		    strcasecmp(e->name, name) == 0 && begins_with(e->value, prefix))
			return e;
	}
	return NULL;
}
