/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * redact_mail.c - a whole mail, part by part, each in the form in which it came.
 *
 * Headers: a table says what is done to each; what it does not name keeps its name and loses its
 * value, since every mail system adds headers of its own that name its users. A body is decoded
 * from base64 or quoted-printable, replaced, and put back in the same encoding; a multipart is
 * walked by its boundaries (RFC 2046 5.1); what is no text loses its content. All of this runs over
 * a file that an administrator names, with that administrator's rights: so it is small, it follows
 * no pointer of the file's making, and it is bounded by the file's size and PARTS_DEEP.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/redact.h"
#include "cli/redact_codec.h"
#include "rules/core/address.h"
#include "rules/core/rfc2047.h"

enum {
	PARTS_DEEP = 16, /* multiparts within multiparts; deeper ones lose their content */
	BOUNDARY_MOST = 200,
	NAME_SHORT = 3, /* of a recipient's display name: shorter words are not hidden */
	GREETING_MOST = 60,
	ID_MOST = 1000,    /* octets of one Message-ID */
	WORD_MOST = 10000, /* of one encoded word */
};

static size_t within(size_t n, size_t most)
{
	return n < most ? n : most;
}

/* -- fields --------------------------------------------------------------------------------- */

struct field {
	struct slice name, value; /* value with the folding and line end that it has */
	struct slice whole;
};

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

static bool is_named(const struct field *f, const char *name)
{
	return slice_is_nocase(slice_trim(f->name), name);
}

static void line_end(struct slice like, struct str *to)
{
	const bool crlf = like.n > 1 && like.p[like.n - 2] == '\r';

	str_puts(to, crlf ? "\r\n" : "\n");
}

/* -- what is done to each header ------------------------------------------------------------ */

static void keep(struct redact *r, struct slice value, struct str *to)
{
	(void)r;
	str_add(to, value.p, value.n);
}

static void drop(struct redact *r, struct slice value, struct str *to)
{
	(void)r;
	str_puts(to, " redacted");
	line_end(value, to);
}

struct claims {
	struct redact *r;
	struct str *to;
	size_t count;
};

static bool put_claim(const struct address *a, void *context)
{
	struct claims *c = context;

	str_puts(c->to, c->count++ > 0 ? ", " : " ");
	redact_address(c->r, a->text, c->to);
	return false;
}

/* Recipients: their addresses alone, without names. */
static void recipients(struct redact *r, struct slice value, struct str *to)
{
	struct claims c = {.r = r, .to = to};

	address_each_claim(value, put_claim, &c);
	if (c.count == 0)
		str_puts(to, " redacted");
	line_end(value, to);
}

/* From and the like: as it stands where it is one plain address, since the sender is what the mail
 * is evidence of. */
static void sender(struct redact *r, struct slice value, struct str *to)
{
	struct address a;
	struct str whole = {0};

	if (address_parse(value, &a)) {
		redact_address(r, a.text, &whole);
		if (strcmp(str_text(&whole), a.text) == 0) {
			keep(r, value, to);
			str_free(&whole);
			return;
		}
	}
	str_free(&whole);
	redact_text(r, value, to);
}

static void received(struct redact *r, struct slice value, struct str *to)
{
	const char *date = memrchr(value.p, ';', value.n);

	(void)r;
	str_puts(to, " from client.example ([192.0.2.1]) by mx.example.net with ESMTP id 0");
	if (date != NULL)
		str_add(to, date, value.n - (size_t)(date - value.p));
	else
		line_end(value, to);
}

/* <id@host>, any number of them. */
static void message_ids(struct redact *r, struct slice value, struct str *to)
{
	char domain[LIMIT_DOMAIN + 1];

	for (size_t i = 0; i < value.n; i++) {
		const char *close = value.p[i] == '<'
					? memchr(value.p + i, '>', within(value.n - i, ID_MOST))
					: NULL;
		const char *at =
		    close ? memrchr(value.p + i, '@', (size_t)(close - value.p) - i) : NULL;

		if (at == NULL) {
			str_putc(to, isspace((unsigned char)value.p[i]) ? value.p[i] : '0');
			continue;
		}
		str_putc(to, '<');
		redact_form((struct slice){value.p + i + 1, (size_t)(at - value.p) - i - 1}, to);
		str_putc(to, '@');
		if (domain_normalise((struct slice){at + 1, (size_t)(close - at) - 1}, false,
				     domain))
			redact_host(r, domain, to);
		else
			str_puts(to, "host.example");
		str_putc(to, '>');
		i = (size_t)(close - value.p);
	}
}

