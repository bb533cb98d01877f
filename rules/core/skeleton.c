/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * skeleton.c - labels folded to what they look like; see skeleton.h.
 */
#include "rules/core/skeleton.h"

#include <idn2.h>
#include <string.h>

#include "rules/core/confusables.h"
#include "rules/core/utf8.h"

/* -- characters ----------------------------------------------------------------------------- */

const char *skeleton_of_char(uint32_t c)
{
	size_t low = 0, high = confusables_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (confusables[middle].last < c)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == confusables_count || c < confusables[low].first)
		return NULL;
	return confusables[low].text;
}

static void put(struct skeleton *to, char c)
{
	if (to->n == SKELETON_MOST)
		return;
	to->text[to->n++] = c;
	to->text[to->n] = '\0';
}

static void put_ascii(struct skeleton *to, char c)
{
	c = str_lower_char(c);
	if (c == '-')
		return;
	put(to, c == '0' ? 'o' : c == '1' || c == 'i' ? 'l' : c);
}

/* Two characters that look like nothing in ASCII are taken for the same one time in 128: one of
 * them is not enough to be called alike, since the rest of the name must agree too. */
static void put_char(struct skeleton *to, uint32_t c)
{
	const char *text = skeleton_of_char(c);
	if (!text)
		put(to, (char)(0x80 | (c & 0x7f)));
	for (; text && *text; text++)
		put(to, *text);
}

/* -- labels --------------------------------------------------------------------------------- */

/* False for one that is no A-label after all. */
static bool add_unicode(struct skeleton *to, struct slice label)
{
	char a_label[LIMIT_LABEL + 1];
	char *u_label = NULL;
	if (!slice_copy(label, a_label, sizeof a_label) ||
	    idn2_to_unicode_8z8z(a_label, &u_label, 0) != IDN2_OK)
		return false;
	struct slice rest = slice_of(u_label);
	uint32_t c;
	size_t n;
	while ((n = utf8_next(rest, &c)) > 0) {
		if (c < 0x80)
			put_ascii(to, (char)c);
		else
			put_char(to, c);
		rest.p += n;
		rest.n -= n;
	}
	idn2_free(u_label);
	return true;
}

bool skeleton_add(struct skeleton *to, struct slice label)
{
	if (slice_starts_nocase(label, "xn--") && add_unicode(to, label))
		return true;
	for (size_t i = 0; i < label.n; i++)
		put_ascii(to, label.p[i]);
	return false;
}

bool skeleton_join(const struct skeleton *plain, struct skeleton *ret_joined)
{
	ret_joined->n = 0;
	ret_joined->text[0] = '\0';
	for (size_t i = 0; i < plain->n; i++) {
		const char *p = plain->text + i; /* there is a NUL behind the last */
		bool m = p[0] == 'r' && p[1] == 'n', w = p[0] == 'v' && p[1] == 'v';
		put(ret_joined, m ? 'm' : w ? 'w' : *p);
		i += m || w;
	}
	return ret_joined->n != plain->n;
}

/* -- comparing ------------------------------------------------------------------------------ */

bool skeleton_same(const struct skeleton *a, const struct skeleton *b)
{
	return a->n == b->n && memcmp(a->text, b->text, a->n) == 0;
}

bool skeleton_one_edit(const struct skeleton *a, const struct skeleton *b)
{
	const char *p = a->text, *q = b->text;
	size_t n = a->n, m = b->n;
	while (n && m && *p == *q) {
		p++, q++, n--, m--;
	}
	while (n && m && p[n - 1] == q[m - 1]) {
		n--, m--;
	}
	/* What is left is all that differs. */
	if (n == 2 && m == 2)
		return p[0] == q[1] && p[1] == q[0];
	return n <= 1 && m <= 1 && n + m > 0;
}
