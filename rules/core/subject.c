/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subject.c - see subject.h.
 *
 * Words end at spaces, but not at one between two digits: "123 456" is one code. What stands around
 * a word (brackets, quotes, a full stop) stays.
 */
#include "rules/core/subject.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"

enum {
	CODE_DIGITS = 4, /* shorter ones are counts: "30 days", "100 domains" */
	LOTS = 3, /* changes from small letters to capitals ("DomainRobot" has one) or digits */
	DATE_GROUPS = 3,
};

static const char left_out[] = "\xe2\x80\xa6"; /* … */
static const char around[] = "()[]<>{}\"'`.,:;!?#*|";

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digits_in(struct slice word)
{
	size_t n = 0;
	for (size_t i = 0; i < word.n; i++)
		n += is_digit(word.p[i]);
	return n;
}

/* A year, or up to three short groups of digits with one kind of mark between them: 2026-12-06,
 * 6.12.2026, 10:00:00. */
static bool is_date(struct slice word)
{
	size_t groups = 1, longest = 0, run = 0, longer = 0;
	char mark = 0;
	for (size_t i = 0; i < word.n; i++) {
		char c = word.p[i];
		if (is_digit(c)) {
			run++;
			longer += run == 3; /* groups of more than two: the year */
			longest = run > longest ? run : longest;
			continue;
		}
		if (!strchr("-./:", c) || run == 0 || (mark && c != mark))
			return false;
		mark = c;
		groups++;
		run = 0;
	}
	if (groups == 1)
		return word.n == 4 && (word.p[0] == '1' || word.p[0] == '2');
	return run > 0 && groups <= DATE_GROUPS && longest <= 4 && longer <= 1 &&
	       (longer == 0 || groups == DATE_GROUPS);
}

/* Letters behind the last dot, and nothing that a host name has not. */
static bool is_domain(struct slice word)
{
	size_t dot = 0;
	for (size_t i = 0; i < word.n; i++) {
		char c = word.p[i];
		if (c == '.')
			dot = i;
		else if ((unsigned char)c < 0x80 && c != '-' && !is_digit(c) &&
			 !((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
			return false;
	}
	if (dot == 0 || dot + 1 == word.n)
		return false;
	return digits_in((struct slice){word.p + dot + 1, word.n - dot - 1}) == 0 ||
	       slice_starts_nocase((struct slice){word.p + dot + 1, word.n - dot - 1}, "xn--");
}

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool looks_drawn(struct slice word)
{
	size_t lots = 0;
	for (size_t i = 1; i < word.n; i++) {
		char before = word.p[i - 1], c = word.p[i];
		lots += (is_small(before) && is_capital(c)) ||
			((is_small(before) || is_capital(before)) && is_digit(c));
	}
	return lots >= LOTS;
}

static bool is_url(struct slice word)
{
	return memmem(word.p, word.n, "://", 3) ||
	       (slice_starts_nocase(word, "www.") && memchr(word.p, '/', word.n));
}

static bool is_secret(struct slice word)
{
	if (word.n == 0)
		return false;
	if (is_url(word))
		return true;
	if (is_domain(word) || is_date(word))
		return false;
	return digits_in(word) >= CODE_DIGITS || looks_drawn(word);
}

/* Where the word that begins at p ends. */
static size_t word_length(const char *p)
{
	size_t n = 0;
	while (p[n] && (p[n] != ' ' || (n > 0 && is_digit(p[n - 1]) && is_digit(p[n + 1]))))
		n++;
	return n;
}

static struct slice without_around(struct slice word)
{
	while (word.n && strchr(around, word.p[word.n - 1]))
		word.n--;
	while (word.n && strchr(around, word.p[0])) {
		word.p++;
		word.n--;
	}
	return word;
}

static void add(char *to, size_t size, size_t *n, struct slice s)
{
	if (*n + s.n >= size)
		return;
	memcpy(to + *n, s.p, s.n);
	*n += s.n;
	to[*n] = '\0';
}

void subject_without_codes(const char *subject, char *to, size_t size)
{
	size_t n = 0;
	to[0] = '\0';
	while (*subject) {
		struct slice word = {subject, word_length(subject)};
		struct slice core = without_around(word);
		if (is_secret(core)) {
			const char *behind = core.p + core.n;
			add(to, size, &n, (struct slice){word.p, (size_t)(core.p - word.p)});
			add(to, size, &n, slice_of(left_out));
			add(to, size, &n,
			    (struct slice){behind, (size_t)(word.p + word.n - behind)});
		} else {
			add(to, size, &n, word);
		}
		subject += word.n;
		if (*subject == ' ') {
			add(to, size, &n, slice_of(" "));
			subject++;
		}
	}
}
