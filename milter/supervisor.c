/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * supervisor.c - see supervisor.h. One poll loop: signals, the words of the other processes, and
 * the time.
 *
 * Reload (SIGHUP), in steps, each of which leaves the old state serving if it fails:
 *   check     keepname-listener -nr reads all but the lists anew and says what is wrong
 *   zygote    a new one on the same socket; when it has sealed itself the old one is told to end
 *             (its children finish the messages they have)
 *   listener  builds its new snapshot and swaps it; sessions keep theirs to the end of a message
 *   resolver  only if the name servers changed: its cache survives a reload
 * What only a restart can change (socket, user, …) is named in the log.
 *
 * Until the listener has said once that it serves, the end of listener or zygote is the end of the
 * start, and a reload waits. At the end none is begun. In the background the lines that resolver,
 * judge and checks write to standard error come through a pipe and are logged here; the listener
 * logs by itself.
 *
 * A process that dies is started again at once, or LIMIT_RESTART_MS after its last start if it dies
 * young. One that does not answer pings is frozen: it is killed and restarted (part.h). systemd's
 * watchdog is fed only while the listener answers.
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
#include <unistd.h>

#include "base/control.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/options.h"
#include "base/program.h"
#include "judge/plumbing.h"
#include "milter/part.h"

enum {
	DRAIN_MS = 30000, /* messages in hand at SIGTERM; systemd's own limit is 90 s */
	END_MS = 5000,
	EXIT_CONFIG = 78,
	EXIT_SOFTWARE = 70,
};

enum {
	PART_RESOLVER,
	PART_ZYGOTE,
	PART_LISTENER,
	PART_COUNT,
};

static const struct part part_table[PART_COUNT] = {
    /* Resolver and zygote start in well under a second; a listener may have a long list to read and
     * a large database to bring up to date. */
    [PART_RESOLVER] = {.program = "keepname-resolver", .patient_pings = 30, .control = -1},
    [PART_ZYGOTE] = {.program = "keepname-judge", .patient_pings = 30, .control = -1},
    [PART_LISTENER] = {.program = "keepname-listener", .patient_pings = 150, .control = -1},
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
	int questions[2], messages[2]; /* [0] is the listener's end */
	struct part part[PART_COUNT];
	struct voice voice;
	enum reload_step step;
	bool reload_again;
	pid_t check_pid;
	struct part next_zygote;
	int64_t last_ping; /* ms */
	int64_t drain_by;  /* ms; 0: serving */
	bool serving;      /* the listener has said so once */
	int failed;        /* the start has: the exit status */
};

/* -- starting ------------------------------------------------------------------------------- */

bool supervisor_trusts(const struct config *config, char *why, size_t size)
{
	for (int i = 0; i < PART_COUNT; i++)
		if (!program_trusted(config->libexec_dir, part_table[i].program, why, size))
			return false;
	return true;
}

static bool start_resolver(struct supervisor *s)
{
	char **argv = plumbing_resolver_argv(s->config);
	const bool ok = argv != NULL && part_start(&s->part[PART_RESOLVER], s->config->libexec_dir,
						   argv, &s->voice, &s->questions[1], 1);

	free(argv);
	return ok;
}

/* Starts a zygote with the rules that `config` names. */
static bool start_zygote(struct supervisor *s, const struct config *config, struct part *p)
{
	char **argv = plumbing_judge_argv(config);
	const bool ok =
	    argv != NULL && part_start(p, config->libexec_dir, argv, &s->voice, &s->messages[1], 1);

	free(argv);
	return ok;
}

/* Its standard error is ours: it logs by itself. */
static bool start_listener(struct supervisor *s)
{
	static const struct voice none = {.end = {-1, -1}};
	char name[] = "keepname-listener", c[] = "-c", f[] = "-f";
	char *path = strdup(s->config_path);
	char *argv[] = {name, c, path, s->foreground ? f : NULL, NULL};
	const int fds[] = {s->milter_fd, s->messages[0], s->questions[0]};
	const bool ok = path != NULL && part_start(&s->part[PART_LISTENER], s->config->libexec_dir,
						   argv, &none, fds, 3);

	free(path);
	return ok;
}

