#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Descriptors, processes, threads and disk exhausted, of each process while it runs: mail flows, nothing that was
# boosted lacks its record, and with room again all is as before, without a restart by hand.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/faults/site.sh
. "$srcdir/tests/faults/site.sh"

command -v prlimit >/dev/null || tap_skip_all 'prlimit is not installed'
faults_lab 45
log=$LAB/log/keepname.log
# Limits of processes hold for no root.
user=
if ((EUID == 0)); then
	user=nobody
	mkdir "$LAB/state"
	chown nobody "$LAB/state"
	chmod 755 "$LAB"
	lab_keepname_conf "database = \"sqlite:$LAB/state/keepname.db\"" "spool = \"$LAB/state/spool\"" 'user = "nobody"' 'dns_timeout = 2'
	chmod 755 "$LAB/keepname"
	chmod 644 "$LAB/keepname/keepname.conf"
else
	mkdir "$LAB/state"
	lab_keepname_conf "database = \"sqlite:$LAB/state/keepname.db\"" "spool = \"$LAB/state/spool\"" 'dns_timeout = 2'
fi
faults_state=$LAB/state
lab_keepname_start
listener=$(part listener) resolver=$(part resolver) judge=$(part judge)
# may PID RESOURCE N: the soft limit, by an account of the same name, or whoever has none may not.
may() {
	if [[ $user ]]; then
		setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups prlimit --pid "$1" "--$2=$3:"
	else
		prlimit --pid "$1" "--$2=$3:"
	fi
}
# room PID N: the limit under which it may open N more; numbers that are free below it count.
room() {
	local n=$2 fd=0
	until [[ ! -e /proc/$1/fd/$fd ]] && ((n-- == 0)); do fd=$((fd + 1)); done
	echo "$fd"
}
hard=$(ulimit -Hn) processes=$(ulimit -Hu)
# A mail from an MTA that waits no longer than this for each answer.
brief() { # KEY
	rm -f "$LAB/answers.$1"
	courier "$1" -t 4 "$LAB/mail" || true
	awk '{ print $3 }' "$LAB/answers.$1"
}
# One mail a second until one is genuine: a resolver keeps a failure for 5 s.
await_genuine() {
	local n
	for ((n = 0; n < 60; n++)); do
		[[ $(one_word "$1.$n") != genuine ]] || return 0
		"$lab_tools/await" -t 1 end "$LAB_KEEPNAME_PID" 2>/dev/null || true
	done
	return 1
}
said() { lab_await -t 20 -p "$LAB_KEEPNAME_PID" text "$log" "$1"; }

# -- descriptors. With none left a connection is not even taken: that is what "broken" is here, for an MTA that
# waits 4 s.
tap_is 'before, mail is judged' "$(one_word before)" genuine
for more in 0 1 2 3 4 6; do
	may "$listener" nofile "$(room "$listener" "$more")"
	tap_like "the listener may open $more more: not refused" "$(brief "files.$more")" "^(genuine|none$( ((more)) || echo '|broken'))\$"
	may "$listener" nofile "$hard"
	tap_is 'with room again: judged' "$(one_word "files.$more.after")" genuine
done
may "$judge" nofile "$(room "$judge" 0)"
tap_is 'the judge may open none: delivered as it is' "$(one_word files.judge)" none
may "$judge" nofile "$hard"
tap_is 'with room again: judged' "$(one_word files.judge.after)" genuine
may "$resolver" nofile "$(room "$resolver" 0)"
tap_like 'the resolver may open none: not refused' "$(one_word files.resolver)" '^(genuine|unproven)$'
may "$resolver" nofile "$hard"
tap_ok 'with room again: judged' await_genuine files.resolver.after
may "$LAB_KEEPNAME_PID" nofile "$(room "$LAB_KEEPNAME_PID" 0)"
kill -KILL "$resolver"
tap_ok 'the supervisor may open none: it says what it cannot start' said 'cannot start keepname-resolver'
tap_is 'mail flows without a resolver' "$(one_word files.supervisor)" unproven
may "$LAB_KEEPNAME_PID" nofile "$hard"
tap_ok 'with room again it starts it' await_part resolver "$resolver"
tap_ok 'and mail is judged' await_genuine files.supervisor.after
tap_is 'the listener and the judge are the same' "$(part listener) $(part judge)" "$listener $judge"

