# SPDX-License-Identifier: BSD-2-Clause
if HAVE_CMOCKA
check_PROGRAMS += tests/dns/question tests/dns/client
UNIT_TESTS += tests/dns/question tests/dns/client

tests_dns_question_SOURCES = tests/dns/question.c
tests_dns_question_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_dns_question_LDADD = $(DNS_LIBS) $(CMOCKA_LIBS)

tests_dns_client_SOURCES = tests/dns/client.c
tests_dns_client_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_dns_client_LDADD = $(DNS_LIBS) $(CMOCKA_LIBS)
endif
