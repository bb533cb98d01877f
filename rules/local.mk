# SPDX-License-Identifier: BSD-2-Clause
# core is linked by all programs that judge; letter by the judge alone.
noinst_LIBRARIES += rules/libcore.a rules/libletter.a
rules_libcore_a_SOURCES = \
	rules/core/terms.c rules/core/terms.h \
	rules/core/utf8.c rules/core/utf8.h \
	rules/core/subject.c rules/core/subject.h \
	rules/core/fold.c rules/core/fold.h \
	rules/core/domain.c rules/core/domain.h \
	rules/core/ownership.c rules/core/ownership.h \
	rules/core/address.c rules/core/address.h \
	rules/core/stanza.c rules/core/stanza.h \
	rules/core/shape.c rules/core/shape.h rules/core/shape_match.c rules/core/shape_private.h \
	rules/core/arena.c rules/core/arena.h \
	rules/core/index.c rules/core/index.h \
	rules/core/list.c rules/core/list.h rules/core/list_private.h \
	rules/core/list_find.c rules/core/list_read.c rules/core/list_sender.c \
	rules/core/list_value.c rules/core/list_value.h rules/core/list_print.c \
	rules/core/lint.c rules/core/lint.h rules/core/lint_private.h rules/core/lint_registered.c \
	rules/core/lint_neighbours.c rules/core/changes.c rules/core/changes.h \
	rules/core/confusables.c rules/core/confusables.h \
	rules/core/skeleton.c rules/core/skeleton.h \
	rules/core/lookalike.c rules/core/lookalike.h rules/core/lookalike_private.h \
	rules/core/lookalike_find.c rules/core/lookalike_judge.c \
	rules/core/charset.c rules/core/charset.h \
	rules/core/rfc2047.c rules/core/rfc2047.h \
	rules/core/literal.c rules/core/literal.h \
	rules/core/sieve.c rules/core/sieve.h \
	rules/core/pattern.c rules/core/pattern.h \
	rules/core/classes.c rules/core/classes.h \
	rules/core/strain.c rules/core/strain.h \
	rules/core/message.c rules/core/message.h \
	rules/core/finding.c rules/core/finding.h \
	rules/core/authres.c rules/core/authres.h \
	rules/core/candidate.c rules/core/candidate.h \
	rules/core/imitation.c rules/core/imitation.h \
	rules/core/verdict.c rules/core/verdict.h \
	rules/core/offer.c rules/core/offer.h \
	rules/core/nameservers.c rules/core/nameservers.h \
	rules/core/standing.c rules/core/standing.h \
	rules/core/dependence.c rules/core/dependence.h \
	rules/core/edits.c rules/core/edits.h
rules_libcore_a_CPPFLAGS = $(AM_CPPFLAGS) $(PSL_CFLAGS) $(IDN2_CFLAGS) $(PCRE2_CFLAGS)
CORE_LIBS = rules/libcore.a base/libbase.a $(PSL_LIBS) $(IDN2_LIBS) $(PCRE2_LIBS)

rules_libletter_a_SOURCES = \
	rules/letter/ambiguous.c rules/letter/ambiguous.h \
	rules/letter/mime.c rules/letter/mime.h rules/letter/subject.c \
	rules/letter/url.c rules/letter/url.h \
	rules/letter/outline.c rules/letter/outline.h \
	rules/letter/links.c rules/letter/links.h \
	rules/letter/references.c rules/letter/references.h \
	rules/letter/html.c rules/letter/html.h \
	rules/letter/joined.c rules/letter/joined.h \
	rules/letter/crude.c rules/letter/crude.h \
	rules/letter/words.c rules/letter/words.h \
	rules/letter/reader.c rules/letter/reader.h \
	rules/letter/lexicon.c rules/letter/lexicon.h \
	rules/letter/speech.c rules/letter/speech.h \
	rules/letter/clock.c rules/letter/clock.h \
	rules/letter/dates.c rules/letter/dates.h \
	rules/letter/maildate.c rules/letter/maildate.h \
	rules/letter/columns.c rules/letter/columns.h \
	rules/letter/due.c rules/letter/due.h \
	rules/letter/span.c rules/letter/span.h \
	rules/letter/token.c rules/letter/token.h \
	rules/letter/names.c rules/letter/names.h \
	rules/letter/deadline.c rules/letter/deadline.h \
	rules/letter/letter.c rules/letter/letter.h
rules_libletter_a_CPPFLAGS = $(AM_CPPFLAGS) $(GMIME_CFLAGS) $(XML2_CFLAGS) $(PCRE2_CFLAGS) $(PSL_CFLAGS)
LETTER_LIBS = rules/libletter.a $(GMIME_LIBS) $(XML2_LIBS) $(CORE_LIBS)

listsdir = $(pkgdatadir)/lists
dist_lists_DATA =

# Every sender, platform and class file is named here and installed.
dist_lists_DATA += \
	rules/lists/1api.list rules/lists/afnic.list rules/lists/amazon.list rules/lists/ascio.list \
	rules/lists/astutium.list rules/lists/dnsimple.list rules/lists/dynadot.list \
	rules/lists/enom.list rules/lists/eurodns.list rules/lists/gandi.list rules/lists/gmo.list \
	rules/lists/godaddy.list rules/lists/google.list rules/lists/greenmark.list \
	rules/lists/hetzner.list rules/lists/hostinger.list rules/lists/hosts.list \
	rules/lists/http-net.list rules/lists/inet.list rules/lists/internetbs.list \
	rules/lists/internetx.list rules/lists/inwx.list rules/lists/joker.list \
	rules/lists/key-systems.list rules/lists/namecheap.list rules/lists/netregistry.list \
	rules/lists/openprovider.list rules/lists/ovh.list rules/lists/pdr.list \
	rules/lists/realtime-register.list rules/lists/registrars.list rules/lists/scaleway.list \
	rules/lists/squarespace.list rules/lists/synergy.list rules/lists/tucows.list \
	rules/lists/verify-whois.list rules/lists/webnic.list rules/lists/wedos.list \
	rules/lists/wix.list rules/lists/freemail.list rules/lists/harmless.list \
	rules/lists/tracking.list rules/lists/release.list

# The kinds of mail, and their words in each language, one a line.
dist_lists_DATA += \
	rules/lists/classes.class \
	rules/lists/cs.class \
	rules/lists/da.class \
	rules/lists/de.class \
	rules/lists/en.class \
	rules/lists/es.class \
	rules/lists/fr.class \
	rules/lists/id.class \
	rules/lists/it.class \
	rules/lists/ja.class \
	rules/lists/ko.class \
	rules/lists/nl.class \
	rules/lists/pl.class \
	rules/lists/pt.class \
	rules/lists/sv.class \
	rules/lists/tr.class \
	rules/lists/vi.class \
	rules/lists/zh.class

# What is evidenced and in none of them, with the reason; for people and for tests/rules/evidence.c.
EXTRA_DIST += rules/lists/left-out.tsv
