# SPDX-License-Identifier: BSD-2-Clause
if HAVE_CMOCKA
# libdbtest.a: a folder, records and a faulty disk for every test of db/.
check_LIBRARIES += tests/db/libdbtest.a
tests_db_libdbtest_a_SOURCES = \
	tests/db/make.c tests/db/make.h \
	tests/db/faultvfs.c tests/db/faultvfs.h tests/db/unsynced.c tests/db/unsynced.h
tests_db_libdbtest_a_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(SQLITE_CFLAGS)

DB_TESTS = \
	tests/db/record \
	tests/db/schema \
	tests/db/store \
	tests/db/pendings tests/db/pendings_find tests/db/ceiling \
	tests/db/undo tests/db/exchange \
	tests/db/watched tests/db/runs \
	tests/db/senders tests/db/releases \
	tests/db/suggestions \
	tests/db/spool \
	tests/db/writer
DB_FAULT_TESTS = \
	tests/db/faults tests/db/sweep \
	tests/db/crash
check_PROGRAMS += $(DB_TESTS) $(DB_FAULT_TESTS)
UNIT_TESTS += $(DB_TESTS)
FAULT_TESTS += $(DB_FAULT_TESTS)
DB_TEST_LIBS = tests/db/libdbtest.a $(DB_LIBS) $(CMOCKA_LIBS)

tests_db_record_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_record_LDADD = $(DB_TEST_LIBS)
tests_db_schema_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_schema_LDADD = $(DB_TEST_LIBS)
tests_db_store_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_store_LDADD = $(DB_TEST_LIBS)
tests_db_pendings_find_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_pendings_find_LDADD = $(DB_TEST_LIBS)
tests_db_pendings_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_pendings_LDADD = $(DB_TEST_LIBS)
tests_db_ceiling_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_ceiling_LDADD = $(DB_TEST_LIBS)
tests_db_watched_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_watched_LDADD = $(DB_TEST_LIBS)
tests_db_runs_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_runs_LDADD = $(DB_TEST_LIBS)
tests_db_exchange_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(SQLITE_CFLAGS)
tests_db_exchange_LDADD = $(DB_TEST_LIBS)
tests_db_undo_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_undo_LDADD = $(DB_TEST_LIBS)
tests_db_senders_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_senders_LDADD = $(DB_TEST_LIBS)
tests_db_releases_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_releases_LDADD = $(DB_TEST_LIBS)
tests_db_suggestions_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_suggestions_LDADD = $(DB_TEST_LIBS)
tests_db_spool_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_spool_LDADD = $(DB_TEST_LIBS)
tests_db_writer_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_writer_LDADD = $(DB_TEST_LIBS)
tests_db_faults_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_faults_LDADD = $(DB_TEST_LIBS)
tests_db_sweep_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_sweep_LDADD = $(DB_TEST_LIBS)
tests_db_crash_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_crash_LDADD = $(DB_TEST_LIBS)
endif
