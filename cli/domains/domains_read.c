/* SPDX-License-Identifier: BSD-2-Clause */
/* domains_read.c - domains from where people keep them; see domains.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/domains/domains.h"
#include "cli/domains/zones.h"
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

void names_take(const struct reading *r, struct slice word)
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

/* -- texts ---------------------------------------------------------------------------------- */

bool names_line(struct slice *text, struct slice *ret_line)
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

void names_too_long(const struct reading *r)
{
	diag_add(r->diags, DIAG_ERROR, r->source, r->line, 0,
		 "the line has more than %d octets (limit)", LIMIT_OWNED_LINE);
}

static bool is_remark(struct slice line)
{
	return line.n == 0 || line.p[0] == '#' || line.p[0] == ';';
}

static void take_list(struct reading *r, struct slice text)
{
	struct slice line;

	while (names_line(&text, &line)) {
		r->line++;
		line = slice_trim(line);
		if (line.n > LIMIT_OWNED_LINE)
			names_too_long(r);
		else if (!is_remark(line))
			names_take(r, first_word(line));
	}
}

/* -- maps ----------------------------------------------------------------------------------- */

/* The left side of a line: up to white space that is not quoted. */
static struct slice key_of(struct slice line)
{
	bool quoted = false;
	size_t n = 0;

	while (n < line.n && (quoted || !str_is_space(line.p[n]))) {
		if (line.p[n] == '\\' && n + 1 < line.n)
			n++;
		else if (line.p[n] == '"')
			quoted = !quoted;
		n++;
	}
	return (struct slice){line.p, n};
}

/* user@domain, @domain, domain, .domain (and what lies below it), or a local part alone. */
static void take_key(const struct reading *r, struct slice key)
{
	const char *at = memrchr(key.p, '@', key.n);

	if (at != NULL) {
		key.n -= (size_t)(at + 1 - key.p);
		key.p = at + 1;
	} else if (key.n > 1 && key.p[0] == '"' && key.p[key.n - 1] == '"') {
		key.p++;
		key.n -= 2;
	} else if (key.n > 1 && key.p[0] == '.') {
		key.p++;
		key.n--;
	} else if (memchr(key.p, '.', key.n) == NULL && !slice_is(key, "*")) {
		r->names->local++;
		return;
	}
	if (at != NULL && key.n > 0 && key.p[0] == '[')
		r->names->passed_over++; /* an address literal */
	else
		names_take(r, key);
}

/* As postmap(1) reads one: a line that begins with white space goes on with the one before. */
static void take_map(struct reading *r, struct slice text)
{
	const size_t before = r->names->count + r->names->passed_over, local = r->names->local;
	struct slice line;

	while (names_line(&text, &line)) {
		r->line++;
		if (line.n > LIMIT_OWNED_LINE)
			names_too_long(r);
		else if (line.n > 0 && !str_is_space(line.p[0]) && line.p[0] != '#')
			take_key(r, key_of(line));
	}
	if (r->names->local > local && r->names->count + r->names->passed_over == before &&
	    r->diags->errors == 0)
		diag_add(r->diags, r->may_lack ? DIAG_WARNING : DIAG_ERROR, r->source, 0, 0,
			 "its left sides are local parts, as of aliases: they name no domain "
			 "(keepname domains import postfix knows those that are delivered here)");
}

/* The first line that says something. */
static struct slice first_line(struct slice text)
{
	struct slice line;

	while (names_line(&text, &line))
		if (!is_remark(slice_trim(line)))
			return slice_trim(line);
	return (struct slice){text.p, 0};
}

/* A list of names has no addresses; nobody quotes one in a map of domains. */
static bool is_map(struct slice text)
{
	struct slice line;

	while (names_line(&text, &line))
		if (!is_remark(slice_trim(line)) && !str_is_space(line.p[0]) &&
		    memchr(line.p, '@', key_of(line).n) != NULL)
			return true;
	return false;
}

/* aliases(5): "name: value"; and a table of patterns: "/pattern/ value", "if /pattern/". */
static bool is_aliases(struct slice line)
{
	const struct slice key = key_of(line);

	return key.n > 1 && key.p[key.n - 1] == ':';
}

static bool is_patterns(struct slice line)
{
	return line.n > 0 && (line.p[0] == '/' || slice_starts_nocase(line, "if /") ||
			      slice_starts_nocase(line, "if !/"));
}

static void take_text(struct reading *r, struct slice text)
{
	const struct slice line = first_line(text);

	if (zones_is_bind(text))
		zones_read_bind(r, text);
	else if (zones_is_sections(text))
		zones_read_sections(r, text);
	else if (is_patterns(line))
		diag_add(r->diags, DIAG_ERROR, r->source, 0, 0,
			 "a table of patterns names no domains; a file of names is the other way");
	else if (is_aliases(line))
		diag_add(
		    r->diags, DIAG_ERROR, r->source, 0, 0,
		    "local aliases name no domain; keepname domains import postfix knows those "
		    "that are delivered here");
	else if (is_map(text))
		take_map(r, text);
	else
		take_list(r, text);
}

static void read_text_file(const char *path, void (*take)(struct reading *r, struct slice text),
			   bool may_lack, struct names *names, struct diags *diags)
{
	struct reading r = {path, 0, names, diags, may_lack};
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
		take(&r, (struct slice){text.p, text.n});
	fclose(from);
	str_free(&text);
}

/* -- Postfix -------------------------------------------------------------------------------- */

static bool is_of_patterns(const char *map)
{
	static const char *const types[] = {"regexp:", "pcre:", "cidr:"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strncmp(map, types[i], strlen(types[i])) == 0)
			return true;
	return false;
}

/* postmap lists a map's keys and values; not all types can be listed. */
static void read_map(const char *map, bool may_lack, struct names *names, struct diags *diags)
{
	const char *const argv[] = {"postmap", "-s", map, NULL};
	struct reading r = {map, 0, names, diags, may_lack};
	struct outside o = {0};
	struct str words = {0};

	if (strncmp(map, "proxy:", 6) == 0)
		map += 6;
	if (is_of_patterns(map)) {
		diag_add(diags, may_lack ? DIAG_WARNING : DIAG_ERROR, map, 0, 0,
			 "a table of patterns names no domains; a file of names is the other way");
		return;
	}
	/* A text file is read as it is: postmap lists no texthash. */
	if (strncmp(map, "texthash:", 9) == 0) {
		read_text_file(map + 9, take_map, may_lack, names, diags);
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
		take_map(&r, (struct slice){o.out.p, o.out.n});
	outside_free(&o);
	str_free(&words);
}

/* A value of main.cf: names and maps between commas and blanks. */
static void read_setting(const char *setting, struct slice value, struct names *names,
			 struct diags *diags)
{
	/* It is $virtual_alias_maps where nobody has set it, and these may hold anything. */
	const bool may_lack = strcmp(setting, "virtual_alias_domains") == 0;
	struct reading r = {setting, 0, names, diags, may_lack};

	while (value.n > 0) {
		size_t n = 0;
		char word[512] = "";

		while (n < value.n && !str_is_space(value.p[n]) && value.p[n] != ',')
			n++;
		struct slice part = {value.p, n};

		if (n == 0)
			n = 1;
		else if (memchr(part.p, ':', part.n) == NULL && part.p[0] != '/')
			names_take(&r, part);
		else if (slice_copy(part, word, sizeof(word)) && word[0] == '/')
			names_read(word, names, diags);
		else if (word[0] != '\0')
			read_map(word, may_lack, names, diags);
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
		read_map(source, false, names, diags);
	else
		read_text_file(source, take_text, false, names, diags);
}
