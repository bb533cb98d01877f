/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crude.c - why a second look at HTML, and how crude it is.
 *
 * libxml2 is not the recipient's mail client. It ignores <A/HREF=...>, ends a comment where a
 * client does not, knows fewer character references. Whoever finds one such difference could show a
 * link that we never judged. So the octets are looked at once more with no idea of tags:
 *
 *  1. After every "=", whatever stands there (in quotes or not, with tabs and line ends inside) is
 *     read as a URL. If it leads somewhere, the parser must have reported a link to that host with
 *     that path. The value of href, action and the like must have been reported whatever it is:
 *     relative ones, javascript:.
 *  2. Every URL elsewhere (in comments, styles, scripts, text) must be known as well.
 *
 *     What leads nobody anywhere (pictures, style sheets, xmlns, DOCTYPE, tooltips) is excused by
 *     the parser's own word alone: each such URL that it saw, once.
 *  3. The host of a URL must be known also where tags are left out of the text (joined.h).
 *  4. What no registrar's mail holds and where readers differ most (control characters, scripts,
 *     templates, elements whose text is no markup) fails whatever it says.
 *
 * Before that, character references are decoded, also those of HTML 5 that matter in URLs; those of
 * quotes, angle brackets and spaces become an octet that cannot be mistaken for syntax. Time is
 * linear but for values cut at LIMIT_LINK_BYTES. A false alarm sends the mail to a person; a miss
 * may bless a phish: where in doubt, alarm.
 */
#include "rules/letter/crude.h"

#include <stdlib.h>
#include <string.h>

#include "rules/letter/joined.h"
#include "rules/letter/references.h"
#include "rules/letter/url.h"

#define CODED    '\x1a' /* a coded quote, angle bracket or space */
#define NO_BREAK '\x1b' /* the space that is none to markup */

/* -- character references ---------------------------------------------------------------------- */

static bool is_alnum(char c)
{
	c = str_lower_char(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Vanishes: tabs and line ends in URLs, and what nobody sees. */
static void put(uint32_t c, struct str *to)
{
	if (c == '\t' || c == '\n' || c == '\r' || c == 0xad || (c >= 0x200b && c <= 0x200f) ||
	    c == 0x2060)
		return;
	if (c == 0xa0)
		str_putc(to, NO_BREAK);
	else if (c <= 0x20 || c == '"' || c == '\'' || c == '<' || c == '>')
		str_putc(to, CODED);
	else if (c < 0x7f)
		str_putc(to, (char)c);
	else
		str_putc(to, '\xff'); /* no host may hold it, whatever it is */
}

static void decode(struct slice html, struct str *to)
{
	for (size_t i = 0; i < html.n; i++) {
		struct slice rest = {html.p + i, html.n - i};
		uint32_t c;
		size_t n = 0;
		if (html.p[i] == '&')
			n = references_at(rest, &c);
		else if (slice_starts_nocase(rest, "\xc2\xa0"))
			n = 2, c = 0xa0;
		else if (html.p[i] == '\0')
			continue;
		if (n)
			put(c, to);
		else
			str_putc(to, html.p[i]);
		i += n ? n - 1 : 0;
	}
}

/* -- what is known ----------------------------------------------------------------------------- */

struct scan {
	struct slice text; /* decoded */
	const struct links *links;
	const struct links *passive;
	bool *used; /* passive ones that have excused one */
};

/* What may stand behind a URL that ends at an octet which is none of it to the parser: a tag
 * without blanks, the name of a character that crude.c does not know, what a sentence puts there.
 */
static bool is_behind(struct slice rest)
{
	if (rest.n && (*rest.p == '<' || *rest.p == '&')) {
		bool tag = *rest.p == '<';
		size_t i = 1;
		while (i < rest.n && (is_alnum(rest.p[i]) || (tag && strchr("/!-", rest.p[i]))))
			i++;
		return i > 1 && (i == rest.n || (!tag && rest.p[i] == ';'));
	}
	for (size_t i = 0; i < rest.n; i++)
		if (!strchr(".,;:!?'\"*_)]~", rest.p[i]))
			return false;
	return true;
}

enum ends {
	ENDS_THERE, /* of an attribute: nothing more, nothing less */
	ENDS_BLANK, /* somewhere before a blank or ">" */
	ENDS_TEXT,  /* in a text that markup may go through */
};

static bool same_path(const struct link *k, const struct url *u, enum ends ends)
{
	size_t n = k->path_n < u->path_n ? k->path_n : u->path_n;
	if (memcmp(k->path, u->path, n) != 0)
		return false;
	if (ends == ENDS_TEXT && n == u->path_n)
		return true;
	return n == k->path_n &&
	       (n == u->path_n ||
		(ends != ENDS_THERE && is_behind((struct slice){u->path + n, u->path_n - n})));
}

static bool is_known(const struct links *l, const struct url *u, enum ends ends)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct link *k = &l->list[i];
		if (strcmp(k->host, u->host) != 0)
			continue;
		if (!k->host[0] ? k->odd : same_path(k, u, ends))
			return true;
	}
	return false;
}

