/* SPDX-License-Identifier: BSD-2-Clause */
/* Pendings as they are looked for: filters, order, the first ones, counts, whose they are. */
#include "db/pendings.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/db/make.h"

static struct store *open_store(void)
{
	struct store *s = NULL;
	char why[256] = "";
	unlink("f.db");
	unlink("f.db-wal");
	unlink("f.db-shm");
	enum store_status got = store_open(in_folder("f.db"), STORE_WRITE, 100, &s, why);
	CHECK(got == STORE_OK, "%s", why);
	return s;
}

/* A mail, in days from NOW. */
struct mail {
	enum pending_kind kind;
	int received;
	int deadline; /* 0: none */
	const char *recipient, *domain;
	enum class_id class;
};

static void record_mail(struct store *s, const struct mail *m)
{
	static int number;
	char id[32];
	snprintf(id, sizeof(id), "<%d@x>", ++number);
	struct record *r = make_record(m->recipient ? m->recipient : "a@example.net", id);
	r->received_at = NOW + m->received * DAY;
	r->deadline = m->deadline ? NOW + m->deadline * DAY : 0;
	r->deadline_source = m->deadline ? DEADLINE_STATED : DEADLINE_NONE;
	r->pending = m->kind;
	r->verdict = m->kind == PENDING_OPEN ? VERDICT_GENUINE : VERDICT_UNPROVEN;
	r->class = m->class ? m->class : CLASS_RENEWAL;
	if (m->domain)
		set_domains(r, *m->domain ? 1 : 0, &m->domain);
	CHECK(store_record(s, &r, 1) == STORE_OK, "%s", store_error(s));
	record_free(r);
}

static void note_id(void *context, const struct pending *p)
{
	str_printf(context, "%d ", (int)p->id);
}

/* Bits of the ids. */
struct ids {
	unsigned bits;
};

static void gather_id(void *context, const struct pending *p)
{
	struct ids *ids = context;
	assert_int_equal(ids->bits & 1u << p->id, 0);
	ids->bits |= 1u << p->id;
	assert_string_equal(p->domain, "");
	assert_int_equal(p->class, CLASS_RENEWAL);
	assert_int_equal(p->proved, p->id != 3);
}

static unsigned bits_of(const char *list)
{
	unsigned bits = 0;
	for (; *list; list++)
		if (*list != ' ')
			bits |= 1u << (*list - '0');
	return bits;
}

