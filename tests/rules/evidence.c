/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * evidence.c - the shipped list against what is evidenced (tests/rules/lists/evidence.tsv): no
 * observation is forgotten, no entry is without one, each says how well and how lately it is
 * evidenced, and nothing is believed for a mention, for a domain alone, or against a caution. What
 * no entry follows, or is off though well evidenced, stands with its reason in
 * rules/lists/left-out.tsv.
 */
#include <stdio.h>

#include "base/folder.h"
#include "rules/core/list.h"
#include "tests/rules/table.h"

enum {
	ROWS_MOST = 1000,
	COLUMNS_MOST = 7,
};

struct table {
	struct str text;
	size_t count;
	char *cell[ROWS_MOST][COLUMNS_MOST];
};

/* Columns of the evidence. */
enum { ROW, FROM, CONFIDENCE, CAUTION, CLASS, SEEN, PUT_TO };

static struct table evidence, left_out;
static struct list *list;
static struct folder folder;
static struct diags diags;

static void path_of(const char *name, struct str *to)
{
	const char *srcdir = getenv("srcdir");
	str_printf(to, "%s/%s", srcdir ? srcdir : ".", name);
}

/* Comments and the line of titles are passed over. */
static void read_table(const char *name, size_t columns, struct table *to)
{
	struct str path = {0};
	path_of(name, &path);
	assert_int_equal(str_read_file(str_text(&path), 1024 * 1024, &to->text), 0);
	bool titles = true;
	char *save_line = NULL;
	for (char *line = strtok_r((char *)(uintptr_t)str_text(&to->text), "\n", &save_line); line;
	     line = strtok_r(NULL, "\n", &save_line)) {
		if (line[0] == '#')
			continue;
		char *save = NULL;
		size_t n = 0;
		assert_true(to->count < ROWS_MOST);
		for (char *cell = strtok_r(line, "\t", &save); cell && n < columns;
		     cell = strtok_r(NULL, "\t", &save))
			to->cell[to->count][n++] = cell;
		CHECK(n == columns, "%s: line \"%s\" has %zu columns", name, line, n);
		if (!titles)
			to->count++;
		titles = false;
	}
	str_free(&path);
}

static int set_up(void **state)
{
	(void)state;
	struct str path = {0};
	read_table("tests/rules/lists/evidence.tsv", 7, &evidence);
	read_table("rules/lists/left-out.tsv", 3, &left_out);
	path_of("rules/lists", &path);
	list = list_new();
	assert_true(folder_read(str_text(&path), ".list", LIMIT_LIST_BYTES, &folder, &diags));
	for (size_t i = 0; i < folder.count; i++)
		assert_int_equal(
		    list_parse(list, (struct slice){folder.file[i].text.p, folder.file[i].text.n},
			       folder.file[i].path, false, &diags),
		    0);
	assert_int_equal(list_finish(list, &diags), 0);
	assert_int_equal(diags.errors, 0);
	str_free(&path);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	list_free(list);
	folder_free(&folder);
	diag_free(&diags);
	str_free(&evidence.text);
	str_free(&left_out.text);
	return 0;
}

/* -- one observation ------------------------------------------------------------------------ */

static bool is_none(const char *cell)
{
	return strcmp(cell, "-") == 0;
}

static bool is_left_out(const char *row)
{
	for (size_t i = 0; i < left_out.count; i++)
		if (strcmp(left_out.cell[i][ROW], row) == 0)
			return true;
	return false;
}

/* Whether an entry may be believed for it. */
static bool convinces(char *const *cell)
{
	return cell[CONFIDENCE][0] != 'C' && is_none(cell[CAUTION]) && cell[FROM][0] != '*';
}

static const struct sender *entry_of(const char *from)
{
	for (size_t i = 0; i < list_count(list); i++) {
		const struct sender *s = list_at(list, i);
		if (s->from ? strcmp(s->from, from) == 0
			    : strncmp(from, "*@", 2) == 0 && strcmp(s->domain, from + 2) == 0)
			return s;
	}
	return NULL;
}

/* Days and months that are not said may be the last ones. */
static bool is_newer(const char *a, const char *b)
{
	size_t n = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
	int order = strncmp(a, b, n);
	return order ? order > 0 : strlen(a) < strlen(b);
}

static bool sends(const struct sender *s, const char *class)
{
	if (strcmp(class, "transfer") == 0)
		return s->classes & (1u << CLASS_TRANSFER_IN | 1u << CLASS_TRANSFER_OUT);
	enum class_id id;
	CHECK(class_of_name(slice_of(class), &id), "no class %s", class);
	return s->classes & 1u << id;
}

