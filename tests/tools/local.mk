# SPDX-License-Identifier: BSD-2-Clause
# Small programs that the lab (tests/lab), the wire tests and scripts/quickstart use.
LAB_TOOLS = tests/tools/await tests/tools/baddns tests/tools/dkimsign tests/tools/freeport \
	tests/tools/nextfilter tests/tools/senderlist
check_PROGRAMS += $(LAB_TOOLS)

tests_tools_await_SOURCES = \
	tests/tools/await.c tests/tools/await.h \
	tests/tools/await_files.c \
	tests/tools/await_notify.c
tests_tools_baddns_SOURCES = tests/tools/baddns.c
tests_tools_dkimsign_SOURCES = \
	tests/tools/dkimsign.c tests/tools/dkimsign.h \
	tests/tools/dkimsign_key.c \
	tests/tools/dkimsign_mail.c
tests_tools_dkimsign_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_tools_dkimsign_LDADD = $(CRYPTO_LIBS)
tests_tools_fetch_SOURCES = tests/tools/fetch.c cli/fetch.c cli/fetch.h
tests_tools_fetch_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS)
tests_tools_fetch_LDADD = base/libbase.a $(CURL_LIBS)
tests_tools_freeport_SOURCES = tests/tools/freeport.c
tests_tools_inquire_SOURCES = tests/tools/inquire.c
tests_tools_inquire_LDADD = $(DNS_LIBS)
tests_tools_nextfilter_SOURCES = tests/tools/nextfilter.c
tests_tools_nextfilter_CPPFLAGS = $(AM_CPPFLAGS) $(SYSTEMD_CFLAGS)
tests_tools_nextfilter_LDADD = $(MILTER_LIBS) $(SYSTEMD_LIBS)
tests_tools_senderlist_SOURCES = tests/tools/senderlist.c

check_PROGRAMS += tests/tools/fetch tests/tools/inquire

# Without a check: what scripts/quickstart needs.
lab-tools: $(LAB_TOOLS)
.PHONY: lab-tools
