/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * supervisor_main.c - keepname-milter(8): the command line, the pid file, privileges, the
 * background. Everything after that is supervisor.c.
 *
 * Exit status: 0 done, 78 (EX_CONFIG) bad configuration, list or database, 70 anything else.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config.h"
#include "base/log.h"
#include "base/program.h"
#include "config.h"
#include "milter/socket.h"
#include "milter/supervisor.h"

enum {
	EXIT_USAGE = 64,
	EXIT_SOFTWARE = 70,
	EXIT_CONFIG = 78,
};

static const char usage[] =
    "Usage: keepname-milter [-fn] [-c FILE]\n"
    "Milter that proves registrars' deadline mail genuine, rescues and records it.\n"
    "\n"
    "  -c, --config FILE   configuration [" CONFIG_PATH "]\n"
    "  -f, --foreground    stay in the foreground, log to standard error\n"
    "  -n, --check         check configuration, lists and database, then exit\n"
    "  -V, --version       print the version\n"
    "  -h, --help          print this\n"
    "\n"
    "Signals: HUP reloads configuration and lists, TERM finishes the messages in hand and ends.\n"
    "See keepname-milter(8), keepname.conf(5).\n";

struct arguments {
	const char *config_path;
	bool foreground;
	bool check;
};

/* -1 to go on, else the exit status. */
static int read_arguments(int argc, char **argv, struct arguments *ret_arguments)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'}, {"foreground", no_argument, NULL, 'f'},
	    {"check", no_argument, NULL, 'n'},        {"version", no_argument, NULL, 'V'},
	    {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "c:fnVh", options, NULL)) != -1) {
		switch (c) {
		case 'c': ret_arguments->config_path = optarg; break;
		case 'f': ret_arguments->foreground = true; break;
		case 'n': ret_arguments->check = true; break;
		case 'V': printf("keepname-milter %s\n", PACKAGE_VERSION); return 0;
		case 'h': fputs(usage, stdout); return 0;
		default: fputs(usage, stderr); return EXIT_USAGE;
		}
	}
	if (optind != argc) {
		fprintf(stderr, "keepname-milter: unexpected argument \"%s\"\n", argv[optind]);
		return EXIT_USAGE;
	}
	return -1;
}

/* The file is opened while we may, and written when the process is the one that stays. Its folder
 * may be another user's: a link of either kind, or a pipe that nobody reads, is not written to. */
static int open_pid_file(const char *path)
{
	struct stat st;
	int fd;

	if (path[0] == '\0')
		return -1;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
	if (fd < 0) {
		log_say(LOG_LEVEL_WARNING, "pid_file %s: %s", path, strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1)
		return fd;
	log_say(LOG_LEVEL_WARNING, "pid_file %s: is no plain file of its own: not written", path);
	close(fd);
	return -1;
}

static void write_pid_file(int fd)
{
	if (fd >= 0 && (ftruncate(fd, 0) != 0 || dprintf(fd, "%ld\n", (long)getpid()) < 0))
		log_say(LOG_LEVEL_WARNING, "pid_file: %s", strerror(errno));
}

/* Emptied where its folder does not let us remove it. */
static void remove_pid_file(int fd, const char *path)
{
	if (fd >= 0 && unlink(path) != 0 && ftruncate(fd, 0) != 0)
		log_say(LOG_LEVEL_DEBUG, "pid_file %s: %s", path, strerror(errno));
}

/* What no program started from here can be given again, were it set-user-id or have capabilities of
 * its own: no_new_privs says so too. Where that may not be done, nothing is lost. */
static void empty_bounding_set(void)
{
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
}

/* Gives up root for config->user; false with a message on failure. Without a user the process
 * stays what it is. */
static bool drop_privileges(const struct config *config)
{
	const struct passwd *user;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
	if (config->user[0] == '\0') {
		if (geteuid() == 0)
			log_say(LOG_LEVEL_WARNING, "running as root: set \"user\" in %s",
				config->path);
		return true;
	}
	errno = 0;
	user = getpwnam(config->user);
	if (user == NULL) {
		log_say(LOG_LEVEL_ERROR, "%s: user \"%s\": there is no such user", config->path,
			config->user);
		return false;
	}
	if (geteuid() == user->pw_uid)
		return true;
	empty_bounding_set();
	if (initgroups(config->user, user->pw_gid) != 0 ||
	    setresgid(user->pw_gid, user->pw_gid, user->pw_gid) != 0 ||
	    setresuid(user->pw_uid, user->pw_uid, user->pw_uid) != 0) {
		log_say(LOG_LEVEL_ERROR, "cannot become user \"%s\": %s", config->user,
			strerror(errno));
		return false;
	}
	return true;
}

/* Into the background: the first process waits until the daemon serves or has failed, and exits
 * with its word; what the daemon logs meanwhile also goes to the standard error that both have.
 * Returns in the daemon with the descriptor that tells it, or -1 on failure. */
static int go_to_background(void)
{
	int told[2];
	pid_t pid;

	if (pipe2(told, O_CLOEXEC) != 0)
		return -1;
	pid = fork();
	if (pid < 0)
		return -1;
	if (pid > 0) {
		unsigned char status;

		close(told[1]);
		_exit(read(told[0], &status, 1) == 1 ? status : EXIT_SOFTWARE);
	}
	close(told[0]);
	setsid();
	return told[1];
}

/* Standard input and output to /dev/null; standard error follows when the daemon serves. */
static void leave_terminal(void)
{
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; fd <= 1 && null >= 0; fd++)
		dup2(null, fd);
	if (null > 2)
		close(null);
	if (chdir("/") != 0)
		log_say(LOG_LEVEL_WARNING, "chdir /: %s", strerror(errno));
}

