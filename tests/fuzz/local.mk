# SPDX-License-Identifier: BSD-2-Clause
# Fuzz targets. In any build they play their seeds and findings as a test; configured with
# --enable-fuzzing (clang) libFuzzer drives them: scripts/fuzz.
FUZZ_TARGETS = \
	tests/fuzz/message tests/fuzz/record tests/fuzz/address tests/fuzz/html tests/fuzz/deadline tests/fuzz/list \
	tests/fuzz/config tests/fuzz/spf tests/fuzz/dkim tests/fuzz/judge_side tests/fuzz/listener_side \
	tests/fuzz/answers tests/fuzz/rdap tests/fuzz/domains tests/fuzz/import tests/fuzz/spool \
	tests/fuzz/signature tests/fuzz/redact tests/fuzz/milter \
	tests/fuzz/referral tests/fuzz/authres tests/fuzz/shown tests/fuzz/octets \
	tests/fuzz/charset
check_PROGRAMS += $(FUZZ_TARGETS)
UNIT_TESTS += tests/fuzz/corpus.sh
dist_check_SCRIPTS += tests/fuzz/corpus.sh
EXTRA_DIST += tests/fuzz/seeds.sh tests/fuzz/seeds tests/fuzz/found tests/fuzz/dict

fuzz-targets: $(FUZZ_TARGETS)
fuzz-names:
	@echo $(notdir $(FUZZ_TARGETS))
.PHONY: fuzz-targets fuzz-names

FUZZ_FRAME = tests/fuzz/fuzz.c tests/fuzz/fuzz.h
if FUZZING
FUZZ_LINK = $(AM_LDFLAGS) -fsanitize=fuzzer
EXTRA_DIST += tests/fuzz/replay.c
else
FUZZ_LINK = $(AM_LDFLAGS)
FUZZ_FRAME += tests/fuzz/replay.c
endif
FUZZ_CPPFLAGS = $(AM_CPPFLAGS) $(PSL_CFLAGS) $(PCRE2_CFLAGS)

# The judgement of a mail, and the cases of the replay ring as seeds.
FUZZ_SCENE = tests/fuzz/cases.c tests/fuzz/cases.h tests/fuzz/frames.c tests/fuzz/frames.h \
	tests/fuzz/holds.c tests/fuzz/holds.h tests/fuzz/mailplay.c tests/fuzz/mailplay.h \
	tests/replay/casefile.c tests/replay/casefile.h tests/replay/mail.c tests/replay/mail.h \
	tests/replay/scene.c tests/replay/scene.h tests/replay/stage.c tests/replay/stage.h \
	tests/proof/signing.c tests/proof/signing.h
FUZZ_SCENE_LIBS = tests/proof/libzone.a db/libdb.a $(JUDGE_LIBS) $(SQLITE_LIBS)
tests_fuzz_message_SOURCES = tests/fuzz/message.c $(FUZZ_SCENE) $(FUZZ_FRAME)
tests_fuzz_message_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_message_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_message_LDADD = $(FUZZ_SCENE_LIBS)
tests_fuzz_record_SOURCES = tests/fuzz/record.c $(FUZZ_SCENE) $(FUZZ_FRAME)
tests_fuzz_record_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_record_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_record_LDADD = $(FUZZ_SCENE_LIBS)
tests_fuzz_address_SOURCES = tests/fuzz/address.c $(FUZZ_FRAME)
tests_fuzz_address_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_address_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_address_LDADD = $(LETTER_LIBS)
tests_fuzz_html_SOURCES = tests/fuzz/html.c $(FUZZ_FRAME)
tests_fuzz_html_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_html_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_html_LDADD = $(LETTER_LIBS)
tests_fuzz_deadline_SOURCES = tests/fuzz/deadline.c $(FUZZ_FRAME)
tests_fuzz_deadline_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_deadline_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_deadline_LDADD = $(LETTER_LIBS)
tests_fuzz_list_SOURCES = tests/fuzz/list.c $(FUZZ_FRAME)
tests_fuzz_list_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_list_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_list_LDADD = $(CORE_LIBS)
tests_fuzz_config_SOURCES = tests/fuzz/config.c $(FUZZ_FRAME)
tests_fuzz_config_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_config_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_config_LDADD = base/libbase.a $(CONFUSE_LIBS)
tests_fuzz_spf_SOURCES = tests/fuzz/spf.c $(FUZZ_FRAME)
tests_fuzz_spf_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_spf_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_spf_LDADD = tests/proof/libzone.a $(PROOF_LIBS)
tests_fuzz_dkim_SOURCES = tests/fuzz/dkim.c $(FUZZ_FRAME) tests/proof/signing.c tests/proof/signing.h
tests_fuzz_dkim_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_dkim_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_dkim_LDADD = tests/proof/libzone.a $(PROOF_LIBS)
tests_fuzz_judge_side_SOURCES = tests/fuzz/judge_side.c $(FUZZ_SCENE) $(FUZZ_FRAME)
tests_fuzz_judge_side_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_judge_side_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_judge_side_LDADD = $(FUZZ_SCENE_LIBS)
tests_fuzz_listener_side_SOURCES = tests/fuzz/listener_side.c $(FUZZ_SCENE) $(FUZZ_FRAME)
tests_fuzz_listener_side_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_listener_side_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_listener_side_LDADD = $(FUZZ_SCENE_LIBS)
tests_fuzz_answers_SOURCES = tests/fuzz/answers.c $(FUZZ_FRAME)
tests_fuzz_answers_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_answers_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_answers_LDADD = dns/libdns.a base/libbase.a
tests_fuzz_rdap_SOURCES = tests/fuzz/rdap.c cli/watch/rdap.c cli/watch/rdap.h $(FUZZ_FRAME)
tests_fuzz_rdap_CPPFLAGS = $(FUZZ_CPPFLAGS) $(JANSSON_CFLAGS)
tests_fuzz_rdap_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_rdap_LDADD = $(CORE_LIBS) $(JANSSON_LIBS)
tests_fuzz_domains_SOURCES = tests/fuzz/domains.c $(FUZZ_FRAME) \
	cli/domains/domains_read.c cli/domains/domains.h cli/domains/zones.c cli/domains/zones.h cli/outside.c cli/outside.h cli/postfix.c cli/postfix.h \
	cli/command.c cli/command.h
