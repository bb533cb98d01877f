/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * supervisor.c - see supervisor.h. One poll loop: signals, the listener's words, a new zygote's
 * readiness, and the time.
 *
 * Reload (SIGHUP), in steps, each of which leaves the old state serving if it fails:
 *   check     keepname-listener -nr reads all but the lists anew and says what is wrong
 *   zygote    a new one on the same socket; when it has sealed itself the old one is told to end
 *             (its children finish the messages they have)
 *   listener  builds its new snapshot and swaps it; sessions keep theirs to the end of a message
 *   resolver  only if the name servers changed: its cache survives a reload
 * What only a restart can change (socket, user, …) is named in the log.
 *
 * Until the listener has said once that it serves, nothing is started again: its first end is the
 * end of the start. In the background the lines that resolver, judge and checks write to standard
 * error come through a pipe and are logged here; the listener logs by itself.
 *
 * A process that dies is started again at once, or LIMIT_RESTART_MS after its last start if it dies
 * young. A listener that does not answer pings for PONG_MS is frozen: it is killed and restarted.
 * systemd's watchdog is fed only while the listener answers.
 */
#include "milter/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/options.h"
#include "base/program.h"
#include "judge/plumbing.h"
#include "milter/control.h"
#include "milter/voice.h"

enum {
	PING_MS = 2000,
	PONG_MS = 15000,  /* a listener that is silent for so long is frozen */
	READY_MS = 60000, /* a zygote compiles and opens charsets in well under a second */
	DRAIN_MS = 30000, /* messages in hand at SIGTERM; systemd's own limit is 90 s */
	END_MS = 5000,
	EXIT_CONFIG = 78,
	EXIT_SOFTWARE = 70,
};

enum part {
	PART_RESOLVER,
	PART_ZYGOTE,
	PART_LISTENER,
	PART_COUNT,
};

static const char *const part_program[PART_COUNT] = {"keepname-resolver", "keepname-judge",
						     "keepname-listener"};

struct process {
	pid_t pid;          /* 0: not running */
	int64_t started;    /* ms */
	int64_t restart_at; /* ms; 0: nothing planned */
};

enum reload_step {
	RELOAD_IDLE,
	RELOAD_CHECK,
	RELOAD_ZYGOTE,
	RELOAD_LISTENER,
};

