# SPDX-License-Identifier: BSD-2-Clause
# libzone.a: DNS as a table, for every test that needs a resolver.
check_LIBRARIES += tests/proof/libzone.a
tests_proof_libzone_a_SOURCES = tests/proof/zone.c tests/proof/zone.h
ZONE_LIBS = tests/proof/libzone.a $(DNS_LIBS)

if HAVE_CMOCKA
proof_tests = \
	tests/proof/dkimsig \
	tests/proof/dkimcheck \
	tests/proof/dmarc \
	tests/proof/spfrecord \
	tests/proof/spf \
	tests/proof/sealed
check_PROGRAMS += $(proof_tests)
UNIT_TESTS += $(proof_tests)

tests_proof_dkimsig_SOURCES = tests/proof/dkimsig.c
tests_proof_dkimsig_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_proof_dkimsig_LDADD = $(PROOF_LIBS) $(CMOCKA_LIBS)

# Runs tests/tools/dkimsign.
tests_proof_dkimcheck_SOURCES = tests/proof/dkimcheck.c tests/proof/signing.c tests/proof/signing.h
tests_proof_dkimcheck_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_proof_dkimcheck_LDADD = tests/proof/libzone.a $(PROOF_LIBS) $(CMOCKA_LIBS)

tests_proof_dmarc_SOURCES = tests/proof/dmarc.c
tests_proof_dmarc_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_proof_dmarc_LDADD = tests/proof/libzone.a $(PROOF_LIBS) $(CMOCKA_LIBS)

tests_proof_spfrecord_SOURCES = tests/proof/spfrecord.c
tests_proof_spfrecord_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_proof_spfrecord_LDADD = $(PROOF_LIBS) $(CMOCKA_LIBS)

tests_proof_spf_SOURCES = tests/proof/spf.c
tests_proof_spf_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_proof_spf_LDADD = tests/proof/libzone.a $(PROOF_LIBS) $(CMOCKA_LIBS)

tests_proof_sealed_SOURCES = tests/proof/sealed.c tests/proof/signing.c tests/proof/signing.h
tests_proof_sealed_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(SECCOMP_CFLAGS)
tests_proof_sealed_LDADD = tests/proof/libzone.a $(PROOF_LIBS) $(SECCOMP_LIBS) $(CMOCKA_LIBS)
endif

# The RFC 7208 suite, fetched when it runs.
check_PROGRAMS += tests/proof/spf_suite
tests_proof_spf_suite_SOURCES = tests/proof/spf_suite.c
tests_proof_spf_suite_LDADD = tests/proof/libzone.a $(PROOF_LIBS)
dist_check_SCRIPTS += tests/proof/spf_suite.sh
EXTRA_DIST += tests/proof/spf_suite.py
CLEANFILES += tests/proof/rfc7208-tests.yml
UNIT_TESTS += tests/proof/spf_suite.sh
