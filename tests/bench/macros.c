/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * macros.c - the packet of macros that precedes an event. See macros.h.
 */
#include "tests/bench/macros.h"

#include <stdbool.h>
#include <string.h>

static bool listed(const char *list, const char *name)
{
	size_t len = strlen(name);

	while (*list != '\0') {
		size_t n = strcspn(list, " ,");

		if (n == len && strncmp(list, name, n) == 0)
			return true;
		list += n;
		list += strspn(list, " ,");
	}
	return false;
}

size_t macros_pack(char event, const struct macro *values, const char *wanted, char *ret_data,
		   size_t size)
{
	size_t len = 0;

	ret_data[len++] = event;
	for (; values->name != NULL; values++) {
		size_t name = strlen(values->name) + 1, value;

		if (values->value == NULL || (wanted != NULL && !listed(wanted, values->name)))
			continue;
		value = strlen(values->value) + 1;
		if (len + name + value > size)
			continue;
		memcpy(ret_data + len, values->name, name);
		memcpy(ret_data + len + name, values->value, value);
		len += name + value;
	}
	return len;
}
