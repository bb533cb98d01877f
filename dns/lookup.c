/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lookup.c - libunbound as a thread of its own, asked and read through one descriptor.
 *
 * The library joins questions of the same name and type, chases CNAME, falls back to TCP and
 * caches; we bound its caches and translate. What was answered lately is at hand (kept.h). What is
 * not plainly an answer is ANSWER_TROUBLE: SERVFAIL (also what a dead upstream ends in, after 17 s
 * and more: askers have deadlines of their own), bogus data, records that break their type's
 * format, more than the limits allow.
 *
 * Nameservers that are named in the configuration may serve private names, so libunbound's
 * built-in zones (localhost, test, invalid, onion, home.arpa, the private reverse zones) are taken
 * away then. DNSSEC is validated here only when we resolve from the root: a nameserver that we
 * forward to is trusted to validate (bogus data reaches us as SERVFAIL), because many forwarders
 * drop what validation needs, and then every signed name would be bogus.
 */
#include "dns/lookup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unbound.h>
#include <unistd.h>

#include "dns/kept.h"

#define ROOT_KEY "/usr/share/dns/root.key"

struct lookup {
	struct ub_ctx *ctx;
	struct kept *kept;
	size_t under_way;
};

struct one {
	struct lookup *lookup;
	struct question question;
	void (*done)(void *context, const struct answer *answer);
	void *context;
};

/* -- setting up ----------------------------------------------------------------------------- */

static bool set_options(struct ub_ctx *ctx, char why[static 256])
{
	static const char *const option[][2] = {
	    {"do-not-query-localhost:", "no"}, /* a local nameserver is the usual one */
	    {"msg-cache-size:", "8m"},
	    {"rrset-cache-size:", "16m"},
	    {"key-cache-size:", "2m"},
	    {"neg-cache-size:", "1m"},
	    {"outgoing-range:", "256"}, /* 16 in the library: a slow upstream would be a queue */
	    {"num-queries-per-thread:", "1024"},
	    /* What is known of a nameserver is soon forgotten: after an outage of a minute the next
	     * question goes out at once, and not after 40 s as with the usual 900 (measured). */
	    {"infra-host-ttl:", "10"},
	};
	for (size_t i = 0; i < sizeof option / sizeof *option; i++) {
		int rc = ub_ctx_set_option(ctx, option[i][0], option[i][1]);
		if (rc) {
			snprintf(why, 256, "libunbound refuses %s %s: %s", option[i][0],
				 option[i][1], ub_strerror(rc));
			return false;
		}
	}
	return true;
}

/* The library takes any number for a port. */
static bool port_ok(const char *nameserver)
{
	const char *at = strchr(nameserver, '@');
	uint64_t port = 1;
	return !at || (str_to_u64(slice_of(at + 1), 65535, &port) && port > 0);
}

static bool set_private(struct ub_ctx *ctx, char *const nameserver[], size_t count,
			char why[static 256])
{
	static const char *const zone[] = {
	    "localhost.",
	    "127.in-addr.arpa.",
	    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa.",
	    "home.arpa.",
	    "onion.",
	    "test.",
	    "invalid.",
	};
	for (size_t i = 0; i < count; i++) {
		int rc = port_ok(nameserver[i]) ? ub_ctx_set_fwd(ctx, nameserver[i]) : UB_SYNTAX;
		if (rc) {
			snprintf(why, 256, "nameserver \"%.100s\": %s (expected ADDR or ADDR@PORT)",
				 nameserver[i], ub_strerror(rc));
			return false;
		}
	}
	int rc = ub_ctx_set_option(ctx, "unblock-lan-zones:", "yes");
	/* The first removal fixes the options: it comes last. */
	for (size_t i = 0; !rc && i < sizeof zone / sizeof *zone; i++)
		rc = ub_ctx_zone_remove(ctx, zone[i]);
	if (rc)
		snprintf(why, 256, "libunbound keeps its built-in zones: %s", ub_strerror(rc));
	return !rc;
}

static bool set_system(struct ub_ctx *ctx, char why[static 256])
{
	int rc = ub_ctx_resolvconf(ctx, NULL);
	if (rc == UB_READFILE) /* no resolv.conf: we ask the root and must validate ourselves */
		rc = access(ROOT_KEY, R_OK) == 0 ? ub_ctx_add_ta_file(ctx, ROOT_KEY) : 0;
	if (rc)
		snprintf(why, 256, "the system's nameservers: %s", ub_strerror(rc));
	return !rc;
}

struct lookup *lookup_open(char *const nameserver[], size_t count, char why[static 256])
{
	struct lookup *l = calloc(1, sizeof *l);
	if (l)
		l->kept = kept_new();
	if (l && l->kept)
		l->ctx = ub_ctx_create();
	if (!l || !l->ctx) {
		snprintf(why, 256, "not enough memory");
		if (l)
			kept_free(l->kept);
		free(l);
		return NULL;
	}
	ub_ctx_debugout(l->ctx, NULL);
	ub_ctx_async(l->ctx, 1);
	if (!set_options(l->ctx, why) ||
	    !(count ? set_private(l->ctx, nameserver, count, why) : set_system(l->ctx, why))) {
		lookup_close(l);
		return NULL;
	}
	return l;
}

