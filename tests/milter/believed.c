/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of our headers, set by a server of ours, is believed: only a whole by= key of a known name.
 */
#include "milter/believed.h"

#include "tests/rules/table.h"

static const struct {
	const char *name;
	const char *value[3];
	long want; /* index, -1: none */
} row[] = {
    {"of the first of our names", {" genuine; class=renewal; by=mx.example.net"}, 0},
    {"of another one, other case", {" genuine; by=EDGE.example.net"}, 0},
    {"of a stranger", {" genuine; by=mx.example.org"}, -1},
    {"longer name", {" genuine; by=mx.example.net.evil.example"}, -1},
    {"no by at all", {" genuine; class=renewal"}, -1},
    {"by within a quoted value", {" genuine; registrar=\"x; by=mx.example.net\""}, -1},
    {"two by", {" genuine; by=mx.example.net; by=evil.example"}, -1},
    {"another key that ends so", {" genuine; standby=mx.example.net"}, -1},
    {"folded", {" genuine; class=renewal;\n\tby=mx.example.net"}, 0},
    {"the second copy", {" genuine; by=evil.example", " known; by=edge.example.net"}, 1},
    {"empty", {""}, -1},
};

static void the_right_copy_is_believed(void **state)
{
	char mx[] = "mx.example.net", edge[] = "edge.example.net";
	char *names[] = {mx, edge};
	const struct config_list ids = {.item = names, .count = 2};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct message m;
		size_t index = 99;

		message_init(&m);
		for (int v = 0; v < 3 && row[i].value[v] != NULL; v++)
			message_add_header(&m, "X-Keepname", row[i].value[v]);
		const long got = believed_find(&m, &ids, &index) ? (long)index : -1;
		if (got != row[i].want)
			fail_msg("%s: got %ld, want %ld", row[i].name, got, row[i].want);
		message_free(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_right_copy_is_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
