/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records as octets: what is packed comes back, every truncation and every changed octet is refused
 * or harmless, limits at them and one past; the line for the log.
 */
#include "db/record.h"

#include <stdio.h>

#include "tests/db/make.h"

static struct slice packed_of(const struct record *r, struct str *to)
{
	record_pack(r, to);
	assert_false(to->failed);
	return (struct slice){to->p, to->n};
}

static void add_rcpt(struct record *r, const char *address)
{
	r->rcpt = realloc(r->rcpt, (r->rcpt_count + 1) * sizeof(*r->rcpt));
	assert_non_null(r->rcpt);
	r->rcpt[r->rcpt_count++] = strdup(address);
}

static void what_is_packed_comes_back(void **state)
{
	(void)state;
	struct str text = {0}, again = {0};
	struct record *r = make_record("a@example.net", "<1@x>");
	add_rcpt(r, "b@example.net");
	r->reasons = 1u << REASON_AGE | 1u << REASON_DMARC | 1u << REASON_FROM_COUNT;
	r->verdict = VERDICT_UNPROVEN;
	r->pending = PENDING_REVIEW;
	r->ours = OURS_NO;
	r->received_at = INT64_MIN;
	r->offer = (struct offer){
	    .kind = OFFER_LINKS,
	    .org = "example.org",
	    .d = "d.example.org",
	    .s = "s1",
	    .platform = "plat",
	    .link = {{"v.example.net", "/v/*"}, {"", ""}},
	    .link_count = 2,
	    .more = true,
	};
	set_domains(r, 2, (const char *const[]){"example.com", "example.org"});
	r->domain_count = 37;
	struct record *back = record_unpack(packed_of(r, &text));
	assert_non_null(back);
	assert_true(back->received_at == INT64_MIN);
	assert_int_equal(back->verdict, VERDICT_UNPROVEN);
	assert_int_equal(back->class, CLASS_VERIFICATION);
	assert_int_equal(back->pending, PENDING_REVIEW);
	assert_int_equal(back->reasons, r->reasons);
	assert_int_equal(back->ours, OURS_NO);
	assert_true(back->dkim_proved);
	assert_int_equal(back->deadline_source, DEADLINE_POLICY);
	assert_int_equal(back->domain_kept, 2);
	assert_int_equal(back->domain_count, 37);
	assert_string_equal(back->domain[1], "example.org");
	assert_int_equal(back->rcpt_count, 2);
	assert_string_equal(back->rcpt[1], "b@example.net");
	assert_string_equal(back->subject, r->subject);
	assert_memory_equal(&back->offer, &r->offer, sizeof(r->offer));
	packed_of(back, &again);
	assert_int_equal(again.n, text.n);
	assert_memory_equal(again.p, text.p, text.n);
	record_free(back);
	record_free(r);
	record_free(NULL);
	str_free(&text);
	str_free(&again);
}

/* What is known when the verdict stands becomes a record; what is too long is cut. */
static void a_record_is_made(void **state)
{
	(void)state;
	struct message m;
	struct sender entry = {.name = (char *)(uintptr_t) "joker", .registrar = NULL};
	struct candidate candidate = {.claimed = &entry};
	struct decision decision = {
	    .verdict = VERDICT_UNPROVEN,
	    .class = CLASS_SUSPENSION,
	    .reasons = 1u << REASON_DKIM_NONE,
	    .written_at = NOW - 70,
	    .deadline = NOW,
	    .deadline_source = DEADLINE_STATED,
	};
	struct finding *finding = calloc(1, sizeof(*finding));
	char queue_id[LIMIT_QUEUE_ID + 2];
	assert_non_null(finding);
	memset(queue_id, 'q', sizeof(queue_id) - 1);
	queue_id[sizeof(queue_id) - 1] = '\0';
	message_init(&m);
	message_add_rcpt(&m, "<a@example.net>");
	message_add_rcpt(&m, "b@example.net");
	message_add_header(&m, "Message-ID", " <1@x>");
	finding->date = NOW - 60; /* of a header that nobody signed */
	finding->domain_count = 3;
	finding->domain_kept = 1;
	snprintf(finding->domain[0], sizeof(finding->domain[0]), "example.com");
	snprintf(finding->subject, sizeof(finding->subject), "M\xc3\xbc");
	struct record *r = record_new(&m, &candidate, &decision, finding, NOW, queue_id);
	assert_non_null(r);
	assert_int_equal(strlen(r->queue_id), LIMIT_QUEUE_ID);
	assert_string_equal(r->message_id, "1@x");
	assert_int_equal(r->verdict, VERDICT_UNPROVEN);
	assert_int_equal(r->pending, PENDING_REVIEW);
	assert_int_equal(r->date, NOW - 70);
	assert_string_equal(r->sender, "joker"); /* whom it claims to be */
	assert_string_equal(r->registrar, "");
	assert_string_equal(r->from, "");
	assert_int_equal(r->rcpt_count, 2);
	assert_string_equal(r->rcpt[0], "a@example.net");
	assert_int_equal(r->domain_count, 3);
	assert_string_equal(r->domain[0], "example.com");
	assert_string_equal(r->subject, "M\xc3\xbc");
	record_free(r);
	queue_id[LIMIT_QUEUE_ID] = '\0'; /* at the limit */
	r = record_new(&m, &candidate, &decision, finding, NOW, queue_id);
	assert_string_equal(r->queue_id, queue_id);
	record_free(r);
	message_free(&m);
	free(finding);
}

