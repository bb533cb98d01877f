/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A request as octets: what is packed comes back; everything that was cut, prolonged or is out of
 * range does not.
 */
#include "judge/request.h"

#include <errno.h>
#include <sys/socket.h>

#include "base/pack.h"
#include "tests/rules/table.h"

static const char entry_text[] = "Platform: example-platform\n"
				 "Link: www.reg.example /confirm?id=*\n"
				 "Days: verification 15\n"
				 "\n"
				 "Sender: example-verification\n"
				 "From: noreply@reg.example\n"
				 "Registrar: Example Registrar\n"
				 "Platform: example-platform\n"
				 "Classes: verification, renewal\n"
				 "Confidence: A\n"
				 "Last-Seen: 2026-08\n"
				 "Evidence: https://reg.example/help\n"
				 "\n"
				 "Link-For: example-verification\n"
				 "Link:\n new.reg.example /v/*\n other.example /\n";

struct fixture {
	struct list *list;
	struct message message;
	struct request request;
	struct str packed;
};

static void set_up(struct fixture *f)
{
	*f = (struct fixture){0};
	struct diags diags = {0};
	f->list = list_new();
	assert_non_null(f->list);
	assert_int_equal(list_parse(f->list, slice_of(entry_text), "test", true, &diags), 0);
	assert_int_equal(list_finish(f->list, &diags), 0);
	diag_print(&diags, stderr);
	assert_int_equal(diags.errors, 0);
	diag_free(&diags);
	message_init(&f->message);
	f->message.leading_space = true;
	message_add_header(&f->message, "From", " Registrar\n <noreply@reg.example>");
	message_add_header_n(&f->message, LIT("X-Odd"), LIT(" a\0b\xff"));
	message_add_header(&f->message, "Subject", "");
	f->request = (struct request){
	    .nonce = UINT64_C(0x8000000000000001),
	    .now = -5,
	    .message = &f->message,
	    .entry = list_find_name(f->list, "example-verification"),
	    .from = "noreply@reg.example",
	    .mail_from = "bounce@reg.example",
	    .helo = "mx.reg.example",
	    .client_family = AF_INET6,
	    .client_ip = {0x20, 1, 0xd, 0xb8, [15] = 1},
	    .want_proof_of_claim = true,
	};
	assert_non_null(f->request.entry);
	request_pack(&f->request, &f->packed);
	assert_false(f->packed.failed);
}

static void tear_down(struct fixture *f)
{
	str_free(&f->packed);
	message_free(&f->message);
	list_free(f->list);
}

static int unpack(const struct str *packed, struct request_copy *ret_copy)
{
	return request_unpack((struct slice){packed->p, packed->n}, ret_copy);
}

static void assert_same_entry(const struct sender *a, const struct sender *b)
{
	struct str one = {0}, two = {0};
	assert_non_null(b);
	sender_print(a, &one);
	sender_print_added(a, &one);
	assert_non_null(strstr(str_text(&one), "new.reg.example /v/*"));
	platform_print(a->platform, &one);
	sender_print(b, &two);
	sender_print_added(b, &two);
	assert_non_null(b->platform);
	platform_print(b->platform, &two);
	assert_string_equal(str_text(&one), str_text(&two));
	str_free(&one);
	str_free(&two);
}

static void what_is_packed_comes_back(void **state)
{
	(void)state;
	struct fixture f;
	struct request_copy c;
	set_up(&f);
	assert_int_equal(unpack(&f.packed, &c), 0);
	const struct request *got = &c.request, *want = &f.request;
	assert_true(got->nonce == want->nonce);
	assert_true(got->now == want->now);
	assert_string_equal(got->from, want->from);
	assert_string_equal(got->mail_from, want->mail_from);
	assert_string_equal(got->helo, want->helo);
	assert_int_equal(got->client_family, want->client_family);
	assert_memory_equal(got->client_ip, want->client_ip, 16);
	assert_true(got->want_proof_of_claim);
	assert_same_entry(want->entry, got->entry);
	assert_true(got->message->leading_space);
	assert_int_equal(got->message->header_count, 3);
	for (size_t i = 0; i < 3; i++) {
		struct slice a = message_value(&f.message, i), b = message_value(got->message, i);
		assert_int_equal(a.n, b.n);
		assert_memory_equal(a.p, b.p, a.n);
		a = message_name(&f.message, i);
		b = message_name(got->message, i);
		assert_int_equal(a.n, b.n);
		assert_memory_equal(a.p, b.p, a.n);
	}
	request_copy_free(&c);
	request_copy_free(NULL);
	tear_down(&f);
}

