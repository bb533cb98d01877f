#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# More than one hop: an edge with keepname in front of a server with keepname, a backup MX without, a
# gateway that rewrites links, a forwarder and a mailing list; what each setting of trusted_networks,
# believed_networks and authserv_id gives (doc/hops.md), and that no way lets a forged header through.
#
# Each server is a real Postfix. The inner one, where everything ends, is told (XCLIENT) that the edge is
# 192.0.2.21, the backup MX .22 and the gateway .23: loopback addresses have no SPF.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"

# relay NAME ADDRESS [--rewrite] [OPTION of lab_postfix_start]...: a Postfix that hands all on to the inner one.
relay() {
	local name=$1 address=$2 links='s,^,,'
	shift 2
	[[ ${1-} != --rewrite ]] || { links='s,https://[^ ]*,https://links.gateway.example/?u=&,' && shift; }
	lab_postfix_use "$name"
	install -d -o nobody "$LAB/onward/$name"
	onward "$name" "$address" "$links" >"$LAB/onward/$name/hand"
	lab_postfix_start --set 'virtual_mailbox_domains =' --set "relay_domains = $LAB_DOMAINS" \
		--set "myhostname = $name.lab.test" --set 'relay_transport = onward:' \
		--services "onward unix - n n - - pipe user=nobody argv=/bin/sh $LAB/onward/$name/hand \${sender} \${recipient}" "$@"
}

# The script that hands on, as a content filter does. The gateway's sends every link through its own host,
# as "safe links" do.
onward() {
	cat <<-END
		{ sed '$3; s/^\./../; s/\$/\\r/' && printf .; } >"\$0.\$\$"
		$(command -v swaks) --server 127.0.0.1 --port $inner --helo $1.lab.test --hide-all \
			--xclient-addr $2 --xclient-name '[UNAVAILABLE]' \
			--from "\$1" --to "\$2" --data "@\$0.\$\$" --no-data-fixup || exit 75
	END
}

# inner_conf [LINE]...: the inner server's settings from here on.
inner_conf() {
	lab_keepname_use
	lab_keepname_conf "$@"
	lab_keepname_reload
}

# via NAME [OPTION of lab_send]... FILE: the registrar's server sends it to NAME; delivered by the inner one.
via() {
	lab_postfix_use "$1"
	shift
	registrar_deliver "$@"
}
x_keepname() { lab_header "$LAB_MAIL" X-Keepname; }
priorities() { lab_header "$LAB_MAIL" X-Priority | cat - <(lab_header "$LAB_MAIL" Importance) <(lab_header "$LAB_MAIL" Priority) | paste -sd, ; }
# How many mails the inner server's log says it judged.
judged() { grep -c ' verdict=' "$LAB/log/keepname.log" || true; }
# pendings NAME
pendings() {
	lab_keepname_use "$1"
	lab_keepname pending --json | grep -c '"id"' || true
}
claims() { printf 'X-Keepname: genuine; class=verification; by=%s\n' "$@"; cat; }

registrar_begin 37
inner=$LAB_SMTP_PORT
lab_keepname_use edge
lab_keepname_conf 'authserv_id = {"edge.lab.test"}'
lab_keepname_start
mkdir -m 711 "$LAB/onward"
relay edge 192.0.2.21 --milter "$(lab_keepname_milter)" \
	--set "header_checks = regexp:$srcdir/packaging/setup/postfix/keepname-header_checks"
relay backup 192.0.2.22
relay gateway 192.0.2.23 --rewrite --milter "$(lab_keepname_milter)"
registrar_mail --unsigned >"$LAB/unsigned"
registrar_mail >"$LAB/signed"
lab_fill "$srcdir/tests/lab/plain.eml" >"$LAB/plain"

# ---- edge and inner server with keepname, the edge believed
names='authserv_id = {"mx.lab.test", "edge.lab.test"}'
inner_conf "$names" 'believed_networks = {"192.0.2.21", "192.0.2.23"}'
before=$(judged)
via edge "$LAB/unsigned"
tap_like 'what the edge proved by SPF is believed' "$(x_keepname)" '^genuine; .*proof=spf:.*by=edge\.lab\.test$'
via edge "$LAB/signed"
tap_like 'what it proved by DKIM too' "$(x_keepname)" '^genuine; .*proof=dkim:.*by=edge\.lab\.test$'
tap_is 'in one header' "$(lab_header_count "$LAB_MAIL" X-Keepname)" 1
tap_is 'the priority headers stand there once' "$(priorities)" '1 (Highest),high,urgent'
tap_is 'the inner server did not judge them again' "$(judged)" "$before"
tap_is 'nor record them' "$(pendings '')" 0
tap_is 'the edge has the record' "$(pendings edge)" 1

claims edge.lab.test mx.lab.test other.example <"$LAB/plain" >"$LAB/claim"
via edge "$LAB/claim"
tap_is 'a stranger cannot have a header believed through the edge' "$(x_keepname)" ''
lab_postfix_use
lab_deliver --ip 192.0.2.21 "$LAB/claim"
tap_like 'from the edge itself, only the header by its name is kept' "$(x_keepname)" '^genuine; [^,]*by=edge\.lab\.test$'
claims other.example <"$LAB/plain" >"$LAB/claim.other"
lab_deliver --ip 192.0.2.21 "$LAB/claim.other"
tap_is 'by another name it is not' "$(x_keepname)" ''
lab_deliver --ip 192.0.2.22 "$LAB/claim"
tap_is 'nor from another address' "$(x_keepname)" ''

