/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * str.c - growing buffers, slices, ASCII case, numbers, whole files.
 *
 * Nothing here depends on the locale. On bad input the readers return false and write nothing; a
 * buffer that ran out of memory keeps what it had and says so in `failed`.
 */
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* -- the buffer ----------------------------------------------------------------------------- */

enum {
	FIRST_ROOM = 64,
	READ_STEP = 64 * 1024,
};

bool str_room(struct str *s, size_t n)
{
	if (s->failed)
		return false;
	if (n >= SIZE_MAX / 2 - s->n) {
		s->failed = true;
		return false;
	}
	size_t need = s->n + n + 1;
	if (need <= s->room)
		return true;
	size_t room = s->room ? s->room : FIRST_ROOM;
	while (room < need)
		room *= 2;
	char *p = realloc(s->p, room);
	if (!p) {
		s->failed = true;
		return false;
	}
	s->p = p;
	s->room = room;
	return true;
}

void str_free(struct str *s)
{
	if (!s)
		return;
	free(s->p);
	*s = (struct str){0};
}

void str_reset(struct str *s)
{
	s->n = 0;
	s->failed = false;
	if (s->p)
		s->p[0] = '\0';
}

void str_add(struct str *s, const void *p, size_t n)
{
	if (!str_room(s, n))
		return;
	if (n)
		memcpy(s->p + s->n, p, n);
	s->n += n;
	s->p[s->n] = '\0';
}

void str_puts(struct str *s, const char *text)
{
	str_add(s, text, strlen(text));
}

void str_putc(struct str *s, char c)
{
	str_add(s, &c, 1);
}

void str_printf(struct str *s, const char *format, ...)
{
	if (!str_room(s, 0))
		return;
	va_list args;
	va_start(args, format);
	int n = vsnprintf(s->p + s->n, s->room - s->n, format, args);
	va_end(args);
	if (n >= 0 && (size_t)n >= s->room - s->n) {
		s->p[s->n] = '\0';
		if (!str_room(s, (size_t)n))
			return;
		va_start(args, format);
		n = vsnprintf(s->p + s->n, s->room - s->n, format, args);
		va_end(args);
	}
	if (n < 0) {
		s->p[s->n] = '\0';
		s->failed = true;
		return;
	}
	s->n += (size_t)n;
}

const char *str_text(const struct str *s)
{
	return s->p ? s->p : "";
}

char *str_take(struct str *s)
{
	if (!str_room(s, 0)) {
		str_free(s);
		return NULL;
	}
	char *p = s->p;
	p[s->n] = '\0';
	*s = (struct str){0};
	return p;
}

/* -- slices --------------------------------------------------------------------------------- */

struct slice slice_of(const char *text)
{
	return (struct slice){text, text ? strlen(text) : 0};
}

struct slice slice_trim(struct slice s)
{
	while (s.n > 0 && str_is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && str_is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool slice_is(struct slice s, const char *text)
{
	size_t n = strlen(text);
	return s.n == n && (n == 0 || memcmp(s.p, text, n) == 0);
}

bool slice_is_nocase(struct slice s, const char *text)
{
	return s.n == strlen(text) && slice_starts_nocase(s, text);
}

bool slice_starts_nocase(struct slice s, const char *prefix)
{
	for (size_t i = 0; prefix[i]; i++)
		if (i >= s.n || str_lower_char(s.p[i]) != str_lower_char(prefix[i]))
			return false;
	return true;
}

char *slice_dup(struct slice s)
{
	size_t n = s.n ? strnlen(s.p, s.n) : 0;
	char *copy = malloc(n + 1);
	if (!copy)
		return NULL;
	if (n)
		memcpy(copy, s.p, n);
	copy[n] = '\0';
	return copy;
}

bool slice_copy(struct slice s, char *to, size_t size)
{
	if (s.n >= size || (s.n && memchr(s.p, '\0', s.n)))
		return false;
	if (s.n)
		memcpy(to, s.p, s.n);
	to[s.n] = '\0';
	return true;
}

/* -- ASCII ---------------------------------------------------------------------------------- */

char str_lower_char(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

void str_lower(char *text)
{
	for (; *text; text++)
		*text = str_lower_char(*text);
}

bool str_same_nocase(const char *a, const char *b)
{
	return slice_is_nocase(slice_of(a), b);
}

bool str_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

uint64_t str_hash_nocase(struct slice s, uint64_t seed)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ seed;
	for (size_t i = 0; i < s.n; i++) {
		h ^= (unsigned char)str_lower_char(s.p[i]);
		h *= UINT64_C(0x100000001b3);
	}
	return h;
}

/* -- numbers -------------------------------------------------------------------------------- */

bool str_to_u64(struct slice s, uint64_t max, uint64_t *ret_value)
{
	uint64_t v = 0;
	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		uint64_t digit = (uint64_t)(s.p[i] - '0');
		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
		if (v > max)
			return false;
	}
	*ret_value = v;
	return true;
}

/* -- files ---------------------------------------------------------------------------------- */

static int read_all(int fd, size_t max, struct str *text)
{
	for (;;) {
		if (!str_room(text, READ_STEP))
			return ENOMEM;
		ssize_t got = read(fd, text->p + text->n, READ_STEP);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno;
		text->n += (size_t)got;
		text->p[text->n] = '\0';
		if (text->n > max)
			return EFBIG;
		if (got == 0)
			return 0;
	}
}

int str_read_file(const char *path, size_t max, struct str *ret_text)
{
	struct str text = {0};
	struct stat st;
	int error = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return errno;
	if (fstat(fd, &st) < 0)
		error = errno;
	else if (S_ISDIR(st.st_mode))
		error = EISDIR;
	else if (S_ISREG(st.st_mode) && st.st_size > 0 && (uintmax_t)st.st_size > max)
		error = EFBIG;
	else if (S_ISREG(st.st_mode) && !str_room(&text, (size_t)st.st_size + READ_STEP))
		error = ENOMEM;
	else
		error = read_all(fd, max, &text);
	close(fd);
	if (error) {
		str_free(&text);
		return error;
	}
	str_free(ret_text);
	*ret_text = text;
	return 0;
}
