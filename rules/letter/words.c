/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * words.c - windows and word lists. Small windows keep everything built on this linear.
 */
#include "rules/letter/words.h"

#include <string.h>

bool words_char(char c)
{
	c = str_lower_char(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

struct slice words_from(struct slice s, size_t at)
{
	return (struct slice){s.p + at, s.n - at};
}

static bool is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

/* -- windows ----------------------------------------------------------------------------------- */

/* An empty line that does not follow a colon. */
static bool is_empty_line(struct slice s, size_t i)
{
	size_t next = i + 1;
	while (next < s.n && is_one_of(s.p[next], " \t\r"))
		next++;
	if (next >= s.n || s.p[next] != '\n')
		return false;
	while (i && str_is_space(s.p[i - 1]))
		i--;
	return i == 0 || s.p[i - 1] != ':';
}

/* "Fr. 17.01.", "kl. 20", "max. 15": a short word before the full stop, a number behind it. */
static bool is_abbreviation(struct slice s, size_t i)
{
	size_t next = i + 1, n = 0;
	while (next < s.n && s.p[next] == ' ')
		next++;
	while (n < i && n < 5 && words_char(s.p[i - n - 1]))
		n++;
	return n < 5 && next < s.n && s.p[next] >= '0' && s.p[next] <= '9';
}

/* "17." is no end; the full stop of Chinese and Japanese needs no space. */
static bool ends_sentence(struct slice s, size_t i)
{
	if (s.p[i] == '\n')
		return is_empty_line(s, i);
	if (s.n - i >= 3 && memcmp(s.p + i, "。", 3) == 0)
		return true;
	return is_one_of(s.p[i], ".!?") && i + 1 < s.n && str_is_space(s.p[i + 1]) &&
	       (i == 0 || s.p[i - 1] < '0' || s.p[i - 1] > '9') &&
	       !(s.p[i] == '.' && is_abbreviation(s, i));
}

/* Inside a word or a character. Between two characters above ASCII a word may begin: of scripts
 * without spaces one cannot tell. */
static bool is_inside(struct slice text, size_t at)
{
	char before = text.p[at - 1];
	return ((unsigned char)text.p[at] & 0xc0) == 0x80 ||
	       (words_char(before) && (unsigned char)before < 0x80 && words_char(text.p[at]));
}

struct slice words_before(struct slice text, size_t at)
{
	size_t start = at > WORDS_BEFORE ? at - WORDS_BEFORE : 0;
	while (start && start < at && is_inside(text, start))
		start++;
	for (size_t i = start; i < at; i++)
		if (ends_sentence((struct slice){text.p, at < text.n ? at + 1 : at}, i))
			start = i + 1;
	return (struct slice){text.p + start, at - start};
}

struct slice words_after(struct slice text, size_t at)
{
	size_t end = text.n - at > WORDS_AFTER ? at + WORDS_AFTER : text.n;
	for (size_t i = at; i < end; i++)
		if (ends_sentence(text, i))
			end = i;
	return (struct slice){text.p + at, end - at};
}

struct slice words_line(struct slice text, size_t at)
{
	size_t start = at, end = at;
	while (start && text.p[start - 1] != '\n' && at - start < WORDS_LINE)
		start--;
	while (end < text.n && text.p[end] != '\n' && end - at < WORDS_LINE)
		end++;
	return (struct slice){text.p + start, end - start};
}

/* -- lists ------------------------------------------------------------------------------------- */

/* Whether the word begins at s.p[0] (and ends where "$" wants it). */
static bool begins(struct slice s, const char *word)
{
	size_t i = 0;
	for (; word[i] && word[i] != '$'; i++)
		if (i >= s.n || str_lower_char(s.p[i]) != word[i])
			return false;
	return word[i] != '$' || i == s.n || !words_char(s.p[i]);
}

/* Octets of the phrase of the list that begins at s.p[0]; 0 if there is none. */
static size_t length_of(struct slice s, const char *const *list)
{
	char first = s.n ? str_lower_char(s.p[0]) : '\0';
	for (; *list; list++)
		if (**list == first && begins(s, *list))
			return strlen(*list);
	return 0;
}

bool words_any_but(struct slice s, const char *const *list, const char *const *except)
{
	for (size_t i = 0; i < s.n; i++) {
		if (i && words_char(s.p[i - 1]) && (unsigned char)s.p[i] < 0x80)
			continue;
		size_t n = length_of(words_from(s, i), except);
		if (!n && length_of(words_from(s, i), list))
			return true;
		i += n ? n - 1 : 0;
	}
	return false;
}

bool words_any(struct slice s, const char *const *list)
{
	static const char *const none[] = {NULL};
	return words_any_but(s, list, none);
}

static struct slice trimmed(struct slice s)
{
	while (s.n && !words_char(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool words_last(struct slice s, const char *const *list)
{
	s = trimmed(s);
	char last = s.n ? str_lower_char(s.p[s.n - 1]) : '\0';
	for (; *list; list++) {
		size_t n = strlen(*list) - 1;
		if (s.n >= n && (*list)[n - 1] == last &&
		    (s.n == n || !words_char(s.p[s.n - n - 1])) &&
		    begins(words_from(s, s.n - n), *list))
			return true;
	}
	return false;
}

struct slice words_without_last(struct slice s)
{
	s = trimmed(s);
	while (s.n && words_char(s.p[s.n - 1]))
		s.n--;
	return s;
}
