/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * redact_text.c - what is replaced in a run of text, whatever its charset.
 *
 * The text is walked octet by octet, since a mail's charset may be a lie. A word begins at a
 * letter, a digit or an octet above 7F that does not follow one of these; and wherever plain ASCII
 * follows an octet above 7F, because Japanese puts an address next to a word without a space. At
 * each such place it is asked, in this order: a URL, an address, an IP address, a host name, a
 * hidden name, a token. What is none of them is copied. Where a reading is in doubt the text is
 * replaced: a mutilated word harms nobody.
 *
 * The escape sequences of ISO-2022 put two-octet characters in the place of ASCII; what stands
 * between them on one line is copied.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "cli/redact/redact_private.h"

enum {
	PHONE_DIGITS = 5, /* of a telephone number, at least */
};

/* -- names, addresses, hosts, IP addresses -------------------------------------------------- */

static bool is_wide(char c)
{
	return (unsigned char)c >= 0x80;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || is_wide(c);
}

static size_t put_hidden(struct redact *r, struct slice text, size_t i, struct str *to)
{
	for (size_t k = 0; k < r->hidden.count; k++) {
		const size_t n = strlen(r->hidden.text[k]);

		if (text.n - i < n ||
		    !slice_starts_nocase((struct slice){text.p + i, text.n - i}, r->hidden.text[k]))
			continue;
		if (i + n < text.n && isalnum((unsigned char)text.p[i + n]))
			continue;
		r->names++;
		str_puts(to, "Name");
		return n;
	}
	return 0;
}

static bool is_local(char c)
{
	return c != '\0' && (isalnum((unsigned char)c) || strchr("._+~!#$&'*/^{|}-", c) != NULL);
}

/* Of bounce+local=domain@host, the form that holds a recipient, what stands before the "@": the
 * octets at i; 0 if it is none. */
static size_t verp_length(const struct redact *r, struct slice text, size_t i)
{
	char host[LIMIT_DOMAIN + 1];
	size_t equals = i, at;

	while (equals < text.n && equals - i < LIMIT_ADDRESS && is_local(text.p[equals]))
		equals++;
	if (equals == i || equals >= text.n || text.p[equals] != '=')
		return 0;
	for (at = equals + 1; at < text.n && at - i < LIMIT_ADDRESS && is_local(text.p[at]);)
		at++;
	if (at >= text.n || text.p[at] != '@' ||
	    !domain_normalise((struct slice){text.p + equals + 1, at - equals - 1}, false, host) ||
	    !domain_suffix_known(r->suffixes, host))
		return 0;
	return at - i;
}

/* An address whose local part begins at i. */
static size_t put_at(struct redact *r, struct slice text, size_t i, struct str *to)
{
	const size_t verp = verp_length(r, text, i);
	size_t at = i, end;
	char address[LIMIT_ADDRESS + 1];
	struct slice whole;

	if (verp > 0) {
		str_puts(to, "bounces+person=example.com");
		return verp;
	}
	while (at < text.n && at - i < LIMIT_ADDRESS && is_local(text.p[at]))
		at++;
	if (at == i || at >= text.n || text.p[at] != '@')
		return 0;
	for (end = at + 1; end < text.n && (is_word(text.p[end]) || strchr(".-", text.p[end])) &&
			   text.p[end] != '\0';)
		end++;
	while (end > at + 1 && strchr(".-", text.p[end - 1]))
		end--;
	whole = (struct slice){text.p + i, end - i};
	if (end == at + 1)
		return 0;
	if (!slice_copy(whole, address, sizeof(address)))
		str_puts(to, "person@example.com");
	else
		redact_address(r, address, to);
	return whole.n;
}

static size_t put_ip(struct redact *r, struct slice text, size_t i, struct str *to)
{
	unsigned char ip[16];
	char copy[INET6_ADDRSTRLEN];
	size_t n = 0, colons = 0, dots = 0;

	for (; i + n < text.n &&
	       (isxdigit((unsigned char)text.p[i + n]) || strchr(":.", text.p[i + n])) &&
	       text.p[i + n] != '\0';
	     n++) {
		colons += text.p[i + n] == ':';
		dots += text.p[i + n] == '.';
	}
	while (n > 0 && strchr(":.", text.p[i + n - 1]))
		n--;
	if ((colons < 2 && dots < 3) ||
	    !slice_copy((struct slice){text.p + i, n}, copy, sizeof(copy)))
		return 0;
	if (inet_pton(AF_INET, copy, ip) == 1)
		str_printf(to, "192.0.2.%zu", redact_number(r, &r->ip, slice_of(copy)) % 254 + 1);
	else if (inet_pton(AF_INET6, copy, ip) == 1)
		str_printf(to, "2001:db8::%zx", redact_number(r, &r->ip, slice_of(copy)) + 1);
	else
		return 0;
	return n;
}

