#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Two daemons on one database, each with a socket and a spool of its own: they may. Started at once on one that is
# not there yet, under load together, one of them killed meanwhile, the list changed: nothing is lost, nothing is
# there twice, and both know the change. One spool has one daemon (daemon.sh): the second is refused.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/faults/site.sh
. "$srcdir/tests/faults/site.sh"

faults_lab 20
db=$LAB/keepname/keepname.db
ask() { sqlite3 -readonly "$db" "$1"; }
lab_keepname_conf
lab_keepname_use second
lab_keepname_conf "database = \"sqlite:$db\""

# Both find no database. The one that comes second waits, and loads nothing.
tries=10 senders=
for ((n = 0; n < tries; n++)); do
	rm -f "$db"*
	for name in '' second; do
		lab_keepname_use "$name"
		lab_spawn "start$n$name" "$builddir/progs/keepname-milter" -f -c "$LAB/$lab_keepname_is/keepname.conf"
		lab_keepname_pids[$lab_keepname_is]=$LAB_PID
	done
	for name in '' second; do
		lab_keepname_use "$name"
		lab_await -p "$LAB_KEEPNAME_PID" text "$LAB/log/start$n$name.log" 'serving at'
	done
	senders+="$(ask "SELECT count(*) FROM sender") $(ask "PRAGMA integrity_check"), "
	for name in '' second; do
		lab_keepname_use "$name"
		lab_keepname_stop
	done
done
tap_is 'started at the same moment, ten times: the list is there, once' "$(tr ',' '\n' <<<"$senders" | sed 's/^ //' | sort -u | xargs)" '80 ok'
tap_is 'neither had trouble' "$(grep -h -v -e 'running as root' -e 'loaded the shipped list' -e 'serving at' "$LAB"/log/start* || true)" ''

rm -f "$db"*
for name in '' second; do
	lab_keepname_use "$name"
	lab_keepname_start
	[[ $name ]] || first_listener=$(part listener)
	tap_is "${name:-first}: mail is judged" "$(one_word "${name:-first}.begin")" genuine
done

# Under load, both; the list changes.
lab_keepname_use
courier first -n 400 -c 4 "$LAB/mail" &
loads=$!
lab_keepname_use second
courier second -n 400 -c 4 "$LAB/mail" &
loads+=" $!"
await_answers first 40
await_answers second 40
lab_keepname senders disable 1api-wdrp >/dev/null
for name in keepname keepname-second; do
	tap_ok "$name knows that the list has changed" lab_await -t 20 text "$LAB/log/$name.log" 'list changed'
done
lab_keepname_use
kill -KILL "$first_listener"
tap_ok 'a listener of the first dies and is back' await_part listener "$first_listener"
# shellcheck disable=SC2086 # two of them
wait $loads
tap_is 'second: all were judged' "$(words second genuine)" 400
tap_ok 'first: nearly all' test "$(words first genuine)" -ge 390
tap_is 'none was delayed or refused' "$(($(words first defer) + $(words second defer)))" 0

# The same mail by both, as by two MX: it is one.
courier same "$LAB/mail"
mv "$LAB/answers.same" "$LAB/same.first"
lab_keepname_use second
courier same "$LAB/mail"
tap_is 'the same mail through both: genuine twice' "$(cat "$LAB/same.first" "$LAB/answers.same" | awk '{ print $3 }' | xargs)" 'genuine genuine'

# One of them dies whole, with a lock in its hand or without; the other goes on.
courier alone -n 300 -c 4 "$LAB/mail" &
load=$!
await_answers alone 20
lab_keepname_use
parts=("$(part listener)" "$(part resolver)" "$(part judge)")
courier dying -n 100000 -c 4 "$LAB/mail" &
dying=$!
await_answers dying 20
kill -KILL "$LAB_KEEPNAME_PID" "${parts[@]}"
lab_forget "$LAB_KEEPNAME_PID"
kill "$dying" 2>/dev/null || true
wait "$dying" || true
tap_ok 'the first dies whole: the other goes on' wait "$load"
tap_is 'and judges all' "$(words alone genuine)" 300
lab_keepname_start
tap_is 'the first is back: mail is judged' "$(one_word back)" genuine
for name in '' second; do
	lab_keepname_use "$name"
	lab_keepname_stop
done
tap_is 'no boosted message lacks its record' "$(unrecorded)" ''
tap_is 'none is there twice' "$(ask 'SELECT message_id FROM message GROUP BY recipient, message_id HAVING count(*) > 1')" ''
tap_is 'the mail that came through both is one matter with one mail' "$(ask "SELECT count(*), max(mails) FROM pending WHERE recipient LIKE 'same.%'")" '1|1'
tap_is 'nothing was kept in a log alone' "$(cat "$LAB"/log/keepname*.log | grep -c 'record kept nowhere but here' || true)" 0
tap_is 'nothing waits in a spool' "$(grep -ca 'courier.test' "$LAB"/keepname*/spool/records.spool | grep -v ':0' || true)" ''
tap_is 'the database is whole' "$(sqlite3 "$db" 'PRAGMA integrity_check; PRAGMA foreign_key_check')" ok
tap_end
