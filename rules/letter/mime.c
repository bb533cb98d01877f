/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mime.c - GMime takes the body apart and undoes the transfer encodings; everything else is ours.
 *
 * GLib ends the process when memory is short; the judge is made to be ended (its message then goes
 * unjudged). Parts are walked by recursion, which LIMIT_MIME_DEPTH bounds.
 */
#include "rules/letter/mime.h"

#include <gmime/gmime.h>
#include <stdlib.h>
#include <string.h>

#include "rules/core/charset.h"
#include "rules/letter/ambiguous.h"

void mime_free(struct mime *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->html_count; i++)
		str_free(&m->html[i]);
	free(m->html);
	str_free(&m->text);
	*m = (struct mime){0};
}

/* -- what GMime is given ----------------------------------------------------------------------- */

enum { TYPE, ENCODING, DISPOSITION, VERSION, FED };
static const char *const fed[FED] = {
    [TYPE] = "Content-Type",
    [ENCODING] = "Content-Transfer-Encoding",
    [DISPOSITION] = "Content-Disposition",
    [VERSION] = "MIME-Version",
};

/* One line: a line end in the value could begin another header. */
static void feed(const char *name, struct slice value, struct str *to)
{
	str_puts(to, name);
	str_puts(to, ": ");
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];
		str_putc(to, (unsigned char)c < 0x20 || c == 0x7f ? ' ' : c);
	}
	str_puts(to, "\r\n");
}

static void feed_headers(const struct message *message, struct str *to, struct mime *m)
{
	bool seen[FED] = {false};
	for (size_t i = 0; i < message->header_count; i++)
		for (size_t k = 0; k < FED; k++) {
			struct slice value = slice_trim(message_value(message, i));
			if (!slice_is_nocase(slice_trim(message_name(message, i)), fed[k]))
				continue;
			/* of two, readers take either; one with a blank behind its name is none to
			 * some */
			if (value.n > LIMIT_MIME_HEADER || (seen[k] && k != VERSION) ||
			    slice_trim(message_name(message, i)).n != message_name(message, i).n)
				m->limit = true;
			else if (!seen[k])
				feed(fed[k], value, to);
			seen[k] = true;
		}
}

/* -- the fence around headers inside the body
 * ------------------------------------------------------ */

/* Those that GMime parses further. */
static bool is_structured(struct slice name)
{
	static const char *const names[] = {"from", "sender", "reply-to", "to", "cc", "bcc"};
	if (slice_starts_nocase(name, "resent-") || slice_starts_nocase(name, "content-"))
		return true;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (slice_is_nocase(name, names[i]))
			return true;
	return false;
}

static size_t line_end(struct slice s, size_t at)
{
	const char *nl = memchr(s.p + at, '\n', s.n - at);
	return nl ? (size_t)(nl - s.p) + 1 : s.n;
}

/* Whether some line of the body, with those that continue it, could be such a header with more
 * marks than LIMIT_MIME_MARKS. */
static bool has_monstrous_header(struct slice body)
{
	unsigned marks = 0;
	bool structured = false;
	for (size_t at = 0; at < body.n;) {
		size_t end = line_end(body, at), start = at;
		if (body.p[at] != ' ' && body.p[at] != '\t') {
			const char *colon = memchr(body.p + at, ':', end - at);
			marks = 0;
			structured = false;
			if (colon) {
				struct slice name = {body.p + at, (size_t)(colon - body.p) - at};
				structured = is_structured(slice_trim(name));
				start = at + name.n + 1;
			}
		}
		for (size_t i = start; structured && i < end; i++)
			if (strchr(":,;", body.p[i]) && body.p[i] && ++marks > LIMIT_MIME_MARKS)
				return true;
		at = end;
	}
	return false;
}

/* -- parts ------------------------------------------------------------------------------------- */

struct walk {
	struct mime *m;
	unsigned parts;
	size_t octets;                          /* of text so far, at most LIMIT_TEXT_BYTES */
	const char *boundary[LIMIT_MIME_PARTS]; /* of the multiparts so far */
	size_t boundaries;
};

static struct str *new_html(struct mime *m)
{
	struct str *html = reallocarray(m->html, m->html_count + 1, sizeof *html);
	if (!html) {
		m->failed = true;
		return NULL;
	}
	m->html = html;
	html[m->html_count] = (struct str){0};
	return &html[m->html_count++];
}

/* Freed with g_byte_array_unref. decoded: the transfer encoding undone. */
static GByteArray *content_of(GMimePart *part, bool decoded)
{
	GMimeStream *stream = g_mime_stream_mem_new();
	GMimeStreamMem *mem = (GMimeStreamMem *)stream;
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GMimeStream *raw = content ? g_mime_data_wrapper_get_stream(content) : NULL;
	if (content && decoded)
		g_mime_data_wrapper_write_to_stream(content, stream);
	else if (raw && g_mime_stream_reset(raw) == 0)
		g_mime_stream_write_to_stream(raw, stream);
	GByteArray *octets = g_mime_stream_mem_get_byte_array(mem);
	g_mime_stream_mem_set_owner(mem, FALSE);
	g_object_unref(stream);
	return octets;
}

