/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dkimcheck.c - libopendkim behind its fences.
 *
 * The way of one message: its DKIM-Signature headers are read by dkimsig.c, and the best of them
 * chosen; all other headers and those of the chosen that the library may see are given to it, in
 * their order, then the pad header, then the body; at the end it asks for the keys through our
 * callback, and each of its signatures is matched with ours and judged.
 *
 * Which signature of the library is which of ours: it lists those whose header it took, in the
 * order in which it took them. If the numbers or the names differ nothing passes, since the flaws
 * of one signature must never be looked up in another.
 *
 * Time: the library compares t= and x= with the system's clock (its FIXEDTIME is for signing only).
 * A clock drift of 30 years makes it let through all that is within reason, and time is judged by
 * dkimsig_flaws with the time that we were told.
 *
 * Bare CR in the body: in relaxed canonicalisation the library leaves it out of the hash in places,
 * so that octets could be added to a signed body. A relaxed pass over such a body is no pass.
 */
#include "proof/dkimcheck.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <opendkim/dkim.h>

#include "proof/dkimself.h"

enum {
	PAD_OCTETS = 12, /* 96 random bits */
	DRIFT = 30 * 365 * 24 * 60 * 60,
	SIGNED_WITHIN = 64 * 1024, /* body octets given at once */
};

/* One chosen signature. */
struct chosen {
	size_t header;
	struct dkimsig sig;
	bool feed;         /* the library may see it */
	bool names_others; /* h= names DKIM-Signature */
	struct finding_dkim found;
};

struct dkimcheck {
	DKIM *dkim;
	const struct resolver *resolver;
	struct chosen chosen[LIMIT_SIGNATURES];
	size_t count;
	size_t fed[LIMIT_SIGNATURES]; /* chosen's index, in the library's order */
	size_t fed_count;
	size_t withheld; /* DKIM-Signature headers that the library did not see */
	bool no_memory;
	bool odd;     /* a header that cannot be given as it is */
	bool ready;   /* the library has taken the headers */
	bool bare_cr; /* in the body */
	bool any_body;
	char last[2]; /* octets of the body as given to the library */
	struct str chunk;
};

/* One per process, made before threads and the seal; the library does not change it afterwards. */
static DKIM_LIB *library;
static char pad[sizeof "X-Pad-: 1" + 2 * PAD_OCTETS];

/* -- the library ---------------------------------------------------------------------------- */

static bool set_option(dkim_opts_t option, void *value, size_t size)
{
	return dkim_options(library, DKIM_OP_SETOPT, option, value, size) == DKIM_STAT_OK;
}

static bool set_options(void)
{
	unsigned int flags = DKIM_LIBFLAGS_DELAYSIGPROC; /* no key is asked for before the end */
	unsigned int bits = LIMIT_DKIM_KEY_BITS;
	uint64_t drift = DRIFT;
	dkim_query_t query = DKIM_QUERY_DNS;
	return set_option(DKIM_OPTS_FLAGS, &flags, sizeof flags) &&
	       set_option(DKIM_OPTS_MINKEYBITS, &bits, sizeof bits) &&
	       set_option(DKIM_OPTS_CLOCKDRIFT, &drift, sizeof drift) &&
	       set_option(DKIM_OPTS_QUERYMETHOD, &query, sizeof query);
}

static bool make_pad(void)
{
	unsigned char random[PAD_OCTETS];
	static const char hex[] = "0123456789abcdef";
	if (getrandom(random, sizeof random, 0) != sizeof random)
		return false;
	char *p = pad + strlen(strcpy(pad, "X-Pad-"));
	for (size_t i = 0; i < sizeof random; i++) {
		*p++ = hex[random[i] >> 4];
		*p++ = hex[random[i] & 15];
	}
	strcpy(p, ": 1");
	return true;
}

/* A record that fits, of one TXT, with nothing that would end the string early. */
static bool usable_key(const struct answer *a)
{
	return a->status == ANSWER_DATA && a->count == 1 && a->record[0].n <= LIMIT_KEY_RECORD &&
	       !memchr(a->record[0].p, '\0', a->record[0].n);
}