/* The run of label octets at i, wide ones with or without, if it is a host name. */
static size_t put_name(struct redact *r, struct slice text, size_t i, bool wide, struct str *to)
{
	char host[LIMIT_DOMAIN + 1];
	const size_t most = wide ? 4 * LIMIT_DOMAIN : LIMIT_DOMAIN; /* octets of UTF-8 a letter */
	size_t n = 0;
	bool any_wide = false;

	for (; i + n < text.n && n <= 4 * LIMIT_DOMAIN;
	     n++) { /* UTF-8 is longer than its A-labels */
		const char c = text.p[i + n];

		if (!isalnum((unsigned char)c) && c != '.' && c != '-' && !(wide && is_wide(c)))
			break;
		any_wide = any_wide || is_wide(c);
	}
	while (n > 0 && strchr(".-", text.p[i + n - 1]))
		n--;
	if (n < 4 || n > most || any_wide != wide || memchr(text.p + i, '.', n) == NULL ||
	    !domain_normalise((struct slice){text.p + i, n}, false, host) ||
	    !domain_suffix_known(r->suffixes, host))
		return 0;
	if (redact_is_known(r, host))
		str_add(to, text.p + i, n);
	else
		redact_host(r, host, to);
	return n;
}

/* A plain word: to its end. */
static size_t put_plain(struct redact *r, struct slice text, size_t i, struct str *to)
{
	size_t n = 0;

	if (is_wide(text.p[i])) {
		str_putc(to, text.p[i]);
		return 1;
	}
	while (i + n < text.n &&
	       (isalnum((unsigned char)text.p[i + n]) || strchr("_+-~", text.p[i + n])) &&
	       text.p[i + n] != '\0')
		n++;
	if (n == 0)
		n = 1;
	redact_word(r, (struct slice){text.p + i, n}, to);
	return n;
}

/* From ESC on to where ASCII is back, for ISO-2022; 0 if no such sequence begins. It is back on the
 * same line (RFC 1468), without an octet that no character of two has, and "://" are none: a
 * sequence that is not closed would hide all that follows. */
static size_t put_escaped(struct slice text, size_t i, struct str *to)
{
	size_t end = i + 2;

	if (text.p[i] != 27 || i + 2 >= text.n || text.p[i + 1] != '$')
		return 0;
	while (end < text.n && ((text.p[end] > ' ' && text.p[end] < 0x7f) ||
				(text.p[end] == 27 && end + 1 < text.n && text.p[end + 1] == '$')))
		end++;
	if (end + 2 >= text.n || text.p[end] != 27 || text.p[end + 1] != '(' ||
	    memmem(text.p + i, end - i, "://", 3))
		return 0;
	end += 3;
	str_add(to, text.p + i, end - i);
	return end - i;
}

/* A telephone number: a plus sign and groups of digits. */
static size_t put_phone(struct redact *r, struct slice text, size_t i, struct str *to)
{
	size_t n = 1, digits = 0;

	for (; i + n < text.n && text.p[i + n] != '\0' && strchr("0123456789 .-()/", text.p[i + n]);
	     n++)
		digits += isdigit((unsigned char)text.p[i + n]) != 0;
	if (text.p[i] != '+' || digits < PHONE_DIGITS)
		return 0;
	r->tokens++;
	redact_form((struct slice){text.p + i, n}, to);
	return n;
}

/* A code in groups of three digits, "123 456". */
static size_t put_code(struct redact *r, struct slice text, size_t i, struct str *to)
{
	size_t n = 0, digits = 0, run = 0;

	for (; i + n < text.n; n++) {
		const bool digit = isdigit((unsigned char)text.p[i + n]) != 0;

		if (!digit && (text.p[i + n] != ' ' || run != 3 || i + n + 1 >= text.n ||
			       !isdigit((unsigned char)text.p[i + n + 1])))
			break;
		run = digit ? run + 1 : 0;
		digits += digit;
	}
	if (run != 3 || digits < 6)
		return 0;
	r->tokens++;
	redact_form((struct slice){text.p + i, n}, to);
	return n;
}

/* Where the octets of addresses, host names and IP addresses that begin at i end. */
static size_t run_end(struct slice text, size_t i)
{
	while (i < text.n && text.p[i] != '\0' &&
	       (isalnum((unsigned char)text.p[i]) || strchr("._+~-@:%", text.p[i]) != NULL))
		i++;
	return i;
}

static size_t put_any(struct redact *r, struct slice text, size_t i, struct str *to)
{
	const bool first = i == 0 || !is_wide(text.p[i - 1]);
	size_t n = redact_url(r, text, i, to);

	if (n == 0 && first)
		n = put_code(r, text, i, to);
	if (n == 0)
		n = put_at(r, text, i, to);
	if (n == 0)
		n = put_ip(r, text, i, to);
	if (n == 0 && first)
		n = put_name(r, text, i, true, to);
	if (n == 0)
		n = put_name(r, text, i, false, to);
	if (n == 0)
		n = put_hidden(r, text, i, to);
	return n > 0 ? n : put_plain(r, text, i, to);
}

/* Of a run that is longer than anything can be that it might hold, the end alone is looked at: so
 * the whole is linear. */
void redact_text(struct redact *r, struct slice text, struct str *to)
{
	size_t end = 0;

	for (size_t i = 0; i < text.n;) {
		const char before = i > 0 ? text.p[i - 1] : ' ';
		size_t n = put_escaped(text, i, to);

		if (i >= end)
			end = run_end(text, i);
		if (n == 0)
			n = put_phone(r, text, i, to);
		if (n == 0 && is_word(text.p[i]) && !isalnum((unsigned char)before))
			n = end > i + LIMIT_ADDRESS ? put_plain(r, text, i, to)
						    : put_any(r, text, i, to);
		if (n == 0) {
			str_putc(to, text.p[i]);
			n = 1;
		}
		i += n;
	}
	r->failed = r->failed || to->failed;
}
