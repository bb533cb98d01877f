/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * message.c - envelope and headers of one message, in an arena.
 *
 * message_add_header runs some twenty times for every mail that passes through the MTA, nearly all
 * of which is of no interest to us. So it does nothing but copy the two strings behind one another,
 * note four offsets, and switch on the name's length; a name is compared only when length and first
 * letter already fit. Offsets, not pointers, since the arena moves when it grows.
 *
 * Past a limit (or without memory) `overflow` is set: the caller leaves the message unjudged. Our
 * own headers go on being counted, since forged copies are deleted from every message.
 */
#include "rules/core/message.h"

#include <stdlib.h>
#include <string.h>

enum {
	ARENA_FIRST = 8 * 1024,
	ARENA_KEPT = 64 * 1024, /* of an idle connection */
	ARENA_MOST = LIMIT_HEADER_BYTES + 4 * LIMIT_HEADER_COUNT + LIMIT_RCPTS * LIMIT_ADDRESS,
	HEADERS_FIRST = 32,
	RCPTS_FIRST = 4,
	PATH_MOST = 1024, /* octets of MAIL FROM and RCPT TO; Postfix has a line limit of 2048 */
};

void message_init(struct message *m)
{
	*m = (struct message){0};
}

void message_reset(struct message *m)
{
	if (m->arena.room > ARENA_KEPT)
		str_free(&m->arena);
	else
		str_reset(&m->arena);
	m->header_count = 0;
	m->header_bytes = 0;
	m->rcpt_count = 0;
	m->sender = 0;
	m->sender_n = 0;
	m->overflow = false;
	memset(m->mark_count, 0, sizeof m->mark_count);
	memset(m->mark_first, 0, sizeof m->mark_first);
}

void message_free(struct message *m)
{
	if (!m)
		return;
	str_free(&m->arena);
	free(m->header);
	free(m->rcpt);
	*m = (struct message){0};
}

/* -- the arena ------------------------------------------------------------------------------ */

static bool grow_arena(struct message *m, size_t need)
{
	if (need > ARENA_MOST)
		return false;
	size_t room = m->arena.room ? m->arena.room : ARENA_FIRST;
	while (room < need)
		room *= 2;
	char *p = realloc(m->arena.p, room);
	if (!p)
		return false;
	m->arena.p = p;
	m->arena.room = room;
	return true;
}

static inline bool arena_has(struct message *m, size_t n)
{
	size_t need = m->arena.n + n;
	return need <= m->arena.room || grow_arena(m, need);
}

/* Copies s and a NUL; the room must be there. */
static inline uint32_t put(struct message *m, struct slice s)
{
	uint32_t at = (uint32_t)m->arena.n;
	char *to = m->arena.p + at;
	if (s.n)
		memcpy(to, s.p, s.n);
	to[s.n] = '\0';
	m->arena.n += s.n + 1;
	return at;
}

/* Makes room for one more element of an array; false without memory. */
static bool grow_array(void **list, size_t count, size_t *room, size_t first, size_t size)
{
	if (count < *room)
		return true;
	size_t more = *room ? 2 * *room : first;
	void *p = realloc(*list, more * size);
	if (!p)
		return false;
	*list = p;
	*room = more;
	return true;
}

/* -- the envelope --------------------------------------------------------------------------- */

void message_set_sender(struct message *m, const char *path)
{
	struct slice s = slice_of(path);
	if (s.n > PATH_MOST || !arena_has(m, s.n + 1)) {
		m->overflow = true;
		return;
	}
	m->sender = put(m, s);
	m->sender_n = (uint32_t)s.n;
}

void message_add_rcpt(struct message *m, const char *path)
{
	struct slice s = slice_of(path);
	void *list = m->rcpt;
	if (s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>') {
		s.p++;
		s.n -= 2;
	}
	if (s.n > PATH_MOST || m->rcpt_count >= LIMIT_RCPTS || !arena_has(m, s.n + 1) ||
	    !grow_array(&list, m->rcpt_count, &m->rcpt_room, RCPTS_FIRST, sizeof *m->rcpt)) {
		m->overflow = true;
		return;
	}
	m->rcpt = list;
	m->rcpt[m->rcpt_count++] = put(m, s);
}

struct slice message_sender(const struct message *m)
{
	return (struct slice){m->sender_n ? m->arena.p + m->sender : "", m->sender_n};
}

