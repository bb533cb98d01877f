# SPDX-License-Identifier: BSD-2-Clause
if HAVE_CMOCKA
MILTER_TESTS = tests/milter/lanes tests/milter/believed tests/milter/socket tests/milter/rates
check_PROGRAMS += $(MILTER_TESTS)
UNIT_TESTS += $(MILTER_TESTS)

tests_milter_lanes_SOURCES = tests/milter/lanes.c milter/lanes.c
tests_milter_lanes_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_milter_lanes_LDADD = base/libbase.a $(CMOCKA_LIBS) -lpthread
tests_milter_believed_SOURCES = tests/milter/believed.c milter/believed.c
tests_milter_believed_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_milter_believed_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_milter_socket_SOURCES = tests/milter/socket.c milter/socket.c
tests_milter_socket_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_milter_socket_LDADD = base/libbase.a $(CMOCKA_LIBS)
tests_milter_rates_SOURCES = tests/milter/rates.c milter/rates.c
tests_milter_rates_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_milter_rates_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS) -lpthread
endif