# -- processes and threads. The limit is on all of an account, so 1 is none more.
if [[ $user ]]; then
	may "$judge" nproc 1
	tap_is 'the judge may fork none: delivered as it is' "$(one_word processes.judge)" none
	may "$judge" nproc "$processes"
	tap_is 'with room again: judged' "$(one_word processes.judge.after)" genuine
	may "$LAB_KEEPNAME_PID" nproc 1
	kill -KILL "$judge"
	tap_ok 'the supervisor may start none: it says so' said 'cannot start keepname-judge'
	tap_is 'mail flows without a judge' "$(one_word processes.supervisor)" none
	may "$LAB_KEEPNAME_PID" nproc "$processes"
	tap_ok 'with room again it starts it' await_part judge "$judge"
	tap_ok 'and mail is judged' await_genuine processes.supervisor.after
	may "$listener" nproc 1
	courier threads -n 60 -c 20 "$LAB/mail" || true
	tap_is 'the listener may start no thread: no MTA is kept waiting' "$(grep -c 'in time' "$LAB/answers.threads" || true)" 0
	tap_is 'none is refused' "$(words threads defer)" 0
	tap_ok 'it says why it ends' said 'no more threads can be started'
	await_part listener "$listener"
	courier threads.after -n 60 -c 20 "$LAB/mail"
	tap_is 'the next one judges all' "$(words threads.after genuine)" 60
else
	tap_skip 10 'only root can start the daemon as another account'
fi
tap_is 'no boosted message lacks its record' "$(unrecorded)" ''
lab_keepname_stop

# -- disk: database and spool on a file system of their own that is full
mkdir "$LAB/disk"
mount -t tmpfs -o size=12m none "$LAB/disk" 2>/dev/null || {
	tap_skip 12 'a file system cannot be mounted here'
	tap_end
}
rm -f "$LAB"/answers.*
trap 'umount -l "$LAB/disk"; lab_leave $?' EXIT
faults_state=$LAB/disk
lab_keepname_conf "database = \"sqlite:$LAB/disk/keepname.db\"" "spool = \"$LAB/disk/spool\""
lab_keepname_start
courier disk.before -n 20 -c 4 "$LAB/mail"
fill() { head -c 64M /dev/zero >>"$LAB/disk/filler" 2>/dev/null || true; }
fill
tap_is 'nothing is left of the disk' "$(df --output=avail "$LAB/disk" | tail -n 1 | tr -d ' ')" 0
courier disk.full -n 200 -c 8 "$LAB/mail"
tap_is 'a full disk: all are genuine' "$(words disk.full genuine)" 200
tap_ok 'the records are in the spool' test "$(grep -c 'msgid=disk.full.*stored=spool' "$log")" -ge 100
tap_is 'none is lost' "$(unrecorded)" ''
listener=$(part listener)
kill -KILL "$listener"
tap_ok 'a listener that dies then is started again' await_part listener "$listener"
tap_is 'mail is judged' "$(one_word disk.killed)" genuine
tap_is 'and kept' "$(unrecorded)" ''
rm "$LAB/disk/filler"
tap_ok 'with room again the spool is replayed' said 'replayed from the spool'
lab_keepname_stop
tap_is 'all records are in the database' "$(sqlite3 "$LAB/disk/keepname.db" "SELECT count(DISTINCT message_id) FROM message WHERE message_id LIKE 'disk.%'")" 221
tap_is 'once each' "$(sqlite3 "$LAB/disk/keepname.db" "SELECT message_id FROM message GROUP BY message_id HAVING count(*) > 1")" ''
tap_is 'which is whole' "$(sqlite3 "$LAB/disk/keepname.db" 'PRAGMA integrity_check')" ok

# A full disk at the start, spool and database being there already.
fill
lab_keepname_start
tap_is 'started on a full disk: mail is judged' "$(one_word disk.start)" genuine
lab_keepname_stop
tap_end
