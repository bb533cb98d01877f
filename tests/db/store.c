/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Recording: once for each recipient and mail, all or none; counters, who signs; what a locked, a
 * read-only or a missing database answers.
 */
#include "db/store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/pendings.h"
#include "db/sql.h"
#include "tests/db/make.h"

static struct store *open_store(const char *name)
{
	struct store *s = NULL;
	char why[256] = "";
	enum store_status got = store_open(in_folder(name), STORE_WRITE, 100, &s, why);
	CHECK(got == STORE_OK, "%s", why);
	return s;
}

static void record_one(struct store *s, struct record *r)
{
	enum store_status got = store_record(s, &r, 1);
	CHECK(got == STORE_OK, "%s", store_error(s));
}

static void the_same_mail_is_recorded_once(void **state)
{
	(void)state;
	struct store *s = open_store("once.db");
	struct record *r = make_record("A@Example.net", "<1@x>");
	record_one(s, r);
	record_one(s, r);
	free(r->rcpt[0]);
	r->rcpt[0] = strdup("a@example.NET"); /* the same mailbox */
	record_one(s, r);
	assert_int_equal(ask("once.db", "SELECT count(*) FROM message"), 1);
	assert_int_equal(ask("once.db", "SELECT mails FROM pending"), 1);
	assert_int_equal(ask("once.db", "SELECT value FROM counter WHERE name = 'verdict.genuine'"),
			 1);
	free(r->rcpt[0]);
	r->rcpt[0] = strdup("b@example.net");
	record_one(s, r);
	snprintf(r->message_id, sizeof(r->message_id), "<2@x>");
	record_one(s, r);
	assert_int_equal(ask("once.db", "SELECT count(*) FROM message"), 3);
	assert_int_equal(ask("once.db", "SELECT count(*) FROM pending"), 2);
	assert_int_equal(ask("once.db", "SELECT sum(mails) FROM pending"), 3);
	record_free(r);
	store_close(s);
}

/* A stranger may know or guess the Message-ID: his mail must not keep the genuine one out. */
static void a_forged_message_id_hides_nothing(void **state)
{
	(void)state;
	struct store *s = open_store("guess.db");
	struct record *r = make_record("a@example.net", "<1@x>");
	r->verdict = VERDICT_UNPROVEN;
	r->pending = PENDING_REVIEW;
	r->dkim_proved = false;
	record_one(s, r);
	r->verdict = VERDICT_GENUINE;
	r->pending = PENDING_OPEN;
	record_one(s, r);
	assert_int_equal(ask("guess.db", "SELECT count(*) FROM pending WHERE state = 'open'"), 1);
	assert_int_equal(ask("guess.db", "SELECT count(*) FROM pending WHERE state = 'review'"), 1);
	record_free(r);
	store_close(s);
}

static void every_column_is_written(void **state)
{
	(void)state;
	struct store *s = open_store("columns.db");
	struct record *r = make_record("a@example.net", "<1@x>");
	r->reasons = 1u << REASON_AGE | 1u << REASON_SPF_WEAK;
	set_domains(r, 2, (const char *const[]){"example.com", "example.org"});
	r->domain_count = 5;
	record_one(s, r);
	assert_int_equal(
	    ask("columns.db",
		"SELECT count(*) FROM message WHERE received_at = 1796551200"
		" AND recipient = 'a@example.net' AND message_id = '<1@x>' AND queue_id = '4Q1x2y'"
		" AND verdict = 'genuine' AND class = 'verification'"
		" AND from_address = 'NoReply@emailverification.info'"
		" AND sender = 'key-systems-verification' AND registrar = 'Key-Systems GmbH'"
		" AND proof = 'dkim:emailverification.info' AND reasons = 'spf-weak,age'"
		" AND ours = 'unset' AND date = 1796551140"
		" AND subject = 'Verify the owner of example.com' AND deadline = 1797847200"
		" AND deadline_source = 'policy' AND domains = 'example.com,example.org'"
		" AND domain_count = 5"),
	    1);
	assert_int_equal(
	    ask("columns.db",
		"SELECT count(*) FROM pending WHERE state = 'open' AND recipient = 'a@example.net'"
		" AND class = 'verification' AND domain = 'example.org' AND mail = ''"
		" AND registrar = 'Key-Systems GmbH' AND sender = 'key-systems-verification'"
		" AND from_address = 'NoReply@emailverification.info'"
		" AND subject = 'Verify the owner of example.com' AND message_id = '<1@x>'"
		" AND reasons = 'spf-weak,age' AND deadline = 1797847200"
		" AND deadline_source = 'policy' AND ours = 'unset' AND first_seen = 1796551200"
		" AND last_seen = 1796551200 AND mails = 1"),
	    1);
	record_free(r);
	store_close(s);
}

