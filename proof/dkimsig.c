/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dkimsig.c - a DKIM-Signature's tag list, strictly (RFC 6376 3.2, 3.5).
 *
 * First the value is split into tags: names are compared with the known ones without case, and one
 * that differs in case only is refused, since the library might take it for the known one. Then one
 * function per tag checks its value; a tag that has none is only checked for its octets.
 *
 * Anything that is not as the standard writes it makes the whole signature unread. That costs a
 * sloppy signer its proof, never anybody else's.
 */
#include "proof/dkimsig.h"

#include <string.h>

#include "rules/core/domain.h"

enum {
	TIME_DIGITS = 12,
	LENGTH_DIGITS = 15,
	DAY = 24 * 60 * 60,
};

/* -- octets --------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alpha(char c)
{
	c = str_lower_char(c);
	return c >= 'a' && c <= 'z';
}

static bool all_digits(struct slice s, size_t most)
{
	if (s.n == 0 || s.n > most)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]))
			return false;
	return true;
}

/* Printable ASCII and, where allowed, white space. */
static bool plain_octets(struct slice s, bool space)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (!(c > 0x20 && c < 0x7f) && !(space && str_is_space(s.p[i])))
			return false;
	}
	return true;
}

/* -- one function per tag ------------------------------------------------------------------- */

static bool read_version(struct slice v, struct dkimsig *sig)
{
	(void)sig;
	return slice_is(v, "1");
}

static bool read_algorithm(struct slice v, struct dkimsig *sig)
{
	sig->rsa_sha256 = slice_is_nocase(v, "rsa-sha256");
	sig->ed25519_sha256 = slice_is_nocase(v, "ed25519-sha256");
	sig->rsa_sha1 = slice_is_nocase(v, "rsa-sha1");
	return sig->rsa_sha256 || sig->ed25519_sha256 || sig->rsa_sha1;
}

static bool read_domain(struct slice v, struct dkimsig *sig)
{
	char name[LIMIT_DOMAIN + 1];
	if (!slice_copy(v, name, sizeof name))
		return false;
	str_lower(name);
	if (!domain_is_plain(slice_of(name)))
		return false;
	memcpy(sig->d, name, sizeof name);
	return true;
}

/* One label or more; underscores are seen in the wild. */
static bool read_selector(struct slice v, struct dkimsig *sig)
{
	size_t label = 0;
	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i];
		if (c == '.' && label == 0)
			return false;
		if (c == '.') {
			label = 0;
			continue;
		}
		if ((!is_alpha(c) && !is_digit(c) && c != '-' && c != '_') || ++label > LIMIT_LABEL)
			return false;
	}
	if (label == 0 || !slice_copy(v, sig->s, sizeof sig->s))
		return false;
	str_lower(sig->s);
	return true;
}

static bool read_canon(struct slice v, struct dkimsig *sig)
{
	static const char *const known[] = {
	    "simple",         "relaxed",        "simple/simple",
	    "simple/relaxed", "relaxed/simple", "relaxed/relaxed",
	};
	(void)sig;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (slice_is_nocase(v, known[i]))
			return true;
	return false;
}

static bool read_query(struct slice v, struct dkimsig *sig)
{
	(void)sig;
	return slice_is_nocase(v, "dns/txt");
}

static bool read_length(struct slice v, struct dkimsig *sig)
{
	sig->has_length = true;
	return all_digits(v, LENGTH_DIGITS);
}

static bool read_time(struct slice v, int64_t *ret_time)
{
	uint64_t t;
	if (!all_digits(v, TIME_DIGITS) || !str_to_u64(v, FINDING_TIME_MOST, &t))
		return false;
	*ret_time = (int64_t)t;
	return true;
}

static bool read_signed_at(struct slice v, struct dkimsig *sig)
{
	return read_time(v, &sig->signed_at);
}

static bool read_expires_at(struct slice v, struct dkimsig *sig)
{
	return read_time(v, &sig->expires_at);
}

/* RFC 5322 ftext, without the semicolon that would end the tag. */
static bool header_name(struct slice name)
{
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] <= 0x20 || name.p[i] >= 0x7f || name.p[i] == ';')
			return false;
	return name.n > 0;
}

static bool read_headers(struct slice v, struct dkimsig *sig)
{
	size_t octets = 0;
	for (;;) {
		const char *colon = memchr(v.p, ':', v.n);
		size_t n = colon ? (size_t)(colon - v.p) : v.n;
		struct slice name = slice_trim((struct slice){v.p, n});
		octets += name.n + 1;
		if (!header_name(name) || sig->h_count == DKIMSIG_HEADERS || octets > DKIMSIG_NAMES)
			return false;
		sig->h[sig->h_count++] = name;
		if (!colon)
			return true;
		v.p += n + 1;
		v.n -= n + 1;
	}
}

