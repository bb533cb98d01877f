/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ambiguous.c - see ambiguous.h. Each question is asked of raw octets, once over; ambiguous_lines
 * compares each line that begins with "--" with each boundary.
 */
#include "rules/letter/ambiguous.h"

#include <string.h>

static bool is_hex(char c)
{
	c = str_lower_char(c);
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool is_alnum(char c)
{
	c = str_lower_char(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* RFC 2045 5.1 */
static bool is_token_char(char c)
{
	return c > ' ' && c < 0x7f && !strchr("()<>@,;:\\\"/[]?=", c);
}

static struct slice from(struct slice s, size_t n)
{
	return (struct slice){s.p + n, s.n - n};
}

static size_t token_length(struct slice s)
{
	size_t n = 0;
	while (n < s.n && is_token_char(s.p[n]))
		n++;
	return n;
}

/* -- Content-Type ------------------------------------------------------------------------------ */

enum parameter {
	BOUNDARY,
	CHARSET,
	OTHER,
};

/* "charset*0*" is a charset. */
static enum parameter parameter_of(struct slice name)
{
	const char *star = name.n ? memchr(name.p, '*', name.n) : NULL;
	if (star)
		name.n = (size_t)(star - name.p);
	return slice_is_nocase(name, "boundary")  ? BOUNDARY
	       : slice_is_nocase(name, "charset") ? CHARSET
						  : OTHER;
}

/* Octets up to the next semicolon that stands in no quotes. */
static size_t parameter_length(struct slice s)
{
	bool quoted = false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			quoted = !quoted;
		else if (s.p[i] == '\\' && quoted)
			i++;
		else if (s.p[i] == ';' && !quoted)
			return i;
	}
	return s.n;
}

/* One word, or one pair of quotes without pairs inside. */
static bool is_plain_value(struct slice value, enum parameter which)
{
	bool quoted = value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"';
	const char *never = quoted ? "\"\\" : which == OTHER ? "\"\\()" : "\"\\()<>, \t\r\n";
	if (quoted)
		value = (struct slice){value.p + 1, value.n - 2};
	for (size_t i = 0; i < value.n; i++)
		if (strchr(never, value.p[i]))
			return false;
	return which == OTHER || (value.n > 0 && slice_trim(value).n == value.n);
}

static bool take_parameter(struct slice text, bool *seen)
{
	text = slice_trim(text);
	size_t n = token_length(text);
	enum parameter which = parameter_of((struct slice){text.p, n});
	struct slice rest = slice_trim(from(text, n));
	if (which != OTHER && (seen[which] || memchr(text.p, '*', n) || !rest.n))
		return false;
	if (!rest.n)
		return true; /* also behind the last semicolon */
	if (!n || rest.p[0] != '=')
		return false;
	seen[which] = true;
	return is_plain_value(slice_trim(from(rest, 1)), which);
}

bool ambiguous_type(struct slice value)
{
	bool seen[OTHER + 1] = {false};
	struct slice rest = slice_trim(value);
	size_t n = token_length(rest);
	if (!n || n == rest.n || rest.p[n] != '/')
		return true;
	rest = from(rest, n + 1);
	n = token_length(rest);
	rest = slice_trim(from(rest, n));
	if (!n || (rest.n && rest.p[0] != ';'))
		return true;
	while (rest.n) {
		rest = from(rest, 1);
		n = parameter_length(rest);
		if (!take_parameter((struct slice){rest.p, n}, seen))
			return true;
		rest = from(rest, n);
	}
	return false;
}

/* -- encodings --------------------------------------------------------------------------------- */

bool ambiguous_encoding(struct slice value, bool multipart)
{
	static const char *const plain[] = {"7bit", "8bit", "binary"};
	value = slice_trim(value);
	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
		if (slice_is_nocase(value, plain[i]))
			return false;
	return multipart ||
	       !(slice_is_nocase(value, "base64") || slice_is_nocase(value, "quoted-printable"));
}

bool ambiguous_base64(struct slice raw)
{
	size_t padding = 0;
	for (size_t i = 0; i < raw.n; i++) {
		char c = raw.p[i];
		if (str_is_space(c))
			continue;
		if (c == '=' ? ++padding > 2
			     : padding > 0 || !(is_alnum(c) || c == '+' || c == '/'))
			return true;
	}
	return false;
}

bool ambiguous_quoted(struct slice raw)
{
	for (size_t i = 0; i < raw.n; i++) {
		if (raw.p[i] != '=')
			continue;
		struct slice rest = from(raw, i + 1);
		bool end = !rest.n || rest.p[0] == '\n' ||
			   (rest.p[0] == '\r' && (rest.n == 1 || rest.p[1] == '\n'));
		if (!end && !(rest.n > 1 && is_hex(rest.p[0]) && is_hex(rest.p[1])))
			return true;
	}
	return false;
}

/* -- lines ------------------------------------------------------------------------------------- */

struct line {
	struct slice text; /* without its end */
	bool cr;           /* which is a CR alone */
};

/* False behind the last. */
static bool next_line(struct slice *text, struct line *ret_line)
{
	size_t n = 0;
	if (!text->n)
		return false;
	while (n < text->n && text->p[n] != '\n' && text->p[n] != '\r')
		n++;
	bool cr = n < text->n && text->p[n] == '\r';
	bool both = cr && n + 1 < text->n && text->p[n + 1] == '\n';
	*ret_line = (struct line){{text->p, n}, cr && !both};
	*text = from(*text, n + both + (n < text->n));
	return true;
}

static bool is_dashed(struct slice line)
{
	return line.n > 2 && line.p[0] == '-' && line.p[1] == '-';
}

bool ambiguous_outside(const char *text)
{
	struct slice rest = slice_of(text);
	struct line line;
	while (next_line(&rest, &line))
		if (is_dashed(slice_trim(line.text)))
			return true;
	return false;
}

/* "begin 644 NAME" */
bool ambiguous_text(struct slice text)
{
	struct line line;
	while (next_line(&text, &line)) {
		size_t n = 6;
		if (!slice_starts_nocase(line.text, "begin "))
			continue;
		while (n < line.text.n && line.text.p[n] >= '0' && line.text.p[n] <= '7')
			n++;
		if (n >= 9 && n + 1 < line.text.n && line.text.p[n] == ' ')
			return true;
	}
	return false;
}

static bool begins(const char *boundary, struct slice line)
{
	size_t n = strlen(boundary);
	return line.n >= n && memcmp(line.p, boundary, n) == 0;
}

enum line_kind {
	LINE_TEXT,
	LINE_BEGIN, /* of a part */
	LINE_END,   /* of the last part */
	LINE_ODD,
};

static enum line_kind kind_of(struct slice line, const char *const *boundary, size_t count)
{
	if (!is_dashed(line))
		return LINE_TEXT;
	line = from(line, 2);
	for (size_t i = 0; i < count; i++) {
		if (!begins(boundary[i], line))
			continue;
		struct slice rest = slice_trim(from(line, strlen(boundary[i])));
		return !rest.n ? LINE_BEGIN : slice_is_nocase(rest, "--") ? LINE_END : LINE_ODD;
	}
	return LINE_TEXT;
}

static bool is_header(struct slice line, bool first)
{
	if (line.p[0] == ' ' || line.p[0] == '\t')
		return !first && slice_trim(line).n > 0;
	size_t n = token_length(line);
	return n > 0 && n < line.n && line.p[n] == ':';
}

static bool any_begins_another(const char *const *boundary, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++)
			if (i != k && begins(boundary[i], slice_of(boundary[k])))
				return true;
	return false;
}

bool ambiguous_lines(struct slice body, const char *const *boundary, size_t count)
{
	bool in_headers = false, first = false, after_cr = false;
	struct line line;
	if (any_begins_another(boundary, count))
		return true;
	for (; count && next_line(&body, &line); after_cr = line.cr) {
		enum line_kind kind = kind_of(line.text, boundary, count);
		if (kind == LINE_ODD ||
		    ((kind != LINE_TEXT || in_headers) && (line.cr || after_cr)))
			return true;
		if (kind == LINE_BEGIN)
			in_headers = first = true;
		else if (kind == LINE_END || !line.text.n)
			in_headers = false;
		else if (in_headers && !is_header(line.text, first))
			return true;
		else
			first = false;
	}
	return false;
}