static void every_word_comes_back(void **state)
{
	(void)state;
	struct record *r = make_record("a@example.net", "<1@x>");
	for (int i = 0; i < 32; i++) {
		struct str text = {0};
		r->verdict = (enum verdict)(i % VERDICT_COUNT);
		r->class = (enum class_id)(i % CLASS_COUNT);
		r->pending = (enum pending_kind)(i % 3);
		r->ours = (enum ours)(i % 3);
		r->deadline_source = (enum deadline_source)(i % DEADLINE_SOURCE_COUNT);
		r->reasons = i < REASON_COUNT ? 1u << i : (1u << REASON_COUNT) - 1;
		struct record *back = record_unpack(packed_of(r, &text));
		CHECK(back, "%d", i);
		CHECK(back->verdict == r->verdict && back->class == r->class &&
			  back->pending == r->pending && back->ours == r->ours &&
			  back->deadline_source == r->deadline_source &&
			  back->reasons == r->reasons,
		      "%d", i);
		record_free(back);
		str_free(&text);
	}
	record_free(r);
}

static void truncations_and_changes_do_no_harm(void **state)
{
	(void)state;
	struct str text = {0};
	struct record *r = make_record("a@example.net", "<1@x>");
	struct slice whole = packed_of(r, &text);
	for (size_t n = 0; n < whole.n; n++) {
		struct slice part = tight((struct slice){whole.p, n});
		CHECK(!record_unpack(part), "%zu octets", n);
		tight_free(part);
	}
	str_putc(&text, 'x');
	assert_null(record_unpack((struct slice){text.p, text.n}));
	whole = (struct slice){text.p, text.n - 1};
	for (size_t i = 0; i < whole.n; i++)
		for (int bit = 0; bit < 8; bit++) {
			struct slice changed = tight(whole);
			char *octet = text.p + i;
			*octet = (char)(*octet ^ 1 << bit);
			memcpy((void *)(uintptr_t)changed.p, text.p, whole.n);
			record_free(record_unpack(changed));
			*octet = (char)(*octet ^ 1 << bit);
			tight_free(changed);
		}
	record_free(r);
	str_free(&text);
}

/* A spool may hold records of the version before, which had no offer. */
static void a_record_of_version_1_is_read(void **state)
{
	(void)state;
	struct str text = {0};
	struct record *r = make_record("a@example.net", "<1@x>");
	packed_of(r, &text);
	/* "no" before the recipients: one, of 13 octets, with its length and their count */
	size_t at = text.n - (4 + 4 + 13) - (4 + 2);
	assert_memory_equal(text.p + at, "\0\0\0\2no\0\0\0\1", 10);
	memmove(text.p + at, text.p + at + 6, text.n - at - 6);
	text.n -= 6;
	text.p[0] = 1;
	struct record *back = record_unpack((struct slice){text.p, text.n});
	assert_non_null(back);
	assert_int_equal(back->offer.kind, OFFER_NO);
	assert_int_equal(back->rcpt_count, 1);
	assert_string_equal(back->rcpt[0], "a@example.net");
	record_free(back);
	text.p[0] = 0;
	assert_null(record_unpack((struct slice){text.p, text.n}));
	text.p[0] = 3;
	assert_null(record_unpack((struct slice){text.p, text.n}));
	record_free(r);
	str_free(&text);
}

