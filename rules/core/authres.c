/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * authres.c - see authres.h.
 *
 * Two steps. `plain` copies a field's value without comments and line ends, every stretch of white
 * space as one space and every quoted string as it is; what is unbalanced ends it. Then the grammar
 * of RFC 8601 2.2 is read from the copy, one statement after the other between semicolons.
 */
#include "rules/core/authres.h"

#include <stdio.h>
#include <string.h>

#include "rules/core/address.h"
#include "rules/core/domain.h"

/* -- without comments ----------------------------------------------------------------------- */

struct plain {
	char text[AUTHRES_BYTES];
	size_t n;
};

static void put(struct plain *to, char c)
{
	if (c == ' ' && (to->n == 0 || to->text[to->n - 1] == ' '))
		return;
	to->text[to->n++] = c;
}

/* Past a quoted string, which is copied; 0 when it has no end. */
static size_t copy_quoted(struct slice v, size_t at, struct plain *to)
{
	to->text[to->n++] = '"';
	for (size_t i = at + 1; i < v.n; i++) {
		to->text[to->n++] = v.p[i];
		if (v.p[i] == '"')
			return i + 1;
		if (v.p[i] != '\\')
			continue;
		if (++i == v.n)
			return 0;
		to->text[to->n++] = v.p[i];
	}
	return 0;
}

