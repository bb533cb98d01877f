/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * names.c - domain names in a letter.
 *
 * A text is read token by token; tokens of URLs and mail addresses are passed over. What remains
 * and is a registrable domain counts by where it stands (names.h). "address.Please" and "link.click
 * here" show why a known suffix alone is not enough: in running text a capital after the full stop
 * makes it the end of a sentence.
 *
 * Each name counts once, however it is spelled; the first LIMIT_DOMAINS are kept, up to
 * LIMIT_DOMAINS_COUNTED are counted, by a table of hashes: time stays linear.
 */
#include "rules/letter/names.h"

#include <stdlib.h>
#include <string.h>

#include "rules/core/fold.h"
#include "rules/core/utf8.h"
#include "rules/letter/columns.h"
#include "rules/letter/words.h"

enum {
	SLOTS = 16384,  /* a power of two, over twice LIMIT_DOMAINS_COUNTED */
	NEAR = 48,      /* octets before a name in which it is called a domain */
	NEAR_WORDS = 4, /* words of these */
	LIST_GAP = 12,  /* octets between names of one enumeration: ", ", " and ", " und " */
	OWN_ORGS = 128,
};

enum place {
	PLACE_RUNNING, /* in running text */
	PLACE_STRONG,  /* subject, table, called a domain */
};

struct reading {
	const struct names_rules *rules;
	struct finding *finding;
	uint64_t *seen;
	struct str folded;                    /* of the line that is read */
	char own[OWN_ORGS][LIMIT_DOMAIN + 1]; /* organisational domains of registrar and platform */
	size_t own_count;
};

/* -- whose a name is --------------------------------------------------------------------------- */

static void add_own(struct reading *r, const char *host)
{
	const char *org = domain_org(r->rules->suffixes, host);
	if (!org || (r->own_count && strcmp(r->own[r->own_count - 1], org) == 0))
		return;
	if (r->own_count < OWN_ORGS)
		slice_copy(slice_of(org), r->own[r->own_count++], LIMIT_DOMAIN + 1);
}

static void add_shapes(struct reading *r, const struct shape *shape, size_t count)
{
	char host[LIMIT_DOMAIN + 1];
	for (size_t i = 0; i < count; i++) {
		shape_shortest_host(&shape[i], host);
		add_own(r, host);
	}
}

static void add_platform(struct reading *r, const struct platform *p)
{
	if (!p)
		return;
	add_shapes(r, p->link, p->link_count);
	add_shapes(r, p->recognise, p->recognise_count);
	for (size_t i = 0; i < p->hold_ns_count; i++)
		add_own(r, p->hold_ns[i]);
}

static void gather_own(struct reading *r)
{
	const struct sender *entry = r->rules->entry;
	if (entry) {
		add_own(r, entry->domain);
		add_shapes(r, entry->link, entry->link_count);
		add_shapes(r, entry->added, entry->added_count);
		add_platform(r, entry->platform);
	}
	if (r->finding->platform[0])
		add_platform(r, list_find_platform(r->rules->platforms, r->finding->platform));
}

static bool is_own(const struct reading *r, const char *name)
{
	char www[LIMIT_DOMAIN + 5] = "www.";
	const struct slice root = {"/", 1};
	for (size_t i = 0; i < r->own_count; i++)
		if (strcmp(name, r->own[i]) == 0)
			return true;
	strcat(www, name);
	return list_is_harmless(r->rules->platforms, name, root) ||
	       list_is_harmless(r->rules->platforms, www, root) ||
	       list_is_tracking(r->rules->platforms, name);
}

/* In running text: of the sender or of a link. */
static bool is_around(const struct reading *r, const char *name)
{
	const struct links *l = r->rules->links;
	if (r->rules->from_domain[0] && domain_is_below(r->rules->from_domain, name))
		return true;
	for (size_t i = 0; i < l->count; i++)
		if (domain_is_below(l->list[i].host, name))
			return true;
	return false;
}

/* -- counting ---------------------------------------------------------------------------------- */

static void count(struct reading *r, const char *name)
{
	struct finding *f = r->finding;
	uint64_t hash = str_hash_nocase(slice_of(name), 0) | 1;
	size_t slot = hash & (SLOTS - 1);
	for (; r->seen[slot]; slot = (slot + 1) & (SLOTS - 1))
		if (r->seen[slot] == hash)
			return;
	if (f->domain_count == LIMIT_DOMAINS_COUNTED)
		return;
	r->seen[slot] = hash;
	f->domain_count++;
	if (f->domain_kept < LIMIT_DOMAINS)
		slice_copy(slice_of(name), f->domain[f->domain_kept++], LIMIT_DOMAIN + 1);
}

