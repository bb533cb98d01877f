/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * message.c - headers as they come in: which are noted, what the limits do, a file split.
 */
#include <stdio.h>

#include "rules/core/message.h"
#include "tests/rules/table.h"

static void test_marks(void **state)
{
	(void)state;
	static const struct {
		struct slice name;
		enum message_mark want;
	} rows[] = {
	    {LIT("From"), MARK_FROM},
	    {LIT("FROM"), MARK_FROM},
	    {LIT("from "), MARK_FROM},
	    {LIT("From\t \t"), MARK_FROM},
	    {LIT("From\x0b"), MARK_FROM},
	    {LIT("From\0x"), MARK_FROM},
	    {LIT("Fron"), MARK_COUNT},
	    {LIT("Froms"), MARK_COUNT},
	    {LIT("&rom"), MARK_COUNT},
	    {LIT("Subject"), MARK_SUBJECT},
	    {LIT("Subjecs"), MARK_COUNT},
	    {LIT("Reply-To"), MARK_REPLY_TO},
	    {LIT("Priority"), MARK_PRIORITY},
	    {LIT("priority "), MARK_PRIORITY},
	    {LIT("Received"), MARK_COUNT},
	    {LIT("Message-ID"), MARK_MESSAGE_ID},
	    {LIT("Message-Id"), MARK_MESSAGE_ID},
	    {LIT("Importance"), MARK_IMPORTANCE},
	    {LIT("X-Priority"), MARK_X_PRIORITY},
	    {LIT("X-Keepname"), MARK_OURS},
	    {LIT("x-keepname"), MARK_OURS},
	    {LIT("X-KEEPNAME"), MARK_OURS},
	    {LIT("X-Keepname "), MARK_OURS},
	    {LIT("X-Keepname\t"), MARK_OURS},
	    {LIT("X-Keepname \t\r\n"), MARK_OURS},
	    {LIT("X-Keepname\0"), MARK_OURS},
	    {LIT("X-Keepname\0-Not"), MARK_OURS},
	    {LIT("X-Keepnam"), MARK_COUNT},
	    {LIT("X-Keepname2"), MARK_COUNT},
	    {LIT("X_Keepname"), MARK_COUNT},
	    {LIT(" X-Keepname"), MARK_COUNT},
	    {LIT("DKIM-Signature"), MARK_DKIM},
	    {LIT("dkim-signature"), MARK_DKIM},
	    {LIT("DKIM-Signaturf"), MARK_COUNT},
	    {LIT("Content-Length"), MARK_COUNT},
	    {LIT(""), MARK_COUNT},
	    {LIT(" "), MARK_COUNT},
	    {LIT("\0"), MARK_COUNT},
	};
	struct message m;
	message_init(&m);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		message_reset(&m);
		struct slice name = tight(rows[i].name);
		message_add_header_n(&m, name, LIT(" value"));
		enum message_mark got = (enum message_mark)m.header[0].mark;
		CHECK(got == rows[i].want, "row %zu (%s): got %d", i, rows[i].name.p, got);
		for (unsigned k = 0; k < MARK_COUNT; k++)
			CHECK(m.mark_count[k] == (k == rows[i].want), "row %zu, mark %u", i, k);
		tight_free(name);
	}
	message_free(&m);
}

