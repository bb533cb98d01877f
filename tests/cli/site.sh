# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What the tests of keepname(1) share: a site of their own in the lab's folder (configuration, lists,
# where wanted a filled database and DNS), running the command, and looking at what it said.
#
#   site_begin TESTS [CONFIGURATION LINE]...   lab and keepname.conf; skips where something is missing
#   site_dns                                   the lab's DNS, and the registrar in it
#   site_records <RECORDS                      ships the lists and records mails (tests/cli/records.c)
#   kn ARGUMENT...                             runs keepname; sets out, err and rc
#   json_is NAME FILTER WANT                   a jq filter over $out; jq is a real parser of JSON
#   $site_hour                                digest_hour of tests that want no new day meanwhile
#   exits NAME STATUS ARGUMENT...              runs keepname; its exit status is STATUS

# The hour in which a day begins for the digest: half a day from now, so that none begins during a test.
# shellcheck disable=SC2034 # for the caller
site_hour=$((($(date +%-H) + 12) % 24))
out='' err='' rc=0
site_database=

site_begin() {
	local plan=$1 program
	shift
	for program in jq sqlite3; do
		command -v "$program" >/dev/null || tap_skip_all "$program is not installed (scripts/install-deps --tests)"
	done
	tap_plan "$plan"
	lab_begin
	# Where nobody listens, until site_dns.
	LAB_DNS_PORT=$(lab_port)
	lab_keepname_conf "$@"
	site_database=$LAB/keepname/keepname.db
}

site_dns() {
	LAB_DNS_PORT=
	registrar_dns
	lab_dns_start
	lab_keepname_conf "$@"
}

site_records() { "$builddir/tests/cli/records" "$site_database" "$srcdir/rules/lists"; }

# Standard input is kn_input, or empty.
kn_input=/dev/null
kn() {
	rc=0
	lab_keepname "$@" <"$kn_input" >"$LAB/out" 2>"$LAB/err" || rc=$?
	out=$(tr -d '\000' <"$LAB/out")
	err=$(tr -d '\000' <"$LAB/err")
}

json_is() {
	local got
	got=$(jq -c "$2" "$LAB/out" 2>&1) || got="$got (rc $rc, $err)"
	tap_is "$1" "$got" "$3"
}

exits() {
	local name=$1 want=$2
	shift 2
	kn "$@"
	tap_is "$name" "$rc" "$want"
	[[ $rc == "$want" ]] || tap_note "keepname $*" "$out" "$err"
}

# What SQLite says, on its own.
ask() { sqlite3 -readonly "$site_database" "$1"; }
