/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pendings: which mails belong to one matter, whatever the order in which they are recorded; what
 * people do to them; every change an event.
 */
#include "db/pendings.h"

#include <stdio.h>
#include <unistd.h>

#include "db/alarms.h"
#include "db/undo.h"
#include "tests/db/make.h"

static struct store *open_store(void)
{
	struct store *s = NULL;
	char why[256] = "";
	unlink("p.db");
	unlink("p.db-wal");
	unlink("p.db-shm");
	enum store_status got = store_open(in_folder("p.db"), STORE_WRITE, 100, &s, why);
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

static void describe(void *context, const struct pending *p)
{
	str_printf(context, "%s %s %s %s due %d first %d last %d mails %d\n",
		   pending_state_name(p->state), class_name(p->class), p->domain, p->recipient,
		   p->deadline ? (int)((p->deadline - NOW) / DAY) : 0,
		   (int)((p->first_seen - NOW) / DAY), (int)((p->last_seen - NOW) / DAY),
		   (int)p->mails);
}

static void describe_all(struct store *s, struct str *to)
{
	const struct pending_filter filter = {.states = PENDING_ALL};
	str_reset(to);
	CHECK(pendings_each(s, &filter, describe, to) == STORE_OK, "%s", store_error(s));
}

enum {
	MAILS = 4,
};

/* Each in the order given and backwards: the same matters must come out. */
static const struct {
	const char *why;
	struct mail mail[MAILS];
	const char *want;
} joins[] = {
    {"reminders of one matter join, the earliest deadline stays",
     {{.kind = PENDING_OPEN, .received = 0, .deadline = 30},
      {.kind = PENDING_OPEN, .received = 10, .deadline = 29},
      {.kind = PENDING_OPEN, .received = 20, .deadline = 31}},
     "open renewal example.com a@example.net due 29 first 0 last 20 mails 3\n"},
    {"a deadline is learned from a later mail",
     {{.kind = PENDING_OPEN, .received = 0}, {.kind = PENDING_OPEN, .received = 1, .deadline = 9}},
     "open renewal example.com a@example.net due 9 first 0 last 1 mails 2\n"},
    {"a mail without a deadline takes none away",
     {{.kind = PENDING_OPEN, .received = 0, .deadline = 9}, {.kind = PENDING_OPEN, .received = 1}},
     "open renewal example.com a@example.net due 9 first 0 last 1 mails 2\n"},
    {"next year's renewal is another matter",
     {{.kind = PENDING_OPEN, .received = 0, .deadline = 30},
      {.kind = PENDING_OPEN, .received = 28, .deadline = 30},
      {.kind = PENDING_OPEN, .received = 330, .deadline = 395}},
     "open renewal example.com a@example.net due 30 first 0 last 28 mails 2\n"
     "open renewal example.com a@example.net due 395 first 330 last 330 mails 1\n"},
    {"the year counts, not when the mails came",
     {{.kind = PENDING_OPEN, .received = 0, .deadline = 20},
      {.kind = PENDING_OPEN, .received = 5, .deadline = 385}},
     "open renewal example.com a@example.net due 20 first 0 last 0 mails 1\n"
     "open renewal example.com a@example.net due 385 first 5 last 5 mails 1\n"},
    {"without deadlines half a year parts",
     {{.kind = PENDING_OPEN, .received = 0}, {.kind = PENDING_OPEN, .received = 181}},
     "open renewal example.com a@example.net due 0 first 0 last 0 mails 1\n"
     "open renewal example.com a@example.net due 0 first 181 last 181 mails 1\n"},
    {"and less does not",
     {{.kind = PENDING_OPEN, .received = 0}, {.kind = PENDING_OPEN, .received = 180}},
     "open renewal example.com a@example.net due 0 first 0 last 180 mails 2\n"},
    {"recipient, class and domain are each their own",
     {{.kind = PENDING_OPEN, .deadline = 1},
      {.kind = PENDING_OPEN, .deadline = 2, .recipient = "b@example.net"},
      {.kind = PENDING_OPEN, .deadline = 3, .domain = "example.org"},
      {.kind = PENDING_OPEN, .deadline = 4, .class = CLASS_VERIFICATION}},
     "open renewal example.com a@example.net due 1 first 0 last 0 mails 1\n"
     "open renewal example.com b@example.net due 2 first 0 last 0 mails 1\n"
     "open renewal example.org a@example.net due 3 first 0 last 0 mails 1\n"
     "open verification example.com a@example.net due 4 first 0 last 0 mails 1\n"},
    {"review mail never touches an open matter, nor the other way",
     {{.kind = PENDING_OPEN, .received = 0, .deadline = 30},
      {.kind = PENDING_REVIEW, .received = 1, .deadline = 2},
      {.kind = PENDING_REVIEW, .received = 3, .deadline = 5}},
     "review renewal example.com a@example.net due 2 first 1 last 3 mails 2\n"
     "open renewal example.com a@example.net due 30 first 0 last 0 mails 1\n"},
    {"mails that name no domain are matters of their own",
     {{.kind = PENDING_OPEN, .deadline = 1, .domain = ""},
      {.kind = PENDING_OPEN, .deadline = 2, .domain = ""}},
     "open renewal  a@example.net due 1 first 0 last 0 mails 1\n"
     "open renewal  a@example.net due 2 first 0 last 0 mails 1\n"},
    {"no kind, no matter", {{.kind = PENDING_NO, .deadline = 1}}, ""},
};

static void mails_join_their_matter(void **state)
{
	(void)state;
	struct str got = {0};
	for (size_t i = 0; i < COUNT_OF(joins); i++)
		for (int backwards = 0; backwards < 2; backwards++) {
			struct store *s = open_store();
			for (int m = 0; m < MAILS; m++) {
				const struct mail *mail =
				    &joins[i].mail[backwards ? MAILS - 1 - m : m];
				if (mail->kind || mail->deadline)
					record_mail(s, mail);
			}
			describe_all(s, &got);
			/* Matters without a deadline come in the order of their making. */
			bool swapped = backwards && !joins[i].mail[0].deadline;
			CHECK(strcmp(str_text(&got), joins[i].want) == 0 ||
				  (swapped && got.n == strlen(joins[i].want)),
			      "%s%s: got\n%s", joins[i].why, backwards ? " (backwards)" : "",
			      str_text(&got));
			store_close(s);
		}
	str_free(&got);
}

static void each_domain_is_a_matter(void **state)
{
	(void)state;
	struct store *s = open_store();
	struct str got = {0};
	struct record *r = make_record("a@example.net", "<1@x>");
	static const char *const names[] = {"one.example", "two.example"};
	set_domains(r, 2, names);
	assert_int_equal(store_record(s, &r, 1), STORE_OK);
	describe_all(s, &got);
	assert_string_equal(
	    str_text(&got),
	    "open verification one.example a@example.net due 15 first 0 last 0 mails 1\n"
	    "open verification two.example a@example.net due 15 first 0 last 0 mails 1\n");
	/* More than were kept: the rest is in the mail, which is a matter then too. */
	snprintf(r->message_id, sizeof(r->message_id), "<2@x>");
	r->domain_count = 3;
	assert_int_equal(store_record(s, &r, 1), STORE_OK);
	describe_all(s, &got);
	assert_string_equal(
	    str_text(&got),
	    "open verification one.example a@example.net due 15 first 0 last 0 mails 2\n"
	    "open verification two.example a@example.net due 15 first 0 last 0 mails 2\n"
	    "open verification  a@example.net due 15 first 0 last 0 mails 1\n");
	record_free(r);
	str_free(&got);
	store_close(s);
}

/* A confirmation, as a record; in days from NOW. */
static void record_verified(struct store *s, enum verdict verdict, int received, int date,
			    const char *sender, const char *domain)
{
	static int number;
	char id[32];
	snprintf(id, sizeof(id), "<v%d@x>", ++number);
	struct record *r = make_record("a@example.net", id);
	r->class = CLASS_VERIFIED;
	r->verdict = verdict;
	r->pending = PENDING_NO;
	r->deadline = 0;
	r->deadline_source = DEADLINE_NONE;
	r->received_at = NOW + received * DAY;
	r->date = NOW + date * DAY;
	set_domains(r, *domain ? 1 : 0, &domain);
	if (sender)
		snprintf(r->sender, sizeof(r->sender), "%s", sender);
	CHECK(store_record(s, &r, 1) == STORE_OK, "%s", store_error(s));
	record_free(r);
}

static void a_confirmation_settles_its_matter(void **state)
{
	(void)state;
	static const struct {
		const char *why;
		struct mail mail;
		enum verdict verdict;
		int received, date;
		const char *sender, *domain;
		enum pending_state want;
	} rows[] = {
	    {"verification",
	     {.kind = PENDING_OPEN, .class = CLASS_VERIFICATION},
	     VERDICT_GENUINE,
	     1,
	     1,
	     NULL,
	     "example.com",
	     PENDING_STATE_DONE},
	    {"suspension",
	     {.kind = PENDING_OPEN, .class = CLASS_SUSPENSION},
	     VERDICT_GENUINE,
	     1,
	     1,
	     NULL,
	     "example.com",
	     PENDING_STATE_RESOLVED},
	    {"at the same time",
	     {.kind = PENDING_OPEN, .class = CLASS_VERIFICATION},
	     VERDICT_GENUINE,
	     0,
	     0,
	     NULL,
	     "example.com",
	     PENDING_STATE_DONE},
	    {"asked for again since",
	     {.kind = PENDING_OPEN, .class = CLASS_VERIFICATION, .received = 2},
	     VERDICT_GENUINE,
	     1,
	     1,
	     NULL,
	     "example.com",
	     PENDING_STATE_OPEN},
	    {"an old one once more",
	     {.kind = PENDING_OPEN, .class = CLASS_VERIFICATION, .received = 2},
	     VERDICT_GENUINE,
	     3,
	     1,
	     NULL,
	     "example.com",
	     PENDING_STATE_OPEN},
	    {"not proved",
	     {.kind = PENDING_OPEN, .class = CLASS_VERIFICATION},
	     VERDICT_KNOWN,
	     1,
	     1,
	     NULL,
	     "example.com",
	     PENDING_STATE_OPEN},
	    {"another sender",
	     {.kind = PENDING_OPEN, .class = CLASS_VERIFICATION},
	     VERDICT_GENUINE,
	     1,
	     1,
	     "other",
	     "example.com",
	     PENDING_STATE_OPEN},
	    {"another domain",
	     {.kind = PENDING_OPEN, .class = CLASS_VERIFICATION},
	     VERDICT_GENUINE,
	     1,
	     1,
	     NULL,
	     "example.org",
	     PENDING_STATE_OPEN},
	    {"no domain",
	     {.kind = PENDING_OPEN, .class = CLASS_VERIFICATION, .domain = ""},
	     VERDICT_GENUINE,
	     1,
	     1,
	     NULL,
	     "",
	     PENDING_STATE_OPEN},
	    {"another recipient",
	     {.kind = PENDING_OPEN, .class = CLASS_VERIFICATION, .recipient = "b@example.net"},
	     VERDICT_GENUINE,
	     1,
	     1,
	     NULL,
	     "example.com",
	     PENDING_STATE_OPEN},
	    {"another class",
	     {.kind = PENDING_OPEN, .class = CLASS_TRANSFER_OUT},
	     VERDICT_GENUINE,
	     1,
	     1,
	     NULL,
	     "example.com",
	     PENDING_STATE_OPEN},
	    {"to be reviewed",
	     {.kind = PENDING_REVIEW, .class = CLASS_VERIFICATION},
	     VERDICT_GENUINE,
	     1,
	     1,
	     NULL,
	     "example.com",
	     PENDING_STATE_REVIEW},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct store *s = open_store();
		struct str got = {0};
		record_mail(s, &rows[i].mail);
		record_verified(s, rows[i].verdict, rows[i].received, rows[i].date, rows[i].sender,
				rows[i].domain);
		describe_all(s, &got);
		const char *want = pending_state_name(rows[i].want);
		CHECK(strncmp(str_text(&got), want, strlen(want)) == 0 &&
			  !strstr(str_text(&got), "verified"),
		      "%s: got %s", rows[i].why, str_text(&got));
		str_free(&got);
		store_close(s);
	}
}

static void note_event(void *context, const struct pending_event *e)
{
	str_printf(context, "%d %s %s [%s]\n", (int)((e->at - NOW) / DAY), e->actor, e->kind,
		   e->detail);
}

static void a_confirmation_says_why(void **state)
{
	(void)state;
	static const struct mail mail = {.kind = PENDING_OPEN, .class = CLASS_VERIFICATION};
	struct store *s = open_store();
	struct str got = {0};
	record_mail(s, &mail);
	record_verified(s, VERDICT_GENUINE, 1, 1, NULL, "example.com");
	assert_int_equal(pendings_each_event(s, 1, note_event, &got), STORE_OK);
	CHECK(strstr(str_text(&got), "\n1 mail done [confirmed by genuine <v"), "got %s",
	      str_text(&got));
	str_free(&got);
	store_close(s);
}

static void people_close_and_reopen(void **state)
{
	(void)state;
	struct store *s = open_store();
	struct str got = {0};
	int64_t missing = 0;
	static const struct mail first = {.kind = PENDING_OPEN, .deadline = 30},
				 second = {.kind = PENDING_OPEN, .received = 3, .deadline = 30};
	record_mail(s, &first);
	assert_int_equal(pendings_set(s, (const int64_t[]){1}, 1, PENDING_STATE_DONE, "anna",
				      "paid", NOW + DAY, &missing),
			 STORE_OK);
	/* Twice is once. */
	assert_int_equal(pendings_set(s, (const int64_t[]){1}, 1, PENDING_STATE_DONE, "ben", "",
				      NOW + 2 * DAY, &missing),
			 STORE_OK);
	/* The registrar writes again: that is not settled. */
	record_mail(s, &second);
	assert_int_equal(pendings_set(s, (const int64_t[]){1}, 1, PENDING_STATE_OPEN, "anna", NULL,
				      NOW + 4 * DAY, &missing),
			 STORE_OK);
	describe_all(s, &got);
	assert_string_equal(
	    str_text(&got),
	    "open renewal example.com a@example.net due 30 first 0 last 0 mails 1\n"
	    "open renewal example.com a@example.net due 30 first 3 last 3 mails 1\n");
	str_reset(&got);
	assert_int_equal(pendings_each_event(s, 1, note_event, &got), STORE_OK);
	assert_non_null(strstr(str_text(&got), "0 mail opened [genuine <"));
	assert_non_null(strstr(str_text(&got), "> deadline 2027-01-05T10:00:00Z]\n"
					       "1 anna done [paid]\n"
					       "4 anna reopened []\n"));
	assert_null(strstr(str_text(&got), "ben"));
	str_reset(&got);
	assert_int_equal(pendings_each_event(s, 77, note_event, &got), STORE_OK);
	assert_string_equal(str_text(&got), "");
	str_free(&got);
	store_close(s);
}

/* Neither by reopening what is not done, nor by way of done. */
static void review_is_never_made_open(void **state)
{
	(void)state;
	static const struct mail mail = {.kind = PENDING_REVIEW, .deadline = 30};
	static const enum pending_state step[] = {PENDING_STATE_OPEN, PENDING_STATE_DONE,
						  PENDING_STATE_OPEN};
	static const char *const want[] = {"review", "done", "review"};
	struct store *s = open_store();
	struct str got = {0};
	int64_t missing = 0;
	record_mail(s, &mail);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(pendings_set(s, (const int64_t[]){1}, 1, step[i], "anna", "",
					      NOW + (int64_t)(i + 1) * DAY, &missing),
				 STORE_OK);
		str_reset(&got);
		describe_all(s, &got);
		CHECK(strncmp(str_text(&got), want[i], strlen(want[i])) == 0, "got %s, want %s",
		      str_text(&got), want[i]);
	}
	str_reset(&got);
	assert_int_equal(pendings_each_event(s, 1, note_event, &got), STORE_OK);
	assert_non_null(strstr(str_text(&got), "2 anna done []\n3 anna reopened []\n"));
	assert_null(strstr(str_text(&got), "1 anna"));
	str_free(&got);
	store_close(s);
}

