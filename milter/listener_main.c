/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * listener_main.c - keepname-listener: the process that speaks with the MTA. Started by
 * keepname-milter with descriptors 3 to 6 (base/program.h); by hand only with -n.
 *
 * One thread beside libmilter's listens to the supervisor and looks for a changed list. The order
 * of the end: no message under way (or DRAIN_MS passed), libmilter stopped, what waits written.
 *
 * Exit status: 0 done, 78 bad configuration, list, class file or database, 70 anything else.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/control.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/program.h"
#include "config.h"
#include "db/releases.h"
#include "judge/frame.h"
#include "judge/rulefiles.h"
#include "milter/callbacks.h"
#include "milter/apply.h"
#include "milter/thread.h"
#include "rules/core/charset.h"

enum {
	EXIT_USAGE = 64,
	EXIT_SOFTWARE = 70,
	EXIT_CONFIG = 78,
	LOOK_MS = 2000,         /* how often the list's generation is looked at */
	DRAIN_MS = 10000,       /* for messages in hand, until libmilter is stopped */
	AFTER_MS = 5000,        /* for callbacks that still run then */
	MAP_BYTES = 256 * 1024, /* blocks from this size on are mappings of their own */
};

static const char usage[] =
    "Usage: keepname-listener -n [-c FILE]\n"
    "Part of keepname-milter(8), which starts it. By hand:\n"
    "\n"
    "  -c, --config FILE   configuration [" CONFIG_PATH "]\n"
    "  -n, --check         check configuration, lists and database, then exit\n"
    "  -r, --reload        with -n: as before a reload, all but the lists\n"
    "  -V, --version       print the version\n"
    "  -h, --help          print this\n";

struct arguments {
	const char *config_path;
	bool check, brief, foreground;
};

/* -1 to go on, else the exit status. */
static int read_arguments(int argc, char **argv, struct arguments *ret_arguments)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'}, {"check", no_argument, NULL, 'n'},
	    {"reload", no_argument, NULL, 'r'},       {"version", no_argument, NULL, 'V'},
	    {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "c:nrfVh", options, NULL)) != -1) {
		switch (c) {
		case 'c': ret_arguments->config_path = optarg; break;
		case 'n': ret_arguments->check = true; break;
		case 'r': ret_arguments->brief = true; break;
		case 'f': ret_arguments->foreground = true; break;
		case 'V': printf("keepname-listener %s\n", PACKAGE_VERSION); return 0;
		case 'h': fputs(usage, stdout); return 0;
		default: fputs(usage, stderr); return EXIT_USAGE;
		}
	}
	return optind == argc ? -1 : EXIT_USAGE;
}

/* -- the list in the database --------------------------------------------------------------- */

/* Gives the database the list that came with the program, where it has none yet or where this one
 * is newer than any that it had (db/releases.h). Trouble is no reason not to serve: the snapshot
 * then takes what there is, and the next start tries again. */
static void seed(const struct config *config)
{
	struct diags diags = {0};
	struct store *store;
	struct list *list = NULL;
	char why[256];
	bool taken = false;

	if (store_open(config->database, STORE_WRITE, LIMIT_STORE_WAIT_MS, &store, why) !=
	    STORE_OK) {
		log_say(LOG_LEVEL_WARNING, "%s", why);
		return;
	}
	list = rulefiles_list(config->lists, true, &diags);
	if (list == NULL || diags.errors > 0 ||
	    releases_ship(store, list, "keepname-milter", &taken) != STORE_OK)
		log_say(LOG_LEVEL_WARNING, "cannot load the shipped list: %s", store_error(store));
	else if (taken)
		log_say(LOG_LEVEL_INFO, "loaded the shipped list: release %lld, %zu senders",
			(long long)list_release(list)->number, list_count(list));
	list_free(list);
	diag_free(&diags);
	store_close(store);
}

static void look_for_new_list(struct listener *l)
{
	struct diags diags = {0};
	const struct snapshot *now = snapshot_get(l->snapshots);
	const int64_t generation = snapshot_generation(now);
	const bool changed = generation >= 0 && generation != now->generation;
	struct snapshot *next;

	if (changed)
		control_send(LISTENER_FD_CONTROL, CONTROL_BUSY);
	next = changed ? snapshot_with_new_list(l->snapshots, &diags) : NULL;

	if (next != NULL) {
		log_say(LOG_LEVEL_INFO, "list changed: %zu senders", list_count(next->list));
		snapshot_swap(l->snapshots, next);
	}
	if (changed)
		control_send(LISTENER_FD_CONTROL, CONTROL_PONG);
	snapshot_put(l->snapshots, now);
	diag_free(&diags);
}

