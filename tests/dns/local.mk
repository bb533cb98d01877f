# SPDX-License-Identifier: BSD-2-Clause
WIRE_TESTS += tests/dns/inquirer.sh
dist_check_SCRIPTS += tests/dns/inquirer.sh

if HAVE_CMOCKA
dns_tests = tests/dns/question tests/dns/client tests/dns/resolver tests/dns/referral tests/dns/inquirer_seal \
	tests/dns/kept
check_PROGRAMS += $(dns_tests)
UNIT_TESTS += $(dns_tests)

tests_dns_question_SOURCES = tests/dns/question.c
tests_dns_question_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_dns_question_LDADD = $(DNS_LIBS) $(CMOCKA_LIBS)

tests_dns_kept_SOURCES = tests/dns/kept.c dns/kept.c
tests_dns_kept_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_dns_kept_LDADD = $(DNS_LIBS) $(CMOCKA_LIBS)

tests_dns_client_SOURCES = tests/dns/client.c
tests_dns_client_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_dns_client_LDADD = $(DNS_LIBS) $(CMOCKA_LIBS)

# Starts progs/keepname-resolver.
tests_dns_resolver_SOURCES = tests/dns/resolver.c tests/dns/server.c tests/dns/server.h
tests_dns_resolver_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_dns_resolver_LDADD = $(ZONE_LIBS) $(CMOCKA_LIBS)

tests_dns_inquirer_seal_SOURCES = tests/dns/inquirer_seal.c dns/inquirer_seal.c \
	tests/judge/attempts.c tests/judge/attempts.h
tests_dns_inquirer_seal_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(SECCOMP_CFLAGS)
tests_dns_inquirer_seal_LDADD = base/libbase.a $(SECCOMP_LIBS) $(CMOCKA_LIBS) -lpthread

tests_dns_referral_SOURCES = tests/dns/referral.c dns/referral.c
tests_dns_referral_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_dns_referral_LDADD = $(DNS_LIBS) $(CMOCKA_LIBS) -lresolv
endif
