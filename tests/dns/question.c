/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Questions and answers as packets: what is packed comes back, every limit at it and one past it,
 * every truncation and every single changed octet of a good packet is either refused or harmless.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dns/question.h"

static struct slice slice_str(const struct str *s)
{
	return (struct slice){s->p, s->n};
}

/* "x" times n */
static char *repeat(const char *x, size_t n)
{
	struct str s = {0};
	for (size_t i = 0; i < n; i++)
		str_puts(&s, x);
	return str_take(&s);
}

static void names(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		bool want;
	} table[] = {
	    {"example.com", true},
	    {"a.b", true},
	    {"sel._domainkey.Example.COM", true},
	    {"1.2.0.192.in-addr.arpa", true},
	    {"-a.b-", true},
	    {"", false},
	    {".", false},
	    {"com", false},
	    {"example.com.", false},
	    {".example.com", false},
	    {"a..b", false},
	    {"a b.c", false},
	    {"a\\.b.c", false},
	    {"a/b.c", false},
	    {"b\xc3\xbc"
	     "cher.example",
	     false},
	    {"a.b\n", false},
	    {"*.example.com", false},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		bool got = question_name_ok(table[i].name);
		if (got != table[i].want)
			print_error("# name \"%s\"\n", table[i].name);
		assert_int_equal(got, table[i].want);
	}
}

static void name_limits(void **state)
{
	(void)state;
	char *label = repeat("a", LIMIT_LABEL + 1);
	struct str s = {0};
	str_printf(&s, "%s.example", label + 1);
	assert_true(question_name_ok(s.p));
	str_reset(&s);
	str_printf(&s, "%s.example", label);
	assert_false(question_name_ok(s.p));
	free(label);

	char *name = repeat("a.", 127); /* 254 octets with the last dot */
	name[LIMIT_DOMAIN] = '\0';
	assert_int_equal(strlen(name), LIMIT_DOMAIN);
	assert_true(question_name_ok(name));
	str_reset(&s);
	str_printf(&s, "%sa", name);
	assert_int_equal(s.n, LIMIT_DOMAIN + 1);
	assert_false(question_name_ok(s.p));
	free(name);
	str_free(&s);
}

static void type_numbers(void **state)
{
	(void)state;
	assert_int_equal(question_type_number(QUESTION_A), 1);
	assert_int_equal(question_type_number(QUESTION_AAAA), 28);
	assert_int_equal(question_type_number(QUESTION_MX), 15);
	assert_int_equal(question_type_number(QUESTION_PTR), 12);
	assert_int_equal(question_type_number(QUESTION_TXT), 16);
	assert_int_equal(question_type_number(QUESTION_NS), 2);
	assert_int_equal(question_type_number(QUESTION_TYPE_COUNT), 0);
	/* Only for name servers is a single label a name. */
	for (int t = 0; t < QUESTION_TYPE_COUNT; t++) {
		assert_int_equal(question_ok((enum question_type)t, "com"), t == QUESTION_NS);
		assert_true(question_ok((enum question_type)t, "example.com"));
		assert_false(question_ok((enum question_type)t, ""));
		assert_false(question_ok((enum question_type)t, "."));
	}
	assert_false(question_ok(QUESTION_TYPE_COUNT, "example.com"));
}

static void question_there_and_back(void **state)
{
	(void)state;
	struct question q = {.id = 0xfedcba9876543210u, .type = QUESTION_TXT}, got = {0};
	strcpy(q.name, "s1._domainkey.example.org");
	struct str packet = {0};
	question_pack(&q, &packet);
	assert_int_equal(packet_kind_of(slice_str(&packet)), PACKET_QUESTION);
	assert_true(question_unpack(slice_str(&packet), &got));
	assert_int_equal(got.id, q.id);
	assert_int_equal(got.type, q.type);
	assert_string_equal(got.name, q.name);

	/* Every truncation is refused, and leaves the result alone. */
	struct question before = {.id = 7}, after = before;
	for (size_t n = 0; n < packet.n; n++)
		assert_false(question_unpack((struct slice){packet.p, n}, &after));
	assert_memory_equal(&after, &before, sizeof after);
	/* So is more than a question, and a question of another kind. */
	str_putc(&packet, 'x');
	assert_false(question_unpack(slice_str(&packet), &after));
	str_reset(&packet);
	question_pack(&(struct question){.type = QUESTION_TYPE_COUNT, .name = "a.b"}, &packet);
	assert_false(question_unpack(slice_str(&packet), &after));
	str_reset(&packet);
	question_pack(&(struct question){.type = QUESTION_A, .name = "localhost"}, &packet);
	assert_false(question_unpack(slice_str(&packet), &after));
	struct answer a;
	assert_false(answer_unpack(slice_str(&packet), &a));
	str_free(&packet);
}

