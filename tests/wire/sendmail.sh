#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# In front of a real Sendmail, by the line that is shipped for sendmail.mc, with another filter behind
# ours: what is delivered, what the other filter is shown, how Sendmail counts headers, and what becomes
# of mail while keepname is stopped, killed or frozen.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"

reason=$(lab_missing)
[[ $reason ]] || reason=$(lab_sendmail_missing)
[[ -z $reason ]] || tap_skip_all "$reason"
tap_plan 49

# begin LINE: Sendmail with this line for keepname, and the other filter behind it.
begin() { lab_sendmail_start "$1" "INPUT_MAIL_FILTER(\`next', \`S=local:$LAB/run/next.sock, F=T')dnl"; }
again() {
	lab_sendmail_stop
	begin "$1"
}
# line [EDIT]: the shipped line with our socket in it, changed by a sed expression.
line() { grep '^INPUT_MAIL_FILTER' "$srcdir/packaging/setup/sendmail/sendmail.mc" | sed "s,@SOCKET@,local:$LAB_SOCKET,; ${1-}"; }
send() { lab_deliver --from "bounce@$REGISTRAR" "$@"; }
x_keepname() { lab_header "$LAB_MAIL" X-Keepname; }
# What the other filter was shown of this name, in any spelling.
next_saw() { grep -i "^$1 *:" "$LAB/next/$LAB_QUEUE_ID" || true; }
milter_said() { grep -c "$1" "$LAB/log/sendmail.log" || true; }
with_headers() {
	printf '%s\n' "$@"
	cat
}

LAB_PARENT=$(lab_sendmail_parent)
lab_begin
registrar_dns
lab_dns_start
lab_keepname_conf
lab_keepname_start
mkdir "$LAB/next"
lab_spawn_ready next "$lab_tools/nextfilter" "local:$LAB/run/next.sock" "$LAB/next"
begin "$(line)"
registrar_mail >"$LAB/signed"
registrar_mail --unsigned >"$LAB/unsigned"
lab_fill "$srcdir/tests/lab/plain.eml" >"$LAB/plain"

# ---- verdicts, and what the filter behind us is shown
send "$LAB/signed"
tap_like 'a signed mail is genuine' "$(x_keepname)" '^genuine; class=verification; .*proof=dkim:.*by=mx\.lab\.test$'
tap_is 'its header is above everything but what delivery adds' \
	"$(sed '/^\(Delivered-To\|Return-Path\):/d; s/:.*//; q' "$LAB_MAIL")" X-Keepname
tap_is 'X-Priority is set' "$(lab_header "$LAB_MAIL" X-Priority)" '1 (Highest)'
tap_is 'Importance is set' "$(lab_header "$LAB_MAIL" Importance)" high
tap_is 'Priority is set' "$(lab_header "$LAB_MAIL" Priority)" urgent
tap_is 'the filter behind us is shown our header first' "$(head -n 1 "$LAB/next/$LAB_QUEUE_ID" | cut -c 1-20)" 'X-Keepname: genuine;'
tap_is 'and the priority headers' "$(next_saw Importance) $(next_saw X-Priority)" 'Importance: high X-Priority: 1 (Highest)'
tap_ok 'the queue id is in our log' test "$(log_of "$LAB_QUEUE_ID" | grep -c 'verdict=genuine')" = 1
tap_is 'the matter is recorded' "$(lab_keepname pending --json | grep -c '"id"')" 1
send "$LAB/unsigned"
tap_like 'an unsigned one from a loopback address, which has no SPF, is unproven' "$(x_keepname)" '^unproven; reason=dkim-none,spf;'
lab_deliver --from evil@sender.example "$LAB/unsigned"
tap_like 'one with a stranger as envelope sender is forged' "$(x_keepname)" '^forged; '
tap_like 'the filter behind us is shown that' "$(next_saw X-Keepname)" '^X-Keepname: forged; '
tap_is 'it is not marked urgent' "$(lab_header_count "$LAB_MAIL" X-Priority)" 0
lab_deliver "$LAB/plain"
tap_is 'an ordinary one has no header' "$(x_keepname)" ''

