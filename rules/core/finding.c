/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * finding.c - a finding as octets and back.
 *
 * finding_unpack is a border: what stands on its other side has parsed hostile mail and may have
 * been taken over by it. So every field is read by a function that knows its type's whole range,
 * and one value outside fails the record. What passes is still only a claim; verdict.c decides what
 * it is worth. Pack and unpack name the fields in the same order; FINDING_FORMAT changes with it.
 */
#include "rules/core/finding.h"

#include <stdio.h>
#include <string.h>

#include "rules/core/domain.h"
#include "rules/core/shape.h"
#include "rules/core/utf8.h"

const char *auth_result_name(enum auth_result r)
{
	static const char *const names[AUTH_COUNT] = {
	    [AUTH_NOT_ASKED] = "not-asked", [AUTH_NONE] = "none",
	    [AUTH_PASS] = "pass",           [AUTH_FAIL] = "fail",
	    [AUTH_SOFTFAIL] = "softfail",   [AUTH_NEUTRAL] = "neutral",
	    [AUTH_POLICY] = "policy",       [AUTH_TEMPERROR] = "temperror",
	    [AUTH_PERMERROR] = "permerror",
	};
	return (unsigned)r < AUTH_COUNT ? names[r] : "?";
}

const char *link_kind_name(enum link_kind k)
{
	static const char *const names[LINK_KIND_COUNT] = {
	    [LINK_A] = "a",       [LINK_AREA] = "area", [LINK_FORM] = "form",
	    [LINK_BASE] = "base", [LINK_META] = "meta", [LINK_TEXT] = "text",
	};
	return (unsigned)k < LINK_KIND_COUNT ? names[k] : "?";
}

/* -- pack ----------------------------------------------------------------------------------- */

static void pack_proof(const struct finding *f, struct str *to)
{
	pack_u32(to, f->dkim_count);
	for (uint32_t i = 0; i < f->dkim_count; i++) {
		const struct finding_dkim *d = &f->dkim[i];
		pack_text(to, d->d);
		pack_text(to, d->s);
		pack_u32(to, d->result);
		pack_u32(to, d->flaws);
		pack_i64(to, d->signed_at);
	}
	pack_u32(to, f->spf);
	pack_text(to, f->spf_domain);
	pack_u8(to, f->spf_broad);
	pack_u32(to, f->dmarc_record);
	pack_u32(to, f->dmarc_policy);
	pack_u8(to, f->dmarc_strict_dkim);
	pack_u8(to, f->dmarc_strict_spf);
}

static void pack_letter(const struct finding *f, struct str *to)
{
	pack_u32(to, f->class);
	pack_u8(to, f->domain_wording);
	pack_text(to, f->platform);
	pack_i64(to, f->date);
	pack_text(to, f->subject);
	pack_u32(to, f->domain_kept);
	pack_u32(to, f->domain_count);
	for (uint32_t i = 0; i < f->domain_kept; i++)
		pack_text(to, f->domain[i]);
	pack_i64(to, f->deadline);
	pack_u32(to, f->deadline_source);
	pack_u8(to, f->deadline_refused);
	pack_u8(to, f->asks_action);
}

static void pack_links(const struct finding *f, struct str *to)
{
	pack_u32(to, f->links);
	pack_u32(to, f->link_kept);
	pack_u32(to, f->link_count);
	pack_u32(to, f->link_expected);
	for (uint32_t i = 0; i < f->link_kept; i++) {
		pack_text(to, f->link[i].host);
		pack_u32(to, f->link[i].kind);
		pack_u8(to, f->link[i].expected);
		pack_text(to, f->link[i].shape);
	}
	pack_u32(to, f->reasons);
	pack_u32(to, f->questions);
}

void finding_pack_proof(const struct finding *f, struct str *to)
{
	pack_u8(to, FINDING_FORMAT);
	pack_proof(f, to);
}

void finding_pack(const struct finding *f, struct str *to)
{
	pack_u8(to, FINDING_FORMAT);
	pack_proof(f, to);
	pack_letter(f, to);
	pack_links(f, to);
}

/* -- unpack --------------------------------------------------------------------------------- */

static void must(struct unpack *u, bool good)
{
	if (!good)
		u->failed = true;
}

static bool get_flag(struct unpack *u)
{
	uint8_t v = unpack_u8(u);
	must(u, v <= 1);
	return v == 1;
}

static int64_t get_time(struct unpack *u)
{
	int64_t t = unpack_i64(u);
	must(u, t >= 0 && t <= FINDING_TIME_MOST);
	return t;
}

/* A name in its one spelling, or nothing. */
static void get_domain(struct unpack *u, bool underscore, char to[static LIMIT_DOMAIN + 1])
{
	unpack_text(u, to, LIMIT_DOMAIN + 1);
	if (u->failed || !to[0])
		return;
	struct slice name = slice_of(to);
	must(u, underscore ? domain_is_owner(name) : domain_is_plain(name));
}

static bool is_token_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

static void get_token(struct unpack *u, char *to, size_t size)
{
	unpack_text(u, to, size);
	if (u->failed)
		return;
	for (; *to; to++)
		must(u, is_token_char(*to));
}

static void get_dkim(struct unpack *u, struct finding *f)
{
	f->dkim_count = unpack_max(u, LIMIT_SIGNATURES);
	for (uint32_t i = 0; i < f->dkim_count && !u->failed; i++) {
		struct finding_dkim *d = &f->dkim[i];
		get_domain(u, false, d->d);
		get_token(u, d->s, sizeof d->s);
		d->result = (enum auth_result)unpack_max(u, AUTH_COUNT - 1);
		d->flaws = unpack_max(u, FLAW_ALL);
		d->signed_at = get_time(u);
	}
}

