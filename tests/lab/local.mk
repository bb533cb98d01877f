# SPDX-License-Identifier: BSD-2-Clause
EXTRA_DIST += \
	tests/lab/lab.sh tests/lab/dns.sh tests/lab/postfix.sh tests/lab/keepname.sh tests/lab/mail.sh tests/lab/nsd.sh tests/lab/web.sh tests/lab/web.py \
	tests/lab/dovecot.sh tests/lab/sendmail.sh tests/lab/rspamd.sh tests/lab/clamd.sh tests/lab/spamd.sh tests/lab/spamass_milter.sh tests/lab/amavis.sh \
	tests/lab/browser.sh tests/lab/spam.cf tests/lab/tap.sh tests/lab/plain.eml tests/lab/verification.eml tests/lab/forgery.eml
