/* SPDX-License-Identifier: BSD-2-Clause */
/* digest_mime.c - UTF-8 as mail has it; see digest_mime.h. */
#include "cli/digest/digest_mime.h"

#include <string.h>

#include "rules/core/utf8.h"

enum {
	LINE = 76, /* RFC 2045 6.7 (5), 6.8; RFC 2047 2 */
	WORD = 75, /* RFC 2047 2: an encoded word */
};

static const char hex[] = "0123456789ABCDEF";

static void add_octet(unsigned char c, struct str *to)
{
	const char text[] = {'=', hex[c >> 4], hex[c & 15]};

	str_add(to, text, sizeof(text));
}

/* -- headers -------------------------------------------------------------------------------- */

/* Whether it is words of plain ASCII that a line has room for. What looks like an encoded word
 * would be read as one, and space at an end or twice would be lost in folding. */
static bool is_plain(const char *text, size_t column)
{
	size_t n;

	if (strstr(text, "=?") != NULL)
		return false;
	for (const char *p = text; *p != '\0'; p += n + (p[n] == ' ')) {
		for (n = 0; p[n] > ' ' && p[n] <= '~'; n++)
			;
		if ((p[n] != ' ' && p[n] != '\0') || n == 0 || (p[n] == ' ' && p[n + 1] == '\0') ||
		    (p == text ? column : 1) + n > LINE)
			return false;
	}
	return true;
}

static void add_plain(const char *text, size_t column, struct str *to)
{
	for (bool first = true; *text != '\0'; first = false) {
		const size_t n = strcspn(text, " ");

		if (!first && column + 1 + n > LINE) {
			str_puts(to, "\n");
			column = 0;
		}
		str_puts(to, first ? "" : " ");
		str_add(to, text, n);
		column += n + (first ? 0 : 1);
		text += n + (text[n] == ' ');
	}
}

/* What stands for itself in an encoded word anywhere (RFC 2047 5 (3)). */
static bool is_word_char(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("!*+-/", c) != NULL);
}

static void add_word_char(struct slice c, struct str *to)
{
	for (size_t i = 0; i < c.n; i++) {
		if (c.p[i] == ' ')
			str_putc(to, '_');
		else if (is_word_char((unsigned char)c.p[i]))
			str_putc(to, c.p[i]);
		else
			add_octet((unsigned char)c.p[i], to);
	}
}

/* The next character whole, so that no word ends within one (RFC 2047 5). */
static struct slice next_char(struct slice *rest)
{
	uint32_t code;
	const size_t n = utf8_next(*rest, &code);
	const bool good = n > 0 && utf8_is_printable_char(code);
	const struct slice c = good ? (struct slice){rest->p, n} : slice_of("?");

	rest->p += n > 0 ? n : 1;
	rest->n -= n > 0 ? n : 1;
	return c;
}

static void add_words(const char *text, size_t column, struct str *to)
{
	static const char first[] = "=?utf-8?Q?", last[] = "?=";
	const size_t frame = sizeof(first) - 1 + sizeof(last) - 1;
	struct slice rest = slice_of(text);
	struct str word = {0}, one = {0};

	while (rest.n > 0) {
		/* The first one stands behind the name. */
		const size_t most = column > 1 ? LINE - column : WORD;

		str_puts(to, column > 1 ? "" : "\n ");
		str_reset(&word);
		while (rest.n > 0) {
			struct slice after = rest;

			str_reset(&one);
			add_word_char(next_char(&after), &one);
			if (frame + word.n + one.n > most)
				break;
			str_add(&word, one.p, one.n);
			rest = after;
		}
		str_printf(to, "%s%s%s", first, str_text(&word), last);
		column = 1;
	}
	to->failed = to->failed || word.failed || one.failed;
	str_free(&word);
	str_free(&one);
}

void digest_mime_header(const char *name, const char *text, struct str *to)
{
	const size_t column = strlen(name) + 2;

	str_printf(to, "%s: ", name);
	if (is_plain(text, column))
		add_plain(text, column, to);
	else
		add_words(text, column, to);
	str_puts(to, "\n");
}

/* -- bodies --------------------------------------------------------------------------------- */

static bool is_line_end(const struct str *text, size_t i)
{
	return i == text->n || text->p[i] == '\n';
}

/* Whether an octet is written as three. Also what servers on the way are known to change: space at
 * a line's end, a dot or "From " at its beginning. */
static bool is_quoted(const struct str *text, size_t i, size_t column)
{
	const unsigned char c = (unsigned char)text->p[i];

	if (c == ' ' || c == '\t')
		return is_line_end(text, i + 1);
	if (c < ' ' || c > '~' || c == '=')
		return true;
	return column == 0 &&
	       (c == '.' || (c == 'F' && text->n - i >= 5 && memcmp(text->p + i, "From ", 5) == 0));
}

static void add_quoted(const struct str *text, struct str *to)
{
	size_t column = 0;

	for (size_t i = 0; i < text->n; i++) {
		size_t n;

		if (text->p[i] == '\n') {
			str_puts(to, "\n");
			column = 0;
			continue;
		}
		n = is_quoted(text, i, column) ? 3 : 1;
		/* Room for the "=" of a soft break, unless the line ends here. */
		if (column + n > LINE - 1 + (size_t)is_line_end(text, i + 1)) {
			str_puts(to, "=\n");
			column = 0;
			n = is_quoted(text, i, column) ? 3 : 1;
		}
		if (n == 3)
			add_octet((unsigned char)text->p[i], to);
		else
			str_putc(to, text->p[i]);
		column += n;
	}
}

static void add_base64(const struct str *text, struct str *to)
{
	static const char digit[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)text->p;

	for (size_t i = 0; i < text->n; i += 3) {
		const size_t n = text->n - i < 3 ? text->n - i : 3;
		const uint32_t bits = (uint32_t)p[i] << 16 | (n > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
				      (n > 2 ? p[i + 2] : 0);
		const char four[] = {digit[bits >> 18], digit[bits >> 12 & 63],
				     n > 1 ? digit[bits >> 6 & 63] : '=',
				     n > 2 ? digit[bits & 63] : '='};

		str_puts(to, i > 0 && i / 3 % (LINE / 4) == 0 ? "\n" : "");
		str_add(to, four, sizeof(four));
	}
}

/* A text's lines end in CRLF before it is encoded (RFC 2046 4.1.1). */
static void add_canonical(const struct str *text, struct str *to)
{
	for (size_t i = 0; i < text->n; i++) {
		if (text->p[i] == '\n')
			str_putc(to, '\r');
		str_putc(to, text->p[i]);
	}
}

void digest_mime_body(const struct str *text, struct str *to)
{
	struct str quoted = {0}, canonical = {0};

	add_quoted(text, &quoted);
	add_canonical(text, &canonical);
	if (quoted.n > canonical.n / 3 * 4 + 4) {
		str_puts(to, "Content-Transfer-Encoding: base64\n\n");
		add_base64(&canonical, to);
	} else {
		str_puts(to, "Content-Transfer-Encoding: quoted-printable\n\n");
		str_add(to, quoted.p, quoted.n);
	}
	to->failed = to->failed || quoted.failed || canonical.failed || text->failed;
	str_free(&quoted);
	str_free(&canonical);
}
