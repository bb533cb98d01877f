/* SPDX-License-Identifier: BSD-2-Clause */
/* redact_codec.c - see redact_codec.h. */
#include "cli/redact/redact_codec.h"

#include <string.h>

enum {
	LINE = 76, /* RFC 2045: the longest encoded line */
};

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum redact_encoding redact_encoding_of(struct slice name)
{
	if (slice_is_nocase(name, "base64"))
		return REDACT_BASE64;
	return slice_is_nocase(name, "quoted-printable") ? REDACT_QUOTED : REDACT_PLAIN;
}

void redact_base64_decode(struct slice text, struct str *to)
{
	unsigned bits = 0, n = 0;

	for (size_t i = 0; i < text.n && text.p[i] != '='; i++) {
		const char *d = text.p[i] != '\0' ? strchr(digits, text.p[i]) : NULL;

		if (d == NULL)
			continue;
		bits = bits << 6 | (unsigned)(d - digits);
		n += 6;
		if (n >= 8) {
			n -= 8;
			str_putc(to, (char)(bits >> n & 0xff));
		}
	}
}

void redact_base64_encode(struct slice octets, size_t line, struct str *to)
{
	size_t column = 0;

	for (size_t i = 0; i < octets.n; i += 3) {
		const size_t left = octets.n - i;
		const unsigned a = (unsigned char)octets.p[i];
		const unsigned b = left > 1 ? (unsigned char)octets.p[i + 1] : 0;
		const unsigned c = left > 2 ? (unsigned char)octets.p[i + 2] : 0;

		str_putc(to, digits[a >> 2]);
		str_putc(to, digits[(a & 3) << 4 | b >> 4]);
		str_putc(to, left > 1 ? digits[(b & 15) << 2 | c >> 6] : '=');
		str_putc(to, left > 2 ? digits[c & 63] : '=');
		column += 4;
		if (line > 0 && (column + 4 > line || left <= 3)) {
			str_putc(to, '\n');
			column = 0;
		}
	}
}

static int hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = str_lower_char(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The octet of "=XX" at i; -1 if none stands there. */
static int coded_at(struct slice s, size_t i)
{
	if (s.p[i] != '=' || i + 2 >= s.n || hex_of(s.p[i + 1]) < 0 || hex_of(s.p[i + 2]) < 0)
		return -1;
	/* Not negative: see above.
	 * NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
	return hex_of(s.p[i + 1]) << 4 | hex_of(s.p[i + 2]);
}

void redact_q_decode(struct slice text, struct str *to)
{
	for (size_t i = 0; i < text.n; i++) {
		const int octet = coded_at(text, i);

		str_putc(to, octet >= 0 ? (char)octet : text.p[i] == '_' ? ' ' : text.p[i]);
		i += octet >= 0 ? 2 : 0;
	}
}

/* "=" at the end of a line, white space between them passed over: the octets that it takes. */
static size_t soft_break_at(struct slice s, size_t i)
{
	size_t n = 1;

	if (s.p[i] != '=')
		return 0;
	while (i + n < s.n && (s.p[i + n] == ' ' || s.p[i + n] == '\t' || s.p[i + n] == '\r'))
		n++;
	return i + n < s.n && s.p[i + n] == '\n' ? n + 1 : 0;
}

static void quoted_decode(struct slice body, struct str *to)
{
	for (size_t i = 0; i < body.n;) {
		const int octet = coded_at(body, i);
		const size_t n = octet >= 0 ? 3 : soft_break_at(body, i);

		if (octet >= 0)
			str_putc(to, (char)octet);
		else if (n == 0)
			str_putc(to, body.p[i]);
		i += n > 0 ? n : 1;
	}
}

static bool needs_code(struct slice s, size_t i)
{
	const unsigned char c = (unsigned char)s.p[i];
	const bool ends = i + 1 >= s.n || s.p[i + 1] == '\n' || s.p[i + 1] == '\r';

	if (c == '\n' || (c == '\r' && i + 1 < s.n && s.p[i + 1] == '\n'))
		return false;
	return c == '=' || c > 126 || (c < 32 && c != '\t') || (ends && (c == ' ' || c == '\t'));
}

static void quoted_encode(struct slice body, struct str *to)
{
	size_t column = 0;

	for (size_t i = 0; i < body.n; i++) {
		const bool coded = needs_code(body, i);

		if (column + (coded ? 3 : 1) >= LINE && body.p[i] != '\n' && body.p[i] != '\r') {
			str_puts(to, "=\n");
			column = 0;
		}
		if (coded)
			str_printf(to, "=%02X", (unsigned)(unsigned char)body.p[i]);
		else
			str_putc(to, body.p[i]);
		column = body.p[i] == '\n' ? 0 : column + (coded ? 3 : 1);
	}
}

void redact_decode(enum redact_encoding e, struct slice body, struct str *to)
{
	if (e == REDACT_BASE64)
		redact_base64_decode(body, to);
	else if (e == REDACT_QUOTED)
		quoted_decode(body, to);
	else
		str_add(to, body.p, body.n);
}

void redact_encode(enum redact_encoding e, struct slice body, struct str *to)
{
	if (e == REDACT_BASE64)
		redact_base64_encode(body, LINE, to);
	else if (e == REDACT_QUOTED)
		quoted_encode(body, to);
	else
		str_add(to, body.p, body.n);
}
