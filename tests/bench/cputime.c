/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cputime.c - the CPU of a process tree, from /proc. See cputime.h.
 *
 * A parent is read before its children: one that ends in between is then missed once, never counted
 * twice.
 */
#include "tests/bench/cputime.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct process {
	pid_t pid;
	pid_t parent;
};

struct table {
	struct process *process;
	size_t count;
};

/* The fields of /proc/PID/stat that matter (proc(5): 4, 16, 17). 0 or a negative errno. */
static int read_stat(pid_t pid, pid_t *ret_parent, uint64_t *ret_child_ticks)
{
	char path[64], line[1024], *at;
	long cutime, cstime;
	int parent;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "r");
	if (f == NULL)
		return -errno;
	at = fgets(line, sizeof(line), f);
	fclose(f);
	/* The name in brackets may hold anything: the last bracket ends it. */
	if (at == NULL || (at = strrchr(line, ')')) == NULL)
		return -ESRCH;
	if (sscanf(at + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %ld %ld", &parent,
		   &cutime, &cstime) != 3)
		return -EPROTO;
	*ret_parent = parent;
	*ret_child_ticks = (uint64_t)cutime + (uint64_t)cstime;
	return 0;
}

static int add_process(struct table *t, pid_t pid)
{
	struct process *bigger = realloc(t->process, (t->count + 1) * sizeof(*bigger));
	struct process p = {.pid = pid};
	uint64_t ticks;

	if (bigger == NULL)
		return -ENOMEM;
	t->process = bigger;
	if (read_stat(pid, &p.parent, &ticks) == 0)
		bigger[t->count++] = p;
	return 0;
}

static int read_table(struct table *t)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;
	int r = 0;

	if (proc == NULL)
		return -errno;
	while (r == 0 && (e = readdir(proc)) != NULL)
		if (isdigit((unsigned char)e->d_name[0]))
			r = add_process(t, (pid_t)atoi(e->d_name));
	closedir(proc);
	return r;
}

static int cpu_of_one(pid_t pid, uint64_t *ret_ns)
{
	struct timespec ts;
	uint64_t ticks = 0;
	clockid_t clock;
	pid_t parent;
	int r = clock_getcpuclockid(pid, &clock);

	if (r != 0)
		return -r;
	if (clock_gettime(clock, &ts) != 0)
		return -errno;
	r = read_stat(pid, &parent, &ticks);
	if (r < 0)
		return r;
	*ret_ns = (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec +
		  ticks * (1000000000u / (uint64_t)sysconf(_SC_CLK_TCK));
	return 0;
}

static void add_children(const struct table *t, pid_t of, unsigned depth, uint64_t *sum)
{
	for (size_t i = 0; depth > 0 && i < t->count; i++) {
		uint64_t ns = 0;

		if (t->process[i].parent != of)
			continue;
		if (cpu_of_one(t->process[i].pid, &ns) == 0)
			*sum += ns;
		add_children(t, t->process[i].pid, depth - 1, sum);
	}
}

int cputime_tree(pid_t root, uint64_t *ret_ns)
{
	enum { DEEPEST = 16 }; /* a table read while processes come and go could hold a ring */
	struct table t = {0};
	uint64_t sum = 0;
	int r = cpu_of_one(root, &sum);

	if (r == 0)
		r = read_table(&t);
	if (r == 0)
		add_children(&t, root, DEEPEST, &sum);
	free(t.process);
	if (r == 0)
		*ret_ns = sum;
	return r;
}
