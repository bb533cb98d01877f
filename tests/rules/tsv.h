/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tsv.h - tables of tests in a file: columns parted by tabs, \n, \t and \\ in them for what they
 * say, lines that begin with "#" for people.
 */
#ifndef TESTS_RULES_TSV_H
#define TESTS_RULES_TSV_H

#include "tests/rules/table.h"

enum {
	TSV_COLUMNS = 8, /* at most */
	TSV_BYTES = 4 * 1024 * 1024,
};

/* Calls read(context, line's number, columns) for each row of tests/rules/NAME; returns how many.
 * A row that has not that many columns fails the test. */
static inline unsigned tsv_read(const char *name, unsigned columns,
				void (*read)(void *, unsigned, const struct slice *), void *context)
{
	struct str path = {0}, file = {0};
	unsigned number = 0, rows = 0;
	str_printf(&path, "%s/tests/rules/%s", getenv("srcdir") ? getenv("srcdir") : ".", name);
	CHECK(str_read_file(str_text(&path), TSV_BYTES, &file) == 0, "%s", str_text(&path));
	for (size_t from = 0; from < file.n;) {
		const char *end = memchr(file.p + from, '\n', file.n - from);
		struct slice line = {file.p + from,
				     end ? (size_t)(end - file.p) - from : file.n - from};
		struct slice column[TSV_COLUMNS];
		unsigned n = 0;
		from += line.n + 1;
		number++;
		if (line.n == 0 || line.p[0] == '#')
			continue;
		for (size_t start = 0, i = 0; i <= line.n; i++)
			if (i == line.n || line.p[i] == '\t') {
				CHECK(n < columns, "%s:%u: more than %u columns", name, number,
				      columns);
				column[n++] = (struct slice){line.p + start, i - start};
				start = i + 1;
			}
		CHECK(n == columns, "%s:%u: %u columns", name, number, n);
		read(context, number, column);
		rows++;
	}
	str_free(&path);
	str_free(&file);
	return rows;
}

static inline void tsv_unescape(struct slice s, struct str *to)
{
	for (size_t i = 0; i < s.n; i++) {
		bool escape = s.p[i] == '\\' && i + 1 < s.n;
		char c = s.p[escape ? ++i : i];
		str_putc(to, !escape ? c : c == 'n' ? '\n' : c == 't' ? '\t' : c);
	}
}

#endif
