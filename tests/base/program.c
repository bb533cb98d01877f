/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Starting programs: which folders and files are trusted, and what a started program has got,
 * whatever numbers its descriptors had before.
 */
#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/rules/table.h"

/* -- trust ---------------------------------------------------------------------------------- */

static char folder[64];

static char *in_folder(const char *name)
{
	static char path[160];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void make_file(const char *name, mode_t mode)
{
	int fd = open(in_folder(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(chmod(in_folder(name), mode), 0);
}

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/keepname-program-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	static const char *const names[] = {"good", "group", "other", "noexec", "link", "dir"};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (unlink(in_folder(names[i])) < 0)
			rmdir(in_folder(names[i]));
	return rmdir(folder);
}

static const struct {
	const char *name;
	const char *why; /* NULL: trusted */
} files[] = {
    {"good", NULL},
    {"group", "may be written by group or others (mode 0720)"},
    {"other", "may be written by group or others (mode 0702)"},
    {"noexec", "may not be run"},
    {"link", "is not a plain file"},
    {"dir", "is not a plain file"},
    {"missing", "No such file"},
    {"../good", "is not the name of a program"},
    {"", "is not the name of a program"},
};

static void files_are_trusted_or_not(void **state)
{
	(void)state;
	char why[256];
	make_file("good", 0700);
	make_file("group", 0720);
	make_file("other", 0702);
	make_file("noexec", 0600);
	assert_int_equal(symlink("good", in_folder("link")), 0);
	assert_int_equal(mkdir(in_folder("dir"), 0700), 0);
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		strcpy(why, "untouched");
		bool got = program_trusted(folder, files[i].name, why, sizeof(why));
		CHECK(got == !files[i].why, "%s: %s", files[i].name, why);
		CHECK(strstr(why, files[i].why ? files[i].why : "untouched"), "%s: %s",
		      files[i].name, why);
	}
}

static void folders_are_trusted_or_not(void **state)
{
	(void)state;
	char why[256];
	assert_int_equal(chmod(folder, 0770), 0);
	assert_false(program_trusted(folder, "good", why, sizeof(why)));
	assert_non_null(strstr(why, "may be written by group or others (mode 0770)"));
	assert_int_equal(chmod(folder, 0700), 0);
	assert_true(program_trusted(folder, "good", why, sizeof(why)));
	assert_false(program_trusted("relative", "good", why, sizeof(why)));
	assert_non_null(strstr(why, "is not an absolute path"));
	assert_false(program_trusted("/nowhere/at/all", "good", why, sizeof(why)));
	assert_non_null(strstr(why, "No such file"));
	assert_false(program_trusted(in_folder("good"), "good", why, sizeof(why)));
	assert_non_null(strstr(why, "is not a folder"));
}

static void another_owner_is_not_trusted(void **state)
{
	(void)state;
	char why[256];
	if (geteuid() != 0)
		SKIP_TEST("only root may give a file away");
	assert_int_equal(chown(in_folder("good"), 65534, 0), 0);
	assert_false(program_trusted(folder, "good", why, sizeof(why)));
	assert_non_null(strstr(why, "belongs to uid 65534"));
	assert_int_equal(chown(in_folder("good"), 0, 0), 0);
	assert_int_equal(chown(folder, 65534, 0), 0);
	assert_false(program_trusted(folder, "good", why, sizeof(why)));
	assert_non_null(strstr(why, "belongs to uid 65534"));
	assert_int_equal(chown(folder, 0, 0), 0);
}

/* -- starting ------------------------------------------------------------------------------- */

static const char *tests_base(void)
{
	static char dir[1024];
	const char *build = getenv("builddir");
	char here[512];
	if (!build)
		build = getcwd(here, sizeof(here));
	snprintf(dir, sizeof(dir), "%s/tests/base", build);
	return dir;
}

static int status_of(pid_t pid)
{
	int status = -1;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* Starts fdshow with these descriptors; its report is read from what it got as 3. */
static void report_of(const int *fds, size_t count, int read_from, struct str *ret_report)
{
	char name[] = "fdshow", option[] = "-x y";
	char *argv[] = {name, option, NULL};
	pid_t pid = program_start(tests_base(), "fdshow", argv, fds, count);
	assert_true(pid > 0);
	assert_int_equal(status_of(pid), 0);
	char text[16384];
	ssize_t n = read(read_from, text, sizeof(text));
	assert_true(n > 0);
	str_add(ret_report, text, (size_t)n);
}

static void expect(const struct str *report, const char *line)
{
	CHECK(strstr(str_text(report), line), "missing: %s in\n%s", line, str_text(report));
}

static size_t count_lines(const struct str *report, const char *start)
{
	size_t n = 0;
	for (const char *p = str_text(report); (p = strstr(p, start)); p++)
		n += p == report->p || p[-1] == '\n';
	return n;
}

/* The signals of a line such as "SigIgn:\t0000000180000000", without the two that glibc keeps to
 * itself and that a test driver may have left ignored. */
static unsigned long long signals_of(const struct str *report, const char *key)
{
	const unsigned long long private = 3ull << 31;
	const char *line = strstr(str_text(report), key);
	CHECK(line, "missing: %s in\n%s", key, str_text(report));
	return strtoull(line + strlen(key), NULL, 16) & ~private;
}

static void on_signal(int s)
{
	(void)s;
}

static void a_program_gets_its_descriptors_and_no_more(void **state)
{
	(void)state;
	int pipes[2], extra = open("/dev/zero", O_RDONLY); /* leaks unless closed */
	struct str report = {0};
	assert_int_equal(pipe(pipes), 0);
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	report_of((int[]){pipes[1], full}, 2, pipes[0], &report);
	expect(&report, "fd 0 /dev/null\n");
	expect(&report, "fd 1 /dev/null\n");
	expect(&report, "fd 2 ");
	expect(&report, "fd 3 pipe:");
	expect(&report, "fd 4 /dev/full\n");
	assert_int_equal(count_lines(&report, "fd "), 5);
	expect(&report, "arg fdshow\narg -x y\n");
	close(pipes[0]);
	close(pipes[1]);
	close(full);
	close(extra);
	str_free(&report);
}

/* The four descriptors sit on each other's places: 3..6 hold what is wanted as 6..3. */
static void descriptors_in_each_others_places_survive(void **state)
{
	(void)state;
	int pipes[2], keep[4], fds[4];
	static const char *const path[4] = {NULL, "/dev/zero", "/dev/full", "/dev/urandom"};
	struct str report = {0};
	for (int i = 0; i < 4; i++)
		keep[i] = fcntl(3 + i, F_DUPFD_CLOEXEC, 50);
	assert_int_equal(pipe(pipes), 0);
	int from = fcntl(pipes[0], F_DUPFD_CLOEXEC, 40);
	int into = fcntl(pipes[1], F_DUPFD_CLOEXEC, 40);
	close(pipes[0]);
	close(pipes[1]);
	for (int i = 0; i < 4; i++) {
		int fd = path[i] ? open(path[i], O_RDWR | O_CLOEXEC) : fcntl(into, F_DUPFD, 40);
		fds[i] = 6 - i;
		assert_true(fd >= 0);
		int high = fcntl(fd, F_DUPFD, 60);
		close(fd);
		assert_int_equal(dup2(high, fds[i]), fds[i]);
		close(high);
	}
	report_of(fds, 4, from, &report);
	expect(&report, "fd 3 pipe:");
	expect(&report, "fd 4 /dev/zero\n");
	expect(&report, "fd 5 /dev/full\n");
	expect(&report, "fd 6 /dev/urandom\n");
	assert_int_equal(count_lines(&report, "fd "), 7);
	for (int i = 0; i < 4; i++) {
		close(3 + i);
		if (keep[i] >= 0) {
			dup2(keep[i], 3 + i);
			close(keep[i]);
		}
	}
	close(from);
	close(into);
	str_free(&report);
}

/* A daemon may have been started with 0 and 1 closed: then a socket can have these numbers. */
static void descriptors_below_three_survive(void **state)
{
	(void)state;
	int pipes[2], in = dup(0), out = dup(1);
	struct str report = {0};
	assert_int_equal(pipe(pipes), 0);
	dup2(pipes[1], 0);
	int zero = open("/dev/zero", O_RDONLY);
	dup2(zero, 1);
	close(zero);
	report_of((int[]){0, 1}, 2, pipes[0], &report);
	dup2(in, 0);
	dup2(out, 1);
	expect(&report, "fd 0 /dev/null\n");
	expect(&report, "fd 1 /dev/null\n");
	expect(&report, "fd 3 pipe:");
	expect(&report, "fd 4 /dev/zero\n");
	assert_int_equal(count_lines(&report, "fd "), 5);
	close(in);
	close(out);
	close(pipes[0]);
	close(pipes[1]);
	str_free(&report);
}

static void signals_and_environment_are_plain(void **state)
{
	(void)state;
	int pipes[2];
	struct str report = {0};
	sigset_t blocked, before, now;
	struct sigaction handled = {.sa_handler = on_signal}, ignored = {.sa_handler = SIG_IGN};
	assert_int_equal(pipe(pipes), 0);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGHUP);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	sigaction(SIGPIPE, &ignored, NULL);
	sigaction(SIGUSR1, &handled, NULL);
	setenv("LD_PRELOAD", "", 1);
	setenv("KEEPNAME_SECRET", "x", 1);
	setenv("TZ", "Europe/Berlin", 1);
	report_of((int[]){pipes[1]}, 1, pipes[0], &report);
	sigprocmask(SIG_SETMASK, &before, &now);
	assert_true(sigismember(&now, SIGHUP) && sigismember(&now, SIGTERM));
	assert_false(sigismember(&now, SIGINT));
	signal(SIGPIPE, SIG_DFL);
	signal(SIGUSR1, SIG_DFL);
	assert_true(signals_of(&report, "SigBlk:") == 0);
	assert_true(signals_of(&report, "SigIgn:") == 0);
	expect(&report, "env TZ=Europe/Berlin\n");
	expect(&report, "env PATH=");
	assert_int_equal(count_lines(&report, "env KEEPNAME"), 0);
	assert_int_equal(count_lines(&report, "env LD_"), 0);
	close(pipes[0]);
	close(pipes[1]);
	str_free(&report);
}

static void an_exec_that_fails_shows_as_127(void **state)
{
	(void)state;
	char name[] = "missing";
	char *argv[] = {name, NULL};
	assert_int_equal(status_of(program_start(tests_base(), name, argv, NULL, 0)), 127);
	/* A descriptor that is not open. */
	char show[] = "fdshow";
	char *argv2[] = {show, NULL};
	assert_int_equal(status_of(program_start(tests_base(), show, argv2, (int[]){999}, 1)), 127);
}

static void nonsense_is_refused_before_the_fork(void **state)
{
	(void)state;
	char name[] = "fdshow";
	char *argv[] = {name, NULL};
	int fds[PROGRAM_FD_MOST + 1] = {0};
	errno = 0;
	assert_int_equal(program_start("relative", name, argv, NULL, 0), -1);
	assert_int_equal(errno, EINVAL);
	errno = 0;
	assert_int_equal(program_start(tests_base(), name, argv, fds, PROGRAM_FD_MOST + 1), -1);
	assert_int_equal(errno, EINVAL);
}

static void pairs_are_close_on_exec(void **state)
{
	(void)state;
	static const int types[] = {SOCK_SEQPACKET, SOCK_STREAM};
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		int pair[2] = {-1, -1}, got = 0;
		socklen_t n = sizeof(got);
		assert_int_equal(program_pair(types[i], pair), 0);
		assert_true(fcntl(pair[0], F_GETFD) & FD_CLOEXEC);
		assert_true(fcntl(pair[1], F_GETFD) & FD_CLOEXEC);
		getsockopt(pair[0], SOL_SOCKET, SO_TYPE, &got, &n);
		assert_int_equal(got, types[i]);
		close(pair[0]);
		close(pair[1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(files_are_trusted_or_not),
	    cmocka_unit_test(folders_are_trusted_or_not),
	    cmocka_unit_test(another_owner_is_not_trusted),
	    cmocka_unit_test(a_program_gets_its_descriptors_and_no_more),
	    cmocka_unit_test(descriptors_in_each_others_places_survive),
	    cmocka_unit_test(descriptors_below_three_survive),
	    cmocka_unit_test(signals_and_environment_are_plain),
	    cmocka_unit_test(an_exec_that_fails_shows_as_127),
	    cmocka_unit_test(nonsense_is_refused_before_the_fork),
	    cmocka_unit_test(pairs_are_close_on_exec),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
