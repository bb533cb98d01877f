/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * address.c - one strict reader that may bless and one lenient reader that may only suspect.
 *
 * Strict: two shapes, `addr-spec` and `[display name] <addr-spec>`, each octet looked at once. The
 * reader never decides which of two readings is meant: what has a second reading to any parser
 * that we know of is refused. On bad input: false, nothing written.
 *
 * Lenient: each "@" by itself, a few octets to both sides. What it gives is a suspicion, so it
 * would rather see an address where there is none than miss one.
 */
#include "rules/core/address.h"

#include <string.h>

#include "rules/core/domain.h"
#include "rules/core/utf8.h"

enum {
	CLAIM_LEFT = 256,   /* octets looked at before an "@": local part, quotes, a comment */
	CLAIM_RIGHT = 1024, /* after it: domain, space, comments */
};

/* -- strict --------------------------------------------------------------------------------- */

struct reader {
	const char *p, *end;
};

static bool at_end(const struct reader *r)
{
	return r->p == r->end;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Space and folds (RFC 5322 3.2.2). False for a bare CR, a line end that is no fold, and a folded
 * line of nothing but space, which ends the headers to some readers. */
static bool skip_space(struct reader *r)
{
	while (!at_end(r)) {
		if (is_blank(*r->p)) {
			r->p++;
			continue;
		}
		if (*r->p != '\r' && *r->p != '\n')
			return true;
		if (*r->p == '\r')
			r->p++;
		if (at_end(r) || *r->p != '\n')
			return false;
		r->p++;
		if (at_end(r) || !is_blank(*r->p))
			return false;
		while (!at_end(r) && is_blank(*r->p))
			r->p++;
		if (at_end(r) || *r->p == '\r' || *r->p == '\n')
			return false;
	}
	return true;
}

static const bool alnum[256] = {['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['0' ... '9'] = true};

/* RFC 5322 3.2.3 */
static const bool atext[256] = {
    ['a' ... 'z'] = true,  ['A' ... 'Z'] = true, ['0' ... '9'] = true, ['!'] = true,
    ['#' ... '\''] = true, ['*'] = true,         ['+'] = true,         ['-'] = true,
    ['/'] = true,          ['='] = true,         ['?'] = true,         ['^' ... '`'] = true,
    ['{' ... '~'] = true,
};

static bool is_alnum(char c)
{
	return alnum[(unsigned char)c];
}

static bool is_atext(char c)
{
	return atext[(unsigned char)c];
}

/* Steps over one printable character above ASCII. */
static bool skip_utf8(struct reader *r)
{
	uint32_t c;
	size_t n = utf8_next((struct slice){r->p, (size_t)(r->end - r->p)}, &c);
	if (n < 2 || !utf8_is_printable_char(c))
		return false;
	r->p += n;
	return true;
}

/* A quoted string, from its opening quote. */
static bool skip_quoted(struct reader *r)
{
	r->p++;
	while (!at_end(r)) {
		unsigned char c = (unsigned char)*r->p;
		if (c == '"') {
			r->p++;
			return true;
		}
		if (c == '\r' || c == '\n' || is_blank((char)c)) {
			if (!skip_space(r))
				return false;
		} else if (c >= 0x80) {
			if (!skip_utf8(r))
				return false;
		} else if (c < ' ' || c == 0x7f || c == '\\' || c == '<' || c == '>') {
			return false;
		} else {
			r->p++;
		}
	}
	return false;
}

/* A run of atom characters, dots and printable characters above ASCII; at least one. */
static bool skip_word(struct reader *r)
{
	const char *start = r->p;
	while (!at_end(r)) {
		if ((unsigned char)*r->p >= 0x80) {
			if (!skip_utf8(r))
				return false;
		} else if (is_atext(*r->p) || *r->p == '.') {
			r->p++;
		} else {
			break;
		}
	}
	return r->p > start;
}

/* The words before "<"; *ret_display without the space after them. False when they are no phrase
 * or no "<" follows. */
static bool read_display(struct reader *r, struct slice *ret_display)
{
	const char *start = r->p, *end = r->p;
	while (!at_end(r) && *r->p != '<') {
		if (!(*r->p == '"' ? skip_quoted(r) : skip_word(r)))
			return false;
		end = r->p;
		if (!skip_space(r))
			return false;
	}
	*ret_display = (struct slice){start, (size_t)(end - start)};
	return !at_end(r);
}

/* A dot-atom (RFC 5322 3.2.3) without what routes mail ("!", "%") or begins an encoded word ("?").
 */
static bool is_plain_local(struct slice s)
{
	if (s.n == 0 || s.n > LIMIT_LOCAL_PART)
		return false;
	bool dot = true;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '.' ? dot : !is_atext(c) || c == '!' || c == '%' || c == '?')
			return false;
		dot = c == '.';
	}
	return !dot;
}

static void join(struct address *to, struct slice local, const char *domain)
{
	size_t n = strlen(domain);
	memcpy(to->text, local.p, local.n);
	to->text[local.n] = '@';
	memcpy(to->text + local.n + 1, domain, n + 1);
	memcpy(to->domain, domain, n + 1);
}

static bool read_spec(struct slice spec, struct address *ret_address)
{
	const char *at = memchr(spec.p, '@', spec.n);
	if (!at)
		return false;
	struct slice local = {spec.p, (size_t)(at - spec.p)};
	struct slice domain = {at + 1, spec.n - local.n - 1};
	char name[LIMIT_DOMAIN + 1];
	if (!is_plain_local(local) || domain.n == 0 || domain.p[domain.n - 1] == '.')
		return false;
	if (!domain_normalise(domain, false, name))
		return false;
	join(ret_address, local, name);
	return true;
}

/* Splits a value into display name and what stands for the address. */
static bool split(struct slice value, struct slice *ret_display, struct slice *ret_spec)
{
	if (value.n == 0 || value.n > LIMIT_FROM_VALUE)
		return false;
	struct reader r = {value.p, value.p + value.n};
	struct slice display = {value.p, 0}, spec;
	if (!skip_space(&r))
		return false;
	const char *start = r.p;
	if (read_display(&r, &display)) {
		const char *close = memchr(r.p, '>', (size_t)(r.end - r.p));
		if (!close)
			return false;
		spec = (struct slice){r.p + 1, (size_t)(close - r.p - 1)};
		r.p = close + 1;
	} else {
		r.p = start;
		while (!at_end(&r) && !str_is_space(*r.p))
			r.p++;
		spec = (struct slice){start, (size_t)(r.p - start)};
		display.n = 0;
	}
	if (!skip_space(&r) || !at_end(&r))
		return false;
	*ret_display = display;
	*ret_spec = spec;
	return true;
}

bool address_parse(struct slice value, struct address *ret_address)
{
	struct slice display, spec;
	return split(value, &display, &spec) && read_spec(spec, ret_address);
}

struct slice address_display(struct slice value)
{
	struct slice display, spec;
	struct address ignored;
	if (!split(value, &display, &spec) || !read_spec(spec, &ignored))
		return (struct slice){value.p, 0};
	return display;
}

bool address_parse_path(struct slice path, struct address *ret_address)
{
	if (path.n >= 2 && path.p[0] == '<' && path.p[path.n - 1] == '>') {
		path.p++;
		path.n -= 2;
	}
	if (path.n == 0) {
		ret_address->text[0] = '\0';
		ret_address->domain[0] = '\0';
		return true;
	}
	return path.n <= LIMIT_ADDRESS && read_spec(path, ret_address);
}

/* -- lenient -------------------------------------------------------------------------------- */

/* The octets before "@", from the left border: back over space and one comment. */
static const char *back_over_space(const char *start, const char *p)
{
	while (p > start && str_is_space(p[-1]))
		p--;
	if (p > start && p[-1] == ')') {
		const char *q = p - 1;
		while (q > start && q[-1] != '(')
			q--;
		if (q > start)
			p = q - 1;
		while (p > start && str_is_space(p[-1]))
			p--;
	}
	return p;
}

/* The local part that ends before p, or an empty slice. */
static struct slice claimed_local(const char *start, const char *p)
{
	const char *end = back_over_space(start, p);
	const char *begin;
	if (end > start && end[-1] == '"') {
		end--;
		begin = end;
		while (begin > start && begin[-1] != '"')
			begin--;
		if (begin == start)
			return (struct slice){p, 0};
	} else {
		begin = end;
		while (begin > start && (is_atext(begin[-1]) || begin[-1] == '.' ||
					 (unsigned char)begin[-1] >= 0x80))
			begin--;
	}
	struct slice local = {begin, (size_t)(end - begin)};
	if (local.n > LIMIT_LOCAL_PART || memchr(begin, '\0', local.n))
		return (struct slice){p, 0};
	return local;
}

/* Over space and comments. */
static const char *over_space(const char *p, const char *end)
{
	while (p < end && (str_is_space(*p) || *p == '(')) {
		if (*p == '(') {
			const char *close = memchr(p, ')', (size_t)(end - p));
			if (!close)
				return end;
			p = close;
		}
		p++;
	}
	return p;
}

/* The domain that begins after "@", seen through space and comments around its dots. */
static bool claimed_domain(const char *p, const char *end, char ret_name[static LIMIT_DOMAIN + 1])
{
	char name[4 * LIMIT_DOMAIN];
	size_t n = 0;
	p = over_space(p, end);
	while (p < end && n < sizeof name) {
		char c = *p;
		if (c == '.' || c == '-' || c == '_' || is_alnum(c) || (unsigned char)c >= 0x80) {
			name[n++] = c;
			p++;
			continue;
		}
		const char *next = over_space(p, end);
		if (next == p || next == end || n == 0 || (*next != '.' && name[n - 1] != '.'))
			break;
		p = next;
	}
	/* cppcheck-suppress uninitvar ; n octets of it are written */
	while (n > 0 && name[n - 1] == '.')
		n--;
	return domain_normalise((struct slice){name, n}, false, ret_name);
}

bool address_each_claim(struct slice value, bool (*found)(const struct address *a, void *context),
			void *context)
{
	const char *end = value.p + value.n;
	const char *from = value.p;
	for (size_t i = 0; i < ADDRESS_CLAIMS && from < end; i++) {
		const char *at = memchr(from, '@', (size_t)(end - from));
		if (!at)
			return false;
		const char *left = at - value.p > CLAIM_LEFT ? at - CLAIM_LEFT : value.p;
		const char *right = end - at > CLAIM_RIGHT ? at + CLAIM_RIGHT : end;
		char domain[LIMIT_DOMAIN + 1];
		if (claimed_domain(at + 1, right, domain)) {
			struct address a;
			join(&a, claimed_local(left, at), domain);
			if (found(&a, context))
				return true;
		}
		from = at + 1;
	}
	return false;
}
