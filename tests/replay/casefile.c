/* SPDX-License-Identifier: BSD-2-Clause */
/* casefile.c - see casefile.h. */
#include "tests/replay/casefile.h"

#include <stdlib.h>
#include <string.h>

static const char *const field_names[] = {
    "Note",         "Mail",
    "Replace",      "Sign",
    "Keys",         "Spoil",
    "Now",          "Mail-From",
    "Client-Ip",    "Helo",
    "Dns",          "Trusted-Hop",
    "Sender-Signs", "Body-Cut",
    "Verdict",      "Lane",
    "Class",        "Registrar",
    "Domains",      "Domain-Count",
    "Deadline",     "Deadline-Source",
    "Reasons",      "Conditions",
    "Proof",        "Platform",
    "Links",        "Shapes",
    "Edits",
};

static void complain(struct diags *diags, const struct casefile *c, unsigned line, const char *what)
{
	diag_add(diags, DIAG_ERROR, c->path, line, 0, "%s", what);
}

static bool is_known(struct slice name)
{
	for (size_t i = 0; i < sizeof field_names / sizeof field_names[0]; i++)
		if (slice_is(name, field_names[i]))
			return true;
	return false;
}

static bool check(struct casefile *c, struct diags *diags)
{
	size_t errors = diags->errors;
	for (size_t i = 0; i < c->stanza.count; i++)
		if (!is_known(c->stanza.field[i].name))
			complain(diags, c, c->stanza.field[i].line, "no field of a case");
	if (!str_to_time(casefile_get(c, "Now"), &c->now))
		complain(diags, c, 0, "Now: a time is expected");
	if (!casefile_get(c, "Verdict").p)
		complain(diags, c, 0, "a case must name its Verdict");
	return diags->errors == errors;
}

bool casefile_read(const struct folder_file *file, struct casefile *ret_case, struct diags *diags)
{
	struct casefile c = {.path = file->path};
	struct stanza more;
	struct stanza_reader reader =
	    stanza_reader_of((struct slice){file->text.p, file->text.n}, file->path, diags);
	if (!stanza_next(&reader, &c.stanza) || stanza_next(&reader, &more)) {
		complain(diags, &c, 0, "exactly one stanza is expected");
		return false;
	}
	const char *slash = strrchr(file->path, '/');
	const char *base = slash ? slash + 1 : file->path;
	c.name = slice_dup((struct slice){base, strlen(base) - strlen(".case")});
	if (!c.name || !check(&c, diags)) {
		free(c.name);
		return false;
	}
	*ret_case = c;
	return true;
}

void casefile_free(struct casefile *c)
{
	free(c->name);
}

struct slice casefile_get(const struct casefile *c, const char *name)
{
	const struct field *f = stanza_get(&c->stanza, name);
	return f ? slice_trim(f->value) : (struct slice){NULL, 0};
}

bool casefile_yes(const struct casefile *c, const char *name)
{
	return slice_is(casefile_get(c, name), "yes");
}

static void add_single_spaced(struct slice s, struct str *to)
{
	bool space = false;
	for (size_t i = 0; i < s.n; i++) {
		space = space || str_is_space(s.p[i]);
		if (str_is_space(s.p[i]))
			continue;
		if (space)
			str_putc(to, ' ');
		space = false;
		str_putc(to, s.p[i]);
	}
}

static bool join(const struct casefile *c, const char *name,
		 bool (*next)(const struct field *, struct field_walk *, struct slice *, unsigned *,
			      unsigned *),
		 const char *sep, struct str *to)
{
	const struct field *f = stanza_get(&c->stanza, name);
	struct field_walk walk = {0};
	struct slice part;
	unsigned line, column;
	bool first = true;
	if (!f)
		return false;
	while (next(f, &walk, &part, &line, &column)) {
		if (!first)
			str_puts(to, sep);
		first = false;
		add_single_spaced(part, to);
	}
	return true;
}

bool casefile_lines(const struct casefile *c, const char *name, struct str *to)
{
	return join(c, name, field_next_line, "\n", to);
}

bool casefile_items(const struct casefile *c, const char *name, struct str *to)
{
	return join(c, name, field_next_item, ", ", to);
}
