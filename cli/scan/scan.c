/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan.c - keepname scan: what was missed in mailboxes that are there already, and in mail logs.
 *
 * Exit status: 0 nothing is missing among the pendings (any more, with --record); 1 something was
 * found that is not recorded; 2 trouble, a named path that cannot be read among it; 128 and the
 * signal's number when a signal ended it.
 *
 * Signals are looked for between files, so what is at hand is finished; a state that --resume has
 * asked for is written when nothing is under way any more. kill -9 leaves the state of the last
 * folder: what came since is read again, and recorded again to no effect.
 */
#include "cli/scan/scan.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/date.h"
#include "cli/scan/scan_progress.h"
#include "cli/scan/scan_resume.h"
#include "cli/scan/scan_walk.h"

enum {
	TICK = 64,         /* files between two looks at signals and at the clock */
	SYNC_MS = 1000,    /* between two states that outlive the machine */
	SKIPS_SHOWN = 100, /* lines of what was passed over; JSON has them all */
	SIGNALLED = 128,
};

/* -- options -------------------------------------------------------------------------------- */

static int bad(const char *option, const char *value, const char *expected)
{
	return cli_trouble("scan", "--%s \"%s\": %s is expected", option, value, expected);
}

static int check_options(const struct scan_options *o)
{
	struct address address;

	if (o->path_count == 0 && o->maillog == NULL)
		return cli_usage("scan");
	if (o->recipient != NULL && !address_parse(slice_of(o->recipient), &address))
		return bad("recipient", o->recipient, "one plain address");
	if (o->authserv != NULL && !domain_is_plain(slice_of(o->authserv)))
		return bad("trust-authserv", o->authserv, "a name like mx.example.net");
	for (size_t i = 0; i < o->path_count && o->resume != NULL; i++)
		if (strcmp(o->path[i], "-") == 0)
			return cli_trouble("scan", "--resume: standard input cannot be read again");
	return CLI_DONE;
}

static int read_options(int argc, char **argv, struct scan_options *ret)
{
	static const struct option options[] = {
	    {"record", no_argument, NULL, 'w'},
	    {"since", required_argument, NULL, 's'},
	    {"recipient", required_argument, NULL, 't'},
	    {"trust-authserv", required_argument, NULL, 'a'},
	    {"maillog", required_argument, NULL, 'l'},
	    {"resume", required_argument, NULL, 'r'},
	    {NULL, 0, NULL, 0},
	};
	int c;

	*ret = (struct scan_options){.since = INT64_MIN};
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'w': ret->record = true; break;
		case 's':
			if (!date_of_option(optarg, &ret->since))
				return bad("since", optarg, "a date like 2026-11-22");
			break;
		case 't': ret->recipient = optarg; break;
		case 'a': ret->authserv = optarg; break;
		case 'l': ret->maillog = optarg; break;
		case 'r': ret->resume = optarg; break;
		default: return cli_usage("scan");
		}
	}
	ret->path = argv + optind;
	ret->path_count = (size_t)(argc - optind);
	return check_options(ret);
}

/* -- going on ------------------------------------------------------------------------------- */