static void limits_of_a_record(void **state)
{
	(void)state;
	struct record *r = make_record("a@example.net", "<1@x>");
	while (r->rcpt_count < LIMIT_RCPTS)
		add_rcpt(r, "b@example.net");
	for (int i = 0; i < LIMIT_DOMAINS; i++)
		snprintf(r->domain[i], sizeof(r->domain[i]), "d%d.example", i);
	r->domain_kept = LIMIT_DOMAINS;
	r->domain_count = LIMIT_DOMAINS_COUNTED;
	struct str text = {0};
	struct record *back = record_unpack(packed_of(r, &text));
	assert_non_null(back);
	assert_int_equal(back->rcpt_count, LIMIT_RCPTS);
	record_free(back);
	str_reset(&text);
	r->domain_count = LIMIT_DOMAINS_COUNTED + 1;
	assert_null(record_unpack(packed_of(r, &text)));
	str_reset(&text);
	r->domain_count = LIMIT_DOMAINS - 1;
	assert_null(record_unpack(packed_of(r, &text)));
	str_reset(&text);
	r->domain_count = LIMIT_DOMAINS;
	add_rcpt(r, "one@past");
	assert_null(record_unpack(packed_of(r, &text)));
	str_free(&text);
	record_free(r);
}

/* Padded by one long recipient to exactly the limit, and one octet more. */
static void a_record_at_its_limit_of_octets(void **state)
{
	(void)state;
	struct record *r = make_record("", "<1@x>");
	struct str text = {0};
	size_t bare = packed_of(r, &text).n;
	char *longest = calloc(1, LIMIT_RECORD_BYTES + 2);
	assert_non_null(longest);
	memset(longest, 'x', LIMIT_RECORD_BYTES - bare);
	for (int over = 0; over < 2; over++) {
		str_reset(&text);
		free(r->rcpt[0]);
		r->rcpt[0] = strdup(longest);
		struct slice s = packed_of(r, &text);
		assert_int_equal(s.n, LIMIT_RECORD_BYTES + over);
		struct record *back = record_unpack(s);
		assert_int_equal(!back, over);
		record_free(back);
		longest[LIMIT_RECORD_BYTES - bare] = 'x';
	}
	free(longest);
	record_free(r);
	str_free(&text);
}

static void a_line_for_the_log(void **state)
{
	(void)state;
	struct str line = {0};
	struct record *r = make_record("a@example.net", "1@x");
	add_rcpt(r, "\"b c\"@example.net");
	r->reasons = 1u << REASON_AGE | 1u << REASON_LINKS;
	r->domain_count = 30;
	snprintf(r->subject, sizeof(r->subject), "two\nlines");
	record_print(r, &line);
	assert_string_equal(
	    str_text(&line),
	    "verdict=genuine class=verification pending=open deadline=2026-12-21T10:00:00Z "
	    "source=policy domain=example.com domains=30 registrar=\"Key-Systems GmbH\" "
	    "sender=key-systems-verification from=NoReply@emailverification.info "
	    "reasons=links,age proof=dkim:emailverification.info ours=unset "
	    "received=2026-12-06T10:00:00Z date=2026-12-06T09:59:00Z queue=4Q1x2y msgid=1@x "
	    "subject=\"two\\x0alines\" recipients=2 to=a@example.net "
	    "to=\"\\x22b c\\x22@example.net\"");
	record_free(r);
	str_free(&line);
}

static void words_of_the_database(void **state)
{
	(void)state;
	enum deadline_source source = DEADLINE_STATED;
	enum ours ours = OURS_NO;
	uint32_t reasons = 7;
	assert_true(record_source_of_name("", &source));
	assert_int_equal(source, DEADLINE_NONE);
	assert_false(record_source_of_name("guessed", &source));
	assert_true(record_ours_of_name("yes", &ours));
	assert_int_equal(ours, OURS_YES);
	assert_false(record_ours_of_name("", &ours));
	assert_true(record_reasons_parse("", &reasons));
	assert_int_equal(reasons, 0);
	assert_true(record_reasons_parse("age,spf", &reasons));
	assert_int_equal(reasons, 1u << REASON_AGE | 1u << REASON_SPF);
	assert_false(record_reasons_parse("age,,spf", &reasons));
	assert_false(record_reasons_parse("age,unheard-of", &reasons));
	assert_int_equal(reasons, 1u << REASON_AGE | 1u << REASON_SPF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_record_is_made),
	    cmocka_unit_test(what_is_packed_comes_back),
	    cmocka_unit_test(every_word_comes_back),
	    cmocka_unit_test(truncations_and_changes_do_no_harm),
	    cmocka_unit_test(a_record_of_version_1_is_read),
	    cmocka_unit_test(limits_of_a_record),
	    cmocka_unit_test(a_record_at_its_limit_of_octets),
	    cmocka_unit_test(a_line_for_the_log),
	    cmocka_unit_test(words_of_the_database),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
