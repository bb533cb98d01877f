#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The milter protocol itself: what is negotiated with an MTA that offers all that Postfix 3.7 does, over a
# local socket and over TCP, and what miltertest (protocol.lua) makes of it.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
command -v miltertest >/dev/null || tap_skip_all 'miltertest is not installed (scripts/install-deps --tests)'
tap_plan 23
lab_begin
lab_dns_start
lab_keepname_start
chosen() { "$builddir/tests/bench/load" --socket "$1" --probe | tr '\n' ' '; }
# NOHELO, NR_HDR, NOUNKNOWN, NODATA, SKIP, NR_CONN, NR_MAIL, NR_RCPT, HDR_LEADSPC; ADDHDRS, CHGHDRS, QUARANTINE
tap_is 'over a local socket nothing is answered before the end of the headers' \
	"$(chosen "unix:$LAB_SOCKET")" 'version=6 actions=0x31 steps=0x10d782 '
while IFS= read -r line; do
	case $line in
	'ok '*) tap_result 0 "${line#* - }" ;;
	'not ok '*) tap_result 1 "${line#* - }" ;;
	*) tap_note "$line" ;;
	esac
done < <(miltertest -s "$srcdir/tests/wire/protocol.lua" -D "socket=local:$LAB_SOCKET" 2>&1)
lab_keepname_stop
port=$(lab_port)
lab_keepname_conf "socket = \"inet:$port@127.0.0.1\""
lab_keepname_start
tap_is 'over TCP there is the answer to DATA' \
	"$(chosen "inet:$port@127.0.0.1")" 'version=6 actions=0x31 steps=0x10d582 '
lab_end
tap_end