static void look_for_signal(struct scan *s)
{
	struct signalfd_siginfo info;

	if (s->signal == 0 && read(s->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
		s->signal = (int)info.ssi_signo;
}

bool scan_goes_on(struct scan *s)
{
	if (s->ticks++ % TICK == 0) {
		look_for_signal(s);
		scan_pool_look(s);
		progress_tick(s->progress);
	}
	return s->signal == 0 && !s->trouble_stops;
}

bool scan_looks(struct scan *s)
{
	s->ticks = 0;
	return scan_goes_on(s);
}

bool scan_is_ended(struct scan *s)
{
	look_for_signal(s);
	return s->signal != 0;
}

static bool counting_goes_on(void *context)
{
	return !scan_is_ended(context);
}

void scan_pass_over(struct scan *s, const char *path, const char *why, bool named)
{
	struct str plain = {0};

	s->count.skipped++;
	s->trouble = s->trouble || named;
	progress_clear(s->progress);
	if (s->cli->json)
		cli_print_json_line(scan_json_skipped(path, why));
	else if (s->count.skipped <= SKIPS_SHOWN || named)
		cli_trouble("scan", "%s: %s", str_text(cli_plain(path, strlen(path), &plain)), why);
	else if (s->count.skipped == SKIPS_SHOWN + 1)
		cli_trouble("scan", "more is passed over, and only counted from here");
	str_free(&plain);
}

/* -- paths ---------------------------------------------------------------------------------- */

/* The walk over one of the paths. */
struct round {
	struct scan *scan;
	size_t path;
	struct walk_mark mark; /* the last one */
	int64_t synced;        /* when its state was, ms */
};

static int64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Only what is done may be called done. */
static void write_state(struct round *r)
{
	struct scan *s = r->scan;

	scan_pool_drain(s);
	const int64_t now = clock_ms();
	const bool sync = now - r->synced >= SYNC_MS;

	if (!s->lost && !resume_write(s->options, r->path, &r->mark, sync)) {
		s->trouble = true;
		s->trouble_stops = true;
	}
	if (sync)
		r->synced = now;
}

static bool on_file(void *context, const struct walk_file *file)
{
	const struct round *r = context;

	return scan_file(r->scan, file);
}

static void on_passed_over(void *context, const char *path, const char *why, bool named)
{
	const struct round *r = context;

	scan_pass_over(r->scan, path, why, named);
}

static bool on_mark(void *context, const struct walk_mark *mark)
{
	struct round *r = context;

	if (r->scan->options->resume == NULL)
		return true;
	str_reset(&r->mark.folder);
	str_puts(&r->mark.folder, str_text(&mark->folder));
	r->mark.changed = mark->changed;
	r->mark.files = mark->files;
	write_state(r);
	return !r->scan->trouble_stops;
}

static bool scan_path(struct round *r, const struct walk_mark *from)
{
	const struct walk_visitor visitor = {r, on_file, on_passed_over, on_mark};
	const char *path = r->scan->options->path[r->path];

	if (strcmp(path, "-") == 0)
		return scan_standard_input(r->scan);
	return walk(path, from, &visitor);
}

static void scan_paths(struct scan *s, struct resume *resume)
{
	const struct scan_options *o = s->options;
	struct round r = {.scan = s, .path = resume->path};
	const struct walk_mark *from = &resume->mark;

	/* A signal before the first mark leaves the old state as it was. */
	str_puts(&r.mark.folder, str_text(&from->folder));
	r.mark.changed = from->changed;
	r.mark.files = from->files;
	while (r.path < o->path_count && scan_path(&r, from)) {
		r.path++;
		str_reset(&r.mark.folder);
		from = NULL;
	}
	scan_pool_drain(s);
	if (o->resume != NULL && r.path == o->path_count && !s->lost)
		resume_remove(o);
	else if (o->resume != NULL)
		write_state(&r);
	str_free(&r.mark.folder);
}

/* -- beginning and end ---------------------------------------------------------------------- */

/* Blocked, so that they can be read; the programs that we start have them unblocked. */
static int block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

/* Without --record a database that is not there yet is no trouble. */
static bool open_store(struct scan *s)
{
	struct stat st;

	if (!s->options->record && stat(s->cli->config->database, &st) != 0 && errno == ENOENT)
		return true;
	s->store = cli_store(s->cli, "scan", s->options->record ? STORE_WRITE : STORE_READ);
	return s->store != NULL;
}

static void say_end(const struct scan *s)
{
	if (s->cli->json)
		cli_print_json_line(scan_json_end(s));
	else
		scan_text_end(s);
	if (s->signal == 0)
		return;
	fflush(stdout);
	cli_trouble("scan", "ended by signal %d after %" PRIu64 " mails%s%s", s->signal,
		    s->count.mails, s->options->record ? "; what was found so far is recorded" : "",
		    s->options->resume != NULL ? "; the same command goes on from here" : "");
}

static int status_of(const struct scan *s)
{
	const struct scan_counts *c = &s->count;
	uint64_t missing = c->unaddressed + c->undecided + c->unjudged + c->rejected;

	if (!s->options->record)
		missing += c->open + c->review;
	if (s->signal != 0)
		return SIGNALLED + s->signal;
	return s->trouble ? CLI_TROUBLE : missing > 0 ? CLI_NO : CLI_DONE;
}

static int scan(struct scan *s)
{
	struct resume resume = {0};

	if (!ground_open(s->cli, &s->ground) || !candidate_scratch_init(&s->scratch) ||
	    !open_store(s))
		return CLI_TROUBLE;
	if (s->options->resume != NULL && resume_read(s->options, &resume) != CLI_DONE)
		return CLI_TROUBLE;
	if (s->options->path_count > 0)
		s->progress =
		    progress_start(s->options->path, s->options->path_count, counting_goes_on, s);
	if (s->options->path_count > 0 && scan_goes_on(s))
		scan_paths(s, &resume);
	progress_stop(s->progress);
	s->progress = NULL;
	if (s->options->maillog != NULL && scan_goes_on(s))
		scan_maillog(s, s->options->maillog);
	scan_pool_stop(s);
	say_end(s);
	resume_free(&resume);
	return status_of(s);
}

int scan_run(struct cli *cli, int argc, char **argv)
{
	struct scan_options options;
	int status = read_options(argc, argv, &options);
	struct scan s = {.cli = cli, .options = &options, .signal_fd = -1};

	if (status != CLI_DONE)
		return status;
	s.signal_fd = block_signals();
	message_init(&s.message);
	status = s.signal_fd >= 0 ? scan(&s) : cli_trouble("scan", "%s", strerror(errno));
	close(s.signal_fd);
	message_free(&s.message);
	str_free(&s.buffer);
	candidate_scratch_free(&s.scratch);
	ground_close(&s.ground);
	store_close(s.store);
	return status;
}
