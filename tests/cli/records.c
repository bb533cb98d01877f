/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * records DATABASE LISTS: fills a database as the daemon would, for the tests of keepname(1).
 *
 * Ships the lists of the folder into it (made if it is missing), then records what standard input
 * says, a mail a line, of KEY=VALUE parted by "|". Keys, all optional:
 *
 *   at         when it was received, RFC 3339 or seconds        deadline   the same
 *   source     stated (if there is a deadline), relative, policy
 *   verdict    genuine                                           class      verification; or none
 *   pending    no, open or review; as the verdict says
 *   domains, to, reasons                                         lists, comma-separated
 *   from, sender, registrar, subject, proof, ours                signs      yes: proved by DKIM
 *   id         Message-ID; one of its own for every line
 *   offer      sender or links; with org, d, s, platform, and links: "HOST PATH" parted by ";"
 *              ("HOST" alone: it cannot be accepted)
 *
 * "\\e" in a value is the octet ESC.
 *
 * Exit 0; 1 with a line on standard error for a bad key or value, or when the database refuses.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/releases.h"
#include "judge/rulefiles.h"

enum { WAIT_MS = 5000 };

static _Noreturn void fail(const char *what, const char *value)
{
	fprintf(stderr, "records: %s: %s\n", what, value);
	exit(1);
}

static int64_t time_of(const char *value)
{
	int64_t t;

	if (!str_to_time(slice_of(value), &t))
		fail("not a time", value);
	return t;
}

static void copy(char *to, size_t size, const char *value)
{
	if (snprintf(to, size, "%s", value) >= (int)size)
		fail("too long", value);
}

static void take_domains(struct record *r, char *value)
{
	for (char *save, *d = strtok_r(value, ",", &save); d != NULL;
	     d = strtok_r(NULL, ",", &save)) {
		if (r->domain_kept < LIMIT_DOMAINS)
			copy(r->domain[r->domain_kept++], sizeof(r->domain[0]), d);
		r->domain_count++;
	}
}

static void take_rcpts(struct record *r, char *value)
{
	r->rcpt = calloc(strlen(value) + 1, sizeof(*r->rcpt));
	for (char *save, *d = strtok_r(value, ",", &save); d != NULL;
	     d = strtok_r(NULL, ",", &save))
		r->rcpt[r->rcpt_count++] = strdup(d);
}

static void take_pending(struct record *r, const char *value)
{
	static const char *const names[] = {"no", "open", "review"};

	for (int i = 0; i < 3; i++)
		if (strcmp(value, names[i]) == 0) {
			r->pending = (enum pending_kind)i;
			return;
		}
	fail("not a kind of pending", value);
}

static void take_links(struct offer *o, char *value)
{
	for (char *save, *d = strtok_r(value, ";", &save); d != NULL;
	     d = strtok_r(NULL, ";", &save)) {
		struct offer_link *l = &o->link[o->link_count++];
		char *path = strchr(d, ' ');

		if (path != NULL)
			*path++ = '\0';
		copy(l->host, sizeof(l->host), d);
		copy(l->shape, sizeof(l->shape), path != NULL ? path : "");
	}
}

static bool take_offer(struct offer *o, const char *key, char *value)
{
	if (strcmp(key, "offer") == 0)
		o->kind = strcmp(value, "links") == 0 ? OFFER_LINKS : OFFER_SENDER;
	else if (strcmp(key, "org") == 0)
		copy(o->org, sizeof(o->org), value);
	else if (strcmp(key, "d") == 0)
		copy(o->d, sizeof(o->d), value);
	else if (strcmp(key, "s") == 0)
		copy(o->s, sizeof(o->s), value);
	else if (strcmp(key, "platform") == 0)
		copy(o->platform, sizeof(o->platform), value);
	else if (strcmp(key, "links") == 0)
		take_links(o, value);
	else
		return false;
	return true;
}

static void unescape(char *value)
{
	for (char *at; (at = strstr(value, "\\e")) != NULL;) {
		*at = '\x1b';
		memmove(at + 1, at + 2, strlen(at + 2) + 1);
	}
}

