/* SPDX-License-Identifier: BSD-2-Clause */
/* token.c - tokens are cut at white space and at the marks of any script; see token.h. */
#include "rules/letter/token.h"

#include <string.h>

#include "rules/core/utf8.h"
#include "rules/letter/words.h"

enum {
	DEFANGED = LIMIT_DOMAIN + 64, /* octets of a name with full stops in brackets */
};

/* -- characters -------------------------------------------------------------------------------- */

/* "[.]": octets, or 0. */
static size_t fang(struct slice s)
{
	static const char *const fangs[] = {"[.]", "(.)", "[dot]", "(dot)"};
	for (size_t i = 0; i < sizeof fangs / sizeof fangs[0]; i++)
		if (slice_starts_nocase(s, fangs[i]))
			return strlen(fangs[i]);
	return 0;
}

/* Octets of a character that may stand in a name; 0 for white space and punctuation of any script.
 */
static size_t token_char(struct slice s, size_t i)
{
	uint32_t c;
	if (i >= s.n)
		return 0;
	if ((unsigned char)s.p[i] < 0x80)
		return words_char(s.p[i]) || strchr("-._", s.p[i]) ? s.p[i] != '\0' : 0;
	size_t n = utf8_next(words_from(s, i), &c);
	bool mark = c <= 0xbf || (c >= 0x2000 && c <= 0x206f) || (c >= 0x3000 && c <= 0x303f) ||
		    (c >= 0xff00 && c <= 0xff0f) || (c >= 0xff1a && c <= 0xff20) || c == 0xfffd;
	return mark ? 0 : n;
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_wide(char c)
{
	return (unsigned char)c >= 0xe2 || ((unsigned char)c & 0xc0) == 0x80;
}

bool token_is_wide(struct slice token)
{
	for (size_t i = 0; i < token.n; i++)
		if ((unsigned char)token.p[i] >= 0xe2)
			return true;
	return false;
}

/* -- tokens ------------------------------------------------------------------------------------ */

/* "reseller.com/help": a URL that does not say so; "example.com/example.net" are two names. */
static bool has_path(struct slice s, size_t i)
{
	size_t n = 0;
	if (i + 1 >= s.n || s.p[i] != '/' || !words_char(s.p[i + 1]))
		return false;
	for (i++; i + n < s.n && token_char(s, i + n); n++)
		if (s.p[i + n] == '.' && i + n + 1 < s.n && words_char(s.p[i + n + 1]))
			return false;
	return true;
}

bool token_next(struct slice s, size_t *at, struct slice *ret_token, bool *ret_foreign)
{
	size_t i = *at, n;
	while (i < s.n && !token_char(s, i))
		i++;
	if (i == s.n)
		return false;
	size_t start = i;
	struct slice rest = words_from(s, i);
	*ret_foreign = false;
	while ((n = token_char(s, i)) != 0 ||
	       ((n = fang(words_from(s, i))) != 0 && token_char(s, i + n)))
		i += n;
	if (slice_starts_nocase(words_from(s, i), "://") || slice_starts_nocase(rest, "www.") ||
	    (start > 1 && s.p[start - 1] == '/') || has_path(s, i)) {
		*ret_foreign = true;
		while (i < s.n && (unsigned char)s.p[i] > 0x20 && !strchr("<>\"", s.p[i]))
			i++;
	} else if ((i < s.n && s.p[i] == '@') || (start && s.p[start - 1] == '@')) {
		*ret_foreign = true;
	}
	*ret_token = (struct slice){s.p + start, i - start};
	*at = i;
	return true;
}

/* -- names ------------------------------------------------------------------------------------- */

static bool to_name(const struct suffixes *suffixes, struct slice token,
		    char to[static LIMIT_DOMAIN + 1])
{
	while (token.n && strchr(".-_", token.p[token.n - 1]))
		token.n--;
	while (token.n && strchr(".-_", *token.p)) {
		token.p++;
		token.n--;
	}
	if (!token.n || !domain_normalise(token, false, to))
		return false;
	const char *org = domain_org(suffixes, to);
	return org == to && domain_suffix_known(suffixes, to) && domain_is_readable(to);
}

/* Words for "domain" of the scripts without spaces, the longer ones first. */
static const char *const wide_domain_words[] = {"ドメイン名", "ドメイン", "域名", "網域名稱",
						"网域名称",   "網域",     "网域", "도메인"};

/* Behind the last word for "domain" that stands before the first full stop; false without one. */
static bool cut_head(struct slice *token)
{
	const char *stop = memchr(token->p, '.', token->n);
	size_t end = stop ? (size_t)(stop - token->p) : 0;
	for (size_t i = end; i-- > 0;)
		for (size_t k = 0; k < sizeof wide_domain_words / sizeof wide_domain_words[0];
		     k++) {
			size_t n = strlen(wide_domain_words[k]);
			if (i + n < end &&
			    slice_starts_nocase(words_from(*token, i), wide_domain_words[k])) {
				*token = words_from(*token, i + n);
				return true;
			}
		}
	return false;
}

/* "中文.com将于": up to the end of the letters. */
static void cut_tail(struct slice *token)
{
	for (size_t i = 0; i + 1 < token->n; i++) {
		size_t end = i + 1;
		if (token->p[i] != '.' || !words_char(token->p[end]) || is_wide(token->p[end]))
			continue;
		while (end < token->n && (unsigned char)token->p[end] < 0x80)
			end++;
		token->n = end;
		return;
	}
}

bool token_runs_on(struct slice token)
{
	struct slice cut = token;
	cut_tail(&cut);
	return cut.n < token.n;
}

static bool ascii_part(const struct suffixes *suffixes, struct slice token,
		       char to[static LIMIT_DOMAIN + 1])
{
	for (size_t i = 0; i < token.n; i++) {
		size_t start = i;
		while (i < token.n && (unsigned char)token.p[i] < 0x80)
			i++;
		if (i > start && to_name(suffixes, (struct slice){token.p + start, i - start}, to))
			return true;
	}
	return false;
}

static bool wide_name(const struct suffixes *suffixes, struct slice token, bool anchored,
		      char to[static LIMIT_DOMAIN + 1])
{
	for (size_t i = 0; i < token.n; i++)
		if ((unsigned char)token.p[i] >= 0x80 && !is_wide(token.p[i]))
			return false; /* letters of two kinds of script */
	struct slice cut = token;
	anchored = cut_head(&cut) || anchored;
	if (anchored && to_name(suffixes, cut, to))
		return true;
	cut_tail(&cut);
	return (anchored && to_name(suffixes, cut, to)) || ascii_part(suffixes, token, to);
}

bool token_name(const struct suffixes *suffixes, struct slice token, bool anchored,
		char ret_name[static LIMIT_DOMAIN + 1])
{
	char plain[DEFANGED];
	size_t n = 0;
	if (!memchr(token.p, '.', token.n) &&
	    !(memchr(token.p, '[', token.n) || memchr(token.p, '(', token.n)))
		return false;
	if (token_is_wide(token))
		return wide_name(suffixes, token, anchored, ret_name);
	if (!memchr(token.p, '[', token.n) && !memchr(token.p, '(', token.n))
		return to_name(suffixes, token, ret_name);
	for (size_t i = 0; i < token.n; n++) {
		size_t fanged = fang(words_from(token, i));
		if (n == sizeof plain)
			return false;
		plain[n] = fanged ? '.' : token.p[i];
		i += fanged ? fanged : 1;
	}
	return to_name(suffixes, (struct slice){plain, n}, ret_name);
}

/* -- around a token ---------------------------------------------------------------------------- */

static bool ends_with(struct slice s, const char *word)
{
	size_t n = strlen(word);
	return s.n >= n && slice_starts_nocase(words_from(s, s.n - n), word);
}

bool token_is_anchored(struct slice line, struct slice token)
{
	static const char *const open[] = {"「", "『", "【", "《", "“", "\"", "'", "<", "("};
	static const char *const passed[] = {" ", ":", "\t", "："};
	static const char *const words[] = {"domain", "domains",  "name",     "names",     "名称",
					    "名稱",   "도메인은", "도메인명", "ドメインは"};
	struct slice before = {line.p, (size_t)(token.p - line.p)};
	for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
		if (ends_with(before, open[i]))
			return true;
	for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++)
		if (ends_with(before, passed[i])) {
			before.n -= strlen(passed[i]);
			i = (size_t)-1;
		}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (ends_with(before, words[i]))
			return true;
	for (size_t i = 0; i < sizeof wide_domain_words / sizeof wide_domain_words[0]; i++)
		if (ends_with(before, wide_domain_words[i]))
			return true;
	return false;
}

