#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Reloads and changes of the list under load: every message is judged by one whole state or the other.
# Processes that die during a reload: what serves is what has shown that it can. A reload that is asked for at the end is none.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/faults/site.sh
. "$srcdir/tests/faults/site.sh"

faults_lab 28
log=$LAB/log/keepname.log

# Programs that wait where a file says so, and note how they were started.
mkdir -p "$LAB/libexec" "$LAB/held"
cp "$builddir/progs/keepname-resolver" "$LAB/libexec/"
for name in judge listener; do
	mkfifo "$LAB/go.$name"
	cat >"$LAB/libexec/keepname-$name" <<-END
		#!/bin/sh
		echo "\$@" >>$LAB/started.$name
		if [ -e $LAB/hold.$name ]; then
			rm $LAB/hold.$name
			echo \$\$ >$LAB/held/$name
			read -r _ <$LAB/go.$name
		fi
		exec $builddir/progs/keepname-$name "\$@"
	END
	chmod 755 "$LAB/libexec/keepname-$name"
done
lab_keepname_conf "libexec_dir = \"$LAB/libexec\""
lab_keepname_start
hold() { rm -f "$LAB/held/$1" && : >"$LAB/hold.$1"; }
go() { echo >"$LAB/go.$1"; }
# The one that waits, in held_pid.
held_pid=
await_held() { lab_await -t 20 file "$LAB/held/$1" && lab_await -t 20 text "$LAB/held/$1" $'\n' && held_pid=$(<"$LAB/held/$1"); }
reloads() { grep -c ': reloaded' "$log" || true; }
await_reloads() { lab_await -t 20 -p "$LAB_KEEPNAME_PID" text -n "$1" "$log" ': reloaded'; }

# -- under load
tap_is 'before, mail is judged' "$(one_word before)" genuine
other=1api-wdrp
courier load -n 100000 -c 4 "$LAB/mail" &
load=$!
await_answers load 20
for ((i = 1; i <= 6; i++)); do
	lab_keepname_reload
	lab_keepname senders "$( ((i % 2)) && echo disable || echo enable)" "$other" >/dev/null
	lab_await -t 20 -p "$LAB_KEEPNAME_PID" text -n "$i" "$log" 'list changed'
done
await_answers load "$(($(wc -l <"$LAB/answers.load") + 20))"
kill "$load"
wait "$load" || true
tap_is 'six reloads under load' "$(reloads)" 6
tap_is 'and six changes of the list' "$(grep -c 'list changed' "$log")" 6
tap_ok 'many messages came meanwhile' test "$(words load genuine)" -ge 100
tap_is 'every one of them was judged' "$(awk '$3 != "genuine"' "$LAB/answers.load")" ''
tap_is 'and none given up' "$(grep -c 'verdict=unjudged' "$log" || true)" 0

# -- the old judge dies while the new one gets ready
old=$(part judge)
hold judge
kill -HUP "$LAB_KEEPNAME_PID"
tap_ok 'a reload: the new judge is not ready yet' await_held judge
new=$held_pid
kill -KILL "$old"
tap_ok 'the old one dies and is started again' lab_await -t 20 -p "$LAB_KEEPNAME_PID" text "$log" 'keepname-judge died of signal 9'
lab_await -t 20 -m 'three judges' text -n 3 "$LAB/started.judge" -l || true
between=$(one_word between)
tap_is 'it judges' "$between" genuine
tap_is 'and is not taken for the new one' "$(reloads)" 6
go judge
tap_ok 'the new one takes over when it is ready' await_reloads 7
judges() { pgrep -P "$LAB_KEEPNAME_PID" -x keepname-judge | tr '\n' ' '; }
await_judges() {
	local tries
	for ((tries = 0; tries < 2000; tries++)); do
		[[ $(judges) != "$1 " ]] || return 0
	done
	echo "judges: $(judges)"
	return 1
}
tap_ok 'and is the only one that is left' await_judges "$new"
tap_is 'which judges' "$(one_word new)" genuine

# -- the new one dies
hold judge
kill -HUP "$LAB_KEEPNAME_PID"
await_held judge
kill -KILL "$held_pid"
tap_ok 'a new judge that dies: the reload is refused' lab_await -t 20 -p "$LAB_KEEPNAME_PID" text "$log" 'reload refused, the old state serves on: the new judge did not start'
tap_ok 'the old one is left' await_judges "$new"
tap_is 'and judges' "$(one_word kept)" genuine

# -- the check dies, and another reload is wanted meanwhile
hold listener
kill -HUP "$LAB_KEEPNAME_PID"
await_held listener
kill -HUP "$LAB_KEEPNAME_PID"
kill -KILL "$held_pid"
tap_ok 'a check that dies: the reload is refused' lab_await -t 20 -p "$LAB_KEEPNAME_PID" text "$log" 'reload refused, the old state serves on: see the errors above'
tap_ok 'the one that was wanted meanwhile is done' await_reloads 8

# -- the listener dies when it is to reload
listener=$(part listener)
kill -STOP "$listener"
kill -HUP "$LAB_KEEPNAME_PID"
tap_ok 'a listener that does not come to its reload' await_part judge "$(part judge | head -n 1)"
kill -KILL "$listener"
await_part listener "$listener"
tap_is 'the next one has read everything anew: it judges' "$(one_word anew)" genuine
lab_keepname_reload
tap_ok 'and a reload is possible' await_reloads 9

# -- asked for at the end
kill -STOP "$(part resolver)"
courier last "$LAB/mail" &
load=$!
await_child() {
	local tries
	for ((tries = 0; tries < 5000; tries++)); do
		[[ -z $(pgrep -P "$(part judge)") ]] || return 0
	done
	return 1
}
tap_ok 'with a message in hand that waits for the DNS' await_child
started=$(wc -l <"$LAB/started.listener")
kill -TERM "$LAB_KEEPNAME_PID"
lab_await -t 20 text "$LAB/log/keepname.notify" STOPPING=1
kill -HUP "$LAB_KEEPNAME_PID"
tap_ok 'SIGHUP after SIGTERM: it ends all the same' lab_await -t 45 end "$LAB_KEEPNAME_PID"
lab_forget "$LAB_KEEPNAME_PID"
wait "$load"
tap_is 'that message is finished' "$(words last unproven)" 1
tap_is 'no check is begun' "$(wc -l <"$LAB/started.listener")" "$started"

# -- asked for at the start: it waits until the start is done
hold listener
lab_spawn start "$builddir/progs/keepname-milter" -f -c "$LAB/keepname/keepname.conf"
LAB_KEEPNAME_PID=$LAB_PID
await_held listener # the check of the configuration
hold listener
go listener
await_held listener # the listener itself
started=$(wc -l <"$LAB/started.listener")
kill -HUP "$LAB_KEEPNAME_PID"
"$lab_tools/await" -t 3 end "$LAB_KEEPNAME_PID" 2>/dev/null || true
tap_is 'SIGHUP during the start: no check is begun' "$(wc -l <"$LAB/started.listener")" "$started"
go listener
tap_ok 'but then' lab_await -t 20 -p "$LAB_KEEPNAME_PID" text "$LAB/log/start.log" ': reloaded'
tap_is 'and mail is judged' "$(one_word started)" genuine
tap_end
