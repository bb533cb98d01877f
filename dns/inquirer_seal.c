/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inquirer_seal.c - see inquirer_seal.h.
 *
 * What an answer could make of the process that reads it is: one that sends packets, and that says
 * what it likes about the domains it is asked about. It finds no file, no database, no other
 * process, and no memory without end.
 */
#include <config.h> /* autoconf's: GNU interfaces */

#include "dns/inquirer_seal.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/sealing.h"

enum {
	MEMORY = 64 * 1024 * 1024, /* octets more than now: a buffer of 64 KB for each inquiry */
};

/* clang-format off */
static const int allowed[] = {
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(recvfrom), SCMP_SYS(sendto), SCMP_SYS(connect),
    SCMP_SYS(getsockopt), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(close),
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
    SCMP_SYS(futex), SCMP_SYS(getrandom), SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
    SCMP_SYS(exit), SCMP_SYS(exit_group),
    /* AddressSanitizer's, when it ends */
    SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(sigaltstack),
};
/* clang-format on */

static const struct sealing_narrow narrow[] = {
    {SCMP_SYS(socket), {0, SCMP_CMP_EQ, AF_INET, 0}},
    {SCMP_SYS(socket), {0, SCMP_CMP_EQ, AF_INET6, 0}},
    {SCMP_SYS(mmap), {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}},
    {SCMP_SYS(mprotect), {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}},
};

bool inquirer_seal(unsigned descriptors)
{
	static const struct sealing sealing = {
	    .allowed = allowed,
	    .allowed_count = sizeof allowed / sizeof *allowed,
	    .narrow = narrow,
	    .narrow_count = sizeof narrow / sizeof *narrow,
	    .memory = MEMORY,
	};
	return sealing_limit(RLIMIT_FSIZE, 0) && sealing_limit(RLIMIT_NPROC, 0) &&
	       sealing_limit(RLIMIT_NOFILE, descriptors) && sealing_apply(&sealing);
}
