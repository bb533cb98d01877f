/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * diag.c - errors gathered while something that a person wrote is read; see diag.h.
 *
 * Out of memory never hides an error: the counts go up in any case, and diag_print says how many
 * are not shown.
 */
#include "base/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/str.h"

enum {
	QUOTE_MOST = 80,
	TEXT_MOST = 1024,
	FIRST_ROOM = 8,
};

/* Room for one more entry; the list grows when its count reaches a power of two. */
static bool room_for_one(struct diags *d)
{
	if (d->count >= LIMIT_DIAGS)
		return false;
	bool full = d->count == 0 || (d->count >= FIRST_ROOM && (d->count & (d->count - 1)) == 0);
	if (!full)
		return true;
	size_t room = d->count < FIRST_ROOM ? FIRST_ROOM : d->count * 2;
	struct diag *list = realloc(d->list, room * sizeof(*list));
	if (!list)
		return false;
	d->list = list;
	return true;
}

void diag_add(struct diags *d, enum diag_level level, const char *file, unsigned line,
	      unsigned column, const char *format, ...)
{
	char text[TEXT_MOST];
	va_list args;
	if (level == DIAG_ERROR)
		d->errors++;
	else
		d->warnings++;
	if (!room_for_one(d))
		return;
	va_start(args, format);
	if (vsnprintf(text, sizeof(text), format, args) < 0)
		text[0] = '\0';
	va_end(args);
	struct diag one = {
	    .level = level,
	    .file = slice_dup(slice_of(file)),
	    .line = line,
	    .column = column,
	    .text = slice_dup(slice_of(text)),
	};
	if (!one.file || !one.text) {
		free(one.file);
		free(one.text);
		return;
	}
	d->list[d->count++] = one;
}

const char *diag_quote(const char *p, size_t n, char to[static 128])
{
	static const char hex[] = "0123456789abcdef";
	size_t at = 0;
	bool cut = false;
	to[at++] = '"';
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		bool plain = c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
		if (at - 1 + (plain ? 1 : 4) > QUOTE_MOST) {
			cut = true;
			break;
		}
		if (plain) {
			to[at++] = (char)c;
		} else {
			to[at++] = '\\';
			to[at++] = 'x';
			to[at++] = hex[c >> 4];
			to[at++] = hex[c & 15];
		}
	}
	to[at++] = '"';
	memcpy(to + at, cut ? "..." : "", cut ? 4 : 1);
	return to;
}

void diag_print(const struct diags *d, FILE *to)
{
	for (size_t i = 0; i < d->count; i++) {
		const struct diag *one = &d->list[i];
		fprintf(to, "%s:", one->file);
		if (one->line)
			fprintf(to, "%u:", one->line);
		if (one->line && one->column)
			fprintf(to, "%u:", one->column);
		fprintf(to, " %s: %s\n", one->level == DIAG_ERROR ? "error" : "warning", one->text);
	}
	size_t hidden = d->errors + d->warnings - d->count;
	if (hidden)
		fprintf(to, "and %zu more that are not shown\n", hidden);
}

void diag_free(struct diags *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->count; i++) {
		free(d->list[i].file);
		free(d->list[i].text);
	}
	free(d->list);
	*d = (struct diags){0};
}
