/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * html.c - libxml2's push parser, by SAX: no tree, so no depth and no quadratic search.
 *
 * Attribute values and text come with their character references decoded. libxml2 knows HTML 4's
 * names alone, so those of HTML 5 that matter are made numbers beforehand (references.h); what it
 * leaves as "&name;" is marked odd by url.c.
 * The encoding is what we say (UTF-8): a <meta charset> does not change it, but one that is not
 * known here sets the links' limit. On short memory the links are marked failed and reading ends.
 */
#include "rules/letter/html.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#include "rules/core/charset.h"
#include "rules/letter/references.h"
#include "rules/letter/url.h"

enum {
	CHUNK = 16 * 1024,
	SHOWN = 512, /* octets of a link's own text that are looked at */
};

struct reader {
	struct str *text;
	struct links *links;
	struct links *passive;
	unsigned left_out; /* open script, style, title */
	unsigned pre;
	unsigned tables; /* open ones */
	bool line_start; /* nothing but white space since the last newline */
	bool space;      /* white space seen, not yet written */
	bool in_a;
	struct str href;  /* of the open <a> */
	struct str shown; /* what stands in it */
	bool in_style;
	struct str style; /* its text */
};

static bool is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

static const char *const left_out[] = {"script", "style", "title", NULL};
static const char *const cells[] = {"td", "th", NULL};
static const char *const blocks[] = {
    "address",  "article", "aside",  "blockquote", "center", "dd",   "div",  "dl",  "dt",
    "fieldset", "figure",  "footer", "form",       "h1",     "h2",   "h3",   "h4",  "h5",
    "h6",       "header",  "hr",     "legend",     "li",     "main", "menu", "nav", "ol",
    "option",   "p",       "pre",    "section",    "table",  "ul",   NULL};
/* Outside of a table readers pass over these and join the text around them. */
static const char *const rows[] = {"caption", "tbody", "tfoot", "thead", "tr", NULL};

static void newline(struct reader *r)
{
	if (!r->line_start)
		str_putc(r->text, '\n');
	r->line_start = true;
	r->space = false;
}

/* White space, and the no-break space, which authors use as padding. */
static size_t space_at(const char *p, size_t n)
{
	if (str_is_space(*p) || *p == '\f')
		return 1;
	return n >= 2 && (unsigned char)p[0] == 0xc2 && (unsigned char)p[1] == 0xa0 ? 2 : 0;
}

static void add_text(struct reader *r, const char *p, size_t n)
{
	while (n) {
		size_t space = space_at(p, n);
		if (space && r->pre && *p == '\n') {
			str_putc(r->text, '\n');
			r->line_start = true;
		} else if (space) {
			r->space = true;
		} else {
			if (r->space && !r->line_start)
				str_putc(r->text, ' ');
			str_putc(r->text, *p);
			r->line_start = r->space = false;
		}
		size_t step = space ? space : 1;
		p += step;
		n -= step;
	}
}

/* A URL that leads nobody anywhere. */
static void add_passive(struct reader *r, struct slice url)
{
	links_add(r->passive, LINK_A, url, (struct slice){NULL, 0});
}

/* Whether what stands before makes it a style's: url(...), @import. */
static bool is_styles(struct slice text, const char *url)
{
	struct slice before = {text.p, (size_t)(url - text.p)};
	while (before.n &&
	       (str_is_space(before.p[before.n - 1]) || strchr("\"'", before.p[before.n - 1])))
		before.n--;
	static const char *const marks[] = {"url(", "@import"};
	for (size_t i = 0; i < 2; i++) {
		size_t n = strlen(marks[i]);
		if (before.n >= n &&
		    slice_is_nocase((struct slice){before.p + before.n - n, n}, marks[i]))
			return true;
	}
	return false;
}

