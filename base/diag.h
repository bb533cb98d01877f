/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * diag.h - errors in something that a person wrote (configuration, list, class file), gathered so
 * that all of them are shown at once: file:line:column: message.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum diag_level {
	DIAG_ERROR,
	DIAG_WARNING,
};

struct diag {
	enum diag_level level;
	char *file;      /* as the user named it */
	unsigned line;   /* from 1; 0: the whole file */
	unsigned column; /* from 1, octets; 0: the whole line */
	char *text;      /* says the value found and what was expected */
};

/* All zero is valid and empty. After LIMIT_DIAGS entries only the counts go on. */
struct diags {
	struct diag *list;
	size_t count; /* entries in list */
	size_t errors;
	size_t warnings;
};

/* Untrusted text in the message must come quoted by diag_quote or be known to be plain. */
void diag_add(struct diags *d, enum diag_level level, const char *file, unsigned line,
	      unsigned column, const char *format, ...) __attribute__((format(printf, 6, 7)));
/* `"value"` with all but printable ASCII, and quotes and backslashes, as \xHH; cut at 80 octets as
 * written, with "..."; into to[]. Returns to. */
const char *diag_quote(const char *p, size_t n, char to[static 128]);
/* One line each, in the order found: "FILE:LINE:COLUMN: error: TEXT". */
void diag_print(const struct diags *d, FILE *to);
void diag_free(struct diags *d);

#endif
