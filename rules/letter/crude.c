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
 *     that path. Excused by their attribute's name are pictures (src, unless anything in the octets
 *     embeds pages or scripts), background, xmlns, title and the like; by the parser's own word one
 *     href for each <link> that it saw. javascript: and other schemes in href and action are
 *     excused by nothing.
 *  2. Every URL elsewhere (in comments, styles, scripts, text) must be known as well, but for css's
 *     url(...) and @import, and DOCTYPE.
 *
 * Before that, character references are decoded, also those of HTML 5 that matter in URLs; those of
 * quotes, angle brackets and spaces become an octet that cannot be mistaken for syntax. Time is
 * linear but for values cut at LIMIT_LINK_BYTES. A false alarm sends the mail to a person; a miss
 * may bless a phish: where in doubt, alarm.
 */
#include "rules/letter/crude.h"

#include <stdlib.h>
#include <string.h>

#include "rules/letter/url.h"

#define CODED '\x1a' /* a coded quote, angle bracket or space */

/* -- character references ---------------------------------------------------------------------- */

static const struct {
	const char *name;
	char c; /* 0: vanishes, as tabs and line ends in URLs do */
} references[] = {
    {"amp", '&'},    {"lt", CODED},   {"gt", CODED},  {"quot", CODED}, {"apos", CODED},
    {"colon", ':'},  {"sol", '/'},    {"bsol", '\\'}, {"period", '.'}, {"comma", ','},
    {"commat", '@'}, {"num", '#'},    {"quest", '?'}, {"equals", '='}, {"percnt", '%'},
    {"lowbar", '_'}, {"hyphen", '-'}, {"dash", '-'},  {"plus", '+'},   {"semi", ';'},
    {"lpar", '('},   {"rpar", ')'},   {"lsqb", '['},  {"lbrack", '['}, {"rsqb", ']'},
    {"rbrack", ']'}, {"NewLine", 0},  {"Tab", 0},     {"nbsp", ' '},   {"ZeroWidthSpace", 0},
    {"shy", 0},
};

static bool is_alnum(char c)
{
	c = str_lower_char(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static void put_number(uint32_t c, struct str *to)
{
	if (c == '\t' || c == '\n' || c == '\r' || c == 0xad || c == 0x200b)
		return;
	if (c == 0xa0)
		str_putc(to, ' ');
	else if (c <= 0x20 || c == '"' || c == '\'' || c == '<' || c == '>')
		str_putc(to, CODED);
	else if (c < 0x7f)
		str_putc(to, (char)c);
	else
		str_putc(to, '\xff'); /* no host may hold it, whatever it is */
}

static int digit_of(char c, uint32_t base)
{
	c = str_lower_char(c);
	int v = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
	return v < (int)base ? v : -1;
}

/* "#58;", "#x3a" after "&": octets taken, 0 if it is none. The semicolon may be missing. */
static size_t decode_number(struct slice s, struct str *to)
{
	size_t i = 1;
	uint32_t base = 10, c = 0;
	if (i < s.n && str_lower_char(s.p[i]) == 'x') {
		base = 16;
		i++;
	}
	size_t first = i;
	for (; i < s.n && digit_of(s.p[i], base) >= 0; i++)
		if (c < 0x110000)
			c = c * base + (uint32_t)digit_of(s.p[i], base);
	if (i == first)
		return 0;
	put_number(c, to);
	return i + (i < s.n && s.p[i] == ';');
}

static size_t decode_name(struct slice s, struct str *to)
{
	for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
		size_t n = strlen(references[i].name);
		if (s.n <= n || memcmp(s.p, references[i].name, n) != 0 || s.p[n] != ';')
			continue;
		if (references[i].c)
			str_putc(to, references[i].c);
		return n + 1;
	}
	return 0;
}

static void decode(struct slice html, struct str *to)
{
	for (size_t i = 0; i < html.n; i++) {
		struct slice rest = {html.p + i + 1, html.n - i - 1};
		size_t n = 0;
		if (html.p[i] == '&' && rest.n)
			n = *rest.p == '#' ? decode_number(rest, to) : decode_name(rest, to);
		else if (html.p[i] == '\xc2' && rest.n && *rest.p == '\xa0')
			n = 1, str_putc(to, ' ');
		else if (html.p[i] == '\0')
			continue;
		if (n)
			i += n;
		else
			str_putc(to, html.p[i]);
	}
}

/* -- what is known ----------------------------------------------------------------------------- */

struct scan {
	struct slice text; /* decoded */
	const struct links *links;
	const struct links *passive;
	bool *used;  /* passive ones that have excused an attribute */
	bool embeds; /* somewhere a page or script is embedded: src is not only for pictures */
};

static bool same_start(const char *a, size_t an, const char *b, size_t bn)
{
	return memcmp(a, b, an < bn ? an : bn) == 0;
}

/* A link to the same host whose path begins alike: where the URL ends, readers may differ. */
static bool is_known(const struct links *l, const struct url *u)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct link *k = &l->list[i];
		if (strcmp(k->host, u->host) != 0)
			continue;
		if (!k->host[0] ? k->odd : same_start(k->path, k->path_n, u->path, u->path_n))
			return true;
	}
	return false;
}

