/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attempts.c - the table: system calls as they stand where that says enough, functions where not.
 *
 * Nothing here does harm where a seal does not hold: what would be signalled is this process or
 * its parent, what would be opened for writing is a name of ours.
 */
#include <config.h> /* autoconf's: GNU interfaces */

#include "tests/judge/attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"

const char *outcome_name(enum outcome o)
{
	static const char *const name[OUTCOME_COUNT] = {
	    "works",      "is refused",  "fails", "is deadly", "could not be tried",
	    "ends oddly", "is not tried"};
	return (unsigned)o < OUTCOME_COUNT ? name[o] : "?";
}

/* -- files ---------------------------------------------------------------------------------- */

#define OURS "/tmp/keepname-attempt"

static long try_open(void)
{
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static long try_create(void)
{
	int fd = creat(OURS, 0600);
	if (fd >= 0)
		unlink(OURS);
	return fd;
}

static long try_nameless(void)
{
	return open("/tmp", O_TMPFILE | O_RDWR, 0600);
}

static long try_memory_file(void)
{
	return open("/proc/self/mem", O_RDWR);
}

static long try_own_descriptor(void)
{
	return open("/proc/self/fd/0", O_RDWR);
}

static long try_root_of_process(void)
{
	return open("/proc/self/root/etc/passwd", O_RDONLY);
}

static long try_openat2(void)
{
	struct open_how how = {.flags = O_RDONLY};
	return syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", &how, sizeof how);
}

static long try_stat(void)
{
	struct stat st;
	return stat("/", &st);
}

/* -- programs, processes -------------------------------------------------------------------- */

static long try_fork(void)
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	return pid;
}

static long clone_with(long flags)
{
	long pid = syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
	if (pid == 0)
		_exit(0);
	return pid;
}

static long try_raw_fork(void)
{
	return clone_with(SIGCHLD);
}

/* What vfork() is. */
static long try_vfork(void)
{
	return clone_with(CLONE_VM | CLONE_VFORK | SIGCHLD);
}

