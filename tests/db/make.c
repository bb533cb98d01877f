/* SPDX-License-Identifier: BSD-2-Clause */
/* make.c - see make.h. */
#include "tests/db/make.h"

#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

int enter_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/keepname-db-XXXXXX");
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

int leave_folder(void **state)
{
	(void)state;
	if (chdir("/") < 0)
		return -1;
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *in_folder(const char *name)
{
	static char path[4][160];
	static int turn;
	turn = (turn + 1) % 4;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", folder, name);
	return path[turn];
}

struct record *make_record(const char *recipient, const char *message_id)
{
	struct record *r = calloc(1, sizeof(*r));
	assert_non_null(r);
	*r = (struct record){
	    .received_at = NOW,
	    .verdict = VERDICT_GENUINE,
	    .class = CLASS_VERIFICATION,
	    .pending = PENDING_OPEN,
	    .dkim_proved = true,
	    .ours = OURS_UNSET,
	    .date = NOW - 60,
	    .deadline = NOW + 15 * DAY,
	    .deadline_source = DEADLINE_POLICY,
	    .rcpt_count = 1,
	};
	snprintf(r->queue_id, sizeof(r->queue_id), "4Q1x2y");
	snprintf(r->message_id, sizeof(r->message_id), "%s", message_id);
	snprintf(r->from, sizeof(r->from), "NoReply@emailverification.info");
	snprintf(r->sender, sizeof(r->sender), "key-systems-verification");
	snprintf(r->registrar, sizeof(r->registrar), "Key-Systems GmbH");
	snprintf(r->proof, sizeof(r->proof), "dkim:emailverification.info");
	snprintf(r->subject, sizeof(r->subject), "Verify the owner of example.com");
	set_domains(r, 1, (const char *const[]){"example.com"});
	r->rcpt = calloc(1, sizeof(*r->rcpt));
	assert_non_null(r->rcpt);
	r->rcpt[0] = strdup(recipient);
	return r;
}

void set_domains(struct record *r, size_t n, const char *const domain[])
{
	r->domain_kept = (uint32_t)n;
	r->domain_count = (uint32_t)n;
	for (size_t i = 0; i < n; i++)
		snprintf(r->domain[i], sizeof(r->domain[i]), "%s", domain[i]);
}

int64_t ask(const char *database, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	int64_t answer = -1;
	int rc = sqlite3_open_v2(database, &db, SQLITE_OPEN_READONLY, NULL);
	sqlite3_busy_timeout(db, 5000);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
	if (rc != SQLITE_OK)
		print_error("%s: %s\n", sql, sqlite3_errmsg(db));
	assert_int_equal(rc, SQLITE_OK);
	if (sqlite3_step(st) == SQLITE_ROW)
		answer = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return answer;
}

void slurp(const char *path, struct str *ret_text)
{
	struct stat st;
	str_free(ret_text);
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
		str_read_file(path, SIZE_MAX / 4, ret_text);
}