static bool start_part(struct supervisor *s, int i)
{
	struct part *p = &s->part[i];
	bool ok = false;

	switch (i) {
	case PART_RESOLVER: ok = start_resolver(s); break;
	case PART_ZYGOTE: ok = start_zygote(s, s->config, p); break;
	case PART_LISTENER: ok = start_listener(s); break;
	default: break;
	}
	if (!ok) {
		log_say(LOG_LEVEL_ERROR, "cannot start %s: %s", p->program, strerror(errno));
		p->restart_at = part_now_ms() + LIMIT_RESTART_MS;
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
	config_free(s->next);
	s->next = NULL;
	s->step = RELOAD_IDLE;
	if (s->drain_by != 0)
		return;
	if (refused != NULL)
		log_say(LOG_LEVEL_ERROR, "reload refused, the old state serves on: %s", refused);
	sd_notify(0, "READY=1");
}

static void reload_begin(struct supervisor *s)
{
	if (s->step != RELOAD_IDLE || !s->serving) {
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
	if (s->drain_by != 0)
		return;
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

/* The new zygote serves: it takes over, and the configuration with it. A listener that is not there
 * now reads everything anew when it comes. */
static void reload_zygote_ready(struct supervisor *s)
{
	struct config *before = s->config;
	const bool new_servers = !same_nameservers(before, s->next);

	if (s->part[PART_ZYGOTE].pid > 0)
		kill(s->part[PART_ZYGOTE].pid, SIGTERM);
	part_forget(&s->part[PART_ZYGOTE]);
	s->part[PART_ZYGOTE] = s->next_zygote;
	s->next_zygote = part_table[PART_ZYGOTE];
	warn_of_restart_options(before, s->next);
	s->config = s->next;
	s->next = NULL;
	config_free(before);
	if (new_servers && s->part[PART_RESOLVER].pid > 0)
		kill(s->part[PART_RESOLVER].pid, SIGTERM);
	if (control_send(s->part[PART_LISTENER].control, CONTROL_RELOAD))
		s->step = RELOAD_LISTENER;
	else
		reload_end(s, NULL);
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

/* It is ready, for the first time or another. */
static void hear_ready(struct supervisor *s, struct part *p)
{
	if (p == &s->part[PART_LISTENER])
		hear_started(s);
	else if (p == &s->next_zygote)
		reload_zygote_ready(s);
	else if (p == &s->part[PART_ZYGOTE] && !s->serving && !start_part(s, PART_LISTENER))
		s->failed = EXIT_SOFTWARE;
}

static void hear_part(struct supervisor *s, struct part *p)
{
	enum control_word word;
	int got = 0;

	while (p->control >= 0 && (got = control_receive(p->control, &word)) == 1) {
		part_heard(p, word);
		switch (word) {
		case CONTROL_READY: hear_ready(s, p); break;
		case CONTROL_RELOADED:
		case CONTROL_REFUSED:
			if (s->step == RELOAD_LISTENER)
				hear_reloaded(s, word == CONTROL_RELOADED);
			break;
		default: break;
		}
	}
	if (got < 0) { /* it has ended or is about to: SIGCHLD says how, or unanswered pings */
		close(p->control);
		p->control = -1;
	}
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

/* Before the listener has ever served, it or the zygote has ended: so it would again. */
static void start_failed(struct supervisor *s, int i, int status)
{
	const char *name = i == PART_ZYGOTE ? "judge" : "listener";

	s->failed =
	    WIFEXITED(status) && WEXITSTATUS(status) == EXIT_CONFIG ? EXIT_CONFIG : EXIT_SOFTWARE;
	if (WIFSIGNALED(status))
		log_say(LOG_LEVEL_ERROR, "the %s died of signal %d at its start", name,
			WTERMSIG(status));
	else if (i == PART_ZYGOTE)
		log_say(LOG_LEVEL_ERROR, "the judge did not start");
}

static void reaped(struct supervisor *s, pid_t pid, int status)
{
	voice_hear(&s->voice);
	if (pid == s->check_pid) {
		reload_checked(s, WIFEXITED(status) && WEXITSTATUS(status) == 0);
		return;
	}
	if (pid == s->next_zygote.pid) {
		part_forget(&s->next_zygote);
		reload_end(s, "the new judge did not start");
		return;
	}
	for (int i = 0; i < PART_COUNT; i++) {
		struct part *p = &s->part[i];

		if (pid != p->pid)
			continue;
		if (s->drain_by != 0) {
			part_forget(p);
		} else if (i != PART_RESOLVER && !s->serving) {
			part_forget(p);
			start_failed(s, i, status);
		} else {
			say_end(p->program, status);
			part_plan_restart(p);
		}
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
		case SIGHUP:
			if (s->drain_by == 0)
				reload_begin(s);
			break;
		case SIGTERM:
		case SIGINT:
			if (s->drain_by == 0) {
				s->drain_by = part_now_ms() + DRAIN_MS;
				sd_notify(0, "STOPPING=1");
				control_send(s->part[PART_LISTENER].control, CONTROL_DRAIN);
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

/* Whether it must end for not answering; it is told so once. */
static bool end_frozen(struct part *p, const char *name)
{
	if (!part_is_frozen(p))
		return false;
	log_say(LOG_LEVEL_ERROR, "the %s does not answer: ending it", name);
	kill(p->pid, SIGKILL);
	p->unanswered = 0;
	return true;
}

static void ping_all(struct supervisor *s)
{
	struct part *listener = &s->part[PART_LISTENER];

	for (int i = 0; i < PART_COUNT; i++)
		part_ping(&s->part[i]);
	part_ping(&s->next_zygote);
	end_frozen(&s->part[PART_RESOLVER], "resolver");
	end_frozen(&s->part[PART_ZYGOTE], "judge");
	end_frozen(&s->next_zygote, "new judge");
	if (!end_frozen(listener, "listener") && listener->pid > 0)
		sd_notify(0, "WATCHDOG=1");
}

static void tick(struct supervisor *s)
{
	const int64_t now = part_now_ms();

	for (int i = 0; i < PART_COUNT; i++)
		if (s->part[i].pid == 0 && s->part[i].restart_at != 0 &&
		    s->part[i].restart_at <= now)
			start_part(s, i);
	if (now - s->last_ping >= PART_PING_MS) {
		s->last_ping = now;
		ping_all(s);
	}
	if (s->reload_again && s->step == RELOAD_IDLE && s->serving)
		reload_begin(s);
}

/* Milliseconds until tick() has something to do. */
static int until_tick(const struct supervisor *s)
{
	const int64_t now = part_now_ms();
	int64_t next = s->last_ping + PART_PING_MS;

	for (int i = 0; i < PART_COUNT; i++)
		if (s->part[i].restart_at != 0 && s->part[i].restart_at < next)
			next = s->part[i].restart_at;
	return next <= now ? 0 : (int)(next - now);
}

static void serve(struct supervisor *s)
{
	while (s->drain_by == 0 && s->failed == 0) {
		struct part *speaker[] = {&s->part[PART_RESOLVER], &s->part[PART_ZYGOTE],
					  &s->part[PART_LISTENER], &s->next_zygote};
		struct pollfd fds[] = {
		    {.fd = s->signal_fd, .events = POLLIN},
		    {.fd = s->voice.end[0], .events = POLLIN},
		    {.fd = speaker[0]->control, .events = POLLIN},
		    {.fd = speaker[1]->control, .events = POLLIN},
		    {.fd = speaker[2]->control, .events = POLLIN},
		    {.fd = speaker[3]->control, .events = POLLIN},
		};

		if (poll(fds, 6, until_tick(s)) < 0 && errno != EINTR) {
			log_say(LOG_LEVEL_ERROR, "poll: %s", strerror(errno));
			return;
		}
		hear_signals(s);
		voice_hear(&s->voice);
		for (int i = 0; i < 4; i++)
			hear_part(s, speaker[i]);
		if (s->drain_by == 0 && s->failed == 0)
			tick(s);
	}
}

/* -- the end -------------------------------------------------------------------------------- */

/* Waits until a part has ended, at most until `by`; what still runs then is killed. */
static void await_end(struct supervisor *s, struct part *p, int64_t by)
{
	while (p->pid > 0) {
		struct pollfd fd = {.fd = s->signal_fd, .events = POLLIN};
		const int64_t now = part_now_ms();

		if (now >= by) {
			log_say(LOG_LEVEL_WARNING, "%s did not end in time: killed", p->program);
			kill(p->pid, SIGKILL);
			by = now + END_MS;
		}
		if (poll(&fd, 1, (int)(by - now > 0 ? by - now : 1)) > 0)
			hear_signals(s);
	}
}

static void end_all(struct supervisor *s)
{
	if (s->check_pid > 0)
		kill(s->check_pid, SIGKILL);
	if (s->next_zygote.pid > 0)
		kill(s->next_zygote.pid, SIGKILL);
	await_end(s, &s->part[PART_LISTENER], s->drain_by);
	for (int i = PART_RESOLVER; i <= PART_ZYGOTE; i++)
		if (s->part[i].pid > 0)
			kill(s->part[i].pid, SIGTERM);
	for (int i = PART_RESOLVER; i <= PART_ZYGOTE; i++)
		await_end(s, &s->part[i], part_now_ms() + END_MS);
}

/* -- the beginning -------------------------------------------------------------------------- */

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
	       program_pair(SOCK_SEQPACKET, s->questions) == 0 &&
	       program_pair(SOCK_SEQPACKET, s->messages) == 0;
}

/* From the first process to the last signal; the exit status. Without rules that compile there is
 * nothing to serve: the listener is started when the zygote is ready. */
static int start_and_serve(struct supervisor *s)
{
	if (!start_part(s, PART_RESOLVER) || !start_part(s, PART_ZYGOTE))
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
	    .next_zygote = part_table[PART_ZYGOTE],
	};
	int status = EXIT_SOFTWARE;

	memcpy(s.part, part_table, sizeof(s.part));
	if (!open_all(&s)) {
		log_say(LOG_LEVEL_ERROR, "cannot start: %s", strerror(errno));
	} else {
		status = start_and_serve(&s);
		if (s.drain_by == 0)
			s.drain_by = part_now_ms();
		end_all(&s);
		voice_hear(&s.voice);
	}
	tell_start(&s, status != 0 ? status : EXIT_SOFTWARE); /* unless it has served */
	str_free(&s.voice.said);
	config_free(s.config);
	return status;
}
