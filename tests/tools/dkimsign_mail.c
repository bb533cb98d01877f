/* SPDX-License-Identifier: BSD-2-Clause
 *
 * dkimsign's message: reading it, and RFC 6376 canonicalisation, written from the RFC alone so that
 * it is an oracle of its own for the verifier under test. Lines before the first empty line that
 * are neither a field nor a continuation belong to the field above, so a broken header can be
 * signed. */
#include "config.h"

#include "tests/tools/dkimsign.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

void bytes_add(struct bytes *b, const void *data, size_t len)
{
	if (b->len + len + 1 > b->room) {
		size_t room = (b->len + len + 1) * 2;
		char *grown = realloc(b->data, room);

		if (!grown)
			sign_trouble("out of memory");
		b->data = grown;
		b->room = room;
	}
	if (len)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void bytes_adds(struct bytes *b, const char *s)
{
	bytes_add(b, s, strlen(s));
}

void bytes_addf(struct bytes *b, const char *format, ...)
{
	char *text;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vasprintf(&text, format, ap);
	va_end(ap);
	if (n < 0)
		sign_trouble("out of memory");
	bytes_add(b, text, (size_t)n);
	free(text);
}

static void read_all(struct bytes *text)
{
	char buf[65536], last = '\n';
	ssize_t n;

	while ((n = read(STDIN_FILENO, buf, sizeof buf)) > 0) {
		const char *at = buf, *end = buf + n;

		while (at < end) {
			const char *lf = memchr(at, '\n', (size_t)(end - at));

			if (!lf) {
				bytes_add(text, at, (size_t)(end - at));
				last = end[-1];
				break;
			}
			bytes_add(text, at, (size_t)(lf - at));
			last = lf > at ? lf[-1] : last;
			bytes_add(text, last == '\r' ? "\n" : "\r\n", last == '\r' ? 1 : 2);
			last = '\n';
			at = lf + 1;
		}
	}
	if (n < 0)
		sign_trouble("cannot read the message");
	if (last != '\n')
		bytes_add(text, "\r\n", 2);
	if (!text->len)
		sign_trouble("the message is empty");
}

static void add_field(struct mail *m, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len);
	size_t name_len = colon ? (size_t)(colon - line) : 0;
	struct field *grown;

	while (name_len && strchr(" \t", line[name_len - 1]))
		name_len--;
	if (m->field_count && (strchr(" \t", line[0]) || !name_len)) {
		m->fields[m->field_count - 1].len += len;
		return;
	}
	grown = reallocarray(m->fields, m->field_count + 1, sizeof *grown);
	if (!grown)
		sign_trouble("out of memory");
	m->fields = grown;
	m->fields[m->field_count++] = (struct field){line, len, name_len, false};
}

void mail_read(struct mail *ret_mail)
{
	struct mail m = {0};
	const char *at, *end;

	read_all(&m.text);
	at = m.text.data;
	end = at + m.text.len;
	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		const char *next = lf ? lf + 1 : end;

		if (next - at == 2) {
			at = next;
			break;
		}
		add_field(&m, at, (size_t)(next - at));
		at = next;
	}
	m.body = at;
	m.body_len = (size_t)(end - at);
	*ret_mail = m;
}

static bool is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

void canon_header(struct bytes *out, const char *field, size_t len, bool relaxed)
{
	const char *colon = memchr(field, ':', len), *end = field + len;
	const char *name_end = colon ? colon : end;
	bool gap = false;

	if (!relaxed || !colon) {
		bytes_add(out, field, len);
		return;
	}
	while (name_end > field && is_wsp(name_end[-1]))
		name_end--;
	for (const char *p = field; p < name_end; p++) {
		char c = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
		bytes_add(out, &c, 1);
	}
	bytes_add(out, ":", 1);
	for (const char *p = colon + 1; p < end && (is_wsp(*p) || *p == '\r' || *p == '\n'); p++)
		colon = p;
	for (const char *p = colon + 1; p < end; p++) {
		if (*p == '\r' || *p == '\n')
			continue;
		if (is_wsp(*p)) {
			gap = true;
			continue;
		}
		if (gap)
			bytes_add(out, " ", 1);
		gap = false;
		bytes_add(out, p, 1);
	}
	bytes_add(out, "\r\n", 2);
}

static void canon_line(struct bytes *out, const char *line, size_t len)
{
	bool gap = false;

	for (size_t i = 0; i < len; i++) {
		if (is_wsp(line[i])) {
			gap = true;
			continue;
		}
		if (gap)
			bytes_add(out, " ", 1);
		gap = false;
		bytes_add(out, &line[i], 1);
	}
}

void canon_body(struct bytes *out, const char *body, size_t len, bool relaxed)
{
	const char *end = body + len;
	size_t empty = 0;

	while (body < end) {
		const char *cr = memmem(body, (size_t)(end - body), "\r\n", 2);
		size_t line_len = (size_t)((cr ? cr : end) - body);
		struct bytes line = {0};

		if (relaxed)
			canon_line(&line, body, line_len);
		else
			bytes_add(&line, body, line_len);
		if (line.len == 0) {
			empty++;
		} else {
			for (; empty; empty--)
				bytes_add(out, "\r\n", 2);
			bytes_add(out, line.data, line.len);
			bytes_add(out, "\r\n", 2);
		}
		free(line.data);
		body = cr ? cr + 2 : end;
	}
	/* An empty body is CRLF when simple, nothing when relaxed. */
	if (!relaxed && out->len == 0)
		bytes_add(out, "\r\n", 2);
}

struct field *canon_take(struct mail *m, const char *name, size_t name_len)
{
	for (size_t i = m->field_count; i > 0; i--) {
		struct field *f = &m->fields[i - 1];

		if (!f->used && f->name_len == name_len &&
		    strncasecmp(f->start, name, name_len) == 0) {
			f->used = true;
			return f;
		}
	}
	return NULL;
}
