# SPDX-License-Identifier: BSD-2-Clause
# badjudge: misbehaves as a keepname-judge; for wire and fault tests too.
check_PROGRAMS += tests/judge/badjudge
tests_judge_badjudge_SOURCES = tests/judge/badjudge.c
tests_judge_badjudge_LDADD = $(JUDGE_CLIENT_LIBS)

if HAVE_CMOCKA
JUDGE_TESTS = tests/judge/frame tests/judge/request tests/judge/ask tests/judge/client \
	tests/judge/seal tests/judge/zygote tests/judge/rulefiles tests/judge/whole
check_PROGRAMS += $(JUDGE_TESTS)
UNIT_TESTS += $(JUDGE_TESTS)

tests_judge_frame_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_judge_frame_LDADD = judge/libclient.a base/libbase.a $(CMOCKA_LIBS) -lpthread

# Its allocations go through the test, which lets one after the other fail.
tests_judge_request_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_judge_request_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
tests_judge_request_LDADD = judge/libclient.a $(CORE_LIBS) $(CMOCKA_LIBS)

tests_judge_ask_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_judge_ask_LDADD = judge/libjudge.a judge/libclient.a $(DNS_LIBS) $(CMOCKA_LIBS)

tests_judge_client_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_judge_client_LDADD = $(JUDGE_CLIENT_LIBS) $(CMOCKA_LIBS) -lpthread

tests_judge_seal_SOURCES = tests/judge/seal.c tests/judge/attempts.c tests/judge/attempts.h
tests_judge_seal_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_judge_seal_LDADD = judge/libjudge.a base/libbase.a $(SECCOMP_LIBS) $(CMOCKA_LIBS) -lpthread

tests_judge_zygote_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(PCRE2_CFLAGS)
tests_judge_zygote_LDADD = judge/libjudge.a judge/libclient.a base/libbase.a $(SECCOMP_LIBS) \
	$(CMOCKA_LIBS) -lpthread

tests_judge_rulefiles_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_judge_rulefiles_LDADD = judge/libclient.a $(CORE_LIBS) $(CMOCKA_LIBS)

# Starts progs/keepname-judge and progs/keepname-resolver, and tests/tools/dkimsign.
tests_judge_whole_SOURCES = tests/judge/whole.c tests/dns/server.c tests/dns/server.h
tests_judge_whole_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_judge_whole_LDADD = $(ZONE_LIBS) $(JUDGE_CLIENT_LIBS) $(CMOCKA_LIBS) $(CONFUSE_LIBS)
endif
