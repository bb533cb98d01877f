# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# TAP for shell tests. No function ends the test on "not ok", so `set -e` may stand; tap_end does, with
# exit 1 if anything failed or another number of tests ran than was planned. When something failed, the
# lab's logs follow as comments.

tap_planned=0 tap_count=0 tap_failures=0 tap_output=

tap_plan() {
	tap_planned=$1
	printf '1..%d\n' "$1"
}

# The whole test does not apply here.
tap_skip_all() {
	printf '1..0 # SKIP %s\n' "$1"
	exit 0
}

# tap_skip N REASON
tap_skip() {
	local i
	for ((i = 0; i < $1; i++)); do
		tap_count=$((tap_count + 1))
		printf 'ok %d # SKIP %s\n' "$tap_count" "$2"
	done
}

tap_result() {
	tap_count=$((tap_count + 1))
	if (($1 == 0)); then
		printf 'ok %d - %s\n' "$tap_count" "$2"
	else
		tap_failures=$((tap_failures + 1))
		printf 'not ok %d - %s\n' "$tap_count" "$2"
	fi
}

tap_note() { printf '%s\n' "$@" | sed 's/^/# /'; }

# Runs a command in this shell, so that it may set variables; its output in tap_output.
tap_run() {
	local file rc=0
	file=$(mktemp)
	"$@" >"$file" 2>&1 || rc=$?
	tap_output=$(tr -d '\000' <"$file")
	rm -f "$file"
	return "$rc"
}

# tap_ok NAME COMMAND...: the command succeeds. Its output is shown only where it does not.
tap_ok() {
	local name=$1 rc=0
	shift
	tap_run "$@" || rc=$?
	tap_result "$rc" "$name"
	((rc == 0)) || tap_note "exit $rc: $*" "$tap_output"
}

# tap_fails NAME COMMAND...: the command fails.
tap_fails() {
	local name=$1 rc=0
	shift
	tap_run "$@" || rc=$?
	tap_result "$((rc == 0))" "$name"
	((rc != 0)) || tap_note "succeeded: $*" "$tap_output"
}

# tap_is NAME GOT WANT
tap_is() {
	local rc=0
	[[ $2 == "$3" ]] || rc=1
	tap_result "$rc" "$1"
	((rc == 0)) || tap_note "got:  $2" "want: $3"
}

# tap_like NAME GOT ERE
tap_like() {
	local rc=0
	[[ $2 =~ $3 ]] || rc=1
	tap_result "$rc" "$1"
	((rc == 0)) || tap_note "got:  $2" "like: $3"
}

# tap_unlike NAME GOT ERE
tap_unlike() {
	local rc=0
	[[ ! $2 =~ $3 ]] || rc=1
	tap_result "$rc" "$1"
	((rc == 0)) || tap_note "got:    $2" "unlike: $3"
}

# The last line of every test.
tap_end() {
	if ((tap_planned == 0)); then
		printf '1..%d\n' "$tap_count"
	elif ((tap_count != tap_planned)); then
		tap_note "planned $tap_planned tests, ran $tap_count"
		exit 1
	fi
	((tap_failures == 0)) || exit 1
	exit 0
}