static void all_ids_or_none(void **state)
{
	(void)state;
	struct store *s = open_store();
	struct str got = {0};
	int64_t missing = 0;
	static const struct mail one = {.kind = PENDING_OPEN, .deadline = 1},
				 two = {.kind = PENDING_REVIEW, .deadline = 2};
	record_mail(s, &one);
	record_mail(s, &two);
	assert_int_equal(pendings_set(s, (const int64_t[]){1, 9, 2, 8}, 4, PENDING_STATE_DONE, "a",
				      "", NOW, &missing),
			 STORE_NOT_FOUND);
	assert_int_equal(missing, 9);
	describe_all(s, &got);
	assert_non_null(strstr(str_text(&got), "open renewal"));
	assert_int_equal(
	    pendings_set(s, (const int64_t[]){1, 2}, 2, PENDING_STATE_DONE, "a", "", NOW, &missing),
	    STORE_OK);
	describe_all(s, &got);
	assert_null(strstr(str_text(&got), "open renewal"));
	assert_null(strstr(str_text(&got), "review renewal"));
	str_free(&got);
	store_close(s);
}

static void note_id(void *context, const struct pending *p)
{
	str_printf(context, "%d ", (int)p->id);
}

static void check_all(struct store *s, const char *why, const char *want)
{
	struct str got = {0};
	describe_all(s, &got);
	CHECK(strcmp(str_text(&got), want) == 0, "%s: got\n%s", why, str_text(&got));
	str_free(&got);
}

