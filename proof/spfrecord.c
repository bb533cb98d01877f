/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spfrecord.c - the grammar of SPF records, term by term (RFC 7208 12), and their rewriting.
 *
 * Every term is read even when the outcome is settled, since a syntax error anywhere makes the
 * whole record a permerror (4.6). "Open" is the part of the record that evaluation can reach: it
 * ends at the first "all" and at the first address term that fits the client.
 */
#include "proof/spfrecord.h"

#include <arpa/inet.h>
#include <string.h>

enum {
	ADDRESS_TEXT = INET6_ADDRSTRLEN,
	MACRO_PARTS = 128, /* libspf2's largest count of labels in a macro */
};

struct reading {
	const struct spfclient *client;
	enum spfrecord_state state;
	bool open;
	bool has_all;
	bool broad;
	uint64_t pass4, pass6; /* passed address space, in addresses and in /64 */
	size_t compiled;
	bool has_exp;
	struct slice redirect;
	struct str *to;
};

/* What is known of a domain-spec or macro-string. */
struct macros {
	bool unsafe;
	bool client; /* depends on the client's address */
	size_t compiled;
	size_t count;
	size_t tail; /* where the literal after the last macro begins */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alpha(char c)
{
	c = str_lower_char(c);
	return c >= 'a' && c <= 'z';
}

static struct slice from(struct slice s, size_t at)
{
	return (struct slice){s.p + at, s.n - at};
}

/* -- macros (7.1) --------------------------------------------------------------------------- */

/* One "%{...}" at s; its length, or 0 when it is broken. */
static size_t macro(struct slice s, const struct spfclient *client, struct macros *m)
{
	size_t i = 3, digits = 0;
	unsigned value = 0;
	if (s.n < 4)
		return 0;
	char letter = str_lower_char(s.p[2]);
	if (!memchr("slodiphv", letter, 8))
		return 0; /* c, r and t are for explanations only */
	m->unsafe |= letter != s.p[2] || letter == 'p';
	m->unsafe |= (letter == 'l' || letter == 's') && !client->local_usable;
	m->unsafe |= letter == 'h' && !client->helo_usable;
	m->client |= letter == 'i';
	for (; i < s.n && is_digit(s.p[i]); i++, digits++)
		value = value <= MACRO_PARTS ? value * 10 + (unsigned)(s.p[i] - '0') : value;
	if (digits && value == 0)
		return 0;
	m->unsafe |= value > MACRO_PARTS;
	if (i < s.n && str_lower_char(s.p[i]) == 'r')
		m->unsafe |= s.p[i++] != 'r';
	for (; i < s.n && s.p[i] && strchr(".-+,/_=", s.p[i]); i++)
		m->unsafe |= s.p[i] == ',' || s.p[i] == '/';
	return i < s.n && s.p[i] == '}' ? i + 1 : 0;
}

static bool macro_string(struct slice s, const struct spfclient *client, struct macros *m)
{
	size_t literal = 0;
	m->tail = 0;
	for (size_t i = 0; i < s.n;) {
		if (s.p[i] != '%') {
			literal++;
			i++;
			continue;
		}
		if (i + 1 == s.n)
			return false;
		size_t n = 2;
		if (s.p[i + 1] == '{') {
			n = macro(from(s, i), client, m);
			m->compiled += 4;
			m->count++;
		} else if (!strchr("%_-", s.p[i + 1]) || !s.p[i + 1]) {
			return false;
		} else {
			literal += 3; /* "%-" becomes "%20" */
		}
		if (n == 0)
			return false;
		m->compiled += 4;
		i += n;
		m->tail = i;
	}
	m->compiled += 4 + literal + 4;
	return true;
}

/* toplabel: letters, digits and hyphens, no hyphen at an end, not digits alone. */
static bool top_label(struct slice s)
{
	bool all_digits = true;
	if (s.n == 0 || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!is_alpha(s.p[i]) && !is_digit(s.p[i]) && s.p[i] != '-')
			return false;
		all_digits = all_digits && is_digit(s.p[i]);
	}
	return !all_digits;
}

static bool domain_spec(struct slice s, const struct spfclient *client, struct macros *m)
{
	if (s.n == 0 || !macro_string(s, client, m))
		return false;
	m->unsafe |= s.n > SPFRECORD_DOMAIN || m->count > SPFRECORD_MACROS;
	struct slice tail = from(s, m->tail);
	if (tail.n == 0)
		return true;
	if (tail.p[tail.n - 1] == '.')
		tail.n--;
	const char *dot = tail.n ? memrchr(tail.p, '.', tail.n) : NULL;
	return dot && top_label(from(tail, (size_t)(dot - tail.p) + 1));
}

/* -- addresses (5.6) ------------------------------------------------------------------------ */

/* A prefix length without leading zeros. */
static bool prefix_length(struct slice s, unsigned most, unsigned *ret_length)
{
	uint64_t v;
	if (s.n == 0 || s.n > 3 || (s.n > 1 && s.p[0] == '0') || !str_to_u64(s, most, &v))
		return false;
	*ret_length = (unsigned)v;
	return true;
}

