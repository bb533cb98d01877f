/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a sealed process can still do, and what not: each attempt is made in a process of its own,
 * which has sealed itself by the judge's own functions. Also right under AddressSanitizer, whose
 * address space the memory limit counts as already there.
 */
#include <config.h> /* autoconf's: GNU interfaces */

#include "judge/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "tests/rules/table.h"

enum outcome {
	WORKS,
	REFUSED, /* EPERM */
	FAILS,   /* otherwise */
	DEADLY,  /* the process was ended for it */
	NOT_SEALED,
	ODD_END,
	OUTCOME_COUNT,
};

static const char *const outcome_name[OUTCOME_COUNT] = {
    "works", "is refused", "fails", "is deadly", "could not be tried", "ends oddly"};

/* -- attempts: 0 or more when it worked, -1 with errno --------------------------------------- */

static long try_open(void)
{
	return open("/etc/hostname", O_RDONLY | O_CLOEXEC);
}

static long try_create(void)
{
	return creat("/tmp/keepname-seal-test", 0600);
}

static long try_stat(void)
{
	struct stat st;
	return stat("/", &st);
}

static long try_unlink(void)
{
	return unlink("/tmp/keepname-seal-test");
}

static long try_inet(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0);
}

static long try_unix(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static long try_socketpair(void)
{
	int pair[2];
	return socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
}

static long try_connect(void)
{
	struct sockaddr a = {.sa_family = AF_UNSPEC};
	return connect(0, &a, sizeof a);
}

static long try_sendmsg(void)
{
	struct msghdr m = {0};
	return sendmsg(0, &m, MSG_DONTWAIT);
}

static long try_recvmsg(void)
{
	struct msghdr m = {0};
	return recvmsg(0, &m, MSG_DONTWAIT);
}

static long try_fork(void)
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	return pid;
}

static long try_raw_fork(void)
{
	long pid = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
	if (pid == 0)
		_exit(0);
	return pid;
}

static long try_clone3(void)
{
	char zero[64] = {0};
	return syscall(SYS_clone3, zero, sizeof zero);
}

static void *do_nothing(void *arg)
{
	return arg;
}

static long try_thread(void)
{
	pthread_t t;
	errno = pthread_create(&t, NULL, do_nothing, NULL);
	return errno ? -1 : 0;
}

static long try_exec(void)
{
	static char name[] = "/bin/true";
	return execve(name, (char *[]){name, NULL}, (char *[]){NULL});
}

static long try_exec_at(void)
{
	static char name[] = "/bin/true";
	return syscall(SYS_execveat, AT_FDCWD, name, (char *[]){name, NULL}, (char *[]){NULL}, 0);
}

static long try_kill_parent(void)
{
	return kill(getppid(), 0);
}

static long try_kill_self(void)
{
	return kill(getpid(), SIGKILL);
}

static long try_term(void)
{
	return kill(getpid(), SIGTERM);
}

static long try_tgkill(void)
{
	return syscall(SYS_tgkill, getpid(), getpid(), SIGKILL);
}

static long try_queue(void)
{
	return sigqueue(getpid(), SIGKILL, (union sigval){0});
}

static long try_pidfd(void)
{
	return syscall(SYS_pidfd_open, getpid(), 0);
}

static long try_ptrace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static long try_read_process(void)
{
	char c;
	struct iovec v = {&c, 1};
	return process_vm_readv(getpid(), &v, 1, &v, 1, 0);
}

