/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The parts of the program dkimsign: a message in memory, RFC 6376 canonicalisation, keys. Trouble
 * of any kind ends the program with exit 2 and a line on stderr. */
#ifndef KN_TESTS_DKIMSIGN_H
#define KN_TESTS_DKIMSIGN_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>

/* Bytes that grow; .data ends in a NUL that .len does not count. */
struct bytes {
	char *data;
	size_t len;
	size_t room;
};

void bytes_add(struct bytes *b, const void *data, size_t len);
void bytes_adds(struct bytes *b, const char *s);
void bytes_addf(struct bytes *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct field {
	const char *start; /* name, colon, value and all CRLFs of its lines */
	size_t len;
	size_t name_len;
	bool used; /* by an earlier name in h= */
};

struct mail {
	struct bytes text; /* with CRLF throughout */
	struct field *fields;
	size_t field_count;
	const char *body;
	size_t body_len;
};

/* Reads all of stdin; bare LFs become CRLF, and the last line is ended. */
void mail_read(struct mail *ret_mail);

/* Appends one header field (RFC 6376, 3.4.1 and 3.4.2), its final CRLF included. */
void canon_header(struct bytes *out, const char *field, size_t len, bool relaxed);
/* Appends the body (3.4.3 and 3.4.4). */
void canon_body(struct bytes *out, const char *body, size_t len, bool relaxed);
/* Takes the field that `name` stands for now, from the bottom up (5.4.2); NULL where none is left.
 */
struct field *canon_take(struct mail *m, const char *name, size_t name_len);

enum keytype { KEY_RSA, KEY_ED25519 };

/* Makes a key ("rsa:2048", "ed25519") and writes it to path, readable by the owner alone. */
void key_make(const char *kind, const char *path);
EVP_PKEY *key_read(const char *path);
enum keytype key_type(const EVP_PKEY *key);
/* Appends base64 of what a key record's p= holds (RFC 6376, 3.6.1; RFC 8463, 4). */
void key_public(struct bytes *out, const EVP_PKEY *key);
/* Appends base64 of the signature over data: hash is "sha256" or "sha1". */
void key_sign(struct bytes *out, EVP_PKEY *key, const char *hash, const struct bytes *data);
/* Appends base64 of the hash of data. */
void key_hash(struct bytes *out, const char *hash, const char *data, size_t len);

noreturn void sign_trouble(const char *what);

#endif
