# SPDX-License-Identifier: BSD-2-Clause
# client: the daemon's and the command's side. judge: the judge itself, but for its main.
noinst_LIBRARIES += judge/libclient.a judge/libjudge.a
judge_libclient_a_SOURCES = \
	judge/frame.c judge/frame.h \
	judge/request.c judge/request.h \
	judge/plumbing.c judge/plumbing.h \
	judge/rulefiles.c judge/rulefiles.h \
	judge/client.c judge/client.h
JUDGE_CLIENT_LIBS = judge/libclient.a $(DNS_LIBS) $(CORE_LIBS)

judge_libjudge_a_SOURCES = \
	judge/zygote.c judge/zygote.h \
	judge/seal.c judge/seal.h \
	judge/ask.c judge/ask.h \
	judge/child.c judge/child.h \
	judge/examine.c judge/examine.h
judge_libjudge_a_CPPFLAGS = $(AM_CPPFLAGS) $(SECCOMP_CFLAGS) $(PSL_CFLAGS) $(PCRE2_CFLAGS)
# In the order of linking; the tests of zygote and seal link it with a child_serve of their own.
JUDGE_LIBS = judge/libjudge.a judge/libclient.a dns/libdns.a rules/libletter.a $(PROOF_LIBS) \
	$(GMIME_LIBS) $(XML2_LIBS) $(SECCOMP_LIBS) -lpthread

pkglibexec_PROGRAMS += progs/keepname-judge
progs_keepname_judge_SOURCES = judge/judge_main.c
progs_keepname_judge_CPPFLAGS = $(AM_CPPFLAGS) $(PSL_CFLAGS) $(PCRE2_CFLAGS)
progs_keepname_judge_LDADD = $(JUDGE_LIBS)
