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
 */
#include <config.h> /* autoconf's: GNU interfaces */

#include "judge/seal.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/sealing.h"

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
static const struct sealing_narrow narrow[] = {
    {SCMP_SYS(mmap), {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}},
    {SCMP_SYS(mprotect), {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}},
    /* as fork() calls it: no threads, no name spaces */
    {SCMP_SYS(clone), {0, SCMP_CMP_EQ, CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD, 0}},
    {SCMP_SYS(kill), {1, SCMP_CMP_EQ, SIGKILL, 0}},
    {SCMP_SYS(prlimit64), {0, SCMP_CMP_EQ, 0, 0}},
    {SCMP_SYS(prctl), {0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0}},
};

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

/* -- the seals ------------------------------------------------------------------------------ */

bool seal_zygote(void)
{
	static const struct sealing sealing = {
	    .allowed = allowed,
	    .allowed_count = sizeof allowed / sizeof *allowed,
	    .narrow = narrow,
	    .narrow_count = sizeof narrow / sizeof *narrow,
	    .deadly = deadly,
	    .deadly_count = sizeof deadly / sizeof *deadly,
	    .memory = LIMIT_JUDGE_MEMORY,
	};
	return sealing_apply(&sealing);
}

bool seal_child(void)
{
	struct sock_fprog program = {
	    .len = sizeof child_filter / sizeof *child_filter,
	    .filter = (struct sock_filter *)(uintptr_t)child_filter, /* only read */
	};
	/* One descriptor, for poll() counts those it is given against the limit. */
	return sealing_limit(RLIMIT_NOFILE, 1) && sealing_limit(RLIMIT_FSIZE, 0) &&
	       sealing_limit(RLIMIT_NPROC, 0) && sealing_limit(RLIMIT_CPU, LIMIT_JUDGE_CPU) &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}
