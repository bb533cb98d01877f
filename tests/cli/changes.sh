#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What people do to many pendings at once: found by filters, shown first, all or none also when killed
# half way, taken back by undo; and customers' data erased from every file.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

site_begin 110 'retention = 100'
now=$(date +%s)
first=$((now - 7200))
at() { date -u -d "@$((now + $1 * 86400 + 3600))" +%FT%TZ; } # in so many days and an hour

site_records <<-END
	at=$first|domains=one.example|to=a@example.com|deadline=$(at 20)|registrar=Key-Systems GmbH
	at=$first|domains=two.example|to=b@example.com|deadline=$(at 2)|registrar=Other Inc.
	at=$first|domains=three.example|to=b@example.com|deadline=$(at -3)|class=renewal|registrar=Other Inc.
	at=$first|verdict=unproven|domains=four.example|to=a@example.com|deadline=$(at 5)|reasons=dkim-none,spf
END
states() { ask "SELECT group_concat(state, ' ') FROM (SELECT state FROM pending ORDER BY id)"; }
is_as() { tap_is "$1" "$(states)" "$2"; }

# -- filters
exits 'by domain' 0 pending --json --domain TWO.example
json_is 'that one' '[.[].domain]' '["two.example"]'
exits 'by recipient' 0 pending --json --recipient B@example.com
json_is 'his' '[.[].domain]' '["three.example","two.example"]'
exits 'by registrar' 0 pending --json --registrar other
json_is 'a part of its name' '[.[].domain]' '["three.example","two.example"]'
exits 'by class' 0 pending --json --class renewal
json_is 'of it' '[.[].domain]' '["three.example"]'
exits 'by two' 0 pending --json --registrar other --class verification
json_is 'both count' '[.[].domain]' '["two.example"]'
exits 'by what is ours' 0 pending --json --ours yes
json_is 'nothing is known to be' 'length' 0
exits 'a class that there is not' 2 pending --class verify
tap_like 'is named' "$err" '"verify"'
exits 'a domain that is none' 2 pending --domain 'no domain'
exits 'ours, oddly' 2 pending --ours maybe

# -- many at once
exits 'done, of a registrar: nobody can be asked' 2 'done' --registrar other
tap_like 'which is said' "$err" '--yes'
tap_like 'after what it would be' "$out" 'two\.example'
is_as 'and nothing is changed' 'open open open review'
exits 'a look first' 0 'done' --registrar other --dry-run
tap_like 'says which' "$out" 'three\.example.*two\.example.*2 would be changed'
is_as 'and changes nothing' 'open open open review'
exits 'both ids and a filter' 2 'done' --registrar other 1
exits 'neither' 2 'done'
exits 'done' 0 'done' --registrar other --yes --reason 'sold'
tap_is 'says how many' "$out" '2 changed; keepname undo takes it back.'
is_as 'these two' 'open done done review'
exits 'nothing is like that any more' 1 'done' --registrar other --yes
exits 'what could be taken back' 0 undo --dry-run
tap_like 'by whom' "$out" ': done by '
exits 'undo' 0 undo
tap_like 'says how many' "$out" '2 taken back'
is_as 'as before' 'open open open review'
exits 'undo again' 1 undo
kn show --json 2
json_is 'is in the history' '[.events[].kind]' '["opened","done","undone"]'
exits 'snooze' 0 snooze --all --until "$(date -u -d "@$((now + 9 * 86400))" +%F)" --yes
tap_like 'all' "$out" '4 changed'
kn pending
tap_like 'is shown' "$out" 'one\.example \(a@example\.com\) \[snoozed\]'
exits 'snooze without a date' 2 snooze 1
exits 'into the past' 2 snooze --until 2001-01-01 1
tap_like 'is refused' "$err" 'is over'
exits 'until what is no date' 2 snooze --until tomorrow 1
exits 'done does not snooze' 2 'done' --until 2099-01-01 1
exits 'undo' 0 undo
tap_is 'all awake' "$(ask 'SELECT sum(snoozed_until) FROM pending')" 0