static void take(struct record *r, const char *key, char *value)
{
	bool good = true;

	unescape(value);
	if (take_offer(&r->offer, key, value))
		return;
	if (strcmp(key, "at") == 0)
		r->received_at = time_of(value);
	else if (strcmp(key, "deadline") == 0)
		r->deadline = time_of(value);
	else if (strcmp(key, "source") == 0)
		good = record_source_of_name(value, &r->deadline_source);
	else if (strcmp(key, "verdict") == 0)
		good = verdict_of_name(slice_of(value), &r->verdict);
	else if (strcmp(key, "class") == 0 && strcmp(value, "none") == 0)
		r->class = CLASS_NONE;
	else if (strcmp(key, "class") == 0)
		good = class_of_name(slice_of(value), &r->class);
	else if (strcmp(key, "pending") == 0)
		take_pending(r, value);
	else if (strcmp(key, "reasons") == 0)
		good = record_reasons_parse(value, &r->reasons);
	else if (strcmp(key, "ours") == 0)
		good = record_ours_of_name(value, &r->ours);
	else if (strcmp(key, "domains") == 0)
		take_domains(r, value);
	else if (strcmp(key, "to") == 0)
		take_rcpts(r, value);
	else if (strcmp(key, "from") == 0)
		copy(r->from, sizeof(r->from), value);
	else if (strcmp(key, "sender") == 0)
		copy(r->sender, sizeof(r->sender), value);
	else if (strcmp(key, "registrar") == 0)
		copy(r->registrar, sizeof(r->registrar), value);
	else if (strcmp(key, "subject") == 0)
		copy(r->subject, sizeof(r->subject), value);
	else if (strcmp(key, "proof") == 0)
		copy(r->proof, sizeof(r->proof), value);
	else if (strcmp(key, "signs") == 0)
		r->dkim_proved = strcmp(value, "yes") == 0;
	else if (strcmp(key, "id") == 0)
		copy(r->message_id, sizeof(r->message_id), value);
	else
		fail("not a key", key);
	if (!good)
		fail(key, value);
}

static struct record *record_of(char *line, unsigned number)
{
	struct record *r = calloc(1, sizeof(*r));
	bool kind_given = false;

	if (r == NULL)
		fail("memory", line);
	r->received_at = 1;
	r->verdict = VERDICT_GENUINE;
	r->class = CLASS_VERIFICATION;
	snprintf(r->message_id, sizeof(r->message_id), "<%u@records.test>", number);
	for (char *save, *word = strtok_r(line, "|", &save); word != NULL;
	     word = strtok_r(NULL, "|", &save)) {
		char *value = strchr(word, '=');

		if (value == NULL)
			fail("no value", word);
		*value++ = '\0';
		kind_given = kind_given || strcmp(word, "pending") == 0;
		take(r, word, value);
	}
	if (!kind_given)
		r->pending = r->verdict == VERDICT_GENUINE ? PENDING_OPEN : PENDING_REVIEW;
	if (r->deadline != 0 && r->deadline_source == DEADLINE_NONE)
		r->deadline_source = DEADLINE_STATED;
	return r;
}

static void ship(struct store *store, const char *lists)
{
	struct diags diags = {0};
	bool taken;
	struct list *list = rulefiles_list(lists, true, &diags);

	diag_print(&diags, stderr);
	if (list == NULL || diags.errors > 0)
		fail("bad lists", lists);
	if (releases_ship(store, list, "records", &taken) != STORE_OK)
		fail("senders", store_error(store));
	list_free(list);
	diag_free(&diags);
}

int main(int argc, char **argv)
{
	struct store *store;
	char why[256], *line = NULL;
	size_t room = 0;

	if (argc != 3)
		fail("usage", "records DATABASE LISTS");
	if (store_open(argv[1], STORE_WRITE, WAIT_MS, &store, why) != STORE_OK)
		fail("database", why);
	ship(store, argv[2]);
	for (unsigned number = 1; getline(&line, &room, stdin) > 0; number++) {
		struct record *r;

		line[strcspn(line, "\n")] = '\0';
		r = record_of(line, number);
		if (store_record(store, &r, 1) != STORE_OK)
			fail("record", store_error(store));
		record_free(r);
	}
	free(line);
	store_close(store);
	return 0;
}
