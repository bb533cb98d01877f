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
	ADDRESS_TEXT = 64,         /* also the nibbles of an IPv6 address with dots */
	PARTS = LIMIT_ADDRESS + 1, /* of one macro's value */
};

struct reading {
	const struct spfclient *client;
	const char *current;
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

/* A domain-spec or macro-string that has been read. */
struct macros {
	struct str name; /* expanded, as it is asked for */
	bool unsafe;
	bool client; /* depends on the client's address */
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

/* -- macros (7) ---------------------------------------------------------------------------- */

static void address_text(const struct spfclient *client, char to[static ADDRESS_TEXT + 1])
{
	static const char hex[] = "0123456789abcdef";
	if (client->family == AF_INET) {
		inet_ntop(AF_INET, client->ip, to, ADDRESS_TEXT);
		return;
	}
	for (size_t i = 0; i < 16; i++) {
		*to++ = hex[client->ip[i] >> 4];
		*to++ = '.';
		*to++ = hex[client->ip[i] & 15];
		*to++ = '.';
	}
	to[-1] = '\0';
}

/* False for a letter that stands for nothing that we know. */
static bool value_of(const struct reading *r, char letter, struct str *to)
{
	const struct spfclient *client = r->client;
	char address[ADDRESS_TEXT + 1];
	struct slice value;
	switch (letter) {
	case 's':
		str_add(to, client->local.p, client->local.n);
		str_putc(to, '@');
		value = client->sender;
		break;
	case 'l': value = client->local; break;
	case 'o': value = client->sender; break;
	case 'd': value = slice_of(r->current); break;
	case 'h': value = client->helo; break;
	case 'v': value = slice_of(client->family == AF_INET ? "in-addr" : "ip6"); break;
	case 'i':
		address_text(client, address);
		value = slice_of(address);
		break;
	default: return false;
	}
	str_add(to, value.p, value.n);
	return value.n > 0;
}

struct transform {
	size_t count; /* of parts kept, from the right; 0: all */
	bool reverse;
	struct slice delimiters;
};

/* Splits, reverses, cuts and joins (7.3). */
static void expand(struct slice value, const struct transform *t, struct str *to)
{
	struct slice part[PARTS];
	size_t count = 0, start = 0;
	for (size_t i = 0; i <= value.n && count < PARTS; i++) {
		bool ends = i == value.n || memchr(t->delimiters.p, value.p[i], t->delimiters.n);
		if (!ends)
			continue;
		part[count++] = (struct slice){value.p + start, i - start};
		start = i + 1;
	}
	size_t first = t->count && t->count < count ? count - t->count : 0;
	for (size_t i = first; i < count; i++) {
		struct slice p = part[t->reverse ? count - 1 - i : i];
		if (i > first)
			str_putc(to, '.');
		str_add(to, p.p, p.n);
	}
}

/* Reads and expands one "%{...}" at s; its length, or 0 when it is broken. */
static size_t macro(struct slice s, const struct reading *r, struct macros *m)
{
	struct transform t = {.delimiters = {".", 1}};
	struct str value = {0};
	size_t i = 3, digits = 0;
	if (s.n < 4)
		return 0;
	char letter = str_lower_char(s.p[2]);
	if (!memchr("slodiphv", letter, 8))
		return 0; /* c, r and t are for explanations only */
	m->client |= letter == 'i';
	for (; i < s.n && is_digit(s.p[i]); i++, digits++)
		t.count = t.count < PARTS ? t.count * 10 + (size_t)(s.p[i] - '0') : t.count;
	if (digits && t.count == 0)
		return 0;
	if (i < s.n && str_lower_char(s.p[i]) == 'r') {
		t.reverse = true;
		i++;
	}
	size_t n = 0;
	while (i + n < s.n && s.p[i + n] && strchr(".-+,/_=", s.p[i + n]))
		n++;
	if (n)
		t.delimiters = (struct slice){s.p + i, n};
	i += n;
	if (i == s.n || s.p[i] != '}')
		return 0;
	/* An upper-case letter asks for URL escapes: they make octets odd, so they need not be made
	 * where they would change something. */
	if (value_of(r, letter, &value) && !value.failed && value.n < PARTS)
		expand((struct slice){value.p, value.n}, &t, &m->name);
	else
		m->unsafe = true;
	str_free(&value);
	return i + 1;
}

static bool macro_string(struct slice s, const struct reading *r, struct macros *m)
{
	m->tail = 0;
	for (size_t i = 0; i < s.n;) {
		if (s.p[i] != '%') {
			str_putc(&m->name, s.p[i++]);
			continue;
		}
		if (i + 1 == s.n)
			return false;
		size_t n = 2;
		switch (s.p[i + 1]) {
		case '{': n = macro(from(s, i), r, m); break;
		case '%': str_putc(&m->name, '%'); break;
		case '_': str_putc(&m->name, ' '); break;
		case '-': str_puts(&m->name, "%20"); break;
		default: return false;
		}
		if (n == 0)
			return false;
		i += n;
		m->tail = i;
	}
	return true;
}

/* Octets that libspf2 passes on as they are; whether there can be such a name is asked later. */
static bool plain_name(struct slice name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!is_alpha(name.p[i]) && !is_digit(name.p[i]) && !memchr("-_.", name.p[i], 3))
			return false;
	return name.n > 0;
}

/* Without a trailing dot, and without labels at the left until it fits (7.3). */
static struct slice final_name(const struct macros *m)
{
	struct slice name = {str_text(&m->name), m->name.n};
	if (name.n && name.p[name.n - 1] == '.')
		name.n--;
	while (name.n > LIMIT_DOMAIN) {
		const char *dot = memchr(name.p, '.', name.n);
		if (!dot)
			break;
		name = from(name, (size_t)(dot - name.p) + 1);
	}
	return name;
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

/* m->name is the caller's to free, also when this is false. */
static bool domain_spec(struct slice s, const struct reading *r, struct macros *m)
{
	if (s.n == 0 || !macro_string(s, r, m))
		return false;
	m->unsafe |= s.n > SPFRECORD_DOMAIN || m->name.failed || !plain_name(final_name(m));
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

/* What the library makes of a term: a head; a name with a head of its own, rounded up to four;
 * masks. */
static void count_compiled(struct reading *r, size_t octets, bool masked)
{
	r->compiled += 4 + (octets ? 4 + (octets + 3) / 4 * 4 : 0) + (masked ? 4 : 0);
	if (r->compiled > SPFRECORD_COMPILED)
		unsafe(r);
}

/* macros NULL: no domain; prefix 0: no mask. */
static void write_term(struct reading *r, char qualifier, const char *name,
		       const struct macros *macros, int prefix)
{
	struct slice domain = macros ? final_name(macros) : (struct slice){"", 0};
	if (macros && macros->unsafe)
		unsafe(r);
	count_compiled(r, domain.n, prefix != 0);
	str_printf(r->to, " %c%s%s", qualifier, name, macros ? ":" : "");
	str_add(r->to, domain.p, domain.n);
	if (prefix)
		str_printf(r->to, "%s%d", r->client->family == AF_INET6 ? "//" : "/", prefix);
}

static void write_all(struct reading *r, char qualifier)
{
	write_term(r, qualifier, "all", NULL, 0);
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

/* prefix -1: none; as long as the address: as good as none; 0: the library refuses it. */
static void write_hosts(struct reading *r, const struct mechanism *m, char qualifier,
			const struct macros *macros, int prefix)
{
	int whole = r->client->family == AF_INET6 ? 128 : 32;
	if (prefix == 0)
		unsafe(r);
	write_term(r, qualifier, m->name, macros, prefix > 0 && prefix < whole ? prefix : 0);
}

/* a and mx: an optional domain, then optional prefix lengths for both families. */
static bool read_hosts(struct reading *r, const struct mechanism *m, char qualifier,
		       struct slice value)
{
	struct macros macros = {0};
	int six = take_prefix(&value, "//", 128);
	int four = take_prefix(&value, "/", 32);
	bool ok = six != -2 && four != -2 &&
		  (value.n == 0 || (value.p[0] == ':' && domain_spec(from(value, 1), r, &macros)));
	if (ok && four >= 0 && four < SPFRECORD_BROAD_4)
		count_broad(r, qualifier, false, (unsigned)four);
	if (ok && six >= 0 && six < SPFRECORD_BROAD_6)
		count_broad(r, qualifier, true, (unsigned)six);
	if (ok && r->open)
		write_hosts(r, m, qualifier, value.n ? &macros : NULL,
			    r->client->family == AF_INET6 ? six : four);
	str_free(&macros.name);
	return ok;
}

/* include, exists (domain required), ptr (optional). */
static bool read_named(struct reading *r, const struct mechanism *m, char qualifier,
		       struct slice value)
{
	struct macros macros = {0};
	bool optional = strcmp(m->name, "ptr") == 0;
	bool ok = value.n ? value.p[0] == ':' && domain_spec(from(value, 1), r, &macros) : optional;
	if (ok && strcmp(m->name, "exists") == 0 && qualifier == '+' && !macros.client)
		r->broad = true;
	if (ok && r->open)
		write_term(r, qualifier, m->name, value.n ? &macros : NULL, 0);
	str_free(&macros.name);
	return ok;
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
	bool ok;
	if (slice_is_nocase(name, "redirect")) {
		ok = !r->redirect.p && domain_spec(value, r, &macros);
		r->redirect = value;
	} else if (slice_is_nocase(name, "exp")) {
		ok = !r->has_exp && domain_spec(value, r, &macros);
		r->has_exp = true;
	} else {
		ok = macro_string(value, r, &macros);
	}
	str_free(&macros.name);
	return ok;
}

/* redirect= counts where nothing matched, so behind all, and not at all beside an "all" (6.1). */
static void write_redirect(struct reading *r)
{
	struct macros macros = {0};
	if (!r->redirect.p || r->has_all || !r->open)
		return;
	domain_spec(r->redirect, r, &macros);
	if (macros.unsafe)
		unsafe(r);
	struct slice domain = final_name(&macros);
	count_compiled(r, domain.n, false);
	str_puts(r->to, " redirect=");
	str_add(r->to, domain.p, domain.n);
	str_free(&macros.name);
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
				       const char *current, struct str *to, bool *ret_broad)
{
	struct reading r = {.client = client, .current = current, .open = true, .to = to};
	str_puts(to, "v=spf1");
	if (!spfrecord_is(text) || !read_terms(&r, from(text, strlen("v=spf1"))))
		return SPFRECORD_BROKEN;
	write_redirect(&r);
	*ret_broad = r.broad;
	return r.state;
}
