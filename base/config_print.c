/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config_print.c - a configuration, or the sample, as keepname.conf would have it, from the table
 * of options. What is printed here is read again as the same (a test).
 */
#include "base/config.h"

#include <string.h>

#include "base/options.h"
#include "base/str.h"

enum {
	HELP_WIDTH = 76, /* of a line of help */
};

static void say_member(const struct config *config, const struct config_option *o, struct str *to)
{
	const void *member = (const char *)config + o->offset;
	const struct config_list *list = member;
	switch (o->type) {
	case OPTION_TEXT:
		str_printf(to, "%s%s", o->prefix ? o->prefix : "", *(char *const *)member);
		break;
	case OPTION_LIST:
		for (size_t i = 0; i < list->count; i++)
			str_printf(to, "%s%s", i ? ", " : "", list->item[i]);
		break;
	case OPTION_NUMBER: str_printf(to, "%ld", *(const long *)member); break;
	case OPTION_SIZE: option_size_print(*(const long *)member, to); break;
	case OPTION_MODE: str_printf(to, "%04lo", (unsigned long)*(const long *)member); break;
	case OPTION_CHOICE: {
		struct slice word = option_choice_at(o->choices, (size_t) * (const long *)member);
		str_add(to, word.p, word.n);
		break;
	}
	}
}

char *config_value(const struct config *config, size_t option)
{
	struct str text = {0};
	if (option >= option_count)
		return NULL;
	say_member(config, &option_table[option], &text);
	return str_take(&text);
}

/* Values hold no backslash, and never both kinds of quotes: the scanner sees to that. */
static void print_quoted(const char *value, FILE *to)
{
	char quote = strchr(value, '"') ? '\'' : '"';
	fprintf(to, "%c%s%c", quote, value, quote);
}

/* Comma-separated text as a list in braces. */
static void print_list(const char *text, FILE *to)
{
	struct slice rest = slice_of(text);
	const char *before = "";
	fputc('{', to);
	while (rest.n > 0) {
		size_t n = strcspn(rest.p, ",");
		struct slice one = slice_trim((struct slice){rest.p, n});
		fprintf(to, "%s\"%.*s\"", before, (int)one.n, one.p);
		before = ", ";
		n += n < rest.n ? 1 : 0;
		rest = (struct slice){rest.p + n, rest.n - n};
	}
	fputc('}', to);
}

static void print_statement(const struct config_option *o, const char *value, FILE *to)
{
	fprintf(to, "%s = ", o->name);
	if (o->type == OPTION_LIST)
		print_list(value, to);
	else if (o->type == OPTION_TEXT)
		print_quoted(value, to);
	else
		fputs(value, to);
	fputc('\n', to);
}

/* The help as comment lines, broken between words. */
static void print_help(const struct config_option *o, FILE *to)
{
	size_t used = 0;
	for (const char *p = o->help; *p;) {
		size_t n = strcspn(p, " ");
		if (used && used + 1 + n > HELP_WIDTH) {
			fputc('\n', to);
			used = 0;
		}
		used += (size_t)fprintf(to, "%s%.*s", used ? " " : "# ", (int)n, p);
		p += n;
		p += strspn(p, " ");
	}
	fputc('\n', to);
}

void config_print(const struct config *config, bool with_help, FILE *to)
{
	for (size_t i = 0; i < option_count; i++) {
		struct str value = {0};
		say_member(config, &option_table[i], &value);
		if (with_help && i)
			fputc('\n', to);
		if (with_help)
			print_help(&option_table[i], to);
		print_statement(&option_table[i], str_text(&value), to);
		str_free(&value);
	}
}

void config_print_sample(FILE *to)
{
	fputs("# keepname.conf - see keepname.conf(5). Options in comments show their defaults.\n",
	      to);
	for (size_t i = 0; i < option_count; i++) {
		const struct config_option *o = &option_table[i];
		fputc('\n', to);
		print_help(o, to);
		if (!o->required)
			fputc('#', to);
		print_statement(o, o->standard, to);
	}
}
