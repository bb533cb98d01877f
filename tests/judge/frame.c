/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames between listener and judge: what is written is read, at every size that the code treats
 * differently; and what a hostile other side can do to a reader or writer.
 */
#include "judge/frame.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/rules/table.h"

enum {
	SOON = 5000, /* ms; only a failing test waits so long */
};

struct pair {
	int near, far;
	struct frame_reader reader; /* of far */
};

static void open_pair(struct pair *p)
{
	int fd[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd), 0);
	p->near = fd[0];
	p->far = fd[1];
	frame_reader_init(&p->reader, p->far);
}

static void close_near(struct pair *p)
{
	close(p->near);
	p->near = -1;
}

static void close_pair(struct pair *p)
{
	frame_reader_free(&p->reader);
	if (p->near >= 0)
		close(p->near);
	close(p->far);
}

static void put(struct pair *p, const void *octets, size_t n)
{
	assert_int_equal(send(p->near, octets, n, MSG_NOSIGNAL), (ssize_t)n);
}

static struct slice filled(size_t n)
{
	char *p = malloc(n ? n : 1);
	assert_non_null(p);
	for (size_t i = 0; i < n; i++)
		p[i] = (char)(i * 7 + n);
	return (struct slice){p, n};
}

struct writing {
	int fd;
	enum frame_kind kind;
	struct slice payload;
	enum frame_result result;
};

static void *write_frame(void *arg)
{
	struct writing *w = arg;
	w->result = frame_write(w->fd, w->kind, w->payload, frame_clock() + SOON);
	return NULL;
}

static void every_size_arrives(void **state)
{
	(void)state;
	static const size_t size[] = {
	    0, 1, 1023, 1024, 1025, 16379, 16380, LIMIT_BODY_CHUNK, 300000, LIMIT_FRAME};
	struct pair p;
	open_pair(&p);
	for (size_t i = 0; i < COUNT_OF(size); i++) {
		struct writing w = {.fd = p.near,
				    .kind = (enum frame_kind)(i % FRAME_KIND_COUNT),
				    .payload = filled(size[i])};
		pthread_t thread;
		assert_int_equal(pthread_create(&thread, NULL, write_frame, &w), 0);
		enum frame_kind kind;
		struct slice got;
		enum frame_result r =
		    frame_read(&p.reader, LIMIT_FRAME, frame_clock() + SOON, &kind, &got);
		pthread_join(thread, NULL);
		CHECK(w.result == FRAME_OK && r == FRAME_OK, "size %zu: %d %d", size[i], w.result,
		      r);
		CHECK(kind == w.kind, "size %zu", size[i]);
		CHECK(got.n == size[i] && memcmp(got.p, w.payload.p, got.n) == 0, "size %zu",
		      size[i]);
		tight_free(w.payload);
	}
	close_pair(&p);
}

static void a_frame_past_the_limit_is_not_written(void **state)
{
	(void)state;
	struct pair p;
	open_pair(&p);
	struct slice big = filled(LIMIT_FRAME + 1);
	assert_int_equal(frame_write(p.near, FRAME_BODY, big, 0), FRAME_NONSENSE);
	struct str frame = {0};
	frame_begin(&frame, FRAME_BODY);
	str_add(&frame, big.p, big.n);
	frame_end(&frame);
	assert_int_equal(frame_send(p.near, &frame, 0), FRAME_NONSENSE);
	assert_int_equal(frame_try(p.near, &frame), FRAME_NONSENSE);
	char octet;
	assert_int_equal(recv(p.far, &octet, 1, MSG_DONTWAIT), -1);
	str_free(&frame);
	tight_free(big);
	close_pair(&p);
}