/* -- the supervisor's words ----------------------------------------------------------------- */

struct steering {
	struct listener *listener;
	const char *config_path;
};

static void log_diags(const struct diags *diags)
{
	for (size_t i = 0; i < diags->count; i++) {
		const struct diag *d = &diags->list[i];

		log_say(d->level == DIAG_ERROR ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING,
			"%s:%u:%u: %s", d->file, d->line, d->column, d->text);
	}
}

/* A database that served before and cannot be read now must not bring the shipped list back: a
 * sender that the site has switched off would be believed again. */
static bool lost_list(struct listener *l, const struct snapshot *next)
{
	const struct snapshot *now = snapshot_get(l->snapshots);
	const bool lost = next->generation < 0 && now->generation >= 0;

	snapshot_put(l->snapshots, now);
	return lost;
}

static void reload(const struct steering *steering)
{
	struct diags diags = {0};
	struct snapshot *next;

	control_send(LISTENER_FD_CONTROL, CONTROL_BUSY);
	next = snapshot_build(steering->config_path, &diags);

	log_diags(&diags);
	diag_free(&diags);
	if (next != NULL && lost_list(steering->listener, next)) {
		log_say(LOG_LEVEL_ERROR, "%s: the list cannot be read now", next->config->database);
		snapshot_discard(next);
		next = NULL;
	}
	if (next != NULL) {
		log_set_level((enum log_level)next->config->log_level);
		snapshot_swap(steering->listener->snapshots, next);
	}
	control_send(LISTENER_FD_CONTROL, next != NULL ? CONTROL_RELOADED : CONTROL_REFUSED);
}

/* Waits until no message is under way. The count has no descriptor to poll, so it is looked at. */
static void await_messages(const struct listener *l, int64_t most_ms)
{
	const int64_t by = frame_clock() + most_ms;

	while (atomic_load(&l->under_way) > 0 && frame_clock() < by)
		poll(NULL, 0, 10);
}

static void drain(const struct listener *l)
{
	pool_shut(l->pool, LISTENER_FD_MILTER);
	await_messages(l, DRAIN_MS);
	/* It waits for a lock that libmilter holds while it polls: until a connection comes, or 5
	 * s. */
	pool_enter(l->pool);
	smfi_stop();
	pool_leave(l->pool);
}

static void *steer(void *context)
{
	const struct steering *steering = context;
	struct pollfd fd = {.fd = LISTENER_FD_CONTROL, .events = POLLIN};
	int64_t look_at = frame_clock() + LOOK_MS;
	int got;

	for (;;) {
		const int64_t wait = look_at - frame_clock();
		enum control_word word;

		poll(&fd, 1, wait > 0 ? (int)wait : 0);
		while ((got = control_receive(LISTENER_FD_CONTROL, &word)) == 1) {
			if (word == CONTROL_PING)
				control_send(LISTENER_FD_CONTROL, CONTROL_PONG);
			if (word == CONTROL_RELOAD)
				reload(steering);
			if (word == CONTROL_DRAIN)
				break;
		}
		if (got != 0)
			break; /* told to end, or the supervisor is gone */
		if (frame_clock() >= look_at) {
			look_for_new_list(steering->listener);
			look_at = frame_clock() + LOOK_MS;
		}
	}
	drain(steering->listener);
	return NULL;
}

/* -- beginning and end ---------------------------------------------------------------------- */

static void writer_says(void *context, bool trouble, const char *text)
{
	(void)context;
	log_say(trouble ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO, "%s", text);
}

/* Reads everything as a start or a reload would; the shipped files too, which the judge reads. */
static int check(const char *config_path)
{
	struct diags diags = {0};
	struct snapshot *s = snapshot_build(config_path, &diags);
	struct list *shipped = NULL;
	bool good = s != NULL;

	if (good && s->generation >= 0) {
		shipped = rulefiles_list(s->config->lists, true, &diags);
		list_free(shipped);
	}
	diag_print(&diags, stderr);
	good = good && diags.errors == 0;
	diag_free(&diags);
	snapshot_discard(s);
	return good ? 0 : EXIT_CONFIG;
}

/* What a reload would find out too late by itself, when it has changed something: a faulty list
 * file ends the new judge at its start, and no fault of a sender ends anything. */