/* Never DEFAULT: the library's own resolver must not be reached, and q= must not choose it. */
static DKIM_CBSTAT look_up_key(DKIM *dkim, DKIM_SIGINFO *si, unsigned char *buffer, size_t size)
{
	const struct dkimcheck *d = dkim_get_user_context(dkim);
	struct dkimsig key = {0};
	char name[LIMIT_DOMAIN + 1];
	if (!slice_copy(slice_of((char *)dkim_sig_getdomain(si)), key.d, sizeof key.d) ||
	    !slice_copy(slice_of((char *)dkim_sig_getselector(si)), key.s, sizeof key.s) ||
	    !dkimsig_key_name(&key, name))
		return DKIM_CBSTAT_NOTFOUND;
	str_lower(name);
	const struct answer *a = d->resolver->ask(d->resolver->context, QUESTION_TXT, name);
	if (a->status == ANSWER_TROUBLE) {
		dkim_sig_seterror(si, DKIM_SIGERROR_KEYFAIL);
		return DKIM_CBSTAT_TRYAGAIN;
	}
	if (!usable_key(a) || a->record[0].n >= size)
		return DKIM_CBSTAT_NOTFOUND;
	memcpy(buffer, a->record[0].p, a->record[0].n);
	buffer[a->record[0].n] = '\0';
	return DKIM_CBSTAT_CONTINUE;
}

bool dkimcheck_init(void)
{
	if (library)
		return true;
	library = dkim_init(NULL, NULL);
	if (library && set_options() && dkim_set_key_lookup(library, look_up_key) == DKIM_STAT_OK &&
	    make_pad() && dkimself_test())
		return true;
	dkimcheck_deinit();
	return false;
}

void dkimcheck_deinit(void)
{
	if (library)
		dkim_close(library);
	library = NULL;
}

/* -- choosing ------------------------------------------------------------------------------- */

enum rank {
	RANK_NONE, /* no DKIM-Signature */
	RANK_BROKEN,
	RANK_OTHER,
	RANK_ALIGNED,
};

/* The library takes "DKIM-Signature :" for one as well. */
static bool is_signature(const struct message *m, size_t i)
{
	return dkimsig_header_is(m, i, "DKIM-Signature");
}

static enum rank rank_of(const struct message *m, size_t i, const char *from_domain,
			 const struct suffixes *suffixes)
{
	struct dkimsig sig;
	if (!is_signature(m, i))
		return RANK_NONE;
	if (!dkimsig_parse(message_value(m, i), &sig))
		return RANK_BROKEN;
	if (from_domain[0] && suffixes && domain_aligned(suffixes, sig.d, from_domain, false))
		return RANK_ALIGNED;
	return RANK_OTHER;
}

static void choose(struct dkimcheck *d, const struct message *m, size_t i, int64_t now)
{
	struct chosen *c = &d->chosen[d->count++];
	c->header = i;
	bool good = dkimsig_parse(message_value(m, i), &c->sig);
	memcpy(c->found.d, c->sig.d, sizeof c->found.d);
	memcpy(c->found.s, c->sig.s, sizeof c->found.s);
	c->found.result = AUTH_PERMERROR;
	if (!c->sig.d[0] || !c->sig.s[0])
		c->found.flaws |= FLAW_NAMES;
	if (!good)
		return;
	c->found.signed_at = c->sig.signed_at;
	c->found.flaws |= dkimsig_flaws(&c->sig, m, now);
	c->names_others = dkimsig_names(&c->sig, "DKIM-Signature") > 0;
	c->feed = !c->sig.rsa_sha1;    /* RFC 8301 3.1: must not verify */
	c->found.result = AUTH_POLICY; /* until it has been judged */
}

