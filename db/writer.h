/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * writer.h - one thread that writes: group commit, bounded waiting, the spool behind it.
 *
 * Essay: writer.c. The promise to a callback: when writer_put returns WRITER_STORED or
 * WRITER_SPOOLED the record is on disk; it returns within LIMIT_STORE_WAIT_MS (and the time of one
 * fdatasync of the spool). A record that was given up waiting for may be stored as well as spooled:
 * recording is idempotent.
 */
#ifndef DB_WRITER_H
#define DB_WRITER_H

#include "db/store.h"
#include "db/spool.h"

struct writer;

enum writer_result {
	WRITER_STORED,
	WRITER_SPOOLED,
	WRITER_LOST, /* neither, or the database refuses it: the caller logs the whole record */
};
const char *writer_result_name(enum writer_result r);

/* Told of trouble and of its end ("database locked, spooling", "12 records replayed"), from the
 * writer's thread. */
typedef void writer_say(void *context, bool trouble, const char *text);

/* Opens the spool, starts the thread, which opens the database (and goes on trying every few
 * seconds where it cannot: locked, read-only, unmounted) and replays the spool. STORE_NEWER,
 * STORE_NOT_OURS and an unusable spool are refused at once, with a message in why[]. */
bool writer_start(const char *database, const char *spool_folder, writer_say *say, void *context,
		  struct writer **ret_writer, char why[static 256]);
/* Takes over the record (also on failure). Thread-safe. */
enum writer_result writer_put(struct writer *w, struct record *record);
/* Adds to a counter of the database (store_each_counter), at leisure: it is written with the
 * next tick, and lost with the process. name: of static storage. Thread-safe; never waits for the
 * disk. */
void writer_count(struct writer *w, const char *name, int64_t more);
/* Writes what waits, ends the thread. Takes NULL. */
void writer_stop(struct writer *w);

#endif
