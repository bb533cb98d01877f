#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Backups: made while the daemon records, checked, rotated, given to a command; restored after all is lost,
# killed half way or not, the configuration too; what came since is found again in the mailboxes. Export and import bring the same
# rows back.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"
# shellcheck source=tests/cli/mailbox.sh
. "$srcdir/tests/cli/mailbox.sh"

for program in unbound unbound-control; do
	command -v "$program" >/dev/null || tap_skip_all "$program is not installed (scripts/install-deps --tests)"
done
site_begin 99
site_dns "backup_to = \"$LAB/backups\"" 'backup_keep = 2'
mkdir "$LAB/backups"
first=$((now - 7200))
at() { date -u -d "@$((now + $1 * 86400))" +%FT%TZ; }
exits 'without a database' 2 backup "$LAB/none"
tap_fails 'there is no backup' test -e "$LAB/none"

site_records <<-END
	at=$first|domains=one.example|to=a@example.com|deadline=$(at 20)|registrar=Key-Systems GmbH|signs=yes|from=noreply@key.example
	at=$first|domains=two.example|to=b@example.com|deadline=$(at 2)
	at=$first|verdict=unproven|domains=four.example|to=a@example.com|deadline=$(at 5)|reasons=dkim-none,spf
END
kn domains add example.com
kn 'done' 2
everything() { lab_keepname export - | grep -v '"table":"run"' | sha256sum; }
before=$(everything)

# -- made
exits 'backup' 0 backup "$LAB/one.backup"
tap_is 'says nothing' "$out$err" ''
tap_is 'for its owner alone' "$(stat -c %a "$LAB/one.backup")" 600
tap_is 'leaves nothing beside it' "$(find "$LAB" -maxdepth 1 -name '.keepname*' | wc -l)" 0
exits 'verify' 0 verify "$LAB/one.backup"
tap_like 'says what it holds' "$out" 'Sound: .*'$'\n''3 mails, 3 pendings, 2 of them not settled'
exits 'verify --json' 0 verify "$LAB/one.backup" --json
json_is 'for programs' '[.messages, .pendings, .unsettled, (.sha256 | length)]' '[3,3,2,64]'
tail -c "$(sed -n 's/^database //p;6q' "$LAB/one.backup" | tr -d '\000')" "$LAB/one.backup" >"$LAB/by.hand"
tap_is 'without keepname it is taken out by tail' "$(sqlite3 "$LAB/by.hand" 'SELECT count(*) FROM pending')" 3
kn backup - >/dev/null
lab_keepname backup - >"$LAB/stream"
exits 'to standard output, verified from standard input' 0 verify "$LAB/stream"
exits 'to a command' 0 backup --to "cat >$LAB/command"
exits 'which got all' 0 verify "$LAB/command"
exits 'a command that fails' 2 backup --to 'echo no room >&2; exit 3'
tap_like 'is told of, with its words' "$err" 'did not take the backup: no room'
exits 'to a folder that is not there' 2 backup "$LAB/nofolder/x"
exits 'by the timer' 0 backup
tap_is 'one is in the folder' "$(find "$LAB/backups" -name 'keepname-*.backup' | wc -l)" 1
touch "$LAB/backups/keepname-20200101T000000Z.backup" "$LAB/backups/keepname-20200102T000000Z.backup" "$LAB/backups/mine.backup"
exits 'by the timer again' 0 backup
tap_is 'two stay' "$(find "$LAB/backups" -name 'keepname-*.backup' | wc -l)" 2
tap_is 'what is not ours stays too' "$(find "$LAB/backups" -name mine.backup | wc -l)" 1
tap_is 'when it was made is known' "$(ask "SELECT good_at >= $now FROM run WHERE name = 'backup'")" 1

# -- not a backup
tap_is 'cut anywhere' "$(for n in 0 1 255 256 257 1000 $(($(stat -c %s "$LAB/one.backup") - 1)); do
	head -c "$n" "$LAB/one.backup" >"$LAB/bad"
	lab_keepname verify "$LAB/bad" >/dev/null 2>&1 && echo "$n is taken"
