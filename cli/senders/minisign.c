/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * minisign.c - see minisign.h. A signature file has four lines:
 *
 *   untrusted comment: ...
 *   base64 of: "Ed" (the file) or "ED" (its hash), key id (8), signature (64)
 *   trusted comment: ...
 *   base64 of: signature (64) of the first signature and the trusted comment
 */
#include "cli/senders/minisign.h"

#include <sodium.h>
#include <string.h>

enum {
	SIGNATURE = crypto_sign_BYTES,
	HEAD = 2 + 8,
};

static bool decode(struct slice text, unsigned char *to, size_t size)
{
	size_t n = 0;

	return sodium_base642bin(to, size, text.p, text.n, NULL, &n, NULL,
				 sodium_base64_VARIANT_ORIGINAL) == 0 &&
	       n == size;
}

bool minisign_key_parse(const char *text, struct minisign_key *ret_key)
{
	unsigned char raw[HEAD + 32];

	if (!decode(slice_of(text), raw, sizeof(raw)) || memcmp(raw, "Ed", 2) != 0)
		return false;
	memcpy(ret_key->id, raw + 2, sizeof(ret_key->id));
	memcpy(ret_key->key, raw + HEAD, sizeof(ret_key->key));
	return true;
}

static bool take_line(struct slice *rest, const char *prefix, struct slice *ret_line)
{
	const char *end = rest->n > 0 ? memchr(rest->p, '\n', rest->n) : NULL;
	struct slice line = {rest->p, end != NULL ? (size_t)(end - rest->p) : rest->n};
	const size_t n = strlen(prefix);

	if (line.n < n || memcmp(line.p, prefix, n) != 0)
		return false;
	rest->n -= line.n + (end != NULL);
	rest->p += line.n + (end != NULL);
	*ret_line = (struct slice){line.p + n, line.n - n};
	return true;
}

/* Over the file, or over its hash. */
static bool is_of_file(const unsigned char *head, struct slice file, const struct minisign_key *key)
{
	const unsigned char *signature = head + HEAD;
	unsigned char hash[64];

	if (head[1] == 'd')
		return crypto_sign_verify_detached(signature, (const unsigned char *)file.p, file.n,
						   key->key) == 0;
	crypto_generichash(hash, sizeof(hash), (const unsigned char *)file.p, file.n, NULL, 0);
	return crypto_sign_verify_detached(signature, hash, sizeof(hash), key->key) == 0;
}

static bool is_of_comment(const unsigned char *signature, struct slice comment,
			  const unsigned char *global, const struct minisign_key *key)
{
	unsigned char both[SIGNATURE + MINISIGN_COMMENT];

	memcpy(both, signature, SIGNATURE);
	memcpy(both + SIGNATURE, comment.p, comment.n);
	return crypto_sign_verify_detached(global, both, SIGNATURE + comment.n, key->key) == 0;
}

enum minisign_result minisign_check(struct slice file, struct slice signature,
				    const struct minisign_key *key, size_t key_count,
				    char ret_comment[static MINISIGN_COMMENT + 1])
{
	unsigned char head[HEAD + SIGNATURE], global[SIGNATURE];
	struct slice line, comment;

	if (sodium_init() < 0 || !take_line(&signature, "untrusted comment: ", &line) ||
	    !take_line(&signature, "", &line) || !decode(line, head, sizeof(head)) ||
	    head[0] != 'E' || (head[1] != 'd' && head[1] != 'D') ||
	    !take_line(&signature, "trusted comment: ", &comment) || comment.n > MINISIGN_COMMENT ||
	    !take_line(&signature, "", &line) || !decode(line, global, sizeof(global)) ||
	    signature.n > 0)
		return MINISIGN_MALFORMED;
	for (size_t i = 0; i < key_count; i++) {
		if (memcmp(key[i].id, head + 2, sizeof(key[i].id)) != 0)
			continue;
		if (!is_of_file(head, file, &key[i]) ||
		    !is_of_comment(head + HEAD, comment, global, &key[i]))
			return MINISIGN_BAD;
		memcpy(ret_comment, comment.p, comment.n);
		ret_comment[comment.n] = '\0';
		return MINISIGN_GOOD;
	}
	return MINISIGN_OTHER_KEY;
}