const char *message_rcpt(const struct message *m, size_t i)
{
	return m->arena.p + m->rcpt[i];
}

/* -- headers -------------------------------------------------------------------------------- */

/* name has n octets, like want, which is lower case. */
static inline bool is_name(const char *name, const char *want, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_lower_char(name[i]) != want[i])
			return false;
	return true;
}

#define IS(text, value) (is_name(name, text, sizeof(text) - 1) ? (value) : MARK_COUNT)

static enum message_mark mark_of(const char *name, size_t n)
{
	while (n > 0 && (unsigned char)name[n - 1] <= ' ')
		n--;
	if (n == 0)
		return MARK_COUNT;
	char first = (char)(name[0] | 0x20);
	switch (n) {
	case 4: return first == 'f' ? IS("from", MARK_FROM) : MARK_COUNT;
	case 7: return first == 's' ? IS("subject", MARK_SUBJECT) : MARK_COUNT;
	case 8:
		if (first == 'r')
			return IS("reply-to", MARK_REPLY_TO);
		return first == 'p' ? IS("priority", MARK_PRIORITY) : MARK_COUNT;
	case 10:
		if (first == 'm')
			return IS("message-id", MARK_MESSAGE_ID);
		if (first == 'i')
			return IS("importance", MARK_IMPORTANCE);
		if (first != 'x')
			return MARK_COUNT;
		return (name[2] | 0x20) == 'k' ? IS("x-keepname", MARK_OURS)
					       : IS("x-priority", MARK_X_PRIORITY);
	case 14: return first == 'd' ? IS("dkim-signature", MARK_DKIM) : MARK_COUNT;
	default: return MARK_COUNT;
	}
}

/* The header just added, or NULL when it was dropped. */
static struct header *add(struct message *m, struct slice name, struct slice value,
			  enum message_mark mark)
{
	void *list = m->header;
	size_t bytes = name.n + value.n;
	if (m->overflow || m->header_count >= LIMIT_HEADER_COUNT || bytes > LIMIT_HEADER_BYTES ||
	    m->header_bytes + bytes > LIMIT_HEADER_BYTES || !arena_has(m, bytes + 2) ||
	    !grow_array(&list, m->header_count, &m->header_room, HEADERS_FIRST,
			sizeof *m->header)) {
		m->overflow = true;
		if (mark == MARK_OURS)
			m->mark_count[mark]++;
		return NULL;
	}
	m->header = list;
	struct header *h = &m->header[m->header_count];
	h->name = put(m, name);
	h->name_n = (uint32_t)name.n;
	h->value = put(m, value);
	h->value_n = (uint32_t)value.n;
	h->mark = mark;
	if (mark < MARK_COUNT && m->mark_count[mark]++ == 0)
		m->mark_first[mark] = (uint32_t)m->header_count;
	m->header_count++;
	m->header_bytes += (uint32_t)bytes;
	return h;
}

void message_add_header(struct message *m, const char *name, const char *value)
{
	struct slice n = {name, strlen(name)}, v = {value, strlen(value)};
	add(m, n, v, mark_of(n.p, n.n));
}

void message_add_header_n(struct message *m, struct slice name, struct slice value)
{
	add(m, name, value, mark_of(name.p, name.n ? strnlen(name.p, name.n) : 0));
}

struct slice message_name(const struct message *m, size_t i)
{
	return (struct slice){m->arena.p + m->header[i].name, m->header[i].name_n};
}

struct slice message_value(const struct message *m, size_t i)
{
	return (struct slice){m->arena.p + m->header[i].value, m->header[i].value_n};
}

bool message_next(const struct message *m, enum message_mark mark, size_t *at, size_t *ret_index)
{
	if (m->mark_count[mark] == 0)
		return false;
	size_t i = *at > m->mark_first[mark] ? *at : m->mark_first[mark];
	for (; i < m->header_count; i++)
		if (m->header[i].mark == mark) {
			*ret_index = i;
			*at = i + 1;
			return true;
		}
	*at = i;
	return false;
}

bool message_marked(const struct message *m, enum message_mark mark, size_t n, size_t *ret_index)
{
	size_t at = 0, index;
	while (message_next(m, mark, &at, &index))
		if (n-- == 0) {
			*ret_index = index;
			return true;
		}
	return false;
}

/* -- a whole message ------------------------------------------------------------------------ */

/* Octets of a header's name at the start of a line (RFC 5322 2.2), space before the colon
 * included; 0 if the line is no header. */