struct supervisor {
	const char *config_path;
	struct config *config;
	struct config *next; /* during a reload */
	bool foreground;
	int milter_fd, started_fd, signal_fd;
	int control[2], questions[2], messages[2]; /* [0] is the listener's end */
	struct process part[PART_COUNT];
	struct voice voice;
	int ready_fd; /* of the zygote that is starting; -1: none */
	enum reload_step step;
	bool reload_again;
	pid_t check_pid;
	struct process next_zygote;
	int64_t last_ping, last_pong; /* ms */
	int64_t drain_by;             /* ms; 0: serving */
	bool serving;                 /* the listener has said so once */
	int failed;                   /* the start has: the exit status */
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* -- starting ------------------------------------------------------------------------------- */

bool supervisor_trusts(const struct config *config, char *why, size_t size)
{
	for (int i = 0; i < PART_COUNT; i++)
		if (!program_trusted(config->libexec_dir, part_program[i], why, size))
			return false;
	return true;
}

static bool start_resolver(struct supervisor *s)
{
	char **argv = plumbing_resolver_argv(s->config);
	struct process *p = &s->part[PART_RESOLVER];

	if (argv == NULL)
		return false;
	p->started = now_ms();
	p->pid = voice_start(&s->voice, s->config->libexec_dir, part_program[PART_RESOLVER], argv,
			     &s->questions[1], 1);
	free(argv);
	return p->pid > 0;
}

/* Starts a zygote with the rules that `config` names; its readiness is awaited at s->ready_fd. */
static bool start_zygote(struct supervisor *s, const struct config *config, struct process *p)
{
	char **argv = plumbing_judge_argv(config);
	int ready[2] = {-1, -1};

	if (argv == NULL || pipe2(ready, O_CLOEXEC | O_NONBLOCK) != 0) {
		free(argv);
		return false;
	}
	const int fds[] = {s->messages[1], ready[1]};

	p->started = now_ms();
	p->pid =
	    voice_start(&s->voice, config->libexec_dir, part_program[PART_ZYGOTE], argv, fds, 2);
	free(argv);
	close(ready[1]);
	if (s->ready_fd >= 0)
		close(s->ready_fd);
	s->ready_fd = ready[0];
	return p->pid > 0;
}

static bool start_listener(struct supervisor *s)
{
	char name[] = "keepname-listener", c[] = "-c", f[] = "-f";
	char *path = strdup(s->config_path);
	char *argv[] = {name, c, path, s->foreground ? f : NULL, NULL};
	const int fds[] = {s->milter_fd, s->messages[0], s->questions[0], s->control[0]};
	struct process *p = &s->part[PART_LISTENER];

	if (path == NULL)
		return false;
	p->started = s->last_pong = now_ms();
	p->pid = program_start(s->config->libexec_dir, name, argv, fds, 4);
	free(path);
	return p->pid > 0;
}

static bool start_part(struct supervisor *s, enum part part)
{
	bool ok = false;

	s->part[part].restart_at = 0;
	switch (part) {
	case PART_RESOLVER: ok = start_resolver(s); break;
	case PART_ZYGOTE: ok = start_zygote(s, s->config, &s->part[part]); break;
	case PART_LISTENER: ok = start_listener(s); break;
	case PART_COUNT: break;
	}
	if (!ok) {
		log_say(LOG_LEVEL_ERROR, "cannot start %s: %s", part_program[part],
			strerror(errno));
		s->part[part].pid = 0;
		s->part[part].restart_at = now_ms() + LIMIT_RESTART_MS;
	}
	return ok;
}

/* brief: as before a reload, when the listener in service reads the senders itself. */
static pid_t start_check(const struct voice *voice, const struct config *config, bool brief)
{
	char name[] = "keepname-listener", n[] = "-n", r[] = "-r", c[] = "-c";
	char *argv[] = {name, n, c, config->path, brief ? r : NULL, NULL};

	return voice_start(voice, config->libexec_dir, name, argv, NULL, 0);
}

int supervisor_check(const struct config *config)
{
	const struct voice none = {.end = {-1, -1}};
	const pid_t pid = start_check(&none, config, false);
	int status = 0;

	if (pid < 0)
		return EXIT_SOFTWARE;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_SOFTWARE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SOFTWARE;
}

/* -- reload --------------------------------------------------------------------------------- */

static void reload_end(struct supervisor *s, const char *refused)
{
	if (refused != NULL)
		log_say(LOG_LEVEL_ERROR, "reload refused, the old state serves on: %s", refused);
	config_free(s->next);
	s->next = NULL;
	s->step = RELOAD_IDLE;
	sd_notify(0, "READY=1");
}

static void reload_begin(struct supervisor *s)
{
	if (s->step != RELOAD_IDLE) {
		s->reload_again = true;
		return;
	}
	s->reload_again = false;
	sd_notify(0, "RELOADING=1");
	s->check_pid = start_check(&s->voice, s->config, true);
	if (s->check_pid < 0) {
		s->check_pid = 0;
		reload_end(s, "cannot start the check");
		return;
	}
	s->step = RELOAD_CHECK;
}

/* Names the options that differ and that only a restart can change. */
static void warn_of_restart_options(const struct config *before, const struct config *after)
{
	for (size_t i = 0; i < option_count; i++) {
		char *a, *b;

		if (!option_table[i].restart)
			continue;
		a = config_value(before, i);
		b = config_value(after, i);
		if (a != NULL && b != NULL && strcmp(a, b) != 0)
			log_say(LOG_LEVEL_WARNING, "%s changed: this needs a restart",
				option_table[i].name);
		free(a);
		free(b);
	}
}

static bool same_nameservers(const struct config *a, const struct config *b)
{
	if (a->nameservers.count != b->nameservers.count)
		return false;
	for (size_t i = 0; i < a->nameservers.count; i++)
		if (strcmp(a->nameservers.item[i], b->nameservers.item[i]) != 0)
			return false;
	return true;
}

static void reload_checked(struct supervisor *s, bool good)
{
	struct diags diags = {0};
	char why[512];

	s->check_pid = 0;
	voice_hear(&s->voice);
	if (!good) {
		reload_end(s, "see the errors above");
		return;
	}
	s->next = config_load(s->config_path, &diags);
	diag_free(&diags);
	if (s->next != NULL && !supervisor_trusts(s->next, why, sizeof(why))) {
		reload_end(s, why);
		return;
	}
	if (s->next == NULL || !start_zygote(s, s->next, &s->next_zygote)) {
		reload_end(s, "cannot start a new judge");
		return;
	}
	s->step = RELOAD_ZYGOTE;
}

/* The new zygote serves: it takes over, and the configuration with it. */
static void reload_zygote_ready(struct supervisor *s)
{
	struct config *before = s->config;
	const bool new_servers = !same_nameservers(before, s->next);

	if (s->part[PART_ZYGOTE].pid > 0)
		kill(s->part[PART_ZYGOTE].pid, SIGTERM);
	s->part[PART_ZYGOTE] = s->next_zygote;
	s->next_zygote = (struct process){0};
	warn_of_restart_options(before, s->next);
	s->config = s->next;
	s->next = NULL;
	config_free(before);
	if (new_servers && s->part[PART_RESOLVER].pid > 0)
		kill(s->part[PART_RESOLVER].pid, SIGTERM);
	if (!control_send(s->control[1], CONTROL_RELOAD)) {
		reload_end(s, "the listener is gone");
		return;
	}
	s->step = RELOAD_LISTENER;
}

/* -- events --------------------------------------------------------------------------------- */

static void leave_stderr(void)
{
	const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null >= 0) {
		dup2(null, STDERR_FILENO);
		close(null);
	}
}

