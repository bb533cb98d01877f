# SPDX-License-Identifier: BSD-2-Clause
# Faults: the real daemon with processes killed and frozen, judges that are hostile, clients that
# misbehave; without Postfix, by the milter protocol.
check_PROGRAMS += tests/faults/courier
tests_faults_courier_SOURCES = tests/faults/courier.c
tests_faults_courier_LDADD = $(MTA_LIBS) -lpthread
