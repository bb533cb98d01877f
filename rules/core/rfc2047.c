/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rfc2047.c - encoded words (RFC 2047, with the language suffix of RFC 2231 section 5) to UTF-8.
 *
 * Two layers. The reader walks the value: plain octets go straight down, an encoded word is decoded
 * on the way. The sink takes octets that claim to be UTF-8, puts characters together, and is the
 * only place that writes; so whatever the reader lets through, the output is well formed, shown
 * safely and within its limit.
 *
 * A word that is not well formed (charset or encoding unknown, no end, a space inside, bad Base64)
 * is not half decoded: it goes down as it stands.
 */
#include "rules/core/rfc2047.h"

#include <string.h>
#include <strings.h>

#include "rules/core/charset.h"
#include "rules/core/utf8.h"

/* -- the sink ------------------------------------------------------------------------------- */

struct sink {
	struct str *to;
	size_t most, written;
	char part[4]; /* of a character that is not whole yet */
	size_t part_n;
	bool space; /* owed before the next character */
	bool full;
};

static void write_char(struct sink *s, uint32_t c)
{
	char text[4];
	size_t n = utf8_put(c, text);
	size_t space = s->space && s->written > 0 ? 1 : 0;
	if (s->full || s->written + space + n > s->most) {
		s->full = true;
		return;
	}
	if (space)
		str_putc(s->to, ' ');
	str_add(s->to, text, n);
	s->written += space + n;
	s->space = false;
}

static bool is_plain(char c)
{
	return c > ' ' && c < 0x7f && c != '=';
}

/* Octets from the start of s that are printable ASCII with single spaces between, and begin no
 * encoded word: most of most values, written at once. */
static size_t plain_length(struct slice s)
{
	size_t n = 0;
	while (n < s.n && is_plain(s.p[n])) {
		n++;
		if (n + 1 < s.n && s.p[n] == ' ' && is_plain(s.p[n + 1]))
			n++;
	}
	return n;
}

static void write_plain(struct sink *s, struct slice text)
{
	size_t space = s->space && s->written > 0 ? 1 : 0;
	size_t left = s->most - s->written;
	if (left <= space) {
		s->full = true;
		return;
	}
	if (space)
		str_putc(s->to, ' ');
	if (text.n > left - space) {
		text.n = left - space;
		if (text.p[text.n - 1] == ' ')
			text.n--;
		s->full = true;
	}
	str_add(s->to, text.p, text.n);
	s->written += space + text.n;
	s->space = false;
}

static void take_char(struct sink *s, uint32_t c)
{
	if (c <= ' ' || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029)
		s->space = true;
	else if (c < 0x7f || utf8_is_printable_char(c))
		write_char(s, c);
}

/* Takes what is in part for as many characters, or broken octets, as it shows to be. */
static void settle(struct sink *s, bool final)
{
	while (s->part_n > 0) {
		uint32_t c;
		size_t n = utf8_next((struct slice){s->part, s->part_n}, &c);
		unsigned char lead = (unsigned char)s->part[0];
		size_t want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
		if (n == 0 && !final && s->part_n < want)
			return;
		if (n > 0)
			take_char(s, c);
		else
			write_char(s, 0xfffd);
		n = n ? n : 1;
		s->part_n -= n;
		memmove(s->part, s->part + n, s->part_n);
	}
}

static void take(struct sink *s, char c)
{
	if (s->part_n == 0 && (unsigned char)c < 0x80) {
		take_char(s, (unsigned char)c);
		return;
	}
	s->part[s->part_n++] = c;
	settle(s, false);
}

/* A whole character, from a charset that is not UTF-8. */
static void take_whole(struct sink *s, uint32_t c)
{
	settle(s, true);
	take_char(s, c);
}

/* -- charsets ------------------------------------------------------------------------------- */

enum charset_kind {
	KIND_UTF8,
	KIND_CP1252,
	KIND_TABLE, /* charset.h */
};

struct charset {
	enum charset_kind kind;
	struct slice name;
	struct charset_reader reader; /* of KIND_TABLE */
};

static bool charset_of(struct slice name, struct charset *ret_charset)
{
	static const struct {
		const char *name;
		enum charset_kind kind;
	} known[] = {
	    {"utf-8", KIND_UTF8},        {"utf8", KIND_UTF8},         {"us-ascii", KIND_UTF8},
	    {"ascii", KIND_UTF8},        {"iso-8859-1", KIND_CP1252}, {"iso8859-1", KIND_CP1252},
	    {"iso_8859-1", KIND_CP1252}, {"latin1", KIND_CP1252},     {"windows-1252", KIND_CP1252},
	    {"cp1252", KIND_CP1252},
	};
	const char *star = memchr(name.p, '*', name.n);
	struct charset c = {.kind = KIND_TABLE};
	if (star)
		name.n = (size_t)(star - name.p);
	c.name = name;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (slice_is_nocase(name, known[i].name))
			c.kind = known[i].kind;
	if (c.kind == KIND_TABLE && !charset_open(name, &c.reader))
		return false;
	*ret_charset = c;
	return true;
}

static bool same_charset(const struct charset *a, const struct charset *b)
{
	return a->kind == b->kind && a->name.n == b->name.n &&
	       strncasecmp(a->name.p, b->name.p, a->name.n) == 0;
}

static void take_wholes(struct sink *s, const uint32_t *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		take_whole(s, c[i]);
}

