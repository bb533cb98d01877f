/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.h - one line, key=value, to syslog (facility mail) or to stderr.
 *
 * Rooms below milter/ and cli/ do not log; they return what happened. A value that is not made of
 * letters, digits and -_.:,/@+<>[] is quoted; in it quotes, backslashes, control and 8-bit octets
 * are written as \xHH, so that text from a mail can neither forge a key nor a line. Longer values
 * are cut at LIMIT_LOG_VALUE octets as written, with "...", lines at LIMIT_LOG_LINE, prefix and
 * newline included. Tokens and whole links are never given to the log.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

/* Where lines go for the rest of the process's life; called once, before threads exist.
 * ident must live as long. */
void log_open(const char *ident, enum log_level most, bool to_stderr);
void log_set_level(enum log_level most);
/* Whether warnings and errors for syslog go to standard error as well: while somebody watches the
 * start. Off at first. */
void log_echo(bool on);
/* A sentence of our own. Thread-safe. */
void log_say(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A line in the making; all zero is valid. */
struct log_line {
	struct str text;
};
void log_key(struct log_line *l, const char *key, const char *value); /* NULL or "": left out */
void log_key_u64(struct log_line *l, const char *key, uint64_t value);
/* Writes "QUEUE-ID: key=value ..." (queue_id NULL or "": no prefix) and empties l. */
void log_send(struct log_line *l, enum log_level level, const char *queue_id);

#endif