/* The aligned ones first, then the others, then those that cannot be read; each from the top. */
static void choose_all(struct dkimcheck *d, const struct message *m, const char *from_domain,
		       const struct suffixes *suffixes, int64_t now)
{
	unsigned char *ranks = calloc(m->header_count + 1, 1);
	size_t signatures = 0;
	if (!ranks) {
		d->no_memory = true;
		return;
	}
	for (size_t i = 0; i < m->header_count; i++) {
		ranks[i] = (unsigned char)rank_of(m, i, from_domain, suffixes);
		signatures += ranks[i] != RANK_NONE;
	}
	for (int rank = RANK_ALIGNED; rank > RANK_NONE; rank--)
		for (size_t i = 0; i < m->header_count && d->count < LIMIT_SIGNATURES; i++)
			if (ranks[i] == rank)
				choose(d, m, i, now);
	free(ranks);
	d->withheld = signatures;
}

/* -- headers -------------------------------------------------------------------------------- */

/* The header as it went over the wire: "Name:" and the value with LF as CRLF. */
static void wire_header(const struct message *m, size_t i, struct str *to)
{
	struct slice name = message_name(m, i), value = message_value(m, i);
	str_reset(to);
	str_add(to, name.p, name.n);
	str_puts(to, m->leading_space ? ":" : ": ");
	for (size_t at = 0; at < value.n; at++) {
		if (value.p[at] == '\n' && (at == 0 || value.p[at - 1] != '\r'))
			str_putc(to, '\r');
		str_putc(to, value.p[at]);
	}
}

static DKIM_STAT give_header(struct dkimcheck *d, char *text, size_t n)
{
	DKIM_STAT status = dkim_header(d->dkim, (unsigned char *)text, n);
	if (status == DKIM_STAT_NORESOURCE || status == DKIM_STAT_INTERNAL)
		d->no_memory = true;
	return status;
}

static struct chosen *chosen_of(struct dkimcheck *d, size_t header)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->chosen[i].header == header)
			return &d->chosen[i];
	return NULL;
}

static void give_one(struct dkimcheck *d, const struct message *m, size_t i, struct str *text)
{
	struct chosen *c = NULL;
	if (is_signature(m, i)) {
		c = chosen_of(d, i);
		if (!c || !c->feed)
			return;
	}
	wire_header(m, i, text);
	if (text->failed) {
		d->no_memory = true;
		return;
	}
	/* The library's strings end at a NUL. */
	if (memchr(text->p, '\0', text->n)) {
		d->odd = true;
		return;
	}
	DKIM_STAT status = give_header(d, text->p, text->n);
	if (!c)
		return; /* refused for its name: then no h= can name it either */
	c->feed = status == DKIM_STAT_OK;
	if (!c->feed)
		c->found.result = AUTH_PERMERROR;
	if (c->feed) {
		d->fed[d->fed_count++] = (size_t)(c - d->chosen);
		d->withheld--;
	}
}

static void give_headers(struct dkimcheck *d, const struct message *m)
{
	struct str text = {0};
	for (size_t i = 0; i < m->header_count && !d->no_memory; i++)
		give_one(d, m, i, &text);
	str_free(&text);
	if (d->no_memory || d->fed_count == 0)
		return;
	/* With one header more than any h= can name, the library's array of selected headers always
	 * has a place left for its end mark. */
	char copy[sizeof pad];
	memcpy(copy, pad, sizeof pad);
	if (give_header(d, copy, strlen(copy)) != DKIM_STAT_OK)
		return;
	DKIM_STAT status = dkim_eoh(d->dkim);
	d->ready = status == DKIM_STAT_OK;
	d->no_memory = status == DKIM_STAT_NORESOURCE || status == DKIM_STAT_INTERNAL;
}

static void expect_keys(const struct dkimcheck *d)
{
	char name[LIMIT_DOMAIN + 1];
	if (!d->resolver->expect)
		return;
	for (size_t i = 0; i < d->fed_count; i++)
		if (dkimsig_key_name(&d->chosen[d->fed[i]].sig, name))
			d->resolver->expect(d->resolver->context, QUESTION_TXT, name);
}

struct dkimcheck *dkimcheck_begin(const struct message *message, const char *from_domain,
				  const struct suffixes *suffixes, const struct resolver *resolver,
				  int64_t now)
{
	struct dkimcheck *d = calloc(1, sizeof *d);
	if (!d)
		return NULL;
	d->resolver = resolver;
	choose_all(d, message, from_domain, suffixes, now);
	if (d->count == 0 || d->no_memory)
		return d;
	DKIM_STAT status;
	d->dkim = dkim_verify(library, (const unsigned char *)"", NULL, &status);
	if (!d->dkim) {
		d->no_memory = true;
		return d;
	}
	dkim_set_user_context(d->dkim, d);
	give_headers(d, message);
	if (d->ready)
		expect_keys(d);
	return d;
}