static void test_headers(void **state)
{
	(void)state;
	struct message m;
	size_t at = 0, i;
	message_init(&m);
	message_set_sender(&m, "<bounce@b.example>");
	message_add_rcpt(&m, "<one@d.example>");
	message_add_rcpt(&m, "two@d.example");
	message_add_rcpt(&m, "<>");
	message_add_header(&m, "Received", " from x\n\tby y");
	message_add_header(&m, "From", " a@b.example");
	message_add_header(&m, "X-Keepname", " genuine");
	message_add_header(&m, "from ", "");
	assert_true(slice_is(message_sender(&m), "<bounce@b.example>"));
	assert_int_equal(m.rcpt_count, 3);
	assert_string_equal(message_rcpt(&m, 0), "one@d.example");
	assert_string_equal(message_rcpt(&m, 1), "two@d.example");
	assert_string_equal(message_rcpt(&m, 2), "");
	assert_int_equal(m.header_count, 4);
	assert_true(slice_is(message_name(&m, 0), "Received"));
	assert_true(slice_is(message_value(&m, 0), " from x\n\tby y"));
	assert_true(slice_is(message_value(&m, 3), ""));
	assert_int_equal(m.mark_count[MARK_FROM], 2);
	assert_int_equal(m.mark_first[MARK_FROM], 1);
	assert_true(message_marked(&m, MARK_FROM, 0, &i) && i == 1);
	assert_true(message_marked(&m, MARK_FROM, 1, &i) && i == 3);
	assert_false(message_marked(&m, MARK_FROM, 2, &i));
	assert_false(message_marked(&m, MARK_SUBJECT, 0, &i));
	assert_true(message_next(&m, MARK_FROM, &at, &i) && i == 1);
	assert_true(message_next(&m, MARK_FROM, &at, &i) && i == 3);
	assert_false(message_next(&m, MARK_FROM, &at, &i));
	assert_false(m.overflow);

	message_reset(&m);
	assert_int_equal(m.header_count + m.rcpt_count + m.mark_count[MARK_FROM], 0);
	assert_true(slice_is(message_sender(&m), ""));
	message_free(&m);
	message_free(NULL);
}

static void add_sized(struct message *m, size_t n)
{
	char *value = malloc(n + 1);
	assert_non_null(value);
	memset(value, 'v', n);
	value[n] = '\0';
	message_add_header(m, "Name", value);
	free(value);
}

static void test_limit_bytes(void **state)
{
	(void)state;
	struct message m;
	message_init(&m);
	add_sized(&m, LIMIT_HEADER_BYTES - 8 - 10);
	assert_int_equal(m.header_bytes, LIMIT_HEADER_BYTES - 14);
	add_sized(&m, 10);
	assert_false(m.overflow);
	assert_int_equal(m.header_bytes, LIMIT_HEADER_BYTES);
	message_add_header(&m, "", "");
	assert_false(m.overflow);
	message_add_header(&m, "x", "");
	assert_true(m.overflow);
	assert_int_equal(m.header_count, 3);
	/* ours are counted all the same, and nothing else is kept from then on */
	message_add_header(&m, "X-Keepname", "genuine");
	message_add_header(&m, "From", "a@b.example");
	assert_int_equal(m.mark_count[MARK_OURS], 1);
	assert_int_equal(m.mark_count[MARK_FROM], 0);
	assert_int_equal(m.header_count, 3);
	size_t i;
	assert_false(message_marked(&m, MARK_OURS, 0, &i));

	message_reset(&m); /* the large arena is given back */
	assert_int_equal(m.arena.room, 0);
	assert_false(m.overflow);
	add_sized(&m, LIMIT_HEADER_BYTES - 4);
	assert_false(m.overflow);
	message_reset(&m);
	add_sized(&m, LIMIT_HEADER_BYTES - 3);
	assert_true(m.overflow);
	assert_int_equal(m.header_count, 0);
	message_free(&m);
}

static void test_limit_counts(void **state)
{
	(void)state;
	struct message m;
	message_init(&m);
	for (size_t i = 0; i < LIMIT_HEADER_COUNT; i++)
		message_add_header(&m, "X-Keepname", "x");
	assert_false(m.overflow);
	message_add_header(&m, "X-Keepname", "x");
	assert_true(m.overflow);
	assert_int_equal(m.header_count, LIMIT_HEADER_COUNT);
	assert_int_equal(m.mark_count[MARK_OURS], LIMIT_HEADER_COUNT + 1);

	message_reset(&m);
	for (size_t i = 0; i < LIMIT_RCPTS; i++)
		message_add_rcpt(&m, "<a@b.example>");
	assert_false(m.overflow);
	message_add_rcpt(&m, "<a@b.example>");
	assert_true(m.overflow);
	assert_int_equal(m.rcpt_count, LIMIT_RCPTS);

	char path[1026];
	memset(path, 'p', sizeof path);
	path[1024] = '\0';
	message_reset(&m);
	message_set_sender(&m, path);
	message_add_rcpt(&m, path);
	assert_false(m.overflow);
	assert_int_equal(message_sender(&m).n, 1024);
	path[1024] = 'p';
	path[1025] = '\0';
	message_reset(&m);
	message_set_sender(&m, path);
	assert_true(m.overflow);
	message_reset(&m);
	message_add_rcpt(&m, path);
	assert_true(m.overflow);
	message_free(&m);
}

