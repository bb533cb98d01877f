#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The order on disk, as strace sees the listener: before an MTA gets our answer for a genuine mail, its record
# has been written and synced, to the database or, where that is locked, to the spool; with one connection
# and with many, whose records are committed together.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/faults/site.sh
. "$srcdir/tests/faults/site.sh"

for program in strace python3; do
	command -v "$program" >/dev/null || tap_skip_all "$program is not installed (scripts/install-deps --tests)"
done
strace -o /dev/null true 2>/dev/null || tap_skip_all 'strace may not trace here'
faults_begin 11
order() { python3 "$srcdir/tests/faults/order.py" "$@"; }
# trace NAME COMMAND...: runs it with the listener traced; what was seen is in $LAB/trace.NAME.
trace() {
	local name=$1
	shift
	lab_spawn "strace.$name" strace -f -y -s 8192 -o "$LAB/trace.$name" \
		-e trace=read,recvfrom,recvmsg,write,writev,sendto,sendmsg,pwrite64,pwritev,fsync,fdatasync,msync,sync_file_range \
		-p "$(part listener)"
	if ! lab_await -p "$LAB_PID" text "$LAB/log/strace.$name.log" attached 2>/dev/null; then
		tap_skip $((11 - tap_count)) "strace may not attach: $(tail -n 1 "$LAB/log/strace.$name.log")"
		tap_end
	fi
	"$@"
	lab_stop "$LAB_PID"
}

tap_is 'before, mail is judged' "$(one_word before)" genuine
trace single courier single -n 10 "$LAB/mail"
tap_is 'ten mails, one after the other: genuine' "$(words single genuine)" 10
tap_is 'each record is synced in the database before its answer' \
	"$(order "$LAB/trace.single" keepname.db-wal 2>&1)" 'answers 10, synced before 10'
trace many courier many -n 60 -c 12 "$LAB/mail"
tap_is 'sixty on twelve connections: genuine' "$(words many genuine)" 60
tap_is 'each too' "$(order "$LAB/trace.many" keepname.db-wal 2>&1)" 'answers 60, synced before 60'

# The database is locked for longer than an answer waits for it.
mkfifo "$LAB/sql"
exec {sql}<>"$LAB/sql"
sqlite3 "$LAB/keepname/keepname.db" <&"$sql" >"$LAB/log/locker.log" 2>&1 &
locker=$!
disown
lab_remember "$locker"
printf 'BEGIN EXCLUSIVE;\n.print locked\n' >&"$sql"
lab_await -p "$locker" text "$LAB/log/locker.log" locked
trace spooled courier spooled -n 12 -c 4 "$LAB/mail"
tap_is 'with the database locked: genuine' "$(words spooled genuine)" 12
tap_is 'each record is synced in the spool before its answer' \
	"$(order "$LAB/trace.spooled" records.spool 2>&1)" 'answers 12, synced before 12'
lab_kill "$locker"
exec {sql}>&-

# What the check would say of a listener that does not sync, or syncs too late.
tap_is 'without the syncs the check sees none' \
	"$(grep -v 'f.*sync(' "$LAB/trace.single" | grep -v 'f.*sync resumed' >"$LAB/without"; order "$LAB/without" keepname.db-wal 2>&1)" 'answers 10, synced before 0'
tap_is 'nor where all come after the answers' \
	"$({ cat "$LAB/without"; grep 'fdatasync(' "$LAB/trace.single"; } >"$LAB/late"; order "$LAB/late" keepname.db-wal 2>&1)" 'answers 10, synced before 0'
tap_is 'after it, mail is judged' "$(one_word after)" genuine
tap_is 'no boosted message lacks its record' "$(unrecorded)" ''
tap_end