/* -- body ----------------------------------------------------------------------------------- */

static void give_body(struct dkimcheck *d, const char *p, size_t n)
{
	if (n == 0)
		return;
	/* The library only reads it; its interface is from before const. */
	if (dkim_body(d->dkim, (unsigned char *)(uintptr_t)p, n) != DKIM_STAT_OK)
		d->no_memory = true;
	d->last[0] = n > 1 ? p[n - 2] : d->last[1];
	d->last[1] = p[n - 1];
	d->any_body = true;
}

/* Whether p holds a LF that no CR precedes, or a CR that no LF follows; before: the octet that came
 * before p. A CR at the end is judged with the next piece. */
static bool look_at_ends(const char *p, size_t n, char before, bool *ret_bare_cr)
{
	bool bare_lf = false;
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n' && before != '\r')
			bare_lf = true;
		else if (p[i] != '\n' && before == '\r')
			*ret_bare_cr = true;
		before = p[i];
	}
	return bare_lf;
}

static void body_piece(struct dkimcheck *d, const char *p, size_t n)
{
	char before = d->any_body ? d->last[1] : '\0';
	if (!look_at_ends(p, n, before, &d->bare_cr)) {
		give_body(d, p, n);
		return;
	}
	str_reset(&d->chunk);
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n' && before != '\r')
			str_putc(&d->chunk, '\r');
		str_putc(&d->chunk, p[i]);
		before = p[i];
	}
	if (d->chunk.failed)
		d->no_memory = true;
	else
		give_body(d, d->chunk.p, d->chunk.n);
}

void dkimcheck_body(struct dkimcheck *d, const void *p, size_t n)
{
	const char *at = p;
	while (n && d->ready && !d->no_memory) {
		size_t piece = n < SIGNED_WITHIN ? n : SIGNED_WITHIN;
		body_piece(d, at, piece);
		at += piece;
		n -= piece;
	}
}

static void close_body(struct dkimcheck *d)
{
	if (!d->any_body || (d->last[0] == '\r' && d->last[1] == '\n'))
		return;
	if (d->last[1] == '\r')
		d->bare_cr = true;
	give_body(d, "\r\n", 2);
}

/* -- judging -------------------------------------------------------------------------------- */

static bool same_signature(const struct dkimsig *sig, DKIM_SIGINFO *si)
{
	struct slice d = slice_of((char *)dkim_sig_getdomain(si));
	struct slice s = slice_of((char *)dkim_sig_getselector(si));
	return slice_is_nocase(d, sig->d) && slice_is_nocase(s, sig->s);
}

/* What the key says against the signature. */
static uint32_t key_flaws(const struct dkimsig *sig, DKIM_SIGINFO *si)
{
	uint32_t flaws = 0;
	unsigned int flags = dkim_sig_getflags(si), bits = 0;
	if (flags & DKIM_SIGFLAG_TESTKEY)
		flaws |= FLAW_TEST_KEY;
	if ((flags & DKIM_SIGFLAG_NOSUBDOMAIN) && (sig->identity_below || sig->identity_odd))
		flaws |= FLAW_IDENTITY;
	if (!(flags & DKIM_SIGFLAG_PROCESSED))
		return flaws;
	/* g= narrowed a key to one local part (RFC 4871 3.6.1). The library, like RFC 6376, does
	 * not know it; whoever published it did not mean the key for everybody. */
	unsigned char tag[] = "g";
	const char *g = (const char *)dkim_sig_gettagvalue(si, true, tag);
	if (g && strcmp(g, "*") != 0)
		flaws |= FLAW_IDENTITY;
	if (sig->rsa_sha256 && dkim_sig_getkeysize(si, &bits) == DKIM_STAT_OK &&
	    bits < LIMIT_DKIM_KEY_BITS)
		flaws |= FLAW_KEY_BITS;
	return flaws;
}