static int check_briefly(const char *config_path)
{
	struct diags diags = {0};
	const bool good = snapshot_try(config_path, &diags);

	diag_print(&diags, stderr);
	diag_free(&diags);
	return good ? 0 : EXIT_CONFIG;
}

/* Everything that all connections share; what fails is logged. */
static bool open_listener(struct snapshot *first, struct listener *l)
{
	const struct config *config = first->config;
	char why[256] = "";
	int error;

	l->snapshots = snapshot_owner_new(first);
	l->lanes = lanes_new(LIMIT_JUDGES);
	l->rates = rates_new();
	l->signs = signs_new();
	l->judge.zygote_fd = LISTENER_FD_ZYGOTE;
	l->pool = pool_new(LISTENER_FD_MILTER);
	if (l->snapshots == NULL || l->lanes == NULL || l->rates == NULL || l->signs == NULL ||
	    l->pool == NULL)
		return false;
	error = dns_client_open(LISTENER_FD_RESOLVER, &l->judge.dns);
	if (error != 0) {
		log_say(LOG_LEVEL_ERROR, "resolver: %s", strerror(error));
		return false;
	}
	if (!writer_start(config->database, config->spool, writer_says, NULL, &l->writer, why)) {
		log_say(LOG_LEVEL_ERROR, "%s", why);
		return false;
	}
	return callbacks_register(LISTENER_FD_MILTER, l);
}

/* In the background standard error is that of whoever started the daemon, until it serves. */
static void leave_stderr(bool foreground)
{
	const int null = foreground ? -1 : open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null >= 0) {
		dup2(null, STDERR_FILENO);
		close(null);
	}
}

static int serve(const char *config_path, bool foreground)
{
	static struct listener listener; /* outlives main: callbacks may run until the very end */
	struct steering steering = {&listener, config_path};
	struct diags diags = {0};
	struct config *config = config_load(config_path, &diags);
	struct snapshot *first;
	pthread_t thread;

	if (config != NULL) {
		log_set_level((enum log_level)config->log_level);
		seed(config);
		config_free(config);
	}
	diag_free(&diags);
	first = snapshot_build(config_path, &diags);
	log_diags(&diags);
	diag_free(&diags);
	if (first == NULL)
		return EXIT_CONFIG;
	if (!charset_init())
		log_say(LOG_LEVEL_WARNING, "iconv lacks a charset: subjects in it are not read");
	if (!open_listener(first, &listener) ||
	    pthread_create(&thread, NULL, steer, &steering) != 0)
		return EXIT_SOFTWARE;
	log_echo(false);
	leave_stderr(foreground);
	control_send(LISTENER_FD_CONTROL, CONTROL_READY);
	thread_or_end();
	if (smfi_main() != MI_SUCCESS)
		log_say(LOG_LEVEL_ERROR, "libmilter ended with an error");
	await_messages(&listener, AFTER_MS);
	writer_stop(listener.writer);
	_exit(0); /* connections that are still open may be in a callback: nothing is freed */
}

/* As many connections as the system allows: past the soft limit, 1024 as a rule, libmilter takes
 * no new ones and after some tries gives up. */
static void raise_descriptors(void)
{
	struct rlimit most;

	if (getrlimit(RLIMIT_NOFILE, &most) == 0) {
		most.rlim_cur = most.rlim_max;
		setrlimit(RLIMIT_NOFILE, &most);
	}
}

/* A list comes in large blocks, and must leave nothing behind when the next one takes its place:
 * the allocator would raise this limit at the first such block that is freed, and keep the rest. */
static void give_lists_back(void)
{
	mallopt(M_MMAP_THRESHOLD, MAP_BYTES);
}

int main(int argc, char **argv)
{
	struct arguments arguments = {.config_path = CONFIG_PATH};
	int status = read_arguments(argc, argv, &arguments);

	if (status >= 0)
		return status;
	if (arguments.check) {
		log_open("keepname-listener", LOG_LEVEL_INFO, true);
		return arguments.brief ? check_briefly(arguments.config_path)
				       : check(arguments.config_path);
	}
	setrlimit(RLIMIT_CORE, &(const struct rlimit){0, 0});
	signal(SIGXFSZ, SIG_IGN); /* a file at its limit is an error to the store, not our end */
	raise_descriptors();
	give_lists_back();
	log_open("keepname-listener", LOG_LEVEL_INFO, arguments.foreground);
	log_echo(true);
	return serve(arguments.config_path, arguments.foreground);
}
