# SPDX-License-Identifier: BSD-2-Clause
# Faults: the real daemon with processes killed and frozen, judges that are hostile, clients that
# misbehave; without Postfix, by the milter protocol.
check_PROGRAMS += tests/faults/courier
tests_faults_courier_SOURCES = tests/faults/courier.c
tests_faults_courier_LDADD = $(MTA_LIBS) -lpthread
if HAVE_CMOCKA
check_PROGRAMS += tests/faults/clients
tests_faults_clients_SOURCES = tests/faults/clients.c
tests_faults_clients_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_faults_clients_LDADD = $(MTA_LIBS) $(CMOCKA_LIBS)
endif

OF_FAULTS = \
	tests/faults/kill.sh \
	tests/faults/judges.sh \
	tests/faults/clients.sh \
	tests/faults/daemon.sh \
	tests/faults/freeze.sh
FAULT_TESTS += $(OF_FAULTS)
dist_check_SCRIPTS += $(OF_FAULTS)
EXTRA_DIST += tests/faults/site.sh
