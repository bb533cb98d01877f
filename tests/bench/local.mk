# SPDX-License-Identifier: BSD-2-Clause
# The load client, the empty filter it is measured against, and scripts/bench, which runs them.
# libmta.a is the MTA's side of the milter protocol; tests link it as their client.
check_LIBRARIES += tests/bench/libmta.a
tests_bench_libmta_a_SOURCES = \
	tests/bench/connect.c tests/bench/connect.h \
	tests/bench/wire.c tests/bench/wire.h \
	tests/bench/macros.c tests/bench/macros.h \
	tests/bench/answer.c tests/bench/answer.h \
	tests/bench/dialogue.c tests/bench/dialogue.h \
	tests/bench/mail.c tests/bench/mail.h \
	tests/bench/exchange.c tests/bench/exchange.h
MTA_LIBS = tests/bench/libmta.a

check_PROGRAMS += tests/bench/load tests/bench/empty_filter tests/bench/subjects
tests_bench_load_SOURCES = \
	tests/bench/load.c \
	tests/bench/plan.c tests/bench/plan.h \
	tests/bench/tally.c tests/bench/tally.h \
	tests/bench/cputime.c tests/bench/cputime.h
tests_bench_load_LDADD = $(MTA_LIBS) -lpthread
check_PROGRAMS += tests/bench/read_headers
tests_bench_read_headers_SOURCES = tests/bench/read_headers.c
tests_bench_empty_filter_SOURCES = tests/bench/empty_filter.c
tests_bench_empty_filter_LDADD = $(MILTER_LIBS)
tests_bench_subjects_SOURCES = tests/bench/subjects.c
tests_bench_subjects_LDADD = $(CORE_LIBS)

dist_noinst_SCRIPTS += scripts/bench
EXTRA_DIST += \
	scripts/bench.d/cell.awk scripts/bench.d/growth.sh scripts/bench.d/lab.sh scripts/bench.d/ordinary.sh \
	scripts/bench.d/page.sh scripts/bench.d/profile.awk scripts/bench.d/registrar.sh scripts/bench.d/rounds.sh \
	scripts/bench.d/scan.sh scripts/bench.d/subjects.sh scripts/bench.d/table.awk
EXTRA_DIST += \
	tests/bench/matters.sql \
	tests/bench/mails/forge.eml tests/bench/mails/letter.eml tests/bench/mails/list.eml \
	tests/bench/mails/newsletter.eml tests/bench/mails/rechnung.eml \
	tests/bench/mails/verification.in

dist_check_SCRIPTS += tests/bench/load_test.sh tests/bench/bench_test.sh
WIRE_TESTS += tests/bench/load_test.sh tests/bench/bench_test.sh
if HAVE_CMOCKA
BENCH_TESTS = tests/bench/test_dialogue tests/bench/test_answer tests/bench/test_mail
check_PROGRAMS += $(BENCH_TESTS)
UNIT_TESTS += $(BENCH_TESTS)

tests_bench_test_dialogue_SOURCES = tests/bench/test_dialogue.c tests/bench/fake.c tests/bench/fake.h
tests_bench_test_dialogue_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_bench_test_dialogue_LDADD = $(MTA_LIBS) $(CMOCKA_LIBS)
tests_bench_test_answer_SOURCES = tests/bench/test_answer.c tests/bench/fake.c tests/bench/fake.h
tests_bench_test_answer_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_bench_test_answer_LDADD = $(MTA_LIBS) $(CMOCKA_LIBS) -lpthread
tests_bench_test_mail_SOURCES = tests/bench/test_mail.c tests/bench/cputime.c tests/bench/cputime.h
tests_bench_test_mail_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_bench_test_mail_LDADD = $(MTA_LIBS) $(CMOCKA_LIBS)
endif
