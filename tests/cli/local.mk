# SPDX-License-Identifier: BSD-2-Clause
# keepname(1) as a person or a script runs it: options, output, exit status. No MTA, no daemon.
check_PROGRAMS += tests/cli/records tests/cli/spooled
tests_cli_spooled_SOURCES = tests/cli/spooled.c
tests_cli_spooled_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
tests_cli_spooled_LDADD = $(DB_LIBS)
tests_cli_records_SOURCES = tests/cli/records.c
tests_cli_records_CPPFLAGS = $(AM_CPPFLAGS) $(PSL_CFLAGS) $(PCRE2_CFLAGS) $(SQLITE_CFLAGS)
tests_cli_records_LDADD = judge/libclient.a $(DB_LIBS)

ON_THE_COMMAND = \
	tests/cli/usage.sh \
	tests/cli/fetch.sh \
	tests/cli/watch.sh \
	tests/cli/check.sh \
	tests/cli/scan.sh \
	tests/cli/scan_record.sh \
	tests/cli/scan_maillog.sh \
	tests/cli/redact.sh \
	tests/cli/senders.sh \
	tests/cli/suggestions.sh \
	tests/cli/pending.sh \
	tests/cli/report.sh tests/cli/update.sh tests/cli/update_https.sh tests/cli/backup.sh tests/cli/calendar.sh tests/cli/metrics.sh tests/cli/changes.sh tests/cli/domains.sh \
	tests/cli/digest.sh tests/cli/digest_lock.sh tests/cli/digest_told.sh tests/cli/jobs.sh tests/cli/cron.sh tests/cli/digest_page.sh \
	tests/cli/setup.sh
WIRE_TESTS += $(ON_THE_COMMAND)
dist_check_SCRIPTS += $(ON_THE_COMMAND)
EXTRA_DIST += tests/cli/keepname_rules_test.yml tests/cli/site.sh tests/cli/mailbox.sh

if HAVE_CMOCKA
check_PROGRAMS += tests/cli/scan_parts
UNIT_TESTS += tests/cli/scan_parts
tests_cli_scan_parts_SOURCES = tests/cli/scan_parts.c cli/date.c cli/scan/scan_octets.c cli/scan/scan_inflate.c
tests_cli_scan_parts_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(INFLATE_CFLAGS)
check_PROGRAMS += tests/cli/digest_mime
UNIT_TESTS += tests/cli/digest_mime
tests_cli_digest_mime_SOURCES = tests/cli/digest_mime.c cli/digest/digest_mime.c
tests_cli_digest_mime_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_cli_digest_mime_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/cli/archive
UNIT_TESTS += tests/cli/archive
tests_cli_archive_SOURCES = tests/cli/archive.c cli/backup/archive.c
tests_cli_archive_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(SODIUM_CFLAGS)
tests_cli_archive_LDADD = base/libbase.a $(SODIUM_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/cli/rdap
UNIT_TESTS += tests/cli/rdap
tests_cli_rdap_SOURCES = tests/cli/rdap.c cli/watch/rdap.c cli/watch/rdap_sealed.c judge/seal.c
tests_cli_rdap_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS) $(SECCOMP_CFLAGS)
tests_cli_rdap_LDADD = $(CORE_LIBS) $(JANSSON_LIBS) $(SECCOMP_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/cli/setup_parts
UNIT_TESTS += tests/cli/setup_parts
tests_cli_setup_parts_SOURCES = tests/cli/setup_parts.c cli/setup/setup_block.c cli/setup/setup_settings.c cli/setup/setup_piece.c
tests_cli_setup_parts_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_cli_setup_parts_LDADD = base/libbase.a $(CMOCKA_LIBS)
tests_cli_scan_parts_LDADD = base/libbase.a $(INFLATE_LIBS) $(CMOCKA_LIBS)
endif

# Pictures of pages, which are kept to be looked at.
clean-local: clean-pictures
clean-pictures:
	rm -f tests/cli/digest-*.png tests/cli/report-*.png
.PHONY: clean-pictures
