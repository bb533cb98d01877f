/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.c - one line at a time, to syslog or to standard error; see log.h.
 *
 * A line for standard error leaves in one write() of at most LIMIT_LOG_LINE octets, newline
 * included. That is PIPE_BUF on Linux, so lines of several threads and processes never mix. What
 * is left of a line that was cut ends in "...". Control and 8-bit octets that got this far are
 * written as \xHH, whoever made them. A log that cannot be written is no reason to stop: errors
 * of write() are passed over. errno is kept.
 */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/limits.h"

/* Set once by log_open, before threads exist; only the level and the echo change later. */
static struct {
	const char *ident;
	bool to_syslog;
	atomic_int most;
	atomic_bool echo;
} state = {.ident = "keepname", .most = LOG_LEVEL_INFO};

void log_open(const char *ident, enum log_level most, bool to_stderr)
{
	state.ident = ident;
	state.to_syslog = !to_stderr;
	atomic_store(&state.most, (int)most);
	if (!to_stderr)
		openlog(ident, LOG_PID | LOG_NDELAY, LOG_MAIL);
}

void log_set_level(enum log_level most)
{
	atomic_store(&state.most, (int)most);
}

void log_echo(bool on)
{
	atomic_store(&state.echo, on);
}

static int syslog_priority(enum log_level level)
{
	switch (level) {
	case LOG_LEVEL_ERROR: return LOG_ERR;
	case LOG_LEVEL_WARNING: return LOG_WARNING;
	case LOG_LEVEL_INFO: return LOG_INFO;
	case LOG_LEVEL_DEBUG: return LOG_DEBUG;
	}
	return LOG_ERR;
}

static bool is_clean(unsigned char c)
{
	return c >= 0x20 && c < 0x7f;
}

static size_t put_hex(char *to, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	to[0] = '\\';
	to[1] = 'x';
	to[2] = hex[c >> 4];
	to[3] = hex[c & 15];
	return 4;
}

/* Appends text to line[0..at) within `most` octets; "..." when it does not fit. Returns the end. */
static size_t put_clean(char *line, size_t at, size_t most, const char *text)
{
	size_t safe = at; /* the last place where "..." still fits */
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		size_t width = is_clean(c) ? 1 : 4;
		if (at + width > most) {
			memcpy(line + safe, "...", 3);
			return safe + 3;
		}
		if (is_clean(c))
			line[at++] = (char)c;
		else
			at += put_hex(line + at, c);
		if (at + 3 <= most)
			safe = at;
	}
	return at;
}

static void emit_to_syslog(enum log_level level, const char *text)
{
	char line[LIMIT_LOG_LINE];
	size_t n = put_clean(line, 0, sizeof(line) - 1, text);
	line[n] = '\0';
	syslog(LOG_MAIL | syslog_priority(level), "%s", line);
}

static void emit_to_stderr(const char *text)
{
	char line[LIMIT_LOG_LINE];
	int head = snprintf(line, sizeof(line) / 4, "%s[%ld]: ", state.ident, (long)getpid());
	size_t at = head < 0 ? 0 : (size_t)head;
	if (at >= sizeof(line) / 4)
		at = sizeof(line) / 4 - 1;
	at = put_clean(line, at, sizeof(line) - 1, text);
	line[at++] = '\n';
	while (write(STDERR_FILENO, line, at) < 0 && errno == EINTR)
		;
}

static void emit(enum log_level level, const char *text)
{
	int saved = errno;
	if (state.to_syslog)
		emit_to_syslog(level, text);
	if (!state.to_syslog || (level <= LOG_LEVEL_WARNING && atomic_load(&state.echo)))
		emit_to_stderr(text);
	errno = saved;
}

static bool is_wanted(enum log_level level)
{
	return (int)level <= atomic_load(&state.most);
}

void log_say(enum log_level level, const char *format, ...)
{
	char text[LIMIT_LOG_LINE + 1];
	va_list args;
	if (!is_wanted(level))
		return;
	va_start(args, format);
	int n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	emit(level, n < 0 ? format : text);
}

static bool is_plain(unsigned char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
		return true;
	return c != '\0' && strchr("-_.:,/@+<>[]", c);
}

void log_key(struct log_line *l, const char *key, const char *value)
{
	bool quoted = false;
	size_t used = 0;
	if (!value || !*value)
		return;
	for (const char *p = value; *p && !quoted; p++)
		quoted = !is_plain((unsigned char)*p);
	if (l->text.n)
		str_putc(&l->text, ' ');
	str_puts(&l->text, key);
	str_puts(&l->text, quoted ? "=\"" : "=");
	for (const char *p = value; *p; p++) {
		unsigned char c = (unsigned char)*p;
		char octets[4] = {(char)c};
		size_t width = 1;
		if (!is_clean(c) || c == '"' || c == '\\')
			width = put_hex(octets, c);
		if (used + width > LIMIT_LOG_VALUE) {
			str_puts(&l->text, "...");
			break;
		}
		str_add(&l->text, octets, width);
		used += width;
	}
	if (quoted)
		str_putc(&l->text, '"');
}

void log_key_u64(struct log_line *l, const char *key, uint64_t value)
{
	str_printf(&l->text, "%s%s=%llu", l->text.n ? " " : "", key, (unsigned long long)value);
}

void log_send(struct log_line *l, enum log_level level, const char *queue_id)
{
	if (is_wanted(level)) {
		const char *more = l->text.failed ? " cut=memory" : "";
		char line[LIMIT_LOG_LINE + 1];
		bool prefix = queue_id && *queue_id;
		/* Longer than the line may be is no loss: emit cuts there anyway. */
		if (snprintf(line, sizeof(line), "%s%s%s%s", prefix ? queue_id : "",
			     prefix ? ": " : "", str_text(&l->text), more) < 0)
			line[0] = '\0';
		emit(level, line);
	}
	str_free(&l->text);
}