done)" ''
size=$(stat -c %s "$LAB/one.backup")
tap_is 'changed anywhere' "$(for ((n = 3; n < size; n += size / 40)); do
	cp "$LAB/one.backup" "$LAB/bad"
	printf '\377' | dd of="$LAB/bad" bs=1 seek="$n" conv=notrunc status=none
	cmp -s "$LAB/bad" "$LAB/one.backup" && continue
	lab_keepname verify "$LAB/bad" >/dev/null 2>&1 && echo "$n is taken"
done)" ''
{ cat "$LAB/one.backup"; echo more; } >"$LAB/bad"
exits 'longer' 1 verify "$LAB/bad"
tap_like 'is said' "$err" 'more behind it'
exits 'something else' 1 verify "$LAB/keepname/keepname.conf"
tap_like 'is said' "$err" 'no backup of keepname'
# by_hand DATABASE: a backup whose sum is right, whatever is in it
by_hand() {
	head_with() {
		printf '%-255s\n' "$(printf 'keepname backup 1\nsha256 %s\nmade 2026-11-27T03:10:00Z\nconfiguration 0\ndatabase %s\nhost by.hand' \
			"$1" "$(stat -c %s "$2")")"$'\n'
	}
	head_with "$({ head_with "$(printf '%064d' 0)" "$1"; cat "$1"; } | sha256sum | cut -c 1-64)" "$1"
	cat "$1"
}
by_hand "$LAB/by.hand" >"$LAB/bad"
exits 'put together by sha256sum and cat' 0 verify "$LAB/bad"
cp "$LAB/by.hand" "$LAB/other.db"
sqlite3 "$LAB/other.db" 'PRAGMA user_version = 999'
by_hand "$LAB/other.db" >"$LAB/bad"
exits 'of a later schema' 1 restore "$LAB/bad"
tap_like 'is said' "$err" 'schema version 999, of a later keepname'
cp "$LAB/by.hand" "$LAB/other.db"
sqlite3 "$LAB/other.db" 'PRAGMA application_id = 7'
by_hand "$LAB/other.db" >"$LAB/bad"
exits 'of another program' 1 restore "$LAB/bad"
tap_like 'is said' "$err" 'not a database of keepname'
cp "$LAB/by.hand" "$LAB/other.db"
page=$(sqlite3 "$LAB/other.db" "SELECT rootpage FROM sqlite_schema WHERE name = 'message'")
head -c 200 /dev/zero | tr '\0' '\377' | dd of="$LAB/other.db" bs=1 seek=$(((page - 1) * 4096)) conv=notrunc status=none
by_hand "$LAB/other.db" >"$LAB/bad"
exits 'of a damaged database' 1 restore "$LAB/bad"
# Step 4 of the schema: what later steps brought is taken away.
cp "$LAB/by.hand" "$LAB/older.db"
sqlite3 "$LAB/older.db" "SELECT format('DROP %s IF EXISTS %s;', type, name) FROM sqlite_schema WHERE type IN ('table', 'index')
	AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND tbl_name NOT IN ('meta', 'sender', 'stanza', 'switch', 'event', 'message',
	'pending', 'signs', 'counter', 'own_link', 'suggestion', 'suggestion_fact', 'owned', 'alarm', 'run')
	OR name IN ('event_by_time', 'event_of_domain', 'message_of_strangers', 'pending_to_do', 'message_by_week') ORDER BY type; SELECT 'ALTER TABLE run DROP COLUMN began_at; CREATE INDEX pending_by_deadline ON pending (state, deadline);
	CREATE INDEX message_by_time ON message (received_at); PRAGMA user_version = 4;'" >"$LAB/drop.sql"
sqlite3 "$LAB/older.db" <"$LAB/drop.sql"
by_hand "$LAB/older.db" >"$LAB/older.backup"
exits 'of an older schema' 0 verify "$LAB/older.backup" --json
json_is 'its version is said' .schema 4
exits 'restore of a bad one' 1 restore "$LAB/bad"
tap_is 'touches nothing' "$(everything)" "$before"

