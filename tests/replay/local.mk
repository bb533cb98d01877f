# SPDX-License-Identifier: BSD-2-Clause
# The replay ring: tests/mails/*.eml and tests/replay/cases/*.case through the pure library.
check_PROGRAMS += tests/replay/replay
REPLAY_TESTS += tests/replay/replay
tests_replay_replay_SOURCES = tests/replay/replay.c \
	tests/replay/casefile.c tests/replay/casefile.h \
	tests/replay/mail.c tests/replay/mail.h \
	tests/replay/scene.c tests/replay/scene.h tests/replay/stage.c tests/replay/stage.h \
	tests/replay/views.c tests/replay/views.h \
	tests/proof/signing.c tests/proof/signing.h
tests_replay_replay_CPPFLAGS = $(AM_CPPFLAGS) $(PSL_CFLAGS) $(PCRE2_CFLAGS)
tests_replay_replay_LDADD = tests/proof/libzone.a $(JUDGE_LIBS)
EXTRA_DIST += tests/mails tests/replay/cases tests/replay/site.list