static void mail_without_recipients_is_kept(void **state)
{
	(void)state;
	struct store *s = open_store("nobody.db");
	struct record *r = make_record("a@example.net", "<1@x>");
	free(r->rcpt[0]);
	r->rcpt_count = 0;
	record_one(s, r);
	record_one(s, r);
	assert_int_equal(ask("nobody.db", "SELECT count(*) FROM message WHERE recipient = ''"), 1);
	record_free(r);
	store_close(s);
}

static void hostile_text_is_only_text(void **state)
{
	(void)state;
	struct store *s = open_store("text.db");
	struct record *r = make_record("a'); DROP TABLE message; --@x", "<');--\xff\xfe@x>");
	snprintf(r->subject, sizeof(r->subject), "\xf0\x9f 'x\" ?1 \x01");
	record_one(s, r);
	assert_int_equal(ask("text.db", "SELECT count(*) FROM message"), 1);
	assert_int_equal(ask("text.db", "SELECT length(CAST(subject AS BLOB)) FROM message"), 11);
	record_free(r);
	store_close(s);
}

static void all_of_a_group_or_none(void **state)
{
	(void)state;
	struct store *s = open_store("group.db");
	struct record *r[3];
	char id[16];
	for (int i = 0; i < 3; i++) {
		snprintf(id, sizeof(id), "<%d@x>", i);
		r[i] = make_record("a@example.net", id);
	}
	/* A trigger makes the third one fail. */
	assert_int_equal(sqlite3_exec(s->db,
				      "CREATE TEMP TRIGGER t BEFORE INSERT ON main.message"
				      " WHEN new.message_id = '<2@x>'"
				      " BEGIN SELECT raise(ABORT, 'no'); END",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(store_record(s, r, 3), STORE_REFUSED);
	assert_string_equal(store_error(s), "no");
	assert_int_equal(ask("group.db", "SELECT count(*) FROM message"), 0);
	assert_int_equal(ask("group.db", "SELECT count(*) FROM pending"), 0);
	assert_int_equal(ask("group.db", "SELECT count(*) FROM signs"), 0);
	assert_int_equal(store_record(s, r, 2), STORE_OK);
	assert_int_equal(ask("group.db", "SELECT count(*) FROM message"), 2);
	assert_int_equal(store_record(s, r, 0), STORE_OK);
	for (int i = 0; i < 3; i++)
		record_free(r[i]);
	store_close(s);
}

static void who_signs_is_remembered(void **state)
{
	(void)state;
	struct store *s = open_store("signs.db");
	struct record *r = make_record("a@example.net", "<1@x>");
	bool signs = true;
	r->dkim_proved = false;
	record_one(s, r);
	assert_int_equal(store_sender_signs(s, r->from, &signs), STORE_OK);
	assert_false(signs);
	r->dkim_proved = true; /* even where the mail itself is recorded already */
	record_one(s, r);
	assert_int_equal(store_sender_signs(s, "noreply@EMAILVERIFICATION.info", &signs), STORE_OK);
	assert_true(signs);
	assert_int_equal(store_sender_signs(s, "other@emailverification.info", &signs), STORE_OK);
	assert_false(signs);
	r->from[0] = '\0';
	record_one(s, r);
	assert_int_equal(ask("signs.db", "SELECT count(*) FROM signs"), 1);
	record_free(r);
	store_close(s);
}

static void note_counter(void *context, const char *name, int64_t value)
{
	str_printf(context, "%s=%lld;", name, (long long)value);
}

static void counters_are_in_order(void **state)
{
	(void)state;
	struct store *s = open_store("counters.db");
	struct record *r = make_record("a@example.net", "<1@x>");
	struct str got = {0};
	record_one(s, r);
	r->verdict = VERDICT_KNOWN;
	r->class = CLASS_NONE;
	r->pending = PENDING_NO;
	record_one(s, r);
	r->reasons = 1u << REASON_CLASS; /* recorded already: not counted */
	record_one(s, r);
	snprintf(r->message_id, sizeof(r->message_id), "<2@x>");
	record_one(s, r);
	assert_int_equal(store_count(s, "spool.replayed", 3), STORE_OK);
	assert_int_equal(store_count(s, "spool.replayed", 4), STORE_OK);
	assert_int_equal(store_each_counter(s, note_counter, &got), STORE_OK);
	assert_string_equal(str_text(&got),
			    "class.unrecognised=1;class.verification=1;spool.replayed=7;"
			    "verdict.genuine=1;verdict.known=2;");
	assert_int_equal(ask("counters.db", "SELECT count(*) FROM pending"), 1);
	str_free(&got);
	record_free(r);
	store_close(s);
}

static void note_unrecognised(void *context, const struct unrecognised *u)
{
	str_printf(context, "%s %s %lld;", u->message_id, u->subject,
		   (long long)(u->received_at - NOW));
}

/* Known for its class alone, since then, once however many received it. */
static void unrecognised_mail_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *id, *recipient;
		enum verdict verdict;
		uint32_t reasons;
		int received;
	} mails[] = {
	    {"<1@x>", "a@example.net", VERDICT_KNOWN, 1u << REASON_CLASS, 0},
	    {"<1@x>", "b@example.net", VERDICT_KNOWN, 1u << REASON_CLASS, 5},
	    {"<2@x>", "a@example.net", VERDICT_KNOWN, 1u << REASON_CLASS, 9},
	    {"<3@x>", "a@example.net", VERDICT_KNOWN, 1u << REASON_CLASS, -1},
	    {"<4@x>", "a@example.net", VERDICT_KNOWN, 1u << REASON_CLASS | 1u << REASON_LINKS, 9},
	    {"<5@x>", "a@example.net", VERDICT_KNOWN, 1u << REASON_CLASS_SENDER, 9},
	    {"<6@x>", "a@example.net", VERDICT_UNPROVEN, 1u << REASON_CLASS, 9},
	    {"<7@x>", "a@example.net", VERDICT_GENUINE, 0, 9},
	};
	struct store *s = open_store("unrecognised.db");
	struct str got = {0};
	for (size_t i = 0; i < COUNT_OF(mails); i++) {
		struct record *r = make_record(mails[i].recipient, mails[i].id);
		r->verdict = mails[i].verdict;
		r->class = CLASS_NONE;
		r->pending = PENDING_NO;
		r->reasons = mails[i].reasons;
		r->received_at = NOW + mails[i].received;
		record_one(s, r);
		record_free(r);
	}
	assert_int_equal(store_each_unrecognised(s, NOW, note_unrecognised, &got), STORE_OK);
	assert_string_equal(str_text(&got), "<2@x> Verify the owner of example.com 9;"
					    "<1@x> Verify the owner of example.com 5;");
	str_free(&got);
	store_close(s);
}