static void filters_and_order(void **state)
{
	(void)state;
	struct store *s = open_store();
	static const struct mail mails[] = {
	    {.kind = PENDING_OPEN, .domain = "none.example"},
	    {.kind = PENDING_OPEN, .deadline = 20, .domain = "late.example"},
	    {.kind = PENDING_REVIEW, .deadline = 10, .domain = "review.example"},
	    {.kind = PENDING_OPEN, .deadline = -5, .domain = "over.example"},
	    {.kind = PENDING_OPEN, .deadline = 10, .domain = "done.example"},
	};
	int64_t missing;
	for (size_t i = 0; i < COUNT_OF(mails); i++)
		record_mail(s, &mails[i]);
	assert_int_equal(
	    pendings_set(s, (const int64_t[]){5}, 1, PENDING_STATE_DONE, "a", "", NOW, &missing),
	    STORE_OK);
	static const struct {
		struct pending_filter filter;
		const char *want;
	} rows[] = {
	    {{0}, "4 3 2 1 "},
	    {{.states = 1u << PENDING_STATE_OPEN}, "4 2 1 "},
	    {{.states = 1u << PENDING_STATE_REVIEW}, "3 "},
	    {{.states = 1u << PENDING_STATE_DONE}, "5 "},
	    {{.states = PENDING_ALL}, "4 3 5 2 1 "},
	    {{.due_before = NOW + 10 * DAY}, "4 3 "},
	    {{.due_before = NOW + 10 * DAY - 1}, "4 "},
	    {{.id = 3}, "3 "},
	    {{.id = 5}, ""},
	    {{.id = 99}, ""},
	    {{.now = NOW, .states = 1u << PENDING_STATE_EXPIRED}, "4 "},
	    {{.now = NOW, .states = 1u << PENDING_STATE_OPEN}, "2 1 "},
	    {{.now = NOW + 10 * DAY, .states = 1u << PENDING_STATE_EXPIRED}, "4 "},
	    {{.now = NOW + 10 * DAY + 1, .states = 1u << PENDING_STATE_EXPIRED}, "4 3 "},
	    {{.domain = "late.example"}, "2 "},
	    {{.domain = "late"}, ""},
	    {{.recipient = "A@Example.Net"}, "4 3 2 1 "},
	    {{.recipient = "a@example"}, ""},
	    {{.registrar = "KEY-sys"}, "4 3 2 1 "},
	    {{.registrar = "nobody"}, ""},
	    {{.classes = 1u << CLASS_RENEWAL}, "4 3 2 1 "},
	    {{.classes = 1u << CLASS_WDRP}, ""},
	    {{.ours = 1u << OURS_UNSET}, "4 3 2 1 "},
	    {{.ours = 1u << OURS_NO}, ""},
	    {{.id = 3, .domain = "late.example"}, ""},
	    {{.id = 3, .recipient = "a@example.net", .domain = "review.example"}, "3 "},
	    {{.domain = "late.example", .recipient = "b@example.net"}, ""},
	    {{.recipient = "a@example.net", .states = 1u << PENDING_STATE_REVIEW}, "3 "},
	    {{.recipient = "a@example.net", .due_before = NOW}, "4 "},
	    {{.recipient = "a@example.net", .states = PENDING_ALL, .settled_since = NOW + 1},
	     "4 3 2 1 "},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str got = {0};
		struct ids brief = {0};
		assert_int_equal(pendings_each(s, &rows[i].filter, note_id, &got), STORE_OK);
		CHECK(strcmp(str_text(&got), rows[i].want) == 0, "row %zu: %s", i, str_text(&got));
		assert_int_equal(pendings_each_brief(s, &rows[i].filter, gather_id, &brief),
				 STORE_OK);
		CHECK(brief.bits == bits_of(rows[i].want), "row %zu, brief: %x", i, brief.bits);
		str_free(&got);
	}
	store_close(s);
}

static void note_recipient(void *context, const char *recipient)
{
	str_printf(context, "%s ", recipient);
}

static void the_first_ones_and_whose_they_are(void **state)
{
	(void)state;
	static const struct mail mails[] = {
	    {.kind = PENDING_OPEN, .deadline = 9, .domain = "a.example"},
	    {.kind = PENDING_OPEN, .deadline = 3, .domain = "b.example"},
	    {.kind = PENDING_OPEN,
	     .deadline = 5,
	     .domain = "c.example",
	     .recipient = "B@example.net"},
	    {.kind = PENDING_OPEN,
	     .deadline = 4,
	     .domain = "d.example",
	     .recipient = "c@example.net"},
	};
	static const char *const want[] = {"2 4 3 1 ", "2 ",       "2 4 ",
					   "2 4 3 ",   "2 4 3 1 ", "2 4 3 1 "};
	const struct pending_filter unsettled = {0};
	struct store *s = open_store();
	struct str got = {0};
	int64_t missing;
	for (size_t i = 0; i < COUNT_OF(mails); i++)
		record_mail(s, &mails[i]);
	for (size_t most = 0; most < COUNT_OF(want); most++) {
		const struct pending_filter filter = {.most = most};
		str_reset(&got);
		assert_int_equal(pendings_each(s, &filter, note_id, &got), STORE_OK);
		CHECK(strcmp(str_text(&got), want[most]) == 0, "most %zu: %s", most,
		      str_text(&got));
	}
	assert_int_equal(
	    pendings_set(s, (const int64_t[]){4}, 1, PENDING_STATE_DONE, "a", "", NOW, &missing),
	    STORE_OK);
	str_reset(&got);
	assert_int_equal(pendings_each_recipient(s, &unsettled, note_recipient, &got), STORE_OK);
	assert_string_equal(str_text(&got), "a@example.net b@example.net ");
	str_free(&got);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(filters_and_order),
	    cmocka_unit_test(the_first_ones_and_whose_they_are),
	};
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
