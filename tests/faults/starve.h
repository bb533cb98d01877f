/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * starve.h - a program of the tree whose own memory runs short: linked with starve.c and the
 * linker's
 * --wrap, it maps the file that KEEPNAME_STARVE names and counts its allocations there, its
 * children's too. The one of number fails_at fails. Allocations of libraries are not reached.
 */
#ifndef TESTS_FAULTS_STARVE_H
#define TESTS_FAULTS_STARVE_H

#include <stdatomic.h>

struct starve {
	atomic_ulong count;
	atomic_ulong fails_at; /* 0: none */
};

#endif
