/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * letter_deadline.c - dates and spans in a text, and the deadline that follows from them: the rows
 * of tests/rules/deadlines.tsv, and what they cannot hold.
 */
#include <stdio.h>

#include "base/limits.h"
#include "rules/core/fold.h"
#include "rules/letter/deadline.h"
#include "rules/letter/words.h"
#include "tests/rules/tsv.h"

#define MAIL_DATE 1795341600 /* 2026-11-22T10:00:00Z */
#define DAY       86400

#define V CLASS_VERIFICATION
#define S CLASS_SUSPENSION
#define R CLASS_RENEWAL
#define O CLASS_TRANSFER_OUT
#define C CLASS_CHANGE_OF_REGISTRANT

/* -- the table --------------------------------------------------------------------------------- */

enum {
	CLASS,
	DATE,
	SUBJECT,
	TEXT,
	WANT,
	COLUMNS,
};

struct row {
	unsigned line;
	enum class_id class;
	struct maildate date;
	struct str subject, text; /* folded */
	char want[64];
};

/* RFC 3339; its offset is the mail's. */
static bool read_date(struct slice s, struct maildate *ret_date)
{
	int64_t local;
	if (s.n < 20 || !str_to_time(s, &ret_date->when))
		return false;
	char utc[21];
	memcpy(utc, s.p, 19);
	memcpy(utc + 19, "Z", 2);
	if (!str_to_time(slice_of(utc), &local))
		return false;
	ret_date->east = (int)((local - ret_date->when) / 60);
	return true;
}

static void read_row(unsigned number, const struct slice *column, struct row *row)
{
	struct str subject = {0}, text = {0};
	*row = (struct row){.line = number};
	CHECK(column[CLASS].n == 0 || class_of_name(column[CLASS], &row->class),
	      "deadlines.tsv:%u: class", number);
	CHECK(read_date(column[DATE], &row->date), "deadlines.tsv:%u: date", number);
	CHECK(slice_copy(column[WANT], row->want, sizeof row->want), "deadlines.tsv:%u: want",
	      number);
	tsv_unescape(column[SUBJECT], &subject);
	tsv_unescape(column[TEXT], &text);
	fold_text((struct slice){subject.p, subject.n}, &row->subject);
	fold_lines((struct slice){text.p, text.n}, &row->text);
	str_free(&subject);
	str_free(&text);
}

/* "TIME SOURCE", or "none"; and "refused" where a date was. */
static void print_deadline(const struct row *row, struct maildate date, unsigned days,
			   struct str *to)
{
	struct deadline d;
	struct slice subject = tight((struct slice){row->subject.p, row->subject.n});
	struct slice text = tight((struct slice){row->text.p, row->text.n});
	char when[21];
	deadline_read(subject, text, row->class, date, days, &d);
	tight_free(subject);
	tight_free(text);
	str_time(d.when, when);
	if (d.source == DEADLINE_NONE)
		str_puts(to, "none");
	else
		str_printf(to, "%s %s", when, deadline_source_name(d.source));
	str_puts(to, d.refused ? " refused" : "");
}

static unsigned check_row(const struct row *row)
{
	struct str got = {0};
	unsigned wrong = 0;
	print_deadline(row, row->date, 0, &got);
	if (strcmp(str_text(&got), row->want) != 0) {
		print_error("deadlines.tsv:%u: got \"%s\", want \"%s\"\n", row->line,
			    str_text(&got), row->want);
		wrong++;
	}
	/* what found nothing falls back on policy */
	if (!wrong && slice_starts_nocase(slice_of(row->want), "none") && row->class != CLASS_SUSPENSION) {
		char when[21];
		str_free(&got);
		print_deadline(row, row->date, 14, &got);
		str_time(row->date.when + 14 * DAY, when);
		CHECK(slice_starts_nocase(slice_of(str_text(&got)), when) &&
			  strstr(str_text(&got), " policy"),
		      "deadlines.tsv:%u: policy %s", row->line, str_text(&got));
	}
	/* without a Date header only what is stated counts */
	str_free(&got);
	print_deadline(row, (struct maildate){0}, 14, &got);
	CHECK(!strstr(str_text(&got), "relative") && !strstr(str_text(&got), "policy"),
	      "deadlines.tsv:%u: no date, but %s", row->line, str_text(&got));
	str_free(&got);
	return wrong;
}

static void check_line(void *context, unsigned number, const struct slice *column)
{
	unsigned *wrong = context;
	struct row row;
	read_row(number, column, &row);
	*wrong += check_row(&row);
	str_free(&row.subject);
	str_free(&row.text);
}

