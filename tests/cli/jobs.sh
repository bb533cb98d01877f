#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Timed jobs that are not well: each, killed while it runs or failing, is said by digest, report and doctor,
# until one has ended well.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

site_begin 57
now=$(date +%s)
site_records </dev/null
# A line given here replaces ours.
conf() {
	local line lines=("$@")
	for line in "sendmail = \"$LAB/bin/sendmail\"" 'digest_to = "boss@example.com"' "digest_hour = $site_hour" 'retention = 10' 'dns_timeout = 1' \
		"backup_to = \"$LAB/copies\"" "update_url = \"$LAB/none\""; do
		[[ " $* " == *" ${line%% *} = "* || "$*" == "${line%% *} = "* ]] || lines+=("$line")
	done
	lab_keepname_conf "${lines[@]}"
}
printf '#!/bin/sh\ncat >"%s"\nexit "$(cat "%s")"\n' "$LAB/mail" "$LAB/obey" >"$LAB/bin/sendmail"
chmod 755 "$LAB/bin/sendmail"
echo 0 >"$LAB/obey"
mkdir "$LAB/copies"
conf
doctor() { kn doctor --json && jq -r '.checks[] | select(.check == "jobs") | .state + ": " + .says' "$LAB/out"; }
long_ago() { sqlite3 "$site_database" "UPDATE run SET at = at - $1, good_at = max(good_at - $1, 0), began_at = began_at - $1"; }
said() { # NAME ERE: by all three
	kn digest
	tap_like "$1: the digest says so" "$out" "HEALTH.*$2"
	kn report --html -
	tap_like "$1: the report" "$out" "<td>${2%%:*}</td>[^/]*${2#*: }"
	tap_like "$1: the doctor" "$(doctor)" "WARNING: .*$2"
}

exits 'purge' 0 purge
exits 'backup' 0 backup
exits 'digest' 0 digest --due
kn digest
tap_like 'all is well, and there is nothing to say' "$out" 'Nothing is pending'
tap_like 'nor does the doctor find anything' "$(doctor)" '^OK: 3 timed jobs'

# -- killed while it runs: by what it starts, or by its database, which somebody else holds
conf "backup_to = \"|kill -9 \$PPID; exit 1\""
exits 'a backup that is killed' 137 backup
tap_like 'may be running still' "$(doctor)" '^OK'
long_ago 22000
said 'a killed backup' 'backup: began [0-9: A-Z-]+ and never ended; last well'
exits 'it is something to say' 0 digest --send
tap_like 'by itself' "$(lab_header "$LAB/mail" Subject)" '1 timed job not well'
exits 'killed again' 137 backup
said 'it is seen still' 'backup: began [0-9: A-Z-]+ and never ended'
conf
exits 'one that ends' 0 backup
tap_like 'ends it' "$(doctor)" '^OK'

printf '#!/bin/sh\nkill -9 $PPID\n' >"$LAB/bin/killing"
chmod 755 "$LAB/bin/killing"
site_records <<<"at=$now|domains=a.example|to=a@example.com|id=<a@x.example>"
sqlite3 "$site_database" "UPDATE run SET good_at = 0 WHERE name = 'digest'"
conf "sendmail = \"$LAB/bin/killing\""
exits 'a digest that is killed' 137 digest --due
long_ago 4000
said 'a killed digest' 'digest: began [0-9: A-Z-]+ and never ended; never well yet'
conf
exits 'the next one' 0 digest --due
tap_like 'tells of itself' "$(sed '1,/^$/d' "$LAB/mail")" 'digest: began'
tap_like 'and is well' "$(doctor)" '^OK'
kn 'done' 1 # nothing to be watched
killed() { # JOB ARGUMENT...: as if it had been killed there
	long_ago 60
	sqlite3 "$site_database" "CREATE TRIGGER stop BEFORE UPDATE ON run WHEN NEW.at <> OLD.at OR NEW.detail <> OLD.detail BEGIN SELECT RAISE(ABORT, 'stopped'); END"
	kn "${@:2}"
	sqlite3 "$site_database" 'DROP TRIGGER stop'
	long_ago 8000
	said "$1 that never ended" "$1: began [0-9: A-Z-]+ and never ended"
}
exits 'watch' 0 watch
killed purge purge
exits 'purge' 0 purge
killed watch watch
exits 'watch' 0 watch
killed update senders update --yes
tap_like 'the other jobs are not named' "$(doctor)" '^WARNING: update: began [^;]*; never well yet$'
sqlite3 "$site_database" "DELETE FROM run WHERE name = 'update'"

# -- failed
conf "backup_to = \"|exit 3\""
exits 'a backup that fails' 2 backup
said 'a failed backup' 'backup: failed [0-9: A-Z-]+; last well'
tap_like 'the doctor says where, and what to look at' "$(kn doctor; printf '%s' "$out")" '\(exit 3\).*journalctl -u keepname-backup'
conf
exits 'one that works' 0 backup
echo 75 >"$LAB/obey"
sqlite3 "$site_database" "UPDATE run SET good_at = 0 WHERE name = 'digest'; DELETE FROM mailed"
exits 'a digest that nobody takes' 2 digest --due
tap_like 'the doctor says so' "$(doctor)" 'digest: failed'
echo 0 >"$LAB/obey"
exits 'one that is taken' 0 digest --due
exits 'an update that there is not' 2 senders update --yes
tap_like 'is said' "$(doctor)" '^WARNING: update: failed [^;]*; never well yet'
sqlite3 "$site_database" "DELETE FROM run WHERE name = 'update'"

# -- overdue
long_ago 180000
said 'purge' 'purge: overdue; last well'
tap_unlike 'backup and watch have checks of their own' "$(doctor)" 'backup|watch'
conf 'retention = 0' 'backup_to = ""'
kn digest
tap_like 'where nothing is to be purged and no backup is wanted, neither is late' "$out" 'watch: overdue'
tap_unlike 'really' "$out" '(purge|backup): overdue'
exits 'a look at what a purge would do' 0 purge --dry-run
tap_is 'is no run' "$(ask "SELECT $now - good_at > 100000 FROM run WHERE name = 'purge'")" 1
tap_end