/* -- the tests ------------------------------------------------------------------------------ */

static void every_address_is_listed(void **state)
{
	(void)state;
	size_t addresses = 0;
	for (size_t i = 0; i < evidence.count; i++) {
		char *const *cell = evidence.cell[i];
		if (is_none(cell[FROM]))
			continue;
		const struct sender *s = entry_of(cell[FROM]);
		CHECK(s || is_left_out(cell[ROW]), "row %s: %s is not listed", cell[ROW],
		      cell[FROM]);
		addresses++;
	}
	assert_true(addresses > 100);
}

static void only_what_convinces_is_believed(void **state)
{
	(void)state;
	for (size_t i = 0; i < list_count(list); i++) {
		const struct sender *s = list_at(list, i);
		bool convinced = false;
		for (size_t k = 0; k < evidence.count; k++) {
			char *const *cell = evidence.cell[k];
			if (entry_of(cell[FROM]) != s || !convinces(cell))
				continue;
			convinced = true;
			CHECK(s->enabled || is_left_out(cell[ROW]),
			      "%s is off; left-out.tsv does not say why, row %s", s->name,
			      cell[ROW]);
		}
		CHECK(!s->enabled || convinced, "%s is believed", s->name);
	}
}

static void entries_say_how_well_and_how_lately(void **state)
{
	(void)state;
	for (size_t i = 0; i < list_count(list); i++) {
		const struct sender *s = list_at(list, i);
		const char *seen = NULL;
		char best = 'Z';
		for (size_t k = 0; k < evidence.count; k++) {
			char *const *cell = evidence.cell[k];
			if (entry_of(cell[FROM]) != s)
				continue;
			if (cell[CONFIDENCE][0] < best)
				best = cell[CONFIDENCE][0];
			if (!is_none(cell[SEEN]) && (!seen || is_newer(cell[SEEN], seen)))
				seen = cell[SEEN];
		}
		CHECK(best == s->confidence, "%s: confidence %c, evidenced %c", s->name,
		      s->confidence, best);
		CHECK(strcmp(s->last_seen, seen ? seen : "undated") == 0,
		      "%s: Last-Seen %s, evidenced %s", s->name, s->last_seen, or_none(seen));
	}
}

static void entries_send_what_they_were_seen_to_send(void **state)
{
	(void)state;
	for (size_t i = 0; i < evidence.count; i++) {
		char *const *cell = evidence.cell[i];
		const struct sender *s = entry_of(cell[FROM]);
		if (s && is_none(cell[CAUTION]))
			CHECK(sends(s, cell[CLASS]), "row %s: %s does not send %s", cell[ROW],
			      s->name, cell[CLASS]);
	}
}

static void what_names_no_address_is_put_somewhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < evidence.count; i++) {
		char *const *cell = evidence.cell[i];
		const char *to = cell[PUT_TO];
		if (!is_none(cell[FROM]))
			CHECK(is_none(to), "row %s has an address", cell[ROW]);
		else if (is_none(to))
			CHECK(is_left_out(cell[ROW]), "row %s is forgotten", cell[ROW]);
		else
			CHECK(list_find_platform(list, to) || list_find_name(list, to),
			      "row %s: there is neither platform nor sender %s", cell[ROW], to);
	}
}

/* Left out is what is evidenced, and is followed by nothing that is believed. */
static void nothing_is_left_out_for_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < left_out.count; i++) {
		size_t found = 0;
		for (size_t k = 0; k < evidence.count; k++) {
			char *const *cell = evidence.cell[k];
			if (strcmp(cell[ROW], left_out.cell[i][ROW]) != 0)
				continue;
			const struct sender *s = entry_of(cell[FROM]);
			CHECK(is_none(cell[PUT_TO]) && !(s && s->enabled),
			      "row %s is left out and followed", cell[ROW]);
			found++;
		}
		CHECK(found == 1, "left-out.tsv, row %s: %zu such rows", left_out.cell[i][ROW],
		      found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_address_is_listed),
	    cmocka_unit_test(only_what_convinces_is_believed),
	    cmocka_unit_test(entries_say_how_well_and_how_lately),
	    cmocka_unit_test(entries_send_what_they_were_seen_to_send),
	    cmocka_unit_test(what_names_no_address_is_put_somewhere),
	    cmocka_unit_test(nothing_is_left_out_for_nothing),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
