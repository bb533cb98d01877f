#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Mail flows: several recipients, several messages a connection, 30 MB, observe mode, authenticated and
# internal clients, TCP, a chrooted Postfix, and the filter stopped in front of it.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"

registrar_begin 21

pendings() { lab_keepname pending --json | grep -c '"id"' || true; }

# Several recipients: one record each.
registrar_mail >"$LAB/message"
registrar_deliver --to a@example.com --to b@example.org "$LAB/message"
tap_is 'two recipients, two copies' "${#LAB_MAILS[@]}" 2
tap_is 'both are marked' "$(verdict_of "${LAB_MAILS[0]}") $(verdict_of "${LAB_MAILS[1]}")" 'genuine genuine'
tap_is 'each has a pending' "$(pendings)" 2

# The same message again, as an MTA that lost our answer would send it.
registrar_deliver --to a@example.com "$LAB/message"
tap_is 'the same Message-ID again is marked' "$(verdict_of "$LAB_MAIL")" genuine
tap_like 'and counts once' "$(lab_keepname pending --json)" '"mails": 1'
tap_unlike 'for every recipient' "$(lab_keepname pending --json)" '"mails": 2'

# Several messages in one connection: nothing of one is left in the next.
registrar_mail >"$LAB/genuine"
lab_fill "$srcdir/tests/lab/plain.eml" >"$LAB/plain"
exec {smtp}<>"/dev/tcp/127.0.0.1/$LAB_SMTP_PORT"
say() { printf '%s\r\n' "$@" >&"$smtp"; }
hear() { # a whole reply; its last line in $line
	while IFS= read -r -u "$smtp" line && [[ $line == ???-* ]]; do :; done
	line=${line%$'\r'}
}
talk() { say "$1"; hear; }
hear
talk 'EHLO several.example'
ids=()
for file in "$LAB/plain" "$LAB/genuine" "$LAB/plain" "$LAB/genuine"; do
	talk "MAIL FROM:<bounce@$REGISTRAR>"
	talk 'RCPT TO:<owner@example.com>'
	talk DATA
	lab_wire_form "$file" >&"$smtp"
	hear
	ids+=("${line##* }")
done
talk "MAIL FROM:<bounce@$REGISTRAR>" # begun, and left
talk RSET
talk QUIT
exec {smtp}>&-
got=
for id in "${ids[@]}"; do
	lab_await_mail "$id"
	got+=" $(verdict_of "$LAB_MAIL")"
done
tap_is 'four messages of one connection, each by itself' "$got" ' none genuine none genuine'

# 30 MB, ordinary and from the registrar (more than keepname reads: not proved, but delivered).
{ lab_fill "$srcdir/tests/lab/plain.eml"; head -c 22000000 /dev/zero | base64 -w 76; } >"$LAB/big"
tap_ok '30 MB of ordinary mail' lab_deliver "$LAB/big"
tap_is 'are left alone' "$(verdict_of "$LAB_MAIL")" none
{ registrar_mail --unsigned; head -c 22000000 /dev/zero | base64 -w 76; } |
	lab_sign registrar demo "$REGISTRAR" >"$LAB/big"
tap_ok '30 MB that the registrar signed' registrar_deliver "$LAB/big"
tap_like 'are not read to their end, and the reason says so' "$(lab_header "$LAB_MAIL" X-Keepname)" 'reason=[a-z,-]*limit'
rm -f "$LAB/big" "$LAB_MAIL"

# observe: judged and recorded, not marked.
lab_keepname_conf 'mode = observe' 'believed_networks = {"192.0.2.77"}' 'authserv_id = {"mx.lab.test", "edge.lab.test"}'
lab_keepname_reload
{ printf 'X-Keepname: genuine; by=evil.example\n'; registrar_mail; } >"$LAB/message"
before=$(lab_keepname stats --json | sed -n 's/.*"verdict.genuine": \([0-9]*\).*/\1/p')
registrar_deliver --to observed@example.com "$LAB/message"
tap_is 'observe: nothing is added, the forged copy is gone' "$(verdict_of "$LAB_MAIL")" none
after=$(lab_keepname stats --json | sed -n 's/.*"verdict.genuine": \([0-9]*\).*/\1/p')
tap_is 'but it is judged and counted' "$((after - before))" 1
lab_keepname_conf 'believed_networks = {"192.0.2.77"}' 'authserv_id = {"mx.lab.test", "edge.lab.test"}'
lab_keepname_reload

# A server of ours has judged already.
{ printf 'X-Keepname: unproven; by=edge.lab.test\nX-Keepname: genuine; by=evil.example\n'; registrar_mail; } >"$LAB/message"
lab_deliver --ip 192.0.2.77 --from "bounce@$REGISTRAR" "$LAB/message"
tap_is 'from a server of ours, its header is kept' "$(lab_header "$LAB_MAIL" X-Keepname)" 'unproven; by=edge.lab.test'
lab_deliver --ip 198.51.100.7 --from "bounce@$REGISTRAR" "$LAB/message"
tap_is 'from elsewhere it is not' "$(verdict_of "$LAB_MAIL")" genuine
registrar_mail --unsigned >"$LAB/message"
lab_deliver --ip 192.0.2.77 --from "bounce@$REGISTRAR" "$LAB/message"
tap_unlike 'a server of ours is never proved by SPF' "$(lab_header "$LAB_MAIL" X-Keepname)" 'proof='

# The filter ends in front of a running Postfix.
lab_keepname_stop
registrar_mail >"$LAB/message"
tap_ok 'with the filter stopped mail flows' registrar_deliver "$LAB/message"
tap_is 'unmarked' "$(verdict_of "$LAB_MAIL")" none

# TCP, and a chrooted Postfix.
lab_postfix_stop
port=$(lab_port)
lab_keepname_conf "socket = \"inet:$port@127.0.0.1\""
lab_keepname_start
lab_postfix_start --milter "inet:127.0.0.1:$port"
registrar_mail >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'over TCP' "$(verdict_of "$LAB_MAIL")" genuine
lab_keepname_stop
lab_postfix_stop

LAB_SOCKET=$LAB/postfix/queue/keepname.sock
lab_keepname_conf
lab_keepname_start
lab_postfix_start --chroot --milter unix:/keepname.sock
registrar_mail >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'from within the chroot' "$(verdict_of "$LAB_MAIL")" genuine
tap_is 'nothing went unjudged' "$(grep -c 'verdict=unjudged' "$LAB/log/keepname.log" || true)" 0
tap_end