static void without_an_entry(void **state)
{
	(void)state;
	struct fixture f;
	struct request_copy c;
	set_up(&f);
	f.request.entry = NULL;
	str_reset(&f.packed);
	request_pack(&f.request, &f.packed);
	assert_int_equal(unpack(&f.packed, &c), 0);
	assert_null(c.request.entry);
	request_copy_free(&c);
	tear_down(&f);
}

static void cut_anywhere_it_is_none(void **state)
{
	(void)state;
	struct fixture f;
	struct request_copy c;
	set_up(&f);
	for (size_t n = 0; n < f.packed.n; n++) {
		struct slice cut = tight((struct slice){f.packed.p, n});
		CHECK(request_unpack(cut, &c) == EBADMSG, "cut after %zu", n);
		tight_free(cut);
	}
	str_putc(&f.packed, 0);
	assert_int_equal(unpack(&f.packed, &c), EBADMSG);
	tear_down(&f);
}

/* No octet that is changed gives more than a refusal or another request. */
static void any_octet_may_change(void **state)
{
	(void)state;
	struct fixture f;
	set_up(&f);
	for (size_t n = 0; n < f.packed.n; n++)
		for (int bit = 0; bit < 8; bit++) {
			struct request_copy c;
			f.packed.p[n] = (char)(f.packed.p[n] ^ 1 << bit);
			int rc = unpack(&f.packed, &c);
			CHECK(rc == 0 || rc == EBADMSG, "octet %zu: %d", n, rc);
			if (rc == 0)
				request_copy_free(&c);
			f.packed.p[n] = (char)(f.packed.p[n] ^ 1 << bit);
		}
	tear_down(&f);
}

/* -- short memory ---------------------------------------------------------------------------- */

/* The linker gives us the allocations of the code under test (--wrap). */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

static long allocations_left = -1; /* -1: no end to them */

static bool may_allocate(void)
{
	if (allocations_left > 0)
		allocations_left--;
	return allocations_left != 0;
}

void *__wrap_malloc(size_t n)
{
	return may_allocate() ? __real_malloc(n) : NULL;
}

void *__wrap_calloc(size_t n, size_t size)
{
	return may_allocate() ? __real_calloc(n, size) : NULL;
}

void *__wrap_realloc(void *p, size_t n)
{
	return may_allocate() ? __real_realloc(p, n) : NULL;
}

/* Whichever allocation fails: no request, no crash, no leak. */
static void memory_may_be_short(void **state)
{
	(void)state;
	struct fixture f;
	struct request_copy c;
	set_up(&f);
	int rc = ENOMEM;
	long n;
	for (n = 1; rc && n < 1000; n++) {
		allocations_left = n;
		rc = unpack(&f.packed, &c);
		allocations_left = -1;
		CHECK(rc == 0 || rc == ENOMEM || rc == EBADMSG, "allocation %ld: %d", n, rc);
	}
	assert_int_equal(rc, 0);
	assert_true(n > 5);
	assert_same_entry(f.request.entry, c.request.entry);
	request_copy_free(&c);
	tear_down(&f);
}

/* -- made by hand ----------------------------------------------------------------------------- */

struct made {
	size_t from; /* octets of From */
	uint32_t family;
	size_t ip; /* octets */
	uint8_t flag;
	const char *entry;
	uint32_t headers;
	size_t value; /* octets of each header */
};

static void make(const struct made *m, struct str *to)
{
	static char octets[LIMIT_HEADER_BYTES + 1];
	memset(octets, 'a', sizeof octets);
	pack_u64(to, 1);
	pack_i64(to, 1);
	pack_slice(to, (struct slice){octets, m->from});
	pack_text(to, "");
	pack_text(to, "");
	pack_u32(to, m->family);
	pack_slice(to, (struct slice){octets, m->ip});
	pack_u8(to, m->flag);
	pack_text(to, m->entry);
	pack_u8(to, m->flag);
	pack_u32(to, m->headers);
	for (uint32_t i = 0; i < m->headers; i++) {
		pack_slice(to, (struct slice){octets, 1});
		pack_slice(to, (struct slice){octets, m->value});
	}
}

