/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attempts_list - prints the table of tests/judge/attempts.h as takenover.sh needs it: one line for
 * each attempt, NUMBER WANTED NAME, where WANTED is the outcome in a sealed judge as takenover.c
 * spells it.
 */
#include <stdio.h>

#include "tests/faults/takenover.h"

int main(void)
{
	for (size_t i = 0; i < attempt_count; i++)
		printf("%zu %s %s\n", i, takenover_word(attempts[i].child), attempts[i].name);
	return 0;
}
