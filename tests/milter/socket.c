/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The milter socket: mode and group, a stale file replaced, a live one and anything that is no
 * socket refused and left as it is.
 */
#include "milter/socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/rules/table.h"

struct place {
	char folder[64];
	char path[80];
	char text[96];
	char group[1], user[16]; /* "": none */
	struct config config;
	char why[256];
};

static int set_up(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	strcpy(p->folder, "/tmp/keepname-socket-XXXXXX");
	if (mkdtemp(p->folder) == NULL)
		return -1;
	snprintf(p->path, sizeof(p->path), "%s/s", p->folder);
	snprintf(p->text, sizeof(p->text), "local:%s", p->path);
	p->config.socket = p->text;
	p->config.socket_group = p->group;
	p->config.user = p->user;
	p->config.socket_mode = 0660;
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;

	unlink(p->path);
	rmdir(p->folder);
	free(p);
	return 0;
}

static bool answers(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	bool good;

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	good = connect(fd, (const struct sockaddr *)&a, sizeof(a)) == 0;
	close(fd);
	return good;
}

static void a_new_socket_has_its_mode(void **state)
{
	struct place *p = *state;
	const int fd = socket_open(&p->config, p->why, sizeof(p->why));
	struct stat st;

	assert_true(fd >= 0);
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	assert_true(answers(p->path));
	close(fd);
}

/* As root: its user's, in the user's group, or in the group of a set-group-id folder. */
static void root_gives_it_to_user(void **state)
{
	static const struct {
		mode_t folder;
		gid_t group, want;
	} rows[] = {{0755, 0, 65534}, {02755, 12, 12}};
	struct place *p = *state;
	struct stat st;

	if (geteuid() != 0)
		SKIP_TEST("only root may give a file away");
	strcpy(p->user, "nobody"); /* 65534, of group nogroup, 65534 */
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(chown(p->folder, 0, rows[i].group), 0);
		assert_int_equal(chmod(p->folder, rows[i].folder), 0);
		const int fd = socket_open(&p->config, p->why, sizeof(p->why));

		CHECK(fd >= 0, "%s", p->why);
		assert_int_equal(lstat(p->path, &st), 0);
		CHECK(st.st_uid == 65534 && st.st_gid == rows[i].want, "row %zu: got %d:%d", i,
		      (int)st.st_uid, (int)st.st_gid);
		assert_int_equal(st.st_mode & 07777, 0660);
		close(fd);
		unlink(p->path);
	}
}

static void a_stale_one_is_replaced(void **state)
{
	struct place *p = *state;
	int fd = socket_open(&p->config, p->why, sizeof(p->why));

	close(fd); /* the file stays, nobody serves it */
	assert_false(answers(p->path));
	fd = socket_open(&p->config, p->why, sizeof(p->why));
	assert_true(fd >= 0);
	assert_true(answers(p->path));
	close(fd);
}

static void a_live_one_is_refused_and_goes_on(void **state)
{
	struct place *p = *state;
	const int fd = socket_open(&p->config, p->why, sizeof(p->why));

	assert_int_equal(socket_open(&p->config, p->why, sizeof(p->why)), -1);
	assert_non_null(strstr(p->why, "in use"));
	assert_true(answers(p->path));
	close(fd);
}

static void a_file_that_is_no_socket_is_left_alone(void **state)
{
	struct place *p = *state;
	FILE *f = fopen(p->path, "w");
	struct stat st;

	fputs("precious", f);
	fclose(f);
	assert_int_equal(socket_open(&p->config, p->why, sizeof(p->why)), -1);
	assert_non_null(strstr(p->why, "not touched"));
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_size, 8);
	socket_remove(p->text);
	assert_int_equal(stat(p->path, &st), 0);
}

static void an_unknown_group_leaves_nothing_behind(void **state)
{
	struct place *p = *state;
	char group[] = "no-such-group-here";
	struct stat st;

	p->config.socket_group = group;
	assert_int_equal(socket_open(&p->config, p->why, sizeof(p->why)), -1);
	assert_non_null(strstr(p->why, "no-such-group-here"));
	assert_int_not_equal(stat(p->path, &st), 0);
}

static void an_inet_port_in_use_is_refused(void **state)
{
	struct place *p = *state;
	char any[] = "inet:0@127.0.0.1", taken[64];
	struct sockaddr_storage a;
	socklen_t n = sizeof(a);
	int fd;

	p->config.socket = any;
	fd = socket_open(&p->config, p->why, sizeof(p->why));
	assert_true(fd >= 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	const unsigned char *port = (const unsigned char *)&a + 2; /* of sockaddr_in */
	snprintf(taken, sizeof(taken), "inet:%d@127.0.0.1", port[0] << 8 | port[1]);
	p->config.socket = taken;
	assert_int_equal(socket_open(&p->config, p->why, sizeof(p->why)), -1);
	assert_non_null(strstr(p->why, "in use"));
	close(fd);
}

static void a_path_that_is_too_long_is_refused(void **state)
{
	struct place *p = *state;
	char text[256] = "local:/";

	memset(text + 7, 'x', 200);
	p->config.socket = text;
	assert_int_equal(socket_open(&p->config, p->why, sizeof(p->why)), -1);
	assert_non_null(strstr(p->why, "longer than"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_new_socket_has_its_mode, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(root_gives_it_to_user, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_stale_one_is_replaced, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_live_one_is_refused_and_goes_on, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_file_that_is_no_socket_is_left_alone, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(an_unknown_group_leaves_nothing_behind, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(an_inet_port_in_use_is_refused, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_path_that_is_too_long_is_refused, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