static long try_dumpable(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static long try_seccomp_off(void)
{
	return syscall(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_DISABLED, NULL);
}

static long try_new_filter(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = {1, &allow};
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

static long raise_limit(int resource)
{
	struct rlimit l = {RLIM_INFINITY, RLIM_INFINITY};
	return setrlimit((__rlimit_resource_t)resource, &l);
}

static long try_more_memory(void)
{
	return raise_limit(RLIMIT_AS);
}

static long try_more_files(void)
{
	return raise_limit(RLIMIT_NOFILE);
}

static long try_limit_other(void)
{
	struct rlimit l = {0, 0};
	return prlimit(getppid(), RLIMIT_CPU, &l, NULL);
}

static long try_map_exec(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? -1 : 0;
}

static long try_make_exec(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? 0 : mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

static long try_make_exec_by_key(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? 0 : pkey_mprotect(p, 4096, PROT_READ | PROT_EXEC, -1);
}

static long try_memfd(void)
{
	return memfd_create("x", 0);
}

static long try_shared_memory(void)
{
	return shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
}

static long try_setuid(void)
{
	return syscall(SYS_setresuid, 65534, 65534, 65534);
}

static long try_ioctl(void)
{
	int n;
	return syscall(SYS_ioctl, 0, 0x541B /* FIONREAD */, &n);
}

static long try_fcntl(void)
{
	return fcntl(0, F_GETFL);
}

static long try_dup(void)
{
	return dup(0);
}

static long try_pipe(void)
{
	int pair[2];
	return pipe(pair);
}

static long try_timer(void)
{
	struct itimerval t = {.it_value = {.tv_sec = 100}};
	return setitimer(ITIMER_REAL, &t, NULL);
}

static long try_handler(void)
{
	return signal(SIGXCPU, SIG_IGN) == SIG_ERR ? -1 : 0;
}

static long try_mount(void)
{
	return mount("none", "/", "tmpfs", 0, NULL);
}

static long try_chroot(void)
{
	return chroot("/");
}

static long try_unshare(void)
{
	return unshare(CLONE_NEWUSER);
}

static long try_setns(void)
{
	return setns(0, 0);
}

static long try_bpf(void)
{
	union bpf_attr a;
	memset(&a, 0, sizeof a);
	return syscall(SYS_bpf, BPF_PROG_LOAD, &a, sizeof a);
}

static long try_perf(void)
{
	char zero[128] = {0};
	return syscall(SYS_perf_event_open, zero, 0, -1, -1, 0);
}

static long try_io_uring(void)
{
	char zero[128] = {0};
	return syscall(SYS_io_uring_setup, 1, zero);
}

static long try_userfault(void)
{
	return syscall(SYS_userfaultfd, 0);
}

static long try_keyctl(void)
{
	return syscall(SYS_keyctl, 0, 0, 0, 0, 0);
}

static long try_module(void)
{
	return syscall(SYS_finit_module, 0, "", 0);
}

static long try_handle(void)
{
	return syscall(SYS_open_by_handle_at, 0, NULL, 0);
}

static long try_reboot(void)
{
	return syscall(SYS_reboot, 0, 0, 0,
		       NULL); /* wrong magic numbers: harmless if it is let in */
}

static long try_unknown_call(void)
{
	return syscall(100000);
}

/* What judging needs. */

static long use_memory(void)
{
	void *volatile p = malloc(LIMIT_JUDGE_MEMORY / 2);
	if (!p)
		return -1;
	memset(p, 1, 1 << 20);
	free(p);
	return 0;
}

static long try_all_memory(void)
{
	void *p = mmap(NULL, LIMIT_JUDGE_MEMORY + (1 << 20), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return p == MAP_FAILED ? -1 : 0;
}

static long use_poll(void)
{
	struct pollfd p = {.fd = 0, .events = POLLIN | POLLOUT};
	return poll(&p, 1, 0);
}

static long use_clock(void)
{
	struct timespec t;
	return clock_gettime(CLOCK_MONOTONIC, &t) | syscall(SYS_clock_gettime, CLOCK_REALTIME, &t);
}

static long use_random(void)
{
	char c[8];
	return getrandom(c, sizeof c, 0);
}

static long use_wait(void)
{
	pid_t pid = fork();
	if (pid < 0)
		return -1;
	if (pid == 0)
		_exit(0);
	return kill(pid, SIGKILL) == 0 ? waitpid(pid, NULL, 0) : -1;
}

/* -- the runs -------------------------------------------------------------------------------- */

static enum outcome attempt(long (*f)(void))
{
	errno = 0;
	long rc = f();
	return rc >= 0 ? WORKS : errno == EPERM ? REFUSED : FAILS;
}

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

static enum outcome in_zygote(long (*f)(void))
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(seal_zygote() ? attempt(f) : NOT_SEALED);
	return waited(pid);
}

static enum outcome in_child(long (*f)(void))
{
	pid_t pid = fork();
	if (pid == 0) {
		if (!seal_zygote())
			_exit(NOT_SEALED);
		pid = fork();
		if (pid == 0)
			_exit(seal_child() ? attempt(f) : NOT_SEALED);
		_exit(waited(pid));
	}
	return waited(pid);
}

static const struct {
	const char *name;
	long (*f)(void);
	enum outcome zygote, child;
} row[] = {
    {"opening a file", try_open, REFUSED, REFUSED},
    {"creating a file", try_create, REFUSED, REFUSED},
    {"stat", try_stat, REFUSED, REFUSED},
    {"unlink", try_unlink, REFUSED, REFUSED},
    {"an internet socket", try_inet, REFUSED, REFUSED},
    {"a unix socket", try_unix, REFUSED, REFUSED},
    {"a socket pair", try_socketpair, REFUSED, REFUSED},
    {"connect", try_connect, REFUSED, REFUSED},
    {"passing descriptors", try_sendmsg, REFUSED, REFUSED},
    {"taking descriptors", try_recvmsg, FAILS, REFUSED},
    {"fork", try_fork, WORKS, REFUSED},
    {"a fork of another kind", try_raw_fork, REFUSED, REFUSED},
    {"clone3", try_clone3, REFUSED, REFUSED},
    {"a thread", try_thread, REFUSED, REFUSED},
    {"execve", try_exec, DEADLY, DEADLY},
    {"execveat", try_exec_at, DEADLY, DEADLY},
    {"signalling the parent", try_kill_parent, REFUSED, REFUSED},
    {"SIGTERM", try_term, REFUSED, REFUSED},
    {"SIGKILL", try_kill_self, ODD_END, REFUSED},
    {"tgkill", try_tgkill, REFUSED, REFUSED},
    {"sigqueue", try_queue, REFUSED, REFUSED},
    {"a process descriptor", try_pidfd, REFUSED, REFUSED},
    {"ptrace", try_ptrace, DEADLY, DEADLY},
    {"reading a process", try_read_process, DEADLY, DEADLY},
    {"becoming dumpable", try_dumpable, REFUSED, REFUSED},
    {"taking the filter off", try_seccomp_off, FAILS, REFUSED},
    {"seccomp", try_new_filter, REFUSED, REFUSED},
    {"a limit of somebody else", try_limit_other, REFUSED, REFUSED},
    {"more memory", try_more_memory, REFUSED, REFUSED},
    {"more descriptors", try_more_files, REFUSED, REFUSED},
    {"executable memory", try_map_exec, REFUSED, REFUSED},
    {"making memory executable", try_make_exec, REFUSED, REFUSED},
    {"making it so by pkey_mprotect", try_make_exec_by_key, REFUSED, REFUSED},
    {"memfd_create", try_memfd, REFUSED, REFUSED},
    {"shared memory", try_shared_memory, REFUSED, REFUSED},
    {"another user", try_setuid, REFUSED, REFUSED},
    {"ioctl", try_ioctl, REFUSED, REFUSED},
    {"fcntl", try_fcntl, REFUSED, REFUSED},
    {"dup", try_dup, REFUSED, REFUSED},
    {"a pipe", try_pipe, REFUSED, REFUSED},
    {"a timer", try_timer, REFUSED, REFUSED},
    {"a signal handler", try_handler, REFUSED, REFUSED},
    {"mount", try_mount, DEADLY, DEADLY},
    {"chroot", try_chroot, DEADLY, DEADLY},
    {"unshare", try_unshare, DEADLY, DEADLY},
    {"setns", try_setns, DEADLY, DEADLY},
    {"bpf", try_bpf, DEADLY, DEADLY},
    {"perf_event_open", try_perf, DEADLY, DEADLY},
    {"io_uring", try_io_uring, DEADLY, DEADLY},
    {"userfaultfd", try_userfault, DEADLY, DEADLY},
    {"keyctl", try_keyctl, DEADLY, DEADLY},
    {"a kernel module", try_module, DEADLY, DEADLY},
    {"open_by_handle_at", try_handle, DEADLY, DEADLY},
    {"reboot", try_reboot, DEADLY, DEADLY},
    {"a call that does not exist", try_unknown_call, REFUSED, REFUSED},
    {"half the memory limit", use_memory, WORKS, WORKS},
    {"more than the memory limit", try_all_memory, FAILS, FAILS},
    {"poll", use_poll, WORKS, WORKS},
    {"the clock", use_clock, WORKS, WORKS},
    {"randomness", use_random, WORKS, WORKS},
    {"ending a child", use_wait, WORKS, REFUSED},
};

static void in_the_zygote(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		enum outcome got = in_zygote(row[i].f);
		CHECK(got == row[i].zygote, "%s %s, should be: %s", row[i].name, outcome_name[got],
		      outcome_name[row[i].zygote]);
	}
}

static void in_the_child(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		enum outcome got = in_child(row[i].f);
		CHECK(got == row[i].child, "%s %s, should be: %s", row[i].name, outcome_name[got],
		      outcome_name[row[i].child]);
	}
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
	long seconds = used.ru_utime.tv_sec + used.ru_stime.tv_sec;
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
	    cmocka_unit_test(in_the_zygote),
	    cmocka_unit_test(in_the_child),
	    cmocka_unit_test(cpu_time_ends),
	    cmocka_unit_test(capabilities_are_gone),
	};
	return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
