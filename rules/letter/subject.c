/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subject.c - encoded words (RFC 2047) in every charset of charset.h.
 *
 * White space between two encoded words vanishes, and where both have the same charset and encoding
 * their octets are joined before the charset is read: mailers cut words inside a character. A word
 * that is broken, or of an unknown charset, stays as it is. Raw octets are UTF-8 or U+FFFD, as the
 * listener reads them (rfc2047.h).
 */
#include <string.h>
#include <strings.h>

#include "rules/core/utf8.h"
#include "rules/core/charset.h"
#include "rules/letter/mime.h"

struct word {
	struct slice charset, text;
	char encoding; /* 'b' or 'q' */
	size_t n;      /* octets of the whole word */
};

static bool word_at(struct slice s, size_t at, struct word *w)
{
	const char *end = s.p + s.n, *p = s.p + at;
	if (end - p < 8 || p[0] != '=' || p[1] != '?')
		return false;
	const char *charset = p + 2;
	const char *q1 = memchr(charset, '?', (size_t)(end - charset));
	if (!q1 || end - q1 < 5 || q1[2] != '?')
		return false;
	w->encoding = str_lower_char(q1[1]);
	w->charset = (struct slice){charset, (size_t)(q1 - charset)};
	/* a language (RFC 2231 5) is passed over */
	const char *star = memchr(charset, '*', w->charset.n);
	if (star)
		w->charset.n = (size_t)(star - charset);
	w->text.p = q1 + 3;
	const char *q2 = memchr(w->text.p, '?', (size_t)(end - w->text.p));
	if (!q2 || q2 + 1 >= end || q2[1] != '=' || !w->charset.n)
		return false;
	w->text.n = (size_t)(q2 - w->text.p);
	w->n = (size_t)(q2 + 2 - p);
	return w->encoding == 'b' || w->encoding == 'q';
}

static int base64_value(char c)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *p = c ? strchr(digits, c) : NULL;
	return p ? (int)(p - digits) : -1;
}

static void undo_base64(struct slice s, struct str *to)
{
	uint32_t bits = 0;
	unsigned have = 0;
	for (size_t i = 0; i < s.n; i++) {
		int v = base64_value(s.p[i]);
		if (v < 0)
			continue;
		bits = (bits << 6 | (uint32_t)v) & 0xffffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			str_putc(to, (char)(bits >> have & 0xff));
		}
	}
}

static int hex(char c)
{
	c = str_lower_char(c);
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void undo_q(struct slice s, struct str *to)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i] == '_' ? ' ' : s.p[i];
		if (c == '=' && i + 2 < s.n && hex(s.p[i + 1]) >= 0 && hex(s.p[i + 2]) >= 0) {
			c = (char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2]));
			i += 2;
		}
		str_putc(to, c);
	}
}

static bool same(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || strncasecmp(a.p, b.p, a.n) == 0);
}

/* All words from here that belong together; returns where they end. */
static size_t read_words(struct slice s, size_t at, struct word w, struct str *to)
{
	struct str octets = {0}, text = {0};
	struct word first = w;
	size_t end = at, next = at;
	do {
		if (w.encoding == 'b')
			undo_base64(w.text, &octets);
		else
			undo_q(w.text, &octets);
		end = next + w.n;
		next = end;
		while (next < s.n && str_is_space(s.p[next]))
			next++;
	} while (word_at(s, next, &w) && w.encoding == first.encoding &&
		 same(w.charset, first.charset));
	if (charset_to_utf8(first.charset, (struct slice){str_text(&octets), octets.n}, &text))
		str_add(to, str_text(&text), text.n);
	else
		str_add(to, s.p + at, end - at);
	to->failed = to->failed || octets.failed || text.failed;
	str_free(&octets);
	str_free(&text);
	return end;
}

/* Printable, white space as one space, cut at a character. */
static void print(struct slice s, struct str *to)
{
	size_t most = to->n + LIMIT_SUBJECT;
	bool space = false, begun = false;
	while (s.n) {
		uint32_t c = 0;
		char octets[4];
		size_t n = utf8_next(s, &c), m;
		if (n == 1 && (c == ' ' || !utf8_is_printable_char(c))) {
			space = begun;
		} else if (!n || utf8_is_printable_char(c)) {
			m = utf8_put(n ? c : 0xfffd, octets);
			if (to->n + space + m > most)
				return;
			if (space)
				str_putc(to, ' ');
			str_add(to, octets, m);
			space = false;
			begun = true;
		}
		s.p += n ? n : 1;
		s.n -= n ? n : 1;
	}
}

void mime_subject(struct slice value, struct str *to)
{
	struct str text = {0};
	struct word w;
	if (value.n > 4 * LIMIT_SUBJECT)
		value.n = 4 * LIMIT_SUBJECT;
	for (size_t i = 0; i < value.n;) {
		if (word_at(value, i, &w)) {
			i = read_words(value, i, w, &text);
			/* white space between two words vanishes */
			size_t next = i;
			while (next < value.n && str_is_space(value.p[next]))
				next++;
			if (word_at(value, next, &w))
				i = next;
		} else {
			str_putc(&text, value.p[i++]);
		}
	}
	print((struct slice){str_text(&text), text.n}, to);
	to->failed = to->failed || text.failed;
	str_free(&text);
}
