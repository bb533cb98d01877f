#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname setup, with the real rspamd, SpamAssassin and Dovecot checking a copy of the configuration that
# their packages ship: written, written again, taken out without a trace; and undone where they say no.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

site_begin 50
pieces=$srcdir/packaging/setup
etc=
status() { # NAME STATUS ARGUMENT...
	local name=$1 want=$2
	shift 2
	exits "$name" "$want" setup --pieces "$pieces" "$program" --folder "$etc" --yes "$@"
}
# as_shipped PROGRAM FOLDER...: a copy of its configuration in $etc; false where it is not installed.
as_shipped() {
	program=$1
	shift
	etc=$LAB/$program/etc
	for folder; do
		[[ -d $folder ]] || continue
		mkdir -p "$LAB/$program" && rm -rf "$etc" "$etc.before" && cp -rp "$folder" "$etc" && cp -rp "$etc" "$etc.before"
		return
	done
	return 1
}
untouched() { diff -r "$etc.before" "$etc" && ! find "$etc" -name '*.svbin' | grep .; }
in_and_out() { # COMMAND: what must have checked it
	status "$program: written" 0 --write
	tap_like "$program itself has checked it" "$out" "checked by \"$1"
	tap_unlike 'and nothing was left unchecked' "$out" 'not checked'
	tap_fails 'it is there' untouched
	status 'written again' 0 --write
	tap_is 'nothing is to be done' "$out" 'Nothing to do.'
	status 'taken out' 0 --remove
	# Folders that were made stay, and backups of files that the package had.
	find "$etc" -name '*.keepname-backup*' -print -delete >"$LAB/backups"
	while read -r file; do [[ -e $etc.before${file#"$etc"} ]] || echo "$file"; done < <(sed 's/\.keepname-backup.*//' "$LAB/backups") >"$LAB/needless"
	tap_is 'and no backup of what was ours' "$(cat "$LAB/needless")" ''
	find "$etc" -type d -empty -delete
	find "$etc.before" -type d -empty -delete
	tap_ok 'without a trace' untouched
}
says_no() { # FILE: a piece, with this (standard input) in it
	local good=$pieces
	cp -r "$good" "$LAB/bad" && cat >"$LAB/bad/$program/$1"
	pieces=$LAB/bad
	status "$program says no" 1 --write
	pieces=$good
	rm -r "$LAB/bad"
	tap_like 'and all is as it was' "$err" 'Everything is as it was'
	find "$etc" -type d -empty -delete
	tap_ok 'to the last file' untouched
}

if command -v rspamadm >/dev/null && as_shipped rspamd /etc/rspamd; then
	in_and_out rspamadm
	says_no local.d/settings.conf <<<'keepname { '
	mkdir -p "$etc/local.d"
	echo 'whitelist_symbols = ["MINE"];' >"$etc/local.d/greylist.conf"
	status 'a key that the site sets itself' 2 --write
	tap_like 'is named, with what to do' "$err" 'greylist.conf: line 1, .* whitelist_symbols: add "KEEPNAME_GENUINE"'
	tap_fails 'and nothing is written' grep -rq KEEPNAME "$etc"
	echo 'whitelist_symbols = ["MINE", "KEEPNAME_GENUINE"];' >"$etc/local.d/greylist.conf"
	status 'when that is done' 0 --write
	tap_is 'the rest is written' "$(grep -rlc 'keepname: begin' "$etc/local.d" --include='*.conf' | xargs -n1 basename | sort | xargs)" \
		'classifier-bayes.conf multimap.conf settings.conf'
else
	tap_skip 17 'no rspamd here'
fi

if command -v spamassassin >/dev/null && as_shipped spamassassin /etc/spamassassin /etc/mail/spamassassin; then
	in_and_out spamassassin
	says_no 60_keepname.cf <<<'header KEEPNAME_GENUINE X-Keepname =~ /(/'
else
	tap_skip 12 'no SpamAssassin here'
fi

if command -v doveconf >/dev/null && command -v sievec >/dev/null && as_shipped dovecot /etc/dovecot; then
	in_and_out sievec
	says_no sieve/before.d/10-keepname.sieve <<<'require ["no such thing"];'
	says_no conf.d/90-sieve.conf <<<'plugin {'
	printf 'plugin {\n  sieve_before = /srv/sieve\n}\n' >"$etc/conf.d/99-mine.conf"
	status 'scripts of the site, in another file' 1 --write
	tap_like 'would not run any more' "$err" 'but:'$'\n''/srv/sieve'$'\n''The site'\''s own scripts'
	printf 'plugin {\n  sieve_before = /etc/dovecot/sieve/before.d\n  sieve_before2 = /srv/sieve\n}\n' >"$etc/conf.d/99-mine.conf"
	status 'with a place of their own' 0 --write
	tap_ok 'both run' grep -q 'keepname: begin' "$etc/conf.d/90-sieve.conf"
	status 'and out' 0 --remove
	rm "$etc"/conf.d/99-mine.conf "$etc"/conf.d/*.keepname-backup*
	find "$etc" -type d -empty -delete
	tap_ok 'again' untouched
else
	tap_skip 21 'no Dovecot here'
fi
tap_end