static bool read_base64(struct slice v, struct dkimsig *sig)
{
	(void)sig;
	size_t n = 0, padding = 0;
	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i];
		if (str_is_space(c))
			continue;
		if (c == '=')
			padding++;
		else if (padding || (!is_alpha(c) && !is_digit(c) && c != '+' && c != '/'))
			return false;
		n++;
	}
	return n > padding && padding <= 2 && n % 4 == 0;
}

static int hex(char c)
{
	return is_digit(c) ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* RFC 6376 2.11: "=" only before two upper-case hex digits. */
static bool decode_identity(struct slice v, char to[static LIMIT_DKIM_IDENTITY + 1])
{
	size_t out = 0;
	if (v.n > LIMIT_DKIM_IDENTITY)
		return false;
	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i];
		if (c == '=') {
			if (v.n - i < 3 || hex(v.p[i + 1]) < 0 || hex(v.p[i + 2]) < 0)
				return false;
			c = (char)(hex(v.p[i + 1]) << 4 | hex(v.p[i + 2]));
			i += 2;
		}
		if (!c)
			return false;
		to[out++] = c;
	}
	to[out] = '\0';
	return true;
}

static bool read_identity(struct slice v, struct dkimsig *sig)
{
	char identity[LIMIT_DKIM_IDENTITY + 1];
	(void)sig;
	return decode_identity(v, identity);
}

/* -- the tag list --------------------------------------------------------------------------- */

struct tag {
	const char *name;
	bool required;
	bool space; /* within the value */
	bool (*read)(struct slice v, struct dkimsig *sig);
};

enum tag_id {
	TAG_D,
	TAG_S,
	TAG_V,
	TAG_A,
	TAG_B,
	TAG_BH,
	TAG_H,
	TAG_C,
	TAG_I,
	TAG_L,
	TAG_Q,
	TAG_T,
	TAG_X,
	TAG_COUNT,
};

/* In this order they are read: who signs first, so that a refused signature still has a name. */
static const struct tag tags[TAG_COUNT] = {
    [TAG_D] = {"d", true, false, read_domain},      [TAG_S] = {"s", true, false, read_selector},
    [TAG_V] = {"v", true, false, read_version},     [TAG_A] = {"a", true, false, read_algorithm},
    [TAG_B] = {"b", true, true, read_base64},       [TAG_BH] = {"bh", true, true, read_base64},
    [TAG_H] = {"h", true, true, read_headers},      [TAG_C] = {"c", false, false, read_canon},
    [TAG_I] = {"i", false, false, read_identity},   [TAG_L] = {"l", false, false, read_length},
    [TAG_Q] = {"q", false, false, read_query},      [TAG_T] = {"t", false, false, read_signed_at},
    [TAG_X] = {"x", false, false, read_expires_at},
};

struct tag_list {
	struct slice known[TAG_COUNT]; /* p NULL: absent */
	struct slice name[DKIMSIG_TAGS];
	size_t count;
};

static bool tag_name(struct slice name)
{
	if (name.n == 0 || !is_alpha(name.p[0]))
		return false;
	for (size_t i = 1; i < name.n; i++)
		if (!is_alpha(name.p[i]) && !is_digit(name.p[i]) && name.p[i] != '_')
			return false;
	return true;
}

static bool same_nocase(struct slice a, struct slice b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (str_lower_char(a.p[i]) != str_lower_char(b.p[i]))
			return false;
	return true;
}

static bool add_tag(struct tag_list *list, struct slice name, struct slice value)
{
	if (!tag_name(name) || !plain_octets(value, true) || list->count == DKIMSIG_TAGS)
		return false;
	for (size_t i = 0; i < list->count; i++)
		if (same_nocase(list->name[i], name))
			return false;
	list->name[list->count++] = name;
	for (size_t i = 0; i < TAG_COUNT; i++) {
		if (!slice_is_nocase(name, tags[i].name))
			continue;
		if (!slice_is(name, tags[i].name))
			return false;
		list->known[i] = value;
	}
	return true;
}

static bool split(struct slice value, struct tag_list *list)
{
	while (value.n) {
		const char *end = memchr(value.p, ';', value.n);
		size_t n = end ? (size_t)(end - value.p) : value.n;
		struct slice spec = slice_trim((struct slice){value.p, n});
		bool last = !end || n + 1 == value.n;
		value.p += n + (end != NULL);
		value.n -= n + (end != NULL);
		if (spec.n == 0 && (last || slice_trim(value).n == 0))
			break; /* a trailing semicolon */
		const char *equals = spec.n ? memchr(spec.p, '=', spec.n) : NULL;
		if (!equals)
			return false;
		size_t name_n = (size_t)(equals - spec.p);
		if (!add_tag(list, slice_trim((struct slice){spec.p, name_n}),
			     slice_trim((struct slice){equals + 1, spec.n - name_n - 1})))
			return false;
	}
	return list->count > 0;
}

