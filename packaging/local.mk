# SPDX-License-Identifier: BSD-2-Clause
include packaging/setup/local.mk

# The daemon, and the timed jobs with their timers.
UNITS = packaging/keepname-milter.service packaging/keepname-purge.service \
	packaging/keepname-backup.service packaging/keepname-watch.service packaging/keepname-digest.service \
	packaging/keepname-update.service
systemdsystemunit_DATA = $(UNITS)
dist_systemdsystemunit_DATA = packaging/keepname-purge.timer packaging/keepname-backup.timer \
	packaging/keepname-watch.timer packaging/keepname-digest.timer packaging/keepname-update.timer
dist_pkgdata_DATA = packaging/rdap-sample.json
examplesdir = $(docdir)/examples
dist_examples_DATA = \
	packaging/keepname.conf packaging/keepname.rules.yml \
	packaging/keepname.sysusers \
	packaging/keepname.tmpfiles
# For hosts without systemd.
CRON = packaging/keepname.cron
nodist_examples_DATA = $(CRON)
EXTRA_DIST += $(UNITS:=.in) $(CRON:=.in)
CLEANFILES += $(UNITS) $(CRON)

$(UNITS) $(CRON): %: %.in Makefile
	$(AM_V_GEN)$(MKDIR_P) packaging && \
	sed -e 's,@sbindir\@,$(sbindir),g' -e 's,@bindir\@,$(bindir),g' $(srcdir)/$@.in > $@.new && \
	mv $@.new $@

# An administrator's own file is never replaced.
install-data-hook:
	$(MKDIR_P) '$(DESTDIR)$(sysconfdir)/keepname'
	test -e '$(DESTDIR)$(sysconfdir)/keepname/keepname.conf' || \
	$(INSTALL_DATA) $(srcdir)/packaging/keepname.conf '$(DESTDIR)$(sysconfdir)/keepname/keepname.conf'

uninstall-hook:
	cmp -s $(srcdir)/packaging/keepname.conf '$(DESTDIR)$(sysconfdir)/keepname/keepname.conf' && \
	rm -f '$(DESTDIR)$(sysconfdir)/keepname/keepname.conf' || true
