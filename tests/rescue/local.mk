# SPDX-License-Identifier: BSD-2-Clause
# What people run around keepname: spam filters and mail stores, each with the pieces of packaging/setup.
RESCUES = \
	tests/rescue/lab.sh \
	tests/rescue/dovecot.sh \
	tests/rescue/rspamd.sh \
	tests/rescue/setup.sh \
	tests/rescue/spamassassin.sh \
	tests/rescue/spamass_milter.sh \
	tests/rescue/spamc_filter.sh \
	tests/rescue/amavis.sh
RESCUE_TESTS += $(RESCUES)
dist_check_SCRIPTS += $(RESCUES)
EXTRA_DIST += tests/rescue/three.sh
