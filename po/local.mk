# SPDX-License-Identifier: BSD-2-Clause
# What people are told in their own language: a catalogue for each, po/LANGUAGE.po.
LANGUAGES = de
EXTRA_DIST += $(LANGUAGES:%=po/%.po)
if HAVE_MSGFMT
CATALOGUES = $(LANGUAGES:%=po/%.mo)
noinst_DATA = $(CATALOGUES)
CLEANFILES += $(CATALOGUES)

$(CATALOGUES): po/%.mo: po/%.po
	$(AM_V_GEN)$(MKDIR_P) po && $(MSGFMT) --check -o $@ $(srcdir)/po/$*.po

install-data-local: $(CATALOGUES)
	for language in $(LANGUAGES); do \
		$(MKDIR_P) '$(DESTDIR)$(localedir)'/$$language/LC_MESSAGES && \
		$(INSTALL_DATA) po/$$language.mo '$(DESTDIR)$(localedir)'/$$language/LC_MESSAGES/keepname.mo || exit 1; \
	done

uninstall-local:
	for language in $(LANGUAGES); do rm -f '$(DESTDIR)$(localedir)'/$$language/LC_MESSAGES/keepname.mo; done
endif
