/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * list_value.h - the values of list stanzas: what list_read.c and list_sender.c read fields with.
 *
 * Each function checks one form of value, reports what is wrong with it at its line and column,
 * and copies what is right into the list's arena. Whatever fails (memory too) marks the stanza as
 * bad: it then adds nothing to the list.
 */
#ifndef RULES_CORE_LIST_VALUE_H
#define RULES_CORE_LIST_VALUE_H

#include "rules/core/list_private.h"
#include "rules/core/stanza.h"

/* One call of list_parse, and the stanza that it is at. */
struct reading {
	struct list *list;
	const char *file; /* owned by the list */
	struct diags *diags;
	bool local;
	bool bad; /* this stanza has an error */
	unsigned line;
	/* The drafts, one of which the stanza fills. */
	struct sender sender;
	struct platform platform;
	struct host_set hosts;
	struct link_for link_for;
	struct list_release release;
};

/* The fields of one kind of stanza; the first is the one that it begins with. */
struct field_rule {
	const char *name; /* NULL ends a table */
	size_t length;    /* of the name, so that most comparisons end before they begin */
	void (*read)(struct reading *r, const struct field *f);
	bool required;
};
#define FIELD_RULE(name, read, required)               \
	{                                              \
		name, sizeof(name) - 1, read, required \
	}
#define FIELD_RULE_END               \
	{                            \
		NULL, 0, NULL, false \
	}

extern const struct field_rule list_sender_rules[];

/* field_next_line or field_next_item. */
typedef bool value_next(const struct field *f, struct field_walk *walk, struct slice *ret_item,
			unsigned *ret_line, unsigned *ret_column);

/* Reports "FIELD: FOUND, expected EXPECTED". */
void value_refuse(struct reading *r, const struct field *f, struct slice found, unsigned line,
		  unsigned column, const char *expected);

void *value_take(struct reading *r, size_t n);
char *value_copy(struct reading *r, struct slice s);
char *value_copy_lower(struct reading *r, struct slice s);
/* A copy, or before where that says the same already. */
char *value_share(struct reading *r, struct slice s, char *before);

/* How many pieces there are, an error if none; room for one element for each. */
size_t value_count(struct reading *r, const struct field *f, value_next *next);
void *value_room(struct reading *r, const struct field *f, value_next *next, size_t size);

/* The only line of a value. */
bool value_line(struct reading *r, const struct field *f, struct slice *ret_item);
/* Free text: its lines, parted by line feeds. */
char *value_text(struct reading *r, const struct field *f);
/* The name of an entry. */
bool value_name(struct reading *r, const struct field *f, struct slice *ret_name);
/* One of a few words, by its number; SIZE_MAX if it is none of them. */
size_t value_word(struct reading *r, const struct field *f, const char *const *words, size_t count,
		  const char *expected);
bool value_class(struct reading *r, const struct field *f, struct slice name, unsigned line,
		 unsigned column, enum class_id *ret_class);
/* Shapes, one a line; wide: also such whose host stands for customers' labels. */
void value_links(struct reading *r, const struct field *f, bool wide, struct shape **ret_link,
		 size_t *ret_count);
/* "CLASS N, …" */
void value_days(struct reading *r, const struct field *f, uint16_t *days);
/* Host names, into their one spelling. */
void value_hosts(struct reading *r, const struct field *f, value_next *next, char ***ret_host,
		 size_t *ret_count);
/* An exact address, lower case; *ret_domain is a part of *ret_address. */
bool value_address(struct reading *r, const struct field *f, struct slice item, unsigned line,
		   unsigned column, char **ret_address, char **ret_domain);

#endif
