/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * redact_mail.c - a whole mail, part by part, each in the form in which it came.
 *
 * A body is decoded from base64 or quoted-printable, replaced, and put back in the same encoding; a
 * multipart is walked by its boundaries (RFC 2046 5.1); what is no text loses its content. All of
 * this runs over a file that an administrator names, with that administrator's rights: so it is
 * small, it follows no pointer of the file's making, and it is bounded by the file's size and
 * PARTS_DEEP.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/redact/redact_codec.h"
#include "cli/redact/redact_private.h"
#include "rules/core/address.h"
#include "rules/core/rfc2047.h"

enum {
	PARTS_DEEP = 16, /* multiparts within multiparts; deeper ones lose their content */
	BOUNDARY_MOST = 200,
	NAME_SHORT = 3, /* of a recipient's display name: shorter words are not hidden */
	GREETING_MOST = 60,
	RECIPIENTS_MOST = 2000, /* octets of one To that are looked at for names */
};

/* -- fields --------------------------------------------------------------------------------- */

/* The next header field of text at *at; false at the end of the headers, *at behind it. */
static bool next_field(struct slice text, size_t *at, struct field *ret_field)
{
	const size_t from = *at;
	size_t end = from;
	const char *colon;

	for (;;) {
		const char *nl = end < text.n ? memchr(text.p + end, '\n', text.n - end) : NULL;

		end = nl != NULL ? (size_t)(nl - text.p) + 1 : text.n;
		if (end >= text.n || (text.p[end] != ' ' && text.p[end] != '\t'))
			break;
	}
	colon = end > from ? memchr(text.p + from, ':', end - from) : NULL;
	if (colon == NULL || slice_trim((struct slice){text.p + from, end - from}).n == 0) {
		if (end > from && slice_trim((struct slice){text.p + from, end - from}).n == 0)
			*at = end;
		return false;
	}
	ret_field->whole = (struct slice){text.p + from, end - from};
	ret_field->name = (struct slice){text.p + from, (size_t)(colon - text.p) - from};
	ret_field->value = (struct slice){colon + 1, end - (size_t)(colon + 1 - text.p)};
	*at = end;
	return true;
}

bool redact_is_named(const struct field *f, const char *name)
{
	return slice_is_nocase(slice_trim(f->name), name);
}

/* -- names of people ------------------------------------------------------------------------ */

/* Words for whoever has a domain: hidden, they would take the wording with them. */
static bool is_role(struct slice word)
{
	static const char *const roles[] = {
	    "owner",   "customer",    "registrant", "holder",    "sir",     "madam",   "user",
	    "client",  "domain",      "kunde",      "inhaber",   "titular", "klant",   "team",
	    "damen",   "admin",       "hostmaster", "webmaster", "info",    "contact", "registrar",
	    "support", "undisclosed", "recipient",  "email",     "mail",    NULL};
	for (size_t i = 0; roles[i] != NULL; i++)
		if (slice_starts_nocase(word, roles[i]))
			return true;
	return false;
}

/* The next word of a text that is long enough to be hidden. */
static bool next_word(struct slice text, size_t *at, struct slice *ret_word)
{
	size_t from = *at;

	for (size_t i = from; i <= text.n; i++) {
		const char c = i < text.n ? text.p[i] : ' ';

		if (isalpha((unsigned char)c) || (unsigned char)c >= 0x80 || c == '-')
			continue;
		if (i - from >= NAME_SHORT) {
			*ret_word = (struct slice){text.p + from, i - from};
			*at = i;
			return true;
		}
		from = i + 1;
	}
	return false;
}

static void hide_words(struct redact *r, struct slice text)
{
	struct slice word;

	for (size_t at = 0; next_word(text, &at, &word);)
		if (!is_role(word))
			redact_hide(r, word);
}

static bool has_role(struct slice text)
{
	struct slice word;

	for (size_t at = 0; next_word(text, &at, &word);)
		if (is_role(word))
			return true;
	return false;
}

