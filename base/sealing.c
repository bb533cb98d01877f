/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sealing.c - see sealing.h.
 *
 * RLIMIT_AS is set relative to what the process has, because libraries (and AddressSanitizer) map
 * much that they never touch.
 */
#include <config.h> /* autoconf's: GNU interfaces */

#include "base/sealing.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static int add_rules(scmp_filter_ctx filter, const struct sealing *s)
{
	int rc = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	for (size_t i = 0; !rc && i < s->allowed_count; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, s->allowed[i], 0);
	for (size_t i = 0; !rc && i < s->narrow_count; i++)
		rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, s->narrow[i].call, 1,
					    &s->narrow[i].argument);
	for (size_t i = 0; !rc && i < s->deadly_count; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, s->deadly[i], 0);
	return rc;
}

static bool load_filter(const struct sealing *s)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (!filter) {
		errno = ENOMEM;
		return false;
	}
	int rc = add_rules(filter, s);
	if (!rc)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	errno = -rc;
	return rc == 0;
}

bool sealing_limit(int resource, uint64_t most)
{
	struct rlimit l = {most, most};
	return setrlimit((__rlimit_resource_t)resource, &l) == 0;
}

static bool limit_memory(uint64_t more)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;
	int n = f ? fscanf(f, "%lu", &pages) : 0;
	if (f)
		fclose(f);
	return n == 1 &&
	       sealing_limit(RLIMIT_AS, (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE) + more);
}

/* What a process started by root would keep. */
static bool drop_capabilities(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
	return syscall(SYS_capset, &head, none) == 0;
}

bool sealing_apply(const struct sealing *s)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && drop_capabilities() &&
	       sealing_limit(RLIMIT_CORE, 0) && limit_memory(s->memory) && load_filter(s);
}
