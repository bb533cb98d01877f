# SPDX-License-Identifier: BSD-2-Clause
# Faults: the real daemon with processes killed and frozen, judges that are hostile, clients that
# misbehave; without Postfix, by the milter protocol.
check_PROGRAMS += tests/faults/courier
tests_faults_courier_SOURCES = tests/faults/courier.c
tests_faults_courier_LDADD = $(MTA_LIBS) -lpthread
STARVED = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=reallocarray,--wrap=strdup,--wrap=strndup
check_PROGRAMS += tests/faults/starving tests/faults/starved_listener tests/faults/starved_judge
tests_faults_starving_SOURCES = tests/faults/starving.c tests/faults/starve.h
tests_faults_starved_listener_SOURCES = $(LISTENER_MAIN) tests/faults/starve.c tests/faults/starve.h
tests_faults_starved_listener_CPPFLAGS = $(milter_liblistener_a_CPPFLAGS)
tests_faults_starved_listener_LDFLAGS = $(AM_LDFLAGS) $(STARVED)
tests_faults_starved_listener_LDADD = $(LISTENER_LIBS)
tests_faults_starved_judge_SOURCES = judge/judge_main.c tests/faults/starve.c tests/faults/starve.h
tests_faults_starved_judge_CPPFLAGS = $(progs_keepname_judge_CPPFLAGS)
tests_faults_starved_judge_LDFLAGS = $(AM_LDFLAGS) $(STARVED)
tests_faults_starved_judge_LDADD = $(JUDGE_LIBS)
# The real judge's main, zygote and seal with an attacker's child.
check_PROGRAMS += tests/faults/takenover tests/faults/attempts_list
tests_faults_takenover_SOURCES = judge/judge_main.c tests/faults/takenover.c tests/faults/takenover.h \
	tests/judge/attempts.c tests/judge/attempts.h
tests_faults_takenover_CPPFLAGS = $(progs_keepname_judge_CPPFLAGS)
tests_faults_takenover_LDADD = $(JUDGE_LIBS)
tests_faults_attempts_list_SOURCES = tests/faults/attempts_list.c tests/faults/takenover.h \
	tests/judge/attempts.c tests/judge/attempts.h
if HAVE_CMOCKA
check_PROGRAMS += tests/faults/clients
tests_faults_clients_SOURCES = tests/faults/clients.c
tests_faults_clients_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_faults_clients_LDADD = $(MTA_LIBS) $(CMOCKA_LIBS)
endif

OF_FAULTS = \
	tests/faults/kill.sh \
	tests/faults/killing.sh \
	tests/faults/order.sh \
	tests/faults/dns.sh \
	tests/faults/clock.sh \
	tests/faults/exhausted.sh \
	tests/faults/two.sh \
	tests/faults/starved.sh \
	tests/faults/judges.sh \
	tests/faults/takenover.sh \
	tests/faults/clients.sh \
	tests/faults/daemon.sh \
	tests/faults/reload.sh \
	tests/faults/freeze.sh
FAULT_TESTS += $(OF_FAULTS)
dist_check_SCRIPTS += $(OF_FAULTS)
EXTRA_DIST += tests/faults/threads.supp tests/faults/site.sh tests/faults/order.py