/* What stands beside the addresses of a list of them. */
static void learn_recipient(struct redact *r, const struct field *f)
{
	struct str value = {0}, names = {0};
	size_t from = 0;

	if (!redact_is_named(f, "To") && !redact_is_named(f, "Cc"))
		return;
	rfc2047_decode(f->value, RECIPIENTS_MOST, &value);
	for (size_t i = 0; i <= value.n; i++) {
		const struct slice word = {str_text(&value) + from, i - from};

		if (i < value.n && !str_is_space(value.p[i]) && strchr("<>,;", value.p[i]) == NULL)
			continue;
		if (word.n > 0 && memchr(word.p, '@', word.n) == NULL) {
			str_add(&names, word.p, word.n);
			str_putc(&names, ' ');
		}
		from = i + 1;
	}
	hide_words(r, (struct slice){names.p, names.n});
	str_free(&names);
	str_free(&value);
}

/* What follows a salutation on its line, unless it is a role. */
static void learn_greeting(struct redact *r, struct slice line)
{
	static const char *const begins[] = {"Dear Mr. ",
					     "Dear Mrs. ",
					     "Dear Ms. ",
					     "Dear ",
					     "Hello ",
					     "Hi ",
					     "Hallo ",
					     "Sehr geehrter Herr ",
					     "Sehr geehrte Frau ",
					     "Guten Tag ",
					     "Bonjour ",
					     "Monsieur ",
					     "Madame ",
					     "Cher ",
					     "Estimado ",
					     "Estimada ",
					     "Gentile ",
					     "Prezado ",
					     "Prezada ",
					     "Beste ",
					     "Geachte ",
					     "Hej ",
					     "K\303\246re ",
					     "Szanowny Panie ",
					     "Szanowna Pani ",
					     "V\303\241\305\276en\303\275 pane ",
					     "Say\304\261n ",
					     "Yth. ",
					     "K\303\255nh g\341\273\255i ",
					     NULL};
	if (line.n > GREETING_MOST || (line.n > 0 && memchr(line.p, '@', line.n) != NULL))
		return;
	for (size_t i = 0; begins[i] != NULL; i++) {
		if (!slice_starts_nocase(line, begins[i]))
			continue;
		line.p += strlen(begins[i]);
		line.n -= strlen(begins[i]);
		if (!has_role(line))
			hide_words(r, line);
		return;
	}
}

/* Tags end a line too. */
static void learn_greetings(struct redact *r, struct slice text)
{
	size_t from = 0;

	for (size_t i = 0; text.n > 0 && i <= text.n; i++) {
		if (i < text.n && strchr("\n<>", text.p[i]) == NULL)
			continue;
		learn_greeting(r, slice_trim((struct slice){text.p + from, i - from}));
		from = i + 1;
	}
}

/* -- bodies --------------------------------------------------------------------------------- */

struct kind {
	struct str type; /* "text/html", lower case; "" for none */
	char boundary[BOUNDARY_MOST + 1];
	enum redact_encoding encoding;
};

static void read_type(struct slice value, struct kind *k)
{
	const char *p = memmem(value.p, value.n, "oundary=", 8);
	size_t n = 0;

	value = slice_trim(value);
	while (n < value.n && !str_is_space(value.p[n]) && value.p[n] != ';')
		n++;
	str_reset(&k->type);
	str_add(&k->type, value.p, n);
	if (k->type.n > 0)
		str_lower(k->type.p);
	if (p == NULL)
		return;
	value = (struct slice){p + 8, value.n - (size_t)(p + 8 - value.p)};
	for (n = 0; value.n > 1 && value.p[0] == '"' && n + 1 < value.n && value.p[n + 1] != '"';)
		n++;
	if (n > 0)
		value.p++;
	else
		while (n < value.n && !str_is_space(value.p[n]) && value.p[n] != ';')
			n++;
	slice_copy((struct slice){value.p, n}, k->boundary, sizeof(k->boundary));
}

static void read_kind(const struct field *f, struct kind *k)
{
	if (redact_is_named(f, "Content-Type"))
		read_type(f->value, k);
	else if (redact_is_named(f, "Content-Transfer-Encoding"))
		k->encoding = redact_encoding_of(slice_trim(f->value));
}

static bool is_type(const struct kind *k, const char *begins)
{
	return slice_starts_nocase(slice_of(str_text(&k->type)), begins);
}

