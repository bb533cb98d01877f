/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dmarc.c - policy discovery and the record's tag list (RFC 7489 6.3, 6.6.3), one pass, no copies.
 *
 * Of the TXT records of _dmarc.NAME those that begin with v=DMARC1 count. Where there are none the
 * organisational domain is asked. More than one, one without a usable p= (unless rua= asks for
 * reports: then it is p=none), one with a tag twice, or one with octets that are not printable, is
 * no policy. Unknown tags and values of optional tags that make no sense are passed over, as 6.3
 * says. Trouble with either answer is TEMPERROR: then we know neither policy nor strictness.
 */
#include "proof/dmarc.h"

#include <string.h>

enum policy {
	POLICY_NONE,
	POLICY_QUARANTINE,
	POLICY_REJECT,
	POLICY_INVALID,
};

enum tag {
	TAG_ADKIM,
	TAG_ASPF,
	TAG_P,
	TAG_PCT,
	TAG_RUA,
	TAG_SP,
	TAG_T,
	TAG_COUNT,
};

struct record {
	struct slice tag[TAG_COUNT]; /* p NULL: absent */
};

/* -- the record ----------------------------------------------------------------------------- */

static bool printable(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < 0x20 || s.p[i] > 0x7e) && s.p[i] != '\t')
			return false;
	return true;
}

/* Takes the part up to the next semicolon off *left. */
static struct slice next_part(struct slice *left)
{
	const char *end = memchr(left->p, ';', left->n);
	struct slice part = {left->p, end ? (size_t)(end - left->p) : left->n};
	left->p += part.n + (end != NULL);
	left->n -= part.n + (end != NULL);
	return slice_trim(part);
}

/* NAME = VALUE, with white space anywhere around; false where there is no "=". */
static bool split(struct slice part, struct slice *ret_name, struct slice *ret_value)
{
	const char *equals = part.n ? memchr(part.p, '=', part.n) : NULL;
	if (!equals)
		return false;
	size_t n = (size_t)(equals - part.p);
	*ret_name = slice_trim((struct slice){part.p, n});
	*ret_value = slice_trim((struct slice){equals + 1, part.n - n - 1});
	return true;
}

/* Whether it is a DMARC record at all; takes the version off. */
static bool take_version(struct slice *text)
{
	struct slice name, value;
	return text->n && text->p[0] != ' ' && split(next_part(text), &name, &value) &&
	       slice_is_nocase(name, "v") && slice_is(value, "DMARC1");
}

/* False: a tag twice. */
static bool read_tags(struct slice text, struct record *r)
{
	static const char *const names[TAG_COUNT] = {
	    [TAG_ADKIM] = "adkim", [TAG_ASPF] = "aspf", [TAG_P] = "p", [TAG_PCT] = "pct",
	    [TAG_RUA] = "rua",     [TAG_SP] = "sp",     [TAG_T] = "t",
	};
	while (text.n) {
		struct slice name, value;
		if (!split(next_part(&text), &name, &value))
			continue;
		for (size_t i = 0; i < TAG_COUNT; i++) {
			if (!slice_is_nocase(name, names[i]))
				continue;
			if (r->tag[i].p)
				return false;
			r->tag[i] = value;
		}
	}
	return true;
}

static enum policy policy_of(struct slice value)
{
	static const char *const names[] = {"none", "quarantine", "reject"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_is_nocase(value, names[i]))
			return (enum policy)i;
	return POLICY_INVALID;
}

/* At least one "scheme:something" among the comma-separated. */
static bool has_uri(struct slice rua)
{
	for (size_t i = 0, start = 0; i <= rua.n; i++) {
		if (i < rua.n && rua.p[i] != ',')
			continue;
		struct slice uri = slice_trim((struct slice){rua.p + start, i - start});
		const char *colon = uri.n ? memchr(uri.p, ':', uri.n) : NULL;
		if (colon && colon > uri.p && colon + 1 < uri.p + uri.n)
			return true;
		start = i + 1;
	}
	return false;
}