static void what_is_over_expires_once(void **state)
{
	(void)state;
	static const struct mail mails[] = {
	    {.kind = PENDING_OPEN, .deadline = 2, .domain = "a.example"},
	    {.kind = PENDING_REVIEW, .deadline = 2, .domain = "b.example"},
	    {.kind = PENDING_OPEN, .deadline = 3, .domain = "c.example"},
	    {.kind = PENDING_OPEN, .domain = "d.example"},
	};
	struct store *s = open_store();
	struct str got = {0};
	size_t count = 9;
	int64_t missing;
	for (size_t i = 0; i < COUNT_OF(mails); i++)
		record_mail(s, &mails[i]);
	assert_int_equal(pendings_expire(s, NOW + 2 * DAY, &count), STORE_OK);
	assert_int_equal(count, 0); /* its last second is still its own */
	assert_int_equal(pendings_expire(s, NOW + 2 * DAY + 1, &count), STORE_OK);
	assert_int_equal(count, 2);
	assert_int_equal(pendings_expire(s, NOW + 2 * DAY + 2, &count), STORE_OK);
	assert_int_equal(count, 0);
	check_all(s, "expired",
		  "expired renewal a.example a@example.net due 2 first 0 last 0 mails 1\n"
		  "expired renewal b.example a@example.net due 2 first 0 last 0 mails 1\n"
		  "open renewal c.example a@example.net due 3 first 0 last 0 mails 1\n"
		  "open renewal d.example a@example.net due 0 first 0 last 0 mails 1\n");
	/* A final notice still joins, each its own origin; a person still closes and reopens. */
	static const struct mail late = {
	    .kind = PENDING_OPEN, .received = 4, .deadline = 9, .domain = "a.example"};
	record_mail(s, &late);
	assert_int_equal(
	    pendings_set(s, (const int64_t[]){2}, 1, PENDING_STATE_DONE, "anna", "", NOW, &missing),
	    STORE_OK);
	assert_int_equal(
	    pendings_set(s, (const int64_t[]){2}, 1, PENDING_STATE_OPEN, "anna", "", NOW, &missing),
	    STORE_OK);
	check_all(s, "joined, reopened",
		  "expired renewal a.example a@example.net due 2 first 0 last 4 mails 2\n"
		  "review renewal b.example a@example.net due 2 first 0 last 0 mails 1\n"
		  "open renewal c.example a@example.net due 3 first 0 last 0 mails 1\n"
		  "open renewal d.example a@example.net due 0 first 0 last 0 mails 1\n");
	assert_int_equal(pendings_each_event(s, 1, note_event, &got), STORE_OK);
	CHECK(strstr(str_text(&got), "\n2 clock expired []\n"), "got %s", str_text(&got));
	str_free(&got);
	store_close(s);
}

