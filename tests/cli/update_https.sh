#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname senders update from a URL, by https, as it is installed: the system's certificates are the lab's
# own, in a mount namespace of the command. A server that is not trusted, has another name, redirects to
# http, has nothing, cuts off or sends too much changes nothing; a good release is taken.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/lab/web.sh
. "$srcdir/tests/lab/web.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

command -v minisign >/dev/null || tap_skip_all 'minisign is not installed (scripts/install-deps --tests)'
bundle=/etc/ssl/certs/ca-certificates.crt
[[ -e $bundle ]] || tap_skip_all "no $bundle to put the lab's certificates over"
unshare -m true 2>/dev/null || tap_skip_all 'no mount namespace can be made here (unshare -m)'
site_begin 30
minisign -G -W -p "$LAB/one.pub" -s "$LAB/one.key" >/dev/null
lab_certificate "$LAB/cert" IP:127.0.0.1
lab_certificate "$LAB/elsewhere" DNS:elsewhere.example
cat "$LAB/cert.crt" "$LAB/elsewhere.crt" >"$LAB/bundle"
lab_web secure "$LAB/cert"
good=https://127.0.0.1:$LAB_WEB_PORT
lab_web misnamed "$LAB/elsewhere"
misnamed=https://127.0.0.1:$LAB_WEB_PORT
lab_web plain
plain=http://127.0.0.1:$LAB_WEB_PORT
lab_keepname_conf "update_keys = { \"$(tail -n 1 "$LAB/one.pub")\" }" "update_url = \"$good/release\""
site_records </dev/null

mkdir "$LAB/lists"
cat >"$LAB/lists/a.list" <<'END'
Sender: fresh
From: noreply@fresh-registrar.example
Registrar: Fresh
Classes: wdrp
Confidence: A
Last-Seen: 2026-08
Evidence: https://example.org/seen
END
"$srcdir/scripts/raise-release" --lists "$LAB/lists" --to 50 >/dev/null
"$srcdir/scripts/sign-release" "$LAB/web/release" --key "$LAB/one.key" --lists "$LAB/lists" >/dev/null
everything() { sqlite3 -readonly "$site_database" "SELECT * FROM sender; SELECT * FROM stanza; SELECT * FROM meta" | sha256sum; }
before=$(everything)

# update STATUS NAME [ARGUMENT]...: with the lab's certificates as the system's.
update() {
	local rc=0
	unshare -m sh -c 'mount --bind "$1" "$2" && shift 2 && exec "$@"' sh "$LAB/bundle" "$bundle" \
		"$builddir/progs/keepname" -c "$LAB/keepname/keepname.conf" senders update "${@:3}" \
		>"$LAB/out" 2>"$LAB/err" </dev/null || rc=$?
	out=$(<"$LAB/out") err=$(<"$LAB/err")
	tap_is "$2: exit status" "$rc" "$1"
}
changes_nothing() { # NAME URL ERE
	update 2 "$1" --yes "$2"
	tap_like "$1: why" "$err" "$3"
	tap_is "$1: nothing has changed" "$(everything)" "$before"
}

update 0 'a look' --dry-run "$good/release"
tap_like 'shows what is new' "$out" '\+ fresh'
tap_is 'and changes nothing' "$(everything)" "$before"
changes_nothing 'a certificate for another name' "$misnamed/release" '[Cc]ertificate|name'
changes_nothing 'by http' "$plain/release" 'https'
changes_nothing 'a redirect to http' "$good/to/302?$plain/release" 'https?'
changes_nothing 'nothing there' "$good/none" '404'
changes_nothing 'no signature beside it' "$good/status/500/release" '500'
changes_nothing 'cut off' "$good/cut" '.'
changes_nothing 'too much' "$good/giant/99999999999" 'octets|large|limit'
kn senders update --yes "$good/release"
tap_ok 'with certificates that do not know it' test "$(everything)" = "$before"
update 0 'from update_url' --yes
tap_is 'it is taken' "$(ask "SELECT count(*) FROM sender WHERE origin = 'shipped'")" 1
tap_is 'the run is noted' "$(ask "SELECT good_at > 0 FROM run WHERE name = 'update'")" 1
update 1 'once more' --yes
tap_like 'is in use already' "$err" 'in use already'
tap_end
