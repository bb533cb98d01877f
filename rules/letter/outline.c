/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outline.c - the shape of a link; see outline.h.
 *
 * What is a secret? A token cannot be told from a word for certain, so the question is turned
 * round: a piece stays as it is only where it looks like something that a programmer wrote. Of a
 * path that is a word, or words joined by "-" or "_", or a page's file name:
 *
 *   letters alone, with at most one digit after them ("raa", "verify-contact", "step2", "v1")
 *   one case, a capital in front, or humps of three letters and more ("ownerChange")
 *   that can be pronounced: vowels and consonants take turns, the rare letters are rare
 *   not made of a to f alone, which is how hexadecimal numbers look
 *   from LONG_WORD letters on only around a stem of this trade: a token of letters may be
 *   pronounceable by chance, and only a long one is worth keeping secret
 *
 * Values of parameters are kept where they are one of a few words ("APPROVE"); all others may be
 * names, addresses or codes. Everything else is a "*". To take a word for a token makes the shape a
 * little wider; to take a token for a word would write it into a database. So in doubt it is a "*".
 *
 * The last word is the shape's own: it must be valid, and must fit the link that it was made of.
 */
#include "rules/letter/outline.h"

#include <stdio.h>
#include <string.h>

#include "rules/core/shape.h"

enum {
	SEGMENT_MOST = 48, /* octets of one that is kept */
	WORD_MOST = 24,    /* letters */
	LONG_WORD = 12,    /* letters, from which on a stem is asked for */
	CAPITALS_MOST = 6, /* letters of a word in capitals: codes like to be capitals */
	HUMP_LEAST = 3,    /* letters between two capitals of one word */
	NAME_MOST = 32,    /* octets of a parameter's name */
	LABEL_SHORT = 12,  /* octets of a host's label that hold no token */
	RUN_CONSONANTS = 4,
	RUN_VOWELS = 3,
	RARE_SHARE = 4, /* at most one rare letter in so many */
	HEX_LEAST = 6,
};

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_one_of(struct slice s, const char *const *words)
{
	for (; *words; words++)
		if (slice_is_nocase(s, *words))
			return true;
	return false;
}

/* -- words ---------------------------------------------------------------------------------- */

static bool has_stem(struct slice s)
{
	static const char *const stems[] = {
	    "verif",   "valid", "confirm", "transfer", "regist",  "domain",   "icann",
	    "contact", "email", "owner",   "change",   "account", "approv",   "customer",
	    "suspen",  "renew", "expir",   "whois",    "privacy", "activat",  "authori",
	    "inform",  "agree", "control", "accept",   "reject",  "response", "service",
	};
	for (size_t i = 0; i < s.n; i++)
		for (size_t k = 0; k < sizeof stems / sizeof stems[0]; k++)
			if (slice_starts_nocase((struct slice){s.p + i, s.n - i}, stems[k]))
				return true;
	return false;
}

static bool can_be_pronounced(struct slice s)
{
	size_t vowels = 0, rare = 0, run = 0;
	bool last = false;
	for (size_t i = 0; i < s.n; i++) {
		char c = str_lower_char(s.p[i]);
		bool vowel = memchr("aeiouy", c, 6) != NULL;
		run = i && vowel == last ? run + 1 : 1;
		last = vowel;
		vowels += vowel;
		rare += memchr("jqxzkwv", c, 7) != NULL;
		if (run > (vowel ? RUN_VOWELS : RUN_CONSONANTS))
			return false;
	}
	if (s.n <= 4)
		return true; /* php, rrp, www */
	return vowels * 5 >= s.n && vowels * 5 <= s.n * 4 && rare * RARE_SHARE <= s.n + 1;
}

/* One case, a capital in front, or humps; capitals in front of a word of this trade may be several
 * ("RAAVerification"). */
