# SPDX-License-Identifier: BSD-2-Clause
noinst_LIBRARIES += db/libdb.a
db_libdb_a_SOURCES = \
	db/schema.c db/schema.h \
	db/sql.c db/sql.h \
	db/store.c db/store.h db/store_health.c \
	db/record.c db/record.h \
	db/spool.c db/spool.h db/waiting.c db/waiting.h \
	db/writer.c db/writer.h \
	db/senders.c db/senders.h db/releases.c db/releases.h db/suggestions.c db/suggestions.h \
	db/events.c db/events.h db/ceiling.c db/ceiling.h \
	db/pendings.c db/pendings_mail.c db/pendings_life.c db/pendings.h \
	db/copy.c db/copy.h db/exchange.c db/exchange.h \
	db/undo.c db/undo.h db/purge.c db/purge.h \
	db/owned.c db/owned.h \
	db/history.c db/history.h db/notices.c db/notices.h \
	db/alarms.c db/alarms.h \
	db/runs.c db/runs.h \
	db/watched.c db/watched.h
db_libdb_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
DB_LIBS = db/libdb.a $(CORE_LIBS) $(SQLITE_LIBS) -lpthread
