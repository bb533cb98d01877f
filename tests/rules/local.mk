# SPDX-License-Identifier: BSD-2-Clause
if HAVE_CMOCKA
noinst_HEADERS += tests/rules/table.h tests/rules/tsv.h tests/rules/letter_rules.h
RULES_TESTS = \
	tests/rules/terms \
	tests/rules/domain \
	tests/rules/ownership \
	tests/rules/address \
	tests/rules/message \
	tests/rules/finding \
	tests/rules/authres \
	tests/rules/literal \
	tests/rules/sieve \
	tests/rules/pattern \
	tests/rules/classes \
	tests/rules/fold \
	tests/rules/rfc2047 \
	tests/rules/candidate \
	tests/rules/subject \
	tests/rules/verdict \
	tests/rules/verdict_proof \
	tests/rules/offer \
	tests/rules/standing tests/rules/dependence \
	tests/rules/edits \
	tests/rules/skeleton \
	tests/rules/lookalike \
	tests/rules/lookalike_list \
	tests/rules/imitation \
	tests/rules/core_memory
check_PROGRAMS += $(RULES_TESTS)
UNIT_TESTS += $(RULES_TESTS)

tests_rules_terms_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_terms_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_domain_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_domain_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_ownership_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_ownership_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_address_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_address_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_message_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_message_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_finding_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_finding_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_authres_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_authres_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_literal_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_literal_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_sieve_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_sieve_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_pattern_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_pattern_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_classes_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_classes_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_fold_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_fold_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_rfc2047_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_rfc2047_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_candidate_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_candidate_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_subject_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_subject_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_verdict_SOURCES = tests/rules/verdict.c tests/rules/scenario.c tests/rules/scenario.h
tests_rules_verdict_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_verdict_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_skeleton_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_skeleton_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_lookalike_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_lookalike_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_lookalike_list_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_lookalike_list_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_imitation_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_imitation_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_dependence_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_dependence_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_standing_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_standing_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_offer_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_offer_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_edits_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_edits_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_verdict_proof_SOURCES = \
	tests/rules/verdict_proof.c tests/rules/scenario.c tests/rules/scenario.h
tests_rules_verdict_proof_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_verdict_proof_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_core_memory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_core_memory_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
tests_rules_core_memory_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
endif

# The table of confusable characters, where there is ICU to compare it with.
if HAVE_CMOCKA
if HAVE_ICU
check_PROGRAMS += tests/rules/confusables_icu
UNIT_TESTS += tests/rules/confusables_icu
tests_rules_confusables_icu_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(ICU_CFLAGS)
tests_rules_confusables_icu_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS) $(ICU_LIBS)
endif
endif

# Stanzas, shapes and the list.
if HAVE_CMOCKA
LIST_TESTS = \
	tests/rules/stanza \
	tests/rules/shape \
	tests/rules/list \
	tests/rules/list_memory \
	tests/rules/list_files \
	tests/rules/lint \
	tests/rules/changes \
	tests/rules/evidence \
	tests/rules/shipped_lists \
	tests/rules/wording \
	tests/rules/strain \
	tests/rules/classes_sieve
check_PROGRAMS += $(LIST_TESTS)
UNIT_TESTS += $(LIST_TESTS)

tests_rules_stanza_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_stanza_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_shape_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_shape_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_list_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_list_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_list_memory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_list_memory_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
tests_rules_list_memory_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_list_files_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_list_files_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_lint_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_lint_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_changes_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_changes_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_evidence_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_evidence_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_shipped_lists_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_shipped_lists_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
WORDINGS_SOURCES = tests/rules/wordings.c tests/rules/wordings.h
tests_rules_wording_SOURCES = tests/rules/wording.c $(WORDINGS_SOURCES)
tests_rules_wording_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_wording_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_strain_SOURCES = tests/rules/strain.c $(WORDINGS_SOURCES)
tests_rules_strain_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_strain_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
tests_rules_classes_sieve_SOURCES = tests/rules/classes_sieve.c $(WORDINGS_SOURCES)
tests_rules_classes_sieve_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_classes_sieve_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
endif
EXTRA_DIST += \
	tests/rules/lists/evidence.tsv \
	tests/rules/lookalike_names.txt \
	tests/rules/lists/duplicates.in tests/rules/lists/duplicates.ref \
	tests/rules/lists/fields.in tests/rules/lists/fields.ref \
	tests/rules/lists/good.in tests/rules/lists/good.ref \
	tests/rules/lists/kinds.in tests/rules/lists/kinds.ref \
	tests/rules/lists/links.in tests/rules/lists/links.ref \
	tests/rules/lists/lint.in tests/rules/lists/lint.ref \
	tests/rules/lists/lint_neighbours.in tests/rules/lists/lint_neighbours.ref \
	tests/rules/lists/releases.in tests/rules/lists/releases.ref \
	tests/rules/lists/stanzas.in tests/rules/lists/stanzas.ref
# One a line: languages are added all the time.
EXTRA_DIST += \
	tests/wording/cs.mails \
	tests/wording/da.mails \
	tests/wording/de.mails \
	tests/wording/en.mails \
	tests/wording/es.mails \
	tests/wording/fr.mails \
	tests/wording/id.mails \
	tests/wording/it.mails \
	tests/wording/ja.mails \
	tests/wording/ko.mails \
	tests/wording/mixed.mails \
	tests/wording/nl.mails \
	tests/wording/pl.mails \
	tests/wording/pt.mails \
	tests/wording/sv.mails \
	tests/wording/tr.mails \
	tests/wording/vi.mails \
	tests/wording/zh.mails

# The letter room.
EXTRA_DIST += tests/rules/deadlines.tsv tests/rules/names.tsv
if HAVE_CMOCKA
LETTER_TESTS = \
	tests/rules/letter_url \
	tests/rules/letter_links \
	tests/rules/letter_outline \
	tests/rules/letter_html \
	tests/rules/letter_mime \
	tests/rules/letter_dates \
	tests/rules/letter_deadline \
	tests/rules/letter_names \
	tests/rules/letter_read
check_PROGRAMS += $(LETTER_TESTS)
UNIT_TESTS += $(LETTER_TESTS)

tests_rules_letter_url_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_letter_url_LDADD = $(LETTER_LIBS) $(CMOCKA_LIBS)
tests_rules_letter_links_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_letter_links_LDADD = $(LETTER_LIBS) $(CMOCKA_LIBS)
tests_rules_letter_outline_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_letter_outline_LDADD = $(LETTER_LIBS) $(CMOCKA_LIBS)
tests_rules_letter_html_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_letter_html_LDADD = $(LETTER_LIBS) $(CMOCKA_LIBS)
tests_rules_letter_mime_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(SECCOMP_CFLAGS)
tests_rules_letter_mime_LDADD = $(LETTER_LIBS) $(CMOCKA_LIBS) $(SECCOMP_LIBS)
tests_rules_letter_dates_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_letter_dates_LDADD = $(LETTER_LIBS) $(CMOCKA_LIBS)
tests_rules_letter_deadline_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_letter_deadline_LDADD = $(LETTER_LIBS) $(CMOCKA_LIBS)
tests_rules_letter_names_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_letter_names_LDADD = $(LETTER_LIBS) $(CMOCKA_LIBS)
tests_rules_letter_read_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_rules_letter_read_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=reallocarray
tests_rules_letter_read_LDADD = $(LETTER_LIBS) $(CMOCKA_LIBS)
endif
