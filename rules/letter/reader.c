/* SPDX-License-Identifier: BSD-2-Clause */
/* reader.c - see reader.h. */
#include "rules/letter/reader.h"

#include <string.h>

static bool is_letter(char c)
{
	c = str_lower_char(c);
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

size_t reader_digit(struct slice text, size_t at, unsigned *ret_value)
{
	if (at >= text.n)
		return 0;
	const unsigned char *p = (const unsigned char *)text.p + at;
	if (*p >= '0' && *p <= '9') {
		*ret_value = *p - '0';
		return 1;
	}
	if (text.n - at >= 3 && p[0] == 0xef && p[1] == 0xbc && p[2] >= 0x90 && p[2] <= 0x99) {
		*ret_value = p[2] - 0x90;
		return 3;
	}
	return 0;
}

size_t reader_digits(struct slice text, size_t at, unsigned most, unsigned *ret_number)
{
	unsigned value = 0, digits = 0, d = 0;
	size_t i = at, n;
	while ((n = reader_digit(text, i, &d)) != 0) {
		if (++digits > most)
			return 0;
		value = value * 10 + d;
		i += n;
	}
	if (digits)
		*ret_number = value;
	return i - at;
}

bool reader_number(struct place *p, unsigned min, unsigned max, unsigned *ret_number)
{
	unsigned d, digits = 0;
	size_t n = reader_digits(p->text, p->at, max, ret_number);
	for (size_t i = p->at; i < p->at + n; digits++)
		i += reader_digit(p->text, i, &d);
	if (digits < min)
		return false;
	p->at += n;
	return true;
}

bool reader_literal(struct place *p, const char *text)
{
	if (!slice_starts_nocase((struct slice){p->text.p + p->at, p->text.n - p->at}, text))
		return false;
	p->at += strlen(text);
	return true;
}

bool reader_word(struct place *p, const char *word)
{
	struct place q = *p;
	if (!reader_literal(&q, word) || (q.at < q.text.n && is_letter(q.text.p[q.at])))
		return false;
	*p = q;
	return true;
}

bool reader_word_of(struct place *p, const char *const *words)
{
	for (; *words; words++)
		if (reader_word(p, *words))
			return true;
	return false;
}

bool reader_space(struct place *p)
{
	size_t start = p->at;
	bool line = false;
	for (;;) {
		if (p->at < p->text.n && strchr(" \t\r", p->text.p[p->at]) && p->text.p[p->at]) {
			p->at++;
		} else if (p->at < p->text.n && p->text.p[p->at] == '\n' && !line) {
			line = true;
			p->at++;
		} else if (!reader_literal(p, "\xc2\xa0") && !reader_literal(p, "\xe3\x80\x80")) {
			return p->at > start;
		}
	}
}