/* The words of a charset have ended: what is not whole is broken. */
static void end_charset(struct sink *s, struct charset *charset)
{
	uint32_t c[CHARSET_MOST];
	if (charset->kind == KIND_TABLE)
		take_wholes(s, c, charset_end(&charset->reader, c));
	charset->kind = KIND_UTF8;
}

static void take_as(struct sink *s, struct charset *charset, unsigned char c)
{
	static const uint16_t cp1252[] = {
	    0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	    0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
	};
	uint32_t whole[CHARSET_MOST];
	if (charset->kind == KIND_UTF8)
		take(s, (char)c);
	else if (charset->kind == KIND_CP1252)
		take_whole(s, c >= 0x80 && c <= 0x9f ? cp1252[c - 0x80] : c);
	else
		take_wholes(s, whole, charset_take(&charset->reader, c, whole));
}

/* -- encodings ------------------------------------------------------------------------------ */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = str_lower_char(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void decode_q(struct slice text, struct charset *charset, struct sink *s)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c == '_') {
			c = ' ';
		} else if (c == '=') {
			/* is_q() has seen that digits follow.
			 * NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
			c = (unsigned char)(hex_digit(text.p[i + 1]) << 4 |
					    hex_digit(text.p[i + 2]));
			i += 2;
		}
		take_as(s, charset, c);
	}
}

static bool is_q(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '=')
			continue;
		if (text.n - i < 3 || hex_digit(text.p[i + 1]) < 0 || hex_digit(text.p[i + 2]) < 0)
			return false;
		i += 2;
	}
	return true;
}

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static void decode_b(struct slice text, struct charset *charset, struct sink *s)
{
	uint32_t bits = 0;
	unsigned have = 0;
	for (size_t i = 0; i < text.n && text.p[i] != '='; i++) {
		bits = bits << 6 | (uint32_t)base64_digit(text.p[i]);
		have += 6;
		if (have >= 8) {
			have -= 8;
			take_as(s, charset, (unsigned char)(bits >> have));
		}
	}
}

/* Digits, then at most two "="; padding that is missing is forgiven. */
static bool is_b(struct slice text)
{
	size_t n = 0;
	while (n < text.n && base64_digit(text.p[n]) >= 0)
		n++;
	size_t pad = text.n - n;
	for (size_t i = n; i < text.n; i++)
		if (text.p[i] != '=')
			return false;
	return pad <= 2 && n % 4 != 1;
}

/* -- the reader ----------------------------------------------------------------------------- */

struct word {
	struct charset charset;
	bool base64;
	struct slice text;
	size_t n; /* of the whole encoded word */
};

/* Up to the next "?" within at most `most` octets, none of them space or control; 0: none. */
static size_t until_mark(struct slice s, size_t most)
{
	for (size_t i = 0; i < s.n && i <= most; i++) {
		if (s.p[i] == '?')
			return i;
		if (s.p[i] <= ' ' || s.p[i] == 0x7f)
			return 0;
	}
	return 0;
}

/* The encoded word at the start of s, which begins with "=?". Each octet of a value is looked at by
 * no more than three calls, since no part of a word may hold a "?". */
static bool read_word(struct slice s, struct word *ret_word)
{
	struct word w;
	size_t at = 2;
	size_t n = until_mark((struct slice){s.p + at, s.n - at}, 60);
	if (n == 0 || !charset_of((struct slice){s.p + at, n}, &w.charset))
		return false;
	at += n + 1;
	if (s.n - at < 2 || s.p[at + 1] != '?')
		return false;
	char encoding = str_lower_char(s.p[at]);
	if (encoding != 'b' && encoding != 'q')
		return false;
	w.base64 = encoding == 'b';
	at += 2;
	n = until_mark((struct slice){s.p + at, s.n - at}, SIZE_MAX);
	if (s.n - at < n + 2 || s.p[at + n] != '?' || s.p[at + n + 1] != '=')
		return false;
	w.text = (struct slice){s.p + at, n};
	w.n = at + n + 2;
	*ret_word = w;
	return w.base64 ? is_b(w.text) : is_q(w.text);
}

static bool starts_word(struct slice s)
{
	return s.n >= 2 && s.p[0] == '=' && s.p[1] == '?';
}

static size_t space_length(struct slice s)
{
	size_t n = 0;
	while (n < s.n && str_is_space(s.p[n]))
		n++;
	return n;
}

void rfc2047_decode(struct slice value, size_t most, struct str *to)
{
	struct sink sink = {.to = to, .most = most};
	struct charset charset = {.kind = KIND_UTF8};
	struct word w;
	bool after_word = false;
	while (value.n > 0 && !sink.full) {
		size_t n = after_word ? space_length(value) : 0;
		struct slice next = {value.p + n, value.n - n};
		if (starts_word(next) && read_word(next, &w)) {
			if (!after_word || !same_charset(&charset, &w.charset)) {
				end_charset(&sink, &charset);
				charset = w.charset;
			}
			(w.base64 ? decode_b : decode_q)(w.text, &charset, &sink);
			after_word = true;
			n += w.n;
		} else {
			if (after_word) {
				end_charset(&sink, &charset);
				settle(&sink, true);
			}
			after_word = false;
			n = sink.part_n == 0 ? plain_length(value) : 0;
			if (n > 0)
				write_plain(&sink, (struct slice){value.p, n});
			else
				take(&sink, value.p[0]);
			n = n ? n : 1;
		}
		value.p += n;
		value.n -= n;
	}
	end_charset(&sink, &charset);
	settle(&sink, true);
}
