/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The judge's resolver: each question goes out once, at most LIMIT_QUESTIONS do, and whatever the
 * other side does instead of answering is trouble, not an answer and not a crash.
 */
#include "judge/ask.h"

#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/rules/table.h"

struct fixture {
	int near, far;
	struct frame_reader reader; /* the judge's */
	struct ask *ask;
	struct resolver resolver;
	struct frame_reader listener;
};

static void set_up(struct fixture *f)
{
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	f->near = pair[0];
	f->far = pair[1];
	frame_reader_init(&f->reader, f->near);
	frame_reader_init(&f->listener, f->far);
	f->ask = ask_new(f->near, &f->reader);
	assert_non_null(f->ask);
	f->resolver = ask_resolver(f->ask);
}

static void tear_down(struct fixture *f)
{
	ask_free(f->ask);
	frame_reader_free(&f->reader);
	frame_reader_free(&f->listener);
	close(f->near);
	if (f->far >= 0)
		close(f->far);
}

/* The next question that has gone out; false: none. */
static bool next_question(struct fixture *f, struct question *ret_question)
{
	enum frame_kind kind;
	struct slice payload;
	ask_flush(f->ask);
	enum frame_result r = frame_read(&f->listener, LIMIT_FRAME, 0, &kind, &payload);
	if (r == FRAME_LATE)
		return false;
	assert_int_equal(r, FRAME_OK);
	assert_int_equal(kind, FRAME_QUESTION);
	assert_true(question_unpack(payload, ret_question));
	return true;
}

static void answer(struct fixture *f, uint64_t id, const char *text)
{
	struct answer a = {.id = id, .status = ANSWER_DATA};
	struct str packed = {0};
	assert_true(answer_add(&a, text, strlen(text)));
	answer_pack(&a, &packed);
	assert_int_equal(frame_write(f->far, FRAME_ANSWER, (struct slice){packed.p, packed.n}, 0),
			 FRAME_OK);
	str_free(&packed);
	answer_free(&a);
}

static void expect(struct fixture *f, const char *name)
{
	f->resolver.expect(f->resolver.context, QUESTION_TXT, name);
}

static const struct answer *ask(struct fixture *f, const char *name)
{
	return f->resolver.ask(f->resolver.context, QUESTION_TXT, name);
}

static void a_question_goes_out_once(void **state)
{
	(void)state;
	struct fixture f;
	struct question q;
	set_up(&f);
	expect(&f, "a.example");
	expect(&f, "a.example");
	expect(&f, "A.EXAMPLE");
	f.resolver.expect(f.resolver.context, QUESTION_MX, "a.example");
	assert_true(next_question(&f, &q));
	assert_string_equal(q.name, "a.example");
	assert_int_equal(q.type, QUESTION_TXT);
	uint64_t id = q.id;
	assert_true(next_question(&f, &q));
	assert_int_equal(q.type, QUESTION_MX);
	assert_false(next_question(&f, &q));
	assert_int_equal(ask_count(f.ask), 2);
	answer(&f, id, "one");
	const struct answer *a = ask(&f, "a.Example");
	assert_int_equal(a->status, ANSWER_DATA);
	assert_int_equal(a->count, 1);
	assert_true(slice_is(a->record[0], "one"));
	assert_ptr_equal(a, ask(&f, "a.example"));
	tear_down(&f);
}

/* Known questions go out together, in one write. */
static void expected_questions_wait_for_the_flush(void **state)
{
	(void)state;
	struct fixture f;
	char octets[1024];
	set_up(&f);
	expect(&f, "one.example");
	expect(&f, "two.example");
	assert_int_equal(recv(f.far, octets, sizeof octets, MSG_DONTWAIT), -1);
	ask_flush(f.ask);
	ssize_t n = recv(f.far, octets, sizeof octets, MSG_DONTWAIT);
	assert_int_equal(n, 2 * (FRAME_HEAD + 1 + 8 + 1 + 4 + 11));
	ask_flush(f.ask);
	assert_int_equal(recv(f.far, octets, sizeof octets, MSG_DONTWAIT), -1);
	tear_down(&f);
}

static void answers_come_in_any_order(void **state)
{
	(void)state;
	struct fixture f;
	struct question one, two;
	set_up(&f);
	expect(&f, "one.example");
	expect(&f, "two.example");
	assert_true(next_question(&f, &one));
	assert_true(next_question(&f, &two));
	answer(&f, two.id, "2");
	answer(&f, one.id, "1");
	assert_true(slice_is(ask(&f, "one.example")->record[0], "1"));
	assert_true(slice_is(ask(&f, "two.example")->record[0], "2"));
	tear_down(&f);
}