static size_t name_length(struct slice line)
{
	size_t n = 0;
	while (n < line.n && line.p[n] > ' ' && line.p[n] < 0x7f && line.p[n] != ':')
		n++;
	if (n == 0)
		return 0;
	while (n < line.n && (line.p[n] == ' ' || line.p[n] == '\t'))
		n++;
	return n < line.n && line.p[n] == ':' ? n : 0;
}

/* Past the line feed that ends the line at `at`, or the end of the text. */
static size_t after_line(struct slice text, size_t at)
{
	const char *lf = memchr(text.p + at, '\n', text.n - at);
	return lf ? (size_t)(lf - text.p) + 1 : text.n;
}

/* In the newest header of the arena: CRLF becomes LF. */
static void drop_cr(struct message *m, struct header *h)
{
	char *p = m->arena.p + h->value;
	const char *first = memchr(p, '\r', h->value_n);
	if (!first) /* a file of this system has none */
		return;
	uint32_t n = (uint32_t)(first - p);
	for (uint32_t i = n; i < h->value_n; i++)
		if (p[i] != '\r' || i + 1 >= h->value_n || p[i + 1] != '\n')
			p[n++] = p[i];
	p[n] = '\0';
	m->arena.n -= h->value_n - n;
	m->header_bytes -= h->value_n - n;
	h->value_n = n;
}

size_t message_parse(struct message *m, struct slice text)
{
	size_t at = 0;
	m->leading_space = true;
	if (text.n >= 5 && memcmp(text.p, "From ", 5) == 0 && name_length(text) == 0)
		at = after_line(text, 0);
	while (at < text.n) {
		size_t end = after_line(text, at);
		struct slice line = {text.p + at, end - at};
		if (slice_is(line, "\n") || slice_is(line, "\r\n"))
			return end;
		size_t name_n = name_length(line);
		if (name_n == 0)
			return at;
		while (end < text.n && (text.p[end] == ' ' || text.p[end] == '\t'))
			end = after_line(text, end);
		struct slice name = {line.p, name_n};
		struct slice value = {line.p + name_n + 1, end - at - name_n - 1};
		if (value.n > 0 && value.p[value.n - 1] == '\n')
			value.n--;
		if (value.n > 0 && value.p[value.n - 1] == '\r')
			value.n--;
		struct header *h = add(m, name, value, mark_of(name.p, name.n));
		if (h)
			drop_cr(m, h);
		at = end;
	}
	return at;
}

/* -- its identity --------------------------------------------------------------------------- */

static bool is_plain_id(struct slice id)
{
	if (id.n == 0 || id.n > LIMIT_MESSAGE_ID)
		return false;
	for (size_t i = 0; i < id.n; i++)
		if (id.p[i] <= ' ' || id.p[i] >= 0x7f)
			return false;
	return true;
}

static uint64_t hash_message(const struct message *m, uint64_t seed)
{
	uint64_t h = str_hash_nocase(message_sender(m), seed);
	for (size_t i = 0; i < m->header_count; i++) {
		struct slice name = message_name(m, i);
		if (m->header[i].mark == MARK_FROM || m->header[i].mark == MARK_SUBJECT ||
		    slice_is_nocase(name, "Date"))
			h = str_hash_nocase(slice_trim(message_value(m, i)),
					    str_hash_nocase(name, h));
	}
	return h;
}

void message_id(const struct message *m, char ret_id[static LIMIT_MESSAGE_ID + 1])
{
	static const char hex[] = "0123456789abcdef";
	size_t i;
	if (message_marked(m, MARK_MESSAGE_ID, 0, &i)) {
		struct slice id = slice_trim(message_value(m, i));
		if (id.n >= 2 && id.p[0] == '<' && id.p[id.n - 1] == '>')
			id = slice_trim((struct slice){id.p + 1, id.n - 2});
		if (is_plain_id(id)) {
			slice_copy(id, ret_id, LIMIT_MESSAGE_ID + 1);
			return;
		}
	}
	memcpy(ret_id, "hash-", 5);
	char *to = ret_id + 5;
	for (uint64_t lane = 0; lane < 2; lane++) {
		uint64_t h = hash_message(m, lane * UINT64_C(0x9e3779b97f4a7c15));
		for (int shift = 60; shift >= 0; shift -= 4)
			*to++ = hex[h >> shift & 15];
	}
	*to = '\0';
}