/* A thousand recipients of the longest kind do not take the headers' room. */
static void test_limits_together(void **state)
{
	(void)state;
	struct message m;
	char path[LIMIT_ADDRESS];
	memset(path, 'p', sizeof path);
	path[sizeof path - 1] = '\0';
	message_init(&m);
	for (size_t i = 0; i < LIMIT_RCPTS; i++)
		message_add_rcpt(&m, path);
	for (size_t i = 1; i < LIMIT_HEADER_COUNT; i++)
		message_add_header(&m, "x", "");
	add_sized(&m, LIMIT_HEADER_BYTES - 4 - (LIMIT_HEADER_COUNT - 1));
	assert_false(m.overflow);
	assert_int_equal(m.header_bytes, LIMIT_HEADER_BYTES);
	message_free(&m);
}

/* Headers as "[name|value]" and where the body begins, as "@body". */
static void print_split(struct slice text, struct str *to)
{
	struct message m;
	message_init(&m);
	size_t body = message_parse(&m, text);
	for (size_t i = 0; i < m.header_count; i++) {
		struct slice name = message_name(&m, i), value = message_value(&m, i);
		str_printf(to, "[%.*s|", (int)name.n, name.p);
		str_add(to, value.p, value.n);
		str_putc(to, ']');
	}
	str_putc(to, '@');
	str_add(to, text.p + body, text.n - body);
	message_free(&m);
}

static const struct {
	struct slice text, want;
} splits[] = {
    {LIT(""), LIT("@")},
    {LIT("\n"), LIT("@")},
    {LIT("\r\nbody"), LIT("@body")},
    {LIT("A: 1\nB:2\n\nbody\n"), LIT("[A| 1][B|2]@body\n")},
    {LIT("A: 1\r\nB:2\r\n\r\nbody\r\n"), LIT("[A| 1][B|2]@body\r\n")},
    {LIT("A: 1"), LIT("[A| 1]@")},
    {LIT("A: 1\r"), LIT("[A| 1]@")},
    {LIT("A:"), LIT("[A|]@")},
    {LIT("A:\n\n"), LIT("[A|]@")},
    {LIT("A: 1\n 2\n\t3\nB: 4\n"), LIT("[A| 1\n 2\n\t3][B| 4]@")},
    {LIT("A: 1\r\n 2\r\n\t3\r\nB: 4\r\n"), LIT("[A| 1\n 2\n\t3][B| 4]@")},
    {LIT("A: 1\n \n 2\n"), LIT("[A| 1\n \n 2]@")},
    {LIT("A: a\rb\n"), LIT("[A| a\rb]@")},
    {LIT("A: a\r\r\n b\n"), LIT("[A| a\r\n b]@")},
    {LIT("A : 1\nB\t:2\n"), LIT("[A | 1][B\t|2]@")},
    {LIT("From x@y Mon Jan  1\nA: 1\n\nb"), LIT("[A| 1]@b")},
    {LIT("From x@y"), LIT("@")},
    {LIT("From: x@y\n\n"), LIT("[From| x@y]@")},
    {LIT("From : x@y\n\n"), LIT("[From | x@y]@")},
    {LIT("A: 1\nFrom x@y\nB: 2\n"), LIT("[A| 1]@From x@y\nB: 2\n")},
    {LIT("A: 1\nno header\nB: 2\n"), LIT("[A| 1]@no header\nB: 2\n")},
    {LIT(" folded\nA: 1\n"), LIT("@ folded\nA: 1\n")},
    {LIT(": 1\n"), LIT("@: 1\n")},
    {LIT("A\0B: 1\n"), LIT("@A\0B: 1\n")},
    {LIT("\xc3\xbc: 1\n"), LIT("@\xc3\xbc: 1\n")},
    {LIT("A: 1\0 2\n\n"), LIT("[A| 1\0 2]@")},
    {LIT("A b: 1\n"), LIT("@A b: 1\n")},
};

