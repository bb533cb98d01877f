/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mail.c - a message file cut into header fields and body. See mail.h.
 */
#include "tests/bench/mail.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 256 * 1024 * 1024 };

/* Octets of the line at `at` without its end; *ret_next is behind it. */
static size_t line_length(const char *at, const char *end, const char **ret_next)
{
	const char *nl = memchr(at, '\n', (size_t)(end - at));
	size_t len = (size_t)((nl != NULL ? nl : end) - at);

	*ret_next = nl != NULL ? nl + 1 : end;
	return nl != NULL && len > 0 && at[len - 1] == '\r' ? len - 1 : len;
}

/* Octets of the field name that the line begins with; 0 where it is no header field. */
static size_t name_length(const char *line, size_t len, size_t *ret_colon)
{
	size_t n = 0, colon;

	while (n < len && isgraph((unsigned char)line[n]) && line[n] != ':')
		n++;
	for (colon = n; colon < len && (line[colon] == ' ' || line[colon] == '\t');)
		colon++;
	if (n == 0 || colon == len || line[colon] != ':')
		return 0;
	*ret_colon = colon;
	return n;
}

static int add_header(struct mail *m, const char *name, size_t name_len, const char *value,
		      size_t value_len)
{
	struct mail_header *bigger =
	    realloc(m->headers, (m->header_count + 1) * sizeof(*m->headers));
	struct mail_header *h;

	if (bigger == NULL)
		return -ENOMEM;
	m->headers = bigger;
	h = &m->headers[m->header_count];
	h->name = strndup(name, name_len);
	h->value = strndup(value, value_len);
	if (h->name == NULL || h->value == NULL) {
		free(h->name);
		free(h->value);
		return -ENOMEM;
	}
	m->header_count++;
	return 0;
}

/* A line that begins with a blank goes on with the field before it. */
static int continue_header(struct mail_header *h, const char *line, size_t len)
{
	size_t old = strlen(h->value);
	char *bigger = realloc(h->value, old + len + 2);

	if (bigger == NULL)
		return -ENOMEM;
	h->value = bigger;
	bigger[old] = '\n';
	memcpy(bigger + old + 1, line, len);
	bigger[old + 1 + len] = '\0';
	return 0;
}

/* Takes the header; *ret_body is where the body begins. */
static int parse_headers(struct mail *m, const char *at, const char *end, const char **ret_body)
{
	int r = 0;

	while (r == 0 && at < end) {
		const char *next;
		size_t len = line_length(at, end, &next), colon = 0, name;

		if (len == 0) {
			at = next;
			break;
		}
		if ((*at == ' ' || *at == '\t') && m->header_count > 0) {
			r = continue_header(&m->headers[m->header_count - 1], at, len);
		} else {
			name = name_length(at, len, &colon);
			if (name == 0)
				break;
			r = add_header(m, at, name, at + colon + 1, len - colon - 1);
		}
		at = next;
	}
	*ret_body = at;
	return r;
}

static int parse_body(struct mail *m, const char *at, const char *end)
{
	char *to;

	/* At worst every octet is a bare LF, and the last line has no end. */
	m->body = malloc(2 * (size_t)(end - at) + 2);
	if (m->body == NULL)
		return -ENOMEM;
	for (to = m->body; at < end;) {
		const char *next;
		size_t len = line_length(at, end, &next);

		memcpy(to, at, len);
		to += len;
		*to++ = '\r';
		*to++ = '\n';
		at = next;
	}
	m->body_len = (size_t)(to - m->body);
	return 0;
}

int mail_parse(const char *octets, size_t len, struct mail **ret_mail)
{
	struct mail *m = calloc(1, sizeof(*m));
	const char *body = octets;
	int r;

	if (m == NULL)
		return -ENOMEM;
	r = parse_headers(m, octets, octets + len, &body);
	if (r == 0)
		r = parse_body(m, body, octets + len);
	if (r < 0) {
		mail_free(m);
		return r;
	}
	*ret_mail = m;
	return 0;
}

static int read_all(FILE *f, char **ret_octets, size_t *ret_len)
{
	char *octets;
	long size;

	if (fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0 || fseek(f, 0, SEEK_SET) != 0)
		return -errno;
	if (size > FILE_MAX)
		return -EFBIG;
	octets = malloc((size_t)size + 1);
	if (octets == NULL)
		return -ENOMEM;
	*ret_len = fread(octets, 1, (size_t)size, f);
	if (ferror(f)) {
		free(octets);
		return -EIO;
	}
	*ret_octets = octets;
	return 0;
}

int mail_read(const char *path, struct mail **ret_mail)
{
	FILE *f = fopen(path, "rb");
	char *octets = NULL;
	size_t len = 0;
	int r;

	if (f == NULL)
		return -errno;
	r = read_all(f, &octets, &len);
	fclose(f);
	if (r == 0)
		r = mail_parse(octets, len, ret_mail);
	free(octets);
	return r;
}

int mail_fill_body(struct mail *mail, size_t len)
{
	static const char line[] =
	    "Dear all, please find below the minutes of the last meeting, as agreed.\r\n";
	char *body;

	if (len < 2)
		return -EINVAL;
	body = malloc(len);
	if (body == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < len; i++)
		body[i] = line[i % (sizeof(line) - 1)];
	/* Cut anywhere, a CR could stand alone before the end that is put here. */
	if (len > 2 && body[len - 3] == '\r')
		body[len - 3] = '.';
	body[len - 2] = '\r';
	body[len - 1] = '\n';
	free(mail->body);
	mail->body = body;
	mail->body_len = len;
	return 0;
}

void mail_free(struct mail *mail)
{
	if (mail == NULL)
		return;
	for (size_t i = 0; i < mail->header_count; i++) {
		free(mail->headers[i].name);
		free(mail->headers[i].value);
	}
	free(mail->headers);
	free(mail->body);
	free(mail);
}
