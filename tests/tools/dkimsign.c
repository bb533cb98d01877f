/* SPDX-License-Identifier: BSD-2-Clause
 *
 * dkimsign: signs a message for the tests (RFC 6376, RFC 8463), well or badly on purpose.
 *
 *   dkimsign -d DOMAIN -s SELECTOR -k KEY [OPTION]... <MESSAGE >SIGNED
 *   dkimsign --make rsa:BITS|ed25519 -k KEY       makes a key
 *   dkimsign --dns -k KEY [--tags 't=y']          prints the key's TXT record as one string
 *
 *   -a ALGORITHM    rsa-sha256, rsa-sha1, ed25519-sha256 (default: by the key, sha256)
 *   -c H/B          canonicalisation of header and body (default relaxed/relaxed)
 *   -h NAMES        h= as given, colon-separated; a name may stand several times. Default: those of
 *                   From To Cc Subject Date Message-ID Reply-To MIME-Version Content-Type
 *                   Content-Transfer-Encoding that are present
 *   -o NAMES        put once more at the end of h= (oversigning)
 *   -l N|all        l=            -i IDENTITY     i=
 *   -t N|now        t=            -x N            x= (absolute; with a leading + or -: from now)
 *   --coded         %XX in d=, s= and i= is that octet, NUL too
 *   --tags TEXT     further tags, put in as they are ("q=foo/bar")
 *   --break WHAT    spoil the finished signature: body (one byte appended), bh, sig
 *   --lf, --crlf    line ends of the output (default lf)
 *
 * Nothing is checked that a signer should check: d= may be anything, the key as small as OpenSSL
 * makes it, From unsigned. The signature is put above the message, which is otherwise unchanged but
 * for its line ends. Exit 0; 2 trouble or wrong usage. */
#include "config.h"

#include "tests/tools/dkimsign.h"

#include <errno.h>
#include <getopt.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct options {
	const char *domain, *selector, *key, *algorithm, *names, *oversigned, *length, *identity;
	const char *tags, *spoil, *make;
	const char *made, *expires; /* t=, x= */
	bool dns, crlf, header_relaxed, body_relaxed, coded;
};

noreturn void sign_trouble(const char *what)
{
	unsigned long e = ERR_get_error();

	fprintf(stderr, "dkimsign: %s%s%s\n", what, e ? ": " : "",
		e ? ERR_reason_error_string(e) : "");
	exit(2);
}

static noreturn void usage(void)
{
	fputs("usage: dkimsign -d DOMAIN -s SELECTOR -k KEY [-a ALGORITHM] [-c H/B] [-h NAMES] [-o "
	      "NAMES]\n"
	      "       [-l N|all] [-t N|now] [-x N] [-i ID] [--tags TEXT] [--break body|bh|sig] "
	      "[--coded] [--crlf]\n"
	      "       dkimsign --make rsa:BITS|ed25519 -k KEY | --dns -k KEY [--tags TEXT]\n",
	      stderr);
	exit(2);
}

static const char *const usual_names[] = {
    "From",       "To",       "Cc",           "Subject",      "Date",
    "Message-ID", "Reply-To", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
};

/* Appends h= and, to signed_data, the fields that it names. */
static void add_names(struct bytes *h, struct bytes *signed_data, struct mail *m, const char *names,
		      bool relaxed)
{
	while (*names) {
		size_t n = strcspn(names, ":");
		struct field *f = canon_take(m, names, n);

		if (f)
			canon_header(signed_data, f->start, f->len, relaxed);
		if (h->len)
			bytes_adds(h, ":");
		bytes_add(h, names, n);
		names += n + (names[n] == ':');
	}
}

