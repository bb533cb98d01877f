/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ask.c - the judge's resolver.
 *
 * A question is sent once for a message, whoever asks it how often; its answer stays until the
 * message is done. `expect` only notes, so that all questions that are known go out as one write
 * (ask_flush) and their answers are under way together; `ask` flushes, and reads answers off the
 * stream until its own has come. That may only be called after END has been read, for before it
 * the next frames are the body (client.c has the whole order).
 *
 * Everything that keeps an answer from coming is ANSWER_TROUBLE: LIMIT_QUESTIONS, a name that no
 * packet can carry (only SPF macros make such), short memory, a closed or garbled stream.
 */
#include "judge/ask.h"

#include <stdlib.h>
#include <string.h>

struct entry {
	struct question question; /* its id is the place in the table */
	bool here;
	struct answer answer;
};

struct ask {
	int fd;
	struct frame_reader *reader;
	struct str out, frame; /* questions to be sent; one of them in the making */
	struct entry *entry[LIMIT_QUESTIONS];
	uint32_t count;
	bool broken; /* the stream is of no more use */
};

static const struct answer trouble = {.status = ANSWER_TROUBLE};

struct ask *ask_new(int fd, struct frame_reader *reader)
{
	struct ask *a = calloc(1, sizeof *a);
	if (!a)
		return NULL;
	a->fd = fd;
	a->reader = reader;
	return a;
}

void ask_free(struct ask *a)
{
	if (!a)
		return;
	for (uint32_t i = 0; i < a->count; i++) {
		answer_free(&a->entry[i]->answer);
		free(a->entry[i]);
	}
	str_free(&a->out);
	str_free(&a->frame);
	free(a);
}

uint32_t ask_count(const struct ask *a)
{
	return a->count;
}

static struct entry *find(const struct ask *a, enum question_type type, const char *name)
{
	for (uint32_t i = 0; i < a->count; i++) {
		struct entry *e = a->entry[i];
		if (e->question.type == type && str_same_nocase(e->question.name, name))
			return e;
	}
	return NULL;
}

/* The entry of a question, to be sent if it is new; NULL if it cannot be asked. */
static struct entry *noted(struct ask *a, enum question_type type, const char *name)
{
	struct entry *e = find(a, type, name);
	if (e)
		return e;
	if (a->broken || a->count >= LIMIT_QUESTIONS || !question_name_ok(name))
		return NULL;
	e = calloc(1, sizeof *e);
	if (!e)
		return NULL;
	e->question.id = a->count;
	e->question.type = type;
	strcpy(e->question.name, name); /* question_name_ok has measured it */
	a->entry[a->count++] = e;

	frame_begin(&a->frame, FRAME_QUESTION);
	question_pack(&e->question, &a->frame);
	frame_end(&a->frame);
	str_add(&a->out, a->frame.p, a->frame.n);
	if (a->frame.failed || a->out.failed)
		a->broken = true;
	return e;
}

void ask_flush(struct ask *a)
{
	if (!a->broken && a->out.n && frame_send(a->fd, &a->out, -1) != FRAME_OK)
		a->broken = true;
	str_reset(&a->out);
}

/* Takes one answer off the stream. */
static void take_answer(struct ask *a)
{
	enum frame_kind kind;
	struct slice payload;
	struct answer answer;
	if (frame_read(a->reader, LIMIT_FRAME, -1, &kind, &payload) != FRAME_OK ||
	    kind != FRAME_ANSWER || !answer_unpack(payload, &answer)) {
		a->broken = true;
		return;
	}
	if (answer.id >= a->count || a->entry[answer.id]->here) {
		answer_free(&answer);
		a->broken = true;
		return;
	}
	a->entry[answer.id]->answer = answer;
	a->entry[answer.id]->here = true;
}

static void expect(void *context, enum question_type type, const char *name)
{
	noted(context, type, name);
}

static const struct answer *ask(void *context, enum question_type type, const char *name)
{
	struct ask *a = context;
	struct entry *e = noted(a, type, name);
	ask_flush(a);
	while (e && !e->here && !a->broken)
		take_answer(a);
	return e && e->here ? &e->answer : &trouble;
}

struct resolver ask_resolver(struct ask *a)
{
	return (struct resolver){.expect = expect, .ask = ask, .context = a};
}
