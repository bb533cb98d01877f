/* SPDX-License-Identifier: BSD-2-Clause */
/* changes_show.c - what another list would change; see changes_show.h. */
#include "cli/senders/changes_show.h"

#include <stdio.h>
#include <string.h>

#include "cli/command.h"

static const struct {
	const char *mark, *colour;
} forms[CHANGE_KIND_COUNT] = {
    [CHANGE_WIDENED] = {"!", "\033[1;31m"},
    [CHANGE_ADDED] = {"+", "\033[33m"},
    [CHANGE_REMOVED] = {"-", "\033[36m"},
    [CHANGE_NARROWED] = {"<", ""},
    [CHANGE_OTHER] = {"~", ""},
};

static void put_from(const struct sender *s, struct str *to)
{
	str_printf(to, "%s%s", s->from != NULL ? "" : "*@", s->from != NULL ? s->from : s->domain);
}

static void put_classes(uint32_t classes, struct str *to)
{
	const char *between = "";

	for (int i = 1; i < CLASS_COUNT; i++)
		if ((classes & 1u << i) != 0) {
			str_printf(to, "%s%s", between, class_name((enum class_id)i));
			between = " ";
		}
}

/* The shapes of `in` that are not, as they are written, among those of `out`. */
static void put_links(const struct sender *in, const struct sender *out, struct str *to)
{
	const char *between = "";

	for (size_t i = 0; i < in->link_count; i++) {
		size_t k = 0;

		while (k < out->link_count && (strcmp(in->link[i].host, out->link[k].host) != 0 ||
					       strcmp(in->link[i].path, out->link[k].path) != 0))
			k++;
		if (k < out->link_count)
			continue;
		str_printf(to, "%s%s %s", between, in->link[i].host, in->link[i].path);
		between = ", ";
	}
}

/* What a sign stands for in this entry, or nothing. */
static void put_detail(const struct change *c, enum change_sign sign, struct str *to)
{
	const bool more = c->kind == CHANGE_WIDENED;
	const struct sender *large = more ? c->after : c->before;
	const struct sender *small = more ? c->before : c->after;
	struct str detail = {0};

	if (large == NULL || small == NULL)
		return;
	if (sign == CHANGE_CLASSES)
		put_classes(large->classes & ~small->classes, &detail);
	else if (sign == CHANGE_LINKS)
		put_links(large, small, &detail);
	else if (sign == CHANGE_ADDRESS || sign == CHANGE_WHOLE_DOMAIN)
		put_from(c->after, &detail);
	if (detail.n > 0)
		str_printf(to, " (%s)", str_text(&detail));
	str_free(&detail);
}

/* The address of what comes or goes; in which ways the rest differs. */
static void put_what(const struct change *c, struct str *to)
{
	const struct sender *only = c->after != NULL ? c->after : c->before;

	if ((c->kind == CHANGE_ADDED || c->kind == CHANGE_REMOVED) && only != NULL) {
		str_puts(to, ": ");
		put_from(only, to);
		str_puts(to, ", ");
		put_classes(only->classes, to);
		if (!only->enabled)
			str_puts(to, ", disabled");
	}
	for (int i = 0, any = 0; i < CHANGE_SIGN_COUNT; i++) {
		if ((c->signs & 1u << i) == 0)
			continue;
		str_printf(to, "%s%s", any++ != 0 ? ", " : ": ",
			   change_sign_text((enum change_sign)i, c->kind == CHANGE_WIDENED));
		put_detail(c, (enum change_sign)i, to);
	}
}

void changes_print(const struct changes *c, bool colour)
{
	struct str line = {0};

	for (size_t i = 0; i < c->count; i++) {
		const struct change *one = &c->list[i];
		const char *start = colour ? forms[one->kind].colour : "";

		str_reset(&line);
		str_printf(&line, "%s ", forms[one->kind].mark);
		if (one->of == CHANGE_OF_PLATFORM)
			str_puts(&line, "platform ");
		str_puts(&line, one->name);
		put_what(one, &line);
		printf("%s%s%s\n", start, str_text(&line), *start != '\0' ? "\033[0m" : "");
	}
	str_free(&line);
}

static json_t *change_json(const struct change *c)
{
	const struct sender *s = c->after != NULL ? c->after : c->before;
	json_t *one = json_object(), *signs = json_array();
	struct str from = {0};

	if (s != NULL)
		put_from(s, &from);
	for (int i = 0; i < CHANGE_SIGN_COUNT; i++)
		if ((c->signs & 1u << i) != 0)
			json_array_append_new(
			    signs, json_string(change_sign_text((enum change_sign)i,
								c->kind == CHANGE_WIDENED)));
	json_object_set_new(one, "change", json_string(change_kind_name(c->kind)));
	json_object_set_new(one, "of", json_string(change_of_name(c->of)));
	json_object_set_new(one, "name", json_string(c->name));
	json_object_set_new(one, "from", cli_json_text(str_text(&from)));
	json_object_set_new(one, "own", s != NULL ? json_boolean(s->local) : json_null());
	json_object_set_new(one, "enabled", s != NULL ? json_boolean(s->enabled) : json_null());
	json_object_set_new(one, "signs", signs);
	str_free(&from);
	return one;
}

json_t *changes_json(const struct changes *c)
{
	json_t *array = json_array();

	for (size_t i = 0; i < c->count; i++)
		json_array_append_new(array, change_json(&c->list[i]));
	return array;
}

json_t *changes_counts_json(const struct changes *c)
{
	json_t *counts = json_object();

	for (int i = 0; i < CHANGE_KIND_COUNT; i++)
		json_object_set_new(counts, change_kind_name((enum change_kind)i),
				    json_integer((json_int_t)c->of_kind[i]));
	return counts;
}