static void choose_names(struct bytes *h, struct bytes *signed_data, struct mail *m,
			 const struct options *o)
{
	if (o->names)
		add_names(h, signed_data, m, o->names, o->header_relaxed);
	for (size_t i = 0; !o->names && i < sizeof usual_names / sizeof usual_names[0]; i++) {
		struct field *f = canon_take(m, usual_names[i], strlen(usual_names[i]));

		if (!f)
			continue;
		f->used = false;
		add_names(h, signed_data, m, usual_names[i], o->header_relaxed);
	}
	if (o->oversigned)
		add_names(h, signed_data, m, o->oversigned, o->header_relaxed);
}

/* The value of a tag, octets that no command line can hold included. */
static void add_value(struct bytes *sig, const char *value, bool coded)
{
	for (; *value; value++) {
		unsigned octet;

		if (coded && *value == '%' && sscanf(value + 1, "%2x", &octet) == 1) {
			bytes_add(sig, &(char){(char)octet}, 1);
			value += 2;
		} else {
			bytes_add(sig, value, 1);
		}
	}
}

static void add_times(struct bytes *sig, const struct options *o)
{
	long long now = (long long)time(NULL);

	if (o->made && strcmp(o->made, "now") == 0)
		bytes_addf(sig, "; t=%lld", now);
	else if (o->made)
		bytes_addf(sig, "; t=%s", o->made);
	if (o->expires && strchr("+-", o->expires[0]))
		bytes_addf(sig, "; x=%lld", now + atoll(o->expires));
	else if (o->expires)
		bytes_addf(sig, "; x=%s", o->expires);
}

/* Another character of the alphabet in the last but one group. */
static void spoil_base64(struct bytes *b)
{
	char *c = &b->data[b->len - 6];

	*c = *c == 'A' ? 'B' : 'A';
}

static void add_body_hash(struct bytes *sig, const struct mail *m, const char *hash,
			  const struct options *o)
{
	struct bytes body = {0};
	size_t len;

	canon_body(&body, m->body, m->body_len, o->body_relaxed);
	len = body.len;
	if (o->length) {
		size_t most = strcmp(o->length, "all") == 0 ? len : (size_t)atoll(o->length);

		bytes_addf(sig, "; l=%zu", most);
		len = most < len ? most : len;
	}
	bytes_adds(sig, ";\r\n\tbh=");
	key_hash(sig, hash, body.data ? body.data : "", len);
	if (o->spoil && strcmp(o->spoil, "bh") == 0)
		spoil_base64(sig);
	free(body.data);
}

/* The field up to and including "b=", as it is also signed. */
static void build(struct bytes *sig, struct bytes *signed_data, struct mail *m, EVP_PKEY *key,
		  const struct options *o)
{
	const char *algorithm = o->algorithm;
	const char *hash;
	struct bytes h = {0};

	if (!algorithm)
		algorithm = key_type(key) == KEY_ED25519 ? "ed25519-sha256" : "rsa-sha256";
	hash = strchr(algorithm, '-') ? strchr(algorithm, '-') + 1 : "sha256";
	choose_names(&h, signed_data, m, o);
	bytes_addf(sig, "DKIM-Signature: v=1; a=%s; c=%s/%s; d=", algorithm,
		   o->header_relaxed ? "relaxed" : "simple",
		   o->body_relaxed ? "relaxed" : "simple");
	add_value(sig, o->domain, o->coded);
	bytes_adds(sig, "; s=");
	add_value(sig, o->selector, o->coded);
	if (o->identity) {
		bytes_adds(sig, "; i=");
		add_value(sig, o->identity, o->coded);
	}
	add_times(sig, o);
	if (o->tags)
		bytes_addf(sig, "; %s", o->tags);
	bytes_adds(sig, ";\r\n\th=");
	for (size_t at = 0; at < h.len; at++) {
		bytes_add(sig, &h.data[at], 1);
		if (h.data[at] == ':' && at % 64 > 48)
			bytes_adds(sig, "\r\n\t ");
	}
	add_body_hash(sig, m, hash, o);
	bytes_adds(sig, ";\r\n\tb=");
	canon_header(signed_data, sig->data, sig->len, o->header_relaxed);
	/* The signature's own field is hashed without its final CRLF. */
	if (o->header_relaxed)
		signed_data->len -= 2;
	key_sign(sig, key, hash, signed_data);
	if (o->spoil && strcmp(o->spoil, "sig") == 0)
		spoil_base64(sig);
	bytes_adds(sig, "\r\n");
	free(h.data);
}