static long try_clone_name_space(void)
{
	return clone_with(CLONE_NEWUSER | CLONE_NEWNET | SIGCHLD);
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

static char program[] = "/bin/true";
static char *const program_arguments[] = {program, NULL}, *const no_strings[] = {NULL};

static long try_exec(void)
{
	return execve(program, program_arguments, no_strings);
}

/* A program that was never a file. */
static long try_exec_from_memory(void)
{
	int fd = memfd_create("x", 0);
	static const char text[] = "#!/bin/true\n";
	if (fd < 0 || write(fd, text, sizeof text - 1) < 0)
		return -1;
	return fexecve(fd, program_arguments, no_strings);
}

/* -- network -------------------------------------------------------------------------------- */

/* -1 with EPERM if that is what all of them are answered. */
static long any_socket(int type)
{
	for (int family = 1; family < 64; family++) {
		int fd = socket(family, type, 0);
		if (fd >= 0 || errno != EPERM)
			return fd >= 0 ? fd : -1;
	}
	return -1;
}

static long try_streams(void)
{
	return any_socket(SOCK_STREAM);
}

static long try_datagrams(void)
{
	return any_socket(SOCK_DGRAM);
}

static long try_raw_sockets(void)
{
	return any_socket(SOCK_RAW);
}

static long try_socketpair(void)
{
	int pair[2];
	return socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
}

static long try_pipe(void)
{
	int pair[2];
	return pipe(pair);
}

static long try_connect(void)
{
	struct sockaddr a = {.sa_family = AF_UNSPEC};
	return connect(0, &a, sizeof a);
}

static long try_send_to(void)
{
	struct msghdr m = {0};
	return sendmsg(0, &m, MSG_DONTWAIT);
}

/* Its own descriptor, for whoever reads at the other end. */
static long try_give_descriptor(void)
{
	char octet = 0;
	struct iovec data = {&octet, 1};
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {.room = {0}};
	struct msghdr m = {.msg_iov = &data,
			   .msg_iovlen = 1,
			   .msg_control = control.room,
			   .msg_controllen = sizeof control.room};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	return sendmsg(0, &m, MSG_DONTWAIT);
}

static long try_take_descriptor(void)
{
	struct msghdr m = {0};
	return recvmsg(0, &m, MSG_DONTWAIT);
}

/* -- other messages, other processes -------------------------------------------------------- */

/* Every descriptor that there could be, but its own: the zygote's, another child's message. */
static long try_other_descriptors(void)
{
	char c;
	for (int fd = 1; fd < 4096; fd++)
		if (read(fd, &c, 0) >= 0 || errno != EBADF)
			return fd;
	errno = EPERM; /* there is none */
	return -1;
}

static long kill_parent(int sig)
{
	return kill(getppid(), sig);
}

static long try_look_at_parent(void)
{
	return kill_parent(0);
}

static long try_kill_parent(void)
{
	return kill_parent(SIGKILL);
}

static long try_stop_parent(void)
{
	return kill_parent(SIGSTOP);
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

static long try_tkill(void)
{
	return syscall(SYS_tkill, getpid(), SIGKILL);
}

static long try_queue(void)
{
	return sigqueue(getpid(), SIGKILL, (union sigval){0});
}

static long try_process_descriptor(void)
{
	return syscall(SYS_pidfd_open, getpid(), 0);
}

static long try_trace_parent(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static long move_memory(long call, pid_t of)
{
	char c = 0;
	struct iovec v = {&c, 1};
	return syscall(call, of, &v, 1, &v, 1, 0);
}

static long try_read_parent(void)
{
	return move_memory(SYS_process_vm_readv, getppid());
}

static long try_write_parent(void)
{
	return move_memory(SYS_process_vm_writev, getppid());
}

static long try_limit_other(void)
{
	struct rlimit l = {0, 0};
	return prlimit(getppid(), RLIMIT_CORE, &l, NULL);
}

/* -- memory --------------------------------------------------------------------------------- */

static void *page(int protection)
{
	return mmap(NULL, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static long try_map_exec(void)
{
	return page(PROT_READ | PROT_EXEC) == MAP_FAILED ? -1 : 0;
}

static long try_map_write_exec(void)
{
	return page(PROT_READ | PROT_WRITE | PROT_EXEC) == MAP_FAILED ? -1 : 0;
}

static long try_make_exec(void)
{
	void *p = page(PROT_READ | PROT_WRITE);
	return p == MAP_FAILED ? 0 : mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

static long try_make_exec_by_key(void)
{
	void *p = page(PROT_READ | PROT_WRITE);
	return p == MAP_FAILED ? 0 : pkey_mprotect(p, 4096, PROT_READ | PROT_EXEC, -1);
}

/* The code that is there, made writable and kept executable. */
static long try_change_code(void)
{
	uintptr_t at = (uintptr_t)try_map_exec & ~(uintptr_t)4095;
	return mprotect((void *)at, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
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

static long try_all_memory(void)
{
	void *p = mmap(NULL, LIMIT_JUDGE_MEMORY + (1 << 20), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return p == MAP_FAILED ? -1 : 0;
}

/* In small steps, as one who does not know the limit. */
static long try_endless_memory(void)
{
	for (size_t n = 0; n <= LIMIT_JUDGE_MEMORY; n += 1 << 20)
		if (mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED)
			return -1;
	return 0;
}

static long use_memory(void)
{
	void *volatile p = malloc(LIMIT_JUDGE_MEMORY / 2);
	if (!p)
		return -1;
	memset(p, 1, 1 << 20);
	free(p);
	return 0;
}

/* -- its own seal --------------------------------------------------------------------------- */

static long try_new_filter(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog one = {1, &allow};
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &one);
}

static long try_more_files(void)
{
	return raise_limit(RLIMIT_NOFILE);
}

static long try_more_time(void)
{
	return raise_limit(RLIMIT_CPU);
}

static long try_handler(void)
{
	return signal(SIGXCPU, SIG_IGN) == SIG_ERR ? -1 : 0;
}

static long try_timer(void)
{
	struct itimerval t = {.it_value = {.tv_sec = 100}};
	return setitimer(ITIMER_REAL, &t, NULL);
}

static long try_ioctl(void)
{
	int n;
	return syscall(SYS_ioctl, 0, 0x541B /* FIONREAD */, &n);
}

/* -- the kernel ----------------------------------------------------------------------------- */

static long try_bpf(void)
{
	union bpf_attr a;
	memset(&a, 0, sizeof a);
	return syscall(SYS_bpf, BPF_PROG_LOAD, &a, sizeof a);
}

/* -- what judging needs --------------------------------------------------------------------- */

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

/* -- the table ------------------------------------------------------------------------------ */

#define N(number) ((const void *)(intptr_t)(number))
/* Refused to both, or deadly to both; a call as it stands. */
#define REFUSE(of, what, number, ...)                                                        \
	{                                                                                    \
		.target = (of), .name = (what), .call = (number), .argument = {__VA_ARGS__}, \
		.zygote = REFUSED, .child = REFUSED                                          \
	}
#define KILLS(of, what, number, ...)                                                         \
	{                                                                                    \
		.target = (of), .name = (what), .call = (number), .argument = {__VA_ARGS__}, \
		.zygote = DEADLY, .child = DEADLY                                            \
	}
/* By a function; what comes of it in the zygote, in a child, and whether it works without a seal.
 */
#define BY(of, what, function, in_zygote, in_child, works)                              \
	{                                                                               \
		.target = (of), .name = (what), .f = (function), .zygote = (in_zygote), \
		.child = (in_child), .plain = works                                     \
	}

static const char zeros[128];

/* clang-format off */
const struct attempt attempts[] = {
    BY(FILES, "opening a file", try_open, REFUSED, REFUSED, true),
    BY(FILES, "creating a file", try_create, REFUSED, REFUSED, true),
    BY(FILES, "a file without a name", try_nameless, REFUSED, REFUSED, false),
    BY(FILES, "openat2", try_openat2, REFUSED, REFUSED, true),
    BY(FILES, "its own memory as a file", try_memory_file, REFUSED, REFUSED, true),
    BY(FILES, "its descriptor opened anew", try_own_descriptor, REFUSED, REFUSED, false),
    BY(FILES, "a way around by /proc", try_root_of_process, REFUSED, REFUSED, true),
    BY(FILES, "stat", try_stat, REFUSED, REFUSED, true),
    REFUSE(FILES, "unlinkat", SYS_unlinkat, N(AT_FDCWD), OURS, N(0)),
    REFUSE(FILES, "renameat2", SYS_renameat2, N(AT_FDCWD), OURS, N(AT_FDCWD), OURS ".2", N(0)),
    REFUSE(FILES, "linkat", SYS_linkat, N(AT_FDCWD), "/etc/passwd", N(AT_FDCWD), OURS, N(0)),
    REFUSE(FILES, "symlinkat", SYS_symlinkat, "/etc/passwd", N(AT_FDCWD), OURS),
    REFUSE(FILES, "mkdirat", SYS_mkdirat, N(AT_FDCWD), OURS, N(0700)),
    REFUSE(FILES, "mknodat", SYS_mknodat, N(AT_FDCWD), OURS, N(S_IFIFO | 0600), N(0)),
    REFUSE(FILES, "fchmodat", SYS_fchmodat, N(AT_FDCWD), OURS, N(0600)),
    REFUSE(FILES, "fchownat", SYS_fchownat, N(AT_FDCWD), OURS, N(-1), N(-1), N(0)),
    REFUSE(FILES, "truncate", SYS_truncate, OURS, N(0)),
    REFUSE(FILES, "ftruncate", SYS_ftruncate, N(0), N(0)),
    REFUSE(FILES, "readlinkat", SYS_readlinkat, N(AT_FDCWD), "/proc/self/exe", N(0), N(0)),
    REFUSE(FILES, "faccessat", SYS_faccessat, N(AT_FDCWD), "/etc/passwd", N(R_OK)),
    REFUSE(FILES, "statx", SYS_statx, N(AT_FDCWD), "/", N(0), N(0), N(0)),
    REFUSE(FILES, "statfs", SYS_statfs, "/", N(0)),
    REFUSE(FILES, "chdir", SYS_chdir, "/"),
    REFUSE(FILES, "getdents64", SYS_getdents64, N(0), N(0), N(0)),
    REFUSE(FILES, "inotify_init1", SYS_inotify_init1, N(0)),
    REFUSE(FILES, "fanotify_init", SYS_fanotify_init, N(0), N(0)),
    REFUSE(FILES, "memfd_create", SYS_memfd_create, "x", N(0)),
    REFUSE(FILES, "sendfile", SYS_sendfile, N(0), N(0), N(0), N(1)),
    REFUSE(FILES, "splice", SYS_splice, N(0), N(0), N(0), N(0), N(1), N(0)),
    REFUSE(FILES, "copy_file_range", SYS_copy_file_range, N(0), N(0), N(0), N(0), N(1), N(0)),
    KILLS(FILES, "open_by_handle_at", SYS_open_by_handle_at, N(0), N(0), N(0)),
    KILLS(FILES, "name_to_handle_at", SYS_name_to_handle_at, N(AT_FDCWD), "/", N(0), N(0), N(0)),
    KILLS(FILES, "io_uring_setup", SYS_io_uring_setup, N(1), zeros),
    KILLS(FILES, "io_uring_enter", SYS_io_uring_enter, N(0), N(1), N(0), N(0), N(0)),
    KILLS(FILES, "io_uring_register", SYS_io_uring_register, N(0), N(0), N(0), N(0)),

    BY(PROGRAMS, "fork", try_fork, WORKS, REFUSED, true),
    BY(PROGRAMS, "a fork of another kind", try_raw_fork, REFUSED, REFUSED, true),
    BY(PROGRAMS, "vfork", try_vfork, REFUSED, REFUSED, false),
    BY(PROGRAMS, "clone into name spaces", try_clone_name_space, REFUSED, REFUSED, false),
    REFUSE(PROGRAMS, "clone3", SYS_clone3, zeros, N(64)),
    BY(PROGRAMS, "a thread", try_thread, REFUSED, REFUSED, true),
    BY(PROGRAMS, "execve", try_exec, DEADLY, DEADLY, true),
    BY(PROGRAMS, "a program that was never a file", try_exec_from_memory, REFUSED, REFUSED, true),
    KILLS(PROGRAMS, "execveat", SYS_execveat, N(AT_FDCWD), program, program_arguments, no_strings, N(0)),

    BY(NETWORK, "sockets of every family", try_streams, REFUSED, REFUSED, true),
    BY(NETWORK, "datagrams of every family", try_datagrams, REFUSED, REFUSED, true),
    BY(NETWORK, "raw sockets of every family", try_raw_sockets, REFUSED, REFUSED, true),
    BY(NETWORK, "a socket pair", try_socketpair, REFUSED, REFUSED, true),
    BY(NETWORK, "a pipe", try_pipe, REFUSED, REFUSED, true),
    BY(NETWORK, "connecting what it has", try_connect, REFUSED, REFUSED, false),
    BY(NETWORK, "sendmsg", try_send_to, REFUSED, REFUSED, false),
    BY(NETWORK, "giving a descriptor away", try_give_descriptor, REFUSED, REFUSED, false),
    BY(NETWORK, "taking a descriptor", try_take_descriptor, FAILS, REFUSED, false),
    REFUSE(NETWORK, "sendmmsg", SYS_sendmmsg, N(0), N(0), N(0), N(0)),
    REFUSE(NETWORK, "recvmmsg", SYS_recvmmsg, N(0), N(0), N(0), N(0), N(0)),
    REFUSE(NETWORK, "bind", SYS_bind, N(0), zeros, N(2)),
    REFUSE(NETWORK, "listen", SYS_listen, N(0), N(1)),
    REFUSE(NETWORK, "accept4", SYS_accept4, N(0), N(0), N(0), N(0)),
    REFUSE(NETWORK, "setsockopt", SYS_setsockopt, N(0), N(0), N(0), N(0), N(0)),
    REFUSE(NETWORK, "getsockopt", SYS_getsockopt, N(0), N(0), N(0), N(0), N(0)),
    REFUSE(NETWORK, "getpeername", SYS_getpeername, N(0), N(0), N(0)),
    REFUSE(NETWORK, "mq_open", SYS_mq_open, "x", N(0), N(0), N(0)),

    BY(OTHERS, "other descriptors", try_other_descriptors, NOT_TRIED, REFUSED, false),
    BY(OTHERS, "looking at its parent", try_look_at_parent, REFUSED, REFUSED, true),
    BY(OTHERS, "killing its parent", try_kill_parent, NOT_TRIED, REFUSED, false),
    BY(OTHERS, "stopping its parent", try_stop_parent, REFUSED, REFUSED, false),
    BY(OTHERS, "SIGKILL", try_kill_self, ODD_END, REFUSED, false),
    BY(OTHERS, "SIGTERM", try_term, REFUSED, REFUSED, false),
    BY(OTHERS, "tgkill", try_tgkill, REFUSED, REFUSED, false),
    BY(OTHERS, "tkill", try_tkill, REFUSED, REFUSED, false),
    BY(OTHERS, "sigqueue", try_queue, REFUSED, REFUSED, false),
    BY(OTHERS, "a process descriptor", try_process_descriptor, REFUSED, REFUSED, true),
    REFUSE(OTHERS, "pidfd_send_signal", SYS_pidfd_send_signal, N(0), N(9), N(0), N(0)),
    REFUSE(OTHERS, "kcmp", SYS_kcmp, N(0), N(0), N(0), N(0), N(0)),
    BY(OTHERS, "tracing its parent", try_trace_parent, DEADLY, DEADLY, false),
    BY(OTHERS, "reading its parent", try_read_parent, DEADLY, DEADLY, false),
    BY(OTHERS, "writing to its parent", try_write_parent, DEADLY, DEADLY, false),
    KILLS(OTHERS, "pidfd_getfd", SYS_pidfd_getfd, N(0), N(0), N(0)),
    KILLS(OTHERS, "process_madvise", SYS_process_madvise, N(0), N(0), N(0), N(0), N(0)),
    BY(OTHERS, "a limit of somebody else", try_limit_other, REFUSED, REFUSED, false),
    REFUSE(OTHERS, "a nice value of somebody else", SYS_setpriority, N(0), N(1), N(19)),
    REFUSE(OTHERS, "shmget", SYS_shmget, N(0), N(4096), N(01600)),
    REFUSE(OTHERS, "shmat", SYS_shmat, N(0), N(0), N(0)),
    REFUSE(OTHERS, "msgget", SYS_msgget, N(0), N(01600)),
    REFUSE(OTHERS, "semget", SYS_semget, N(0), N(1), N(01600)),
    KILLS(OTHERS, "keyctl", SYS_keyctl, N(0), N(0), N(0), N(0), N(0)),
    KILLS(OTHERS, "add_key", SYS_add_key, "user", "x", "x", N(1), N(-2)),
    KILLS(OTHERS, "request_key", SYS_request_key, "user", "x", N(0), N(0)),

    BY(MEMORY, "executable memory", try_map_exec, REFUSED, REFUSED, true),
    BY(MEMORY, "memory to write and execute", try_map_write_exec, REFUSED, REFUSED, true),
    BY(MEMORY, "making memory executable", try_make_exec, REFUSED, REFUSED, true),
    BY(MEMORY, "making it so by pkey_mprotect", try_make_exec_by_key, REFUSED, REFUSED, false),
    BY(MEMORY, "changing its own code", try_change_code, REFUSED, REFUSED, true),
    REFUSE(MEMORY, "remap_file_pages", SYS_remap_file_pages, N(0), N(0), N(0), N(0), N(0)),
    REFUSE(MEMORY, "personality", SYS_personality, N(0x0400000) /* READ_IMPLIES_EXEC */),
    REFUSE(MEMORY, "mlock", SYS_mlock, zeros, N(1)),
    REFUSE(MEMORY, "memfd_secret", SYS_memfd_secret, N(0)),
    BY(MEMORY, "more memory", try_more_memory, REFUSED, REFUSED, false),
    BY(MEMORY, "more than the memory limit", try_all_memory, FAILS, FAILS, false),
    BY(MEMORY, "memory without end", try_endless_memory, FAILS, FAILS, false),

    REFUSE(ITSELF, "becoming dumpable", SYS_prctl, N(PR_SET_DUMPABLE), N(1)),
    REFUSE(ITSELF, "a tracer of its choice", SYS_prctl, N(PR_SET_PTRACER), N(-1)),
    REFUSE(ITSELF, "another name", SYS_prctl, N(PR_SET_NAME), "x"),
    REFUSE(ITSELF, "a signal at its parent's end", SYS_prctl, N(PR_SET_PDEATHSIG), N(0)),
    REFUSE(ITSELF, "a map of its memory", SYS_prctl, N(PR_SET_MM), N(0)),
    REFUSE(ITSELF, "capabilities for later", SYS_prctl, N(PR_CAP_AMBIENT), N(2), N(0)),
    {.target = ITSELF, .name = "taking the filter off", .call = SYS_prctl,
     .argument = {N(PR_SET_SECCOMP), N(SECCOMP_MODE_DISABLED)}, .zygote = FAILS, .child = REFUSED},
    BY(ITSELF, "another filter", try_new_filter, REFUSED, REFUSED, false),
    REFUSE(ITSELF, "capset", SYS_capset, zeros, zeros),
    REFUSE(ITSELF, "capget", SYS_capget, zeros, zeros),
    REFUSE(ITSELF, "setresuid", SYS_setresuid, N(65534), N(65534), N(65534)),
    REFUSE(ITSELF, "setresgid", SYS_setresgid, N(65534), N(65534), N(65534)),
    REFUSE(ITSELF, "setgroups", SYS_setgroups, N(0), N(0)),
    REFUSE(ITSELF, "setsid", SYS_setsid),
    REFUSE(ITSELF, "setpgid", SYS_setpgid, N(0), N(0)),
    REFUSE(ITSELF, "sched_setaffinity", SYS_sched_setaffinity, N(0), N(0), N(0)),
    REFUSE(ITSELF, "sched_setscheduler", SYS_sched_setscheduler, N(0), N(0), N(0)),
    REFUSE(ITSELF, "ioprio_set", SYS_ioprio_set, N(1), N(0), N(0)),
    BY(ITSELF, "more descriptors", try_more_files, REFUSED, REFUSED, false),
    BY(ITSELF, "more time", try_more_time, NOT_TRIED, REFUSED, false),
    BY(ITSELF, "a signal handler", try_handler, REFUSED, REFUSED, true),
    BY(ITSELF, "a timer", try_timer, REFUSED, REFUSED, true),
    REFUSE(ITSELF, "timer_create", SYS_timer_create, N(0), N(0), N(0)),
    REFUSE(ITSELF, "timerfd_create", SYS_timerfd_create, N(CLOCK_MONOTONIC), N(0)),
    REFUSE(ITSELF, "nanosleep", SYS_clock_nanosleep, N(0), N(0), N(0), N(0)),
    REFUSE(ITSELF, "epoll_create1", SYS_epoll_create1, N(0)),
    REFUSE(ITSELF, "eventfd2", SYS_eventfd2, N(0), N(0)),
    REFUSE(ITSELF, "signalfd4", SYS_signalfd4, N(-1), zeros, N(8), N(0)),
    BY(ITSELF, "ioctl", try_ioctl, REFUSED, REFUSED, false),
    REFUSE(ITSELF, "fcntl", SYS_fcntl, N(0), N(F_GETFL)),
    REFUSE(ITSELF, "dup", SYS_dup, N(0)),
    REFUSE(ITSELF, "landlock_create_ruleset", SYS_landlock_create_ruleset, N(0), N(0), N(1)),

    KILLS(KERNEL, "mount", SYS_mount, "none", "/", "tmpfs", N(0), N(0)),
    KILLS(KERNEL, "umount2", SYS_umount2, OURS, N(0)),
    KILLS(KERNEL, "pivot_root", SYS_pivot_root, OURS, OURS),
    KILLS(KERNEL, "chroot", SYS_chroot, OURS),
    KILLS(KERNEL, "unshare", SYS_unshare, N(CLONE_NEWUSER)),
    KILLS(KERNEL, "setns", SYS_setns, N(0), N(0)),
    BY(KERNEL, "bpf", try_bpf, DEADLY, DEADLY, false),
    KILLS(KERNEL, "perf_event_open", SYS_perf_event_open, zeros, N(0), N(-1), N(-1), N(0)),
    KILLS(KERNEL, "userfaultfd", SYS_userfaultfd, N(0)),
    KILLS(KERNEL, "finit_module", SYS_finit_module, N(0), "", N(0)),
    KILLS(KERNEL, "kexec_load", SYS_kexec_load, N(0), N(0), N(0), N(0)),
    KILLS(KERNEL, "reboot", SYS_reboot, N(0), N(0), N(0), N(0)), /* wrong numbers: harmless */
    REFUSE(KERNEL, "clock_settime", SYS_clock_settime, N(CLOCK_REALTIME), N(0)),
    REFUSE(KERNEL, "settimeofday", SYS_settimeofday, N(0), N(0)),
    REFUSE(KERNEL, "adjtimex", SYS_adjtimex, N(0)),
    REFUSE(KERNEL, "sethostname", SYS_sethostname, OURS, N(-1)),
    REFUSE(KERNEL, "syslog", SYS_syslog, N(10), N(0), N(0)),
    REFUSE(KERNEL, "quotactl", SYS_quotactl, N(0), N(0), N(0), N(0)),
    REFUSE(KERNEL, "acct", SYS_acct, OURS),
    REFUSE(KERNEL, "a call that does not exist", 100000),

    BY(JUDGING, "half the memory limit", use_memory, WORKS, WORKS, true),
    BY(JUDGING, "poll", use_poll, WORKS, WORKS, true),
    BY(JUDGING, "the clock", use_clock, WORKS, WORKS, true),
    BY(JUDGING, "randomness", use_random, WORKS, WORKS, true),
    BY(JUDGING, "ending a child", use_wait, WORKS, REFUSED, true),
};
/* clang-format on */
const size_t attempt_count = sizeof attempts / sizeof *attempts;

enum outcome attempt_try(const struct attempt *a)
{
	const void *const *v = a->argument;
	errno = 0;
	long rc = a->f ? a->f() : syscall(a->call, v[0], v[1], v[2], v[3], v[4], v[5]);
	return rc >= 0 ? WORKS : errno == EPERM ? REFUSED : FAILS;
}
