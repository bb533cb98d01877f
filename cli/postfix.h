/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * postfix.h - what Postfix says of its own configuration, by postconf(1).
 */
#ifndef CLI_POSTFIX_H
#define CLI_POSTFIX_H

#include "base/str.h"

enum {
	POSTFIX_SERVICES = 256, /* of master.cf that are looked at; real ones have 40 */
};

/* One smtpd or cleanup of master.cf. */
struct postfix_service {
	char *name;         /* "smtp", "127.0.0.1:10025" */
	char *program;      /* "smtpd" */
	char chroot;        /* y, n, or - for Postfix's default */
	struct str options; /* its -o NAME=VALUE, a line each */
};

struct postfix {
	bool chroot_default; /* what "-" means here */
	char *queue;         /* queue_directory */
	char *folder;        /* config_directory */
	struct postfix_service *service;
	size_t count;
};

enum postfix_state {
	POSTFIX_OPEN,
	POSTFIX_ABSENT, /* there is no postconf */
	POSTFIX_BROKEN, /* it does not read the configuration */
};

/* folder NULL: Postfix's own. ret_postfix is written, and to be closed, if it is open; else why[]
 * says why not. */
enum postfix_state postfix_open(const char *folder, struct postfix *ret_postfix, char why[512]);
void postfix_close(struct postfix *p);
/* A setting with its variables replaced; false where Postfix does not know it. */
bool postfix_value(const struct postfix *p, const char *name, struct str *ret_value);
/* The value that a service has of its own; false where it has that of main.cf. */
bool postfix_own_value(const struct postfix_service *s, const char *name, struct str *ret_value);
bool postfix_is_chrooted(const struct postfix *p, const struct postfix_service *s);

#endif