# -- what waits in the spool is in the backup, and waits still
"$builddir/tests/cli/spooled" "$LAB/keepname/spool" 3
waiting=$(sha256sum <"$LAB/keepname/spool/records.spool")
exits 'backup with mails in the spool' 0 backup "$LAB/spooled.backup"
tap_is 'leaves nothing beside it' "$(find "$LAB" -maxdepth 1 -name '.keepname*' | wc -l)" 0
exits 'verify' 0 verify "$LAB/spooled.backup" --json
json_is 'holds them' .messages 6
tap_is 'they are where they were' "$(sha256sum <"$LAB/keepname/spool/records.spool")" "$waiting"
tap_is 'and the database is as it was' "$(everything)" "$before"
head -c 4096 /dev/urandom >"$LAB/keepname/spool/records.spool"
exits 'a spool that is none' 0 backup "$LAB/spooled.backup"
tap_like 'is said, and hinders nothing' "$err" 'what waits in .*/spool is not in it'
rm -rf "$LAB/keepname/spool"

# -- the daemon runs
lab_keepname_start
exits 'restore while the daemon runs' 2 restore "$LAB/one.backup"
tap_like 'is refused, with what to type' "$err" 'systemctl stop keepname-milter'
tap_is 'and touches nothing' "$(everything)" "$before"
exits 'backup while it runs' 0 backup "$LAB/running.backup"
lab_keepname_stop

# -- what came after the backup, and then everything is lost
box=$LAB/Mailbox
maildir "$box"
registrar_mail DOMAIN=later.example.com | delivered "$box/cur/$now.lost:2,"
site_records <<-END
	at=$now|domains=later.example|id=<later@x.example>|to=a@example.com|deadline=$(at 9)
END
later=$(everything)
exits 'a look first' 0 restore --dry-run "$LAB/one.backup"
tap_like 'compares' "$out" 'holds 3 mails .*would replace holds 4 mails'
exits 'restore' 0 restore "$LAB/one.backup"
tap_is 'brings the old state back' "$(everything)" "$before"
tap_like 'and keeps what it replaced' "$out" "The replaced database is $site_database\\.replaced-"
tap_like 'says what is missing' "$out" 'Missing is what came between'
tap_like 'and how to fill it' "$out" 'keepname scan --record --since 20'
replaced=$(find "$LAB/keepname" -name '*.replaced-*' ! -name '*-wal')
sqlite3 "$replaced" ".backup $LAB/later.db"
lab_keepname export --database "$replaced" - | lab_keepname import - >"$LAB/out"
tap_like 'what the replaced one knew' "$(<"$LAB/out")" '\(1 pendings\)'
tap_is 'is all there again' "$(everything)" "$later"

cp "$LAB/keepname/keepname.conf" "$LAB/conf"
rm -rf "$LAB/keepname/keepname.db"* "$LAB/keepname/spool" "$LAB/keepname/keepname.conf"
exits 'all is lost: the configuration first' 0 verify --configuration "$LAB/one.backup"
cp "$LAB/out" "$LAB/keepname/keepname.conf"
tap_ok 'is what it was' cmp "$LAB/conf" "$LAB/keepname/keepname.conf"
exits 'then restore' 0 restore "$LAB/one.backup"
tap_is 'the backup is there' "$(everything)" "$before"
tap_is 'with the rights of a database' "$(stat -c %a "$site_database")" 640
exits 'and the mailbox knows the rest' 0 scan --record --recipient owner@example.com --since "$(date -d '-1 day' +%F)" "$box"
tap_is 'the pending of the lost interval' "$(ask "SELECT count(*) FROM pending WHERE recipient = 'owner@example.com' AND state = 'open'")" 1
exits 'restore of an older one' 0 restore "$LAB/older.backup"
tap_is 'is brought up' "$(everything)" "$before"
rm -f "$site_database.replaced-"*
echo 'no database' >"$site_database"
exits 'a database that is damaged' 0 restore "$LAB/one.backup"
tap_is 'is replaced' "$(everything)" "$before"
tap_is 'and kept' "$(grep -l 'no database' "$LAB/keepname/"*.replaced-* | wc -l)" 1

