# SPDX-License-Identifier: BSD-2-Clause
if HAVE_CMOCKA
noinst_HEADERS += tests/rules/table.h
RULES_TESTS = \
	tests/rules/domain \
	tests/rules/address \
	tests/rules/message \
	tests/rules/finding \
	tests/rules/pattern \
	tests/rules/classes \
	tests/rules/rfc2047 \
	tests/rules/candidate
check_PROGRAMS += $(RULES_TESTS)
UNIT_TESTS += $(RULES_TESTS)

tests_rules_domain_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_domain_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_address_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_address_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_message_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_message_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_finding_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_finding_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_pattern_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_pattern_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_classes_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_classes_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_rfc2047_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_rfc2047_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_candidate_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_candidate_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
endif
