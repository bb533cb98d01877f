# SPDX-License-Identifier: BSD-2-Clause
if HAVE_CMOCKA
JUDGE_TESTS = tests/judge/frame
check_PROGRAMS += $(JUDGE_TESTS)
UNIT_TESTS += $(JUDGE_TESTS)

tests_judge_frame_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_judge_frame_LDADD = judge/libclient.a base/libbase.a $(CMOCKA_LIBS) -lpthread
endif
