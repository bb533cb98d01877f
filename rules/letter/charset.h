/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * charset.h - text of a mail's charsets to UTF-8, without a file, a module or an allocation per
 * charset once it is initialised.
 *
 * iconv loads a shared object for each charset: it cannot in a sealed process, and having loaded
 * forty of them beforehand makes every fork 0.4 ms dearer (measured). So charset_init asks iconv
 * once what each octet and each pair of octets means, keeps that in tables, and closes it again.
 *
 * Known are UTF-8, US-ASCII, ISO-8859-*, windows-125*, KOI8, some of IBM's, ISO-2022-JP, Shift_JIS,
 * EUC-JP, GB2312, GBK, GB18030 (but for four octets), Big5, EUC-KR. Not known on purpose: UTF-7 and
 * HZ, which hide markup from readers that do not decode them.
 */
#ifndef RULES_LETTER_CHARSET_H
#define RULES_LETTER_CHARSET_H

#include <stdbool.h>

#include "base/str.h"

/* Once per process, before anything is sealed. False when the system's iconv lacks a charset. */
bool charset_init(void);

/* Appends the text as valid UTF-8; what has no meaning becomes U+FFFD, NUL too. An empty name, or
 * US-ASCII, is UTF-8 where the text is valid as such, else windows-1252. False for an unknown
 * charset: then the ASCII part of the text is appended. */
bool charset_to_utf8(struct slice name, struct slice text, struct str *to);

#endif