# ---- forged copies
with_headers 'X-Keepname: genuine; by=mx.lab.test' <"$LAB/plain" >"$LAB/message"
lab_deliver "$LAB/message"
tap_is 'a forged copy is gone' "$(x_keepname)" ''
tap_is 'for the filter behind us too' "$(next_saw X-Keepname)" ''
with_headers 'X-Keepname: genuine' 'X-Other: 1' 'x-keepname: genuine' 'X-KEEPNAME: known' 'X-Keepname: genuine;' '	folded=yes' \
	'X-Other: 2' 'X-Keepname : b' <"$LAB/plain" >"$LAB/message"
lab_deliver "$LAB/message"
tap_is 'five in other spellings are gone' "$(sed '/^\r*$/q' "$LAB_MAIL" | grep -ci '^x-keepname' || true)" 0
tap_is 'for the filter behind us too' "$(next_saw X-Keepname)" ''
tap_is 'what stands between them stays, in order' "$(lab_header "$LAB_MAIL" X-Other | paste -sd,)" 1,2
{ printf 'X-Keepname: gen\000uine\nX-Keepname: gen\001uine\n' && cat "$LAB/plain"; } >"$LAB/message"
lab_deliver "$LAB/message"
tap_is 'NUL and control octets do not help' "$(x_keepname)" ''
copies() {
	for ((i = 0; i < $1; i++)); do echo 'X-Keepname: genuine'; done
	cat "$LAB/plain"
}
copies 100 >"$LAB/message"
lab_deliver "$LAB/message"
tap_is 'a hundred are gone' "$(x_keepname)" ''
copies 101 >"$LAB/message"
lab_send "$LAB/message"
tap_ok 'with one more the mail is held: quarantined' test -e "$LAB/sendmail/queue/hf$LAB_QUEUE_ID"
with_headers 'X-Keepname: forged; by=x' 'X-Keepname: genuine; by=y' 'X-Keepname: genuine; by=z' <"$LAB/signed" >"$LAB/message"
send "$LAB/message"
tap_like 'a genuine mail with three forged copies has ours alone' "$(x_keepname | paste -sd'|')" '^genuine; [^|]*by=mx\.lab\.test$'
tap_is 'the filter behind us is shown ours alone' "$(next_saw X-Keepname | grep -c .)" 1
tap_is 'and first' "$(head -n 1 "$LAB/next/$LAB_QUEUE_ID" | cut -c 1-20)" 'X-Keepname: genuine;'

# ---- priority headers that are there already
with_headers 'X-Priority: 5' 'Importance: low' 'Importance: Low' 'Priority: non-urgent' <"$LAB/signed" >"$LAB/message"
send "$LAB/message"
tap_is 'priority headers are changed, copies deleted' \
	"$(lab_header "$LAB_MAIL" X-Priority),$(lab_header "$LAB_MAIL" Importance | paste -sd/),$(lab_header "$LAB_MAIL" Priority)" \
	'1 (Highest),high,urgent'
tap_is 'for the filter behind us too' "$(next_saw Importance)" 'Importance: high'
{ printf 'X-Priority: 3\n' && cat "$LAB/unsigned"; } | lab_sign registrar demo "$REGISTRAR" -o X-Priority:Importance >"$LAB/message"
send "$LAB/message"
tap_is 'those that a signature covers are left' \
	"$(verdict_of "$LAB_MAIL") $(lab_header "$LAB_MAIL" X-Priority) $(lab_header_count "$LAB_MAIL" Importance)" 'genuine 3 0'

# ---- several recipients, several messages of one connection
send --to a@example.com --to b@example.org "$LAB/signed"
tap_is 'two recipients, each copy marked' "$(verdict_of "${LAB_MAILS[0]}") $(verdict_of "${LAB_MAILS[1]}")" 'genuine genuine'
lab_connection "bounce@$REGISTRAR" owner@example.com "$LAB/plain" "$LAB/signed" "$LAB/plain"
got=
for id in "${LAB_QUEUE_IDS[@]}"; do
	lab_await_mail "$id"
	got+=" $(verdict_of "$LAB_MAIL")"