static void judge_identity(struct slice v, struct dkimsig *sig)
{
	char identity[LIMIT_DKIM_IDENTITY + 1];
	if (!v.p || !decode_identity(v, identity))
		return;
	const char *at = strchr(identity, '@');
	if (!at || strchr(at + 1, '@')) {
		sig->identity_odd = true;
		return;
	}
	str_lower(identity);
	if (strcmp(at + 1, sig->d) == 0)
		return;
	sig->identity_below = domain_is_below(at + 1, sig->d);
	sig->identity_odd = !sig->identity_below;
}

bool dkimsig_parse(struct slice value, struct dkimsig *ret_sig)
{
	struct tag_list list = {0};
	struct dkimsig *sig = ret_sig;
	*sig = (struct dkimsig){0};
	bool ok = value.n <= LIMIT_SIGNATURE_BYTES && split(value, &list);
	for (size_t i = 0; i < TAG_COUNT; i++) {
		if (!list.known[i].p)
			ok = ok && !tags[i].required;
		else if (!plain_octets(list.known[i], tags[i].space) ||
			 !tags[i].read(list.known[i], sig))
			ok = false;
	}
	char name[LIMIT_DOMAIN + 1];
	ok = ok && dkimsig_key_name(sig, name);
	if (ok)
		judge_identity(list.known[TAG_I], sig);
	return ok;
}

bool dkimsig_key_name(const struct dkimsig *sig, char ret_name[static LIMIT_DOMAIN + 1])
{
	static const char between[] = "._domainkey.";
	size_t s = strlen(sig->s), d = strlen(sig->d);
	if (s == 0 || d == 0 || s + sizeof between - 1 + d > LIMIT_DOMAIN)
		return false;
	memcpy(ret_name, sig->s, s);
	memcpy(ret_name + s, between, sizeof between - 1);
	memcpy(ret_name + s + sizeof between - 1, sig->d, d + 1);
	return true;
}

/* -- flaws ---------------------------------------------------------------------------------- */

size_t dkimsig_names(const struct dkimsig *sig, const char *header)
{
	size_t n = 0;
	for (size_t i = 0; i < sig->h_count; i++)
		n += slice_is_nocase(sig->h[i], header);
	return n;
}

bool dkimsig_header_is(const struct message *message, size_t i, const char *header)
{
	struct slice name = message_name(message, i);
	name.n = strnlen(name.p, name.n);
	while (name.n && (unsigned char)name.p[name.n - 1] <= ' ')
		name.n--;
	return slice_is_nocase(name, header);
}

static size_t present(const struct message *m, const char *header)
{
	size_t n = 0;
	for (size_t i = 0; i < m->header_count; i++)
		n += dkimsig_header_is(m, i, header);
	return n;
}

static uint32_t time_flaws(const struct dkimsig *sig, int64_t now)
{
	uint32_t flaws = 0;
	if (sig->expires_at && (now >= sig->expires_at || sig->expires_at <= sig->signed_at))
		flaws |= FLAW_EXPIRED;
	if (sig->signed_at > now + (int64_t)LIMIT_AHEAD_DAYS * DAY)
		flaws |= FLAW_FUTURE;
	return flaws;
}

uint32_t dkimsig_flaws(const struct dkimsig *sig, const struct message *message, int64_t now)
{
	static const struct {
		const char *header;
		bool always; /* must be named even where the message has none: it could be added */
		uint32_t flaw;
	} must[] = {
	    {"From", true, FLAW_UNSIGNED_FROM},
	    {"Subject", true, FLAW_UNSIGNED_SUBJECT},
	    {"Date", true, FLAW_UNSIGNED_DATE},
	    {"Content-Type", false, FLAW_UNSIGNED_TYPE},
	    {"Reply-To", false, FLAW_UNSIGNED_REPLY_TO},
	};
	uint32_t flaws = time_flaws(sig, now);
	for (size_t i = 0; i < sizeof must / sizeof *must; i++) {
		size_t named = dkimsig_names(sig, must[i].header);
		size_t there = present(message, must[i].header);
		/* t= stands for Date: the older of both counts (verdict.h), so that an unsigned
		 * Date can make a mail only older. */
		if (must[i].flaw == FLAW_UNSIGNED_DATE && named == 0 && sig->signed_at)
			continue;
		if (named == 0 && (must[i].always || there))
			flaws |= must[i].flaw;
		else if (there > named)
			flaws |= FLAW_MORE_THAN_SIGNED;
	}
	if (sig->has_length)
		flaws |= FLAW_LENGTH;
	if (!sig->rsa_sha256 && !sig->ed25519_sha256)
		flaws |= FLAW_ALGORITHM;
	if (sig->identity_odd)
		flaws |= FLAW_IDENTITY;
	return flaws;
}
