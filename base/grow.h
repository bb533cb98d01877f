/* SPDX-License-Identifier: BSD-2-Clause */
/* grow.h - an array that grows by one element at a time, doubling. */
#ifndef BASE_GROW_H
#define BASE_GROW_H

#include <stddef.h>

/* The array of *room elements of `size` octets, all zero and 0 at first, with room for one more
 * than count: the same one, or a bigger one in its place, and *room as it is now. NULL when memory
 * is short; list and *room are then as they were. Owned by the caller, as before: free(). */
void *grow_list(void *list, size_t count, size_t *room, size_t size);

#endif
