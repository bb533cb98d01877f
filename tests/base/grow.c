/* SPDX-License-Identifier: BSD-2-Clause */
/* Arrays that grow keep what they hold, and are left alone when memory is short. */
#include "base/grow.h"

#include <stdint.h>
#include <stdlib.h>

#include "tests/rules/table.h"

/* AddressSanitizer otherwise ends who asks for more than there is. */
__attribute__((visibility("default"))) const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void elements_stay_while_it_grows(void **state)
{
	(void)state;
	size_t *list = NULL, count = 0, room = 0, moves = 0;
	while (count < 1000) {
		size_t before = room;
		list = grow_list(list, count, &room, sizeof(*list));
		assert_non_null(list);
		moves += room != before;
		list[count] = count;
		count++;
	}
	for (size_t i = 0; i < count; i++)
		assert_int_equal(list[i], i);
	assert_true(room >= count && room < 2 * count);
	assert_true(moves < 10);
	free(list);
}

static void what_cannot_be_had_changes_nothing(void **state)
{
	(void)state;
	char *list = malloc(8);
	size_t room = 8;
	assert_non_null(list);
	assert_ptr_equal(grow_list(list, 7, &room, SIZE_MAX), list); /* there already */
	assert_null(grow_list(list, 8, &room, SIZE_MAX / 8));
	assert_int_equal(room, 8);
	room = SIZE_MAX - 1;
	assert_null(grow_list(list, room, &room, 1));
	assert_int_equal(room, SIZE_MAX - 1);
	free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(elements_stay_while_it_grows),
	    cmocka_unit_test(what_cannot_be_had_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