/* DKIM-Signature: what is signed, by whom and when stays; b= and bh= lose their octets. */
static void signature(struct redact *r, struct slice value, struct str *to)
{
	size_t from = 0;

	for (size_t i = 0; i <= value.n; i++) {
		struct slice tag = {value.p + from, i - from};
		struct slice trimmed;
		const char *equals;

		if (i < value.n && value.p[i] != ';')
			continue;
		trimmed = slice_trim(tag);
		equals = tag.n ? memchr(tag.p, '=', tag.n) : NULL;
		if (equals != NULL && trimmed.n > 0 && trimmed.p[0] == 'b' &&
		    (trimmed.p[1] == '=' || trimmed.p[1] == 'h')) {
			const size_t head = (size_t)(equals - tag.p) + 1;

			str_add(to, tag.p, head);
			redact_form((struct slice){tag.p + head, tag.n - head}, to);
		} else if (trimmed.n > 0 && (trimmed.p[0] == 'i' || trimmed.p[0] == 'd')) {
			redact_text(r, tag, to);
		} else {
			str_add(to, tag.p, tag.n);
		}
		if (i < value.n)
			str_putc(to, ';');
		from = i + 1;
	}
}

/* Where the parameter that begins here ends, if it is the name of a file; else 0. */
static size_t file_name_at(struct slice s)
{
	size_t n = 0;

	if (!slice_starts_nocase(s, "name") && !slice_starts_nocase(s, "filename"))
		return 0;
	while (n < s.n && s.p[n] != ';' && s.p[n] != '\n' && s.p[n] != '\r')
		n++;
	return memchr(s.p, '=', n) != NULL ? n : 0;
}

/* Content-Type and Content-Disposition: only names of files go. */
static void content(struct redact *r, struct slice value, struct str *to)
{
	(void)r;
	for (size_t i = 0; i < value.n;) {
		const struct slice rest = {value.p + i, value.n - i};
		const bool begins =
		    i == 0 || isspace((unsigned char)value.p[i - 1]) || value.p[i - 1] == ';';
		const size_t n = begins ? file_name_at(rest) : 0;
		const char *equals = n > 0 ? memchr(rest.p, '=', n) : NULL;

		if (equals != NULL) {
			str_add(to, rest.p, (size_t)(equals - rest.p));
			str_puts(to, "=\"file\"");
		} else {
			str_putc(to, value.p[i]);
		}
		i += n > 0 ? n : 1;
	}
}

static void subject(struct redact *r, struct slice value, struct str *to);

static const struct rule {
	const char *name;
	void (*apply)(struct redact *r, struct slice value, struct str *to);
} rules[] = {
    {"From", sender},
    {"Sender", sender},
    {"Reply-To", sender},
    {"To", recipients},
    {"Cc", recipients},
    {"Bcc", recipients},
    {"Delivered-To", recipients},
    {"X-Original-To", recipients},
    {"Envelope-To", recipients},
    {"Return-Path", sender},
    {"Subject", subject},
    {"Date", keep},
    {"Message-ID", message_ids},
    {"In-Reply-To", message_ids},
    {"References", message_ids},
    {"Received", received},
    {"DKIM-Signature", signature},
    {"MIME-Version", keep},
    {"Content-Type", content},
    {"Content-Disposition", content},
    {"Content-Transfer-Encoding", keep},
    {"Content-Language", keep},
    {"Auto-Submitted", keep},
    {"Precedence", keep},
    {"Importance", keep},
    {"Priority", keep},
    {"X-Priority", keep},
    {"X-MSMail-Priority", keep},
    {"X-Mailer", redact_text},
    {"X-Keepname", redact_text},
    {"List-Unsubscribe", redact_text},
};

static void put_field(struct redact *r, const struct field *f, struct str *to)
{
	void (*apply)(struct redact *, struct slice, struct str *) = drop;

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (is_named(f, rules[i].name))
			apply = rules[i].apply;
	str_add(to, f->name.p, f->name.n);
	str_putc(to, ':');
	apply(r, f->value, to);
}

/* -- encoded words (RFC 2047) --------------------------------------------------------------- */

struct encoded {
	struct slice charset, text;
	char encoding; /* 'b' or 'q' */
	size_t n;      /* octets that it takes */
};

static bool encoded_at(struct slice s, size_t i, struct encoded *ret_word)
{
	const char *end = s.p + i + within(s.n - i, WORD_MOST), *p = s.p + i, *charset, *encoding,
		   *text;

	if (s.n - i < 8 || p[0] != '=' || p[1] != '?')
		return false;
	charset = p + 2;
	encoding = memchr(charset, '?', (size_t)(end - charset));
	if (encoding == NULL || end - encoding < 4 || encoding[2] != '?')
		return false;
	text = encoding + 3;
	for (p = text; p + 1 < end && !(p[0] == '?' && p[1] == '=');)
		p++;
	if (p + 1 >= end)
		return false;
	ret_word->charset = (struct slice){charset, (size_t)(encoding - charset)};
	ret_word->encoding = str_lower_char(encoding[1]);
	ret_word->text = (struct slice){text, (size_t)(p - text)};
	ret_word->n = (size_t)(p + 2 - (s.p + i));
	return ret_word->encoding == 'b' || ret_word->encoding == 'q';
}

