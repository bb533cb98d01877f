#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# kill -9 of each process under load: mail flows, the process is back (LIMIT_RESTART_MS after its last start,
# if it died young), and no message that was boosted lacks its record.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/faults/site.sh
. "$srcdir/tests/faults/site.sh"

faults_begin 45
tap_is 'before anything happens a mail is genuine' "$(one_word before)" genuine

# Each part, twice, while four connections send.
for name in listener resolver judge; do
	courier "$name" -n 240 -c 4 "$LAB/mail" &
	load=$!
	for at in 30 120; do
		await_answers "$name" "$at"
		pid=$(part "$name")
		kill -KILL "$pid"
		tap_ok "$name: is started again" await_part "$name" "$pid"
	done
	tap_ok "$name: mail flows all the while" wait "$load"
	tap_is "$name: every message had an answer" "$(wc -l <"$LAB/answers.$name")" 240
	tap_ok "$name: nearly all were judged" test "$(words "$name" genuine)" -ge 200
	tap_is "$name: none was delayed or refused" "$(words "$name" defer)" 0
	tap_is "$name: the next mail is genuine" "$(one_word "$name.after")" genuine
done
tap_is 'the log names each' "$(grep -c 'died of signal 9' "$LAB/log/keepname.log")" 6
tap_is 'no boosted message lacks its record' "$(unrecorded)" ''

# One that dies young waits: two starts lie LIMIT_RESTART_MS (1 s) apart.
started() { awk '{ sub(/.*\) /, ""); print $20 }' "/proc/$1/stat"; } # in hundredths of a second
first=$(part resolver)
kill -KILL "$first"
await_part resolver "$first"
second=$part_pid second_started=$(started "$part_pid")
kill -KILL "$second"
await_part resolver "$second"
tap_ok 'one that dies young is not started in a hurry' test "$(($(started "$part_pid") - second_started))" -ge 98
tap_is 'and mail is judged' "$(one_word young)" genuine

# Children of the judge: that one message is unjudged.
zygote=$(part judge)
courier child -n 400 -c 4 "$LAB/mail" &
load=$!
said() { grep -c 'a judge was ended by signal 9' "$LAB/log/keepname.log" || true; }
killed=0
while kill -0 "$load" 2>/dev/null && ((killed % 10 != 0 || $(said) < 3)); do
	read -r -a children <"/proc/$zygote/task/$zygote/children" || true
	for pid in "${children[@]}"; do
		kill -KILL "$pid" 2>/dev/null && killed=$((killed + 1))
	done
done
wait "$load"
tap_is 'a judge of one message: the others are judged' "$(($(words child genuine) + $(words child none)))" 400
tap_ok 'and no more than those killed are not' test "$(words child none)" -le "$(said)"
tap_ok 'which is said' test "$(said)" -ge 3
tap_is 'the process that starts them stays' "$(part judge)" "$zygote"

# Records that wait in the spool when the listener dies.
mkfifo "$LAB/sql"
exec {sql}<>"$LAB/sql"
sqlite3 "$LAB/keepname/keepname.db" <&"$sql" >"$LAB/log/locker.log" 2>&1 &
locker=$!
disown
lab_remember "$locker"
printf 'BEGIN EXCLUSIVE;\n.print locked\n' >&"$sql"
lab_await -p "$locker" text "$LAB/log/locker.log" locked
courier spooled -n 12 -c 4 "$LAB/mail"
tap_is 'while the database is locked mail is judged' "$(words spooled genuine)" 12
pid=$(part listener)
kill -KILL "$pid"
await_part listener "$pid"
lab_kill "$locker"
exec {sql}>&-
tap_ok 'killed with records in the spool: they are replayed' \
	lab_await -t 30 -p "$LAB_KEEPNAME_PID" text "$LAB/log/keepname.log" 'replayed from the spool'
tap_is 'all of them' "$(sqlite3 -readonly "$LAB/keepname/keepname.db" "SELECT count(*) FROM message WHERE recipient LIKE 'spooled.%'")" 12
tap_is 'once each' "$(sqlite3 -readonly "$LAB/keepname/keepname.db" "SELECT DISTINCT mails FROM pending WHERE recipient LIKE 'spooled.%'")" 1

# The supervisor itself.
parts=("$(part listener)" "$(part resolver)" "$(part judge)")
courier supervisor -n 400 -c 4 "$LAB/mail" &
load=$!
await_answers supervisor 50
kill -KILL "$LAB_KEEPNAME_PID"
tap_ok 'the supervisor killed: the others end by themselves' lab_await -t 30 end "${parts[0]}"
lab_await -t 30 end "${parts[1]}"
tap_ok 'all of them' lab_await -t 30 end "${parts[2]}"
wait "$load" || true
tap_ok 'what was in hand was finished' test "$(words supervisor genuine)" -ge 50
tap_is 'and nothing was refused' "$(words supervisor defer)" 0
lab_forget "$LAB_KEEPNAME_PID"
tap_ok 'its socket is taken over by the next one' lab_keepname_start
tap_is 'which judges' "$(one_word next)" genuine

# Told to end under load: what is in hand is finished, what comes later is not begun.
told_to_end() { # WHERE
	courier "$1" -n 1000000 -c 6 "$LAB/mail" &
	load=$!
	await_answers "$1" 60
	kill -TERM "$LAB_KEEPNAME_PID"
	tap_ok "$1: SIGTERM under load: it ends soon" lab_await -t 20 end "$LAB_KEEPNAME_PID"
	lab_forget "$LAB_KEEPNAME_PID"
	wait "$load" || true
	tap_is "$1: every message in hand was finished" \
		"$(awk '$3 == "broken" && $4 != "refused" && $4 != "negotiation:"' "$LAB/answers.$1")" ''
}
told_to_end unix
port=$(lab_port)
lab_keepname_conf "socket = \"inet:$port@127.0.0.1\""
faults_socket=inet:$port@127.0.0.1
lab_keepname_start
told_to_end tcp
tap_is 'no boosted message lacks its record, to the end' "$(unrecorded)" ''
tap_end