static void a_suspension_raises_to_held(void **state)
{
	(void)state;
	static const struct mail
	    verify = {.kind = PENDING_OPEN, .deadline = 2, .class = CLASS_VERIFICATION},
	    dark = {.kind = PENDING_OPEN, .received = 3, .class = CLASS_SUSPENSION},
	    doubt = {.kind = PENDING_REVIEW, .received = 3, .class = CLASS_SUSPENSION},
	    other = {.kind = PENDING_OPEN,
		     .received = 3,
		     .class = CLASS_SUSPENSION,
		     .recipient = "b@example.net"};
	struct store *s = open_store();
	size_t count;
	record_mail(s, &verify);
	record_mail(s, &doubt);
	check_all(s, "a stranger's holds nothing",
		  "open verification example.com a@example.net due 2 first 0 last 0 mails 1\n"
		  "review suspension example.com a@example.net due 0 first 3 last 3 mails 1\n");
	assert_int_equal(pendings_expire(s, NOW + 3 * DAY, &count), STORE_OK);
	record_mail(s, &dark);
	record_mail(s, &dark); /* again: joins */
	record_mail(s, &other);
	check_all(s, "held",
		  "held verification example.com a@example.net due 2 first 0 last 3 mails 3\n"
		  "held suspension example.com b@example.net due 0 first 3 last 3 mails 1\n"
		  "review suspension example.com a@example.net due 0 first 3 last 3 mails 1\n");
	store_close(s);
}