static void limits(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct made made;
		int want;
	} row[] = {
	    {"plain", {5, 0, 16, 1, "", 1, 1}, 0},
	    {"From at its limit", {LIMIT_ADDRESS, 0, 16, 1, "", 1, 1}, 0},
	    {"From past it", {LIMIT_ADDRESS + 1, 0, 16, 1, "", 1, 1}, EBADMSG},
	    {"IPv4", {5, AF_INET, 16, 1, "", 1, 1}, 0},
	    {"a family that is none", {5, AF_UNIX, 16, 1, "", 1, 1}, EBADMSG},
	    {"a short address", {5, AF_INET, 4, 1, "", 1, 1}, EBADMSG},
	    {"a long address", {5, AF_INET, 17, 1, "", 1, 1}, EBADMSG},
	    {"a flag of 2", {5, 0, 16, 2, "", 1, 1}, EBADMSG},
	    {"no headers", {5, 0, 16, 1, "", 0, 1}, 0},
	    {"headers at their limit", {5, 0, 16, 1, "", LIMIT_HEADER_COUNT, 1}, 0},
	    {"headers past it", {5, 0, 16, 1, "", LIMIT_HEADER_COUNT + 1, 1}, EBADMSG},
	    {"octets past theirs", {5, 0, 16, 1, "", 1, LIMIT_HEADER_BYTES + 1}, EBADMSG},
	    {"an entry that is none", {5, 0, 16, 1, "nonsense", 1, 1}, EBADMSG},
	    {"a platform alone", {5, 0, 16, 1, "Platform: p\nLink: a.example /\n", 1, 1}, EBADMSG},
	    {"a faulty entry", {5, 0, 16, 1, "Sender: a\nFrom: nobody\n", 1, 1}, EBADMSG},
	    {"a sender and half of one",
	     {5, 0, 16, 1,
	      "Sender: a\nFrom: a@reg.example\nRegistrar: R\nClasses: renewal\n\nSender: b\n", 1,
	      1},
	     EBADMSG},
	    {"two senders",
	     {5, 0, 16, 1,
	      "Sender: a\nFrom: a@reg.example\nRegistrar: R\nClasses: renewal\n\n"
	      "Sender: b\nFrom: b@reg.example\nRegistrar: R\nClasses: renewal\n",
	      1, 1},
	     EBADMSG},
	};
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		struct str packed = {0};
		struct request_copy c;
		make(&row[i].made, &packed);
		int rc = unpack(&packed, &c);
		CHECK(rc == row[i].want, "%s: %d", row[i].name, rc);
		if (rc == 0)
			request_copy_free(&c);
		str_free(&packed);
	}
}

static void counts_that_lie(void **state)
{
	(void)state;
	struct str packed = {0};
	struct request_copy c;
	make(&(struct made){5, 0, 16, 1, "", 0, 0}, &packed);
	packed.n -= 4;
	pack_u32(&packed, 3); /* and none follows */
	assert_int_equal(unpack(&packed, &c), EBADMSG);
	packed.n -= 4;
	pack_u32(&packed, UINT32_MAX);
	assert_int_equal(unpack(&packed, &c), EBADMSG);
	str_free(&packed);
}

static void a_failed_buffer_stays_failed(void **state)
{
	(void)state;
	struct fixture f;
	set_up(&f);
	struct str packed = {.failed = true};
	request_pack(&f.request, &packed);
	assert_true(packed.failed);
	tear_down(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_packed_comes_back),
	    cmocka_unit_test(without_an_entry),
	    cmocka_unit_test(cut_anywhere_it_is_none),
	    cmocka_unit_test(any_octet_may_change),
	    cmocka_unit_test(memory_may_be_short),
	    cmocka_unit_test(limits),
	    cmocka_unit_test(counts_that_lie),
	    cmocka_unit_test(a_failed_buffer_stays_failed),
	};
	return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