done
tap_is 'three messages of one connection, each by itself' "$got" ' none genuine none'

# ---- what Sendmail says of the socket
before=$(milter_said unsafe)
chmod 777 "$LAB/keepname"
send "$LAB/signed"
tap_is 'a socket in a folder that everybody may write: mail flows, unmarked' "$(verdict_of "$LAB_MAIL")" none
tap_ok 'and Sendmail says that it is unsafe' test "$(milter_said 'keepname.*unsafe')" -gt "$before"
chmod 755 "$LAB/keepname"
chown nobody "$LAB/keepname" "$LAB_SOCKET"
chmod 660 "$LAB_SOCKET"
send "$LAB/signed"
tap_is "a folder and a socket of the daemon's own user are safe" "$(verdict_of "$LAB_MAIL")" genuine
chown root "$LAB/keepname" "$LAB_SOCKET"

lab_sendmail_stop
chmod 777 "$LAB/keepname"
tap_fails 'at its start, such a folder keeps Sendmail from starting' begin "$(line)"
tap_ok 'and it says why' grep -q 'keepname.*unsafe: World writable directory' "$LAB/log/sendmail.start.log"
chmod 755 "$LAB/keepname"

# ---- a port without keepname
submission=$(lab_port)
lab_sendmail_start "DAEMON_OPTIONS(\`Name=MSA, Addr=127.0.0.1, Port=$submission, M=E, InputMailFilters=')dnl" "$(line)"
send "$LAB/signed"
tap_is 'with an empty InputMailFilters for submission, the other port has keepname' "$(verdict_of "$LAB_MAIL")" genuine
LAB_SMTP_PORT=$submission
send "$LAB/signed"
tap_is 'and submission has not' "$(verdict_of "$LAB_MAIL")" none

# ---- keepname frozen: shorter times than the shipped ones, in the same places
again "$(line 's/S:10s/S:2s/; s/R:60s/R:3s/; s/E:2m/E:4s/')"
listener=$(pgrep -P "$LAB_KEEPNAME_PID" -f keepname-listener)
kill -STOP "$LAB_KEEPNAME_PID" "$listener"
tap_ok 'frozen: mail flows' send "$LAB/signed"
tap_is 'unmarked' "$(verdict_of "$LAB_MAIL")" none
kill -CONT "$LAB_KEEPNAME_PID" "$listener"
send "$LAB/signed"
tap_is 'and when it goes on, mail is marked' "$(verdict_of "$LAB_MAIL")" genuine

# ---- keepname killed, then stopped
again "$(line)"
lab_kill "$LAB_KEEPNAME_PID"
lab_reap_group "$LAB_KEEPNAME_PID"
tap_ok 'killed: mail flows' send "$LAB/signed"
tap_is 'unmarked' "$(verdict_of "$LAB_MAIL")" none
with_headers 'X-Keepname: genuine; by=mx.lab.test' <"$LAB/plain" >"$LAB/message"
lab_deliver "$LAB/message"
tap_is 'and a forged header is let through: Sendmail has nothing that takes it away' "$(x_keepname)" 'genuine; by=mx.lab.test'
lab_keepname_start
send "$LAB/signed"
tap_is 'back again, without a word to Sendmail: marked' "$(verdict_of "$LAB_MAIL")" genuine
lab_keepname_stop
tap_ok 'stopped: mail flows' send "$LAB/signed"

# ---- F=
again "$(line "s/T=C/F=T, T=C/")"
tap_fails 'F=T: while it is down mail is put off' lab_send "$LAB/signed"
tap_ok 'for a while (4xx)' grep -qE '<\*\* +4[0-9][0-9] ' "$LAB/log/smtp.log"
again "$(line "s/T=C/F=R, T=C/")"
tap_fails 'F=R: while it is down mail is refused' lab_send "$LAB/signed"
tap_ok 'for good (5xx)' grep -qE '<\*\* +5[0-9][0-9] ' "$LAB/log/smtp.log"
tap_end