/* Of a style element, or a style attribute. One that holds a tag is something else to somebody. */
static void read_style(struct reader *r, struct slice text)
{
	struct slice url;
	for (size_t i = 0; i + 1 < text.n; i++)
		if (text.p[i] == '<' && text.p[i + 1] != '!')
			return;
	for (size_t at = 0; links_find(text, &at, &url);)
		if (is_styles(text, url.p))
			add_passive(r, url);
}

static void end_style(struct reader *r)
{
	read_style(r, (struct slice){str_text(&r->style), r->style.n});
	if (r->style.failed)
		r->links->failed = true;
	str_reset(&r->style);
}

/* Adds to what stands in a link, white space as one space. */
static void show(struct reader *r, const char *p, size_t n)
{
	while (n && r->shown.n < SHOWN) {
		size_t space = space_at(p, n), step = space ? space : 1;
		if (!space)
			str_putc(&r->shown, *p);
		else if (r->shown.n && r->shown.p[r->shown.n - 1] != ' ')
			str_putc(&r->shown, ' ');
		p += step;
		n -= step;
	}
}

static void on_characters(void *context, const xmlChar *text, int n)
{
	struct reader *r = context;
	if (r->in_style && n > 0)
		str_add(&r->style, text, (size_t)n);
	if (r->left_out || n <= 0)
		return;
	const char *p = (const char *)text;
	add_text(r, p, (size_t)n);
	if (r->in_a)
		show(r, p, (size_t)n);
}

static void on_cdata(void *context, const xmlChar *text, int n)
{
	on_characters(context, text, n);
}

static void add(struct reader *r, enum link_kind kind, const char *url)
{
	links_add(r->links, kind, slice_of(url), (struct slice){NULL, 0});
}

static void end_a(struct reader *r)
{
	if (!r->in_a)
		return;
	r->in_a = false;
	if (r->href.failed || r->shown.failed)
		r->links->failed = true;
	links_add(r->links, LINK_A, (struct slice){str_text(&r->href), r->href.n},
		  (struct slice){str_text(&r->shown), r->shown.n});
}

static void begin_a(struct reader *r, const char *url)
{
	end_a(r);
	str_reset(&r->href);
	str_reset(&r->shown);
	str_puts(&r->href, url);
	r->in_a = true;
}

static const char *attribute(const xmlChar **list, const char *name)
{
	for (; list && list[0]; list += 2)
		if (str_same_nocase((const char *)list[0], name))
			return list[1] ? (const char *)list[1] : "";
	return NULL;
}

/* Readers that load no pictures show this. */
static void show_picture(struct reader *r, const xmlChar **list)
{
	const char *alt = attribute(list, "alt");
	if (!alt)
		return;
	show(r, " ", 1);
	show(r, alt, strlen(alt));
	show(r, " ", 1);
}

/* "5; url='...'" (WHATWG HTML 4.2.5.3); "url=" may be missing. */
static struct slice refresh_target(const char *content)
{
	struct slice s = slice_trim(slice_of(content));
	while (s.n && (strchr("0123456789.;, \t\r\n\f", *s.p))) {
		s.p++;
		s.n--;
	}
	if (slice_starts_nocase(s, "url")) {
		struct slice after = slice_trim((struct slice){s.p + 3, s.n - 3});
		if (after.n && *after.p == '=')
			s = slice_trim((struct slice){after.p + 1, after.n - 1});
	}
	if (s.n && (*s.p == '"' || *s.p == '\'')) {
		const char *end = memchr(s.p + 1, *s.p, s.n - 1);
		s.n = end ? (size_t)(end - s.p) - 1 : s.n - 1;
		s.p++;
	}
	return s;
}

/* Whether a reader who believes it reads what we read. UTF-16 is there by mistake only (the octets
 * would show it), and browsers take it for UTF-8. */
static bool is_harmless_charset(struct slice name)
{
	struct str none = {0};
	bool known = charset_to_utf8(name, (struct slice){"", 0}, &none);
	str_free(&none);
	return known || slice_starts_nocase(slice_trim(name), "utf-16");
}

