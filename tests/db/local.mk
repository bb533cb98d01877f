# SPDX-License-Identifier: BSD-2-Clause
if HAVE_CMOCKA
# libdbtest.a: a folder and records for every test of db/.
check_LIBRARIES += tests/db/libdbtest.a
tests_db_libdbtest_a_SOURCES = tests/db/make.c tests/db/make.h
tests_db_libdbtest_a_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(SQLITE_CFLAGS)

DB_TESTS = \
	tests/db/record \
	tests/db/schema \
	tests/db/store \
	tests/db/pendings \
	tests/db/senders \
	tests/db/spool
check_PROGRAMS += $(DB_TESTS)
UNIT_TESTS += $(DB_TESTS)
DB_TEST_LIBS = tests/db/libdbtest.a $(DB_LIBS) $(CMOCKA_LIBS)

tests_db_record_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_record_LDADD = $(DB_TEST_LIBS)
tests_db_schema_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_schema_LDADD = $(DB_TEST_LIBS)
tests_db_store_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_store_LDADD = $(DB_TEST_LIBS)
tests_db_pendings_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_pendings_LDADD = $(DB_TEST_LIBS)
tests_db_senders_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_senders_LDADD = $(DB_TEST_LIBS)
tests_db_spool_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_db_spool_LDADD = $(DB_TEST_LIBS)
endif
