/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * courier - sends mail through a milter that may break at any moment, and writes down every answer.
 *
 *   courier -s SOCKET -o ANSWERS [OPTION]... MAIL
 *
 *   -n N        messages in all (1)          -c N     connections at the same time (1)
 *   -m N        messages a connection (5)    -t S     seconds for each answer (30)
 *   -f ADDRESS  envelope sender              -r ADDRESS recipient; {n} is the message's number
 *   -i IP       of the SMTP client           -k NAME  goes into every Message-ID
 *
 * Each message is MAIL with a Message-ID of its own. One line for each in ANSWERS, written at once:
 *
 *   N MESSAGE-ID WORD [WHY]
 *
 * WORD is the verdict in the X-Keepname that was inserted, "none" without one, "defer" for another
 * answer than acceptance; "broken" when the connection broke before any edit came (an MTA carries
 * edits out as they come, so an edit that came counts even if the connection broke behind it). WHY
 * says how it broke. A connection that broke is opened anew; one that is refused ends its thread.
 *
 * Exit 0 when all were sent, 1 when the milter refused connections before that, 2 trouble or usage.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libmilter/mfdef.h>

#include "tests/bench/exchange.h"

enum { CONNECTIONS_MOST = 64 };

struct courier {
	const char *socket, *sender, *rcpt, *key;
	struct client client;
	struct mail *mail;
	size_t messages, connections, per_connection;
	int timeout_ms;
	FILE *answers;
	atomic_size_t next;
	atomic_bool refused;
};

static _Noreturn void fail(const char *what, const char *why)
{
	fprintf(stderr, "courier: %s: %s\n", what, why);
	exit(2);
}

/* -- one message ---------------------------------------------------------------------------- */

/* The header that was inserted; NULL without one. Deletions of foreign ones have no value. */
static const char *our_header(const struct answer *a)
{
	for (size_t i = 0; i < a->edit_count; i++)
		if (a->edits[i].action == SMFIR_INSHEADER &&
		    strcmp(a->edits[i].name, "X-Keepname") == 0)
			return a->edits[i].value + strspn(a->edits[i].value, " ");
	return NULL;
}

/* Its first word. */
static void word_of(const struct answer *a, bool broken, char *to, size_t size)
{
	const char *value = our_header(a);

	if (value != NULL)
		snprintf(to, size, "%.*s", (int)strcspn(value, ";"), value);
	else if (broken)
		snprintf(to, size, "broken");
	else
		snprintf(
		    to, size, "%s",
		    a->verdict == SMFIR_ACCEPT || a->verdict == SMFIR_CONTINUE ? "none" : "defer");
}

static enum dialogue_next send_one(struct courier *c, struct dialogue *d, size_t n)
{
	const char *at = strstr(c->rcpt, "{n}");
	char id[160], rcpt[320], queue_id[32], word[64];
	const char *rcpts[] = {rcpt};
	struct envelope e = {.queue_id = queue_id,
			     .sender = c->sender,
			     .rcpts = rcpts,
			     .rcpt_count = 1,
			     .message_id = id};
	struct answer a = {0};
	enum dialogue_next next;

	snprintf(queue_id, sizeof(queue_id), "4T%08zX", n);
	snprintf(id, sizeof(id), "<%s.%zu@courier.test>", c->key, n);
	if (at == NULL)
		snprintf(rcpt, sizeof(rcpt), "%s", c->rcpt);
	else
		snprintf(rcpt, sizeof(rcpt), "%.*s%zu%s", (int)(at - c->rcpt), c->rcpt, n, at + 3);
	next = exchange_message(d, c->mail, &e, &a);
	word_of(&a, next == DIALOGUE_BROKEN, word, sizeof(word));
	fprintf(c->answers, "%zu %s %s%s%s\n", n, id, word, next == DIALOGUE_BROKEN ? " " : "",
		next == DIALOGUE_BROKEN ? dialogue_fault(d) : "");
	answer_reset(&a);
	return next;
}

/* -- one connection ------------------------------------------------------------------------- */