static void read_charset(struct reader *r, const char *charset, const char *content)
{
	if (!charset && content) {
		const char *at = content;
		while (*at && !slice_starts_nocase(slice_of(at), "charset"))
			at++;
		at += strcspn(at, "=");
		charset = *at ? at + 1 : NULL;
	}
	if (!charset)
		return;
	charset += strspn(charset, " \t\r\n\"'");
	if (!is_harmless_charset((struct slice){charset, strcspn(charset, " \t\r\n\"';")}))
		r->links->limit = true;
}

static void read_meta(struct reader *r, const xmlChar **list)
{
	const char *equiv = attribute(list, "http-equiv");
	const char *content = attribute(list, "content");
	read_charset(r, attribute(list, "charset"), content);
	if (!equiv || !content || !slice_is_nocase(slice_trim(slice_of(equiv)), "refresh"))
		return;
	links_add(r->links, LINK_META, refresh_target(content), (struct slice){NULL, 0});
}

/* Pages inside the page. */
static void read_embedded(struct reader *r, const char *name, const xmlChar **list)
{
	static const struct {
		const char *element, *attribute;
	} embedded[] = {
	    {"iframe", "src"},  {"iframe", "srcdoc"},   {"frame", "src"},  {"embed", "src"},
	    {"object", "data"}, {"applet", "codebase"}, {"portal", "src"},
	};
	for (size_t i = 0; i < sizeof embedded / sizeof embedded[0]; i++) {
		const char *url = strcmp(name, embedded[i].element) == 0
				      ? attribute(list, embedded[i].attribute)
				      : NULL;
		if (url)
			add(r, LINK_A, url);
	}
}

static void read_passive(struct reader *r, const char *name, const xmlChar **list)
{
	static const char *const pictures[] = {"img",    "image", "input",  "video",       "audio",
					       "source", "track", "v:fill", "v:imagedata", NULL};
	static const char *const passive[] = {
	    "src",     "background", "poster",  "lowsrc",  "srcset", "cite",       "title", "alt",
	    "profile", "longdesc",   "summary", "content", "xmlns",  "aria-label", NULL};
	for (; list && list[0]; list += 2) {
		const char *attribute = (const char *)list[0];
		struct slice value = slice_of((const char *)list[1]);
		struct url u;
		if (strcmp(attribute, "style") == 0)
			read_style(r, value);
		if (strcmp(attribute, "src") == 0 && !is_one_of(name, pictures))
			continue;
		if (!is_one_of(attribute, passive) && strncmp(attribute, "xmlns:", 6) != 0 &&
		    !(strcmp(name, "link") == 0 && strcmp(attribute, "href") == 0))
			continue;
		url_read(value, &u);
		if (u.kind == URL_PLACE)
			add_passive(r, value);
	}
}

static void on_doctype(void *context, const xmlChar *name, const xmlChar *public,
		       const xmlChar *system)
{
	(void)name;
	/* one with ">" in its quotes (then there is no public) ends there to a browser */
	if (system && public && !strpbrk((const char *)system, "<>"))
		add_passive(context, slice_of((const char *)system));
}

/* It may lead anywhere; readers of mail do not run it, but the browser in which a mail is viewed.
 */
static bool runs_script(const xmlChar **list)
{
	for (; list && list[0]; list += 2)
		if (strncmp((const char *)list[0], "on", 2) == 0 && list[0][2] && list[1] &&
		    list[1][0])
			return true;
	return false;
}

static void read_links(struct reader *r, const char *name, const xmlChar **list)
{
	const char *href = attribute(list, "href");
	if (!href)
		href = attribute(list, "xlink:href");
	if (strcmp(name, "a") == 0) {
		end_a(r);
		if (href)
			begin_a(r, href);
	} else if (href && strcmp(name, "area") == 0) {
		add(r, LINK_AREA, href);
	} else if (href && strcmp(name, "base") == 0) {
		add(r, LINK_BASE, href);
	} else if (href && strcmp(name, "link") != 0) {
		add(r, LINK_A, href);
	}
	const char *action = attribute(list, "action");
	if (action)
		add(r, LINK_FORM, action);
	action = attribute(list, "formaction");
	if (action)
		add(r, LINK_FORM, action);
	if (strcmp(name, "meta") == 0)
		read_meta(r, list);
	read_embedded(r, name, list);
	if (runs_script(list))
		add(r, LINK_A, "javascript:");
}

