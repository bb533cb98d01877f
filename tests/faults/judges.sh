#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Judges that are hostile, behind the real listener (tests/judge/badjudge.c): each leaves its one message
# unjudged, with a line in the log, and mail flows; with the real judge back, the next one is judged.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/faults/site.sh
. "$srcdir/tests/faults/site.sh"

# Those that end at once, and those for whom the listener waits until its deadline. Not here: a record
# before the end of the body, since it depends on the moment whether it comes before.
quick=(crash exits babble other-nonce half giant large odd-kind bad-record long-record no-record asks-49 asks-nonsense asks-for-ever)
slow=(stall does-not-read trickle late hoards)
faults_lab $((3 * ${#quick[@]} + 16))

# libexec_dir of our own: programs of the tree, and a judge that is what the file "modes" says.
mkdir "$LAB/libexec"
cp "$builddir"/progs/keepname-{listener,resolver,judge} "$builddir/tests/judge/badjudge" "$LAB/libexec/"
mv "$LAB/libexec/keepname-judge" "$LAB/libexec/real"
cat >"$LAB/libexec/wrapper" <<-END
	#!/bin/sh
	modes=\$(cat $LAB/libexec/modes)
	[ "\$modes" ] || exec $LAB/libexec/real "\$@"
	exec $LAB/libexec/badjudge "\$@" \$modes
END
mv "$LAB/libexec/wrapper" "$LAB/libexec/keepname-judge"
chmod 755 "$LAB/libexec/keepname-judge"
judges() { echo "$*" >"$LAB/libexec/modes"; }

judges "${quick[@]}" good
lab_keepname_conf "libexec_dir = \"$LAB/libexec\"" 'dns_timeout = 1'
lab_keepname_start
listener=$(part listener)
unjudged=0 log=$LAB/log/keepname.log

# One after the other: the Nth message meets the Nth judge.
for mode in "${quick[@]}"; do
	began=$SECONDS
	tap_is "$mode: the mail is delivered as it is" "$(one_word "$mode")" none
	tap_ok "$mode: and at once" test $((SECONDS - began)) -le 4
	tap_is "$mode: the log says so" "$(grep -c 'verdict=unjudged' "$log")" "$((++unjudged))"
done
tap_is 'an honest judge after them is heard' "$(one_word good)" unproven
tap_is 'each unjudged message has its reason' "$(grep 'verdict=unjudged' "$log" | grep -vcE ' why="?(gone|nonsense)')" 0

# Together, since the listener waits for each.
judges "${slow[@]}" good
lab_keepname_reload
began=$SECONDS
courier slow -n "${#slow[@]}" -c "${#slow[@]}" -m 1 "$LAB/mail"
tap_is 'judges that give no answer: the mail is delivered as it is' "$(words slow none)" "${#slow[@]}"
tap_ok 'within dns_timeout and what is allowed beyond' test $((SECONDS - began)) -le 10
tap_is 'the log says that they were late' "$(grep -c 'verdict=unjudged why=late' "$log")" "${#slow[@]}"

# While one stalls, others are judged.
judges stall good
lab_keepname_reload
courier stalled "$LAB/mail" &
load=$!
await_child() {
	local tries zygote
	zygote=$(pgrep -P "$LAB_KEEPNAME_PID" -x badjudge | tail -n 1)
	for ((tries = 0; tries < 5000; tries++)); do
		[[ -z $(pgrep -P "$zygote") ]] || return 0
	done
	return 1
}
tap_ok 'a judge stalls' await_child
began=$SECONDS
tap_is 'meanwhile the next message has its own judge' "$(one_word beside)" unproven
tap_ok 'which does not wait for it' test $((SECONDS - began)) -le 4
wait "$load"
tap_is 'the stalled one is delivered' "$(words stalled none)" 1

# A flood of judges that crash: nothing is left behind.
judges crash
lab_keepname_reload
files() { find "/proc/$listener/fd" -mindepth 1 | wc -l; }
one_word flood.before >/dev/null
before=$(files)
courier flood -n 200 -c 8 "$LAB/mail"
tap_is '200 judges that crash: mail flows' "$(words flood none)" 200
one_word flood.after >/dev/null
tap_ok 'no descriptor is left open' test "$(files)" -le $((before + 4))
tap_is 'the listener is the one that was started' "$(part listener)" "$listener"

# The real one again.
judges ''
lab_keepname_reload
tap_is 'the real judge put back, a mail is genuine' "$(one_word real)" genuine
tap_is 'no boosted message lacks its record' "$(unrecorded)" ''

# A judge that cannot be started, or never becomes ready: the reload is refused, the old one serves.
judges ''
printf '#!/bin/sh\nexit 78\n' >"$LAB/libexec/broken"
chmod 755 "$LAB/libexec/broken"
mv "$LAB/libexec/keepname-judge" "$LAB/libexec/wrapper"
mv "$LAB/libexec/broken" "$LAB/libexec/keepname-judge"
lab_keepname_reload
tap_ok 'a judge that does not start: the reload is refused' grep -q 'reload refused' "$log"
tap_is 'and the old one serves on' "$(one_word old)" genuine
tap_end
