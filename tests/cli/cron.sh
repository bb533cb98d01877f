#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The file for cron: each of its lines can be read, and is the timer's of the same job: the same times, user
# and command, which keepname takes.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

site_begin 40
site_records </dev/null
lab_keepname_conf "update_url = \"$LAB/none\"" 'backup_to = ""'
file=$builddir/packaging/keepname.cron
bindir=$(sed -n 's/^ExecStart=\(.*\)\/keepname backup$/\1/p' "$builddir/packaging/keepname-backup.service")

# A job's section is from its heading to the next.
section() { awk -v head="# -- $1:" 'index($0, "# -- ") == 1 { on = index($0, head) == 1; next } on && NF' "$file"; }
field() { [[ $1 =~ ^(\*|[0-9]+(-[0-9]+)?)(/[1-9][0-9]*)?(,[0-9]+(-[0-9]+)?)*$ ]] && within "$@"; }
within() { # FIELD LEAST MOST: each number of it
	local n
	for n in $(grep -oE '[0-9]+' <<<"${1%%/*}"); do ((n >= $2 && n <= $3)) || return 1; done
}
reads() { # LINE of a system's crontab
	local minute hour day month weekday user command
	read -r minute hour day month weekday user command <<<"$1"
	field "$minute" 0 59 && field "$hour" 0 23 && field "$day" 1 31 && field "$month" 1 12 && field "$weekday" 0 7 &&
		[[ $user =~ ^[a-z]+$ && $command == /* && $command != *%* ]]
}
tap_fails 'a line without a user is none' reads '*/10 * * * * /usr/bin/keepname digest'
tap_fails 'an hour too many' reads '10 24 * * * keepname /usr/bin/keepname digest'
tap_fails 'a day of the week' reads '10 2 * * Mon.. keepname /usr/bin/keepname digest'
tap_ok 'one that is right' reads '10 2 * * 1-5 keepname /usr/bin/keepname digest'

# Of what OnCalendar can say, what our timers do.
calendar() {
	case $1 in
	'*:00/'*) printf '*/%d * * * *' "${1#*/}" ;;
	'*-*-* 00/'*:*) [[ $1 =~ 00/([0-9]+):([0-9]+) ]] && printf '%d */%d * * *' "$((10#${BASH_REMATCH[2]}))" "${BASH_REMATCH[1]}" ;;
	'*-*-* '*) [[ $1 =~ ([0-9]+):([0-9]+)$ ]] && printf '%d %d * * *' "$((10#${BASH_REMATCH[2]}))" "$((10#${BASH_REMATCH[1]}))" ;;
	'Mon '*) [[ $1 =~ ([0-9]+):([0-9]+)$ ]] && printf '%d %d * * 1' "$((10#${BASH_REMATCH[2]}))" "$((10#${BASH_REMATCH[1]}))" ;;
	esac
}
jobs=$(find "$srcdir/packaging" -name 'keepname-*.timer' -printf '%f\n' | sed 's/keepname-\(.*\)\.timer/\1/' | sort | xargs)
tap_is 'a section for each timer, and no other' "$(sed -n 's/^# -- \([a-z]*\):.*/\1/p' "$file" | sort | xargs)" "$jobs"
tap_is 'a line in each' "$(grep -cE '^#?[0-9*]' "$file")" "$(wc -w <<<"$jobs")"
tap_is 'nothing is left to be filled in' "$(grep -c '@' "$file" || true)" 0
for job in $jobs; do
	line=$(section "$job")
	unit=$builddir/packaging/keepname-$job.service
	on=yes
	! grep -q 'Not enabled by itself' "$srcdir/packaging/keepname-$job.timer" || on=no
	tap_is "$job: it is on, unless its timer is not" "$([[ $line == '#'* ]] && echo no || echo yes)" "$on"
	line=${line#'#'}
	tap_ok "$job: it can be read" reads "$line"
	tap_is "$job: at the timer's times" "$(cut -d' ' -f1-5 <<<"$line")" "$(calendar "$(sed -n 's/^OnCalendar=//p' "$srcdir/packaging/keepname-$job.timer")")"
	tap_is "$job: as the unit's user" "$(cut -d' ' -f6 <<<"$line")" "$(sed -n 's/^User=//p' "$unit")"
	# The unit of watch leaves mailing to that of digest.
	tap_is "$job: the unit's command" "$(cut -d' ' -f7- <<<"$line")" "$(sed -n 's/^ExecStart=\(.*\)/\1/p' "$unit" | sed 's/ --no-mail$//')"
	read -ra command <<<"${line#*"$bindir"/keepname }"
	kn "${command[@]}"
	tap_unlike "$job: which is understood" "$rc $err" '^(126|127) |Usage:'
done
tap_is 'each has run' "$(ask 'SELECT group_concat(name, " ") FROM (SELECT name FROM run ORDER BY name)')" 'digest purge update watch'
tap_is 'and left nothing that is not well but the update that there is not' "$(ask 'SELECT group_concat(name) FROM run WHERE at > good_at')" update
lab_keepname_conf "backup_to = \"$LAB\""
exits 'a backup where a place is set' 0 backup
tap_end