static void put_part(struct redact *r, struct slice part, unsigned deep, struct str *to);

static void put_leaf(struct redact *r, const struct kind *k, struct slice body, struct str *to)
{
	struct str text = {0}, out = {0};
	struct slice plain;

	redact_decode(k->encoding, body, &text);
	plain = (struct slice){text.p, text.n};
	if ((k->type.n > 0 && !is_type(k, "text/")) ||
	    (plain.n > 0 && memchr(plain.p, '\0', plain.n) != NULL)) {
		str_puts(&out, "removed\n");
	} else {
		learn_greetings(r, plain);
		redact_text(r, plain, &out);
	}
	redact_encode(k->encoding, (struct slice){out.p, out.n}, to);
	if (text.failed || out.failed)
		to->failed = true;
	str_free(&text);
	str_free(&out);
}

/* Where the next delimiter line begins at or after `at`; text.n if there is none. *ret_end: behind
 * that line. */
static size_t find_delimiter(struct slice text, size_t at, const char *boundary, size_t *ret_end)
{
	const size_t n = strlen(boundary);

	while (at < text.n) {
		const char *nl = memchr(text.p + at, '\n', text.n - at);
		const size_t end = nl != NULL ? (size_t)(nl - text.p) + 1 : text.n;

		if (end - at >= n + 2 && memcmp(text.p + at, "--", 2) == 0 &&
		    memcmp(text.p + at + 2, boundary, n) == 0) {
			*ret_end = end;
			return at;
		}
		at = end;
	}
	*ret_end = text.n;
	return text.n;
}

static void put_multipart(struct redact *r, const struct kind *k, struct slice body, unsigned deep,
			  struct str *to)
{
	size_t end, at = find_delimiter(body, 0, k->boundary, &end);

	redact_text(r, (struct slice){body.p, at}, to); /* the preamble */
	while (at < body.n) {
		const size_t from = end;
		const size_t n = strlen(k->boundary) + 4;
		const bool last = end - at >= n && memcmp(body.p + at + n - 2, "--", 2) == 0;

		str_add(to, body.p + at, end - at);
		at = last ? body.n : find_delimiter(body, from, k->boundary, &end);
		if (last)
			redact_text(r, (struct slice){body.p + from, body.n - from}, to);
		else
			put_part(r, (struct slice){body.p + from, at - from}, deep + 1, to);
	}
}

static void put_body(struct redact *r, const struct kind *k, struct slice body, unsigned deep,
		     struct str *to)
{
	if (deep > PARTS_DEEP)
		str_puts(to, "removed\n");
	else if (is_type(k, "multipart/") && k->boundary[0] != '\0')
		put_multipart(r, k, body, deep, to);
	else if (is_type(k, "message/rfc822") && k->encoding == REDACT_PLAIN)
		put_part(r, body, deep + 1, to);
	else
		put_leaf(r, k, body, to);
}

/* Headers and body of the mail or of one of its parts. */
static void put_part(struct redact *r, struct slice part, unsigned deep, struct str *to)
{
	struct kind k = {0};
	struct field f;
	size_t at = 0, before = 0;

	while (next_field(part, &at, &f)) {
		read_kind(&f, &k);
		redact_field(r, &f, to);
		before = at;
	}
	str_add(to, part.p + before, at - before); /* the empty line */
	put_body(r, &k, (struct slice){part.p + at, part.n - at}, deep, to);
	if (k.type.failed)
		to->failed = true;
	str_free(&k.type);
}

void redact_mail(struct redact *r, struct slice mail, struct str *to)
{
	struct field f;
	size_t at = 0;

	if (slice_starts_nocase(mail, "From ")) {
		const char *nl = memchr(mail.p, '\n', mail.n);

		mail.n -= nl != NULL ? (size_t)(nl + 1 - mail.p) : mail.n;
		mail.p = nl != NULL ? nl + 1 : mail.p + mail.n;
	}
	while (next_field(mail, &at, &f)) {
		struct address a;

		learn_recipient(r, &f);
		if (redact_is_named(&f, "From") && address_parse(slice_trim(f.value), &a))
			redact_keep_domain(r, a.domain);
	}
	put_part(r, mail, 0, to);
}
