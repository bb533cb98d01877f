# SPDX-License-Identifier: BSD-2-Clause
# Pieces of configuration for other programs, in folders named and laid out as those programs' own.
setup_spamassassindir = $(pkgdatadir)/setup/spamassassin
dist_setup_spamassassin_DATA = packaging/setup/spamassassin/60_keepname.cf
