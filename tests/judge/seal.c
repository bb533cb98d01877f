/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a sealed process can still do, and what not: each attempt is made in a process of its own,
 * which has sealed itself by the judge's own functions. Also right under AddressSanitizer, whose
 * address space the memory limit counts as already there.
 */
#include <config.h> /* autoconf's: GNU interfaces */

#include "judge/seal.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "tests/judge/attempts.h"
#include "tests/rules/table.h"

/* -- the runs -------------------------------------------------------------------------------- */

static enum outcome outcome_of(int status)
{
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS ? DEADLY : ODD_END;
	return WEXITSTATUS(status) < OUTCOME_COUNT ? (enum outcome)WEXITSTATUS(status) : ODD_END;
}

static enum outcome waited(pid_t pid)
{
	int status;
	return pid > 0 && waitpid(pid, &status, 0) == pid ? outcome_of(status) : ODD_END;
}

static enum outcome in_zygote(const struct attempt *a)
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(seal_zygote() ? attempt_try(a) : NOT_SEALED);
	return waited(pid);
}

static enum outcome in_child(const struct attempt *a)
{
	pid_t pid = fork();
	if (pid == 0) {
		if (!seal_zygote())
			_exit(NOT_SEALED);
		pid = fork();
		if (pid == 0) /* as zygote.c does it */
			_exit(close_range(1, ~0U, 0) == 0 && seal_child() ? attempt_try(a)
									  : NOT_SEALED);
		_exit(waited(pid));
	}
	return waited(pid);
}

static enum outcome unsealed(const struct attempt *a)
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(attempt_try(a));
	return waited(pid);
}

static void check_all(enum outcome (*tried)(const struct attempt *), bool child)
{
	for (size_t i = 0; i < attempt_count; i++) {
		const struct attempt *a = &attempts[i];
		enum outcome want = child ? a->child : a->zygote;
		if (want == NOT_TRIED)
			continue;
		enum outcome got = tried(a);
		CHECK(got == want, "%s %s, should be: %s", a->name, outcome_name(got),
		      outcome_name(want));
	}
}

static void in_the_zygote(void **state)
{
	(void)state;
	check_all(in_zygote, false);
}

static void in_the_child(void **state)
{
	(void)state;
	check_all(in_child, true);
}

/* A program that was started in its place ends well, too. */
static void without_a_seal(void **state)
{
	(void)state;
	for (size_t i = 0; i < attempt_count; i++)
		if (attempts[i].plain)
			CHECK(unsealed(&attempts[i]) == WORKS, "%s", attempts[i].name);
}

static void spin(void)
{
	for (volatile unsigned n = 0;; n++)
		;
}

static void cpu_time_ends(void **state)
{
	(void)state;
	pid_t pid = fork();
	if (pid == 0) {
		if (seal_zygote() && seal_child())
			spin();
		_exit(NOT_SEALED);
	}
	int status;
	struct rusage used;
	assert_int_equal(wait4(pid, &status, 0, &used), pid);
	assert_true(WIFSIGNALED(status));
	assert_true(WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGXCPU);
	long seconds = used.ru_utime.tv_sec + used.ru_stime.tv_sec +
		       (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000000;
	assert_in_range(seconds, LIMIT_JUDGE_CPU - 1, LIMIT_JUDGE_CPU + 1);
}

static void capabilities_are_gone(void **state)
{
	(void)state;
	int pair[2];
	assert_int_equal(pipe(pair), 0);
	pid_t pid = fork();
	if (pid == 0) {
		/* Opened before, so that it can be read after. */
		int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
		static char text[8192];
		bool ok = seal_zygote();
		ssize_t n = ok ? read(fd, text, sizeof text) : 0;
		_exit(n > 0 && write(pair[1], text, (size_t)n) == n ? 0 : 1);
	}
	close(pair[1]);
	static char status[8192];
	size_t n = 0;
	for (ssize_t got; (got = read(pair[0], status + n, sizeof status - 1 - n)) > 0;)
		n += (size_t)got;
	close(pair[0]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_non_null(strstr(status, "CapEff:\t0000000000000000"));
	assert_non_null(strstr(status, "CapPrm:\t0000000000000000"));
	assert_non_null(strstr(status, "NoNewPrivs:\t1"));
	assert_non_null(strstr(status, "Seccomp:\t2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(without_a_seal),        cmocka_unit_test(in_the_zygote),
	    cmocka_unit_test(in_the_child),          cmocka_unit_test(cpu_time_ends),
	    cmocka_unit_test(capabilities_are_gone),
	};
	return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
