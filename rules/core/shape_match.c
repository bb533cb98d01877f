/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shape_match.c - matching link shapes; see shape.h for the language.
 *
 * How matching stays linear. A shape is a tiny regular expression. Trying the optional groups one
 * after the other and going back would double the work with each of them, so instead the set of
 * all places in the shape that fit the octets read so far is carried along. A star can stand still
 * at its place; every other place moves on by one or falls away. shape_check bounds the stars and
 * groups and refuses a star that can be followed by what it takes itself, so the set has at most
 * one place per star, and of the others each walks the shape once: stars x octets of the path +
 * ways through the groups x octets of the shape.
 *
 * What stars take is marked octet by octet beforehand, so that the place set needs no notion of
 * %XX: a shape holds coded octets only whole, hence a star begins and ends between them.
 *
 * Whether a shape lies within another is asked the same way: of the one each way to leave out its
 * groups is a text, whose stars are an octet that only stars of the other take. What stands for a
 * star is made of what stars take, so a star that takes the octet takes all of it.
 */
#include "rules/core/shape_private.h"

#include <string.h>

#include "rules/core/domain.h"

/* Places in a shape, each once. */
struct places {
	uint16_t at[LIMIT_SHAPE_BYTES + 1];
	size_t count;
};

/* Adds a place and those that are reached from it without an octet. mark[place] is the step in
 * which it was added last. */
static void add_place(struct places *set, const char *shape, size_t place, uint16_t *mark,
		      uint16_t step)
{
	while (mark[place] != step) {
		mark[place] = step;
		if (shape[place] == ']') {
			place++;
		} else if (shape[place] == '[') {
			/* Into the group, and past it: groups are not nested, so this ends. */
			size_t past = place + 1;
			while (shape[past] != ']')
				past++;
			add_place(set, shape, place + 1, mark, step);
			place = past + 1;
		} else {
			set->at[set->count++] = (uint16_t)place;
			return;
		}
	}
}

/* star[i]: whether a star takes octet i of the text. NULL: there are no stars. */
static bool run(const char *shape, struct slice text, const bool *star)
{
	struct places sets[2];
	uint16_t mark[LIMIT_SHAPE_BYTES + 2];
	struct places *now = &sets[0], *next = &sets[1];
	size_t n = strlen(shape);
	if (n > LIMIT_SHAPE_BYTES || text.n >= UINT16_MAX)
		return false;
	memset(mark, 0, (n + 1) * sizeof(*mark));
	now->count = 0;
	add_place(now, shape, 0, mark, 1);
	for (size_t i = 0; i < text.n && now->count > 0; i++) {
		uint16_t step = (uint16_t)(i + 2);
		next->count = 0;
		for (size_t k = 0; k < now->count; k++) {
			size_t place = now->at[k];
			if (star && shape[place] == '*') {
				if (star[i]) {
					add_place(next, shape, place, mark, step);
					add_place(next, shape, place + 1, mark, step);
				}
			} else if (shape[place] == text.p[i] && text.p[i] != '\0') {
				add_place(next, shape, place + 1, mark, step);
			}
		}
		struct places *swap = now;
		now = next;
		next = swap;
	}
	for (size_t k = 0; k < now->count; k++)
		if (now->at[k] == n)
			return true;
	return false;
}

static bool is_star_coded(int octet)
{
	return octet >= 0x20 && octet < 0x7f && !strchr("/\\:?#%", octet);
}

/* Marks the octets that a star takes; a coded octet is marked whole or not at all. */
static void mark_star_octets(struct slice path, bool *star)
{
	for (size_t i = 0; i < path.n; i++) {
		star[i] = shape_is_octet(path.p[i], STAR_OCTET);
		if (path.p[i] != '%')
			continue;
		int octet = shape_coded_at(path.p + i, path.n - i);
		bool taken = is_star_coded(octet);
		star[i] = taken;
		if (octet < 0)
			continue;
		star[i + 1] = taken;
		star[i + 2] = taken;
		i += 2;
	}
}

/* Any path: one that cannot name another site even where the server redirects to what it finds in
 * its path or query. */
static bool is_safe_path(struct slice path)
{
	bool after_slash = false;
	if (path.n == 0 || path.p[0] != '/')
		return false;
	for (size_t i = 0; i < path.n; i++) {
		int octet = (unsigned char)path.p[i];
		if (octet == '%') {
			octet = shape_coded_at(path.p + i, path.n - i);
			if (octet < 0 || octet == '%')
				return false;
			i += 2;
		} else if (octet <= 0x20 || octet >= 0x7f || octet == '#') {
			return false;
		}
		if (octet < 0x20 || octet == 0x7f || octet == '\\' || octet == ':')
			return false;
		if (octet == '/' && after_slash)
			return false;
		after_slash = octet == '/';
	}
	return true;
}