static void a_locked_database_is_busy(void **state)
{
	(void)state;
	struct store *s = open_store("locked.db"), *other = open_store("locked.db");
	struct record *r = make_record("a@example.net", "<1@x>");
	int64_t generation = -1;
	assert_int_equal(sql_begin(other), SQLITE_OK);
	assert_int_equal(store_record(s, &r, 1), STORE_BUSY);
	assert_non_null(strstr(store_error(s), "locked"));
	/* Reading goes on. */
	assert_int_equal(store_generation(s, &generation), STORE_OK);
	assert_int_equal(sql_end(other, SQLITE_OK), STORE_OK);
	record_one(s, r);
	record_free(r);
	store_close(other);
	store_close(s);
}

/* What root may not do either is not in our power to test as root: a child becomes somebody else.
 */
static int as_nobody(int (*act)(void))
{
	pid_t pid = fork();
	if (pid == 0) {
		if (geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
			_exit(100);
		_exit(act());
	}
	int status = -1;
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int write_read_only(void)
{
	struct store *s = NULL;
	char why[256] = "";
	enum store_status got = store_open(in_folder("ro/x.db"), STORE_WRITE, 0, &s, why);
	if (got != STORE_READ_ONLY || !strstr(why, "read-only")) {
		print_error("status %d: %s\n", got, why);
		return 1;
	}
	return 0;
}

static int write_in_read_only_folder(void)
{
	struct store *s = NULL;
	char why[256] = "";
	enum store_status got = store_open(in_folder("ro/new.db"), STORE_WRITE, 0, &s, why);
	return got == STORE_ERROR && strstr(why, "Permission denied") ? 0 : 1;
}

static int read_forbidden(void)
{
	struct store *s = NULL;
	char why[256] = "";
	enum store_status got = store_open(in_folder("no.db"), STORE_READ, 0, &s, why);
	return got == STORE_ERROR && strstr(why, "Permission denied") ? 0 : 1;
}

static void a_read_only_database_says_so(void **state)
{
	(void)state;
	assert_int_equal(mkdir("ro", 0755), 0);
	store_close(open_store("ro/x.db"));
	store_close(open_store("no.db"));
	assert_int_equal(chmod("ro/x.db", 0444), 0);
	assert_int_equal(chmod("no.db", 0000), 0);
	assert_int_equal(chmod(".", 0755), 0);
	assert_int_equal(chmod("ro", 0555), 0);
	assert_int_equal(as_nobody(write_read_only), 0);
	assert_int_equal(as_nobody(write_in_read_only_folder), 0);
	assert_int_equal(as_nobody(read_forbidden), 0);
	assert_int_equal(chmod("ro", 0755), 0);
}

static void a_reader_changes_nothing(void **state)
{
	(void)state;
	store_close(open_store("reader.db"));
	struct store *s = NULL;
	struct str before = {0}, after = {0};
	char why[256];
	struct record *r = make_record("a@example.net", "<1@x>");
	slurp("reader.db", &before);
	assert_int_equal(store_open(in_folder("reader.db"), STORE_READ, 0, &s, why), STORE_OK);
	assert_int_equal(store_record(s, &r, 1), STORE_READ_ONLY);
	store_close(s);
	slurp("reader.db", &after);
	assert_int_equal(before.n, after.n);
	assert_memory_equal(before.p, after.p, before.n);
	record_free(r);
	str_free(&before);
	str_free(&after);
}

static void a_deleted_or_replaced_file_shows(void **state)
{
	(void)state;
	struct store *s = open_store("moved.db");
	assert_false(store_has_moved(s));
	assert_int_equal(rename("moved.db", "elsewhere.db"), 0);
	assert_true(store_has_moved(s));
	store_close(open_store("moved.db"));
	assert_true(store_has_moved(s));
	store_close(s);
}

/* Looking at the header of a file that is open must not drop the locks on it. */
static void looking_keeps_locks(void **state)
{
	(void)state;
	struct store *s = open_store("locks.db");
	assert_int_equal(sql_begin(s), SQLITE_OK);
	for (int i = 0; i < 3; i++) {
		struct store *reader = NULL;
		char why[256];
		assert_int_equal(store_open(in_folder("locks.db"), STORE_READ, 0, &reader, why),
				 STORE_OK);
		store_close(reader);
	}
	pid_t pid = fork();
	if (pid == 0) {
		/* Another process may not take the file for itself while we have it open. */
		sqlite3 *db = NULL;
		bool good = sqlite3_open("locks.db", &db) == SQLITE_OK;
		good = good && sqlite3_exec(db,
					    "PRAGMA locking_mode = EXCLUSIVE;"
					    "PRAGMA journal_mode = DELETE;",
					    NULL, NULL, NULL) == SQLITE_BUSY;
		_exit(good ? 0 : 1);
	}
	int status = -1;
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	assert_int_equal(sql_end(s, SQLITE_OK), STORE_OK);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_same_mail_is_recorded_once),
	    cmocka_unit_test(a_forged_message_id_hides_nothing),
	    cmocka_unit_test(every_column_is_written),
	    cmocka_unit_test(mail_without_recipients_is_kept),
	    cmocka_unit_test(hostile_text_is_only_text),
	    cmocka_unit_test(all_of_a_group_or_none),
	    cmocka_unit_test(who_signs_is_remembered),
	    cmocka_unit_test(counters_are_in_order),
	    cmocka_unit_test(unrecognised_mail_is_named),
	    cmocka_unit_test(a_locked_database_is_busy),
	    cmocka_unit_test(a_read_only_database_says_so),
	    cmocka_unit_test(a_reader_changes_nothing),
	    cmocka_unit_test(a_deleted_or_replaced_file_shows),
	    cmocka_unit_test(looking_keeps_locks),
	};
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
