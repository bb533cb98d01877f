#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname-inquirer in front of registries' name servers (NSD), well-behaved and not: what each of them
# says of a delegation, and what none can make it do.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"

command -v nsd >/dev/null || tap_skip_all 'nsd is not installed (scripts/install-deps --tests)'
tap_plan 33
lab_begin

inquirer=$builddir/progs/keepname-inquirer
# inquire NAME ADDRESS...: what it says of each, in the order of the addresses
inquire() { "$lab_tools/inquire" "$inquirer" "$LAB_NSD_PORT" "$@" | sort -V; }
said() { inquire "$@" | cut -d' ' -f2-; }

many=()
for i in {10..35}; do
	many+=("many.com. IN NS a-name-server-with-a-long-name-$i.in-a-zone-of-its-own-$i.example.")
done
lab_nsd_zone one com \
	'a.com. IN NS NS2.a.com.' 'a.com. IN NS ns1.elsewhere.net.' 'ns2.a.com. IN A 192.0.2.1' \
	'*.wild.com. IN A 192.0.2.7' 'host.com. IN A 192.0.2.2' 'alias.com. IN CNAME a.com.' "${many[@]}"
lab_nsd_zone one uk 'co.uk. IN NS ns.co.uk.' 'ns.co.uk. IN A 192.0.2.3'
lab_nsd_zone one here.com 'here.com. IN NS ns.here.com.' 'ns.here.com. IN A 192.0.2.4'
lab_nsd one 127.0.0.2 com uk here.com
lab_nsd_zone two com 'other.com. IN NS ns.other.com.'
lab_nsd two 127.0.0.3 com

# -- what a zone says
tap_is 'a referral' "$(said a.com 127.0.0.2)" 'delegated ns1.elsewhere.net ns2.a.com'
tap_is 'its name in capitals' "$(said A.COM 127.0.0.2)" 'delegated ns1.elsewhere.net ns2.a.com'
tap_is 'no such name' "$(said none.com 127.0.0.2)" 'no such name'
tap_is 'a name without name servers' "$(said host.com 127.0.0.2)" 'no name servers'
tap_is 'an alias' "$(said alias.com 127.0.0.2)" 'no name servers'
tap_is 'a wild card' "$(said x.wild.com 127.0.0.2)" 'no name servers'
tap_is 'the server of both zones' "$(said here.com 127.0.0.2)" 'delegated ns.here.com ns.one.test'
tap_is 'of a name below, the zone between is named' "$(said a.co.uk 127.0.0.2)" 'lame'
tap_is 'a zone that it does not serve' "$(said a.net 127.0.0.2)" 'an error'
tap_is 'two servers that disagree: each its own' "$(inquire a.com 127.0.0.2 127.0.0.3)" \
	$'127.0.0.2 delegated ns1.elsewhere.net ns2.a.com\n127.0.0.3 no such name'

# -- more than a packet by UDP holds
tap_like 'truncated: by TCP' "$(said many.com 127.0.0.2)" '^delegated a-name-server-with-a-long-name-10\.'
tap_is 'LIMIT_NAMESERVERS of them are kept' "$(said many.com 127.0.0.2 | wc -w)" 17

# -- servers that misbehave
bad() { # MODE WANT NAME
	lab_nsd_bad "$1" 127.0.0.4
	tap_is "$3" "$(said a.com 127.0.0.4)" "$2"
	lab_stop "$LAB_BADDNS_PID"
}
bad silent silent 'silent'
bad servfail 'an error' 'SERVFAIL'
bad refused 'an error' 'REFUSED'
bad nxdomain lame 'NXDOMAIN without authority'
bad empty lame 'nothing'
bad garbage silent 'garbage'
bad loop lame 'an alias of itself'
bad truncated silent 'truncated, and hangs up by TCP'
bad drip silent 'truncated, and drips by TCP'
bad wrongid silent 'the right answer with another identification'
bad wrongname silent 'the right answer to another question'
bad formerr 'delegated ns1.elsewhere.net ns2.a.com' 'no EDNS: asked again without'
lab_nsd_bad slow 127.0.0.4 300
tap_is 'slow' "$(said a.com 127.0.0.4)" 'delegated ns1.elsewhere.net ns2.a.com'
lab_stop "$LAB_BADDNS_PID"
bad lost 'delegated ns1.elsewhere.net ns2.a.com' 'every second packet lost: asked again'
tap_is 'nobody there' "$(said a.com 127.0.0.4)" silent
tap_is 'no such network' "$(said a.com 2001:db8::1)" silent

# -- several
lab_nsd_bad silent 127.0.0.4
tap_is 'one that is silent keeps no other back' \
	"$("$lab_tools/inquire" "$inquirer" "$LAB_NSD_PORT" a.com 127.0.0.4 127.0.0.2 | head -n 1)" \
	'127.0.0.2 delegated ns1.elsewhere.net ns2.a.com'
lab_stop "$LAB_BADDNS_PID"
at_once=128 # LIMIT_INQUIRIES: more wait in the socket
tap_is 'more than LIMIT_INQUIRIES: all are answered, whatever descriptors it was started with' \
	"$("$lab_tools/inquire" -n $((at_once + 100)) "$inquirer" "$LAB_NSD_PORT" a.com 127.0.0.2 10</dev/null 11</dev/null 12</dev/null | sort | uniq -c | tr -s ' ')" \
	" $((at_once + 100)) 127.0.0.2 delegated ns1.elsewhere.net ns2.a.com"

# -- itself
tap_fails 'without a socket it does not start' "$inquirer"
tap_fails 'nor with a wrong port' "$inquirer" -p 70000
# Every inquirer that ran has been sealed: only then it asks. What it may: from its filter.
tap_is 'it links no library that reads mail or data' "$(readelf -d "$inquirer" | grep -cE 'NEEDED.*(sqlite|unbound|curl|jansson|psl|milter)' || true)" 0
tap_end