/* A relative one, by its spelling: where it leads, a base decides. */
static bool is_known_relative(const struct links *l, struct slice value)
{
	value = slice_trim(value);
	for (size_t i = 0; i < l->count; i++)
		if (l->list[i].url_n == value.n && memcmp(l->list[i].url, value.p, value.n) == 0)
			return true;
	return false;
}

static bool is_excused(struct scan *s, const struct url *u, enum ends ends)
{
	for (size_t i = 0; i < s->passive->count; i++) {
		const struct link *k = &s->passive->list[i];
		if (s->used[i] || strcmp(k->host, u->host) != 0 || !same_path(k, u, ends))
			continue;
		s->used[i] = true;
		return true;
	}
	return false;
}

/* -- attributes -------------------------------------------------------------------------------- */

static bool is_name_char(char c)
{
	return is_alnum(c) || c == '-' || c == '_' || c == ':';
}

static bool is_blank(char c)
{
	return (unsigned char)c <= 0x20 && c != NO_BREAK && c != CODED;
}

/* The name before the "=" at i. */
static struct slice name_before(struct slice text, size_t i)
{
	while (i && is_blank(text.p[i - 1]))
		i--;
	size_t end = i;
	while (i && is_name_char(text.p[i - 1]))
		i--;
	return (struct slice){text.p + i, end - i};
}

static bool is_action_name(struct slice name)
{
	static const char *const action[] = {"href",       "xlink:href", "action",
					     "formaction", "data",       "srcdoc"};
	for (size_t i = 0; i < sizeof action / sizeof action[0]; i++)
		if (slice_is_nocase(name, action[i]))
			return true;
	return false;
}

/* Where the value after the "=" at i begins, and the quote that ends it, if it has one. */
static size_t value_start(struct slice text, size_t i, char *ret_quote)
{
	i++;
	while (i < text.n && is_blank(text.p[i]))
		i++;
	*ret_quote = '\0';
	if (i < text.n && (text.p[i] == '"' || text.p[i] == '\''))
		*ret_quote = text.p[i++];
	return i;
}

/* One longer than a link may be is cut behind that. */
static struct slice value_from(struct slice text, size_t start, char quote)
{
	size_t end = start;
	while (end < text.n && end - start <= LIMIT_LINK_BYTES) {
		char c = text.p[end];
		if (quote ? c == quote : is_blank(c) || c == '>')
			break;
		end++;
	}
	return (struct slice){text.p + start, end - start};
}

/* Whether it may be anything but a relative URL, without reading it all. */
static bool may_lead(struct slice value)
{
	while (value.n && (is_blank(*value.p) || *value.p == CODED)) {
		value.p++;
		value.n--;
	}
	if (value.n && (*value.p == '/' || *value.p == '\\'))
		return true;
	if (slice_starts_nocase(value, "www."))
		return true;
	/* a scheme, maybe with blanks inside */
	for (size_t i = 0; i < value.n && i < 64; i++) {
		char c = value.p[i];
		if (c == ':')
			return i > 0;
		if (!is_alnum(c) && !is_blank(c) && c != '+' && c != '-' && c != '.')
			return false;
	}
	return false;
}

/* Whether the name stands where an attribute's may: not within a URL or word. */
static bool at_border(struct slice text, struct slice name)
{
	return name.p == text.p || is_blank(name.p[-1]) || strchr("/\"'`<", name.p[-1]);
}

static bool hidden_relative(const struct scan *s, struct slice value)
{
	struct url u;
	url_read(value, &u);
	return u.kind != URL_NOWHERE && !is_known_relative(s->links, value);
}

static bool is_script(struct slice value)
{
	char scheme[12];
	size_t n = 0;
	for (size_t i = 0; i < value.n && n < sizeof scheme - 1; i++)
		if ((unsigned char)value.p[i] > 0x20)
			scheme[n++] = str_lower_char(value.p[i]);
	return (n > 10 && memcmp(scheme, "javascript:", 11) == 0) ||
	       (n > 8 && memcmp(scheme, "vbscript:", 9) == 0);
}

static bool hidden_in_attribute(struct scan *s, size_t equals)
{
	char quote;
	size_t start = value_start(s->text, equals, &quote);
	struct slice name = name_before(s->text, equals);
	struct slice value = value_from(s->text, start, quote);
	bool action = is_action_name(name) && at_border(s->text, name);
	struct url u;
	if (action && value.n && (*value.p == CODED || *value.p == NO_BREAK))
		return true; /* a URL to some, relative to others */
	if (!may_lead(value))
		return action && hidden_relative(s, value);
	url_read(value, &u);
	switch (u.kind) {
	case URL_PLACE:
		return !is_known(s->links, &u, quote || action ? ENDS_THERE : ENDS_BLANK) &&
		       !is_excused(s, &u, quote ? ENDS_THERE : ENDS_BLANK);
	case URL_OTHER:
		return (is_action_name(name) || slice_is_nocase(name, "url") ||
			memmem(value.p, value.n, "//", 2) || is_script(value)) &&
		       !is_known(s->links, &u, ENDS_THERE);
	case URL_RELATIVE: return action && hidden_relative(s, value);
	case URL_NOWHERE: break;
	}
	return false;
}

