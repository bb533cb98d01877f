/* SPDX-License-Identifier: BSD-2-Clause */
/* mail.c - see mail.h. */
#include "tests/replay/mail.h"

#include <stdlib.h>
#include <string.h>

enum {
	MAIL_MOST = 4 * 1024 * 1024,
};

/* \n and \t as what they mean; "" as nothing. */
static void add_unescaped(struct slice s, struct str *to)
{
	if (slice_is(s, "\"\""))
		return;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '\\' && i + 1 < s.n && strchr("nt0\\", s.p[i + 1])) {
			c = s.p[++i];
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c == '0' ? '\0' : '\\';
		}
		str_putc(to, c);
	}
}

/* Where `from` stands in the mail, once and no more; NULL otherwise. "^" stands at its beginning.
 */
static const char *only_place(const struct str *mail, struct str *from)
{
	if (strcmp(str_text(from), "^") == 0) {
		str_reset(from);
		return mail->p;
	}
	const char *end = mail->p + mail->n;
	const char *at = from->n ? memmem(mail->p, mail->n, from->p, from->n) : NULL;
	bool again = at && memmem(at + 1, (size_t)(end - at) - 1, from->p, from->n);
	return again ? NULL : at;
}

static bool replace(struct slice line, struct str *mail, struct str *why)
{
	static const char arrow[] = "=>";
	struct str from = {0}, to = {0}, changed = {0};
	const char *split = memmem(line.p, line.n, arrow, sizeof arrow - 1);
	const char *at = NULL;
	if (split) {
		const char *rest = split + sizeof arrow - 1;
		add_unescaped(slice_trim((struct slice){line.p, (size_t)(split - line.p)}), &from);
		add_unescaped(slice_trim((struct slice){rest, (size_t)(line.p + line.n - rest)}),
			      &to);
		at = only_place(mail, &from);
	}
	if (at) {
		str_add(&changed, mail->p, (size_t)(at - mail->p));
		str_add(&changed, str_text(&to), to.n);
		at += from.n;
		str_add(&changed, at, (size_t)(mail->p + mail->n - at));
		str_free(mail);
		*mail = changed;
	} else {
		str_printf(why, "not there exactly once: %.*s", (int)line.n, line.p);
	}
	str_free(&from);
	str_free(&to);
	return at != NULL;
}

static bool replace_all(const struct casefile *c, const char *field, struct str *mail,
			struct str *why)
{
	const struct field *f = stanza_get(&c->stanza, field);
	struct field_walk walk = {0};
	struct slice line;
	unsigned number, column;
	while (f && field_next_line(f, &walk, &line, &number, &column))
		if (!replace(line, mail, why))
			return false;
	return true;
}

static struct slice next_word(struct slice *rest)
{
	struct slice word = *rest = slice_trim(*rest);
	word.n = 0;
	while (word.n < rest->n && !str_is_space(rest->p[word.n]))
		word.n++;
	rest->p += word.n;
	rest->n -= word.n;
	return word;
}

static bool sign(struct signing *s, struct slice line, struct str *mail, struct str *why)
{
	char *domain = slice_dup(next_word(&line));
	char *key = slice_dup(next_word(&line));
	char *options = slice_dup(slice_trim(line));
	struct str signed_mail = {0};
	bool good = domain && key && options &&
		    signing_sign(s, key, domain, options, str_text(mail), &signed_mail);
	if (good) {
		str_free(mail);
		*mail = signed_mail;
	} else {
		str_printf(why, "cannot sign for %s by %s %s", domain, key, options);
	}
	free(domain);
	free(key);
	free(options);
	return good;
}

static bool sign_all(struct signing *s, const struct casefile *c, struct str *mail, struct str *why)
{
	const struct field *f = stanza_get(&c->stanza, "Sign");
	struct field_walk walk = {0};
	struct slice line;
	unsigned number, column;
	while (f && field_next_line(f, &walk, &line, &number, &column))
		if (!sign(s, line, mail, why))
			return false;
	return true;
}

bool mail_of_case(struct signing *s, const char *srcdir, const struct casefile *c,
		  struct str *ret_mail, struct str *why)
{
	struct str path = {0}, mail = {0};
	struct slice name = casefile_get(c, "Mail");
	if (!name.p)
		name = slice_of(c->name);
	str_printf(&path, "%s/tests/mails/%.*s.eml", srcdir, (int)name.n, name.p);
	int error = str_read_file(str_text(&path), MAIL_MOST, &mail);
	if (error)
		str_printf(why, "%s: %s", str_text(&path), strerror(error));
	str_free(&path);
	bool good = error == 0 && replace_all(c, "Replace", &mail, why) &&
		    sign_all(s, c, &mail, why) && replace_all(c, "Spoil", &mail, why);
	if (good)
		*ret_mail = mail;
	else
		str_free(&mail);
	return good;
}

/* -- its DNS -------------------------------------------------------------------------------- */

/* Two signatures may have one key. */
static bool publish(struct signing *s, const struct casefile *c, struct slice line, struct str *to)
{
	struct slice tags = casefile_get(c, "Keys");
	struct slice domain = next_word(&line), key = next_word(&line);
	struct str name = {0}, record = {0}, more = {0};
	if (slice_is(tags, "none"))
		return true;
	if (tags.n)
		str_printf(&more, "%.*s; ", (int)tags.n, tags.p);
	str_printf(&name, "%.*s", (int)key.n, key.p);
	bool good = signing_record(s, str_text(&name), str_text(&more), &record);
	str_printf(&name, "._domainkey.%.*s ", (int)domain.n, domain.p);
	if (good && !strstr(str_text(to), str_text(&name)))
		str_printf(to, "%sTXT %s\n", str_text(&name), str_text(&record));
	str_free(&name);
	str_free(&record);
	str_free(&more);
	return good;
}

bool mail_dns(struct signing *s, const struct casefile *c, struct str *to, struct str *why)
{
	const struct field *f = stanza_get(&c->stanza, "Sign");
	struct slice dns = casefile_get(c, "Dns");
	struct field_walk walk = {0};
	struct slice line;
	unsigned number, column;
	bool good = true;
	if (dns.n)
		str_printf(to, "%.*s\n", (int)dns.n, dns.p);
	while (good && f && field_next_line(f, &walk, &line, &number, &column))
		good = publish(s, c, line, to);
	if (!good)
		str_puts(why, "a key has no record");
	return good;
}

struct zone *mail_zone(struct signing *s, const struct casefile *c, struct str *why)
{
	struct str dns = {0};
	struct zone *z = zone_new();
	unsigned number = 0;
	bool good = z && mail_dns(s, c, &dns, why);
	if (good && !zone_load(z, (struct slice){dns.p, dns.n}, &number)) {
		str_printf(why, "Dns, line %u", number);
		good = false;
	}
	str_free(&dns);
	if (good)
		return z;
	zone_free(z);
	return NULL;
}