static bool knows_encoding(GMimeObject *object)
{
	switch (g_mime_part_get_content_encoding((GMimePart *)object)) {
	case GMIME_CONTENT_ENCODING_7BIT:
	case GMIME_CONTENT_ENCODING_8BIT:
	case GMIME_CONTENT_ENCODING_BINARY:
	case GMIME_CONTENT_ENCODING_BASE64:
	case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE: return true;
	case GMIME_CONTENT_ENCODING_DEFAULT:
		return !g_mime_object_get_header(object, fed[ENCODING]);
	case GMIME_CONTENT_ENCODING_UUENCODE: break;
	}
	return false;
}

static bool is_coded_badly(GMimePart *part)
{
	GMimeContentEncoding encoding = g_mime_part_get_content_encoding(part);
	if (encoding != GMIME_CONTENT_ENCODING_BASE64 &&
	    encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
		return false;
	GByteArray *octets = content_of(part, false);
	struct slice raw = {(const char *)octets->data, octets->len};
	bool bad = encoding == GMIME_CONTENT_ENCODING_BASE64 ? ambiguous_base64(raw)
							     : ambiguous_quoted(raw);
	g_byte_array_unref(octets);
	return bad;
}

static void read_text(struct walk *w, GMimeObject *object, bool html)
{
	struct mime *m = w->m;
	if (!knows_encoding(object) || is_coded_badly((GMimePart *)object))
		m->limit = true;
	GByteArray *octets = content_of((GMimePart *)object, true);
	struct slice raw = {(const char *)octets->data, octets->len};
	const char *charset =
	    g_mime_content_type_get_parameter(g_mime_object_get_content_type(object), "charset");
	struct str *to = html ? new_html(m) : &m->text;
	if (raw.n && memchr(raw.p, '\0', raw.n))
		m->limit = true;
	size_t before = to ? to->n : 0;
	if (to && !charset_to_utf8(slice_of(charset), raw, to))
		m->limit = true;
	if (to && to->n - before > LIMIT_TEXT_BYTES - w->octets) {
		m->limit = true;
		to->n = before;
		to->p[before] = '\0';
	} else if (to && to->n > before) {
		w->octets += to->n - before;
		if (!html && ambiguous_text((struct slice){to->p + before, to->n - before}))
			m->attachment = true;
		if (!html && to->p[to->n - 1] != '\n')
			str_putc(to, '\n');
	}
	g_byte_array_unref(octets);
}

/* Whether a file name would make it something else once it is saved and opened. */
static bool has_other_name(GMimeObject *object, const char *const *endings)
{
	const char *name = g_mime_part_get_filename((GMimePart *)object);
	if (!name || !*name)
		return false;
	const char *dot = strrchr(name, '.');
	for (; dot && *endings; endings++)
		if (str_same_nocase(dot + 1, *endings))
			return false;
	return true;
}

/* Other kinds of text are acted on (invitations, cards, scripts), have pages that are loaded when
 * the mail is read (AMP), or markup that is not known here. They are read for their links all the
 * same.
 */
static bool is_common(GMimeContentType *type)
{
	return !g_mime_content_type_is_type(type, "text", "*") ||
	       g_mime_content_type_is_type(type, "text", "plain") ||
	       g_mime_content_type_is_type(type, "text", "html");
}

static void read_part(struct walk *w, GMimeObject *object)
{
	static const char *const picture[] = {"png", "gif", "jpg", "jpeg", "bmp", "webp", NULL};
	static const char *const text[] = {"txt", NULL};
	static const char *const none[] = {NULL};
	GMimeContentType *type = g_mime_object_get_content_type(object);
	GMimeContentDisposition *d = g_mime_object_get_content_disposition(object);
	bool shown = !d || str_same_nocase(g_mime_content_disposition_get_disposition(d), "inline");
	bool html = g_mime_content_type_is_type(type, "text", "html") ||
		    g_mime_content_type_is_type(type, "text", "x-amp-html");
	bool image = g_mime_content_type_is_type(type, "image", "*") &&
		     !g_mime_content_type_is_type(type, "image", "svg*") &&
		     !g_mime_content_type_is_type(type, "image", "svg+xml") &&
		     !g_mime_content_type_is_type(type, "image", "svg");
	bool plain = g_mime_content_type_is_type(type, "text", "*") && !html;
	if (g_mime_content_type_get_parameter(type, "delsp"))
		w->m->limit = true; /* RFC 3676: joins lines, and so the URLs at their ends */
	if (!shown || !is_common(type) || (!html && !image && !plain) ||
	    has_other_name(object, image   ? picture
				   : plain ? text
					   : none))
		w->m->attachment = true;
	if (html || plain)
		read_text(w, object, html);
}

/* The headers that say what a part is: each once, and plain. */
static bool has_plain_headers(GMimeObject *object)
{
	GMimeHeaderList *list = g_mime_object_get_header_list(object);
	unsigned seen[FED] = {0};
	for (int i = 0; i < g_mime_header_list_get_count(list); i++) {
		GMimeHeader *header = g_mime_header_list_get_header_at(list, i);
		struct slice name = slice_trim(slice_of(g_mime_header_get_name(header)));
		struct slice value = slice_of(g_mime_header_get_raw_value(header));
		for (size_t k = 0; k < VERSION; k++)
			if (slice_is_nocase(name, fed[k]) && ++seen[k] > 1)
				return false;
		if ((slice_is_nocase(name, fed[TYPE]) && ambiguous_type(value)) ||
		    (slice_is_nocase(name, fed[ENCODING]) &&
		     ambiguous_encoding(value, GMIME_IS_MULTIPART(object))))
			return false;
	}
	return true;
}

/* Its boundary, and what stands around its parts. */
static void note_boundary(struct walk *w, GMimeMultipart *multipart)
{
	/* g_mime_multipart_get_boundary would make one up */
	const char *boundary =
	    g_mime_object_get_content_type_parameter((GMimeObject *)multipart, "boundary");
	const char *before = g_mime_multipart_get_prologue(multipart);
	const char *behind = g_mime_multipart_get_epilogue(multipart);
	if (boundary && *boundary)
		w->boundary[w->boundaries++] = boundary;
	if (!boundary || !*boundary || (before && ambiguous_outside(before)) ||
	    (behind && ambiguous_outside(behind)))
		w->m->limit = true;
}

static void walk(struct walk *w, GMimeObject *object, unsigned depth)
{
	if (depth > LIMIT_MIME_DEPTH || ++w->parts > LIMIT_MIME_PARTS) {
		w->m->limit = true;
		return;
	}
	if (!has_plain_headers(object))
		w->m->limit = true;
	if (GMIME_IS_MULTIPART(object)) {
		GMimeMultipart *multipart = (GMimeMultipart *)object;
		note_boundary(w, multipart);
		int count = g_mime_multipart_get_count(multipart);
		if (count < 1)
			w->m->limit = true; /* its boundary does not occur: some show it all */
		for (int i = 0; i < count && w->parts <= LIMIT_MIME_PARTS; i++)
			walk(w, g_mime_multipart_get_part(multipart, i), depth + 1);
	} else if (GMIME_IS_PART(object)) {
		read_part(w, object);
	} else {
		w->m->attachment = true; /* a message */
	}
}

static void parse(const struct str *mail, struct slice body, struct mime *m)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(mail->p, mail->n);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeObject *object = g_mime_parser_construct_part(parser, NULL);
	struct walk w = {.m = m};
	if (object) {
		walk(&w, object, 1);
		if (ambiguous_lines(body, w.boundary, w.boundaries))
			m->limit = true;
		g_object_unref(object);
	} else {
		m->limit = true;
	}
	g_object_unref(parser);
	g_object_unref(stream);
}