static void a_built_frame_is_the_same_octets(void **state)
{
	(void)state;
	struct pair p;
	open_pair(&p);
	struct str frame = {0};
	for (int round = 0; round < 2; round++) { /* the buffer is used again */
		frame_begin(&frame, FRAME_RECORD);
		str_puts(&frame, "abc");
		frame_end(&frame);
		assert_int_equal(frame_send(p.near, &frame, 0), FRAME_OK);
		char got[16];
		assert_int_equal(recv(p.far, got, sizeof got, 0), 8);
		assert_memory_equal(got, "\0\0\0\3\5abc", 8);
	}
	str_free(&frame);
	close_pair(&p);
}

static void octet_by_octet(void **state)
{
	(void)state;
	static const char octets[] = "\0\0\0\3\1abc\0\0\0\0\2\0\0\0\1\3z";
	struct pair p;
	open_pair(&p);
	size_t frames = 0;
	enum frame_kind kind;
	struct slice got;
	for (size_t i = 0; i < sizeof octets - 1; i++) {
		put(&p, octets + i, 1);
		enum frame_result r = frame_read(&p.reader, 3, 0, &kind, &got);
		bool whole = i == 7 || i == 12 || i == 18;
		CHECK(r == (whole ? FRAME_OK : FRAME_LATE), "octet %zu: %d", i, r);
		frames += whole;
	}
	assert_int_equal(frames, 3);
	assert_int_equal(kind, FRAME_QUESTION);
	assert_true(slice_is(got, "z"));
	assert_int_equal(p.reader.total, sizeof octets - 1);
	close_pair(&p);
}

static void many_frames_at_once_are_handed_out_one_by_one(void **state)
{
	(void)state;
	struct pair p;
	open_pair(&p);
	char octets[FRAME_HEAD + 200] = {0, 0, 0, (char)200, FRAME_BODY};
	for (int i = 0; i < 100; i++) {
		octets[FRAME_HEAD] = (char)i;
		put(&p, octets, sizeof octets);
	}
	for (int i = 0; i < 100; i++) {
		enum frame_kind kind;
		struct slice got;
		assert_int_equal(frame_read(&p.reader, 200, 0, &kind, &got), FRAME_OK);
		CHECK(got.n == 200 && got.p[0] == (char)i, "frame %d", i);
	}
	close_pair(&p);
}

static void an_end_at_any_octet_is_an_end(void **state)
{
	(void)state;
	static const char octets[] = "\0\0\0\5\1abcde";
	const size_t whole = sizeof octets - 1;
	for (size_t n = 0; n <= whole; n++) {
		struct pair p;
		open_pair(&p);
		if (n)
			put(&p, octets, n);
		close_near(&p);
		enum frame_kind kind;
		struct slice got;
		enum frame_result r = frame_read(&p.reader, 5, -1, &kind, &got);
		CHECK(r == (n == whole ? FRAME_OK : FRAME_EOF), "%zu octets: %d", n, r);
		close_pair(&p);
	}
}

static void lengths_and_kinds_out_of_range(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		unsigned char head[FRAME_HEAD];
		enum frame_result want;
	} row[] = {
	    {"at the limit", {0, 0, 1, 0, FRAME_BODY}, FRAME_LATE},
	    {"one past it", {0, 0, 1, 1, FRAME_BODY}, FRAME_NONSENSE},
	    {"4 GB", {0xff, 0xff, 0xff, 0xff, FRAME_RECORD}, FRAME_NONSENSE},
	    {"2 GB", {0x80, 0, 0, 0, FRAME_RECORD}, FRAME_NONSENSE},
	    {"last kind", {0, 0, 0, 0, FRAME_KIND_COUNT - 1}, FRAME_OK},
	    {"one past it", {0, 0, 0, 0, FRAME_KIND_COUNT}, FRAME_NONSENSE},
	    {"kind 255", {0, 0, 0, 0, 255}, FRAME_NONSENSE},
	};
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		struct pair p;
		open_pair(&p);
		put(&p, row[i].head, FRAME_HEAD);
		enum frame_kind kind;
		struct slice got;
		enum frame_result r = frame_read(&p.reader, 256, 0, &kind, &got);
		CHECK(r == row[i].want, "%s: %d", row[i].name, r);
		CHECK(p.reader.room <= 32 * 1024, "%s: %zu octets were taken for it", row[i].name,
		      p.reader.room);
		close_pair(&p);
	}
}

