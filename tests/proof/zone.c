/* SPDX-License-Identifier: BSD-2-Clause */
/* DNS as a table; see zone.h. Memory that runs short shows as false or ANSWER_TROUBLE. */
#include "tests/proof/zone.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHASED = 16, /* CNAME in a row */
};

enum kind {
	KIND_RECORD,
	KIND_CNAME,
	KIND_TROUBLE,
	KIND_NAME,
};

struct entry {
	struct entry *next;
	enum kind kind;
	enum question_type type;
	char *name;
	struct slice data; /* owned; a CNAME's target with a NUL */
};

struct said {
	struct said *next;
	enum question_type type;
	bool expected; /* else asked */
	struct answer answer;
	char name[];
};

struct zone {
	struct entry *first, **last;
	struct said *said;
	struct zone_counts counts;
};

struct zone *zone_new(void)
{
	struct zone *z = calloc(1, sizeof *z);
	if (z)
		z->last = &z->first;
	return z;
}

void zone_counts_reset(struct zone *z)
{
	z->counts = (struct zone_counts){0};
	while (z->said) {
		struct said *next = z->said->next;
		answer_free(&z->said->answer);
		free(z->said);
		z->said = next;
	}
}

void zone_free(struct zone *z)
{
	if (!z)
		return;
	zone_counts_reset(z);
	while (z->first) {
		struct entry *next = z->first->next;
		free(z->first->name);
		free((void *)(uintptr_t)z->first->data.p);
		free(z->first);
		z->first = next;
	}
	free(z);
}

/* -- filling -------------------------------------------------------------------------------- */

static bool add(struct zone *z, enum kind kind, const char *name, enum question_type type,
		const void *p, size_t n)
{
	struct entry *e = calloc(1, sizeof *e);
	char *copy = malloc(n + 1);
	char *owner = slice_dup(slice_of(name));
	if (!e || !copy || !owner) {
		free(e);
		free(copy);
		free(owner);
		return false;
	}
	if (n)
		memcpy(copy, p, n);
	copy[n] = '\0';
	*e = (struct entry){.kind = kind, .type = type, .name = owner, .data = {copy, n}};
	*z->last = e;
	z->last = &e->next;
	return true;
}

bool zone_add_raw(struct zone *z, const char *name, enum question_type type, const void *p,
		  size_t n)
{
	return add(z, KIND_RECORD, name, type, p, n);
}

bool zone_add_cname(struct zone *z, const char *name, const char *target)
{
	return add(z, KIND_CNAME, name, QUESTION_A, target, strlen(target));
}

bool zone_add_trouble(struct zone *z, const char *name, enum question_type type)
{
	return add(z, KIND_TROUBLE, name, type, "", 0);
}

bool zone_add_name(struct zone *z, const char *name)
{
	return add(z, KIND_NAME, name, QUESTION_A, "", 0);
}

/* Without the trailing dot. */
static struct slice host(struct slice s)
{
	if (s.n && s.p[s.n - 1] == '.')
		s.n--;
	return s;
}

static bool add_mx(struct zone *z, const char *name, const char *data)
{
	char *end;
	unsigned long preference = strtoul(data, &end, 10);
	if (end == data || preference > 65535)
		return false;
	struct slice exchange = host(slice_trim(slice_of(end)));
	struct str record = {0};
	str_putc(&record, (char)(preference >> 8));
	str_putc(&record, (char)(preference & 0xff));
	str_add(&record, exchange.p, exchange.n);
	bool ok = !record.failed && zone_add_raw(z, name, QUESTION_MX, record.p, record.n);
	str_free(&record);
	return ok;
}

/* "one" "two" as onetwo, \" and \\ within; anything else as it stands. */
static bool add_txt(struct zone *z, const char *name, const char *data)
{
	if (*data != '"')
		return zone_add_raw(z, name, QUESTION_TXT, data, strlen(data));
	struct str joined = {0};
	bool within = false, ok = true;
	for (; *data && ok; data++) {
		if (*data == '"')
			within = !within;
		else if (!within)
			ok = str_is_space(*data);
		else if (*data == '\\' && data[1])
			str_putc(&joined, *++data);
		else
			str_putc(&joined, *data);
	}
	ok = ok && !within && !joined.failed &&
	     zone_add_raw(z, name, QUESTION_TXT, str_text(&joined), joined.n);
	str_free(&joined);
	return ok;
}

bool zone_add(struct zone *z, const char *name, enum question_type type, const char *data)
{
	unsigned char ip[16];
	struct slice target = host(slice_of(data));
	switch (type) {
	case QUESTION_A:
		return inet_pton(AF_INET, data, ip) == 1 && zone_add_raw(z, name, type, ip, 4);
	case QUESTION_AAAA:
		return inet_pton(AF_INET6, data, ip) == 1 && zone_add_raw(z, name, type, ip, 16);
	case QUESTION_MX: return add_mx(z, name, data);
	case QUESTION_PTR:
	case QUESTION_NS: return zone_add_raw(z, name, type, target.p, target.n);
	case QUESTION_TXT: return add_txt(z, name, data);
	case QUESTION_TYPE_COUNT: break;
	}
	return false;
}

static const char *const type_name[QUESTION_TYPE_COUNT] = {
    [QUESTION_A] = "A",     [QUESTION_AAAA] = "AAAA", [QUESTION_MX] = "MX",
    [QUESTION_PTR] = "PTR", [QUESTION_TXT] = "TXT",   [QUESTION_NS] = "NS",
};

