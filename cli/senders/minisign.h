/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * minisign.h - signatures of minisign(1): Ed25519 over a file or its BLAKE2b hash, and once more
 * over the signature and its trusted comment. By libsodium.
 */
#ifndef CLI_MINISIGN_H
#define CLI_MINISIGN_H

#include "base/str.h"

enum {
	MINISIGN_COMMENT = 512, /* octets of a trusted comment that are kept */
};

struct minisign_key {
	unsigned char id[8];
	unsigned char key[32];
};

/* The line of a .pub file that is no comment. */
bool minisign_key_parse(const char *text, struct minisign_key *ret_key);

enum minisign_result {
	MINISIGN_GOOD,
	MINISIGN_MALFORMED, /* no signature of minisign */
	MINISIGN_OTHER_KEY, /* by none of these keys */
	MINISIGN_BAD,       /* by one of them, but not of this file or comment */
};
/* signature: the text of a .minisig file. ret_comment is written only if it is good. */
enum minisign_result minisign_check(struct slice file, struct slice signature,
				    const struct minisign_key *key, size_t key_count,
				    char ret_comment[static MINISIGN_COMMENT + 1]);

#endif