# ---- a gateway with keepname in front of its rewriting
via gateway "$LAB/signed"
tap_like 'a gateway that judges before it rewrites: genuine' "$(x_keepname)" '^genuine; .*by=edge\.lab\.test$'
tap_ok 'with the links rewritten behind' grep -q 'https://links.gateway.example/' "$LAB_MAIL"

# ---- the edge's keepname down
lab_keepname_use edge
lab_keepname_stop
via edge "$LAB/claim"
tap_is 'the edge without its filter lets no forged header through' "$(x_keepname)" ''
via edge "$LAB/signed"
tap_like 'and the inner server judges what it left unjudged' "$(x_keepname)" '^genuine; .*proof=dkim:.*by=mx\.lab\.test$'
tap_is 'with its priority headers' "$(priorities)" '1 (Highest),high,urgent'

# ---- a gateway without keepname
via gateway "$LAB/signed"
tap_like 'a rewriting gateway that is known as ours: unproven, and why' "$(x_keepname)" \
	'^unproven; reason=[a-z,-]*dkim-fail,spf[a-z,-]*;'
tap_ok 'a person is to see it' test "$(lab_keepname_use && lab_keepname pending --json | grep -c '"state": "review"')" -gt 0
inner_conf
via gateway "$LAB/signed"
tap_like 'one that is not known as ours makes it forged' "$(x_keepname)" '^forged; reason=[a-z,-]*dkim-fail,spf[a-z,-]*dmarc;'

# ---- both with keepname, without trust
lab_keepname_use edge
lab_keepname_start
via edge "$LAB/signed"
tap_like 'an edge that is not believed: judged anew, DKIM proves it' "$(x_keepname)" '^genuine; .*proof=dkim:[^,]*by=mx\.lab\.test$'
tap_is 'one header' "$(lab_header_count "$LAB_MAIL" X-Keepname)" 1
tap_is 'and the priority headers of the edge are not doubled' "$(priorities)" '1 (Highest),high,urgent'
via edge "$LAB/unsigned"
tap_like 'unsigned mail is called forged, for SPF is about the edge' "$(x_keepname)" '^forged; '
inner_conf "$names" 'trusted_networks = {"192.0.2.21", "192.0.2.22"}'
via edge "$LAB/unsigned"
tap_like 'from one of ours it is unproven' "$(x_keepname)" '^unproven; reason=[a-z,-]*spf'
via edge "$LAB/signed"
tap_like 'a relay of ours that is not believed is judged anew' "$(x_keepname)" '^genuine; .*by=mx\.lab\.test$'

# ---- a backup MX without keepname
via backup "$LAB/signed"
tap_like 'through a backup MX, DKIM proves' "$(x_keepname)" '^genuine; .*proof=dkim:[^,]*by=mx\.lab\.test$'
via backup "$LAB/unsigned"
tap_like 'unsigned mail is unproven, not forged' "$(x_keepname)" '^unproven; reason=[a-z,-]*spf'
via backup --from evil@sender.example --ip 198.51.100.7 "$LAB/claim"
tap_is 'what a stranger claims there is not believed' "$(x_keepname)" ''
{ claims mx.lab.test edge.lab.test <"$LAB/unsigned"; } >"$LAB/claim.registrar"
via backup --from evil@sender.example --ip 198.51.100.7 "$LAB/claim.registrar"
tap_like 'nor on mail that is judged' "$(x_keepname)" '^unproven; .*by=mx\.lab\.test$'
inner_conf "$names"
via backup "$LAB/unsigned"
tap_like 'a backup MX that is not known as ours makes it forged' "$(x_keepname)" '^forged; '

# ---- others' servers
lab_postfix_use
lab_deliver --ip 198.51.100.7 --from 'srs0=x=bounce@forwarder.example' "$LAB/signed"
tap_like 'a forwarder that changes nothing: DKIM proves' "$(x_keepname)" '^genuine; .*proof=dkim:'
claims mx.lab.test edge.lab.test <"$LAB/signed" >"$LAB/claim.signed"
lab_deliver --ip 198.51.100.7 --from 'srs0=x=bounce@forwarder.example' "$LAB/claim.signed"
tap_is 'the header of a keepname elsewhere goes' "$(lab_header_count "$LAB_MAIL" X-Keepname)" 1
tap_like 'ours is set' "$(x_keepname)" 'by=mx\.lab\.test$'
{ sed 's/^Subject: /&[owners] /' "$LAB/signed" && printf '%s\n' '-- ' 'owners mailing list'; } >"$LAB/list"
lab_deliver --ip 198.51.100.8 --from owners-bounces@lists.example "$LAB/list"
tap_like 'a mailing list that breaks the signature: forged, as DMARC says' "$(x_keepname)" \
	'^forged; reason=[a-z,-]*dkim-fail,spf[a-z,-]*dmarc;'
sed 's/^From: .*/From: Domain Services via owners <owners@lists.example>/' "$LAB/list" >"$LAB/list.from"
lab_deliver --ip 198.51.100.8 --from owners-bounces@lists.example "$LAB/list.from"
tap_is 'one that writes its own From: nobody whom we list' "$(x_keepname)" ''
tap_is 'nothing went unjudged' "$(grep -h -c 'verdict=unjudged' "$LAB"/log/keepname*.log | paste -sd+ | bc)" 0
tap_is 'no mail was returned or put off' "$(grep -hE 'status=(bounced|deferred)' "$LAB"/log/postfix*.log || true)" ''
tap_end
