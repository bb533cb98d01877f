/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * utf8.c - one character at a time, checked against the table of well-formed sequences
 * (RFC 3629 section 4; Unicode 3.9, table 3-7): the range of the second octet depends on the first.
 *
 * Never reads past the slice. What is not well formed gives 0; the caller decides whether that is
 * an error or one octet to be replaced.
 */
#include "rules/core/utf8.h"

static bool is_tail(unsigned char c)
{
	return c >= 0x80 && c <= 0xbf;
}

size_t utf8_next(struct slice s, uint32_t *ret_char)
{
	if (s.n == 0)
		return 0;
	const unsigned char *p = (const unsigned char *)s.p;
	unsigned char a = p[0];
	unsigned char low = 0x80, high = 0xbf;
	size_t n;
	uint32_t c;

	if (a < 0x80) {
		n = 1;
		c = a;
	} else if (a >= 0xc2 && a <= 0xdf) {
		n = 2;
		c = a & 0x1fu;
	} else if (a >= 0xe0 && a <= 0xef) {
		n = 3;
		c = a & 0x0fu;
		low = a == 0xe0 ? 0xa0 : 0x80;
		high = a == 0xed ? 0x9f : 0xbf;
	} else if (a >= 0xf0 && a <= 0xf4) {
		n = 4;
		c = a & 0x07u;
		low = a == 0xf0 ? 0x90 : 0x80;
		high = a == 0xf4 ? 0x8f : 0xbf;
	} else {
		return 0;
	}
	if (s.n < n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (i == 1 ? p[1] < low || p[1] > high : !is_tail(p[i]))
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (ret_char)
		*ret_char = c;
	return n;
}

size_t utf8_put(uint32_t c, char to[static 4])
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	for (size_t i = n; i-- > 1; c >>= 6)
		to[i] = (char)(0x80 | (c & 0x3f));
	to[0] = (char)(lead[n] | c);
	return n;
}

bool utf8_is_printable_char(uint32_t c)
{
	static const struct {
		uint32_t from, to;
	} hidden[] = {
	    {0x00, 0x1f},        {0x7f, 0x9f},
	    {0xad, 0xad},   /* soft hyphen */
	    {0x61c, 0x61c}, /* Arabic letter mark */
	    {0x180e, 0x180e},    {0x200b, 0x200b},
	    {0x200e, 0x200f}, /* left-to-right and right-to-left mark */
	    {0x2028, 0x202e}, /* separators, embeddings, overrides */
	    {0x2060, 0x206f}, /* word joiner, isolates */
	    {0xe000, 0xf8ff}, /* private use */
	    {0xfdd0, 0xfdef}, /* noncharacters */
	    {0xfeff, 0xfeff},    {0xfff9, 0xfffb},
	    {0xe0000, 0xe0fff}, /* tags */
	    {0xf0000, 0x10ffff},
	};
	if ((c & 0xfffe) == 0xfffe)
		return false;
	for (size_t i = 0; i < sizeof hidden / sizeof hidden[0] && c >= hidden[i].from; i++)
		if (c <= hidden[i].to)
			return false;
	return true;
}

bool utf8_is_printable(struct slice s)
{
	while (s.n > 0) {
		uint32_t c;
		size_t n = utf8_next(s, &c);
		if (n == 0 || !utf8_is_printable_char(c))
			return false;
		s.p += n;
		s.n -= n;
	}
	return true;
}