/* Says how the start ended to whoever waits for that; the first word counts. */
static void tell_start(struct supervisor *s, int status)
{
	const char octet = (char)status;

	if (s->started_fd < 0)
		return;
	if (write(s->started_fd, &octet, 1) != 1)
		log_say(LOG_LEVEL_DEBUG, "nobody awaits the start");
	close(s->started_fd);
	s->started_fd = -1;
}

static void hear_started(struct supervisor *s)
{
	s->last_pong = now_ms();
	if (s->serving)
		return;
	s->serving = true;
	log_say(LOG_LEVEL_INFO, "serving at %s", s->config->socket);
	log_echo(false);
	if (!s->foreground)
		leave_stderr();
	tell_start(s, 0);
	sd_notify(0, "READY=1\nSTATUS=serving");
}

static void hear_reloaded(struct supervisor *s, bool good)
{
	if (good)
		log_say(LOG_LEVEL_INFO, "reloaded");
	reload_end(s, good ? NULL : "see the errors above");
}

static void hear_listener(struct supervisor *s)
{
	enum control_word word;

	while (control_receive(s->control[1], &word) == 1) {
		switch (word) {
		case CONTROL_READY: hear_started(s); break;
		case CONTROL_PONG: s->last_pong = now_ms(); break;
		case CONTROL_RELOADED:
		case CONTROL_REFUSED:
			if (s->step == RELOAD_LISTENER) /* not left over from one that died */
				hear_reloaded(s, word == CONTROL_RELOADED);
			break;
		default: break;
		}
	}
}

static void hear_ready(struct supervisor *s)
{
	char octet;
	const ssize_t n = read(s->ready_fd, &octet, 1);

	if (n < 0 && errno == EAGAIN)
		return;
	close(s->ready_fd);
	s->ready_fd = -1;
	if (n == 1 && s->step == RELOAD_ZYGOTE)
		reload_zygote_ready(s);
}

static void plan_restart(struct process *p)
{
	const int64_t now = now_ms();
	const int64_t earliest = p->started + LIMIT_RESTART_MS;

	p->pid = 0;
	p->restart_at = earliest > now ? earliest : now;
}

static void say_end(const char *program, int status)
{
	if (WIFSIGNALED(status))
		log_say(LOG_LEVEL_ERROR, "%s died of signal %d, starting it again", program,
			WTERMSIG(status));
	else
		log_say(LOG_LEVEL_ERROR, "%s ended with status %d, starting it again", program,
			WEXITSTATUS(status));
}

