# SPDX-License-Identifier: BSD-2-Clause
# Links as a browser sees them.
check_PROGRAMS += tests/links/links_asked
tests_links_links_asked_SOURCES = tests/links/links_asked.c \
	tests/links/ours.c tests/links/ours.h \
	tests/links/pages.c tests/links/pages.h tests/links/pages_private.h \
	tests/links/pages_make.c
tests_links_links_asked_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(PSL_CFLAGS) $(PCRE2_CFLAGS)
tests_links_links_asked_LDADD = $(LETTER_LIBS) $(JANSSON_LIBS)
check_PROGRAMS += tests/links/property
tests_links_property_SOURCES = tests/links/property.c \
	tests/links/ours.c tests/links/ours.h \
	tests/links/pages.c tests/links/pages.h tests/links/pages_private.h \
	tests/links/pages_make.c
tests_links_property_CPPFLAGS = $(AM_CPPFLAGS) $(PSL_CFLAGS) $(PCRE2_CFLAGS)
tests_links_property_LDADD = $(LETTER_LIBS)
UNIT_TESTS += tests/links/chromium.sh tests/links/property
dist_check_SCRIPTS += tests/links/chromium.sh
# Pages one a line: they are added all the time.
EXTRA_DIST += tests/links/browser.js
EXTRA_DIST += \
	tests/links/attributes.pages \
	tests/links/comments.pages \
	tests/links/entities.pages \
	tests/links/kinds.pages \
	tests/links/ordinary.pages \
	tests/links/rawtext.pages \
	tests/links/text.pages \
	tests/links/urls.pages \
	tests/links/table.urls
