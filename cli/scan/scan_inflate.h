/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan_inflate.h - compressed files, known by their first octets and not by their names: gzip,
 * bzip2, xz and lzma, zstd. Several of one form behind one another are one text, as their own
 * programs have it.
 */
#ifndef CLI_SCAN_INFLATE_H
#define CLI_SCAN_INFLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum inflate_form {
	INFLATE_PLAIN, /* none of the others */
	INFLATE_GZIP,
	INFLATE_BZIP2,
	INFLATE_XZ,
	INFLATE_LZMA,
	INFLATE_ZSTD,
	INFLATE_LZ4, /* Dovecot's own: known, and not read */
	INFLATE_COUNT,
};

enum {
	INFLATE_MAGIC = 13, /* octets from the start that tell all forms apart */
};

enum inflate_form inflate_form_of(struct slice start);

struct inflate;

/* NULL when memory is short, or for a form that is not read. */
struct inflate *inflate_begin(enum inflate_form form);

enum inflate_status {
	INFLATE_MORE, /* wants more input or more room */
	INFLATE_END,  /* the text ends here: what follows, if anything, is not part of it */
	INFLATE_BROKEN,
};
/* Takes from *in what it can and writes at most room octets. at_end: there is no more input behind
 * *in; then an unfinished text is INFLATE_BROKEN once nothing more comes out. */
enum inflate_status inflate_step(struct inflate *i, struct slice *in, bool at_end, char *to,
				 size_t room, size_t *ret_n);
void inflate_free(struct inflate *i); /* takes NULL */

#endif
