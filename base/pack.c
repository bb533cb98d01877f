/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pack.c - big-endian numbers and counted strings; see pack.h.
 *
 * The reader is fed by processes that have parsed hostile octets: no length is believed before it
 * has been held against what is left. A string of 4 GB or more cannot be packed and fails the
 * buffer.
 */
#include "base/pack.h"

#include <string.h>

static void pack_number(struct str *to, uint64_t v, size_t octets)
{
	uint8_t b[8];
	for (size_t i = 0; i < octets; i++)
		b[i] = (uint8_t)(v >> (8 * (octets - 1 - i)));
	str_add(to, b, octets);
}

void pack_u8(struct str *to, uint8_t v)
{
	pack_number(to, v, 1);
}

void pack_u32(struct str *to, uint32_t v)
{
	pack_number(to, v, 4);
}

void pack_u64(struct str *to, uint64_t v)
{
	pack_number(to, v, 8);
}

void pack_i64(struct str *to, int64_t v)
{
	pack_number(to, (uint64_t)v, 8);
}

void pack_slice(struct str *to, struct slice v)
{
	if (v.n > UINT32_MAX) {
		to->failed = true;
		return;
	}
	pack_u32(to, (uint32_t)v.n);
	str_add(to, v.p, v.n);
}

void pack_text(struct str *to, const char *v)
{
	pack_slice(to, slice_of(v));
}

struct unpack unpack_of(const void *p, size_t n)
{
	return (struct unpack){.p = p, .left = n};
}

/* The next n octets, or NULL when there are fewer. */
static const uint8_t *take(struct unpack *u, size_t n)
{
	if (u->failed || n > u->left) {
		u->failed = true;
		return NULL;
	}
	const uint8_t *p = u->p;
	if (n)
		u->p += n;
	u->left -= n;
	return p;
}

static uint64_t take_number(struct unpack *u, size_t octets)
{
	const uint8_t *p = take(u, octets);
	uint64_t v = 0;
	for (size_t i = 0; p && i < octets; i++)
		v = v << 8 | p[i];
	return v;
}

uint8_t unpack_u8(struct unpack *u)
{
	return (uint8_t)take_number(u, 1);
}

uint32_t unpack_u32(struct unpack *u)
{
	return (uint32_t)take_number(u, 4);
}

uint64_t unpack_u64(struct unpack *u)
{
	return take_number(u, 8);
}

int64_t unpack_i64(struct unpack *u)
{
	uint64_t v = take_number(u, 8);
	int64_t n;
	memcpy(&n, &v, sizeof(n));
	return n;
}

struct slice unpack_slice(struct unpack *u)
{
	size_t n = unpack_u32(u);
	const uint8_t *p = take(u, n);
	return p ? (struct slice){(const char *)p, n} : (struct slice){"", 0};
}

void unpack_text(struct unpack *u, char *to, size_t size)
{
	struct slice s = unpack_slice(u);
	if (!slice_copy(s, to, size)) {
		u->failed = true;
		if (size)
			to[0] = '\0';
	}
}

uint32_t unpack_max(struct unpack *u, uint32_t max)
{
	uint32_t v = unpack_u32(u);
	if (v <= max)
		return v;
	u->failed = true;
	return 0;
}

bool pack_done(const struct unpack *u)
{
	return !u->failed && u->left == 0;
}