/* -- prose ------------------------------------------------------------------------------------- */

static bool is_one_of(struct slice s, const char *const *words)
{
	for (; *words; words++)
		if (slice_is_nocase(s, *words))
			return true;
	return false;
}

bool token_is_sentence_end(struct slice token, const char *name)
{
	static const char *const ends[] = {
	    "domain",  "domains", "email",   "mail",        "address", "addresses", "account",
	    "website", "site",    "contact", "information", "details", "request",   "registration",
	    "link",    "name",    "names",   "it",          "this",    "days",      NULL};
	static const char *const starts[] = {"as", "at", "be",    "by",   "do", "in",
					     "is", "it", "me",    "my",   "no", "so",
					     "to", "us", "click", "link", NULL};
	bool lower = false, capital = false;
	for (size_t i = 0; i < token.n; i++) {
		lower = lower || (token.p[i] >= 'a' && token.p[i] <= 'z');
		capital = capital || (i && token.p[i - 1] == '.' && is_upper(token.p[i]));
	}
	const char *stop = strchr(name, '.');
	return (lower && capital) ||
	       (stop && is_one_of((struct slice){name, (size_t)(stop - name)}, ends) &&
		is_one_of(slice_of(stop + 1), starts));
}

bool token_is_prose(const char *name)
{
	static const char *const files[] = {"zip", "mov", "py", "sh", NULL};
	static const char *const names[] = {"asp.net",   "vb.net",       "ado.net",    "inc.com",
					    "readme.md", "changelog.md", "license.md", NULL};
	const char *stop = strchr(name, '.');
	return is_one_of(slice_of(name), names) || (stop && is_one_of(slice_of(stop + 1), files));
}
