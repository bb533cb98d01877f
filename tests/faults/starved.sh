#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Memory that runs short at each allocation of a message in turn, in the real listener and in the real
# sealed judge: the mail is judged or delivered as it is, never refused or delayed, nothing is boosted
# without its record, and no process ends.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/faults/site.sh
. "$srcdir/tests/faults/site.sh"

faults_lab 14
log=$LAB/log/keepname.log
mkdir "$LAB/libexec"
cp "$builddir"/progs/keepname-{listener,resolver,judge} "$LAB/libexec/"
for part in listener judge; do
	cp "$builddir/tests/faults/starved_$part" "$LAB/libexec/starved-$part"
	cat >"$LAB/libexec/keepname-$part" <<-END
		#!/bin/sh
		KEEPNAME_STARVE=$LAB/starve.$part exec -a keepname-$part $LAB/libexec/starved-$part "\$@"
	END
	sed -i '1s,/bin/sh,/bin/bash,' "$LAB/libexec/keepname-$part"
	chmod 755 "$LAB/libexec/keepname-$part"
	"$builddir/tests/faults/starving" "$LAB/starve.$part" 0
done
lab_keepname_conf "libexec_dir = \"$LAB/libexec\""
lab_keepname_start
listener=$(pgrep -P "$LAB_KEEPNAME_PID" -x starved-listene)
judge=$(pgrep -P "$LAB_KEEPNAME_PID" -x starved-judge)
tap_is 'with memory enough, mail is judged' "$(one_word before)" genuine

sweep() { # PART
	local n=0 count=$((1 << 30)) word
	judged=0 passed=0 odd=
	while ((count >= n)); do
		n=$((n + 1))
		"$builddir/tests/faults/starving" "$LAB/starve.$1" "$n"
		word=$(one_word "$1.$n")
		case $word in
		genuine | unproven) judged=$((judged + 1)) ;;
		none) passed=$((passed + 1)) ;;
		*) odd+=" $n:$word" ;;
		esac
		count=$("$builddir/tests/faults/starving" "$LAB/starve.$1")
	done
	places=$n
	"$builddir/tests/faults/starving" "$LAB/starve.$1" 0
}

# Those of unrecorded that are not whole in the log either: the last resort, for want of memory alone.
lost() {
	local id
	unrecorded | while read -r id; do
		grep -F 'record kept nowhere but here: verdict=genuine class=verification' "$log" |
			grep -F "msgid=$id " | grep -qF ' domain=example.com ' || echo "$id"
	done
}

for part in listener judge; do
	sweep "$part"
	echo "# $part: $places places, $judged judged, $passed delivered as they were"
	tap_ok "$part: it was starved" test "$places" -gt 20
	tap_is "$part: mail is judged or delivered as it is" "$odd" ''
	tap_ok "$part: some was not judged" test "$passed" -gt 5
	tap_is "$part: with memory enough, mail is judged" "$(one_word "after.$part")" genuine
	tap_is "$part: no boosted message lacks its record" "$(lost)" ''
done
tap_is 'the listener is the one that was started' "$(pgrep -P "$LAB_KEEPNAME_PID" -x starved-listene)" "$listener"
tap_is 'and the judge' "$(pgrep -P "$LAB_KEEPNAME_PID" -x starved-judge)" "$judge"
lab_keepname_stop
tap_is 'the database is sound' "$(sqlite3 "$LAB/keepname/keepname.db" 'PRAGMA integrity_check')" ok
tap_end
