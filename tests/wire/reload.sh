#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Reload under traffic loses and delays nothing; a bad configuration or list changes nothing; a change of
# the list by the command is in use without a signal; SIGTERM finishes what is in hand.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"

registrar_begin 16
count=30

# Traffic beside reloads: signed mails one after the other, their queue ids in a file.
traffic() {
	local i
	for ((i = 0; i < count; i++)); do
		registrar_mail "ID=traffic.$1.$i" >"$LAB/traffic.$1"
		lab_send --from "bounce@$REGISTRAR" --ip "$REGISTRAR_IP" "$LAB/traffic.$1" || return 1
		printf '%s\n' "$LAB_QUEUE_ID" >>"$LAB/ids.$1"
	done
}
traffic a &
traffic=$!
for _ in 1 2 3 4 5; do lab_keepname_reload; done
tap_ok 'mail is accepted all the while' wait "$traffic"
genuine=0
while read -r id; do
	lab_await_mail "$id"
	[[ $(verdict_of "$LAB_MAIL") != genuine ]] || genuine=$((genuine + 1))
done <"$LAB/ids.a"
tap_is 'and each is judged and marked' "$genuine" "$count"
tap_is 'five reloads' "$(grep -c ': reloaded' "$LAB/log/keepname.log")" 5

# Something wrong: the old state serves on, and all errors are named at once.
cp "$LAB/keepname/keepname.conf" "$LAB/good.conf"
printf 'no_such_key = 1\ndns_timeout = 99\n' >>"$LAB/keepname/keepname.conf"
lab_keepname_reload
tap_like 'a bad configuration is refused' "$(<"$LAB/log/keepname.log")" 'reload refused'
tap_like 'with file, line and key' "$(<"$LAB/log/keepname.log")" 'keepname\.conf:[0-9]+:[0-9:]* .*no_such_key'
tap_like 'and the other error too' "$(<"$LAB/log/keepname.log")" 'keepname\.conf:[0-9]+:[0-9:]* .*dns_timeout'
registrar_mail >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'the old state serves on' "$(verdict_of "$LAB_MAIL")" genuine
cp "$LAB/good.conf" "$LAB/keepname/keepname.conf"

cp -r "$srcdir/rules/lists" "$LAB/lists"
printf 'Class: verification\nLanguage: xx\nSubject:\n (unclosed\n' >"$LAB/lists/zz.class"
lab_keepname_conf "lists = \"$LAB/lists\""
lab_keepname_reload
tap_like 'a bad class file is refused, with its line' "$(<"$LAB/log/keepname.log")" 'zz\.class:4:'
rm "$LAB/lists/zz.class"
printf '\nSender: x\nFrom: a@b.example\n\nPlatform: bad\nColour: blue\n' >"$LAB/lists/zz.list"
lab_keepname_reload
tap_like 'a bad platform is refused, with its line' "$(<"$LAB/log/keepname.log")" 'zz\.list:6:'
tap_is 'by then nothing was reloaded' "$(grep -c ': reloaded' "$LAB/log/keepname.log")" 5
rm "$LAB/lists/zz.list"
lab_keepname_reload
tap_is 'the good one is taken' "$(grep -c ': reloaded' "$LAB/log/keepname.log")" 6

# The list by command, without a signal.
name=$(lab_keepname senders list | awk '/noreply@emailverification.info/ { print $3 }')
lab_keepname senders disable "$name"
lab_await -p "$LAB_KEEPNAME_PID" text "$LAB/log/keepname.log" 'list changed'
registrar_mail >"$LAB/message"
registrar_deliver "$LAB/message"
tap_unlike 'a sender that was switched off is not believed' "$(verdict_of "$LAB_MAIL")" genuine
lab_keepname senders enable "$name"
lab_await -p "$LAB_KEEPNAME_PID" text -n 2 "$LAB/log/keepname.log" 'list changed'
registrar_mail >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'switched on again, it is' "$(verdict_of "$LAB_MAIL")" genuine

# SIGTERM with a message in hand: Postfix has sent MAIL and RCPT to the milter.
traffic b &
traffic=$!
lab_await -m 'traffic' text -n 3 "$LAB/ids.b" $'\n'
lab_keepname_stop
wait "$traffic" || true
tap_is 'no message was deferred or refused' "$(grep -cE 'milter-(reject|hold): | 451 4\.' "$LAB/log/postfix.log" 2>/dev/null || true)" 0
tap_is 'all of the traffic was accepted' "$(wc -l <"$LAB/ids.b")" "$count"
tap_is 'nothing went unjudged while it served' "$(grep -c 'verdict=unjudged' "$LAB/log/keepname.log" || true)" 0
tap_end
