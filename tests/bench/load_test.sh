#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The load client against the empty filter: what it counts, and that it fails when it should.
set -u
load=${builddir:?}/tests/bench/load
mail=${srcdir:?}/tests/bench/mails/letter.eml
work=$(mktemp -d)
"$builddir/tests/bench/empty_filter" "unix:$work/sock" &
filter=$!
trap 'kill $filter; wait $filter; rm -rf "$work"' EXIT

number=0
# result STATUS WHAT: one line of TAP.
result() {
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
		sed 's/^/# /' "$work/out" "$work/err"
	fi
}

# run EXIT OPTION…: runs load; fails when it exits otherwise.
run() {
	local want=$1 got=0
	shift
	"$load" --socket "unix:$work/sock" "$@" >"$work/out" 2>"$work/err" || got=$?
	[ "$got" -eq "$want" ] || { echo "exit $got, want $want" >>"$work/err"; return 1; }
}

echo 1..11
run 0 --wait 30 --probe && grep -qx 'steps=0x10d782' "$work/out"
result $? 'the filter chooses the steps that keepname needs'
run 0 -n 50 -c 3 -m 4 --expect accept-at-eoh "$mail" && grep -qx 'accept-at-eoh=50' "$work/out" &&
	grep -qx 'replies=50' "$work/out" && grep -qx 'body_chunks=0' "$work/out"
result $? 'all messages are answered at the end of headers, and by nothing else'
run 0 -n 5 --cpu $filter "$mail" && grep -q '^cpu_us=[0-9]*[1-9]' "$work/out"
result $? 'the CPU of the filter is counted'
run 0 -n 2 --body 10000000 --from '' --ip 2001:db8::1 "$mail" "$mail"
result $? 'a large body, the null sender and an IPv6 client'
run 1 -n 2 --expect continue-at-eom "$mail" &&
	grep -q 'expected continue-at-eom, got accept-at-eoh' "$work/err"
result $? 'a missed verdict fails'
run 1 -n 2 --expect-edits 1 "$mail" && grep -q 'expected 1 edits, got 0' "$work/err"
result $? 'missing edits fail'
run 1 -n 2 --expect-header 'X-A=b' "$mail" && grep -q 'expected header X-A: b' "$work/err"
result $? 'a missing header fails'
run 2 --expect accept "$mail" && grep -q 'expected VERDICT-at-STAGE' "$work/err"
result $? 'a wrong option is named'
run 2 --socket "unix:$work/none" "$mail" && grep -q 'No such file' "$work/err"
result $? 'a filter that is not there is trouble'
run 0 --hold 20 </dev/null && run 0 --hold 20 "$mail" </dev/null && grep -qx 'held=20' "$work/out"
result $? 'connections are held until its input ends'
run 2 --hold 0 </dev/null && grep -q 'a number from 1' "$work/err"
result $? 'none is not a number of them'
