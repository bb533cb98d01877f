# SPDX-License-Identifier: BSD-2-Clause
# The questions and their client (linked by whoever asks), and the one program that sends a query.
noinst_LIBRARIES += dns/libdns.a
dns_libdns_a_SOURCES = \
	dns/question.c dns/question.h \
	dns/client.c dns/client.h
DNS_LIBS = dns/libdns.a base/libbase.a -lpthread

pkglibexec_PROGRAMS += progs/keepname-resolver
progs_keepname_resolver_SOURCES = dns/resolver_main.c dns/lookup.c dns/lookup.h
progs_keepname_resolver_CPPFLAGS = $(AM_CPPFLAGS) $(UNBOUND_CFLAGS)
progs_keepname_resolver_LDADD = dns/libdns.a base/libbase.a $(UNBOUND_LIBS) $(CONFUSE_LIBS) -lpthread