static void the_registry_holds_and_releases(void **state)
{
	(void)state;
	static const struct mail mails[] = {
	    {.kind = PENDING_OPEN, .deadline = 2},
	    {.kind = PENDING_REVIEW, .deadline = 5, .class = CLASS_VERIFICATION},
	    {.kind = PENDING_OPEN, .deadline = 5, .domain = "other.example"},
	    {.kind = PENDING_OPEN, .deadline = 5, .domain = ""},
	    {.kind = PENDING_OPEN, .deadline = 6, .class = CLASS_NIS2},
	};
	struct store *s = open_store();
	struct str got = {0};
	size_t count = 9;
	int64_t missing;
	for (size_t i = 0; i < COUNT_OF(mails); i++)
		record_mail(s, &mails[i]);
	assert_int_equal(
	    pendings_set(s, (const int64_t[]){5}, 1, PENDING_STATE_DONE, "anna", "", NOW, &missing),
	    STORE_OK);
	assert_int_equal(pendings_hold(s, "", "watch", "x", NOW, &count), STORE_OK);
	assert_int_equal(count, 0); /* a mail that names no domain is no domain's */
	assert_int_equal(pendings_hold(s, "example.com", "watch", "clientHold", NOW + DAY, &count),
			 STORE_OK);
	assert_int_equal(count, 2);
	assert_int_equal(pendings_hold(s, "example.com", "watch", "clientHold", NOW + DAY, &count),
			 STORE_OK);
	assert_int_equal(count, 0);
	assert_int_equal(pendings_expire(s, NOW + 3 * DAY, &count), STORE_OK);
	assert_int_equal(count, 0); /* held ones are past that */
	/* Not what has been held since after that time. */
	assert_int_equal(
	    pendings_release(s, "example.com", NOW + DAY, "watch", "", NOW + 2 * DAY, &count),
	    STORE_OK);
	assert_int_equal(count, 0);
	assert_int_equal(pendings_release(s, "example.com", NOW + DAY + 1, "watch", "no more",
					  NOW + 2 * DAY, &count),
			 STORE_OK);
	assert_int_equal(count, 2);
	check_all(s, "resolved",
		  "resolved renewal example.com a@example.net due 2 first 0 last 0 mails 1\n"
		  "resolved verification example.com a@example.net due 5 first 0 last 0 mails 1\n"
		  "open renewal other.example a@example.net due 5 first 0 last 0 mails 1\n"
		  "open renewal  a@example.net due 5 first 0 last 0 mails 1\n"
		  "done nis2 example.com a@example.net due 6 first 0 last 0 mails 1\n");
	assert_int_equal(pendings_each_event(s, 1, note_event, &got), STORE_OK);
	CHECK(strstr(str_text(&got), "\n1 watch held [clientHold]\n2 watch resolved [no more]\n"),
	      "got %s", str_text(&got));
	str_free(&got);
	store_close(s);
}