static void on_start(void *context, const xmlChar *element, const xmlChar **list)
{
	struct reader *r = context;
	const char *name = (const char *)element;
	if (is_one_of(name, left_out))
		r->left_out++;
	r->in_style = r->in_style || strcmp(name, "style") == 0;
	r->tables += strcmp(name, "table") == 0;
	if (is_one_of(name, blocks) || (r->tables && is_one_of(name, rows))) {
		newline(r);
	} else if (strcmp(name, "br") == 0) {
		str_putc(r->text, '\n');
		r->line_start = true;
		r->space = false;
	} else if (r->tables && is_one_of(name, cells) && !r->line_start) {
		str_puts(r->text, "  ");
		r->space = false;
	}
	if (strcmp(name, "pre") == 0)
		r->pre++;
	if (r->in_a && strcmp(name, "img") == 0)
		show_picture(r, list);
	read_links(r, name, list);
	read_passive(r, name, list);
}

static void on_end(void *context, const xmlChar *element)
{
	struct reader *r = context;
	const char *name = (const char *)element;
	if (is_one_of(name, left_out) && r->left_out)
		r->left_out--;
	if (strcmp(name, "style") == 0) {
		end_style(r);
		r->in_style = false;
	}
	if (strcmp(name, "pre") == 0 && r->pre)
		r->pre--;
	if (strcmp(name, "a") == 0)
		end_a(r);
	if (is_one_of(name, blocks) || (r->tables && is_one_of(name, rows)))
		newline(r);
	r->tables -= strcmp(name, "table") == 0 && r->tables;
}

bool html_init(void)
{
	struct str text = {0};
	struct links links = {0}, passive = {.repeats = true};
	xmlInitParser();
	html_read(slice_of("<p>&uuml;<a href='https://example.com/?a=1&amp;b=2'>x</a>"), &text,
		  &links, &passive);
	bool good = !text.failed && !links.failed && links.count == 1;
	str_free(&text);
	links_free(&links);
	links_free(&passive);
	return good;
}

static void parse(struct slice html, struct reader *r)
{
	xmlSAXHandler sax = {.internalSubset = on_doctype,
			     .startElement = on_start,
			     .endElement = on_end,
			     .characters = on_characters,
			     .ignorableWhitespace = on_characters,
			     .cdataBlock = on_cdata};
	htmlParserCtxtPtr c =
	    htmlCreatePushParserCtxt(&sax, r, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
	if (!c) {
		r->links->failed = true;
		return;
	}
	htmlCtxtUseOptions(c, HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC |
				  HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
	for (size_t at = 0; at < html.n; at += CHUNK) {
		size_t n = html.n - at < CHUNK ? html.n - at : CHUNK;
		htmlParseChunk(c, html.p + at, (int)n, 0);
	}
	htmlParseChunk(c, "", 0, 1);
	if (c->errNo == XML_ERR_NO_MEMORY)
		r->links->failed = true;
	if (c->myDoc)
		xmlFreeDoc(c->myDoc);
	htmlFreeParserCtxt(c);
}

void html_read(struct slice html, struct str *text, struct links *links, struct links *passive)
{
	struct reader r = {.text = text, .links = links, .passive = passive, .line_start = true};
	struct str plain = {0};
	size_t first = links->count;
	references_plain(html, &plain);
	if (plain.failed)
		links->failed = true;
	else
		parse((struct slice){str_text(&plain), plain.n}, &r);
	end_a(&r);
	end_style(&r);
	newline(&r);
	links_rebase(links, first);
	str_free(&plain);
	str_free(&r.href);
	str_free(&r.shown);
	str_free(&r.style);
}
