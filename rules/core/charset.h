/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * charset.h - text of a mail's charsets to UTF-8, without a file, a module or an allocation per
 * charset once it is initialised.
 *
 * iconv loads a shared object for each charset: it cannot in a sealed process, and having loaded
 * forty of them beforehand makes every fork 0.4 ms dearer (measured). So charset_init asks iconv
 * once what each octet and each pair of octets means, keeps that in tables, and closes it again.
 * The judge reads texts by them, the listener subjects and display names (rfc2047.h).
 *
 * Known are UTF-8, US-ASCII, ISO-8859-*, windows-125*, KOI8, some of IBM's, ISO-2022-JP, Shift_JIS,
 * EUC-JP, GB2312, GBK, GB18030, Big5, EUC-KR. Of GB18030's four octets those above U+FFFF have
 * their character, the others are one U+FFFD. Not known on purpose: UTF-7 and
 * HZ, which hide markup from readers that do not decode them.
 */
#ifndef RULES_CORE_CHARSET_H
#define RULES_CORE_CHARSET_H

#include <stdbool.h>

#include "base/str.h"

/* Once per process, before anything is sealed and before there are threads. False when the
 * system's iconv lacks a charset; until it was called, and for that charset, all octets above ASCII
 * are without meaning. */
bool charset_init(void);

/* Appends the text as valid UTF-8; what has no meaning becomes U+FFFD, NUL too. An empty name, or
 * US-ASCII, is UTF-8 where the text is valid as such, else windows-1252. False for an unknown
 * charset: then the ASCII part of the text is appended. */
bool charset_to_utf8(struct slice name, struct slice text, struct str *to);

/* The same octet by octet, for the charsets that have tables (all but UTF-8 and US-ASCII); keeps
 * no memory. */
enum charset_shift {
	CHARSET_ASCII,
	CHARSET_PAIRS,
	CHARSET_KANA,
};

enum {
	CHARSET_MOST = 4, /* characters that one octet can complete */
};

struct charset_reader {
	size_t source;
	enum charset_shift shift;    /* of ISO-2022-JP */
	unsigned char lead;          /* of a pair that is not whole yet; 0: none */
	bool escape;                 /* seen, and what follows it */
	unsigned char second, third; /* of a shift, or of GB18030's four octets */
};

/* False for a charset that is unknown or has no table. */
bool charset_open(struct slice name, struct charset_reader *ret_reader);
/* The characters that this octet completes: how many; what has no meaning is U+FFFD. */
size_t charset_take(struct charset_reader *r, unsigned char octet,
		    uint32_t to[static CHARSET_MOST]);
/* What is left when the text ends. */
size_t charset_end(struct charset_reader *r, uint32_t to[static CHARSET_MOST]);

#endif