void mime_read(const struct message *message, struct slice body, struct mime *ret_mime)
{
	struct mime *m = ret_mime;
	struct str mail = {0};
	*m = (struct mime){0};
	if (body.n > LIMIT_MIME_BYTES) {
		body.n = LIMIT_MIME_BYTES;
		m->limit = true;
	}
	feed_headers(message, &mail, m);
	str_puts(&mail, "\r\n");
	str_add(&mail, body.p, body.n);
	if (mail.failed)
		m->failed = true;
	else if (has_monstrous_header(body))
		m->limit = true;
	else
		parse(&mail, body, m);
	m->failed = m->failed || m->text.failed;
	for (size_t i = 0; i < m->html_count; i++)
		m->failed = m->failed || m->html[i].failed;
	str_free(&mail);
}

/* Reads a mail with everything in it, so that nothing is loaded or made for the first time later.
 */
bool mime_init(void)
{
	static const char text[] =
	    "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\n"
	    "--a\nContent-Type: text/plain; charset=iso-2022-jp\n\n\x1b$B%I\x1b(B\n"
	    "--a\nContent-Type: text/html; charset*=us-ascii''utf-8\n"
	    "Content-Transfer-Encoding: quoted-printable\n\n<p>=C3=BC\n"
	    "--a\nContent-Type: image/png; name==?utf-8?q?x=2Epng?=\n"
	    "Content-Disposition: attachment; filename*0=\"x\"; filename*1*=%2Epng\n"
	    "Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n"
	    "--a\nContent-Type: message/rfc822\n\nFrom: a@b.example\n\nx\n--a--\n";
	struct message message;
	struct mime m;
	struct slice all = {text, sizeof text - 1};
	g_mime_init();
	if (!charset_init())
		return false;
	message_init(&message);
	size_t body = message_parse(&message, all);
	mime_read(&message, (struct slice){text + body, all.n - body}, &m);
	bool good = !m.failed && m.limit && m.attachment && m.html_count == 1 && m.text.n;
	mime_free(&m);
	message_free(&message);
	return good;
}
