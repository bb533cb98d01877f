/* SPDX-License-Identifier: BSD-2-Clause */
/* grow.c - an array that grows; see grow.h. */
#include "base/grow.h"

#include <stdint.h>
#include <stdlib.h>

enum {
	FIRST_ROOM = 8,
};

void *grow_list(void *list, size_t count, size_t *room, size_t size)
{
	size_t more = *room ? *room : FIRST_ROOM / 2;
	void *p;

	if (count < *room)
		return list;
	if (more > SIZE_MAX / 2)
		return NULL;
	p = reallocarray(list, 2 * more, size);
	if (p)
		*room = 2 * more;
	return p;
}
