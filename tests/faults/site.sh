# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What the tests of faults share: the daemon with the lab's DNS, mail through the milter protocol
# without an MTA (tests/faults/courier.c), its processes by name, and whether every message that was
# boosted has its record.
#
#   faults_begin TESTS [CONFIGURATION LINE]...   lab, DNS and the daemon, started; $LAB/mail is signed
#   part NAME                    the process id of listener, resolver or judge
#   await_part NAME PID          waits until NAME runs as another process than PID, and sets part_pid
#   courier KEY [OPTION]... FILE sends (to $faults_socket where it is set); the answers are in
#                                $LAB/answers.KEY
#   one_word KEY [FILE]          sends one message and prints its verdict ("none", "broken", ...)
#   unrecorded                   prints the Message-IDs that were answered "genuine" and are on no record

faults_missing() {
	local program
	for program in unbound unbound-control sqlite3; do
		command -v "$program" >/dev/null || echo "$program is not installed (scripts/install-deps --tests)"
	done | head -n 1
}

faults_lab() {
	local reason
	reason=$(faults_missing)
	[[ -z $reason ]] || tap_skip_all "$reason"
	tap_plan "$1"
	lab_begin
	registrar_dns
	lab_dns_start
	# Not its Message-ID: each copy gets one of its own.
	registrar_mail --unsigned | lab_sign registrar demo "$REGISTRAR" \
		-h From:To:Subject:Date:MIME-Version:Content-Type >"$LAB/mail"
	lab_fill "$srcdir/tests/lab/plain.eml" >"$LAB/plain"
}

faults_begin() {
	faults_lab "$1"
	shift
	lab_keepname_conf "$@"
	lab_keepname_start
}

# The kernel keeps 15 octets of a name.
part() { pgrep -P "$LAB_KEEPNAME_PID" -x "$(printf '%.15s' "keepname-$1")"; }

part_pid=
await_part() {
	local tries
	for ((tries = 0; tries < 2000; tries++)); do
		part_pid=$(part "$1" | tail -n 1) || true
		[[ -z $part_pid || $part_pid == "$2" ]] || return 0
		"$lab_tools/await" -t 1 end "$2" 2>/dev/null || true
	done
	lab_say "no new $1"
	return 1
}

courier() {
	local key=$1
	shift
	"$builddir/tests/faults/courier" -s "${faults_socket:-unix:$LAB_SOCKET}" -o "$LAB/answers.$key" -k "$key" \
		-f "bounce@$REGISTRAR" -i "$REGISTRAR_IP" -r "$key.{n}@example.com" "$@"
}

one_word() {
	rm -f "$LAB/answers.$1"
	courier "$1" "${2-$LAB/mail}" || true
	awk '{ print $3 }' "$LAB/answers.$1"
}

# words KEY WORD: how many answers were so.
words() { awk -v word="$2" '$3 == word { n++ } END { print n + 0 }' "$LAB/answers.$1"; }

await_answers() { lab_await -t 60 -m "$2 answers" text -n "$2" "$LAB/answers.$1" courier.test; }

# In the database, or whole in the spool; of $faults_state where that is set.
unrecorded() {
	local id
	awk '$3 == "genuine" { print substr($2, 2, length($2) - 2) }' "$LAB"/answers.* | sort >"$LAB/boosted"
	sqlite3 -readonly "${faults_state:-$LAB/keepname}/keepname.db" "SELECT message_id FROM message WHERE verdict = 'genuine'" |
		sort >"$LAB/recorded"
	comm -23 "$LAB/boosted" "$LAB/recorded" | while read -r id; do
		grep -qaF "$id" "${faults_state:-$LAB/keepname}/spool/records.spool" || echo "$id"
	done
}
