# SPDX-License-Identifier: BSD-2-Clause
# The questions and their client (linked by whoever asks), and the two programs that send a query: the
# resolver, and the inquirer that asks a parent zone's own servers.
noinst_LIBRARIES += dns/libdns.a
dns_libdns_a_SOURCES = \
	dns/question.c dns/question.h \
	dns/client.c dns/client.h \
	dns/inquiry.c dns/inquiry.h
DNS_LIBS = dns/libdns.a base/libbase.a -lpthread

pkglibexec_PROGRAMS += progs/keepname-resolver
progs_keepname_resolver_SOURCES = dns/resolver_main.c dns/lookup.c dns/lookup.h \
	dns/kept.c dns/kept.h
progs_keepname_resolver_CPPFLAGS = $(AM_CPPFLAGS) $(UNBOUND_CFLAGS)
progs_keepname_resolver_LDADD = dns/libdns.a base/libbase.a $(UNBOUND_LIBS) $(CONFUSE_LIBS) -lpthread

pkglibexec_PROGRAMS += progs/keepname-inquirer
progs_keepname_inquirer_SOURCES = dns/inquirer_main.c dns/inquirer_seal.c dns/inquirer_seal.h \
	dns/referral.c dns/referral.h
progs_keepname_inquirer_CPPFLAGS = $(AM_CPPFLAGS) $(SECCOMP_CFLAGS)
progs_keepname_inquirer_LDADD = dns/libdns.a base/libbase.a $(SECCOMP_LIBS) -lresolv