static void what_is_snoozed_rests(void **state)
{
	(void)state;
	static const struct mail mails[] = {
	    {.kind = PENDING_OPEN, .deadline = 20},
	    {.kind = PENDING_OPEN, .deadline = 30, .domain = "b.example"},
	};
	const struct pending_filter then = {.now = NOW + 5 * DAY - 1, .awake = true},
				    after = {.now = NOW + 5 * DAY, .awake = true};
	struct store *s = open_store();
	struct str got = {0};
	int64_t missing = 0;
	for (size_t i = 0; i < COUNT_OF(mails); i++)
		record_mail(s, &mails[i]);
	assert_int_equal(pendings_snooze(s, (const int64_t[]){1, 7}, 2, NOW + 5 * DAY, "anna", "",
					 NOW, &missing),
			 STORE_NOT_FOUND);
	assert_int_equal(missing, 7);
	assert_int_equal(pendings_each(s, &then, note_id, &got), STORE_OK);
	assert_string_equal(str_text(&got), "1 2 ");
	for (int twice = 0; twice < 2; twice++)
		assert_int_equal(pendings_snooze(s, (const int64_t[]){1}, 1, NOW + 5 * DAY, "anna",
						 "asked for", NOW, &missing),
				 STORE_OK);
	str_reset(&got);
	assert_int_equal(pendings_each(s, &then, note_id, &got), STORE_OK);
	assert_string_equal(str_text(&got), "2 ");
	str_reset(&got);
	assert_int_equal(pendings_each(s, &after, note_id, &got), STORE_OK);
	assert_string_equal(str_text(&got), "1 2 ");
	/* What is done has nothing to rest from. */
	assert_int_equal(
	    pendings_set(s, (const int64_t[]){1}, 1, PENDING_STATE_DONE, "anna", "", NOW, &missing),
	    STORE_OK);
	assert_int_equal(ask("p.db", "SELECT snoozed_until FROM pending WHERE id = 1"), 0);
	assert_int_equal(
	    pendings_snooze(s, (const int64_t[]){1}, 1, NOW + DAY, "anna", "", NOW, &missing),
	    STORE_OK);
	assert_int_equal(ask("p.db", "SELECT snoozed_until FROM pending WHERE id = 1"), 0);
	str_reset(&got);
	assert_int_equal(pendings_each_event(s, 1, note_event, &got), STORE_OK);
	CHECK(strstr(str_text(&got), "\n0 anna snoozed [2026-12-11T10:00:00Z asked for]\n"
				     "0 anna done []\n"),
	      "got %s", str_text(&got));
	str_free(&got);
	store_close(s);
}