/* -- tokens ------------------------------------------------------------------------------------ */

/* Octets of a character that may stand in a name; 0 for white space and punctuation of any script.
 */
static size_t token_char(struct slice s, size_t i)
{
	uint32_t c;
	if (i >= s.n)
		return 0;
	if ((unsigned char)s.p[i] < 0x80)
		return words_char(s.p[i]) || strchr("-._", s.p[i]) ? s.p[i] != '\0' : 0;
	size_t n = utf8_next(words_from(s, i), &c);
	bool mark = c <= 0xbf || (c >= 0x2000 && c <= 0x206f) || (c >= 0x3000 && c <= 0x303f) ||
		    (c >= 0xff00 && c <= 0xff0f) || (c >= 0xff1a && c <= 0xff20) || c == 0xfffd;
	return mark ? 0 : n;
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* "end.Next": a full stop with a capital behind it, in a token that is not all capitals. */
static bool is_sentence_end(struct slice token)
{
	bool lower = false, capital = false;
	for (size_t i = 0; i < token.n; i++) {
		lower = lower || (token.p[i] >= 'a' && token.p[i] <= 'z');
		capital = capital || (i && token.p[i - 1] == '.' && is_upper(token.p[i]));
	}
	return lower && capital;
}

static bool to_name(const struct reading *r, struct slice token, char to[static LIMIT_DOMAIN + 1])
{
	while (token.n && strchr(".-_", token.p[token.n - 1]))
		token.n--;
	while (token.n && strchr(".-_", *token.p)) {
		token.p++;
		token.n--;
	}
	if (!token.n || !domain_normalise(token, false, to))
		return false;
	const char *org = domain_org(r->rules->suffixes, to);
	return org == to && domain_suffix_known(r->rules->suffixes, to);
}

/* Of Chinese, Japanese, Korean: written without spaces. */
static bool is_wide(char c)
{
	return (unsigned char)c >= 0xe2 || ((unsigned char)c & 0xc0) == 0x80;
}

/* The name in a token; in text of scripts without spaces, in its part of ASCII. */
static bool name_of(const struct reading *r, struct slice token, char to[static LIMIT_DOMAIN + 1])
{
	if (!memchr(token.p, '.', token.n))
		return false;
	if (to_name(r, token, to))
		return true;
	bool wide = false;
	for (size_t i = 0; i < token.n; i++) {
		if ((unsigned char)token.p[i] < 0x80)
			continue;
		if (!is_wide(token.p[i]))
			return false;
		wide = true;
	}
	for (size_t i = 0; wide && i < token.n; i++) {
		size_t start = i;
		while (i < token.n && (unsigned char)token.p[i] < 0x80)
			i++;
		if (i > start && to_name(r, (struct slice){token.p + start, i - start}, to))
			return true;
	}
	return false;
}

/* The next token at or after *at; *ret_foreign: it belongs to a URL or a mail address. */
static bool next_token(struct slice s, size_t *at, struct slice *ret_token, bool *ret_foreign)
{
	size_t i = *at, n;
	while (i < s.n && !token_char(s, i))
		i++;
	if (i == s.n)
		return false;
	size_t start = i;
	struct slice rest = words_from(s, i);
	*ret_foreign = false;
	while ((n = token_char(s, i)) != 0)
		i += n;
	if (slice_starts_nocase(words_from(s, i), "://") || slice_starts_nocase(rest, "www.") ||
	    (start > 1 && s.p[start - 1] == '/')) {
		*ret_foreign = true;
		while (i < s.n && (unsigned char)s.p[i] > 0x20 && !strchr("<>\"", s.p[i]))
			i++;
	} else if ((i < s.n && s.p[i] == '@') || (start && s.p[start - 1] == '@')) {
		*ret_foreign = true;
	}
	*ret_token = (struct slice){s.p + start, i - start};
	*at = i;
	return true;
}

/* -- where a name stands ----------------------------------------------------------------------- */

static const char *const domain_words[] = {"domain",
					   "dom\xc3\xa4n",
					   "domein",
					   "dominio",
					   "dom\xc3\xadnio",
					   "transfer of$",
					   "\xe3\x83\x89\xe3\x83\xa1"
					   "\xe3\x82\xa4\xe3\x83\xb3",
					   NULL};

static bool is_called_domain(struct slice line, struct slice token)
{
	size_t at = (size_t)(token.p - line.p);
	struct slice before = {line.p, at};
	if (at > NEAR)
		before = (struct slice){line.p + at - NEAR, NEAR};
	struct slice cut = before;
	for (unsigned i = 0; i < NEAR_WORDS; i++)
		cut = words_without_last(cut);
	before.p += cut.n;
	before.n -= cut.n;
	struct slice after = words_from(line, at + token.n);
	if (after.n > 8)
		after.n = 8;
	return words_any(before, domain_words) || slice_starts_nocase(slice_trim(after), "domain");
}

/* Nothing but names, numbers and marks. */
static bool is_lone(const struct reading *r, struct slice line)
{
	struct slice token;
	bool foreign, name = false;
	char text[LIMIT_DOMAIN + 1];
	for (size_t at = 0; next_token(line, &at, &token, &foreign);) {
		if (foreign)
			return false;
		if (name_of(r, token, text)) {
			name = true;
			continue;
		}
		for (size_t i = 0; i < token.n; i++)
			if (words_char(token.p[i]) && (token.p[i] < '0' || token.p[i] > '9'))
				return false;
	}
	return name;
}

static void take(struct reading *r, const char *name, enum place place)
{
	if (is_own(r, name) || (place == PLACE_RUNNING && is_around(r, name)))
		return;
	count(r, name);
}

/* Whether a line is of a table. Lines that may be are few: they have a point and a digit. */
static bool is_row(struct reading *r, struct slice line)
{
	bool digit = memchr(line.p, '\xef', line.n) != NULL; /* full width */
	for (size_t i = 0; i < line.n && !digit; i++)
		digit = line.p[i] >= '0' && line.p[i] <= '9';
	if (!digit || !memchr(line.p, '.', line.n))
		return false;
	str_reset(&r->folded);
	fold_lines(line, &r->folded);
	return columns_is_row((struct slice){str_text(&r->folded), r->folded.n});
}

/* The names of one line that stand in the wanted place. */
static void read_line(struct reading *r, struct slice line, enum place want)
{
	struct slice token;
	bool foreign;
	bool table = want == PLACE_STRONG && (is_row(r, line) || is_lone(r, line));
	size_t list_end = 0; /* of the name before, if that was called a domain */
	char name[LIMIT_DOMAIN + 1];
	for (size_t at = 0; next_token(line, &at, &token, &foreign);) {
		if (foreign || !name_of(r, token, name) || (!table && is_sentence_end(token)))
			continue;
		size_t start = (size_t)(token.p - line.p);
		bool strong = table || is_called_domain(line, token) ||
			      (list_end && start - list_end <= LIST_GAP);
		/* a full stop ends an enumeration */
		if (strong)
			list_end = token.p[token.n - 1] == '.' ? 0 : start + token.n;
		if (strong || want == PLACE_RUNNING)
			take(r, name, want);
	}
}

static void read_text(struct reading *r, struct slice text, enum place want)
{
	for (size_t at = 0; at < text.n;) {
		const char *end = memchr(text.p + at, '\n', text.n - at);
		size_t n = end ? (size_t)(end - text.p) - at : text.n - at;
		read_line(r, (struct slice){text.p + at, n}, want);
		at += n + 1;
	}
}

/* Brands stand in square brackets, or have a name like a domain's. */
static void read_subject(struct reading *r, struct slice subject)
{
	static const char *const brands[] = {"who.is"};
	struct slice token;
	bool foreign;
	char name[LIMIT_DOMAIN + 1];
	for (size_t at = 0; next_token(subject, &at, &token, &foreign);) {
		size_t start = (size_t)(token.p - subject.p);
		bool brand =
		    start && at < subject.n && subject.p[start - 1] == '[' && subject.p[at] == ']';
		for (size_t i = 0; i < sizeof brands / sizeof brands[0]; i++)
			brand = brand || slice_is_nocase(token, brands[i]);
		if (!brand && !foreign && name_of(r, token, name))
			take(r, name, PLACE_STRONG);
	}
}

bool names_read(const struct names_rules *rules, struct slice subject, struct slice text,
		struct finding *finding)
{
	struct reading *r = calloc(1, sizeof *r);
	if (!r)
		return false;
	r->rules = rules;
	r->finding = finding;
	r->seen = calloc(SLOTS, sizeof *r->seen);
	bool good = r->seen != NULL;
	finding->domain_kept = finding->domain_count = 0;
	if (good) {
		gather_own(r);
		read_subject(r, subject);
		read_text(r, text, PLACE_STRONG);
		if (!finding->domain_count)
			read_text(r, text, PLACE_RUNNING);
	}
	good = good && !r->folded.failed;
	str_free(&r->folded);
	free(r->seen);
	free(r);
	return good;
}
