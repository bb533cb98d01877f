# SPDX-License-Identifier: BSD-2-Clause
# Pieces of configuration for other programs, in folders named and laid out as those programs' own;
# `keepname setup` puts them there (cli/setup/setup_table.c).
setup_spamassassindir = $(pkgdatadir)/setup/spamassassin
dist_setup_spamassassin_DATA = packaging/setup/spamassassin/60_keepname.cf

setup_dovecotconfdir = $(pkgdatadir)/setup/dovecot/conf.d
dist_setup_dovecotconf_DATA = packaging/setup/dovecot/conf.d/90-sieve.conf
setup_dovecotsievedir = $(pkgdatadir)/setup/dovecot/sieve
dist_setup_dovecotsieve_DATA = packaging/setup/dovecot/sieve/keepname-guard.sieve
setup_dovecotbeforedir = $(setup_dovecotsievedir)/before.d
dist_setup_dovecotbefore_DATA = \
	packaging/setup/dovecot/sieve/before.d/10-keepname.sieve \
	packaging/setup/dovecot/sieve/before.d/10-keepname-inbox.sieve

setup_rspamddir = $(pkgdatadir)/setup/rspamd/local.d
dist_setup_rspamd_DATA = \
	packaging/setup/rspamd/local.d/settings.conf \
	packaging/setup/rspamd/local.d/multimap.conf \
	packaging/setup/rspamd/local.d/greylist.conf \
	packaging/setup/rspamd/local.d/classifier-bayes.conf
setup_rspamdmapsdir = $(setup_rspamddir)/maps.d
dist_setup_rspamdmaps_DATA = \
	packaging/setup/rspamd/local.d/maps.d/keepname_genuine.map \
	packaging/setup/rspamd/local.d/maps.d/keepname_forged.map \
	packaging/setup/rspamd/local.d/maps.d/keepname_lookalike.map \
	packaging/setup/rspamd/local.d/maps.d/keepname_unproven.map

setup_postfixdir = $(pkgdatadir)/setup/postfix
dist_setup_postfix_DATA = \
	packaging/setup/postfix/main.cf \
	packaging/setup/postfix/keepname-header_checks
setup_sendmaildir = $(pkgdatadir)/setup/sendmail
dist_setup_sendmail_DATA = packaging/setup/sendmail/sendmail.mc
