/* SPDX-License-Identifier: BSD-2-Clause */
/* domains_read.c - domains from where people keep them; see domains.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/domains/domains.h"
#include "cli/outside.h"
#include "cli/postfix.h"
#include "rules/core/domain.h"

enum {
	SECONDS = 60, /* for postmap: a map of a million names takes 5 */
	FIRST_SIZE = 64,
};

/* -- names ---------------------------------------------------------------------------------- */

void names_add(struct names *names, const char *name)
{
	if (names->count == names->size) {
		const size_t size = names->size > 0 ? 2 * names->size : FIRST_SIZE;
		char **more = reallocarray(names->name, size, sizeof(*more));

		if (more == NULL) {
			names->failed = true;
			return;
		}
		names->name = more;
		names->size = size;
	}
	names->name[names->count] = strdup(name);
	if (names->name[names->count] == NULL)
		names->failed = true;
	else
		names->count++;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void names_sort(struct names *names)
{
	size_t kept = 0;

	if (names->count > 1)
		qsort(names->name, names->count, sizeof(*names->name), compare);
	for (size_t i = 0; i < names->count; i++) {
		if (kept > 0 && strcmp(names->name[kept - 1], names->name[i]) == 0)
			free(names->name[i]);
		else
			names->name[kept++] = names->name[i];
	}
	names->count = kept;
}

bool names_have(const struct names *names, const char *name)
{
	return names->count > 0 &&
	       bsearch(&name, names->name, names->count, sizeof(*names->name), compare) != NULL;
}

void names_free(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->name[i]);
	free(names->name);
	*names = (struct names){0};
}

/* -- one word ------------------------------------------------------------------------------- */

struct reading {
	const char *source;
	unsigned line;
	struct names *names;
	struct diags *diags;
};

/* What zone lists hold beside domains that somebody has registered. */
static bool ends_in_arpa(struct slice word)
{
	return word.n > 5 && slice_is_nocase((struct slice){word.p + word.n - 5, 5}, ".arpa");
}

static bool is_passed_over(struct slice word)
{
	if (word.n > 0 && word.p[word.n - 1] == '.')
		word.n--;
	return word.n == 0 || memchr(word.p, '.', word.n) == NULL || ends_in_arpa(word);
}

static void take_word(const struct reading *r, struct slice word)
{
	char name[LIMIT_DOMAIN + 1], quoted[128];

	if (is_passed_over(word))
		r->names->passed_over++;
	else if (!domain_normalise(word, true, name))
		diag_add(r->diags, DIAG_ERROR, r->source, r->line, 0,
			 "a domain is expected, not %s", diag_quote(word.p, word.n, quoted));
	else if (r->names->count == LIMIT_OWNED)
		diag_add(r->diags, DIAG_ERROR, r->source, r->line, 0,
			 "more than %d domains (limit)", LIMIT_OWNED);
	else
		names_add(r->names, name);
}

static struct slice first_word(struct slice line)
{
	size_t n = 0;

	line = slice_trim(line);
	if (line.n > 0 && line.p[0] == '"') {
		const char *end = memchr(line.p + 1, '"', line.n - 1);

		if (end != NULL)
			return (struct slice){line.p + 1, (size_t)(end - line.p - 1)};
	}
	while (n < line.n && !str_is_space(line.p[n]) && line.p[n] != '{' && line.p[n] != ';' &&
	       line.p[n] != ',')
		n++;
	return (struct slice){line.p, n};
}

static bool take_prefix(struct slice *line, const char *word)
{
	const size_t n = strlen(word);

	if (line->n <= n || memcmp(line->p, word, n) != 0)
		return false;
	line->p += n;
	line->n -= n;
	return true;
}

/* -- texts ---------------------------------------------------------------------------------- */

static bool take_line(struct slice *text, struct slice *ret_line)
{
	const char *end;

	if (text->n == 0)
		return false;
	end = memchr(text->p, '\n', text->n);
	ret_line->p = text->p;
	ret_line->n = end != NULL ? (size_t)(end - text->p) : text->n;
	text->n -= ret_line->n + (end != NULL);
	text->p += ret_line->n + (end != NULL);
	return true;
}

/* Whether it is a configuration of a name server, whose other lines are not for us. */
enum kind {
	KIND_NAMES,
	KIND_BIND,
	KIND_NSD,
};

static enum kind kind_of(struct slice text)
{
	struct slice line;

	while (take_line(&text, &line)) {
		line = slice_trim(line);
		if (take_prefix(&line, "zone ") || take_prefix(&line, "zone\t"))
			return KIND_BIND;
		if (slice_is(line, "zone:"))
			return KIND_NSD;
	}
	return KIND_NAMES;
}

