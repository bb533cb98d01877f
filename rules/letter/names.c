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
#include "rules/letter/columns.h"
#include "rules/letter/token.h"
#include "rules/letter/words.h"

enum {
	SLOTS = 16384,  /* a power of two, over twice LIMIT_DOMAINS_COUNTED */
	NEAR = 48,      /* octets before a name in which it is called a domain */
	NEAR_WORDS = 4, /* words of these */
	AFTER = 24,     /* octets after it */
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
	struct str folded;                    /* of what is looked at */
	bool failed;                          /* memory is short */
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

/* -- where a name stands ----------------------------------------------------------------------- */

/* Words for "domain", folded. */
static const char *const domain_words[] = {
    "domain",       "doman",    "domein", "dominio", "domen", "domæne", "alan ad", "ten mien",
    "transfer of$", "ドメイン", "域名",   "网域",    "網域",  "도메인", NULL};
/* Of scripts without spaces: they may be in the token itself. */
static const char *const wide_words[] = {"ドメイン", "域名", "网域", "網域", "도메인", NULL};
/* The same behind the name. */
static const char *const domain_words_after[] = {"domain", "alan ad", "ドメイン",
						 "域名",   "도메인",  NULL};

/* Some octets before or after a name, in the form of fold.h. */
static struct slice folded(struct reading *r, struct slice s)
{
	str_reset(&r->folded);
	fold_text(s, &r->folded);
	r->failed = r->failed || r->folded.failed;
	return (struct slice){str_text(&r->folded), r->folded.n};
}

/* The words before it are looked at from an offset on, where another name ends. */
static bool is_called_domain(struct reading *r, struct slice line, size_t from, struct slice token)
{
	size_t at = (size_t)(token.p - line.p);
	from = at - from > NEAR ? at - NEAR : from;
	struct slice before = {line.p + from, at - from};
	struct slice cut = before;
	for (unsigned i = 0; i < NEAR_WORDS; i++)
		cut = words_without_last(cut);
	before.p += cut.n;
	before.n -= cut.n;
	struct slice after = words_from(line, at + token.n);
	if (after.n > AFTER)
		after.n = AFTER;
	if (words_any(folded(r, before), domain_words) || words_any(token, wide_words))
		return true;
	after = slice_trim(folded(r, after));
	for (const char *const *word = domain_words_after; *word; word++)
		if (slice_starts_nocase(after, *word))
			return true;
	return false;
}

/* The name that is the token, or in it. */
static bool name_of(const struct reading *r, struct slice line, struct slice token,
		    char to[static LIMIT_DOMAIN + 1])
{
	bool anchored = token_is_wide(token) && token_is_anchored(line, token);
	return token_name(r->rules->suffixes, token, anchored, to);
}

/* White space alone around it: nothing can belong to the name and not to the token. */
static bool stands_alone(struct slice line, struct slice token)
{
	const char *end = token.p + token.n;
	return (token.p == line.p || str_is_space(token.p[-1])) &&
	       (end == line.p + line.n || str_is_space(*end));
}

/* What footers name: nobody's matter, unless it is called a domain. */
static bool is_footer(const char *name)
{
	static const char *const names[] = {"facebook.com",
					    "twitter.com",
					    "x.com",
					    "linkedin.com",
					    "instagram.com",
					    "youtube.com",
					    "tiktok.com",
					    "pinterest.com",
					    "xing.com",
					    "github.com",
					    "trustpilot.com",
					    "google.com",
					    "gmail.com",
					    "apple.com",
					    "microsoft.com",
					    "threads.net",
					    "whatsapp.com",
					    "telegram.org",
					    "weibo.com",
					    "who.is",
					    "xn--t8jx73hngb.com", /* a brand: お名前.com */
					    NULL};
	for (size_t i = 0; names[i]; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Nothing but names, numbers and marks. */
static bool is_lone(const struct reading *r, struct slice line)
{
	struct slice token;
	bool foreign, name = false;
	char text[LIMIT_DOMAIN + 1];
	for (size_t at = 0; token_next(line, &at, &token, &foreign);) {
		if (foreign)
			return false;
		if (!token_runs_on(token) && token_name(r->rules->suffixes, token, true, text)) {
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
	bool digit = memchr(line.p, 0xef, line.n) != NULL; /* full width */
	for (size_t i = 0; i < line.n && !digit; i++)
		digit = line.p[i] >= '0' && line.p[i] <= '9';
	if (!digit || !memchr(line.p, '.', line.n))
		return false;
	str_reset(&r->folded);
	fold_lines(line, &r->folded);
	r->failed = r->failed || r->folded.failed;
	return columns_is_row((struct slice){str_text(&r->folded), r->folded.n});
}

/* Between two names of one enumeration. */
static bool is_gap(struct slice gap)
{
	static const char *const words[] = {"and$", "or$", "und$", "oder$", "et$",  "ou$",   "y$",
					    "e$",   "o$",  "en$",  "of$",   "och$", "og$",   "i$",
					    "a$",   "ve$", "va$",  "dan$",  "lub$", "nebo$", NULL};
	bool letter = false;
	for (size_t i = 0; i < gap.n; i++)
		letter = letter || ((unsigned char)gap.p[i] < 0x80 && words_char(gap.p[i]));
	return gap.n <= LIST_GAP && (!letter || words_any(gap, words));
}

/* The names of one line that stand in the wanted place. */
static void read_line(struct reading *r, struct slice line, enum place want)
{
	struct slice token;
	bool foreign;
	bool row = want == PLACE_STRONG && is_row(r, line);
	bool table = row || (want == PLACE_STRONG && is_lone(r, line));
	size_t list_end = 0; /* of the name before, if that was called a domain */
	size_t name_end = 0; /* of the name before */
	char name[LIMIT_DOMAIN + 1];
	for (size_t at = 0; token_next(line, &at, &token, &foreign);) {
		size_t start = (size_t)(token.p - line.p);
		struct slice gap = {line.p + list_end, start - list_end};
		bool listed = list_end && is_gap(gap);
		bool alone = (table || listed) && !token_runs_on(token);
		bool found = !foreign && (alone ? token_name(r->rules->suffixes, token, true, name)
						: name_of(r, line, token, name));
		if (!found || (!table && token_is_sentence_end(token, name)))
			continue;
		bool strong = row || listed || is_called_domain(r, line, name_end, token);
		name_end = start + token.n;
		if (!strong && (is_footer(name) || token_is_prose(name)))
			continue;
		strong = strong || table;
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
	static const char *const brands[] = {"who.is", "xn--t8jx73hngb.com"};
	struct slice token;
	bool foreign;
	char name[LIMIT_DOMAIN + 1];
	for (size_t at = 0; token_next(subject, &at, &token, &foreign);) {
		size_t start = (size_t)(token.p - subject.p);
		bool brand =
		    start && at < subject.n && subject.p[start - 1] == '[' && subject.p[at] == ']';
		bool anchored = token_is_anchored(subject, token) || stands_alone(subject, token);
		if (brand || foreign || !token_name(r->rules->suffixes, token, anchored, name) ||
		    token_is_sentence_end(token, name))
			continue;
		for (size_t i = 0; i < sizeof brands / sizeof brands[0]; i++)
			brand = brand || strcmp(name, brands[i]) == 0;
		if (!brand)
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
	good = good && !r->failed;
	str_free(&r->folded);
	free(r->seen);
	free(r);
	return good;
}