/* Past a comment; 0 when it has no end, or nests too deep. */
static size_t pass_comment(struct slice v, size_t at)
{
	int depth = 0;
	for (size_t i = at; i < v.n; i++) {
		if (v.p[i] == '\\')
			i++;
		else if (v.p[i] == '(' && ++depth > AUTHRES_DEPTH)
			return 0;
		else if (v.p[i] == ')' && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* The copy is never longer than the value: it has room. */
static bool plain_of(struct slice v, struct plain *to)
{
	to->n = 0;
	if (v.n >= sizeof to->text || (v.n > 0 && memchr(v.p, '\0', v.n)))
		return false;
	for (size_t i = 0; i < v.n;) {
		char c = v.p[i];
		size_t next = i + 1;
		if (c == '"')
			next = copy_quoted(v, i, to);
		else if (c == '(')
			next = pass_comment(v, i);
		else if (c == ')')
			return false;
		if (next == 0)
			return false;
		if (c == '(' || str_is_space(c))
			put(to, ' ');
		else if (c != '"')
			put(to, c);
		i = next;
	}
	return true;
}

/* -- pieces --------------------------------------------------------------------------------- */

static void skip_space(struct slice *s)
{
	while (s->n > 0 && s->p[0] == ' ') {
		s->p++;
		s->n--;
	}
}

static bool take(struct slice *s, char c)
{
	skip_space(s);
	if (s->n == 0 || s->p[0] != c)
		return false;
	s->p++;
	s->n--;
	return true;
}

/* What a value may be made of: a token of RFC 2045, or an address. */
static bool is_value_char(char c)
{
	return c > ' ' && c < 0x7f && !strchr("()<>,;\\\"[]?=", c);
}

static bool is_word_char(char c)
{
	return is_value_char(c) && !strchr("@:/.", c);
}

static bool take_while(struct slice *s, bool (*is)(char c), struct slice *ret)
{
	skip_space(s);
	struct slice word = {s->p, 0};
	while (word.n < s->n && is(s->p[word.n]))
		word.n++;
	s->p += word.n;
	s->n -= word.n;
	*ret = word;
	return word.n > 0;
}

/* A token, or a quoted string without pairs, whose inside is given. */
static bool take_value(struct slice *s, struct slice *ret)
{
	skip_space(s);
	if (s->n == 0 || s->p[0] != '"')
		return take_while(s, is_value_char, ret);
	const char *end = memchr(s->p + 1, '"', s->n - 1);
	if (!end || memchr(s->p, '\\', (size_t)(end - s->p)))
		return false;
	*ret = (struct slice){s->p + 1, (size_t)(end - s->p) - 1};
	s->n -= (size_t)(end + 1 - s->p);
	s->p = end + 1;
	return true;
}

/* -- statements ----------------------------------------------------------------------------- */

struct statement {
	struct slice method, result;
	struct slice d, s, mail_from; /* properties that matter; p is NULL where one is absent */
};

static bool set_once(struct slice *to, struct slice value)
{
	if (to->p)
		return false;
	*to = value;
	return true;
}

/* "reason=…" or "ptype.property=…". One that matters must not be there twice. */
static bool take_property(struct slice *s, struct statement *st)
{
	struct slice type, name = {0}, value;
	if (!take_while(s, is_word_char, &type))
		return false;
	if (take(s, '.') && !take_while(s, is_word_char, &name))
		return false;
	if (!take(s, '=') || !take_value(s, &value))
		return false;
	if (name.n == 0)
		return slice_is_nocase(type, "reason");
	if (slice_is_nocase(type, "header") && slice_is_nocase(name, "d"))
		return set_once(&st->d, value);
	if (slice_is_nocase(type, "header") && slice_is_nocase(name, "s"))
		return set_once(&st->s, value);
	if (slice_is_nocase(type, "smtp") && slice_is_nocase(name, "mailfrom"))
		return set_once(&st->mail_from, value);
	return true;
}

/* "method [/version] = result" and properties, up to a semicolon or the end. */
static bool take_statement(struct slice *s, struct statement *st)
{
	struct slice version;
	*st = (struct statement){0};
	if (!take_while(s, is_word_char, &st->method))
		return false;
	if (take(s, '/') && !take_while(s, is_word_char, &version))
		return false;
	if (!take(s, '=') || !take_while(s, is_word_char, &st->result))
		return false;
	for (skip_space(s); s->n > 0 && s->p[0] != ';'; skip_space(s))
		if (!take_property(s, st))
			return false;
	return true;
}

static void note_dkim(const struct statement *st, struct authres *a)
{
	struct authres_dkim *to = &a->dkim[a->dkim_count];
	if (a->dkim_count == LIMIT_SIGNATURES || !st->d.p || !domain_normalise(st->d, false, to->d))
		return;
	to->s[0] = '\0';
	if (st->s.p && !slice_copy(st->s, to->s, sizeof to->s))
		return;
	str_lower(to->s);
	a->dkim_count++;
}

static void note_spf(const struct statement *st, struct authres *a)
{
	char text[LIMIT_ADDRESS + 1], domain[LIMIT_DOMAIN + 1];
	struct address path;
	if (a->mail_from[0] || !st->mail_from.p)
		return;
	if (domain_normalise(st->mail_from, false, domain))
		snprintf(a->mail_from, sizeof a->mail_from, "unknown@%s", domain);
	else if (slice_copy(st->mail_from, text, sizeof text) &&
		 address_parse_path(slice_of(text), &path) && path.domain[0])
		memcpy(a->mail_from, path.text, sizeof a->mail_from);
}

static void note(const struct statement *st, struct authres *a)
{
	if (!slice_is_nocase(st->result, "pass"))
		return;
	if (slice_is_nocase(st->method, "dkim"))
		note_dkim(st, a);
	else if (slice_is_nocase(st->method, "spf"))
		note_spf(st, a);
}

/* One field; all of it, or nothing. */
static void hear(struct slice value, const char *id, struct authres *a)
{
	struct plain text;
	struct authres heard = *a;
	struct statement st;
	struct slice who, version;
	if (!plain_of(value, &text))
		return;
	struct slice rest = {text.text, text.n};
	if (!take_value(&rest, &who) || !slice_is_nocase(who, id))
		return;
	skip_space(&rest);
	if (rest.n > 0 && rest.p[0] != ';' &&
	    (!take_while(&rest, is_word_char, &version) || !slice_is(version, "1")))
		return;
	while (take(&rest, ';')) {
		skip_space(&rest);
		if (rest.n == 0)
			break; /* many write a last semicolon */
		if (slice_is_nocase(slice_trim(rest), "none"))
			return;
		if (!take_statement(&rest, &st))
			return;
		note(&st, &heard);
	}
	skip_space(&rest);
	if (rest.n == 0)
		*a = heard;
}

/* -- the place ------------------------------------------------------------------------------ */

/* Past the words of the line: whether the date follows, and nothing but the id and the recipient
 * stands before it. The name after "from" is what a client has said to HELO; where a server leaves
 * blanks in it ("x by ID with LMTP"), its own "by ID with ESMTP" comes here. */
static bool ends_in_date(struct slice rest)
{
	struct slice word;
	bool known = true;
	for (skip_space(&rest); known && rest.n > 0 && rest.p[0] != ';'; skip_space(&rest)) {
		known = take_while(&rest, is_value_char, &word) &&
			(slice_is_nocase(word, "id") || slice_is_nocase(word, "for"));
		if (known && take(&rest, '<'))
			known = take_while(&rest, is_value_char, &word) && take(&rest, '>');
		else if (known)
			known = take_while(&rest, is_value_char, &word);
	}
	return known && take(&rest, ';') && !memchr(rest.p, ';', rest.n);
}

/* "from NAME by ID with LMTP": one program of ours to another. */
static bool is_handing_over(struct slice received, const char *id)
{
	static const char *const protocols[] = {"LMTP", "LMTPS", "LMTPA", "LMTPSA"};
	struct slice word[6];
	struct plain text;
	if (!plain_of(received, &text))
		return false;
	struct slice rest = {text.text, text.n};
	for (size_t i = 0; i < 6; i++)
		if (!take_while(&rest, is_value_char, &word[i]))
			return false;
	if (!slice_is_nocase(word[0], "from") || !slice_is_nocase(word[2], "by") ||
	    !slice_is_nocase(word[3], id) || !slice_is_nocase(word[4], "with"))
		return false;
	for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++)
		if (slice_is_nocase(word[5], protocols[i]))
			return ends_in_date(rest);
	return false;
}

/* Where what may come from outside begins; 0 when no Received line says. */
static size_t outside_begins(const struct message *m, const char *id)
{
	for (size_t i = 0; i < m->header_count; i++) {
		struct slice name = message_name(m, i);
		/* A name that only looks like it is a line that no server of ours wrote. */
		if (!slice_starts_nocase(name, "Received") || slice_is_nocase(name, "Received-SPF"))
			continue;
		if (!slice_is_nocase(name, "Received") || !is_handing_over(message_value(m, i), id))
			return i;
	}
	return 0;
}

bool authres_find(const struct message *m, const char *id, struct authres *ret_authres)
{
	struct authres a = {0};
	size_t end = outside_begins(m, id);
	for (size_t i = 0; i < end; i++)
		if (slice_is_nocase(message_name(m, i), "Authentication-Results"))
			hear(message_value(m, i), id, &a);
	if (a.dkim_count == 0 && !a.mail_from[0])
		return false;
	*ret_authres = a;
	return true;
}

/* -- standing in ---------------------------------------------------------------------------- */

static bool says_pass(const struct authres *a, const struct finding_dkim *sig)
{
	for (size_t i = 0; i < a->dkim_count; i++)
		if (strcmp(a->dkim[i].d, sig->d) == 0 &&
		    (!a->dkim[i].s[0] || strcmp(a->dkim[i].s, sig->s) == 0))
			return true;
	return false;
}

bool authres_apply(const struct authres *a, struct finding *f, bool *ret_spf)
{
	const char *at = strrchr(a->mail_from, '@');
	bool changed = false;
	for (uint32_t i = 0; i < f->dkim_count; i++)
		if (f->dkim[i].d[0] && f->dkim[i].result == AUTH_PERMERROR &&
		    f->dkim[i].flaws == 0 && says_pass(a, &f->dkim[i])) {
			f->dkim[i].result = AUTH_PASS;
			changed = true;
		}
	*ret_spf = at && f->spf == AUTH_NOT_ASKED;
	if (*ret_spf) {
		f->spf = AUTH_PASS;
		f->spf_broad = false;
		snprintf(f->spf_domain, sizeof f->spf_domain, "%s", at + 1);
	}
	return changed || *ret_spf;
}