static void take_text(struct reading *r, struct slice text)
{
	const enum kind kind = kind_of(text);
	bool in_zone = false;
	struct slice line;

	while (take_line(&text, &line)) {
		r->line++;
		line = slice_trim(line);
		if (line.n > LIMIT_OWNED_LINE) {
			diag_add(r->diags, DIAG_ERROR, r->source, r->line, 0,
				 "the line has more than %d octets (limit)", LIMIT_OWNED_LINE);
			continue;
		}
		if (line.n == 0 || line.p[0] == '#' || line.p[0] == ';')
			continue;
		if (kind == KIND_NAMES)
			take_word(r, first_word(line));
		else if (kind == KIND_BIND &&
			 (take_prefix(&line, "zone ") || take_prefix(&line, "zone\t")))
			take_word(r, first_word(line));
		else if (kind == KIND_NSD && line.p[line.n - 1] == ':')
			in_zone = slice_is(line, "zone:");
		else if (kind == KIND_NSD && in_zone && take_prefix(&line, "name:"))
			take_word(r, first_word(line));
	}
}

static void read_text_file(const char *path, struct names *names, struct diags *diags)
{
	struct reading r = {path, 0, names, diags};
	struct str text = {0};
	FILE *from = fopen(path, "re");
	char block[65536];
	struct stat st;
	size_t n;

	if (from == NULL || fstat(fileno(from), &st) < 0) {
		diag_add(diags, DIAG_ERROR, path, 0, 0, "%s", strerror(errno));
		if (from != NULL)
			fclose(from);
		return;
	}
	while (text.n <= LIMIT_OWNED_BYTES && (n = fread(block, 1, sizeof(block), from)) > 0)
		str_add(&text, block, n);
	if (ferror(from) || text.failed)
		diag_add(diags, DIAG_ERROR, path, 0, 0, "%s",
			 text.failed ? "memory is short" : strerror(errno));
	else if (text.n > LIMIT_OWNED_BYTES)
		diag_add(diags, DIAG_ERROR, path, 0, 0, "more than %d octets (limit)",
			 LIMIT_OWNED_BYTES);
	else
		take_text(&r, (struct slice){text.p, text.n});
	fclose(from);
	str_free(&text);
}

/* -- Postfix -------------------------------------------------------------------------------- */

/* postmap lists a map's keys and values; not all types can be listed. */
static void read_map(const char *map, struct names *names, struct diags *diags)
{
	const char *const argv[] = {"postmap", "-s", map, NULL};
	struct reading r = {map, 0, names, diags};
	struct outside o = {0};
	struct str words = {0};

	/* A text file is read as it is: postmap lists no texthash. */
	if (strncmp(map, "texthash:", 9) == 0) {
		read_text_file(map + 9, names, diags);
		return;
	}
	if (outside_run_long(argv, SECONDS, LIMIT_OWNED_BYTES, &o) != 0)
		diag_add(
		    diags, DIAG_ERROR, map, 0, 0,
		    "postmap -s cannot list it (%s); a file of names is the other way",
		    o.status == OUTSIDE_ABSENT ? "there is no postmap" : outside_words(&o, &words));
	else if (o.out.n >= LIMIT_OWNED_BYTES)
		diag_add(diags, DIAG_ERROR, map, 0, 0, "more than %d octets (limit)",
			 LIMIT_OWNED_BYTES);
	else
		take_text(&r, (struct slice){o.out.p, o.out.n});
	outside_free(&o);
	str_free(&words);
}

/* A value of main.cf: names and maps between commas and blanks. */
static void read_setting(const char *setting, struct slice value, struct names *names,
			 struct diags *diags)
{
	struct reading r = {setting, 0, names, diags};

	while (value.n > 0) {
		size_t n = 0;
		char word[512];

		while (n < value.n && !str_is_space(value.p[n]) && value.p[n] != ',')
			n++;
		struct slice part = {value.p, n};

		if (n == 0)
			n = 1;
		else if (memchr(part.p, ':', part.n) == NULL && part.p[0] != '/')
			take_word(&r, part);
		else if (slice_copy(part, word, sizeof(word)))
			names_read(word, names, diags);
		value.p += n;
		value.n -= n;
	}
}

static void read_postfix(struct names *names, struct diags *diags)
{
	static const char *const settings[] = {"mydestination", "relay_domains",
					       "virtual_alias_domains", "virtual_mailbox_domains"};
	struct postfix p;
	char why[512];

	if (postfix_open(NULL, &p, why) != POSTFIX_OPEN) {
		diag_add(diags, DIAG_ERROR, "postfix", 0, 0, "%s", why);
		return;
	}
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		struct str value = {0};

		if (postfix_value(&p, settings[i], &value))
			read_setting(settings[i], slice_of(str_text(&value)), names, diags);
		str_free(&value);
	}
	postfix_close(&p);
}

void names_read(const char *source, struct names *names, struct diags *diags)
{
	const char *colon = strchr(source, ':');

	if (strcmp(source, "postfix") == 0)
		read_postfix(names, diags);
	else if (source[0] != '/' && source[0] != '.' && colon != NULL)
		read_map(source, names, diags);
	else
		read_text_file(source, names, diags);
}