/* The listener has ended before it ever served: so it would again. */
static void start_failed(struct supervisor *s, int status)
{
	s->failed =
	    WIFEXITED(status) && WEXITSTATUS(status) == EXIT_CONFIG ? EXIT_CONFIG : EXIT_SOFTWARE;
	if (WIFSIGNALED(status))
		log_say(LOG_LEVEL_ERROR, "the listener died of signal %d at its start",
			WTERMSIG(status));
}

static void reaped(struct supervisor *s, pid_t pid, int status)
{
	voice_hear(&s->voice);
	if (pid == s->check_pid) {
		reload_checked(s, WIFEXITED(status) && WEXITSTATUS(status) == 0);
		return;
	}
	if (pid == s->next_zygote.pid) {
		s->next_zygote = (struct process){0};
		reload_end(s, "the new judge did not start");
		return;
	}
	for (int i = 0; i < PART_COUNT; i++) {
		if (pid != s->part[i].pid)
			continue;
		if (i == PART_LISTENER && !s->serving && s->drain_by == 0) {
			s->part[i].pid = 0;
			start_failed(s, status);
			return;
		}
		if (s->drain_by == 0)
			say_end(part_program[i], status);
		plan_restart(&s->part[i]);
		if (i == PART_LISTENER && s->step == RELOAD_LISTENER)
			reload_end(s, NULL); /* the next one reads everything anew */
	}
}

