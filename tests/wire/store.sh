#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The database in trouble: missing, locked, read-only, of a later version, not ours, disk full. Mail
# flows, nothing that was answered for is lost, and what is not ours is not touched.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
command -v sqlite3 >/dev/null || tap_skip_all 'sqlite3 is not installed (scripts/install-deps --tests)'

registrar_begin 22
database=$LAB/keepname/keepname.db

deliver() { # NAME of the recipient
	registrar_mail >"$LAB/message"
	registrar_deliver --to "$1@example.com" "$LAB/message"
	stored=$(log_of "$LAB_QUEUE_ID" | sed -n 's/.* stored=\([a-z]*\).*/\1/p')
}
pending_of() { lab_keepname pending --json | grep -c "\"recipient\": \"$1@example.com\"" || true; }

tap_ok 'a missing database is made' test -s "$database"
deliver first
tap_is 'and records' "$stored $(pending_of first)" 'database 1'
tap_is 'its mode lets nobody else read it' "$(stat -c %a "$database")" 640

# Locked by somebody for a while.
mkfifo "$LAB/locker"
exec {locker}<>"$LAB/locker"
sqlite3 -bail "$database" <"$LAB/locker" >"$LAB/log/locker" 2>&1 &
locker_pid=$!
lab_remember "$locker_pid"
printf 'BEGIN EXCLUSIVE;\n.print locked\n' >&"$locker"
lab_await -p "$locker_pid" text "$LAB/log/locker" locked
deliver second
tap_is 'locked: delivered and marked' "$(verdict_of "$LAB_MAIL")" genuine
tap_is 'locked: the record is in the spool' "$stored" spool
printf 'COMMIT;\n.quit\n' >&"$locker"
wait "$locker_pid"
lab_forget "$locker_pid"
exec {locker}>&-
tap_ok 'the lock gone, it is replayed' lab_await -p "$LAB_KEEPNAME_PID" -t 30 text "$LAB/log/keepname.log" replayed
tap_is 'once' "$(pending_of second)" 1

# A daemon that ends with a full spool loses nothing.
deliver third
lab_keepname_stop
tap_is 'it ends with its records written' "$(sqlite3 "$database" "SELECT count(*) FROM message WHERE recipient = 'third@example.com'")" 1

start_fails() { ! lab_keepname_start; }
refusal() { "$builddir/progs/keepname-milter" -n -c "$LAB/keepname/keepname.conf" 2>&1; }
status_of_check() { local rc=0; refusal >/dev/null || rc=$?; echo "$rc"; }

# Of a later version.
cp "$database" "$LAB/keepname/saved.db"
version=$(sqlite3 "$database" 'PRAGMA user_version')
sqlite3 "$database" "PRAGMA user_version = $((version + 7))"
sum=$(sha256sum <"$database")
tap_is 'a later version is refused' "$(status_of_check)" 78
tap_like 'naming both versions' "$(refusal || true)" "$((version + 7)).*$version"
tap_ok 'the daemon does not start' start_fails
tap_is 'and not an octet is changed' "$(sha256sum <"$database")" "$sum"

# Not ours.
rm -f "$database" "$database"-*
sqlite3 "$database" 'CREATE TABLE precious (x); INSERT INTO precious VALUES (1)'
sum=$(sha256sum <"$database")
tap_is 'a database that is not ours is refused' "$(status_of_check)" 78
tap_ok 'the daemon does not start with it' start_fails
tap_is 'and it is not touched' "$(sha256sum <"$database")" "$sum"
rm -f "$database" "$database"-*
mv "$LAB/keepname/saved.db" "$database"

# A full disk: the database's folder is a file system of its own with no room left.
if mkdir "$LAB/small" && mount -t tmpfs -o size=1m tmpfs "$LAB/small" 2>/dev/null; then
	trap 'rc=$?; umount -l "$LAB/small" 2>/dev/null || true; lab_leave $rc' EXIT
	lab_keepname_conf "database = \"sqlite:$LAB/small/keepname.db\""
	lab_keepname_start
	head -c 4M /dev/zero >"$LAB/small/filler" 2>/dev/null || true
	deliver full
	tap_is 'disk full: delivered and marked' "$(verdict_of "$LAB_MAIL")" genuine
	tap_is 'disk full: the record is in the spool, which was allocated before' "$stored" spool
	rm "$LAB/small/filler"
	tap_ok 'room again: replayed' lab_await -p "$LAB_KEEPNAME_PID" -t 30 text -n 2 "$LAB/log/keepname.log" 'replayed'
	tap_is 'and there' "$(pending_of full)" 1

	# Read-only, as after a file system error.
	lab_keepname_stop
	mount -o remount,ro "$LAB/small"
	lab_keepname_start
	deliver readonly
	tap_is 'read-only: delivered and marked' "$(verdict_of "$LAB_MAIL")" genuine
	tap_is 'read-only: in the spool' "$stored" spool
	lab_keepname_stop
	mount -o remount,rw "$LAB/small"
	lab_keepname_start
	tap_ok 'writable again, after a restart: replayed' lab_await -p "$LAB_KEEPNAME_PID" -t 30 \
		text -n 3 "$LAB/log/keepname.log" 'replayed'
	lab_keepname_stop
	umount "$LAB/small"
else
	tap_skip 7 'no tmpfs can be mounted here'
fi
tap_end