static bool same_kind(const struct encoded *a, const struct encoded *b)
{
	return a->encoding == b->encoding && a->charset.n == b->charset.n &&
	       strncasecmp(a->charset.p, b->charset.p, a->charset.n) == 0;
}

static void decode_word(const struct encoded *w, struct str *to)
{
	if (w->encoding == 'b')
		redact_base64_decode(w->text, to);
	else
		redact_q_decode(w->text, to);
}

/* Adjacent words of one kind are one text: a name may begin in one and end in the next. Returns the
 * octets taken. */
static size_t put_encoded(struct redact *r, struct slice s, size_t i, struct str *to)
{
	struct encoded first, next;
	struct str text = {0}, out = {0};
	size_t end = i, look;

	if (!encoded_at(s, i, &first))
		return 0;
	next = first;
	for (look = i; encoded_at(s, look, &next) && same_kind(&first, &next);) {
		decode_word(&next, &text);
		end = look + next.n;
		for (look = end; look < s.n && str_is_space(s.p[look]);)
			look++;
	}
	redact_text(r, (struct slice){text.p, text.n}, &out);
	if (out.n == text.n && (out.n == 0 || memcmp(out.p, text.p, out.n) == 0)) {
		str_add(to, s.p + i, end - i);
	} else {
		str_printf(to, "=?%.*s?b?", (int)first.charset.n, first.charset.p);
		redact_base64_encode((struct slice){out.p, out.n}, 0, to);
		str_puts(to, "?=");
	}
	str_free(&text);
	str_free(&out);
	return end - i;
}

static void subject(struct redact *r, struct slice value, struct str *to)
{
	size_t from = 0;

	for (size_t i = 0; i < value.n;) {
		struct str word = {0};
		const size_t n = value.p[i] == '=' ? put_encoded(r, value, i, &word) : 0;

		if (n > 0) {
			redact_text(r, (struct slice){value.p + from, i - from}, to);
			str_add(to, word.p, word.n);
			from = i + n;
		}
		str_free(&word);
		i += n > 0 ? n : 1;
	}
	redact_text(r, (struct slice){value.p + from, value.n - from}, to);
}

/* -- names of people ------------------------------------------------------------------------ */

/* Each word of a text that is long enough. */
static void hide_words(struct redact *r, struct slice text)
{
	size_t from = 0;

	for (size_t i = 0; i <= text.n; i++) {
		const char c = i < text.n ? text.p[i] : ' ';

		if (isalpha((unsigned char)c) || (unsigned char)c >= 0x80 || c == '-')
			continue;
		if (i - from >= NAME_SHORT)
			redact_hide(r, (struct slice){text.p + from, i - from});
		from = i + 1;
	}
}

static void learn_recipient(struct redact *r, const struct field *f)
{
	struct str name = {0};

	if (!is_named(f, "To") && !is_named(f, "Cc"))
		return;
	rfc2047_decode(address_display(f->value), GREETING_MOST, &name);
	hide_words(r, (struct slice){name.p, name.n});
	str_free(&name);
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
	static const char *const roles[] = {"owner",   "customer", "registrant", "holder", "sir",
					    "madam",   "user",     "client",     "domain", "kunde",
					    "inhaber", "titular",  "cliente",    "klant",  "team",
					    "damen",   NULL};

	if (line.n > GREETING_MOST || (line.n > 0 && memchr(line.p, '@', line.n) != NULL))
		return;
	for (size_t i = 0; begins[i] != NULL; i++) {
		if (!slice_starts_nocase(line, begins[i]))
			continue;
		line.p += strlen(begins[i]);
		line.n -= strlen(begins[i]);
		for (size_t k = 0; roles[k] != NULL; k++)
			if (memmem(line.p, line.n, roles[k], strlen(roles[k])) != NULL)
				return;
		hide_words(r, line);
		return;
	}
}

static void learn_greetings(struct redact *r, struct slice text)
{
	while (text.n > 0) {
		const char *nl = memchr(text.p, '\n', text.n);
		const size_t n = nl != NULL ? (size_t)(nl - text.p) : text.n;
		const char *tag = n ? memrchr(text.p, '>', n) : NULL;
		const char *from = tag != NULL && tag + 1 < text.p + n ? tag + 1 : text.p;

		learn_greeting(r, slice_trim((struct slice){from, n - (size_t)(from - text.p)}));
		text.p += n + (nl != NULL);
		text.n -= n + (nl != NULL);
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
	if (is_named(f, "Content-Type"))
		read_type(f->value, k);
	else if (is_named(f, "Content-Transfer-Encoding"))
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
		put_field(r, &f, to);
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
		if (is_named(&f, "From") && address_parse(f.value, &a))
			redact_keep_domain(r, a.domain);
	}
	put_part(r, mail, 0, to);
}