/* The owner only tries it out (pct=0 of RFC 7489, t=y of its successor). */
static bool is_trial(const struct record *r)
{
	uint64_t pct;
	if (r->tag[TAG_PCT].p && str_to_u64(r->tag[TAG_PCT], 100, &pct) && pct == 0)
		return true;
	return r->tag[TAG_T].p && slice_is_nocase(r->tag[TAG_T], "y");
}

/* text: after the version. subdomain: the record is that of the organisational domain above. */
static bool read_record(struct slice text, bool subdomain, struct finding *f)
{
	struct record r = {0};
	if (!printable(text) || !read_tags(text, &r))
		return false;
	enum policy p = r.tag[TAG_P].p ? policy_of(r.tag[TAG_P]) : POLICY_INVALID;
	enum policy sp = r.tag[TAG_SP].p ? policy_of(r.tag[TAG_SP]) : p;
	if (p == POLICY_INVALID || sp == POLICY_INVALID) {
		if (!r.tag[TAG_RUA].p || !has_uri(r.tag[TAG_RUA]))
			return false;
		p = sp = POLICY_NONE;
	}
	if (is_trial(&r))
		p = sp = POLICY_NONE;
	f->dmarc_record = AUTH_PASS;
	f->dmarc_policy = (uint32_t)(subdomain ? sp : p);
	f->dmarc_strict_dkim = r.tag[TAG_ADKIM].p && slice_is_nocase(r.tag[TAG_ADKIM], "s");
	f->dmarc_strict_spf = r.tag[TAG_ASPF].p && slice_is_nocase(r.tag[TAG_ASPF], "s");
	return true;
}

/* -- discovery ------------------------------------------------------------------------------ */

static bool record_name(const char *domain, char ret_name[static LIMIT_DOMAIN + 1])
{
	static const char label[] = "_dmarc.";
	size_t n = strlen(domain);
	if (n == 0 || n + sizeof label - 1 > LIMIT_DOMAIN)
		return false;
	memcpy(ret_name, label, sizeof label - 1);
	memcpy(ret_name + sizeof label - 1, domain, n + 1);
	return true;
}

/* DMARC records under this domain; the last one's text behind the version. Negative: trouble. */
static int find(const char *domain, const struct resolver *resolver, struct slice *ret_text)
{
	char name[LIMIT_DOMAIN + 1];
	if (!record_name(domain, name))
		return 0;
	const struct answer *a = resolver->ask(resolver->context, QUESTION_TXT, name);
	if (a->status == ANSWER_TROUBLE)
		return -1;
	int count = 0;
	for (uint32_t i = 0; a->status == ANSWER_DATA && i < a->count; i++) {
		struct slice text = a->record[i];
		if (!take_version(&text))
			continue;
		count++;
		*ret_text = text;
		/* An over-long one is broken; counted twice it can be no policy. */
		if (a->record[i].n > LIMIT_DMARC_TXT)
			count++;
	}
	return count;
}

/* The organisational domain, if it is another one; else NULL. */
static const char *above(const char *from_domain, const struct suffixes *suffixes)
{
	const char *org = domain_org(suffixes, from_domain);
	return org && strcmp(org, from_domain) != 0 ? org : NULL;
}

void dmarc_expect(const char *from_domain, const struct suffixes *suffixes,
		  const struct resolver *resolver)
{
	char name[LIMIT_DOMAIN + 1];
	if (!resolver->expect)
		return;
	if (record_name(from_domain, name))
		resolver->expect(resolver->context, QUESTION_TXT, name);
	const char *org = above(from_domain, suffixes);
	if (org && record_name(org, name))
		resolver->expect(resolver->context, QUESTION_TXT, name);
}

void dmarc_read(const char *from_domain, const struct suffixes *suffixes,
		const struct resolver *resolver, struct finding *finding)
{
	struct slice text;
	finding->dmarc_record = AUTH_NONE;
	finding->dmarc_policy = POLICY_NONE;
	finding->dmarc_strict_dkim = finding->dmarc_strict_spf = false;
	int count = find(from_domain, resolver, &text);
	const char *org = count == 0 ? above(from_domain, suffixes) : NULL;
	if (org)
		count = find(org, resolver, &text);
	if (count < 0)
		finding->dmarc_record = AUTH_TEMPERROR;
	else if (count == 1)
		read_record(text, org != NULL, finding);
}
