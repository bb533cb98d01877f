/* SPDX-License-Identifier: BSD-2-Clause
 *
 * dkimsign's keys, by libcrypto: making, reading, signing, and what a key record says of them. */
#include "config.h"

#include "tests/tools/dkimsign.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void add_base64(struct bytes *out, const unsigned char *data, size_t len)
{
	size_t room = (len + 2) / 3 * 4 + 1;
	unsigned char *text = malloc(room);

	if (!text)
		sign_trouble("out of memory");
	bytes_add(out, text, (size_t)EVP_EncodeBlock(text, data, (int)len));
	free(text);
}

void key_make(const char *kind, const char *path)
{
	EVP_PKEY *key = NULL;
	FILE *f;

	if (strncmp(kind, "rsa:", 4) == 0)
		key = EVP_RSA_gen((unsigned)atoi(kind + 4));
	else if (strcmp(kind, "ed25519") == 0)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	if (!key)
		sign_trouble("no such kind of key, or it cannot be made (rsa:BITS or ed25519)");
	umask(077);
	f = fopen(path, "w");
	if (!f || !PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) || fclose(f) != 0)
		sign_trouble("cannot write the key");
	EVP_PKEY_free(key);
}

EVP_PKEY *key_read(const char *path)
{
	FILE *f = fopen(path, "r");
	EVP_PKEY *key = f ? PEM_read_PrivateKey(f, NULL, NULL, NULL) : NULL;

	if (!key)
		sign_trouble("cannot read the key");
	fclose(f);
	return key;
}

enum keytype key_type(const EVP_PKEY *key)
{
	return EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 ? KEY_ED25519 : KEY_RSA;
}

void key_public(struct bytes *out, const EVP_PKEY *key)
{
	unsigned char raw[32], *der = NULL;
	size_t raw_len = sizeof raw;
	int len;

	if (key_type(key) == KEY_ED25519) {
		if (!EVP_PKEY_get_raw_public_key(key, raw, &raw_len))
			sign_trouble("cannot read the public key");
		add_base64(out, raw, raw_len);
		return;
	}
	len = i2d_PUBKEY(key, &der);
	if (len <= 0)
		sign_trouble("cannot read the public key");
	add_base64(out, der, (size_t)len);
	OPENSSL_free(der);
}

static size_t digest(const char *hash, const char *data, size_t len, unsigned char *ret_md)
{
	unsigned n;

	if (!EVP_Digest(data, len, ret_md, &n, EVP_get_digestbyname(hash), NULL))
		sign_trouble("cannot hash");
	return n;
}

void key_hash(struct bytes *out, const char *hash, const char *data, size_t len)
{
	unsigned char md[EVP_MAX_MD_SIZE];

	add_base64(out, md, digest(hash, data, len, md));
}

void key_sign(struct bytes *out, EVP_PKEY *key, const char *hash, const struct bytes *data)
{
	bool ed = key_type(key) == KEY_ED25519;
	unsigned char md[EVP_MAX_MD_SIZE], *sig;
	const unsigned char *in = (const unsigned char *)data->data;
	size_t in_len = data->len, len = 0;
	EVP_MD_CTX *c = EVP_MD_CTX_new();

	/* ed25519 signs the SHA-256 of the data, not the data (RFC 8463, 3). */
	if (ed) {
		in_len = digest(hash, data->data, data->len, md);
		in = md;
	}
	if (!c || !EVP_DigestSignInit(c, NULL, ed ? NULL : EVP_get_digestbyname(hash), NULL, key) ||
	    !EVP_DigestSign(c, NULL, &len, in, in_len) || !(sig = malloc(len)) ||
	    !EVP_DigestSign(c, sig, &len, in, in_len))
		sign_trouble("cannot sign (is the key too small for this hash?)");
	add_base64(out, sig, len);
	free(sig);
	EVP_MD_CTX_free(c);
}
