/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * seal.c - the filters and limits.
 *
 * Two filters lie on top of each other. The zygote's is made by libseccomp once: what is not in
 * `allowed` fails with EPERM, what is in `deadly` ends the process (libraries do try to open files
 * lazily, and must only be told no; nobody calls ptrace by mistake). The child's takes away what
 * only the zygote needs. It is installed for every message, so it is a short constant program: it
 * costs 10 us less than one that libseccomp would make, and needs no look at the architecture,
 * which the first filter has fixed.
 *
 * Executable memory can be neither made nor changed once sealed: PCRE2's JIT has compiled before.
 * RLIMIT_AS is set relative to what the process has, because libraries (and AddressSanitizer) map
 * much that they never touch.
 */
#include <config.h> /* autoconf's: GNU interfaces */

#include "judge/seal.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/limits.h"

/* -- the zygote's filter -------------------------------------------------------------------- */

/* clang-format off */
static const int allowed[] = {
    /* the stream, the messages, the control words, a line on standard error */
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(sendto),
    SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(close), SCMP_SYS(close_range), SCMP_SYS(dup3),
    /* memory; mmap and mprotect are below */
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
    /* locks of one thread, randomness, clocks (mostly without a call) */
    SCMP_SYS(futex), SCMP_SYS(getrandom), SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    /* children, signals, ends */
    SCMP_SYS(set_robust_list), SCMP_SYS(wait4), SCMP_SYS(getpid), SCMP_SYS(gettid),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
    SCMP_SYS(exit), SCMP_SYS(exit_group),
    /* libspf2 aborts without the host's name; AddressSanitizer's, when a process ends */
    SCMP_SYS(uname), SCMP_SYS(sigaltstack),
};

static const int deadly[] = {
    SCMP_SYS(execve), SCMP_SYS(execveat),
    SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
    SCMP_SYS(process_madvise), SCMP_SYS(pidfd_getfd),
    SCMP_SYS(open_by_handle_at), SCMP_SYS(name_to_handle_at),
    SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter), SCMP_SYS(io_uring_register),
    SCMP_SYS(keyctl), SCMP_SYS(add_key), SCMP_SYS(request_key),
    SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load), SCMP_SYS(kexec_file_load), SCMP_SYS(reboot),
    SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(move_mount), SCMP_SYS(open_tree),
    SCMP_SYS(fsopen), SCMP_SYS(fsmount), SCMP_SYS(mount_setattr), SCMP_SYS(pivot_root),
    SCMP_SYS(chroot), SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(swapon), SCMP_SYS(swapoff),
};
/* clang-format on */

/* Calls that are allowed with one argument only. */
static const struct {
	int call;
	struct scmp_arg_cmp argument;
} narrow[] = {
    {SCMP_SYS(mmap), {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}},
    {SCMP_SYS(mprotect), {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}},
    /* as fork() calls it: no threads, no name spaces */
    {SCMP_SYS(clone), {0, SCMP_CMP_EQ, CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD, 0}},
    {SCMP_SYS(kill), {1, SCMP_CMP_EQ, SIGKILL, 0}},
    {SCMP_SYS(prlimit64), {0, SCMP_CMP_EQ, 0, 0}},
    {SCMP_SYS(prctl), {0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0}},
};

static int add_rules(scmp_filter_ctx filter)
{
	int rc = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	for (size_t i = 0; !rc && i < sizeof allowed / sizeof *allowed; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; !rc && i < sizeof narrow / sizeof *narrow; i++)
		rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, narrow[i].call, 1,
					    &narrow[i].argument);
	for (size_t i = 0; !rc && i < sizeof deadly / sizeof *deadly; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, deadly[i], 0);
	return rc;
}

static bool load_zygote_filter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (!filter) {
		errno = ENOMEM;
		return false;
	}
	int rc = add_rules(filter);
	if (!rc)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	errno = -rc;
	return rc == 0;
}

/* -- the child's filter --------------------------------------------------------------------- */

/* Calls of the zygote's that fail with EPERM in a child. The jump skips what is left of the list.
 */
#define REFUSE(call, left) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, (left) + 1, 0)

static const struct sock_filter child_filter[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    REFUSE(clone, 7),
    REFUSE(kill, 6),
    REFUSE(recvmsg, 5),
    REFUSE(prctl, 4),
    REFUSE(prlimit64, 3),
    REFUSE(wait4, 2),
    REFUSE(dup3, 1),
    REFUSE(close_range, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
};

/* -- limits --------------------------------------------------------------------------------- */

/* Soft and hard. */
static bool limit(int resource, rlim_t most)
{
	struct rlimit l = {most, most};
	return setrlimit((__rlimit_resource_t)resource, &l) == 0;
}

/* Octets of address space in use; 0 if that cannot be read. */
static rlim_t address_space(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;
	if (!f)
		return 0;
	if (fscanf(f, "%lu", &pages) != 1)
		pages = 0;
	fclose(f);
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* What a process started by root would keep. */
static bool drop_capabilities(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
	return syscall(SYS_capset, &head, none) == 0;
}

bool seal_zygote(void)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && drop_capabilities() &&
	       limit(RLIMIT_CORE, 0) && limit(RLIMIT_AS, address_space() + LIMIT_JUDGE_MEMORY) &&
	       load_zygote_filter();
}

bool seal_child(void)
{
	struct sock_fprog program = {
	    .len = sizeof child_filter / sizeof *child_filter,
	    .filter = (struct sock_filter *)(uintptr_t)child_filter, /* only read */
	};
	/* One descriptor, for poll() counts those it is given against the limit. */
	return limit(RLIMIT_NOFILE, 1) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NPROC, 0) &&
	       limit(RLIMIT_CPU, LIMIT_JUDGE_CPU) &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}