static void note_broken(struct courier *c, size_t n, const char *why)
{
	fprintf(c->answers, "%zu <%s.%zu@courier.test> broken %s\n", n, c->key, n, why);
}

/* Sends what one connection takes, beginning with number n. False: the milter is not there. */
static bool serve_connection(struct courier *c, size_t n)
{
	char fault[160] = "";
	struct wire *wire;
	struct dialogue *d;
	struct answer greeting = {0};
	enum dialogue_next next;

	if (wire_open(c->socket, c->timeout_ms, &wire) < 0) {
		note_broken(c, n, "refused");
		return false;
	}
	d = dialogue_start(wire, fault, sizeof(fault));
	if (d == NULL) {
		note_broken(c, n, fault);
		return true;
	}
	next = exchange_greet(d, &c->client, &greeting);
	if (next != DIALOGUE_ON) {
		note_broken(c, n, dialogue_fault(d));
		next = DIALOGUE_BROKEN;
	}
	for (size_t sent = 1; next != DIALOGUE_BROKEN; sent++) {
		next = send_one(c, d, n);
		if (next == DIALOGUE_BROKEN || sent == c->per_connection)
			break;
		n = atomic_fetch_add(&c->next, 1);
		if (n >= c->messages)
			break;
	}
	if (next != DIALOGUE_BROKEN)
		(void)exchange_leave(d);
	answer_reset(&greeting);
	dialogue_drop(d);
	return true;
}

static void *serve(void *context)
{
	struct courier *c = context;
	size_t n;

	while ((n = atomic_fetch_add(&c->next, 1)) < c->messages)
		if (!serve_connection(c, n)) {
			atomic_store(&c->refused, true);
			break;
		}
	return NULL;
}

static void run(struct courier *c)
{
	pthread_t thread[CONNECTIONS_MOST];

	for (size_t i = 0; i < c->connections; i++)
		if (pthread_create(&thread[i], NULL, serve, c) != 0)
			fail("thread", "cannot be started");
	for (size_t i = 0; i < c->connections; i++)
		pthread_join(thread[i], NULL);
}

/* -- the start ------------------------------------------------------------------------------ */

static size_t number(const char *text, size_t most)
{
	char *end;
	const unsigned long n = strtoul(text, &end, 10);

	if (end == text || *end != '\0' || n < 1 || n > most)
		fail("not a number that is possible", text);
	return n;
}

int main(int argc, char **argv)
{
	struct courier c = {
	    .sender = "sender@client.example",
	    .rcpt = "owner@example.com",
	    .key = "courier",
	    .client = {"mail.client.example", "192.0.2.10", "mail.client.example"},
	    .messages = 1,
	    .connections = 1,
	    .per_connection = 5,
	    .timeout_ms = 30000,
	};
	int o;

	while ((o = getopt(argc, argv, "s:o:n:c:m:t:f:r:i:k:")) != -1) {
		switch (o) {
		case 's': c.socket = optarg; break;
		case 'o':
			c.answers = fopen(optarg, "ae");
			if (c.answers == NULL)
				fail(optarg, "cannot be written");
			setvbuf(c.answers, NULL, _IOLBF, BUFSIZ);
			break;
		case 'n': c.messages = number(optarg, 1000000); break;
		case 'c': c.connections = number(optarg, CONNECTIONS_MOST); break;
		case 'm': c.per_connection = number(optarg, 1000000); break;
		case 't': c.timeout_ms = (int)number(optarg, 600) * 1000; break;
		case 'f': c.sender = optarg; break;
		case 'r': c.rcpt = optarg; break;
		case 'i': c.client.ip = optarg; break;
		case 'k': c.key = optarg; break;
		default: return 2;
		}
	}
	if (c.socket == NULL || c.answers == NULL || optind + 1 != argc)
		fail("usage", "courier -s SOCKET -o ANSWERS [OPTION]... MAIL");
	if (mail_read(argv[optind], &c.mail) < 0)
		fail(argv[optind], "cannot be read");
	run(&c);
	mail_free(c.mail);
	return fclose(c.answers) == 0 ? atomic_load(&c.refused) : 2;
}
