# SPDX-License-Identifier: BSD-2-Clause
# keepname: one file per sub-command, one per output form.
bin_PROGRAMS += progs/keepname
progs_keepname_SOURCES = \
	cli/keepname_main.c \
	cli/command.c cli/command.h \
	cli/ground.c cli/ground.h \
	cli/check.c cli/check.h cli/check_text.c cli/check_json.c \
	cli/redact.c cli/redact.h cli/redact_text.c cli/redact_mail.c \
	cli/redact_codec.c cli/redact_codec.h \
	cli/senders.c cli/senders.h cli/senders_add.c cli/senders_test.c \
	cli/senders_suggest.c cli/senders_accept.c \
	cli/suggested.c cli/suggested.h cli/suggested_risk.c cli/suggested_text.c \
	cli/pending.c cli/pending.h cli/pending_text.c cli/pending_json.c \
	cli/show.c cli/done.c \
	cli/digest.c cli/digest.h cli/digest_text.c cli/digest_send.c \
	cli/stats.c cli/show_config.c
progs_keepname_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
progs_keepname_LDADD = judge/libclient.a dns/libdns.a db/libdb.a $(CORE_LIBS) $(SQLITE_LIBS) \
	$(CONFUSE_LIBS) $(JANSSON_LIBS) -lpthread