/* -- elsewhere --------------------------------------------------------------------------------- */

static struct slice without_blanks(struct slice s)
{
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

/* Whether it is the value of something, and was looked at there. */
static bool is_value(struct slice text, const char *url)
{
	struct slice before = without_blanks((struct slice){text.p, (size_t)(url - text.p)});
	if (before.n && strchr("\"'", before.p[before.n - 1]))
		before = without_blanks((struct slice){before.p, before.n - 1});
	return before.n && before.p[before.n - 1] == '=';
}

static bool hidden_elsewhere(struct scan *s)
{
	struct slice found;
	for (size_t at = 0; links_find(s->text, &at, &found);) {
		struct url u;
		url_read(found, &u);
		if (u.kind != URL_NOWHERE && !is_known(s->links, &u, ENDS_TEXT) &&
		    !is_value(s->text, found.p) && !is_excused(s, &u, ENDS_TEXT))
			return true;
	}
	return false;
}

/* -- joined ------------------------------------------------------------------------------------ */

static bool is_host_of(const struct links *l, const struct url *u)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->list[i].host, u->host) == 0 && (u->host[0] || l->list[i].odd))
			return true;
	return false;
}

/* A URL whose host goes on behind a tag. */
static bool hidden_in_joined(const struct scan *s, struct slice joined)
{
	struct slice found;
	for (size_t at = 0; links_find(joined, &at, &found);) {
		struct url u;
		url_read(found, &u);
		if (u.kind != URL_NOWHERE && !is_host_of(s->links, &u) &&
		    !is_host_of(s->passive, &u))
			return true;
	}
	return false;
}

/* -- what no registrar writes ------------------------------------------------------------------ */

static bool holds(struct slice text, const char *word)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == *word &&
		    slice_starts_nocase((struct slice){text.p + i, text.n - i}, word))
			return true;
	return false;
}

/* Tags that are a base to one reader and not to another. */
static bool holds_odd_base(struct slice text)
{
	static const char base[] = "<base";
	for (size_t i = 0; i + sizeof base <= text.n; i++)
		if (text.p[i] == '<' &&
		    slice_starts_nocase((struct slice){text.p + i, text.n - i}, base) &&
		    !is_blank(text.p[i + sizeof base - 1]))
			return true;
	return false;
}

/* A tag without an end is one to some. */
static bool ends_in_tag(struct slice text)
{
	for (size_t i = text.n; i-- > 0 && text.p[i] != '>';)
		if (text.p[i] == '<' && i + 1 < text.n && is_alnum(text.p[i + 1]))
			return true;
	return false;
}

static bool is_crooked(struct slice text)
{
	static const char *const elements[] = {"<math", "<script",   "<template", "<plaintext",
					       "<xmp",  "<textarea", "<noembed",  "<noframes"};
	for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++)
		if (holds(text, elements[i]))
			return true;
	return holds_odd_base(text) || ends_in_tag(text);
}

/* But white space; form feeds are that to some readers. */
static bool has_control(struct slice html)
{
	for (size_t i = 0; i < html.n; i++)
		if (((unsigned char)html.p[i] < 0x20 && !str_is_space(html.p[i])) ||
		    html.p[i] == 0x7f)
			return true;
	return false;
}

static bool scan(struct scan *s)
{
	for (size_t i = 0; i < s->text.n; i++)
		if (s->text.p[i] == '=' && hidden_in_attribute(s, i))
			return true;
	return hidden_elsewhere(s);
}

bool crude_scan(struct slice html, const struct links *links, const struct links *passive,
		bool *ret_hidden)
{
	struct str decoded = {0}, joined = {0};
	bool *used = calloc(passive->count ? passive->count : 1, sizeof *used);
	decode(html, &decoded);
	bool ordered = joined_text((struct slice){str_text(&decoded), decoded.n}, &joined);
	bool good = used && !decoded.failed && !joined.failed;
	struct scan s = {.text = {str_text(&decoded), decoded.n},
			 .links = links,
			 .passive = passive,
			 .used = used};
	if (good)
		*ret_hidden = !ordered || has_control(html) || is_crooked(s.text) || scan(&s) ||
			      hidden_in_joined(&s, (struct slice){str_text(&joined), joined.n});
	free(used);
	str_free(&joined);
	str_free(&decoded);
	return good;
}
