/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pack.h - numbers and strings as octets and back; the one encoding of everything that crosses a
 * process boundary or is spooled.
 *
 * Big-endian, no alignment, strings with a 32-bit length. Reading never passes the end: the first
 * value that does not fit sets `failed`, and from then on every read gives 0 or an empty slice.
 * A reader therefore checks once, with pack_done().
 */
#ifndef BASE_PACK_H
#define BASE_PACK_H

#include "base/str.h"

void pack_u8(struct str *to, uint8_t v);
void pack_u32(struct str *to, uint32_t v);
void pack_u64(struct str *to, uint64_t v);
void pack_i64(struct str *to, int64_t v);
void pack_slice(struct str *to, struct slice v);
void pack_text(struct str *to, const char *v); /* NULL is packed as the empty string */

struct unpack {
	const uint8_t *p;
	size_t left;
	bool failed;
};

struct unpack unpack_of(const void *p, size_t n);
uint8_t unpack_u8(struct unpack *u);
uint32_t unpack_u32(struct unpack *u);
uint64_t unpack_u64(struct unpack *u);
int64_t unpack_i64(struct unpack *u);
struct slice unpack_slice(struct unpack *u); /* points into the input */
/* Copies a string into to[size]; too long, or with a NUL in it, fails the reader. */
void unpack_text(struct unpack *u, char *to, size_t size);
/* A value that must be at most max (an enum, a count); larger fails the reader. */
uint32_t unpack_max(struct unpack *u, uint32_t max);
/* True when nothing failed and nothing is left over. */
bool pack_done(const struct unpack *u);

#endif
