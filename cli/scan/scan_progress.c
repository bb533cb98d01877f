/* SPDX-License-Identifier: BSD-2-Clause */
/* scan_progress.c - see scan_progress.h. */
#include "cli/scan/scan_progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/scan/scan_walk.h"

enum {
	DRAW_MS = 200,
	RATE_MS = 1000, /* before that no rate is shown */
	WIDTH = 80,     /* where the terminal does not say */
	WIDTH_MOST = 250,
};

struct scan_progress {
	uint64_t total, done, found;
	uint64_t within; /* octets read of the file at hand, if it is a stream */
	int64_t started, drawn;
	bool shown;
	bool (*goes_on)(void *context);
	void *context;
};

static int64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int width(void)
{
	struct winsize w;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_col == 0)
		return WIDTH;
	return w.ws_col < WIDTH_MOST ? w.ws_col : WIDTH_MOST;
}

static void draw(struct scan_progress *p, const char *text)
{
	fprintf(stderr, "\r%.*s\033[K", width() - 1, text);
	fflush(stderr);
	p->shown = true;
}

/* -- counting ------------------------------------------------------------------------------- */

static bool count_file(void *context, const struct walk_file *file)
{
	struct scan_progress *p = context;
	char text[64];

	(void)file;
	p->total++;
	if (p->total % 1024 == 0 && clock_ms() - p->drawn > DRAW_MS) {
		p->drawn = clock_ms();
		snprintf(text, sizeof(text), "counting: %llu files", (unsigned long long)p->total);
		draw(p, text);
	}
	return p->total % 64 != 0 || p->goes_on(p->context);
}

struct scan_progress *progress_start(char *const path[], size_t count,
				     bool (*goes_on)(void *context), void *context)
{
	struct scan_progress *p = isatty(STDERR_FILENO) ? calloc(1, sizeof(*p)) : NULL;
	const struct walk_visitor visitor = {.context = p, .file = count_file};

	if (p == NULL)
		return NULL;
	p->goes_on = goes_on;
	p->context = context;
	for (size_t i = 0; i < count; i++)
		if (strcmp(path[i], "-") != 0)
			walk(path[i], NULL, &visitor);
	p->started = clock_ms();
	return p;
}

/* -- telling -------------------------------------------------------------------------------- */

static void say_time(int64_t seconds, char to[static 32])
{
	if (seconds < 120)
		snprintf(to, 32, "%lld s", (long long)seconds);
	else if (seconds < 7200)
		snprintf(to, 32, "%lld min", (long long)seconds / 60);
	else
		snprintf(to, 32, "%lld h %lld min", (long long)seconds / 3600,
			 (long long)seconds / 60 % 60);
}

static void say(const struct scan_progress *p, int64_t now, char to[static WIDTH_MOST])
{
	const int64_t took = now - p->started;
	size_t n;
	char left[32];

	n = (size_t)snprintf(to, WIDTH_MOST, "%llu of %llu files", (unsigned long long)p->done,
			     (unsigned long long)p->total);
	if (p->within > 0)
		n += (size_t)snprintf(to + n, WIDTH_MOST - n, ", %llu MB of this one",
				      (unsigned long long)(p->within >> 20));
	if (took > RATE_MS && p->done > 0) {
		const uint64_t rate = p->done * 1000 / (uint64_t)took;

		n += (size_t)snprintf(to + n, WIDTH_MOST - n, ", %llu/s", (unsigned long long)rate);
		if (p->total > p->done) {
			say_time((int64_t)((p->total - p->done) * (uint64_t)took / p->done / 1000),
				 left);
			n += (size_t)snprintf(to + n, WIDTH_MOST - n, ", %s left", left);
		}
	}
	snprintf(to + n, WIDTH_MOST - n, ", %llu found", (unsigned long long)p->found);
}

void progress_tick(struct scan_progress *p)
{
	char text[WIDTH_MOST];
	int64_t now;

	if (p == NULL)
		return;
	now = clock_ms();
	if (now - p->drawn < DRAW_MS)
		return;
	p->drawn = now;
	say(p, now, text);
	draw(p, text);
}

void progress_file(struct scan_progress *p)
{
	if (p == NULL)
		return;
	p->done++;
	p->within = 0;
}

void progress_within(struct scan_progress *p, uint64_t octets)
{
	if (p != NULL)
		p->within = octets;
}

void progress_found(struct scan_progress *p)
{
	if (p != NULL)
		p->found++;
}

void progress_clear(struct scan_progress *p)
{
	if (p == NULL || !p->shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	p->shown = false;
	p->drawn = 0;
}

void progress_stop(struct scan_progress *p)
{
	progress_clear(p);
	free(p);
}