static enum auth_result get_record(struct unpack *u)
{
	enum auth_result r = (enum auth_result)unpack_max(u, AUTH_COUNT - 1);
	must(u, r == AUTH_NOT_ASKED || r == AUTH_NONE || r == AUTH_PASS || r == AUTH_TEMPERROR ||
		    r == AUTH_PERMERROR);
	return r;
}

static void get_proof(struct unpack *u, struct finding *f)
{
	get_dkim(u, f);
	f->spf = (enum auth_result)unpack_max(u, AUTH_COUNT - 1);
	get_domain(u, false, f->spf_domain);
	f->spf_broad = get_flag(u);
	f->dmarc_record = get_record(u);
	f->dmarc_policy = unpack_max(u, 2);
	f->dmarc_strict_dkim = get_flag(u);
	f->dmarc_strict_spf = get_flag(u);
}

static void get_letter(struct unpack *u, struct finding *f)
{
	f->class = (enum class_id)unpack_max(u, CLASS_COUNT - 1);
	f->domain_wording = get_flag(u);
	get_token(u, f->platform, sizeof f->platform);
	f->date = get_time(u);
	unpack_text(u, f->subject, sizeof f->subject);
	must(u, u->failed || utf8_is_printable(slice_of(f->subject)));
	f->domain_kept = unpack_max(u, LIMIT_DOMAINS);
	f->domain_count = unpack_max(u, LIMIT_DOMAINS_COUNTED);
	must(u, f->domain_kept <= f->domain_count);
	for (uint32_t i = 0; i < f->domain_kept && !u->failed; i++) {
		get_domain(u, false, f->domain[i]);
		must(u, f->domain[i][0] != '\0');
	}
	f->deadline = get_time(u);
	f->deadline_source = (enum deadline_source)unpack_max(u, DEADLINE_SOURCE_COUNT - 1);
	must(u, (f->deadline == 0) == (f->deadline_source == DEADLINE_NONE));
	f->deadline_refused = get_flag(u);
	must(u, !f->deadline_refused || f->deadline_source != DEADLINE_STATED);
	f->asks_action = get_flag(u);
}

/* The path of a shape on the link's own host, or nothing. */
static void get_shape(struct unpack *u, struct finding_link *link)
{
	char text[LIMIT_DOMAIN + 1 + FINDING_SHAPE + 1];
	struct slice host, path;
	unpack_text(u, link->shape, sizeof link->shape);
	if (u->failed || !link->shape[0])
		return;
	int n = snprintf(text, sizeof text, "%s %s", link->host, link->shape);
	must(u, link->host[0] && !link->expected && strcmp(link->shape, "/**") != 0 &&
		    !strpbrk(link->shape, "[]") &&
		    !shape_check((struct slice){text, (size_t)n}, &host, &path));
	must(u, u->failed || path.n == strlen(link->shape)); /* no space around it */
}

static void get_links(struct unpack *u, struct finding *f)
{
	f->links = (enum proof)unpack_max(u, PROOF_COUNT - 1);
	f->link_kept = unpack_max(u, FINDING_LINKS);
	f->link_count = unpack_max(u, LIMIT_LINKS);
	f->link_expected = unpack_max(u, LIMIT_LINKS);
	must(u, f->link_kept <= f->link_count && f->link_expected <= f->link_count);
	for (uint32_t i = 0; i < f->link_kept && !u->failed; i++) {
		get_domain(u, true, f->link[i].host);
		f->link[i].kind = (enum link_kind)unpack_max(u, LINK_KIND_COUNT - 1);
		f->link[i].expected = get_flag(u);
		get_shape(u, &f->link[i]);
	}
	f->reasons = unpack_max(u, (1u << REASON_COUNT) - 1);
	f->questions = unpack_max(u, LIMIT_QUESTIONS);
}

static void copy_proof(const struct finding *from, struct finding *to)
{
	memcpy(to->dkim, from->dkim, sizeof to->dkim);
	to->dkim_count = from->dkim_count;
	to->spf = from->spf;
	memcpy(to->spf_domain, from->spf_domain, sizeof to->spf_domain);
	to->spf_broad = from->spf_broad;
	to->dmarc_record = from->dmarc_record;
	to->dmarc_policy = from->dmarc_policy;
	to->dmarc_strict_dkim = from->dmarc_strict_dkim;
	to->dmarc_strict_spf = from->dmarc_strict_spf;
}

bool finding_unpack_proof(struct slice packed, struct finding *finding)
{
	struct unpack u = unpack_of(packed.p, packed.n);
	struct finding f = {0};
	must(&u, unpack_u8(&u) == FINDING_FORMAT);
	get_proof(&u, &f);
	if (!pack_done(&u))
		return false;
	copy_proof(&f, finding);
	return true;
}

bool finding_unpack(struct slice packed, struct finding *ret_finding)
{
	struct unpack u = unpack_of(packed.p, packed.n);
	struct finding f = {0};
	must(&u, unpack_u8(&u) == FINDING_FORMAT);
	get_proof(&u, &f);
	get_letter(&u, &f);
	get_links(&u, &f);
	if (!pack_done(&u))
		return false;
	*ret_finding = f;
	return true;
}
