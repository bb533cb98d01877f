#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname setup postfix, behind a real one that has a milter and header checks of its own: what it writes
# works, plain and chrooted, with keepname up and down, and is taken out again without a trace.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"

reason=$(lab_missing)
[[ -z $reason ]] || tap_skip_all "$reason"
tap_plan 24
lab_begin
etc=$LAB/postfix/etc
setup() { lab_postfix_run "$builddir/progs/keepname" -c "$LAB/keepname/keepname.conf" setup postfix \
	--pieces "$srcdir/packaging/setup" --folder "$etc" "$@"; }
value() { lab_postfix_run "${POSTFIX_ROOT-}/usr/sbin/postconf" -c "$etc" -xh "$1"; }
again() { lab_postfix_stop && lab_postfix_launch; }
genuine() { registrar_mail >"$LAB/message" && registrar_deliver "$LAB/message" && verdict_of "$LAB_MAIL"; }
forged() {
	{ printf 'X-Keepname: genuine; class=verification, spam\n'; lab_fill "$srcdir/tests/lab/plain.eml"; } >"$LAB/message"
	lab_deliver "$LAB/message" && verdict_of "$LAB_MAIL"
}

registrar_dns
lab_dns_start
LAB_SOCKET=$LAB/postfix/queue/keepname/milter.sock
mkdir -p "$LAB/postfix/queue/keepname" && chmod 711 "$LAB/postfix/queue/keepname"
lab_keepname_conf
lab_keepname_start
# The site's own table says of a word that it is only to be logged: it must not shield a forged header.
lab_postfix_start
printf '/spam/ WARN\n/^X-Loop:/ IGNORE\n' >"$etc/header_checks"
cat >>"$etc/main.cf" <<END
header_checks =
# of the site
  regexp:$etc/header_checks
# what mail from here goes through
non_smtpd_milters =
END
sed -i "s/^smtpd_milters =.*/smtpd_milters = { inet:127.0.0.1:$(lab_port), default_action=accept, connect_timeout=1s }/" "$etc/main.cf"
cp -p "$etc/main.cf" "$LAB/main.cf"
again
tap_is 'without keepname a genuine mail is like any other' "$(genuine)" none
tap_is 'and a forged header comes through' "$(forged)" genuine

tap_ok 'written' setup --write --yes
tap_like 'checked by Postfix' "$tap_output" 'checked by "postfix -c [^ ]* check"'
tap_like 'and its table' "$tap_output" 'checked by "postmap '
tap_like 'keepname leads, by a path from the queue' "$(value smtpd_milters)" '^\{ unix:keepname/milter\.sock, .* \{ ?inet:127'
tap_like 'its table leads, too' "$(value header_checks)" "^regexp:$etc/keepname-header_checks,? .*regexp:$etc/header_checks"
tap_is 'what mail from here goes through stays' "$(value non_smtpd_milters)" ''
again
tap_is 'a genuine mail is marked' "$(genuine)" genuine
tap_is 'a forged header is gone' "$(forged)" none
tap_ok 'a second time' setup --write --yes
tap_is 'nothing is to be done' "$tap_output" 'Nothing to do.'

# Chrooted, the same path is right.
lab_postfix_stop
lab_postfix_master_cf y >"$etc/master.cf"
lab_postfix_launch
tap_is 'chrooted' "$(genuine)" genuine
lab_keepname_stop
tap_is 'with keepname down mail flows on' "$(genuine)" none
tap_is 'and a forged header is still gone' "$(forged)" none

# What Postfix says no to: its table type is one that it does not have.
tap_ok 'taken out' setup --remove --yes
tap_ok 'main.cf is what it was' cmp "$etc/main.cf" "$LAB/main.cf"
tap_fails 'and the table is gone' test -e "$etc/keepname-header_checks"
mkdir -p "$LAB/pieces/postfix"
cp "$srcdir/packaging/setup/postfix/main.cf" "$LAB/pieces/postfix/"
printf '/(/ IGNORE\n' >"$LAB/pieces/postfix/keepname-header_checks"
tap_fails 'a table that Postfix cannot read' setup --write --yes --pieces "$LAB/pieces"
tap_like 'is what it says no to' "$tap_output" 'postmap.* (says no|does not say IGNORE).*Everything is as it was'
tap_ok 'and is undone' cmp "$etc/main.cf" "$LAB/main.cf"
tap_fails 'with its file' test -e "$etc/keepname-header_checks"

# A socket that a chrooted smtpd cannot reach is refused.
LAB_SOCKET=$LAB/keepname/milter.sock
lab_keepname_conf
tap_fails 'a socket outside of the chroot' setup --write --yes
tap_like 'is refused, with what to do' "$tap_output" "chrooted in $LAB/postfix/queue and cannot reach $LAB_SOCKET"
tap_end