static void answer_there_and_back(void **state)
{
	(void)state;
	struct answer a = {.id = 99, .status = ANSWER_DATA, .ttl = 300}, got = {0};
	assert_true(answer_add(&a, "v=DKIM1; p=", 11));
	assert_true(answer_add(&a, "", 0));
	assert_true(answer_add(&a, "\0\0\0\1", 4));
	struct str packet = {0};
	answer_pack(&a, &packet);
	assert_int_equal(packet_kind_of(slice_str(&packet)), PACKET_ANSWER);
	assert_true(answer_unpack(slice_str(&packet), &got));
	assert_int_equal(got.id, 99);
	assert_int_equal(got.status, ANSWER_DATA);
	assert_int_equal(got.ttl, 300);
	assert_int_equal(got.count, 3);
	assert_true(slice_is(got.record[0], "v=DKIM1; p="));
	assert_int_equal(got.record[1].n, 0);
	assert_int_equal(got.record[2].n, 4);
	assert_memory_equal(got.record[2].p, "\0\0\0\1", 4);
	answer_free(&got);

	struct answer left = {.id = 5};
	for (size_t n = 0; n < packet.n; n++)
		assert_false(answer_unpack((struct slice){packet.p, n}, &left));
	assert_int_equal(left.id, 5);
	for (size_t i = 0; i < packet.n; i++)
		for (int bit = 0; bit < 8; bit++) {
			packet.p[i] ^= (char)(1 << bit);
			if (answer_unpack(slice_str(&packet), &got))
				answer_free(&got);
			packet.p[i] ^= (char)(1 << bit);
		}
	str_putc(&packet, 'x');
	assert_false(answer_unpack(slice_str(&packet), &left));
	str_free(&packet);
	answer_free(&a);
}

static void answer_status_fits_data(void **state)
{
	(void)state;
	struct str packet = {0};
	for (int status = 0; status <= ANSWER_STATUS_COUNT; status++)
		for (int records = 0; records < 2; records++) {
			struct answer a = {.status = (enum answer_status)status}, got = {0};
			if (records)
				assert_true(answer_add(&a, "x", 1));
			str_reset(&packet);
			answer_pack(&a, &packet);
			bool want = status == ANSWER_DATA
					? records > 0
					: status < ANSWER_STATUS_COUNT && !records;
			assert_int_equal(answer_unpack(slice_str(&packet), &got), want);
			answer_free(&got);
			answer_free(&a);
		}
	str_free(&packet);
}

static void answer_limits(void **state)
{
	(void)state;
	struct answer a = {.status = ANSWER_DATA}, got = {0};
	struct str packet = {0};
	for (int i = 0; i < LIMIT_DNS_RECORDS; i++)
		assert_true(answer_add(&a, "abcd", 4));
	assert_false(answer_add(&a, "abcd", 4));
	answer_pack(&a, &packet);
	assert_true(answer_unpack(slice_str(&packet), &got));
	assert_int_equal(got.count, LIMIT_DNS_RECORDS);
	answer_free(&got);
	answer_free(&a);

	/* One record past the limit, made by hand. */
	str_reset(&packet);
	pack_u8(&packet, PACKET_ANSWER);
	pack_u64(&packet, 1);
	pack_u8(&packet, ANSWER_DATA);
	pack_u32(&packet, 60);
	pack_u32(&packet, LIMIT_DNS_RECORDS + 1);
	for (int i = 0; i < LIMIT_DNS_RECORDS + 1; i++)
		pack_text(&packet, "a");
	assert_false(answer_unpack(slice_str(&packet), &got));

	/* The octets of all records: at the limit, and one past it. */
	char *big = repeat("x", LIMIT_DNS_ANSWER + 1);
	a = (struct answer){.status = ANSWER_DATA};
	assert_false(answer_add(&a, big, LIMIT_DNS_ANSWER + 1));
	assert_true(answer_add(&a, big, LIMIT_DNS_ANSWER));
	assert_false(answer_add(&a, big, 1));
	str_reset(&packet);
	answer_pack(&a, &packet);
	assert_true(packet.n <= LIMIT_DNS_PACKET);
	assert_true(answer_unpack(slice_str(&packet), &got));
	assert_int_equal(got.record[0].n, LIMIT_DNS_ANSWER);
	answer_free(&got);
	answer_free(&a);
	str_reset(&packet);
	pack_u8(&packet, PACKET_ANSWER);
	pack_u64(&packet, 1);
	pack_u8(&packet, ANSWER_DATA);
	pack_u32(&packet, 60);
	pack_u32(&packet, 1);
	pack_slice(&packet, (struct slice){big, LIMIT_DNS_ANSWER + 1});
	assert_false(answer_unpack(slice_str(&packet), &got));
	free(big);
	str_free(&packet);
}

static void kinds(void **state)
{
	(void)state;
	struct str packet = {0};
	hello_pack(&packet);
	assert_int_equal(packet_kind_of(slice_str(&packet)), PACKET_HELLO);
	str_putc(&packet, 'x');
	assert_int_equal(packet_kind_of(slice_str(&packet)), PACKET_KIND_COUNT);
	assert_int_equal(packet_kind_of((struct slice){"", 0}), PACKET_KIND_COUNT);
	assert_int_equal(packet_kind_of((struct slice){"\3", 1}), PACKET_KIND_COUNT);
	assert_int_equal(packet_kind_of((struct slice){"\377", 1}), PACKET_KIND_COUNT);
	str_free(&packet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names),
	    cmocka_unit_test(name_limits),
	    cmocka_unit_test(type_numbers),
	    cmocka_unit_test(question_there_and_back),
	    cmocka_unit_test(answer_there_and_back),
	    cmocka_unit_test(answer_status_fits_data),
	    cmocka_unit_test(answer_limits),
	    cmocka_unit_test(kinds),
	};
	return cmocka_run_group_tests_name("dns/question", tests, NULL, NULL);
}