static void test_split(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(splits); i++) {
		struct slice in = tight(splits[i].text);
		struct str got = {0};
		print_split(in, &got);
		CHECK(got.n == splits[i].want.n && !memcmp(got.p, splits[i].want.p, got.n),
		      "row %zu: got %s", i, got.p);
		str_free(&got);
		tight_free(in);
		for (size_t n = 0; n < splits[i].text.n; n++) {
			struct message m;
			in = tight((struct slice){splits[i].text.p, n});
			message_init(&m);
			CHECK(message_parse(&m, in) <= n, "row %zu cut at %zu", i, n);
			assert_true(m.leading_space);
			message_free(&m);
			tight_free(in);
		}
	}
}

static void id_of(const char *text, char id[static LIMIT_MESSAGE_ID + 1])
{
	struct message m;
	message_init(&m);
	message_set_sender(&m, "<s@b.example>");
	message_parse(&m, slice_of(text));
	message_id(&m, id);
	message_free(&m);
}

static void test_id(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want; /* NULL: a hash */
	} rows[] = {
	    {"Message-ID: <a.b@c>\n", "a.b@c"},
	    {"message-id:\n\t< a@c >\n", "a@c"},
	    {"Message-ID: a@c\n", "a@c"},
	    {"Message-ID: <a@c>\nMessage-ID: <b@c>\n", "a@c"},
	    {"Message-ID: <>\n", NULL},
	    {"Message-ID:\n", NULL},
	    {"Message-ID: <a b@c>\n", NULL},
	    {"Message-ID: <a\x01@c>\n", NULL},
	    {"Message-ID: <\xc3\xbc@c>\n", NULL},
	    {"Subject: x\n", NULL},
	    {"", NULL},
	};
	char got[LIMIT_MESSAGE_ID + 1], other[LIMIT_MESSAGE_ID + 1];
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		id_of(rows[i].text, got);
		if (rows[i].want)
			CHECK(!strcmp(got, rows[i].want), "row %zu: got %s", i, got);
		else
			CHECK(!strncmp(got, "hash-", 5) &&
				  strspn(got + 5, "0123456789abcdef") == 32 && strlen(got) == 37,
			      "row %zu: got %s", i, got);
	}
	/* the same however it is folded or spaced; another for another Date, From or Subject */
	static const char *const same[] = {"From: a@b\nSubject: x\nDate: d\n",
					   "From:a@b\r\nSubject: x\r\nDate:  d\r\nTo: y\r\n"};
	static const char *const others[] = {"From: a@b\nSubject: x\nDate: e\n",
					     "From: a@c\nSubject: x\nDate: d\n",
					     "From: a@b\nSubject: y\nDate: d\n"};
	id_of(same[0], got);
	id_of(same[1], other);
	assert_string_equal(got, other);
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		id_of(others[i], other);
		CHECK(strcmp(got, other) != 0, "row %zu: %s", i, other);
	}
}

static void test_id_limit(void **state)
{
	(void)state;
	char text[LIMIT_MESSAGE_ID + 64], got[LIMIT_MESSAGE_ID + 1];
	for (int over = 0; over < 2; over++) {
		int n =
		    snprintf(text, sizeof text, "Message-ID: <%0*d>\n", LIMIT_MESSAGE_ID + over, 0);
		assert_true(n > 0 && (size_t)n < sizeof text);
		id_of(text, got);
		assert_int_equal(strlen(got), over ? 37 : LIMIT_MESSAGE_ID);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_marks),
	    cmocka_unit_test(test_headers),
	    cmocka_unit_test(test_limit_bytes),
	    cmocka_unit_test(test_limit_counts),
	    cmocka_unit_test(test_limits_together),
	    cmocka_unit_test(test_split),
	    cmocka_unit_test(test_id),
	    cmocka_unit_test(test_id_limit),
	};
	return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
