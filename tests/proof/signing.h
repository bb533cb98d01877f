/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signing.h - keys and signed mails for tests, made by the program tests/tools/dkimsign (an
 * implementation of its own, so that library and oracle do not share errors).
 */
#ifndef TESTS_PROOF_SIGNING_H
#define TESTS_PROOF_SIGNING_H

#include "base/str.h"

struct signing; /* a folder with keys, by name */

/* The folder is temporary. NULL on trouble. */
struct signing *signing_open(void);
void signing_close(struct signing *s); /* removes it; takes NULL */
/* kind as dkimsign has it: "rsa:2048", "ed25519". */
bool signing_key(struct signing *s, const char *name, const char *kind);
/* The record of a key, with further tags after the version ("" for none; "t=y; "). */
bool signing_record(struct signing *s, const char *name, const char *tags, struct str *ret_record);
/* Signs mail (LF) with key, selector = its name; options as on dkimsign's command line. The signed
 * mail has LF, or CRLF where the options say --crlf. */
bool signing_sign(struct signing *s, const char *key, const char *domain, const char *options,
		  const char *mail, struct str *ret_mail);

#endif