static void check_standing(const char *why, int64_t want)
{
	const int64_t got = ask("p.db", "SELECT count(*) FROM alarm WHERE ended_at = 0"
					" AND kind = 'transfer' AND domain = 'example.com'");
	CHECK(got == want, "%s: %d", why, (int)got);
}

static enum ours say_ours(const void *context, const char *domain)
{
	(void)domain;
	return *(const enum ours *)context;
}

static void reckon(struct store *s, enum ours ours, int64_t now)
{
	size_t changed = 0;
	assert_int_equal(pendings_reckon(s, say_ours, &ours, "anna", now, &changed), STORE_OK);
	assert_in_range(changed, 1, 9);
}

static void set_first(struct store *s, enum pending_state to, int64_t now)
{
	static const int64_t id[] = {1};
	int64_t missing;
	assert_int_equal(pendings_set(s, id, 1, to, "anna", "", now, &missing), STORE_OK);
}

static void undo(struct store *s, int64_t now)
{
	int64_t back = 0, kept;
	assert_int_equal(undo_last(s, "anna", now, &back, &kept), STORE_OK);
	assert_int_equal(back, 1);
}

/* An alarm that only the matter's own state has ended stands again with it. */
static void an_alarm_stands_again(void **state)
{
	(void)state;
	static const struct mail transfer = {.kind = PENDING_OPEN, .class = CLASS_TRANSFER_OUT},
				 doubt = {.kind = PENDING_REVIEW, .class = CLASS_TRANSFER_OUT},
				 renewal = {.kind = PENDING_OPEN};
	struct store *s = open_store();
	struct str got = {0};
	size_t ended;
	record_mail(s, &transfer);
	record_mail(s, &doubt);
	record_mail(s, &renewal);
	check_standing("raised by mail", 1);
	set_first(s, PENDING_STATE_DONE, NOW + 1);
	check_standing("settled", 0);
	undo(s, NOW + 2);
	check_standing("that undone", 1);
	set_first(s, PENDING_STATE_DONE, NOW + 3);
	set_first(s, PENDING_STATE_OPEN, NOW + 4);
	check_standing("reopened", 1);
	assert_int_equal(ask("p.db", "SELECT count(*) FROM alarm WHERE sent_at = 0"), 1);
	undo(s, NOW + 5);
	check_standing("that undone", 0);
	set_first(s, PENDING_STATE_OPEN, NOW + 6);
	reckon(s, OURS_NO, NOW + 7);
	check_standing("not ours", 0);
	set_first(s, PENDING_STATE_DONE, NOW + 8);
	set_first(s, PENDING_STATE_OPEN, NOW + 9);
	check_standing("reopened while it is not ours", 0);
	reckon(s, OURS_YES, NOW + 10);
	check_standing("ours after all", 1);
	assert_int_equal(
	    alarms_end(s, ALARM_TRANSFER, "example.com", "watch", "over", NOW + 11, &ended),
	    STORE_OK);
	set_first(s, PENDING_STATE_DONE, NOW + 12);
	set_first(s, PENDING_STATE_OPEN, NOW + 13);
	check_standing("what the registry has ended", 0);
	assert_int_equal(ask("p.db", "SELECT count(*) FROM alarm"), 1);
	assert_int_equal(pendings_each_event(s, 1, note_event, &got), STORE_OK);
	CHECK(strstr(str_text(&got), "anna alarm-ended [settled]\n0 anna done []\n"
				     "0 anna undone [done]\n0 anna alarm [transfer]\n"),
	      "got %s", str_text(&got));
	str_free(&got);
	store_close(s);
}