# -- killed at each call that changes a name or makes something durable
killed() { # SYSCALL: yes where the database was always the old or the new one, whole, and both were seen
	local n rc state seen=''
	for ((n = 1; n < 40; n++)); do
		cp "$LAB/later.db" "$site_database"
		rm -f "$site_database"-* "$site_database".replaced-*
		rc=0
		strace -qq -f -o /dev/null -e trace="$1" -e inject="$1:signal=SIGKILL:when=$n" \
			"$builddir/progs/keepname" -c "$LAB/keepname/keepname.conf" restore "$LAB/one.backup" >"$LAB/out" 2>&1 || rc=$?
		state=$(everything 2>/dev/null || true)
		case $state in
		"$later") seen+=old ;;
		"$before") seen+=new ;;
		*) echo "after $n of $1: neither" && return ;;
		esac
		((rc == 0)) && break
	done
	[[ $seen == old*new ]] && echo yes || echo "$seen"
}
if command -v strace >/dev/null; then
	tap_is 'killed at any rename' "$(killed rename)" yes
	tap_is 'killed at any unlink' "$(killed unlink)" yes
	tap_is 'killed at any fsync' "$(killed fsync)" yes
else
	tap_skip 3 'no strace here'
fi
find "$LAB/keepname" "$LAB/backups" "$LAB" -maxdepth 1 -name '.keepname-*' -exec rm -rf {} +

# -- export and import
cp "$LAB/later.db" "$site_database"
exits 'export' 0 export "$LAB/lines"
exits 'export again' 0 export "$LAB/again"
tap_is 'is the same' "$(sha256sum <"$LAB/lines")" "$(sha256sum <"$LAB/again")"
tap_is 'each line is JSON' "$(jq -r .table "$LAB/lines" | sort -u | paste -sd' ')" 'counter event message null owned pending run signs'
exits 'import of what is there' 0 import "$LAB/lines"
tap_like 'brings nothing' "$out" ' 0 of them new'
tap_is 'and changes nothing' "$(everything)" "$later"
sed 's/"mails":1,/"mails":"many",/' "$LAB/lines" >"$LAB/bad"
exits 'a bad value' 2 import "$LAB/bad"
tap_like 'is named with its line' "$err" 'bad:[0-9]+: a row of pending: .*nothing was imported'
tap_is 'and changes nothing' "$(everything)" "$later"
printf '%s\n{"table":"owned","name":"x","name":"y","source":"","added_at":1}\n' "$(head -n 1 "$LAB/lines")" >"$LAB/bad"
exits 'a key twice' 2 import "$LAB/bad"
# LIMIT_IMPORT_LINE: 1 MiB, and one octet more
{ head -n 1 "$LAB/lines"; printf '{"table":"owned","name":"big.example","source":"%s","added_at":1}' "$(head -c $((1048576 - 63)) /dev/zero | tr '\0' x)"; } >"$LAB/bad"
exits 'the longest line' 0 import --dry-run "$LAB/bad"
sed -i 's/"xx/"xxx/' "$LAB/bad"
exits 'longer' 2 import "$LAB/bad"
printf '%s\n%s\n' "$(head -n 1 "$LAB/lines")" '{"table":"sender","origin":"local","name":"x","address":"a@x.example","domain":"x.example","stanza":"Nonsense: 1\n"}' >"$LAB/bad"
exits 'a sender that is none' 2 import "$LAB/bad"
tap_like 'is named' "$err" 'Nonsense.*the list of senders has faults; nothing was imported'
tap_is 'and changes nothing' "$(everything)" "$later"

# -- no room: files may have 32 KB, then as much as the copy of the database has, and no more
cp "$LAB/one.backup" "$LAB/good.backup"
for room in 32 $((size / 1024)); do
	rc=0
	(trap '' XFSZ && ulimit -f "$room" && lab_keepname backup "$LAB/good.backup") >"$LAB/out" 2>"$LAB/err" || rc=$?
	tap_is "no room past $room KB" "$rc" 2
	tap_ok 'the backup that was there stays' cmp "$LAB/one.backup" "$LAB/good.backup"
	tap_is 'nothing is left beside it' "$(find "$LAB" -maxdepth 1 -name '.keepname*' | wc -l)" 0
done
rm -rf "$site_database"*
exits 'backup of no database' 2 backup "$LAB/none"
tap_fails 'makes none' test -e "$site_database"
tap_end
