/* SPDX-License-Identifier: BSD-2-Clause */
/* redact_token.c - which words of a text are tokens or numbers that name somebody, and their form.
 */
#include <ctype.h>
#include <string.h>

#include "cli/redact/redact_private.h"

enum {
	TOKEN_MIXED = 6, /* letters and digits together are a token from here on */
	TOKEN_LONG = 20, /* and whatever is no plain word from here on */
	NUMBER_LONG = 5, /* digits alone; years and days are shorter */
};

static bool is_hex(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (isalnum((unsigned char)s.p[i]) && !isxdigit((unsigned char)s.p[i]))
			return false;
	return true;
}

void redact_form(struct slice token, struct str *to)
{
	const bool hex = is_hex(token);

	for (size_t i = 0; i < token.n; i++) {
		const char c = token.p[i];

		if (c >= '0' && c <= '9')
			str_putc(to, '0');
		else if (c >= 'a' && c <= 'z')
			str_putc(to, hex ? 'a' : 'x');
		else if (c >= 'A' && c <= 'Z')
			str_putc(to, hex ? 'A' : 'X');
		else
			str_putc(to, c);
	}
}

static bool is_digits(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < '0' || p[i] > '9')
			return false;
	return true;
}

/* 2025-01-17…, 17-Jan-2025, 20250117. */
static bool is_date(struct slice s)
{
	if (s.n >= 10 && is_digits(s.p, 4) && s.p[4] == '-' && is_digits(s.p + 5, 2) &&
	    s.p[7] == '-' && is_digits(s.p + 8, 2))
		return s.n < 14;
	if (s.n == 11 && is_digits(s.p, 2) && s.p[2] == '-' && s.p[6] == '-' &&
	    is_digits(s.p + 7, 4))
		return true;
	return s.n == 8 && is_digits(s.p, 8) && (s.p[0] == '1' || s.p[0] == '2') &&
	       (s.p[4] == '0' || s.p[4] == '1') && s.p[6] <= '3';
}

/* Names that hold digits and that every mail may hold. */
static bool is_term(struct slice s)
{
	static const char *const begins[] = {"iso-",   "utf-",    "windows-", "koi8-",  "big5",
					     "gb2312", "gb18030", "euc-",     "shift_", "us-ascii",
					     "cp125",  "base64",  "xhtml1",   "html4",  NULL};
	for (size_t i = 0; begins[i] != NULL; i++)
		if (slice_starts_nocase(s, begins[i]))
			return s.n < TOKEN_LONG;
	return false;
}

static bool is_token(struct slice s)
{
	size_t digits = 0, lower = 0, upper = 0;

	for (size_t i = 0; i < s.n; i++) {
		digits += s.p[i] >= '0' && s.p[i] <= '9';
		lower += s.p[i] >= 'a' && s.p[i] <= 'z';
		upper += s.p[i] >= 'A' && s.p[i] <= 'Z';
	}
	if (is_date(s) || is_term(s))
		return false;
	if (lower + upper == 0)
		return digits >= NUMBER_LONG;
	if (digits > 0)
		return s.n >= TOKEN_MIXED;
	return s.n >= TOKEN_LONG && upper > 1 && lower > 0;
}

void redact_word(struct redact *r, struct slice s, struct str *to)
{
	if (is_token(s)) {
		r->tokens++;
		redact_form(s, to);
	} else {
		str_add(to, s.p, s.n);
	}
}

/* Text without hosts or addresses: its words, each by itself. */
void redact_words(struct redact *r, struct slice s, struct str *to)
{
	size_t from = 0;

	for (size_t i = 0; i <= s.n; i++) {
		if (i < s.n && (isalnum((unsigned char)s.p[i]) || strchr("_+-~", s.p[i]) != NULL) &&
		    s.p[i] != '\0')
			continue;
		redact_word(r, (struct slice){s.p + from, i - from}, to);
		if (i < s.n)
			str_putc(to, s.p[i]);
		from = i + 1;
	}
}
