#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# DNS dead, silent, failing, slow, truncating, lying: the mail is delivered, not proved, and says why;
# and once DNS is well again, so is the verdict.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"

modes=(silent servfail refused garbage wrongid wrongname loop huge many)
registrar_begin $((2 * ${#modes[@]} + 7)) 'dns_timeout = 2'

use_dns() {
	lab_keepname_conf "nameservers = {\"127.0.0.1@$1\"}" 'dns_timeout = 2'
	lab_keepname_reload
}

# Sends a signed mail and says the verdict; the reasons are in $reasons.
judge() {
	registrar_mail >"$LAB/message"
	registrar_deliver "$LAB/message" || return 1
	verdict=$(verdict_of "$LAB_MAIL")
	reasons=$(lab_header "$LAB_MAIL" X-Keepname | sed -n 's/.*reason=\([^;]*\).*/\1/p')
}

use_dns "$(lab_port)"
judge
tap_is 'nobody answers at the port: delivered, unproven' "$verdict" unproven
tap_like 'because of DNS' "$reasons" '(^|,)dns(,|$)'

for mode in "${modes[@]}"; do
	lab_baddns "$mode"
	use_dns "$LAB_BADDNS_PORT"
	judge
	tap_is "DNS that is $mode: delivered, unproven" "$verdict" unproven
	case $mode in
	many | huge | loop) tap_unlike "$mode: and nothing is proved" "$(lab_header "$LAB_MAIL" X-Keepname)" 'proof=' ;;
	*) tap_like "$mode: because of DNS" "$reasons" '(^|,)dns(,|$)' ;;
	esac
	lab_stop "$LAB_BADDNS_PID"
done

lab_baddns lost
use_dns "$LAB_BADDNS_PORT"
judge
tap_is 'every second answer lost: asked again, proved' "$verdict" genuine
lab_stop "$LAB_BADDNS_PID"

lab_baddns slow 300
use_dns "$LAB_BADDNS_PORT"
judge
tap_is 'slow, but within dns_timeout: proved' "$verdict" genuine
lab_stop "$LAB_BADDNS_PID"

use_dns "$LAB_DNS_PORT"
judge
tap_is 'well again: proved' "$verdict" genuine
tap_is 'nothing went unjudged' "$(grep -c 'verdict=unjudged' "$LAB/log/keepname.log" || true)" 0

# Opt-in: a listed sender that cannot be proved for want of DNS is asked to try again.
lab_keepname_conf "nameservers = {\"127.0.0.1@$(lab_port)\"}" 'dns_timeout = 1' 'on_dns_error = tempfail'
lab_keepname_reload
registrar_mail >"$LAB/message"
tap_fails 'on_dns_error = tempfail defers a listed sender' lab_send --from "bounce@$REGISTRAR" --ip "$REGISTRAR_IP" "$LAB/message"
tap_end