static bool is_cased_as_written(struct slice s)
{
	size_t upper = 0, hump = 0, front = 0;
	for (size_t i = 0; i < s.n; i++)
		upper += is_upper(s.p[i]);
	if (upper == s.n)
		return s.n <= CAPITALS_MOST;
	while (is_upper(s.p[front]))
		front++;
	if (front > 2 && front <= CAPITALS_MOST && has_stem(s)) {
		s.p += front - 1;
		s.n -= front - 1;
	}
	for (size_t i = 0; i < s.n; i++) {
		if (is_upper(s.p[i]) && i && hump < HUMP_LEAST)
			return false;
		hump = is_upper(s.p[i]) ? 1 : hump + 1;
	}
	return upper == 0 || hump >= HUMP_LEAST;
}

static bool is_word(struct slice s)
{
	if (s.n > 1 && is_digit(s.p[s.n - 1]))
		s.n--;
	if (s.n == 0 || s.n > WORD_MOST)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!is_lower(s.p[i]) && !is_upper(s.p[i]))
			return false;
	return is_cased_as_written(s) && can_be_pronounced(s) && (s.n < LONG_WORD || has_stem(s));
}

static bool is_hexadecimal(struct slice s)
{
	size_t digits = 0;
	for (size_t i = 0; i < s.n; i++) {
		char c = str_lower_char(s.p[i]);
		if (is_digit(c) || (c >= 'a' && c <= 'f'))
			digits++;
		else if (c != '-' && c != '_')
			return false;
	}
	return digits >= HEX_LEAST;
}

/* Words joined by "-" and "_". */
static bool are_words(struct slice s)
{
	size_t from = 0, digits = 0;
	if (s.n == 0 || s.n > SEGMENT_MOST || is_hexadecimal(s))
		return false;
	for (size_t i = 0; i <= s.n; i++) {
		if (i < s.n && s.p[i] != '-' && s.p[i] != '_') {
			digits += is_digit(s.p[i]);
			continue;
		}
		if (!is_word((struct slice){s.p + from, i - from}))
			return false;
		from = i + 1;
	}
	return digits <= 2;
}

static bool is_page(struct slice s)
{
	static const char *const endings[] = {"php", "html", "htm", "asp", "aspx",   "jsp",
					      "cgi", "do",   "pl",  "cfm", "action", NULL};
	size_t dot = s.n;
	while (dot && s.p[dot - 1] != '.')
		dot--;
	return dot > 1 && is_one_of((struct slice){s.p + dot, s.n - dot}, endings) &&
	       are_words((struct slice){s.p, dot - 1});
}

/* -- pieces --------------------------------------------------------------------------------- */

/* On the stack: no shortage of memory makes another shape. */
struct outline {
	char text[FINDING_SHAPE + 1];
	size_t n;
	bool refused;
};

static void put(struct outline *o, struct slice s)
{
	if (s.n > FINDING_SHAPE - o->n) {
		o->refused = true;
		return;
	}
	if (s.n)
		memcpy(o->text + o->n, s.p, s.n);
	o->n += s.n;
	o->text[o->n] = '\0';
}

static void put_char(struct outline *o, char c)
{
	put(o, (struct slice){&c, 1});
}

/* A secret in its place. Whether "*" can stand for its octets, shape_match says at the end. */
static void put_star(struct outline *o)
{
	put_char(o, '*');
}

static void put_segment(struct outline *o, struct slice s)
{
	if (are_words(s) || is_page(s))
		put(o, s);
	else
		put_star(o);
}

/* Parameters that say where to go on: whoever may set one sends the reader anywhere. */
static bool leads_on(struct slice name)
{
	static const char *const names[] = {
	    "url",      "uri",       "redirect",   "redirect_uri", "redirect_url", "redir",
	    "return",   "returnurl", "return_url", "return_to",    "returnto",     "next",
	    "goto",     "go",        "target",     "dest",         "destination",  "continue",
	    "link",     "href",      "forward",    "out",          "back",         "callback",
	    "location", "u",         NULL};
	return is_one_of(name, names);
}