static void a_reader_that_does_not_read_makes_the_writer_late(void **state)
{
	(void)state;
	struct pair p;
	open_pair(&p);
	struct slice big = filled(LIMIT_FRAME);
	int64_t start = frame_clock();
	assert_int_equal(frame_write(p.near, FRAME_BODY, big, start + 50), FRAME_LATE);
	assert_true(frame_clock() >= start + 50);
	tight_free(big);
	close_pair(&p);
}

static void a_try_writes_all_or_nothing(void **state)
{
	(void)state;
	struct pair p;
	open_pair(&p);
	struct str frame = {0};
	frame_begin(&frame, FRAME_ANSWER);
	struct slice payload = filled(LIMIT_DNS_PACKET);
	str_add(&frame, payload.p, payload.n);
	frame_end(&frame);
	size_t written = 0;
	enum frame_result r;
	while ((r = frame_try(p.near, &frame)) == FRAME_OK)
		written++;
	assert_int_equal(r, FRAME_LATE);
	assert_true(written >= 3);
	for (size_t i = 0; i < written; i++) {
		enum frame_kind kind;
		struct slice got;
		assert_int_equal(frame_read(&p.reader, LIMIT_FRAME, 0, &kind, &got), FRAME_OK);
		assert_int_equal(got.n, payload.n);
	}
	char octet;
	assert_int_equal(recv(p.far, &octet, 1, MSG_DONTWAIT), -1);
	close(p.far);
	assert_int_equal(frame_try(p.near, &frame), FRAME_EOF);
	p.far = dup(p.near);
	tight_free(payload);
	str_free(&frame);
	close_pair(&p);
}

static void writing_to_nobody_raises_no_signal(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_DFL);
	struct pair p;
	open_pair(&p);
	close(p.far);
	p.far = dup(p.near);
	assert_int_equal(frame_write(p.near, FRAME_END, LIT("\1"), -1), FRAME_EOF);
	close_pair(&p);
}

static void a_failed_buffer_is_not_sent(void **state)
{
	(void)state;
	struct str frame = {.failed = true};
	assert_int_equal(frame_send(-1, &frame, 0), FRAME_ERROR);
	assert_int_equal(errno, ENOMEM);
	assert_int_equal(frame_try(-1, &frame), FRAME_ERROR);
}

static void no_socket_is_an_error(void **state)
{
	(void)state;
	struct frame_reader r;
	frame_reader_init(&r, -1);
	enum frame_kind kind;
	struct slice got;
	assert_int_equal(frame_read(&r, 10, -1, &kind, &got), FRAME_ERROR);
	frame_reader_free(&r);
	frame_reader_free(NULL);
	assert_int_equal(frame_write(-1, FRAME_END, LIT("x"), -1), FRAME_ERROR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_size_arrives),
	    cmocka_unit_test(a_frame_past_the_limit_is_not_written),
	    cmocka_unit_test(a_built_frame_is_the_same_octets),
	    cmocka_unit_test(octet_by_octet),
	    cmocka_unit_test(many_frames_at_once_are_handed_out_one_by_one),
	    cmocka_unit_test(an_end_at_any_octet_is_an_end),
	    cmocka_unit_test(lengths_and_kinds_out_of_range),
	    cmocka_unit_test(a_reader_that_does_not_read_makes_the_writer_late),
	    cmocka_unit_test(a_try_writes_all_or_nothing),
	    cmocka_unit_test(writing_to_nobody_raises_no_signal),
	    cmocka_unit_test(a_failed_buffer_is_not_sent),
	    cmocka_unit_test(no_socket_is_an_error),
	};
	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
