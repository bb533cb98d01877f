/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * links_asked.c - asks a browser what it takes for a link, and holds keepname's reading against it.
 *
 * usage: links_asked page FOLDER           writes the page that a browser is to open
 *        links_asked compare FOLDER FILE   reads what it made of it (--dump-dom); TAP
 *
 * The property, for every page and each way in which the browser parses it: every link that it sees
 * is one that keepname reports, with the same host and path, or the page fails. And for every URL
 * alone: the same host and path, or keepname calls it odd. That keepname sees more is allowed.
 */
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/letter/html.h"
#include "tests/links/ours.h"
#include "tests/links/pages.h"

enum {
	MADE = 8000, /* pages from pieces */
	ROUNDS = 10, /* changes of each page of the files */
	SHOWN = 20,  /* failures that are shown */
	ANSWER_MOST = 64 * 1024 * 1024,
};

static void gather(const char *folder, struct pages *pages, struct pages *urls)
{
	pages_read(folder, pages);
	size_t own = pages->count;
	pages_make(MADE, pages);
	pages_spoil(own, ROUNDS, pages);
	pages_read_urls(folder, urls);
	pages_make_urls(urls);
}

/* -- base64 ------------------------------------------------------------------------------------ */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void encode(const struct str *from, struct str *to)
{
	for (size_t i = 0; i < from->n; i += 3) {
		uint32_t v = 0;
		for (size_t k = 0; k < 3; k++)
			v = v << 8 | (i + k < from->n ? (unsigned char)from->p[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			str_putc(to, i + k > from->n ? '=' : digits[v >> (18 - 6 * k) & 63]);
	}
}

static void decode(const char *p, struct str *to)
{
	uint32_t v = 0;
	for (unsigned n = 0; *p && *p != '='; p++) {
		const char *d = strchr(digits, *p);
		if (!d)
			break;
		v = v << 6 | (uint32_t)(d - digits);
		if (++n % 4 != 1)
			str_putc(to, (char)(v >> (n % 4 ? 8 - 2 * (n % 4) : 0) & 255));
	}
}

/* -- the question ------------------------------------------------------------------------------ */

static void put_list(const char *name, const struct pages *p, struct str *to)
{
	str_printf(to, "const %s = [", name);
	for (size_t i = 0; i < p->count; i++) {
		str_puts(to, i ? ",\n\"" : "\n\"");
		encode(&p->page[i].text, to);
		str_putc(to, '"');
	}
	str_puts(to, "];\n");
}

static int write_page(const char *folder)
{
	struct pages pages = {0}, urls = {0};
	struct str to = {0}, path = {0}, script = {0};
	gather(folder, &pages, &urls);
	str_printf(&path, "%s/browser.js", folder);
	if (str_read_file(str_text(&path), ANSWER_MOST, &script) != 0) {
		fprintf(stderr, "%s: cannot be read\n", str_text(&path));
		return 2;
	}
	str_puts(&to, "<!DOCTYPE html><meta charset=utf-8><meta http-equiv=Content-Security-Policy "
		      "content=\"default-src 'none'; script-src 'nonce-ours'; base-uri 'none'\">\n"
		      "<pre id=answer></pre><script nonce=ours>\n");
	put_list("pages", &pages, &to);
	put_list("urls", &urls, &to);
	str_add(&to, script.p, script.n);
	str_puts(&to, "</script>\n");
	bool good = !to.failed && fwrite(to.p, 1, to.n, stdout) == to.n && fflush(stdout) == 0;
	str_free(&to);
	str_free(&path);
	str_free(&script);
	pages_free(&pages);
	pages_free(&urls);
	return good ? 0 : 2;
}

/* -- the answer -------------------------------------------------------------------------------- */

static json_t *read_answer(const char *file)
{
	struct str dom = {0}, text = {0};
	json_error_t error;
	if (str_read_file(file, ANSWER_MOST, &dom) != 0 || !dom.n)
		return NULL;
	const char *start = strstr(str_text(&dom), "<pre id=\"answer\">");
	if (start)
		decode(start + strlen("<pre id=\"answer\">"), &text);
	json_t *answer = text.n ? json_loadb(text.p, text.n, 0, &error) : NULL;
	str_free(&dom);
	str_free(&text);
	return answer;
}

/* What the browser says of a link: kind, protocol, host, path, in the text's own storage. */
struct seen {
	char *text;
	const char *kind, *protocol, *host, *path;
};

static void split(const char *text, bool kind, struct seen *ret_seen)
{
	struct seen s = {.text = strdup(text), .kind = ""};
	char *rest = s.text;
	if (!rest)
		abort();
	if (kind)
		s.kind = strsep(&rest, "\t");
	s.protocol = strsep(&rest, "\t");
	s.host = strsep(&rest, "\t");
	s.path = rest ? rest : "";
	*ret_seen = s;
}

static bool is_web(const struct seen *s)
{
	return strcmp(s->protocol, "https:") == 0 || strcmp(s->protocol, "http:") == 0;
}

static bool leads_nowhere(const struct seen *s)
{
	/* no such host can be */
	if (strstr(s->host, ".."))
		return true;
	/* a page that is loaded from a mail knows no such place */
	if (strcmp(s->host, "base.invalid") == 0 &&
	    (strcmp(s->kind, "meta") == 0 || strcmp(s->kind, "embed") == 0))
		return true;
	return strcmp(s->kind, "form") != 0 &&
	       (strcmp(s->protocol, "mailto:") == 0 || strcmp(s->protocol, "tel:") == 0);
}

static bool accounted(const struct ours *o, const struct seen *s)
{
	if (o->failed || leads_nowhere(s))
		return true;
	return is_web(s) && ours_has(o, s->host, strcmp(s->kind, "text") == 0 ? NULL : s->path);
}

static void show(const struct page *p, const char *what)
{
	printf("# %s: %s\n#   ", p->name, what);
	for (size_t i = 0; i < p->text.n; i++) {
		unsigned char c = (unsigned char)p->text.p[i];
		if (c >= 0x20 && c < 0x7f)
			putchar(c);
		else
			printf("{{%02x}}", c);
	}
	putchar('\n');
}

static void result(unsigned number, size_t failures, size_t of, const char *what)
{
	printf("%s %u - %s (%zu of %zu not so)\n", failures ? "not ok" : "ok", number, what,
	       failures, of);
}

static size_t compare_pages(const struct pages *pages, json_t *answers, size_t *ret_links)
{
	size_t failures = 0, links = 0;
	for (size_t i = 0; i < pages->count; i++) {
		struct ours o;
		json_t *list = json_array_get(answers, i);
		bool good = list != NULL;
		ours_read((struct slice){str_text(&pages->page[i].text), pages->page[i].text.n},
			  &o);
		for (size_t k = 0; k < json_array_size(list); k++) {
			struct seen s;
			const char *text = json_string_value(json_array_get(list, k));
			split(text, true, &s);
			links++;
			if (!accounted(&o, &s)) {
				if (good && failures < SHOWN)
					show(&pages->page[i], text);
				good = false;
			}
			free(s.text);
		}
		failures += !good;
		ours_free(&o);
	}
	*ret_links = links;
	return failures;
}

static size_t compare_open(const struct pages *pages)
{
	size_t failures = 0;
	for (size_t i = 0; i < pages->count; i++) {
		struct ours o;
		if (!pages->page[i].open)
			continue;
		ours_read((struct slice){str_text(&pages->page[i].text), pages->page[i].text.n},
			  &o);
		if (o.failed) {
			show(&pages->page[i], "fails, and should not");
			failures++;
		}
		ours_free(&o);
	}
	return failures;
}

/* A URL alone, as the href of a link. */
static bool url_accounted(struct slice url, const char *answer)
{
	const struct slice none = {NULL, 0};
	struct ours o = {0};
	struct seen s;
	links_add(&o.links, LINK_A, url, none);
	o.failed = o.links.limit || (o.links.count && o.links.list[0].odd);
	split(answer, false, &s);
	bool good = accounted(&o, &s) || (strcmp(s.host, "base.invalid") == 0 && !o.links.count &&
					  url.n && strchr(answer, '\t'));
	ours_free(&o);
	free(s.text);
	return good;
}

static size_t compare_urls(const struct pages *urls, json_t *answers)
{
	size_t failures = 0;
	for (size_t i = 0; i < urls->count; i++) {
		const struct str *text = &urls->page[i].text;
		json_t *answer = json_array_get(answers, i);
		struct slice url = {str_text(text), text->n};
		if (json_is_null(answer))
			continue;
		if (!answer || !url_accounted(url, json_string_value(answer))) {
			if (failures++ < SHOWN)
				show(&urls->page[i],
				     answer ? json_string_value(answer) : "no answer");
		}
	}
	return failures;
}

static int compare(const char *folder, const char *file)
{
	struct pages pages = {0}, urls = {0};
	size_t links = 0;
	json_t *answer = read_answer(file);
	printf("1..5\n");
	if (!answer) {
		printf("Bail out! the browser gave no answer\n");
		return 2;
	}
	gather(folder, &pages, &urls);
	json_t *seen = json_object_get(answer, "pages"), *read = json_object_get(answer, "urls");
	bool all = json_array_size(seen) == pages.count && json_array_size(read) == urls.count;
	bool scripting = json_is_true(json_object_get(answer, "scripting"));
	result(1, !all, pages.count + urls.count, "the browser read every page and URL");
	result(2, !scripting, 1, "it parsed with and without scripting");
	size_t bad = compare_pages(&pages, seen, &links);
	result(3, bad, pages.count, "a link that the browser sees is reported, or fails the page");
	size_t failed = compare_open(&pages);
	result(4, failed, pages.count, "a page without tricks does not fail");
	size_t odd = compare_urls(&urls, read);
	result(5, odd, urls.count, "a URL leads where the browser says, or is odd");
	printf("# %zu links seen by the browser\n", links);
	json_decref(answer);
	pages_free(&pages);
	pages_free(&urls);
	return !all || !scripting || bad || failed || odd;
}

int main(int argc, char **argv)
{
	if (!html_init())
		return 2;
	if (argc == 3 && strcmp(argv[1], "page") == 0)
		return write_page(argv[2]);
	if (argc == 4 && strcmp(argv[1], "compare") == 0)
		return compare(argv[2], argv[3]);
	fprintf(stderr, "usage: links_asked page FOLDER | compare FOLDER FILE\n");
	return 2;
}