static bool fits(const unsigned char *a, const unsigned char *b, unsigned bits)
{
	if (memcmp(a, b, bits / 8) != 0)
		return false;
	unsigned rest = bits % 8;
	return rest == 0 || ((a[bits / 8] ^ b[bits / 8]) >> (8 - rest)) == 0;
}

static void count_broad(struct reading *r, char qualifier, bool six, unsigned prefix)
{
	if (qualifier != '+')
		return;
	if (six) {
		r->broad |= prefix < SPFRECORD_BROAD_6;
		r->pass6 += prefix < SPFRECORD_BROAD_6 ? 0
			    : prefix < 64              ? UINT64_C(1) << (64 - prefix)
						       : 1;
		r->broad |= r->pass6 > UINT64_C(1) << (64 - SPFRECORD_BROAD_6);
	} else {
		r->pass4 += UINT64_C(1) << (32 - prefix);
		r->broad |= r->pass4 > UINT64_C(1) << (32 - SPFRECORD_BROAD_4);
	}
}

/* -- writing -------------------------------------------------------------------------------- */

static void unsafe(struct reading *r)
{
	if (r->state == SPFRECORD_GOOD)
		r->state = SPFRECORD_UNSAFE;
}

static void write_term(struct reading *r, char qualifier, const char *name, size_t compiled)
{
	r->compiled += 4 + compiled;
	if (r->compiled > SPFRECORD_COMPILED)
		unsafe(r);
	str_putc(r->to, ' ');
	str_putc(r->to, qualifier);
	str_puts(r->to, name);
}

static void write_all(struct reading *r, char qualifier)
{
	write_term(r, qualifier, "all", 0);
	r->open = false;
}

/* -- mechanisms (5) ------------------------------------------------------------------------- */

struct mechanism;
typedef bool read_fn(struct reading *r, const struct mechanism *m, char qualifier,
		     struct slice value);

struct mechanism {
	const char *name;
	read_fn *read; /* value: what follows the name; false: broken */
};

static bool read_all(struct reading *r, const struct mechanism *m, char qualifier,
		     struct slice value)
{
	(void)m;
	if (value.n)
		return false;
	r->has_all = true;
	r->broad |= qualifier == '+';
	if (r->open)
		write_all(r, qualifier);
	return true;
}

/* ":" and the address of one family, with a prefix length after a slash. */
static bool read_address(struct reading *r, char qualifier, struct slice value, bool six)
{
	unsigned prefix = six ? 128 : 32;
	char text[ADDRESS_TEXT];
	unsigned char ip[16];
	if (value.n < 2 || value.p[0] != ':')
		return false;
	value = from(value, 1);
	const char *slash = memchr(value.p, '/', value.n);
	if (slash) {
		size_t n = (size_t)(slash - value.p);
		if (!prefix_length(from(value, n + 1), prefix, &prefix))
			return false;
		value.n = n;
	}
	if (!slice_copy(value, text, sizeof text) ||
	    inet_pton(six ? AF_INET6 : AF_INET, text, ip) != 1)
		return false;
	count_broad(r, qualifier, six, prefix);
	if (r->open && r->client->family == (six ? AF_INET6 : AF_INET) &&
	    fits(ip, r->client->ip, prefix))
		write_all(r, qualifier);
	return true;
}

static bool read_ip4(struct reading *r, const struct mechanism *m, char qualifier,
		     struct slice value)
{
	(void)m;
	return read_address(r, qualifier, value, false);
}

static bool read_ip6(struct reading *r, const struct mechanism *m, char qualifier,
		     struct slice value)
{
	(void)m;
	return read_address(r, qualifier, value, true);
}

/* Takes "/digits" off the end; -1 where there is none, -2 where it is broken. */
static int take_prefix(struct slice *value, const char *slashes, unsigned most)
{
	size_t n = value->n, width = strlen(slashes);
	unsigned prefix;
	while (n > 0 && is_digit(value->p[n - 1]))
		n--;
	if (n == value->n || n < width || memcmp(value->p + n - width, slashes, width) != 0)
		return -1;
	if (!prefix_length(from(*value, n), most, &prefix))
		return -2;
	value->n = n - width;
	return (int)prefix;
}

