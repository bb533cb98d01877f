/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * redact_header.c - header fields: a table says what is done to each; what it does not name keeps
 * its name and loses its value, since every mail system adds headers of its own that name its
 * users.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/redact/redact_codec.h"
#include "cli/redact/redact_private.h"
#include "rules/core/address.h"

enum {
	ID_MOST = 1000,    /* octets of one Message-ID */
	WORD_MOST = 10000, /* of one encoded word */
};

static size_t within(size_t n, size_t most)
{
	return n < most ? n : most;
}

static void line_end(struct slice like, struct str *to)
{
	const bool crlf = like.n > 1 && like.p[like.n - 2] == '\r';

	str_puts(to, crlf ? "\r\n" : "\n");
}

/* -- what is done to each header ------------------------------------------------------------ */

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

static void received(struct redact *r, struct slice value, struct str *to)
{
	const char *date = memrchr(value.p, ';', value.n);

	str_puts(to, " from client.example ([192.0.2.1]) by mx.example.net with ESMTP id 0");
	if (date != NULL)
		redact_text(r, (struct slice){date, value.n - (size_t)(date - value.p)}, to);
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

/* DKIM-Signature: what is signed, by whom and when stays; b=, bh= and z= (copies of headers) lose
 * their octets. */
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
		if (equals != NULL && trimmed.n > 0 &&
		    (trimmed.p[0] == 'z' ||
		     (trimmed.p[0] == 'b' && (trimmed.p[1] == '=' || trimmed.p[1] == 'h')))) {
			const size_t head = (size_t)(equals - tag.p) + 1;

			str_add(to, tag.p, head);
			redact_form((struct slice){tag.p + head, tag.n - head}, to);
		} else if (trimmed.n > 0 && (trimmed.p[0] == 'i' || trimmed.p[0] == 'd' ||
					     memchr(tag.p, '@', tag.n))) {
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

/* Content-Type and Content-Disposition: names of files go, and an address; but a boundary stays, as
 * it stands between the parts. */
static void content(struct redact *r, struct slice value, struct str *to)
{
	if (memchr(value.p, '@', value.n) && !memmem(value.p, value.n, "oundary", 7)) {
		redact_text(r, value, to);
		return;
	}
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

static void encoded_text(struct redact *r, struct slice value, struct str *to);

static const struct rule {
	const char *name;
	void (*apply)(struct redact *r, struct slice value, struct str *to);
} rules[] = {
    {"From", encoded_text},
    {"Sender", encoded_text},
    {"Reply-To", encoded_text},
    {"To", recipients},
    {"Cc", recipients},
    {"Bcc", recipients},
    {"Delivered-To", recipients},
    {"X-Original-To", recipients},
    {"Envelope-To", recipients},
    {"Return-Path", encoded_text},
    {"Subject", encoded_text},
    {"Date", redact_text},
    {"Message-ID", message_ids},
    {"In-Reply-To", message_ids},
    {"References", message_ids},
    {"Received", received},
    {"DKIM-Signature", signature},
    {"MIME-Version", redact_text},
    {"Content-Type", content},
    {"Content-Disposition", content},
    {"Content-Transfer-Encoding", redact_text},
    {"Content-Language", redact_text},
    {"Auto-Submitted", redact_text},
    {"Precedence", redact_text},
    {"Importance", redact_text},
    {"Priority", redact_text},
    {"X-Priority", redact_text},
    {"X-MSMail-Priority", redact_text},
    {"X-Mailer", redact_text},
    {"X-Keepname", redact_text},
    {"List-Unsubscribe", redact_text},
};

/* A name that is none of those may be a line of text with a colon in it. */
void redact_field(struct redact *r, const struct field *f, struct str *to)
{
	const struct rule *rule = NULL;

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]) && !rule; i++)
		if (redact_is_named(f, rules[i].name))
			rule = &rules[i];
	if (rule != NULL)
		str_add(to, f->name.p, f->name.n);
	else
		redact_text(r, f->name, to);
	str_putc(to, ':');
	(rule != NULL ? rule->apply : drop)(r, f->value, to);
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

static void encoded_text(struct redact *r, struct slice value, struct str *to)
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
