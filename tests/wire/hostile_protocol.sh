#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# hostile_protocol.lua: odd From, envelope and header names, from an MTA that hands on what it gets.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
command -v miltertest >/dev/null || tap_skip_all 'miltertest is not installed (scripts/install-deps --tests)'
tap_plan 85
lab_begin
registrar_dns
lab_dns_start
lab_keepname_start
while IFS= read -r line; do
	case $line in
	'ok '*) tap_result 0 "${line#* - }" ;;
	'not ok '*) tap_result 1 "${line#* - }" ;;
	*) tap_note "$line" ;;
	esac
done < <(miltertest -s "$srcdir/tests/wire/hostile_protocol.lua" -D "socket=local:$LAB_SOCKET" \
	-D "date=$(LC_ALL=C date -R)" -D "deadline=$(date -u -d '+14 days' '+%F %T')" 2>&1)
tap_end
