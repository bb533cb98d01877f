# SPDX-License-Identifier: BSD-2-Clause
# The supervisor, and the listener that it starts.
sbin_PROGRAMS += progs/keepname-milter
progs_keepname_milter_SOURCES = \
	milter/supervisor_main.c \
	milter/supervisor.c milter/supervisor.h \
	milter/socket.c milter/socket.h \
	milter/part.c milter/part.h \
	milter/voice.c milter/voice.h
progs_keepname_milter_CPPFLAGS = $(AM_CPPFLAGS) $(SYSTEMD_CFLAGS)
progs_keepname_milter_LDADD = judge/libclient.a base/libbase.a $(CONFUSE_LIBS) $(SYSTEMD_LIBS)

# All of the listener but its main, for the tests that link it with something of their own.
noinst_LIBRARIES += milter/liblistener.a
milter_liblistener_a_SOURCES = \
	milter/callbacks.c milter/callbacks.h \
	milter/session.c milter/session.h \
	milter/lanes.c milter/lanes.h \
	milter/pool.c milter/pool.h \
	milter/rates.c milter/rates.h \
	milter/snapshot.c milter/snapshot.h \
	milter/signs.c milter/signs.h \
	milter/believed.c milter/believed.h \
	milter/judgement.c milter/judgement.h \
	milter/apply.c milter/apply.h
milter_liblistener_a_CPPFLAGS = $(AM_CPPFLAGS) $(PSL_CFLAGS) $(PCRE2_CFLAGS)
LISTENER_LIBS = milter/liblistener.a judge/libclient.a dns/libdns.a db/libdb.a $(CORE_LIBS) $(SQLITE_LIBS) \
	$(CONFUSE_LIBS) $(MILTER_LIBS)
LISTENER_MAIN = milter/listener_main.c milter/thread.c milter/thread.h

pkglibexec_PROGRAMS += progs/keepname-listener
progs_keepname_listener_SOURCES = $(LISTENER_MAIN)
progs_keepname_listener_CPPFLAGS = $(milter_liblistener_a_CPPFLAGS)
progs_keepname_listener_LDADD = $(LISTENER_LIBS)
