/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz.c - see fuzz.h. */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#pragma weak fuzz_seeds

static const char *seeds_folder;

static void put_seed(const char *name, const void *p, size_t n)
{
	struct str path = {0};
	str_printf(&path, "%s/%s", seeds_folder, name);
	FILE *f = fopen(str_text(&path), "wb");
	FUZZ_CHECK(f && fwrite(p, 1, n, f) == n && fclose(f) == 0, "%s", str_text(&path));
	str_free(&path);
}

/* FUZZ_SEEDS=FOLDER: writes the seeds that are made there, and ends. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	seeds_folder = getenv("FUZZ_SEEDS");
	if (!seeds_folder)
		return 0;
	if (fuzz_seeds)
		fuzz_seeds(put_seed);
	exit(0);
}

const char *fuzz_srcdir(void)
{
	const char *dir = getenv("srcdir");
	return dir ? dir : ".";
}

static char folder[64];

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_folder(void)
{
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_folder(void)
{
	if (*folder)
		return folder;
	snprintf(folder, sizeof(folder), "/dev/shm/keepname-fuzz.XXXXXX");
	if (!mkdtemp(folder)) {
		snprintf(folder, sizeof(folder), "/tmp/keepname-fuzz.XXXXXX");
		FUZZ_CHECK(mkdtemp(folder), "no folder");
	}
	atexit(remove_folder);
	return folder;
}

const char *fuzz_file(const void *p, size_t n)
{
	static char path[32];
	static int fd = -1;
	if (fd < 0)
		fd = memfd_create("input", MFD_CLOEXEC);
	FUZZ_CHECK(fd >= 0 && ftruncate(fd, 0) == 0 && pwrite(fd, p, n, 0) == (ssize_t)n, "memfd");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}

struct slice fuzz_line(struct slice *rest)
{
	const char *end = rest->n ? memchr(rest->p, '\n', rest->n) : NULL;
	struct slice line = {rest->p, end ? (size_t)(end - rest->p) : rest->n};
	size_t taken = end ? line.n + 1 : line.n;
	*rest = (struct slice){rest->p + taken, rest->n - taken};
	return line;
}

bool fuzz_same(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

struct slice fuzz_part(struct slice *rest)
{
	struct slice part = *rest;
	const char *mark = memmem(rest->p, rest->n, "%%\n", 3);
	while (mark && mark != rest->p && mark[-1] != '\n')
		mark = memmem(mark + 1, (size_t)(rest->p + rest->n - mark - 1), "%%\n", 3);
	if (!mark) {
		*rest = (struct slice){rest->p + rest->n, 0};
		return part;
	}
	part.n = (size_t)(mark - rest->p);
	*rest = (struct slice){mark + 3, rest->n - part.n - 3};
	return part;
}
