/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * str.h - small strings: a growing buffer, slices of octets, ASCII case.
 *
 * Locale-free: "lower case" and "space" mean ASCII everywhere in keepname. Buffers always end in
 * a NUL that is not counted. An allocation that fails sets `failed`, and every later call on that
 * buffer is a no-op, so a caller checks once, at the end.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Octets that somebody else owns; may contain NUL. */
struct slice {
	const char *p;
	size_t n;
};

/* A growing buffer; owns its storage. All zero is a valid empty one. */
struct str {
	char *p;
	size_t n;
	size_t room;
	bool failed;
};

void str_free(struct str *s);  /* takes NULL; leaves *s all zero */
void str_reset(struct str *s); /* empties, keeps the storage, clears `failed` */
/* Room for n octets behind the text and the NUL, for those who fill p and count n themselves. */
bool str_room(struct str *s, size_t n);
/* What follows adds at the end; a call that fails adds nothing. */
void str_add(struct str *s, const void *p, size_t n);
void str_puts(struct str *s, const char *text);
void str_putc(struct str *s, char c);
void str_printf(struct str *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The text, never NULL ("" for an empty buffer), owned by s until the next change. */
const char *str_text(const struct str *s);
/* Hands the storage to the caller (free() it) and empties s. NULL if s has failed. */
char *str_take(struct str *s);

struct slice slice_of(const char *text); /* NULL gives an empty slice */
struct slice slice_trim(struct slice s); /* without white space (SP, HT, CR, LF) at both ends */
bool slice_is(struct slice s, const char *text);        /* same octets */
bool slice_is_nocase(struct slice s, const char *text); /* same but for ASCII case */
bool slice_starts_nocase(struct slice s, const char *prefix);
/* A NUL-terminated copy for free(), or NULL when memory is short. A NUL inside ends it early. */
char *slice_dup(struct slice s);
/* Copies into to[size] with a NUL; false, and nothing written, if it does not fit or holds NUL. */
bool slice_copy(struct slice s, char *to, size_t size);

char str_lower_char(char c);
void str_lower(char *text);
bool str_same_nocase(const char *a, const char *b);
bool str_is_space(char c); /* SP, HT, CR, LF */

/* A whole decimal number without sign or space, 0..max; false otherwise. */
bool str_to_u64(struct slice s, uint64_t max, uint64_t *ret_value);

/* The whole file as a buffer, in place of what ret_text held. 0, or an errno value and ret_text as
 * it was: EFBIG past max octets, EISDIR for a folder. */
int str_read_file(const char *path, size_t max, struct str *ret_text);

/* FNV-1a, 64 bits, over ASCII-lower-cased octets, with a seed (hash tables keyed by our own data).
 */
uint64_t str_hash_nocase(struct slice s, uint64_t seed);

/* RFC 3339 UTC, "2026-12-06T10:00:00Z"; to[] has 21 octets or more. Times before the year 0 or
 * after 9999 are shown as the first or last second of that span. */
void str_time(int64_t unix_time, char to[static 21]);
/* RFC 3339 (with Z or an offset; a fraction is dropped) or a plain number of seconds. */
bool str_to_time(struct slice s, int64_t *ret_time);

#endif
