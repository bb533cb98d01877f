# SPDX-License-Identifier: BSD-2-Clause
noinst_LIBRARIES += proof/libproof.a
proof_libproof_a_SOURCES = \
	proof/resolver.h \
	proof/dkimsig.c proof/dkimsig.h \
	proof/dkimcheck.c proof/dkimcheck.h \
	proof/dkimself.c proof/dkimself.h \
	proof/spf.c proof/spf.h \
	proof/spfrecord.c proof/spfrecord.h \
	proof/dmarc.c proof/dmarc.h
proof_libproof_a_CPPFLAGS = $(AM_CPPFLAGS) $(OPENDKIM_CFLAGS)
PROOF_LIBS = proof/libproof.a dns/libdns.a $(CORE_LIBS) $(OPENDKIM_LIBS) $(SPF2_LIBS)