static bool is_name(struct slice s)
{
	size_t digits = 0;
	if (s.n == 0 || s.n > NAME_MOST || is_hexadecimal(s))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		digits += is_digit(s.p[i]);
		if (!is_lower(s.p[i]) && !is_upper(s.p[i]) && !is_digit(s.p[i]) && s.p[i] != '_' &&
		    s.p[i] != '-' && s.p[i] != '.')
			return false;
	}
	if (s.n < LONG_WORD)
		return digits <= 2;
	return digits <= 1 && are_words(s);
}

static void put_value(struct outline *o, struct slice s)
{
	static const char *const words[] = {
	    "approve", "deny",     "accept",   "reject", "decline",     "confirm",
	    "verify",  "validate", "cancel",   "ack",    "yes",         "no",
	    "true",    "false",    "transfer", "renew",  "ownerchange", NULL};
	if (s.n == 0 || is_one_of(s, words))
		put(o, s);
	else
		put_star(o);
}

static void put_parameter(struct outline *o, struct slice s)
{
	const char *equals = s.n ? memchr(s.p, '=', s.n) : NULL;
	struct slice name = {s.p, equals ? (size_t)(equals - s.p) : 0};
	if (s.n == 0 || (equals && leads_on(name))) {
		o->refused = true;
	} else if (equals && is_name(name)) {
		put(o, (struct slice){s.p, name.n + 1});
		put_value(o, (struct slice){equals + 1, s.n - name.n - 1});
	} else {
		put_star(o);
	}
}

/* The pieces of a part between its marks, the marks with them. */
static void put_pieces(struct outline *o, struct slice part, char mark,
		       void (*put_piece)(struct outline *, struct slice))
{
	size_t from = 0;
	for (size_t i = 0; i <= part.n; i++) {
		if (i < part.n && part.p[i] != mark)
			continue;
		if (i > from || mark != '/')
			put_piece(o, (struct slice){part.p + from, i - from});
		if (i < part.n)
			put_char(o, mark);
		from = i + 1;
	}
}

/* -- the whole ------------------------------------------------------------------------------ */

/* A label of a host that is long and has digits in it, or is a number, may be a token: of a host
 * with a name for each mail nobody can be told by its shape. */
static bool holds_token(const char *host)
{
	for (const char *p = host; *p;) {
		size_t n = strcspn(p, "."), digits = 0;
		struct slice label = {p, n};
		for (size_t i = 0; i < n; i++)
			digits += is_digit(p[i]);
		if (n > LABEL_SHORT && digits >= 2 && !slice_starts_nocase(label, "xn--"))
			return true;
		if (is_hexadecimal(label) && n > HEX_LEAST)
			return true;
		p += n + (p[n] == '.');
	}
	return false;
}

/* It is a shape, and the link's. */
static bool is_its_shape(const char *host, struct slice path, char *text)
{
	char both[LIMIT_DOMAIN + 1 + FINDING_SHAPE + 1], name[LIMIT_DOMAIN + 1];
	struct slice h, p;
	const struct shape s = {name, text};
	if (!slice_copy(slice_of(host), name, sizeof name) || strcmp(text, "/**") == 0)
		return false;
	snprintf(both, sizeof both, "%s %s", host, text);
	return !shape_check(slice_of(both), &h, &p) && shape_match(&s, host, path);
}

bool outline_link(const char *host, struct slice path, char ret_shape[static FINDING_SHAPE + 1])
{
	struct outline o = {0};
	const char *query = path.n ? memchr(path.p, '?', path.n) : NULL;
	size_t n = query ? (size_t)(query - path.p) : path.n;
	if (path.n == 0 || holds_token(host))
		return false;
	put_pieces(&o, (struct slice){path.p, n}, '/', put_segment);
	if (query) {
		put_char(&o, '?');
		put_pieces(&o, (struct slice){query + 1, path.n - n - 1}, '&', put_parameter);
	}
	if (o.refused || !is_its_shape(host, path, o.text))
		return false;
	memcpy(ret_shape, o.text, o.n + 1);
	return true;
}
