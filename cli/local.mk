# SPDX-License-Identifier: BSD-2-Clause
# keepname: one file per sub-command, one per output form.
bin_PROGRAMS += progs/keepname
progs_keepname_SOURCES = \
	cli/keepname_main.c \
	cli/command.c cli/command.h cli/date.c cli/date.h \
	cli/ground.c cli/ground.h \
	cli/check.c cli/check.h cli/check_text.c cli/check_json.c \
	cli/redact/redact.c cli/redact/redact.h cli/redact/redact_private.h \
	cli/redact/redact_mail.c cli/redact/redact_header.c \
	cli/redact/redact_codec.c cli/redact/redact_codec.h \
	cli/redact/redact_text.c cli/redact/redact_known.c cli/redact/redact_token.c \
	cli/redact/redact_url.c \
	cli/scan/scan.c cli/scan/scan.h cli/scan/scan_text.c cli/scan/scan_json.c \
	cli/scan/scan_walk.c cli/scan/scan_walk.h \
	cli/scan/scan_octets.c cli/scan/scan_octets.h cli/scan/scan_inflate.c cli/scan/scan_inflate.h \
	cli/scan/scan_file.c cli/scan/scan_split.c cli/scan/scan_split.h \
	cli/scan/scan_mail.c cli/scan/scan_pool.c cli/scan/scan_found.c \
	cli/scan/scan_progress.c cli/scan/scan_progress.h cli/scan/scan_resume.c cli/scan/scan_resume.h \
	cli/scan/scan_maillog.c \
	cli/senders/senders.c cli/senders/senders.h cli/senders/senders_add.c cli/senders/senders_test.c \
	cli/senders/senders_suggest.c cli/senders/senders_accept.c \
	cli/senders/senders_update.c cli/senders/minisign.c cli/senders/minisign.h \
	cli/senders/changes_show.c cli/senders/changes_show.h \
	cli/senders/suggested.c cli/senders/suggested.h cli/senders/suggested_risk.c cli/senders/suggested_text.c \
	cli/pending/pending.c cli/pending/pending.h cli/pending/pending_text.c cli/pending/pending_json.c \
	cli/pending/filter.c cli/pending/filter.h cli/pending/show.c cli/pending/change.c cli/pending/purge.c \
	cli/backup/backup.c cli/backup/backup.h cli/backup/archive.c cli/backup/archive.h \
	cli/backup/restore.c cli/backup/exchange.c \
	cli/domains/domains.c cli/domains/domains.h cli/domains/domains_read.c \
	cli/domains/zones.c cli/domains/zones.h \
	cli/digest/digest.c cli/digest/digest.h cli/digest/digest_fill.c cli/digest/digest_send.c cli/digest/digest_escalate.c cli/digest/digest_due.c \
	cli/digest/digest_lock.c cli/digest/digest_lock.h cli/digest/digest_mime.c cli/digest/digest_mime.h \
	cli/digest/page.c cli/digest/page.h \
	cli/setup/setup.c cli/setup/setup.h cli/setup/setup_table.c cli/setup/setup_piece.c \
	cli/setup/setup_block.c cli/setup/setup_block.h cli/setup/setup_settings.c cli/setup/setup_settings.h \
	cli/setup/setup_files.c cli/setup/setup_files.h cli/setup/setup_check.c cli/setup/setup_check.h \
	cli/setup/setup_show.c cli/setup/setup_show.h \
	cli/doctor/doctor.c cli/doctor/doctor.h cli/doctor/doctor_daemon.c \
	cli/doctor/doctor_wire.c cli/doctor/doctor_wire.h cli/doctor/doctor_postfix.c \
	cli/doctor/doctor_judge.c cli/doctor/doctor_store.c cli/doctor/doctor_jobs.c cli/doctor/doctor_site.c \
	cli/doctor/doctor_watch.c cli/doctor/doctor_dependence.c \
	cli/watch/watch.c cli/watch/watch.h cli/watch/watch_dns.c cli/watch/watch_rdap.c \
	cli/watch/watch_note.c cli/watch/watch_show.c \
	cli/watch/rdap.c cli/watch/rdap.h cli/watch/rdap_sealed.c judge/seal.c judge/seal.h \
	cli/outside.c cli/outside.h cli/fetch.c cli/fetch.h cli/postfix.c cli/postfix.h \
	cli/stats.c cli/stats_metrics.c cli/stats.h cli/whole.c cli/whole.h cli/calendar.c \
	cli/html.c cli/html.h cli/jobs.c cli/jobs.h cli/words.c cli/words.h cli/dependence.c cli/dependence.h \
	cli/report/report.c cli/report/report.h cli/report/report_svg.c \
	cli/show_config.c
progs_keepname_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CURL_CFLAGS) $(SODIUM_CFLAGS) $(ICAL_CFLAGS) $(SECCOMP_CFLAGS) \
	$(INFLATE_CFLAGS)
progs_keepname_LDADD = judge/libclient.a dns/libdns.a db/libdb.a $(CORE_LIBS) $(SQLITE_LIBS) \
	$(CONFUSE_LIBS) $(JANSSON_LIBS) $(CURL_LIBS) $(SODIUM_LIBS) $(ICAL_LIBS) $(SECCOMP_LIBS) $(INFLATE_LIBS) -lpthread
