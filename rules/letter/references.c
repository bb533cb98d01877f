/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * references.c - see references.h. Linear: a name is looked for only where "&" stands, and has at
 * most LONGEST octets.
 */
#include "rules/letter/references.h"

#include <string.h>

enum {
	LONGEST = 18,
	REPLACEMENT = 0xfffd,
};

static const struct {
	const char *name;
	uint16_t character;
} named[] = {
    {"Tab", '\t'},
    {"NewLine", '\n'},
    {"excl", '!'},
    {"quot", '"'},
    {"QUOT", '"'},
    {"num", '#'},
    {"dollar", '$'},
    {"percnt", '%'},
    {"amp", '&'},
    {"AMP", '&'},
    {"apos", '\''},
    {"lpar", '('},
    {"rpar", ')'},
    {"ast", '*'},
    {"midast", '*'},
    {"plus", '+'},
    {"comma", ','},
    {"period", '.'},
    {"sol", '/'},
    {"colon", ':'},
    {"semi", ';'},
    {"lt", '<'},
    {"LT", '<'},
    {"equals", '='},
    {"gt", '>'},
    {"GT", '>'},
    {"quest", '?'},
    {"commat", '@'},
    {"lsqb", '['},
    {"lbrack", '['},
    {"bsol", '\\'},
    {"rsqb", ']'},
    {"rbrack", ']'},
    {"Hat", '^'},
    {"lowbar", '_'},
    {"UnderBar", '_'},
    {"grave", '`'},
    {"DiacriticalGrave", '`'},
    {"lcub", '{'},
    {"lbrace", '{'},
    {"verbar", '|'},
    {"vert", '|'},
    {"VerticalLine", '|'},
    {"rcub", '}'},
    {"rbrace", '}'},
    {"nbsp", 0xa0},
    {"NonBreakingSpace", 0xa0},
    {"shy", 0xad},
    {"ZeroWidthSpace", 0x200b},
    {"NoBreak", 0x2060},
    {"zwnj", 0x200c},
    {"zwj", 0x200d},
    {"lrm", 0x200e},
    {"rlm", 0x200f},
};

/* windows-1252 from 0x80; its five holes stay as they are. */
static const uint16_t c1[32] = {
    0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
    0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178,
};

static int digit_of(char c, uint32_t base)
{
	c = str_lower_char(c);
	int v = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
	return v < (int)base ? v : -1;
}

static uint32_t as_character(uint32_t c)
{
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return REPLACEMENT;
	return c >= 0x80 && c < 0xa0 ? c1[c - 0x80] : c;
}

/* s begins with "&#". */
static size_t number_at(struct slice s, uint32_t *ret_character)
{
	size_t i = 2;
	uint32_t base = 10, c = 0;
	if (i < s.n && str_lower_char(s.p[i]) == 'x') {
		base = 16;
		i++;
	}
	size_t first = i;
	for (; i < s.n && digit_of(s.p[i], base) >= 0; i++)
		if (c <= 0x10ffff)
			c = c * base + (uint32_t)digit_of(s.p[i], base);
	if (i == first)
		return 0;
	*ret_character = as_character(c);
	return i + (i < s.n && s.p[i] == ';');
}

size_t references_at(struct slice s, uint32_t *ret_character)
{
	if (s.n > 1 && s.p[1] == '#')
		return number_at(s, ret_character);
	const char *end = memchr(s.p, ';', s.n < LONGEST + 2 ? s.n : LONGEST + 2);
	size_t n = end ? (size_t)(end - s.p) : 0;
	for (size_t i = 0; n && i < sizeof named / sizeof named[0]; i++)
		if (slice_is((struct slice){s.p + 1, n - 1}, named[i].name)) {
			*ret_character = named[i].character;
			return n + 1;
		}
	return 0;
}

void references_plain(struct slice html, struct str *to)
{
	size_t from = 0;
	for (size_t i = 0; i < html.n; i++) {
		uint32_t c;
		size_t n = html.p[i] == '&'
			       ? references_at((struct slice){html.p + i, html.n - i}, &c)
			       : 0;
		if (!n)
			continue;
		str_add(to, html.p + from, i - from);
		str_printf(to, "&#%u;", (unsigned)c);
		from = i + n;
		i = from - 1;
	}
	str_add(to, html.p + from, html.n - from);
}