static void put(const char *data, size_t len, bool crlf)
{
	for (size_t i = 0; i < len; i++) {
		if (!crlf && data[i] == '\r' && i + 1 < len && data[i + 1] == '\n')
			continue;
		putchar(data[i]);
	}
}

static void sign(const struct options *o)
{
	struct mail m;
	struct bytes sig = {0}, signed_data = {0};
	EVP_PKEY *key = key_read(o->key);

	mail_read(&m);
	build(&sig, &signed_data, &m, key, o);
	put(sig.data, sig.len, o->crlf);
	put(m.text.data, m.text.len, o->crlf);
	if (o->spoil && strcmp(o->spoil, "body") == 0)
		put(".\r\n", 3, o->crlf);
	if (fflush(stdout) != 0)
		sign_trouble(strerror(errno));
	free(sig.data);
	free(signed_data.data);
	free(m.fields);
	free(m.text.data);
	EVP_PKEY_free(key);
}

static void print_dns(const struct options *o)
{
	struct bytes out = {0};
	EVP_PKEY *key = key_read(o->key);

	bytes_addf(&out, "v=DKIM1; k=%s; %s%sp=", key_type(key) == KEY_ED25519 ? "ed25519" : "rsa",
		   o->tags ? o->tags : "", o->tags ? "; " : "");
	key_public(&out, key);
	puts(out.data);
	free(out.data);
	EVP_PKEY_free(key);
}

static void take_canon(struct options *o, const char *s)
{
	o->header_relaxed = strncmp(s, "relaxed", 7) == 0;
	o->body_relaxed = strstr(s, "/relaxed") != NULL;
}

static void take_options(struct options *o, int argc, char **argv)
{
	enum { MAKE = 256, DNS, TAGS, BREAK, LF, CRLF, CODED };
	static const struct option longs[] = {
	    {"make", required_argument, NULL, MAKE}, {"dns", no_argument, NULL, DNS},
	    {"tags", required_argument, NULL, TAGS}, {"break", required_argument, NULL, BREAK},
	    {"lf", no_argument, NULL, LF},           {"crlf", no_argument, NULL, CRLF},
	    {"coded", no_argument, NULL, CODED},     {NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "d:s:k:a:c:h:o:l:t:x:i:", longs, NULL)) != -1) {
		switch (c) {
		case 'd': o->domain = optarg; break;
		case 's': o->selector = optarg; break;
		case 'k': o->key = optarg; break;
		case 'a': o->algorithm = optarg; break;
		case 'c': take_canon(o, optarg); break;
		case 'h': o->names = optarg; break;
		case 'o': o->oversigned = optarg; break;
		case 'l': o->length = optarg; break;
		case 't': o->made = optarg; break;
		case 'x': o->expires = optarg; break;
		case 'i': o->identity = optarg; break;
		case MAKE: o->make = optarg; break;
		case DNS: o->dns = true; break;
		case TAGS: o->tags = optarg; break;
		case BREAK: o->spoil = optarg; break;
		case LF: o->crlf = false; break;
		case CRLF: o->crlf = true; break;
		case CODED: o->coded = true; break;
		default: usage();
		}
	}
	if (optind < argc)
		usage();
}

int main(int argc, char **argv)
{
	struct options o = {.header_relaxed = true, .body_relaxed = true};

	take_options(&o, argc, argv);
	if (!o.key)
		usage();
	if (o.make)
		key_make(o.make, o.key);
	else if (o.dns)
		print_dns(&o);
	else if (o.domain && o.selector)
		sign(&o);
	else
		usage();
	return 0;
}