/* A segment of the path, before the query, that is "." or "..", coded or plain. */
static bool has_dot_segment(struct slice path)
{
	size_t dots = 0;
	bool others = false;
	for (size_t i = 0; i <= path.n; i++) {
		if (i == path.n || path.p[i] == '/' || path.p[i] == '?') {
			if (!others && (dots == 1 || dots == 2))
				return true;
			if (i == path.n || path.p[i] == '?')
				return false;
			dots = 0;
			others = false;
		} else if (path.p[i] == '.') {
			dots++;
		} else if (shape_coded_at(path.p + i, path.n - i) == '.') {
			dots++;
			i += 2;
		} else {
			others = true;
		}
	}
	return false;
}

bool shape_match_host(const struct shape *s, const char *host)
{
	if (shape_is_wide(slice_of(s->host))) {
		const char *dot = strchr(host, '.');
		return dot && dot > host && strcmp(dot, s->host + 1) == 0;
	}
	/* What stands after the last group decides nearly always. */
	const char *end = strrchr(s->host, ']');
	end = end ? end + 1 : s->host;
	size_t tail = strlen(end), n = strlen(host);
	if (n < tail || memcmp(host + n - tail, end, tail) != 0)
		return false;
	return run(s->host, (struct slice){host, n}, NULL);
}

bool shape_match(const struct shape *s, const char *host, struct slice path)
{
	bool star[LIMIT_LINK_BYTES];
	if (path.n == 0 || path.n > LIMIT_LINK_BYTES || !shape_match_host(s, host) ||
	    has_dot_segment(path))
		return false;
	if (strcmp(s->path, "/**") == 0)
		return is_safe_path(path);
	mark_star_octets(path, star);
	return run(s->path, path, star);
}

/* -- one shape within another --------------------------------------------------------------- */

static unsigned groups_of(const char *text)
{
	unsigned count = 0;
	for (const char *p = text; (p = strchr(p, '[')) != NULL; p++)
		count++;
	return count;
}

/* Copies text without the groups whose bit is not set; returns where the next bit is. */
static unsigned variant(const char *text, unsigned bits, char to[static LIMIT_SHAPE_BYTES + 1])
{
	bool left_out = false;
	size_t n = 0;
	for (const char *p = text; *p && n < LIMIT_SHAPE_BYTES; p++) {
		if (*p == '[') {
			left_out = !(bits & 1);
			bits >>= 1;
		} else if (*p == ']') {
			left_out = false;
		} else if (!left_out) {
			to[n++] = *p;
		}
	}
	to[n] = '\0';
	return bits;
}

static bool path_within(const char *path, const char *wide)
{
	bool star[LIMIT_SHAPE_BYTES + 1];
	struct slice text = slice_of(path);
	if (strcmp(path, "/**") == 0)
		return strcmp(wide, "/**") == 0;
	if (strcmp(wide, "/**") == 0)
		return is_safe_path(text);
	mark_star_octets(text, star);
	for (size_t i = 0; i < text.n; i++)
		star[i] = star[i] || text.p[i] == '*';
	return run(wide, text, star);
}

static bool is_one_of(const char *host, const char *path, const struct shape *wide, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if ((shape_is_wide(slice_of(host)) ? strcmp(host, wide[i].host) == 0
						   : shape_match_host(&wide[i], host)) &&
		    path_within(path, wide[i].path))
			return true;
	return false;
}

bool shape_is_within(const struct shape *narrow, const struct shape *wide, size_t count)
{
	char host[LIMIT_SHAPE_BYTES + 1], path[LIMIT_SHAPE_BYTES + 1];
	unsigned groups = groups_of(narrow->host) + groups_of(narrow->path);
	if (groups > SHAPE_GROUPS)
		return false;
	for (unsigned bits = 0; bits < 1u << groups; bits++) {
		variant(narrow->path, variant(narrow->host, bits, host), path);
		if (!is_one_of(host, path, wide, count))
			return false;
	}
	return true;
}

bool shape_is_below(const struct shape *narrow, const char *domain)
{
	char host[LIMIT_DOMAIN + 1], path[LIMIT_SHAPE_BYTES + 1];
	unsigned groups = groups_of(narrow->path);
	shape_shortest_host(narrow, host);
	if (!domain_is_below(host, domain) || groups > SHAPE_GROUPS)
		return false;
	for (unsigned bits = 0; bits < 1u << groups; bits++) {
		variant(narrow->path, bits, path);
		if (!is_safe_path(slice_of(path)))
			return false;
	}
	return true;
}
