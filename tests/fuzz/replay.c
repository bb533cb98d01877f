/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * replay.c - the main of a target where there is no libFuzzer: plays files, and all files of
 * folders, and prints how many. What an input does wrong ends the process, its name being the last
 * that was printed with -v.
 */
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

static size_t played;
static bool verbose;

static int play(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct str text = {0};
	(void)st;
	(void)ftw;
	if (type != FTW_F)
		return 0;
	if (verbose)
		fprintf(stderr, "%s\n", path);
	if (str_read_file(path, 16 * 1024 * 1024, &text) != 0)
		return 1;
	/* An allocation of its own, so that a sanitizer sees who reads past the end. */
	uint8_t *copy = malloc(text.n ? text.n : 1);
	FUZZ_CHECK(copy, "memory");
	if (text.n)
		memcpy(copy, text.p, text.n);
	LLVMFuzzerTestOneInput(copy, text.n);
	free(copy);
	str_free(&text);
	played++;
	return 0;
}

int main(int argc, char **argv)
{
	LLVMFuzzerInitialize(&argc, &argv);
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-v") == 0)
			verbose = true;
		else if (nftw(argv[i], play, 8, FTW_PHYS) != 0) {
			fprintf(stderr, "%s: cannot be read\n", argv[i]);
			return 1;
		}
	}
	printf("%zu\n", played);
	return 0;
}