static void questions_end_at_their_limit(void **state)
{
	(void)state;
	struct fixture f;
	struct question q;
	char name[64];
	set_up(&f);
	for (int i = 0; i < LIMIT_QUESTIONS + 5; i++) {
		snprintf(name, sizeof name, "n%d.example", i);
		expect(&f, name);
	}
	for (int i = 0; i < LIMIT_QUESTIONS; i++)
		assert_true(next_question(&f, &q));
	assert_false(next_question(&f, &q));
	assert_int_equal(ask_count(f.ask), LIMIT_QUESTIONS);
	answer(&f, q.id, "last");
	assert_int_equal(ask(&f, q.name)->status, ANSWER_DATA);
	assert_int_equal(ask(&f, name)->status, ANSWER_TROUBLE);
	tear_down(&f);
}

static void names_that_cannot_be_asked(void **state)
{
	(void)state;
	static const char *const name[] = {"",           "single",      "a..example",
					   ".a.example", "a b.example", "a\x01.example",
					   "a.example.", "*.example"};
	struct fixture f;
	struct question q;
	char longest[400];
	set_up(&f);
	for (size_t i = 0; i < COUNT_OF(name); i++) {
		expect(&f, name[i]);
		CHECK(ask(&f, name[i])->status == ANSWER_TROUBLE, "\"%s\"", name[i]);
	}
	memset(longest, 'a', sizeof longest);
	for (size_t i = 40; i < sizeof longest; i += 40)
		longest[i] = '.';
	longest[LIMIT_DOMAIN + 1] = '\0';
	assert_int_equal(ask(&f, longest)->status, ANSWER_TROUBLE);
	assert_false(next_question(&f, &q));
	longest[LIMIT_DOMAIN] = '\0';
	expect(&f, longest);
	assert_true(next_question(&f, &q));
	assert_int_equal(ask_count(f.ask), 1);
	tear_down(&f);
}

static void what_is_no_answer_is_trouble(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		enum frame_kind kind;
		struct slice payload;
	} row[] = {
	    {"an empty answer", FRAME_ANSWER, LIT("")},
	    {"a cut answer", FRAME_ANSWER, LIT("\1\0\0\0\0\0\0\0\0\0")},
	    {"an answer to nobody", FRAME_ANSWER, LIT("\1\0\0\0\0\0\0\0\7\1\0\0\0\0\0\0\0\0")},
	    {"another frame", FRAME_BODY, LIT("\1\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0")},
	};
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		struct fixture f;
		set_up(&f);
		assert_int_equal(frame_write(f.far, row[i].kind, row[i].payload, 0), FRAME_OK);
		CHECK(ask(&f, "a.example")->status == ANSWER_TROUBLE, "%s", row[i].name);
		/* From then on the stream is of no use, and nobody waits for it. */
		CHECK(ask(&f, "a.example")->status == ANSWER_TROUBLE, "%s", row[i].name);
		CHECK(ask(&f, "b.example")->status == ANSWER_TROUBLE, "%s", row[i].name);
		tear_down(&f);
	}
}

static void an_answer_that_comes_twice(void **state)
{
	(void)state;
	struct fixture f;
	struct question q;
	set_up(&f);
	expect(&f, "a.example");
	assert_true(next_question(&f, &q));
	answer(&f, q.id, "first");
	answer(&f, q.id, "second");
	assert_true(slice_is(ask(&f, "a.example")->record[0], "first"));
	assert_int_equal(ask(&f, "b.example")->status, ANSWER_TROUBLE);
	assert_true(slice_is(ask(&f, "a.example")->record[0], "first"));
	tear_down(&f);
}

static void nobody_there(void **state)
{
	(void)state;
	struct fixture f;
	set_up(&f);
	expect(&f, "a.example");
	close(f.far);
	f.far = -1;
	assert_int_equal(ask(&f, "a.example")->status, ANSWER_TROUBLE);
	expect(&f, "b.example");
	assert_int_equal(ask(&f, "b.example")->status, ANSWER_TROUBLE);
	ask_free(NULL);
	tear_down(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_question_goes_out_once),
	    cmocka_unit_test(expected_questions_wait_for_the_flush),
	    cmocka_unit_test(answers_come_in_any_order),
	    cmocka_unit_test(questions_end_at_their_limit),
	    cmocka_unit_test(names_that_cannot_be_asked),
	    cmocka_unit_test(what_is_no_answer_is_trouble),
	    cmocka_unit_test(an_answer_that_comes_twice),
	    cmocka_unit_test(nobody_there),
	};
	return cmocka_run_group_tests_name("ask", tests, NULL, NULL);
}