/* The only place where a pass comes from. */
static bool passes(DKIM_SIGINFO *si)
{
	unsigned int flags = dkim_sig_getflags(si);
	return (flags & DKIM_SIGFLAG_PROCESSED) && (flags & DKIM_SIGFLAG_PASSED) &&
	       !(flags & DKIM_SIGFLAG_IGNORE) && dkim_sig_geterror(si) == DKIM_SIGERROR_OK &&
	       dkim_sig_getbh(si) == DKIM_SIGBH_MATCH;
}

/* What we do not believe of the library although it says "pass". */
static bool believable(const struct dkimcheck *d, DKIM_SIGINFO *si)
{
	dkim_alg_t algorithm;
	dkim_canon_t header, body;
	if (dkim_sig_getsignalg(si, &algorithm) != DKIM_STAT_OK ||
	    (algorithm != DKIM_SIGN_RSASHA256 && algorithm != DKIM_SIGN_ED25519SHA256))
		return false;
	if (dkim_sig_getcanons(si, &header, &body) != DKIM_STAT_OK)
		return false;
	return !(d->bare_cr && body == DKIM_CANON_RELAXED);
}

static enum auth_result result_of_error(const struct dkimcheck *d, const struct chosen *c,
					DKIM_SIGINFO *si)
{
	switch (dkim_sig_geterror(si)) {
	case DKIM_SIGERROR_KEYFAIL: return AUTH_TEMPERROR;
	case DKIM_SIGERROR_BADSIG:
		/* Not certain where it covers signatures that the library was not shown. */
		return c->names_others && d->withheld ? AUTH_POLICY : AUTH_FAIL;
	case DKIM_SIGERROR_KEYTOOSMALL:
	case DKIM_SIGERROR_EXPIRED:
	case DKIM_SIGERROR_FUTURE: return AUTH_POLICY;
	default: return AUTH_PERMERROR;
	}
}

static void judge(const struct dkimcheck *d, struct chosen *c, DKIM_SIGINFO *si)
{
	c->found.flaws |= key_flaws(&c->sig, si);
	if (!passes(si))
		c->found.result = result_of_error(d, c, si);
	else if (!believable(d, si))
		c->found.result = AUTH_POLICY;
	else
		c->found.result = AUTH_PASS;
}

static void set_fed(struct dkimcheck *d, enum auth_result result)
{
	for (size_t i = 0; i < d->fed_count; i++)
		d->chosen[d->fed[i]].found.result = result;
}

static void verify(struct dkimcheck *d)
{
	DKIM_SIGINFO **list;
	int count;
	close_body(d);
	if (d->no_memory) {
		set_fed(d, AUTH_TEMPERROR);
		return;
	}
	dkim_eom(d->dkim, NULL); /* its result is about one signature: each is looked at below */
	if (dkim_getsiglist(d->dkim, &list, &count) != DKIM_STAT_OK ||
	    (size_t)count != d->fed_count)
		return;
	for (size_t i = 0; i < d->fed_count; i++)
		if (!same_signature(&d->chosen[d->fed[i]].sig, list[i]))
			return;
	for (size_t i = 0; i < d->fed_count; i++)
		judge(d, &d->chosen[d->fed[i]], list[i]);
}

void dkimcheck_end(struct dkimcheck *d, bool body_cut, struct finding *finding)
{
	if (body_cut) {
		finding->reasons |= 1u << REASON_LIMIT;
		set_fed(d, AUTH_NOT_ASKED);
	} else if (d->no_memory) {
		for (size_t i = 0; i < d->count; i++)
			d->chosen[i].found.result = AUTH_TEMPERROR;
	} else if (d->ready && !d->odd) {
		verify(d);
	}
	for (size_t i = 0; i < d->count; i++)
		finding->dkim[i] = d->chosen[i].found;
	finding->dkim_count = (uint32_t)d->count;
}

void dkimcheck_free(struct dkimcheck *d)
{
	if (!d)
		return;
	if (d->dkim)
		dkim_free(d->dkim);
	str_free(&d->chunk);
	free(d);
}