/* What is left to do once the socket is there. */
static int serve_at(struct supervisor_start *start, struct config *config, int pid_fd)
{
	if (!drop_privileges(config)) {
		config_free(config);
		return EXIT_CONFIG;
	}
	if (!start->foreground) {
		start->started_fd = go_to_background();
		if (start->started_fd < 0) {
			log_say(LOG_LEVEL_ERROR, "cannot go to the background: %s",
				strerror(errno));
			config_free(config);
			return EXIT_SOFTWARE;
		}
		log_open("keepname-milter", (enum log_level)config->log_level, false);
		log_echo(true);
		leave_terminal();
	}
	write_pid_file(pid_fd);
	start->config = config;
	return supervisor_run(start);
}

static int serve(struct config *config, bool foreground)
{
	/* Copies: a reload replaces config. */
	char *config_path = strdup(config->path), *pid_file = strdup(config->pid_file);
	char *socket_text = strdup(config->socket);
	struct supervisor_start start = {
	    .config_path = config_path, .foreground = foreground, .started_fd = -1};
	char why[512];
	int status = EXIT_CONFIG, pid_fd;

	if (config_path == NULL || pid_file == NULL || socket_text == NULL) {
		log_say(LOG_LEVEL_ERROR, "memory is short");
		config_free(config);
		status = EXIT_SOFTWARE;
	} else if ((start.milter_fd = socket_open(config, why, sizeof(why))) < 0) {
		log_say(LOG_LEVEL_ERROR, "%s", why);
		config_free(config);
	} else {
		pid_fd = open_pid_file(pid_file);
		status = serve_at(&start, config, pid_fd);
		socket_remove(socket_text);
		remove_pid_file(pid_fd, pid_file);
	}
	free(socket_text);
	free(pid_file);
	free(config_path);
	return status;
}

/* config->path as an absolute one: the daemon leaves this folder, and reloads later. */
static bool make_path_absolute(struct config *config)
{
	char *whole = realpath(config->path, NULL);

	if (whole == NULL)
		return false;
	free(config->path);
	config->path = whole;
	return true;
}

int main(int argc, char **argv)
{
	struct arguments arguments = {.config_path = CONFIG_PATH};
	struct diags diags = {0};
	struct config *config;
	char why[512];
	int status = read_arguments(argc, argv, &arguments);

	if (status >= 0)
		return status;
	log_open("keepname-milter", LOG_LEVEL_INFO, true);
	config = config_load(arguments.config_path, &diags);
	diag_print(&diags, stderr);
	diag_free(&diags);
	if (config == NULL || !make_path_absolute(config)) {
		config_free(config);
		return EXIT_CONFIG;
	}
	log_set_level((enum log_level)config->log_level);
	if (!supervisor_trusts(config, why, sizeof(why))) {
		fprintf(stderr, "%s: libexec_dir: %s\n", config->path, why);
		config_free(config);
		return EXIT_CONFIG;
	}
	status = supervisor_check(config);
	if (status != 0 || arguments.check) {
		config_free(config);
		return status;
	}
	return serve(config, arguments.foreground);
}
