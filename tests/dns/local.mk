# SPDX-License-Identifier: BSD-2-Clause
if HAVE_CMOCKA
dns_tests = tests/dns/question tests/dns/client tests/dns/resolver
check_PROGRAMS += $(dns_tests)
UNIT_TESTS += $(dns_tests)

tests_dns_question_SOURCES = tests/dns/question.c
tests_dns_question_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_dns_question_LDADD = $(DNS_LIBS) $(CMOCKA_LIBS)

tests_dns_client_SOURCES = tests/dns/client.c
tests_dns_client_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_dns_client_LDADD = $(DNS_LIBS) $(CMOCKA_LIBS)

# Starts progs/keepname-resolver.
tests_dns_resolver_SOURCES = tests/dns/resolver.c tests/dns/server.c tests/dns/server.h
tests_dns_resolver_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_dns_resolver_LDADD = $(ZONE_LIBS) $(CMOCKA_LIBS)
endif