void lookup_close(struct lookup *l)
{
	if (!l)
		return;
	ub_ctx_delete(l->ctx);
	kept_free(l->kept);
	free(l);
}

int lookup_fd(const struct lookup *l)
{
	return ub_fd(l->ctx);
}

/* -- record data ---------------------------------------------------------------------------- */

/* A name in wire format, uncompressed, to text; -1 if it is broken, 0 if it is not a name that
 * may be asked about (then it is of no use to anybody here). */
static int name_text(const uint8_t *p, size_t n, char to[static LIMIT_DOMAIN + 1])
{
	size_t at = 0, out = 0;
	while (at < n && p[at]) {
		size_t label = p[at++];
		if (label > LIMIT_LABEL || label >= n - at)
			return -1;
		if (out + (out > 0) + label > LIMIT_DOMAIN)
			return -1;
		if (out)
			to[out++] = '.';
		/* A dot or a NUL within a label must not pass for the text's own. */
		if (memchr(p + at, '.', label) || memchr(p + at, '\0', label))
			return 0;
		memcpy(to + out, p + at, label);
		out += label;
		at += label;
	}
	if (at + 1 != n)
		return -1;
	to[out] = '\0';
	return out == 0 || question_name_ok(to);
}

static bool add_name(struct answer *a, const char *before, size_t before_n, const uint8_t *p,
		     size_t n)
{
	char record[2 + LIMIT_DOMAIN + 1];
	memcpy(record, before, before_n);
	int rc = name_text(p, n, record + before_n);
	if (rc <= 0)
		return rc == 0;
	return answer_add(a, record, before_n + strlen(record + before_n));
}

static bool add_txt(struct answer *a, const uint8_t *p, size_t n)
{
	struct str joined = {0};
	bool ok = n > 0;
	for (size_t at = 0; ok && at < n;) {
		size_t length = p[at++];
		ok = length <= n - at;
		if (ok)
			str_add(&joined, p + at, length);
		at += length;
	}
	ok = ok && !joined.failed && answer_add(a, joined.p, joined.n);
	str_free(&joined);
	return ok;
}

/* False: not what the type says, or too much. */
static bool add_record(struct answer *a, enum question_type type, const char *data, size_t n)
{
	const uint8_t *p = (const uint8_t *)data;
	switch (type) {
	case QUESTION_A: return n == 4 && answer_add(a, p, n);
	case QUESTION_AAAA: return n == 16 && answer_add(a, p, n);
	case QUESTION_MX: return n > 2 && add_name(a, data, 2, p + 2, n - 2);
	case QUESTION_PTR:
	case QUESTION_NS: return add_name(a, "", 0, p, n);
	case QUESTION_TXT: return add_txt(a, p, n);
	case QUESTION_TYPE_COUNT: break;
	}
	return false;
}

static enum answer_status translate(struct answer *a, enum question_type type,
				    const struct ub_result *r)
{
	if (r->bogus)
		return ANSWER_TROUBLE;
	if (r->nxdomain || r->rcode == 3)
		return ANSWER_NO_NAME;
	if (r->rcode != 0)
		return ANSWER_TROUBLE;
	for (size_t i = 0; r->havedata && r->data[i]; i++)
		if (r->len[i] < 0 || !add_record(a, type, r->data[i], (size_t)r->len[i]))
			return ANSWER_TROUBLE;
	return a->count ? ANSWER_DATA : ANSWER_NO_DATA;
}

/* -- questions ------------------------------------------------------------------------------ */

static int64_t seconds(void)
{
	struct timespec ts = {0};
	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec;
}

static void resolved(void *context, int error, struct ub_result *r)
{
	struct one *one = context;
	struct answer a = {.id = one->question.id, .status = ANSWER_TROUBLE};
	if (!error && r) {
		a.status = translate(&a, one->question.type, r);
		a.ttl = r->ttl > 0 ? (uint32_t)r->ttl : 0;
	}
	if (a.status != ANSWER_DATA)
		answer_free(&a);
	kept_note(one->lookup->kept, &one->question, &a, seconds());
	ub_resolve_free(r);
	one->lookup->under_way--;
	one->done(one->context, &a);
	answer_free(&a);
	free(one);
}

bool lookup_start(struct lookup *l, const struct question *q,
		  void (*done)(void *context, const struct answer *answer), void *context)
{
	const struct answer *kept = kept_find(l->kept, q, seconds());
	if (kept) {
		done(context, kept);
		return true;
	}
	if (l->under_way >= LIMIT_DNS_UNDER_WAY)
		return false;
	struct one *one = malloc(sizeof *one);
	if (!one)
		return false;
	*one = (struct one){l, *q, done, context};
	if (ub_resolve_async(l->ctx, q->name, (int)question_type_number(q->type), 1, one, resolved,
			     NULL)) {
		free(one);
		return false;
	}
	l->under_way++;
	return true;
}

void lookup_process(struct lookup *l)
{
	ub_process(l->ctx);
}
