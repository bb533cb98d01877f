# SPDX-License-Identifier: BSD-2-Clause
# client: the daemon's and the command's side. The rest is the judge itself.
noinst_LIBRARIES += judge/libclient.a
judge_libclient_a_SOURCES = \
	judge/frame.c judge/frame.h \
	judge/request.c judge/request.h \
	judge/plumbing.c judge/plumbing.h \
	judge/rulefiles.c judge/rulefiles.h \
	judge/client.c judge/client.h
JUDGE_CLIENT_LIBS = judge/libclient.a $(DNS_LIBS) $(CORE_LIBS)

pkglibexec_PROGRAMS += progs/keepname-judge
progs_keepname_judge_SOURCES = \
	judge/judge_main.c \
	judge/zygote.c judge/zygote.h \
	judge/seal.c judge/seal.h \
	judge/ask.c judge/ask.h \
	judge/child.c judge/child.h \
	judge/examine.c judge/examine.h
progs_keepname_judge_CPPFLAGS = $(AM_CPPFLAGS) $(SECCOMP_CFLAGS) $(GMIME_CFLAGS) $(PSL_CFLAGS) $(PCRE2_CFLAGS)
progs_keepname_judge_LDADD = judge/libclient.a dns/libdns.a rules/libletter.a proof/libproof.a $(GMIME_LIBS) \
	$(XML2_LIBS) $(OPENDKIM_LIBS) $(SPF2_LIBS) $(CORE_LIBS) $(SECCOMP_LIBS) $(CONFUSE_LIBS) -lpthread
