#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The timed digest's lock: root's run leaves it to the database's owner, neither follows a link nor changes
# what is no lock, and two runs at once are one.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

((EUID == 0)) || tap_skip_all 'only root can run as two users'
site_begin 26
now=$(date +%s)
site_records <<-END
	at=$now|domains=soon.example|to=a@example.com|deadline=$(date -u -d "@$((now + 86400))" +%FT%TZ)|id=<1@x.example>
END
# Each mail a file of its own. With a file .wait it waits for .go.
cat >"$LAB/bin/sendmail" <<-END
	#!/bin/sh
	cat >"$LAB/mails/\$\$"
	: >"$LAB/mails/.began"
	test ! -e "$LAB/mails/.wait" || "$builddir/tests/tools/await" -t 60 file "$LAB/mails/.go"
END
chmod 755 "$LAB/bin/sendmail" "$LAB/bin"
mkdir -m 777 "$LAB/mails"
chmod 777 "$LAB/mails"
mails() { find "$LAB/mails" -type f ! -name '.*' | wc -l; }
lab_keepname_conf "sendmail = \"$LAB/bin/sendmail\"" 'digest_to = "postmaster@example.com"' "digest_hour = $site_hour"
lock=$site_database.digest
chown nobody:nogroup "$LAB/keepname" "$site_database"*
as_owner() {
	rc=0
	err=$(setpriv --reuid=nobody --regid=nogroup --clear-groups "$builddir/progs/keepname" -c "$LAB/keepname/keepname.conf" digest --due 2>&1 >/dev/null </dev/null) || rc=$?
}
owner() { stat -c '%U:%G %a %s' "$1"; }

exits 'root, by cron' 0 digest --due
tap_is 'mails' "$(mails)" 2
tap_is 'the lock is the database owner'\''s' "$(owner "$lock")" 'nobody:nogroup 640 0'
as_owner
tap_is 'so the timer can use it' "$rc $err" '0 '
tap_is 'and mails nothing twice' "$(mails)" 2

rm "$lock"
touch "$lock"
chmod 600 "$lock"
as_owner
tap_is 'one that is root'\''s is made anew' "$rc $err $(owner "$lock")" '0  nobody:nogroup 640 0'
rm "$lock"
touch "$lock"
chmod 600 "$lock"
exits 'by root too' 0 digest --due
tap_is 'it is the owner'\''s then' "$(owner "$lock")" 'nobody:nogroup 640 0'

# What the database's owner may put in its place.
touch "$LAB/victim"
chmod 600 "$LAB/victim"
rm "$lock"
ln -s "$LAB/victim" "$lock"
exits 'a link' 2 digest --due
tap_like 'is said to be in the way' "$err" 'keepname\.db\.digest: is in the way'
tap_is 'and not followed' "$(owner "$LAB/victim") $(readlink "$lock")" "root:root 600 0 $LAB/victim"
rm "$lock"
ln "$LAB/victim" "$lock"
exits 'a second name of a file of root' 2 digest --due
tap_is 'which stays as it is' "$(owner "$LAB/victim") $(stat -c %h "$lock")" 'root:root 600 0 2'
rm "$lock"
ln -s "$LAB/made" "$lock"
exits 'a link to what is not there' 2 digest --due
tap_fails 'makes nothing' test -e "$LAB/made"
rm "$lock"
setpriv --reuid=nobody --regid=nogroup --clear-groups sh -c 'echo text >"$1"' sh "$lock"
exits 'a file that holds something' 2 digest --due
tap_is 'stays' "$(<"$lock")" text
rm "$lock"
mkfifo "$lock"
chown nobody:nogroup "$lock"
exits 'a pipe' 2 digest --due
rm "$lock"

# -- two at once: the second leaves all of it to the first, which is still mailing
rm -f "$LAB/mails"/* "$LAB/mails/.began"
sqlite3 "$site_database" 'DELETE FROM notice; DELETE FROM run; DELETE FROM mailed'
touch "$LAB/mails/.wait"
lab_keepname digest --due </dev/null >"$LAB/first.out" 2>&1 &
first=$!
tap_ok 'a first run is mailing' lab_await file "$LAB/mails/.began"
as_owner
tap_is 'the timer fires again' "$rc $err" '0 '
exits 'and a third time' 0 digest --due
tap_is 'there is one mail yet' "$(mails)" 1
touch "$LAB/mails/.go"
tap_ok 'the first goes on' wait "$first"
tap_is 'and mails the rest, once' "$(mails) $(grep -l 'Subject: keepname: soon.example: due' "$LAB/mails"/* | wc -l)" '2 1'
exits 'after it' 0 digest --due
tap_is 'there is nothing left' "$(mails)" 2
tap_end