# -- killed half way: at each call that changes a file, the change is whole or has not been
whole() { ask "SELECT group_concat(state || iif(snoozed_until, '+', ''), ' ') FROM (SELECT * FROM pending ORDER BY id)"; }
killed() { # SYSCALL BEFORE AFTER "COMMAND BACK" COMMAND...: yes where one of the two was seen each time, and both were
	local n state seen='' call=$1 before=$2 after=$3 back=$4
	shift 4
	for ((n = 1; n < 200; n++)); do
		rc=0
		strace -qq -f -o /dev/null -e trace="$call" -e inject="$call:signal=SIGKILL:when=$n" \
			"$builddir/progs/keepname" -c "$LAB/keepname/keepname.conf" "$@" >"$LAB/out" 2>&1 || rc=$?
		state=$(whole)
		case $state in
		"$before") seen+=before ;;
		"$after") seen+=after ;;
		*) echo "after $n: $state" && return ;;
		esac
		[[ $(sqlite3 "$site_database" 'PRAGMA integrity_check') == ok ]] || { echo "after $n: damaged" && return; }
		# shellcheck disable=SC2086 # words of a command
		[[ $state == "$before" ]] || "$builddir/progs/keepname" -c "$LAB/keepname/keepname.conf" $back >/dev/null || { echo "after $n: no $back" && return; }
		[[ $(whole) == "$before" ]] || { echo "after $n: $back to $(whole)" && return; }
		((rc == 0)) && break
	done
	[[ $seen == before*after ]] && echo yes || echo "$seen"
}
if command -v strace >/dev/null; then
	tap_is 'done, killed at any write' "$(killed pwrite64 'open open open review' 'open done done review' undo 'done' --registrar other --yes)" yes
	tap_is 'at any sync' "$(killed fdatasync 'open open open review' 'open done done review' undo 'done' --registrar other --yes)" yes
	tap_is 'snooze, killed at any write' "$(killed pwrite64 'open open open review' 'open+ open+ open+ review+' undo snooze --all --until 2099-01-01 --yes)" yes
	tap_is 'purge, killed at any write' "$(killed pwrite64 'open open open review' 'open review' undo purge --recipient b@example.com --yes)" yes
	kn 'done' --registrar other --yes
	tap_is 'reopen, killed at any write' "$(killed pwrite64 'open done done review' 'open open open review' undo reopen --registrar other --yes)" yes
	kn 'done' --all --yes
	kn reopen --all --yes
	tap_is 'undo, killed at any write' "$(killed pwrite64 'open open open review' 'done done done done' 'reopen --all --yes' undo)" yes
else
	tap_skip 6 'no strace here'
fi

# -- erasing
exits 'purge of a recipient: a look' 0 purge --recipient b@example.com --dry-run
tap_like 'says what would go' "$out" '^2 pendings \(2 of them not settled\), 2 mails'
exits 'nobody can be asked' 2 purge --recipient b@example.com
is_as 'nothing is gone' 'open open open review'
exits 'purge' 0 purge --recipient B@example.com --yes
is_as 'two are gone' 'open review'
tap_is 'their mails too' "$(ask 'SELECT count(*) FROM message')" 2
exits 'undo' 0 undo
is_as 'they are back' 'open open open review'
exits 'purge again' 0 purge --recipient b@example.com --yes
exits 'and for good' 0 undo --forget
tap_is 'no octet of them is left' "$(cat "$site_database"* | grep -c 'b@example\.com' || true)" 0
tap_is 'of the others there is' "$(cat "$site_database"* | grep -c 'a@example\.com' | grep -vc '^0$')" 1
exits 'purge of a filter' 0 purge --state review --yes
is_as 'that alone' 'open'
tap_is 'with its mail' "$(ask 'SELECT count(*) FROM message')" 1
exits 'older, of what is over' 1 purge --older-than 0 --yes
is_as 'an open one is not over' 'open'
exits 'older with another filter' 2 purge --older-than 3 --all
exits 'older than what' 2 purge --older-than old
exits 'purge of nobody' 1 purge --recipient nobody@example.com --yes

