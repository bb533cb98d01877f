# SPDX-License-Identifier: BSD-2-Clause
# A page for each program that works with keepname.
docdocdir = $(docdir)
dist_docdoc_DATA = \
	doc/postfix.md \
	doc/sendmail.md \
	doc/rspamd.md \
	doc/dovecot.md \
	doc/spamassassin.md \
	doc/amavis.md \
	doc/hops.md
