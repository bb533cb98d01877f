# SPDX-License-Identifier: BSD-2-Clause
# libzone.a: DNS as a table, for every test that needs a resolver.
check_LIBRARIES += tests/proof/libzone.a
tests_proof_libzone_a_SOURCES = tests/proof/zone.c tests/proof/zone.h
ZONE_LIBS = tests/proof/libzone.a $(DNS_LIBS)