# -- what still waits in the spool
spool=$LAB/keepname/spool/records.spool
octets() { grep -ac "$1" "$spool" || true; }
"$builddir/tests/cli/spooled" "$LAB/keepname/spool" 3
exits 'a look' 0 purge --recipient OWNER@example.com --dry-run
tap_like 'says how much waits' "$out" '^3 mails to OWNER@example.com wait in the spool'
tap_is 'and leaves it there' "$(($(octets owner@example.com) > 0)) $(ask 'SELECT count(*) FROM message')" '1 1'
exec 9<"$spool"
flock -x 9
exits 'while a daemon has it' 1 purge --recipient owner@example.com --yes
tap_like 'it stays, which is said with what to do' "$out" '3 mails .* wait .*keepname-milter has it.*purge again.*database holds nothing like that'
exec 9<&-
exits 'without one' 0 purge --recipient owner@example.com --yes
tap_like 'it goes with the rest' "$out" '3 mails, .* are erased'
tap_is 'and is in no file' "$(octets 'owner@example\.com')" 0
exits 'after undo forgets' 0 undo --forget
tap_is 'in none' "$(cat "$site_database"* "$spool" | grep -ac 'owner@example\.com' || true)" 0
printf 'no spool' >"$spool"
exits 'a spool that is none' 2 purge --recipient owner@example.com --yes
tap_like 'is said' "$err" 'what waits there cannot be read'
rm -r "$LAB/keepname/spool"
exits 'no spool' 1 purge --recipient owner@example.com --yes
tap_fails 'is not made' test -e "$LAB/keepname/spool"

exits 'done' 0 'done' 1
exits 'the timed job' 0 purge
tap_is 'has nothing to do' "$out$err" ''
sqlite3 "$site_database" "UPDATE pending SET last_seen = $((now - 101 * 86400)); UPDATE event SET at = $((now - 101 * 86400));
	UPDATE message SET received_at = $((now - 101 * 86400))"
exits 'a look at the timed job' 0 purge --dry-run
tap_like 'says what would go' "$out" '1 pendings'
tap_is 'and erases nothing' "$(ask 'SELECT count(*) FROM pending')" 1
exits 'the timed job, later' 0 purge
tap_like 'erases what is over for longer than retention' "$out" '^1 pendings \(0 of them not settled\), 1 mails'
tap_is 'and events stay' "$(ask "SELECT count(*) > 5, count(pending), max(detail) FROM event WHERE kind NOT IN ('purged', 'shipped')")" '1|0|'

# -- many erased at once: balancing its pages, SQLite leaves copies of rows between them
sqlite3 "$site_database" "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
	INSERT INTO pending (state, recipient, class, domain, mail, registrar, sender, from_address, subject, message_id, reasons, deadline, deadline_source, ours, first_seen, last_seen, mails, snoozed_until, origin)
	SELECT 'open', iif(i * 7919 % 5, 'kept', 'gone') || i || '@example.com', 'renewal', 'd' || i || '.example', '', iif(i * 7919 % 5, 'Kept', 'Gone'), 's', 'f@x.example', 's', '<' || i || '>', '', 1800000000 + i, 'stated', 'unset', $now, $now, 1, 0, 'open' FROM n;
	INSERT INTO message (received_at, recipient, message_id, queue_id, verdict, class, from_address, sender, registrar, proof, reasons, ours, date, subject, deadline, deadline_source, domains, domain_count)
	SELECT $now, recipient, message_id, '', 'genuine', class, from_address, sender, registrar, '', '', ours, $now, subject, deadline, deadline_source, domain, 1 FROM pending"
left() { cat "$site_database"* | grep -ao "$1@" | wc -l; }
exits 'purge of a registrar' 0 purge --registrar gone --yes
tap_is 'undo has it' "$(($(left 'gone[0-9]*') > 0))" 1
exits 'until it forgets' 0 undo --forget
tap_is 'nothing of them is left' "$(left 'gone[0-9]*') $(ask "SELECT count(*) FROM meta WHERE key = 'unswept'")" '0 0'
tap_is 'the others are there' "$(ask "SELECT count(*) FROM pending WHERE recipient LIKE 'kept%'")" 2400
exits 'purge of one' 0 purge --recipient kept1@example.com --yes
exits 'that ends with the next change' 0 snooze --registrar kept --until 2099-01-01 --yes
exits 'is overwritten by the timed job' 0 purge
tap_is 'too' "$(left kept1) $(ask "SELECT count(*) FROM meta WHERE key = 'unswept'")" '0 0'
# Who reads holds back the log.
exits 'purge of another' 0 purge --recipient kept2@example.com --yes
coproc sqlite3 "$site_database"
echo 'BEGIN; SELECT count(*) FROM message;' >&"${COPROC[1]}"
read -r _ <&"${COPROC[0]}"
exits 'while somebody reads' 0 undo --forget
tap_like 'is not gone from the log' "$out" 'log still holds it until others'
echo .quit >&"${COPROC[1]}"
wait "$COPROC_PID" || true
exits 'the timed job' 0 purge
tap_is 'ends that' "$(left kept2) $(stat -c %s "$site_database-wal" 2>/dev/null || echo 0)" '0 0'
tap_end
