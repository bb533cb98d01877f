#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A list of 300,000 senders: it loads, its last entry is found and believed, its lookalikes are known,
# reloads and changes under traffic lose, defer and leave unjudged nothing. How long it takes is no
# matter here (scripts/bench --senders).
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"

reason=$(lab_missing)
[[ -z $reason ]] || tap_skip_all "$reason"
tap_plan 13
count=300000
mails=24
last='last-of-the-list.example'
lab_begin
registrar_dns
lab_publish registrar demo "$last"
lab_dns_txt "$last" "v=spf1 ip4:$REGISTRAR_IP -all"
lab_dns_start
mkdir "$LAB/lists"
cp "$srcdir"/rules/lists/* "$LAB/lists"
"$builddir/tests/tools/senderlist" $count 7 >"$LAB/lists/generated.list"
lab_keepname_conf "lists = \"$LAB/lists\""
lab_keepname_start
lab_postfix_start --milter "$(lab_keepname_milter)"

# The mail of the last sender on the list.
last_mail() {
	registrar_mail --unsigned "$@" | sed "s/emailverification\.info/$last/g" | lab_sign registrar demo "$last"
}
header() { lab_header "$LAB_MAIL" X-Keepname; }
said() { grep -c -- "$1" "$LAB/log/keepname.log" || true; }

loaded=$(sed -n 's/.*loaded the shipped list: .* \([0-9]*\) senders.*/\1/p' "$LAB/log/keepname.log")
tap_ok 'all are loaded' test "${loaded:-0}" -gt $count
tap_like 'the last one is found by the command' "$(lab_keepname senders list | grep -F "@$last")" 'noreply@last-of-the-list\.example'
last_mail >"$LAB/message"
lab_deliver --from "bounce@$last" --ip "$REGISTRAR_IP" "$LAB/message"
tap_is 'and believed' "$(verdict_of "$LAB_MAIL")" genuine
tap_like 'with its registrar' "$(header)" 'registrar="Last"'
registrar_mail --unsigned | sed "s/emailverification\.info/last-of-the-llst.com/g" >"$LAB/message"
lab_deliver --from bounce@last-of-the-llst.com --ip 198.51.100.66 "$LAB/message"
tap_like 'who imitates it is known' "$(header)" 'lookalike; .*imitates=last-of-the-list\.example'
lab_fill "$srcdir/tests/lab/plain.eml" >"$LAB/message"
lab_deliver --from somebody@sender.example "$LAB/message"
tap_is 'ordinary mail gets no header' "$(verdict_of "$LAB_MAIL")" none

# Mail of the last sender and ordinary mail in turn, beside reloads and a change of the list.
traffic() {
	local i
	for ((i = 0; i < mails; i++)); do
		last_mail "ID=many.$i" >"$LAB/traffic"
		((i % 2)) || lab_fill "$srcdir/tests/lab/plain.eml" >"$LAB/traffic"
		lab_send --from "bounce@$last" --ip "$REGISTRAR_IP" "$LAB/traffic" || return 1
		printf '%s\n' "$LAB_QUEUE_ID" >>"$LAB/ids"
	done
}
traffic &
traffic=$!
lab_keepname_reload
lab_keepname senders disable gen-5
lab_keepname_reload
lab_await -p "$LAB_KEEPNAME_PID" -t 60 text -n 2 "$LAB/log/keepname.log" ': reloaded'
tap_ok 'mail is accepted all the while' wait "$traffic"
genuine=0
while read -r id; do
	lab_await_mail "$id"
	[[ $(verdict_of "$LAB_MAIL") != genuine ]] || genuine=$((genuine + 1))
done <"$LAB/ids"
tap_is 'each mail came' "$(wc -l <"$LAB/ids")" $mails
tap_is 'and each of the sender is genuine' "$genuine" $((mails / 2))
tap_is 'nothing was deferred or refused' "$(grep -cE 'milter-(reject|hold): | 451 4\.' "$LAB/log/postfix.log" 2>/dev/null || true)" 0
tap_is 'nothing went unjudged' "$(said verdict=unjudged)" 0
tap_is 'both reloads were taken' "$(said ': reloaded')" 2
tap_is 'none was refused' "$(said 'reload refused')" 0
tap_end