/* Recorded while its domain was not ours, so that no alarm was raised. */
static void an_alarm_stands_once_its_domain_is_ours(void **state)
{
	(void)state;
	struct store *s = open_store();
	struct record *r = make_record("a@example.net", "<foreign@x>");
	r->class = CLASS_TRANSFER_OUT;
	r->ours = OURS_NO;
	CHECK(store_record(s, &r, 1) == STORE_OK, "%s", store_error(s));
	record_free(r);
	check_standing("not ours", 0);
	reckon(s, OURS_YES, NOW + 1);
	check_standing("ours", 1);
	reckon(s, OURS_NO, NOW + 2);
	check_standing("not ours any more", 0);
	store_close(s);
}

static void names_of_states(void **state)
{
	(void)state;
	enum pending_state got = PENDING_STATE_DONE;
	assert_string_equal(pending_state_name(PENDING_STATE_REVIEW), "review");
	assert_true(pending_state_of_name(LIT("open"), &got));
	assert_int_equal(got, PENDING_STATE_OPEN);
	assert_false(pending_state_of_name(LIT("opened"), &got));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(mails_join_their_matter),
	    cmocka_unit_test(each_domain_is_a_matter),
	    cmocka_unit_test(a_confirmation_settles_its_matter),
	    cmocka_unit_test(a_confirmation_says_why),
	    cmocka_unit_test(people_close_and_reopen),
	    cmocka_unit_test(review_is_never_made_open),
	    cmocka_unit_test(all_ids_or_none),
	    cmocka_unit_test(what_is_over_expires_once),
	    cmocka_unit_test(a_suspension_raises_to_held),
	    cmocka_unit_test(the_registry_holds_and_releases),
	    cmocka_unit_test(what_is_snoozed_rests),
	    cmocka_unit_test(an_alarm_stands_again),
	    cmocka_unit_test(an_alarm_stands_once_its_domain_is_ours),
	    cmocka_unit_test(names_of_states),
	};
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
