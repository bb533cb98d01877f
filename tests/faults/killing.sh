#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# kill -9 of any process at random moments under load: whatever dies is back, no message is refused, none
# that was boosted lacks its record, and the database is whole. KILLS says how often (40), SEED repeats a run:
#   KILLS=200 SEED=7 LAB_SECONDS=3600 make check TESTS=tests/faults/killing.sh
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/faults/site.sh
. "$srcdir/tests/faults/site.sh"

kills=${KILLS:-40} seed=${SEED:-$RANDOM}
faults_begin 12
tap_note "KILLS=$kills SEED=$seed"
RANDOM=$seed
log=$LAB/log/keepname.log
db=$LAB/keepname/keepname.db
# The supervisor and one judge of one message are as likely as each of those that it restarts; so is a
# command of the administrator's, which writes to the same database.
kinds=(listener resolver judge child supervisor command)
longest=0 total=0
declare -A killed=() failed=()

# The load goes on until it is told to end; begun anew after the supervisor's death, which it sees.
run=0
load_begin() {
	run=$((run + 1))
	courier "load$run" -n 1000000 -c 4 "$LAB/mail" 2>/dev/null &
	load=$!
	await_answers "load$run" 10
}
load_end() {
	kill "$load" 2>/dev/null || true
	wait "$load" || true
}
answered() { wc -l <"$LAB/answers.load$run"; }
await_more() { await_answers "load$run" "$(($(answered) + $1))"; }

hit() { killed[$1]=$((${killed[$1]-0} + 1)) total=$((total + 1)); }
fail_of() { failed[$1]+=" $n:$2"; }
kill_part() {
	local pid
	pid=$(part "$1" | head -n 1)
	kill -KILL "$pid" && hit "$1"
	await_part "$1" "$pid" || fail_of "$1" 'is not back'
}
# One that is gone before its turn comes costs another look; after many of them none is killed.
kill_child() {
	local tries zygote children
	zygote=$(part judge | head -n 1)
	for ((tries = 0; tries < 1000; tries++)); do
		read -r -a children <"/proc/$zygote/task/$zygote/children" || true
		if ((${#children[@]})) && kill -KILL "${children[0]}" 2>/dev/null; then
			hit child
			return 0
		fi
	done
}
kill_supervisor() {
	local pid parts
	parts=("$(part listener)" "$(part resolver)" "$(part judge)")
	kill -KILL "$LAB_KEEPNAME_PID" && hit supervisor
	for pid in "${parts[@]}"; do
		lab_await -t 30 end "$pid" || fail_of supervisor "leaves $pid"
	done
	lab_forget "$LAB_KEEPNAME_PID"
	load_end
	lab_keepname_start || fail_of supervisor 'cannot be started again'
	load_begin
}
kill_command() {
	local pid
	lab_keepname senders "$( ((RANDOM % 2)) && echo disable || echo enable)" 1api-wdrp >/dev/null 2>&1 &
	pid=$!
	((RANDOM % 2)) || lab_keepname pending >/dev/null
	kill -KILL "$pid" 2>/dev/null && hit command
	wait "$pid" || true
}

tap_is 'before, mail is judged' "$(one_word before)" genuine
load_begin
for ((n = 1; total < kills && n < 3 * kills; n++)); do
	kind=${kinds[RANDOM % ${#kinds[@]}]}
	await_more $((RANDOM % 12 + 1))
	began=${EPOCHREALTIME/./}
	case $kind in
	child | supervisor | command) "kill_$kind" ;;
	*) kill_part "$kind" ;;
	esac
	await_more 8 || fail_of "$kind" 'mail does not flow'
	took=$(((${EPOCHREALTIME/./} - began) / 1000))
	((took <= longest)) || longest=$took
	[[ $(sqlite3 -readonly "$db" 'PRAGMA quick_check') == ok ]] || fail_of "$kind" 'database'
done
load_end
list=
for kind in "${kinds[@]}"; do
	list+=" $kind ${killed[$kind]-0},"
done
tap_note "killed:${list%,}; answers: $(cat "$LAB"/answers.load* | wc -l)"
tap_note "the longest from a death to eight more answers: $longest ms"
tap_is 'processes were killed' "$total" "$kills"
tap_is 'each was back, and mail flowed on' "${failed[*]}" ''
tap_is 'no message was delayed or refused' "$(awk '$3 == "defer"' "$LAB"/answers.load*)" ''
# In the hands of the listener or of the supervisor's listener: four connections each time.
lost=$((4 * (${killed[listener]-0} + 2 * ${killed[supervisor]-0}) + 4))
tap_ok 'no connection broke but those of a listener that died' \
	test "$(awk '$3 == "broken"' "$LAB"/answers.load* | wc -l)" -le "$lost"
tap_is 'the same processes are there as before, one each' \
	"$(pgrep -P "$LAB_KEEPNAME_PID" | wc -l) $(part listener | wc -l) $(part resolver | wc -l) $(part judge | wc -l)" '3 1 1 1'
tap_is 'mail is judged' "$(one_word after)" genuine
tap_is 'no boosted message lacks its record' "$(unrecorded)" ''
tap_is 'no record is there twice' "$(sqlite3 -readonly "$db" 'SELECT recipient FROM message GROUP BY recipient, message_id HAVING count(*) > 1')" ''
tap_is 'none was kept in the log alone' "$(grep -c 'record kept nowhere but here' "$log" || true)" 0
lab_keepname_stop
tap_is 'the database is whole' "$(sqlite3 "$db" 'PRAGMA integrity_check; PRAGMA foreign_key_check')" ok
tap_ok 'and can be read' lab_keepname pending
tap_end