static enum question_type type_of(const char *word)
{
	size_t i = 0;
	while (i < QUESTION_TYPE_COUNT && !str_same_nocase(word, type_name[i]))
		i++;
	return (enum question_type)i;
}

static bool add_troubles(struct zone *z, const char *name, char *types)
{
	char *save = NULL;
	for (char *w = strtok_r(types, " \t", &save); w; w = strtok_r(NULL, " \t", &save)) {
		bool all = str_same_nocase(w, "ALL");
		enum question_type type = type_of(w);
		if (!all && type == QUESTION_TYPE_COUNT)
			return false;
		for (size_t i = 0; i < QUESTION_TYPE_COUNT; i++)
			if ((all || i == type) && !zone_add_trouble(z, name, (enum question_type)i))
				return false;
	}
	return true;
}

/* line is changed. */
static bool load_line(struct zone *z, char *line)
{
	char *save = NULL;
	char *name = strtok_r(line, " \t", &save);
	if (!name || *name == '#')
		return true;
	char *type = strtok_r(NULL, " \t", &save);
	if (!type)
		return false;
	char *data = save + strspn(save, " \t");
	char *owner = slice_dup(host(slice_of(name)));
	if (!owner)
		return false;
	bool ok;
	if (str_same_nocase(type, "CNAME")) {
		char *target = slice_dup(host(slice_of(data)));
		ok = target && zone_add_cname(z, owner, target);
		free(target);
	} else if (str_same_nocase(type, "TROUBLE")) {
		ok = add_troubles(z, owner, data);
	} else if (str_same_nocase(type, "NAME")) {
		ok = zone_add_name(z, owner);
	} else {
		ok = zone_add(z, owner, type_of(type), data);
	}
	free(owner);
	return ok;
}

bool zone_load(struct zone *z, struct slice text, unsigned *ret_line)
{
	for (unsigned number = 1; text.n; number++) {
		const char *end = memchr(text.p, '\n', text.n);
		size_t n = end ? (size_t)(end - text.p) : text.n;
		char *line = slice_dup(slice_trim((struct slice){text.p, n}));
		bool ok = line && load_line(z, line);
		free(line);
		if (!ok) {
			*ret_line = number;
			return false;
		}
		n += end != NULL;
		text.p += n;
		text.n -= n;
	}
	return true;
}

/* -- answering ------------------------------------------------------------------------------ */

static enum answer_status look_up(const struct zone *z, enum question_type type, const char *name,
				  struct answer *a)
{
	for (int chased = 0; chased < CHASED; chased++) {
		bool exists = false;
		const char *alias = NULL;
		for (const struct entry *e = z->first; e; e = e->next) {
			if (!str_same_nocase(e->name, name))
				continue;
			exists = true;
			if (e->kind == KIND_CNAME)
				alias = e->data.p;
			else if (e->kind == KIND_TROUBLE && e->type == type)
				return ANSWER_TROUBLE;
			else if (e->kind == KIND_RECORD && e->type == type &&
				 !answer_add(a, e->data.p, e->data.n))
				return ANSWER_TROUBLE;
		}
		if (!alias || a->count)
			return a->count ? ANSWER_DATA : exists ? ANSWER_NO_DATA : ANSWER_NO_NAME;
		name = alias;
	}
	return ANSWER_TROUBLE;
}

const char *zone_alias(const struct zone *z, const char *name)
{
	for (const struct entry *e = z->first; e; e = e->next)
		if (e->kind == KIND_CNAME && str_same_nocase(e->name, name))
			return e->data.p;
	return NULL;
}

static bool was_said(const struct zone *z, bool expected, enum question_type type, const char *name)
{
	for (const struct said *s = z->said; s; s = s->next)
		if (s->expected == expected && s->type == type && str_same_nocase(s->name, name))
			return true;
	return false;
}

static struct said *note(struct zone *z, bool expected, enum question_type type, const char *name)
{
	size_t n = strlen(name);
	struct said *s = calloc(1, sizeof *s + n + 1);
	if (!s)
		return NULL;
	s->expected = expected;
	s->type = type;
	memcpy(s->name, name, n);
	s->next = z->said;
	z->said = s;
	if (!question_name_ok(name))
		z->counts.odd++;
	return s;
}

const struct answer *zone_answer(struct zone *z, enum question_type type, const char *name)
{
	struct said *s = note(z, false, type, name);
	if (!s)
		return NULL;
	s->answer.ttl = 300;
	s->answer.status = look_up(z, type, name, &s->answer);
	if (s->answer.status != ANSWER_DATA)
		answer_free(&s->answer);
	return &s->answer;
}

static void expect(void *context, enum question_type type, const char *name)
{
	struct zone *z = context;
	z->counts.expected++;
	note(z, true, type, name);
}

static const struct answer *ask(void *context, enum question_type type, const char *name)
{
	static const struct answer trouble = {.status = ANSWER_TROUBLE};
	struct zone *z = context;
	z->counts.asked++;
	if (!was_said(z, true, type, name))
		z->counts.unexpected++;
	const struct answer *a = zone_answer(z, type, name);
	return a ? a : &trouble;
}

struct resolver zone_resolver(struct zone *z)
{
	return (struct resolver){expect, ask, z};
}

struct zone_counts zone_counts(const struct zone *z)
{
	return z->counts;
}

unsigned zone_asked(const struct zone *z, enum question_type type, const char *name)
{
	unsigned n = 0;
	for (const struct said *s = z->said; s; s = s->next)
		n += !s->expected && s->type == type && str_same_nocase(s->name, name);
	return n;
}
