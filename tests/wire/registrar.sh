# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The registrar of the wire tests: the real sender's name, served by the lab's own DNS with a key made
# a moment ago, a client address that its SPF record names, and a p=reject policy.
#
#   registrar_dns                        before or after lab_dns_start
#   registrar_mail [--unsigned] [NAME=VALUE]... >FILE   the verification mail, dated now
#   verdict_of FILE                      the first word of X-Keepname, "none" without one
#   registrar_begin TESTS                lab, DNS, keepname and Postfix, started, in front of each other

REGISTRAR_IP=192.0.2.10
REGISTRAR=emailverification.info

registrar_dns() {
	lab_key registrar
	lab_publish registrar demo "$REGISTRAR"
	lab_dns_txt "$REGISTRAR" "v=spf1 ip4:$REGISTRAR_IP -all"
	lab_dns_txt "_dmarc.$REGISTRAR" 'v=DMARC1; p=reject'
}

registrar_mail() {
	local unsigned=
	if [[ ${1-} == --unsigned ]]; then
		unsigned=yes
		shift
	fi
	lab_fill "$srcdir/tests/lab/verification.eml" TOKEN=0123456789abcdef "$@" |
		if [[ $unsigned ]]; then cat; else lab_sign registrar demo "$REGISTRAR"; fi
}

# registrar_deliver [OPTION of lab_deliver]... FILE: as the registrar's own server would.
registrar_deliver() { lab_deliver --from "bounce@$REGISTRAR" --ip "$REGISTRAR_IP" "$@"; }

verdict_of() {
	local value
	value=$(lab_header "$1" X-Keepname | head -n 1)
	value=${value%%;*}
	printf '%s\n' "${value:-none}"
}

# The log lines of one queue id.
log_of() { grep -F "$1" "$LAB/log/keepname.log" || true; }

registrar_begin() {
	local reason
	reason=$(lab_missing)
	[[ -z $reason ]] || tap_skip_all "$reason"
	tap_plan "$1"
	shift
	lab_begin
	registrar_dns
	lab_dns_start
	lab_keepname_conf "$@"
	lab_keepname_start
	lab_postfix_start --milter "$(lab_keepname_milter)"
}
