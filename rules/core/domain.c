/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * domain.c - domain names in one spelling (RFC 1123 2.1, RFC 5890), and what follows from two of
 * them (RFC 7489 3.1, 3.2).
 *
 * Two guards stand here and nowhere else. libidn2 is given one label at a time, and its answer must
 * be one A-label: so no full stop, and no ASCII name, can come out of characters that merely look
 * like one. libpsl is given nothing that domain_is_owner does not accept: upper case, a trailing
 * dot or an IP literal make it answer with a false organisational domain.
 * On bad input: false or NULL, nothing written, nothing aligned.
 */
#include "rules/core/domain.h"

#include <idn2.h>
#include <libpsl.h>
#include <stdlib.h>
#include <string.h>

#include "rules/core/utf8.h"

enum {
	LABEL_OCTETS = 4 * LIMIT_LABEL, /* of UTF-8 that may become one A-label */
};

struct suffixes {
	psl_ctx_t *psl;
};

struct suffixes *suffixes_open(void)
{
	struct suffixes *s = malloc(sizeof *s);
	if (!s)
		return NULL;
	s->psl = psl_latest(NULL);
	if (!s->psl) {
		free(s);
		return NULL;
	}
	return s;
}

void suffixes_close(struct suffixes *s)
{
	if (!s)
		return;
	psl_free(s->psl);
	free(s);
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_label_char(char c, bool underscore)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || (underscore && c == '_');
}

static bool is_label(struct slice label, bool underscore)
{
	if (label.n == 0 || label.n > LIMIT_LABEL)
		return false;
	if (label.p[0] == '-' || label.p[label.n - 1] == '-')
		return false;
	for (size_t i = 0; i < label.n; i++)
		if (!is_label_char(label.p[i], underscore))
			return false;
	return true;
}

/* Takes the next label off name; the last one leaves name->p NULL. */
static struct slice next_label(struct slice *name)
{
	const char *dot = memchr(name->p, '.', name->n);
	struct slice label = {name->p, dot ? (size_t)(dot - name->p) : name->n};
	if (dot) {
		name->n -= label.n + 1;
		name->p = dot + 1;
	} else {
		*name = (struct slice){NULL, 0};
	}
	return label;
}

static bool is_one_spelling(struct slice name, bool underscore)
{
	if (name.n == 0 || name.n > LIMIT_DOMAIN)
		return false;
	struct slice label = {NULL, 0};
	size_t labels = 0;
	while (name.p) {
		label = next_label(&name);
		if (!is_label(label, underscore))
			return false;
		labels++;
	}
	return labels >= 2 && is_letter(label.p[0]);
}

bool domain_is_plain(struct slice name)
{
	return is_one_spelling(name, false);
}

bool domain_is_owner(struct slice name)
{
	return is_one_spelling(name, true);
}

static bool idn_label(const char *in, int more_flags, char to[static LIMIT_LABEL + 1])
{
	uint8_t *out = NULL;
	int rc = idn2_lookup_u8((const uint8_t *)in, &out,
				IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL | more_flags);
	if (rc != IDN2_OK)
		return false;
	struct slice got = slice_of((const char *)out);
	bool good = slice_starts_nocase(got, "xn--") && is_label(got, false) &&
		    slice_copy(got, to, LIMIT_LABEL + 1);
	idn2_free(out);
	return good;
}

/* One label with octets above ASCII to its A-label. Its length, or 0. What host names may not have,
 * libidn2 2.3.3 drops under IDN2_USE_STD3_ASCII_RULES, be it ASCII or becomes it: of
 * "com,\u065d@example" it would make a name without "," and "@". So the label must mean the same
 * without these rules. */
static size_t to_a_label(struct slice label, char to[static LIMIT_LABEL + 1])
{
	char in[LABEL_OCTETS + 1], whole[LIMIT_LABEL + 1];
	bool good = slice_copy(label, in, sizeof in) &&
		    idn_label(in, IDN2_USE_STD3_ASCII_RULES, to) && idn_label(in, 0, whole) &&
		    strcmp(whole, to) == 0;
	return good ? strlen(to) : 0;
}

static bool is_readable_label(struct slice label)
{
	char in[LIMIT_LABEL + 1], *out = NULL;
	if (!slice_starts_nocase(label, "xn--"))
		return true;
	if (!slice_copy(label, in, sizeof in))
		return false;
	int rc = idn2_to_unicode_8z8z(in, &out, 0);
	if (rc != IDN2_OK)
		return rc == IDN2_MALLOC; /* in doubt it is a name */
	bool good = out[0] != '\0' && utf8_is_printable(slice_of(out));
	idn2_free(out);
	return good;
}

bool domain_is_readable(const char *name)
{
	while (*name) {
		size_t n = strcspn(name, ".");
		if (!is_readable_label((struct slice){name, n}))
			return false;
		name += n + (name[n] == '.');
	}
	return true;
}

static bool is_ascii(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

bool domain_normalise(struct slice name, bool underscore, char ret_name[static LIMIT_DOMAIN + 1])
{
	char out[LIMIT_DOMAIN + 1];
	size_t n = 0;
	if (name.n > 0 && name.p[name.n - 1] == '.')
		name.n--;
	if (name.n == 0)
		return false;
	while (name.p) {
		struct slice label = next_label(&name);
		char a_label[LIMIT_LABEL + 1];
		if (!is_ascii(label)) {
			label.n = to_a_label(label, a_label);
			label.p = a_label;
		}
		if (label.n == 0 || label.n > LIMIT_DOMAIN - n)
			return false;
		for (size_t i = 0; i < label.n; i++)
			out[n++] = str_lower_char(label.p[i]);
		if (name.p) {
			if (n == LIMIT_DOMAIN)
				return false;
			out[n++] = '.';
		}
	}
	out[n] = '\0';
	if (!is_one_spelling((struct slice){out, n}, underscore))
		return false;
	memcpy(ret_name, out, n + 1);
	return true;
}

const char *domain_org(const struct suffixes *s, const char *name)
{
	if (!domain_is_owner(slice_of(name)))
		return NULL;
	return psl_registrable_domain(s->psl, name);
}

bool domain_is_suffix(const struct suffixes *s, const char *name)
{
	return domain_is_owner(slice_of(name)) && psl_is_public_suffix(s->psl, name);
}

bool domain_suffix_known(const struct suffixes *s, const char *name)
{
	if (!domain_is_owner(slice_of(name)))
		return false;
	return psl_is_public_suffix2(s->psl, strrchr(name, '.') + 1,
				     PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE);
}

bool domain_suffix_private(const struct suffixes *s, const char *name)
{
	if (!domain_is_owner(slice_of(name)))
		return false;
	const char *suffix = psl_unregistrable_domain(s->psl, name);
	return suffix &&
	       psl_is_public_suffix2(s->psl, suffix, PSL_TYPE_PRIVATE | PSL_TYPE_NO_STAR_RULE);
}

bool domain_aligned(const struct suffixes *s, const char *a, const char *b, bool strict)
{
	const char *org_a = domain_org(s, a);
	const char *org_b = domain_org(s, b);
	if (!org_a || !org_b)
		return false;
	return strcmp(strict ? a : org_a, strict ? b : org_b) == 0;
}

bool domain_is_below(const char *name, const char *parent)
{
	size_t n = strlen(name), m = strlen(parent);
	if (m == 0 || n < m || strcmp(name + n - m, parent) != 0)
		return false;
	return n == m || name[n - m - 1] == '.';
}