static bool is_excused(struct scan *s, const struct url *u)
{
	for (size_t i = 0; i < s->passive->count; i++) {
		const struct link *k = &s->passive->list[i];
		if (s->used[i] || strcmp(k->host, u->host) != 0 || k->path_n != u->path_n ||
		    memcmp(k->path, u->path, u->path_n) != 0)
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
	return (unsigned char)c <= 0x20;
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

static bool is_passive_name(const struct scan *s, struct slice name)
{
	static const char *const passive[] = {"background", "poster",  "lowsrc",  "srcset",
					      "cite",       "title",   "alt",     "longdesc",
					      "profile",    "summary", "content", "aria-label"};
	if (slice_is_nocase(name, "src"))
		return !s->embeds;
	if (slice_starts_nocase(name, "xmlns"))
		return true;
	for (size_t i = 0; i < sizeof passive / sizeof passive[0]; i++)
		if (slice_is_nocase(name, passive[i]))
			return true;
	return false;
}

static bool is_action_name(struct slice name)
{
	return slice_is_nocase(name, "href") || slice_is_nocase(name, "xlink:href") ||
	       slice_is_nocase(name, "action") || slice_is_nocase(name, "formaction");
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
	while (value.n && is_blank(*value.p)) {
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

static bool hidden_in_attribute(struct scan *s, size_t equals)
{
	char quote;
	size_t start = value_start(s->text, equals, &quote);
	if (!may_lead((struct slice){s->text.p + start, s->text.n - start}))
		return false;
	struct slice name = name_before(s->text, equals);
	if (is_passive_name(s, name))
		return false;
	struct url u;
	url_read(value_from(s->text, start, quote), &u);
	if (u.kind == URL_PLACE)
		return !is_known(s->links, &u) &&
		       !(slice_is_nocase(name, "href") && is_excused(s, &u));
	return u.kind == URL_OTHER && is_action_name(name) && !is_known(s->links, &u);
}

/* -- elsewhere --------------------------------------------------------------------------------- */

static bool ends_nocase(struct slice s, const char *tail)
{
	size_t n = strlen(tail);
	return s.n >= n && slice_is_nocase((struct slice){s.p + s.n - n, n}, tail);
}

static bool in_doctype(struct slice before)
{
	for (size_t i = before.n; i-- > 0 && before.n - i < 256;) {
		if (before.p[i] == '>')
			return false;
		if (before.p[i] == '<')
			return slice_starts_nocase((struct slice){before.p + i, before.n - i},
						   "<!doctype");
	}
	return false;
}

/* What stands before a URL: an attribute (looked at already), or what makes it passive. */
static bool is_passive_place(struct slice text, const char *url)
{
	struct slice before = {text.p, (size_t)(url - text.p)};
	if (in_doctype(before))
		return true;
	while (before.n &&
	       (is_blank(before.p[before.n - 1]) || strchr("\"'", before.p[before.n - 1])))
		before.n--;
	return ends_nocase(before, "=") || ends_nocase(before, "url(") ||
	       ends_nocase(before, "@import");
}

static bool hidden_elsewhere(const struct scan *s)
{
	struct slice found;
	for (size_t at = 0; links_find(s->text, &at, &found);) {
		struct url u;
		url_read(found, &u);
		if (u.kind == URL_NOWHERE || is_known(s->links, &u))
			continue;
		if (!is_passive_place(s->text, found.p))
			return true;
	}
	return false;
}

static bool holds(struct slice text, const char *word)
{
	for (size_t i = 0; i < text.n; i++)
		if (slice_starts_nocase((struct slice){text.p + i, text.n - i}, word))
			return true;
	return false;
}

static bool scan(struct scan *s)
{
	static const char *const embedding[] = {"<iframe", "<frame",  "<embed",
						"<object", "<script", "<portal"};
	for (size_t i = 0; i < sizeof embedding / sizeof embedding[0]; i++)
		s->embeds = s->embeds || holds(s->text, embedding[i]);
	for (size_t i = 0; i < s->text.n; i++)
		if (s->text.p[i] == '=' && hidden_in_attribute(s, i))
			return true;
	return hidden_elsewhere(s);
}

bool crude_scan(struct slice html, const struct links *links, const struct links *passive,
		bool *ret_hidden)
{
	struct str decoded = {0};
	bool *used = calloc(passive->count ? passive->count : 1, sizeof *used);
	decode(html, &decoded);
	bool good = used && !decoded.failed;
	struct scan s = {.text = {str_text(&decoded), decoded.n},
			 .links = links,
			 .passive = passive,
			 .used = used};
	if (good)
		*ret_hidden = scan(&s);
	free(used);
	str_free(&decoded);
	return good;
}