/* a and mx: an optional domain, then optional prefix lengths for both families. */
static bool read_hosts(struct reading *r, const struct mechanism *m, char qualifier,
		       struct slice value)
{
	struct macros macros = {0};
	int six = take_prefix(&value, "//", 128);
	int four = take_prefix(&value, "/", 32);
	if (six == -2 || four == -2)
		return false;
	if (value.n && (value.p[0] != ':' || !domain_spec(from(value, 1), r->client, &macros)))
		return false;
	if (four >= 0 && four < SPFRECORD_BROAD_4)
		count_broad(r, qualifier, false, (unsigned)four);
	if (six >= 0 && six < SPFRECORD_BROAD_6)
		count_broad(r, qualifier, true, (unsigned)six);
	if (!r->open)
		return true;
	bool is_six = r->client->family == AF_INET6;
	int prefix = is_six ? six : four, whole = is_six ? 128 : 32;
	if (macros.unsafe || prefix == 0)
		unsafe(r);
	write_term(r, qualifier, m->name, macros.compiled + 4);
	str_add(r->to, value.p, value.n);
	if (prefix > 0 && prefix < whole)
		str_printf(r->to, "%s%d", is_six ? "//" : "/", prefix);
	return true;
}

/* include, exists (domain required), ptr (optional). */
static bool read_named(struct reading *r, const struct mechanism *m, char qualifier,
		       struct slice value)
{
	struct macros macros = {0};
	bool optional = strcmp(m->name, "ptr") == 0;
	if (value.n == 0 && !optional)
		return false;
	if (value.n && (value.p[0] != ':' || !domain_spec(from(value, 1), r->client, &macros)))
		return false;
	if (strcmp(m->name, "exists") == 0 && qualifier == '+' && !macros.client)
		r->broad = true;
	if (!r->open)
		return true;
	if (macros.unsafe)
		unsafe(r);
	write_term(r, qualifier, m->name, macros.compiled);
	str_add(r->to, value.p, value.n);
	return true;
}

static const struct mechanism mechanisms[] = {
    {"all", read_all},   {"include", read_named}, {"a", read_hosts}, {"mx", read_hosts},
    {"ptr", read_named}, {"ip4", read_ip4},       {"ip6", read_ip6}, {"exists", read_named},
};

static bool read_mechanism(struct reading *r, char qualifier, struct slice name, struct slice value)
{
	for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++)
		if (slice_is_nocase(name, mechanisms[i].name))
			return mechanisms[i].read(r, &mechanisms[i], qualifier ? qualifier : '+',
						  value);
	return false;
}

/* -- modifiers (6) -------------------------------------------------------------------------- */

static bool read_modifier(struct reading *r, struct slice name, struct slice value)
{
	struct macros macros = {0};
	if (slice_is_nocase(name, "redirect")) {
		if (r->redirect.p || !domain_spec(value, r->client, &macros))
			return false;
		r->redirect = value;
		return true;
	}
	if (slice_is_nocase(name, "exp")) {
		bool first = !r->has_exp;
		r->has_exp = true;
		return first && domain_spec(value, r->client, &macros);
	}
	return macro_string(value, r->client, &macros);
}

/* redirect= counts where nothing matched, so behind all, and not at all beside an "all" (6.1). */
static void write_redirect(struct reading *r)
{
	struct macros macros = {0};
	if (!r->redirect.p || r->has_all || !r->open)
		return;
	domain_spec(r->redirect, r->client, &macros);
	r->compiled += 4 + macros.compiled;
	if (macros.unsafe || r->compiled > SPFRECORD_COMPILED)
		unsafe(r);
	str_puts(r->to, " redirect=");
	str_add(r->to, r->redirect.p, r->redirect.n);
}

/* -- the record ----------------------------------------------------------------------------- */

bool spfrecord_is(struct slice text)
{
	static const char version[] = "v=spf1";
	size_t n = sizeof version - 1;
	return slice_starts_nocase(text, version) && (text.n == n || text.p[n] == ' ');
}

static bool read_term(struct reading *r, struct slice term)
{
	char qualifier = term.p[0] && strchr("+-?~", term.p[0]) ? term.p[0] : '\0';
	if (qualifier)
		term = from(term, 1);
	size_t n = 0;
	while (n < term.n &&
	       (is_alpha(term.p[n]) ||
		(n && (is_digit(term.p[n]) || strchr("-_.", term.p[n])) && term.p[n])))
		n++;
	if (n == 0)
		return false;
	struct slice name = {term.p, n};
	if (n < term.n && term.p[n] == '=')
		return !qualifier && read_modifier(r, name, from(term, n + 1));
	return read_mechanism(r, qualifier, name, from(term, n));
}

static bool read_terms(struct reading *r, struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < 0x20 || text.p[i] > 0x7e)
			return false;
	while (text.n) {
		const char *space = memchr(text.p, ' ', text.n);
		struct slice term = {text.p, space ? (size_t)(space - text.p) : text.n};
		if (term.n && !read_term(r, term))
			return false;
		text = from(text, term.n + (space != NULL));
	}
	return true;
}

enum spfrecord_state spfrecord_rewrite(struct slice text, const struct spfclient *client,
				       struct str *to, bool *ret_broad)
{
	struct reading r = {.client = client, .open = true, .to = to};
	str_puts(to, "v=spf1");
	if (!spfrecord_is(text) || !read_terms(&r, from(text, strlen("v=spf1"))))
		return SPFRECORD_BROKEN;
	write_redirect(&r);
	*ret_broad = r.broad;
	return r.state;
}