tests_fuzz_domains_CPPFLAGS = $(FUZZ_CPPFLAGS) $(JANSSON_CFLAGS)
tests_fuzz_domains_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_domains_LDADD = judge/libclient.a $(DB_LIBS) $(CONFUSE_LIBS) $(JANSSON_LIBS)
tests_fuzz_redact_SOURCES = tests/fuzz/redact.c $(FUZZ_FRAME) judge/rulefiles.c judge/rulefiles.h \
	cli/redact/redact.h cli/redact/redact_private.h \
	cli/redact/redact_mail.c cli/redact/redact_header.c \
	cli/redact/redact_codec.c cli/redact/redact_codec.h \
	cli/redact/redact_text.c cli/redact/redact_known.c cli/redact/redact_token.c \
	cli/redact/redact_url.c
tests_fuzz_redact_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_redact_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_redact_LDADD = $(CORE_LIBS)
tests_fuzz_import_SOURCES = tests/fuzz/import.c $(FUZZ_FRAME)
tests_fuzz_import_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_import_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_import_LDADD = $(DB_LIBS)
tests_fuzz_spool_SOURCES = tests/fuzz/spool.c $(FUZZ_FRAME)
tests_fuzz_spool_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_spool_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_spool_LDADD = $(DB_LIBS)
tests_fuzz_signature_SOURCES = tests/fuzz/signature.c $(FUZZ_FRAME) \
	cli/senders/minisign.c cli/senders/minisign.h cli/backup/archive.c cli/backup/archive.h
tests_fuzz_signature_CPPFLAGS = $(FUZZ_CPPFLAGS) $(SODIUM_CFLAGS)
tests_fuzz_signature_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_signature_LDADD = base/libbase.a $(SODIUM_LIBS)
tests_fuzz_milter_SOURCES = tests/fuzz/milter.c $(FUZZ_FRAME)
tests_fuzz_milter_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_milter_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_milter_LDADD = $(LISTENER_LIBS)
tests_fuzz_referral_SOURCES = tests/fuzz/referral.c dns/referral.c dns/referral.h $(FUZZ_FRAME)
tests_fuzz_referral_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_referral_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_referral_LDADD = $(DNS_LIBS) -lresolv
tests_fuzz_authres_SOURCES = tests/fuzz/authres.c $(FUZZ_FRAME)
tests_fuzz_authres_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_authres_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_authres_LDADD = $(CORE_LIBS)
tests_fuzz_shown_SOURCES = tests/fuzz/shown.c cli/html.c cli/html.h cli/command.c cli/command.h \
	cli/words.c cli/words.h $(FUZZ_FRAME)
tests_fuzz_shown_CPPFLAGS = $(FUZZ_CPPFLAGS) $(JANSSON_CFLAGS)
tests_fuzz_shown_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_shown_LDADD = judge/libclient.a $(DB_LIBS) $(CONFUSE_LIBS) $(JANSSON_LIBS)
tests_fuzz_octets_SOURCES = tests/fuzz/octets.c cli/scan/scan_octets.c cli/scan/scan_octets.h \
	cli/scan/scan_inflate.c cli/scan/scan_inflate.h $(FUZZ_FRAME)
tests_fuzz_octets_CPPFLAGS = $(FUZZ_CPPFLAGS) $(INFLATE_CFLAGS)
tests_fuzz_octets_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_octets_LDADD = base/libbase.a $(INFLATE_LIBS)
tests_fuzz_charset_SOURCES = tests/fuzz/charset.c $(FUZZ_FRAME)
tests_fuzz_charset_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_charset_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_charset_LDADD = $(CORE_LIBS)