static void test_table(void **state)
{
	(void)state;
	unsigned wrong = 0, rows = tsv_read("deadlines.tsv", COLUMNS, check_line, &wrong);
	CHECK(rows >= 400, "%u rows", rows);
	CHECK(wrong == 0, "%u of %u rows", wrong, rows);
}

/* The edges of what is sensible, in seconds from the mail's date. */
static void test_edges(void **state)
{
	(void)state;
	static const struct {
		enum class_id class;
		const char *words;
		int64_t from_date;
		bool want;
	} rows[] = {
	    {V, "until", 0, true},
	    {V, "until", -1, false},
	    {V, "until", LIMIT_DEADLINE_ACTION_DAYS * DAY, true},
	    {V, "until", LIMIT_DEADLINE_ACTION_DAYS * DAY + 1, false},
	    {C, "until", LIMIT_DEADLINE_ACTION_DAYS * DAY + 1, false},
	    {O, "until", LIMIT_DEADLINE_ACTION_DAYS * DAY + 1, false},
	    {R, "until", LIMIT_DEADLINE_ACTION_DAYS * DAY + 1, true},
	    {R, "expires on", LIMIT_DEADLINE_AHEAD_DAYS * DAY, true},
	    {R, "expires on", LIMIT_DEADLINE_AHEAD_DAYS * DAY + 1, false},
	    {CLASS_NIS2, "until", LIMIT_DEADLINE_AHEAD_DAYS * DAY, true},
	    {CLASS_NIS2, "until", LIMIT_DEADLINE_AHEAD_DAYS * DAY + 1, false},
	    {R, "expired on", -LIMIT_DEADLINE_PAST_DAYS * DAY, true},
	    {R, "expired on", -LIMIT_DEADLINE_PAST_DAYS * DAY - 1, false},
	    {R, "until", -1, false},
	    {S, "suspended on", -LIMIT_DEADLINE_PAST_DAYS * DAY, true},
	    {S, "suspended on", -LIMIT_DEADLINE_PAST_DAYS * DAY - 1, false},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str text = {0};
		struct deadline got;
		char when[21];
		str_time(MAIL_DATE + rows[i].from_date, when);
		str_printf(&text, "%s %s", rows[i].words, when);
		deadline_read((struct slice){NULL, 0}, (struct slice){text.p, text.n},
			      rows[i].class, (struct maildate){MAIL_DATE, 0}, 0, &got);
		CHECK((got.source == DEADLINE_STATED) == rows[i].want, "row %zu: got %d", i,
		      got.source);
		CHECK(!rows[i].want || got.when == MAIL_DATE + rows[i].from_date, "row %zu", i);
		str_free(&text);
	}
}

/* A long table keeps the meaning of its heading; hostile repetition ends soon. */
static void test_long(void **state)
{
	(void)state;
	static const char *const unit[] = {
	    "2026-12-06 example.com\n",
	    "1 day ",
	    "within 1 day, ",
	    "until 2026-12-06 ",
	    "11.12.20",
	    "fifteen (15",
	    "Nov 19, ",
	    "\n\n",
	    ": \n",
	    "\xe6\x97\xa5",
	    "by the end of the ",
	};
	for (size_t i = 0; i < COUNT_OF(unit); i++) {
		struct str text = {0};
		struct deadline got;
		str_puts(&text, "Domain Name   Expiration Date\n");
		while (text.n < LIMIT_TEXT_BYTES)
			str_puts(&text, unit[i]);
		deadline_read((struct slice){NULL, 0}, (struct slice){text.p, text.n}, V,
			      (struct maildate){MAIL_DATE, 0}, 0, &got);
		CHECK(i || got.source == DEADLINE_NONE, "an expiry table in a verification: %d",
		      got.source);
		str_free(&text);
	}
}

static void test_words(void **state)
{
	(void)state;
	static const char *const list[] = {"by$", "expir", "as of$", "\xe5\x86\x85", NULL};
	static const struct {
		const char *text;
		bool any, last;
	} rows[] = {
	    {"by", true, true},
	    {"By:  ", true, true},
	    {"bye", false, false},
	    {"standby", false, false},
	    {"by the", true, false},
	    {"it expired", true, false},
	    {"unexpired", false, false},
	    {"AS OF", true, true},
	    {"\xe4\xbb\xa5\xe5\x86\x85", true, false},
	    {"", false, false},
	};
	static const char *const whole[] = {"by$", "as of$", NULL};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice in = tight(slice_of(rows[i].text));
		CHECK(words_any(in, list) == rows[i].any, "%s", rows[i].text);
		CHECK(words_last(in, whole) == rows[i].last, "%s", rows[i].text);
		tight_free(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_edges),
	    cmocka_unit_test(test_long),
	    cmocka_unit_test(test_words),
	};
	return cmocka_run_group_tests_name("letter_deadline", tests, NULL, NULL);
}
