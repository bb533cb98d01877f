/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * starving - starts a count of starve.h, or tells it.
 *
 *   starving FILE N      from now on the Nth allocation fails (0: none); makes the file if need be
 *   starving FILE        prints how many there were
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/faults/starve.h"

int main(int argc, char **argv)
{
	struct starve *s;
	int fd;

	if (argc < 2 || argc > 3 || (fd = open(argv[1], O_RDWR | O_CREAT, 0666)) < 0 ||
	    ftruncate(fd, sizeof(*s)) < 0)
		return 2;
	s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (s == MAP_FAILED)
		return 2;
	if (argc == 2) {
		printf("%lu\n", atomic_load(&s->count));
		return 0;
	}
	atomic_store(&s->fails_at, 0);
	atomic_store(&s->count, 0);
	atomic_store(&s->fails_at, strtoul(argv[2], NULL, 10));
	return 0;
}