static void hear_signals(struct supervisor *s)
{
	struct signalfd_siginfo info;

	while (read(s->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		int status;
		pid_t pid;

		switch (info.ssi_signo) {
		case SIGHUP: reload_begin(s); break;
		case SIGTERM:
		case SIGINT:
			if (s->drain_by == 0) {
				s->drain_by = now_ms() + DRAIN_MS;
				sd_notify(0, "STOPPING=1");
				control_send(s->control[1], CONTROL_DRAIN);
			}
			break;
		case SIGCHLD:
			while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
				reaped(s, pid, status);
			break;
		default: break;
		}
	}
}

static void tick(struct supervisor *s)
{
	const int64_t now = now_ms();
	struct process *listener = &s->part[PART_LISTENER];

	for (int i = 0; i < PART_COUNT; i++)
		if (s->part[i].pid == 0 && s->part[i].restart_at != 0 &&
		    s->part[i].restart_at <= now)
			start_part(s, (enum part)i);
	if (now - s->last_ping >= PING_MS) {
		s->last_ping = now;
		control_send(s->control[1], CONTROL_PING);
		if (now - s->last_pong < PONG_MS)
			sd_notify(0, "WATCHDOG=1");
	}
	if (listener->pid > 0 && now - s->last_pong >= PONG_MS) {
		log_say(LOG_LEVEL_ERROR, "the listener does not answer: ending it");
		kill(listener->pid, SIGKILL);
		s->last_pong = now;
	}
	if (s->step == RELOAD_ZYGOTE && now - s->next_zygote.started >= READY_MS)
		kill(s->next_zygote.pid, SIGKILL);
	if (s->reload_again && s->step == RELOAD_IDLE)
		reload_begin(s);
}

/* Milliseconds until tick() has something to do. */
static int until_tick(const struct supervisor *s)
{
	const int64_t now = now_ms();
	int64_t next = s->last_ping + PING_MS;

	for (int i = 0; i < PART_COUNT; i++)
		if (s->part[i].restart_at != 0 && s->part[i].restart_at < next)
			next = s->part[i].restart_at;
	return next <= now ? 0 : (int)(next - now);
}

static void serve(struct supervisor *s)
{
	while (s->drain_by == 0 && s->failed == 0) {
		struct pollfd fds[] = {
		    {.fd = s->signal_fd, .events = POLLIN},
		    {.fd = s->control[1], .events = POLLIN},
		    {.fd = s->ready_fd, .events = POLLIN},
		    {.fd = s->voice.end[0], .events = POLLIN},
		};

		if (poll(fds, 4, until_tick(s)) < 0 && errno != EINTR) {
			log_say(LOG_LEVEL_ERROR, "poll: %s", strerror(errno));
			return;
		}
		if (fds[0].revents != 0)
			hear_signals(s);
		if (fds[1].revents != 0)
			hear_listener(s);
		if (fds[2].revents != 0 && fds[2].fd == s->ready_fd)
			hear_ready(s);
		if (fds[3].revents != 0)
			voice_hear(&s->voice);
		tick(s);
	}
}

/* -- the end -------------------------------------------------------------------------------- */

/* Waits until a part has ended, at most until `by`; what still runs then is killed. */
static void await_end(struct supervisor *s, enum part part, int64_t by)
{
	struct process *p = &s->part[part];

	while (p->pid > 0) {
		struct pollfd fd = {.fd = s->signal_fd, .events = POLLIN};
		const int64_t now = now_ms();

		if (now >= by) {
			log_say(LOG_LEVEL_WARNING, "%s did not end in time: killed",
				part_program[part]);
			kill(p->pid, SIGKILL);
			by = now + END_MS;
		}
		if (poll(&fd, 1, (int)(by - now > 0 ? by - now : 1)) > 0)
			hear_signals(s);
	}
}

static void end_all(struct supervisor *s)
{
	await_end(s, PART_LISTENER, s->drain_by);
	for (int i = PART_RESOLVER; i <= PART_ZYGOTE; i++)
		if (s->part[i].pid > 0)
			kill(s->part[i].pid, SIGTERM);
	if (s->next_zygote.pid > 0)
		kill(s->next_zygote.pid, SIGKILL);
	for (int i = PART_RESOLVER; i <= PART_ZYGOTE; i++)
		await_end(s, (enum part)i, now_ms() + END_MS);
}

/* -- the beginning -------------------------------------------------------------------------- */

/* Waits for the first zygote: without rules that compile there is nothing to serve. 0, or the exit
 * status. */
static int await_first_zygote(struct supervisor *s)
{
	struct process *zygote = &s->part[PART_ZYGOTE];
	struct pollfd fd = {.fd = s->ready_fd, .events = POLLIN};
	char octet;
	const bool good = poll(&fd, 1, READY_MS) == 1 && read(s->ready_fd, &octet, 1) == 1;
	int status = 0;

	close(s->ready_fd);
	s->ready_fd = -1;
	if (good)
		return 0;
	kill(zygote->pid, SIGKILL);
	while (waitpid(zygote->pid, &status, 0) < 0 && errno == EINTR)
		;
	zygote->pid = 0;
	voice_hear(&s->voice);
	log_say(LOG_LEVEL_ERROR, "the judge did not start");
	return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_CONFIG ? EXIT_CONFIG
								       : EXIT_SOFTWARE;
}

static bool open_all(struct supervisor *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	s->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signal_fd >= 0 && (s->foreground || voice_open(&s->voice)) &&
	       program_pair(SOCK_SEQPACKET, s->control) == 0 &&
	       program_pair(SOCK_SEQPACKET, s->questions) == 0 &&
	       program_pair(SOCK_SEQPACKET, s->messages) == 0;
}

/* From the first process to the last signal; the exit status. */
static int start_and_serve(struct supervisor *s)
{
	int status;

	if (!start_part(s, PART_RESOLVER) || !start_part(s, PART_ZYGOTE))
		return EXIT_SOFTWARE;
	status = await_first_zygote(s);
	if (status != 0)
		return status;
	if (!start_part(s, PART_LISTENER))
		return EXIT_SOFTWARE;
	serve(s);
	return s->failed;
}

int supervisor_run(const struct supervisor_start *start)
{
	struct supervisor s = {
	    .config_path = start->config_path,
	    .config = start->config,
	    .foreground = start->foreground,
	    .milter_fd = start->milter_fd,
	    .started_fd = start->started_fd,
	    .voice = {.end = {-1, -1}},
	    .ready_fd = -1,
	};
	int status = EXIT_SOFTWARE;

	if (!open_all(&s)) {
		log_say(LOG_LEVEL_ERROR, "cannot start: %s", strerror(errno));
	} else {
		s.last_pong = now_ms();
		status = start_and_serve(&s);
		if (s.drain_by == 0)
			s.drain_by = now_ms();
		end_all(&s);
		voice_hear(&s.voice);
	}
	tell_start(&s, status != 0 ? status : EXIT_SOFTWARE); /* unless it has served */
	str_free(&s.voice.said);
	config_free(s.config);
	return status;
}
