#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What keepname fetches by http and https: limits of size, time and redirects; nothing that a server
# does makes it follow elsewhere, wait longer, or take half an answer for a whole one.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"

unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY
command -v python3 >/dev/null || tap_skip_all 'no python3 here (scripts/install-deps --tests)'
tap_plan 47

lab_begin
lab_web plain
plain=http://127.0.0.1:$LAB_WEB_PORT
printf '{"a":1}' >"$LAB/web/a.json"
fetch() { "$lab_tools/fetch" "$@"; }
redirects=5 url_octets=2048 at_once=64 # LIMIT_FETCH_REDIRECTS, LIMIT_FETCH_URL, LIMIT_FETCHES

# -- what is an answer
tap_is 'a file, whole' "$(fetch -p "$plain/a.json")" 'answered 200 -1 7 {"a":1}'
tap_is 'what is not there is an answer' "$(fetch -p "$plain/none")" 'answered 404 -1 17 {"errorCode":404}'
tap_is 'an error of the server, too' "$(fetch -p "$plain/status/500")" 'answered 500 -1 0 '
tap_is 'slow down: with how long' "$(fetch -p "$plain/retry/429/17")" 'answered 429 17 0 '
date=$(LC_ALL=C date -u -d '+1 hour' '+%a, %d %b %Y %H:%M:%S GMT')
tap_like 'or until when' "$(fetch -p "$plain/retry/503/${date// /%20}" 2>&1)" '^answered 503 -1 0 '
tap_is 'the Accept header is what was asked for' "$(fetch -p -a application/rdap+json "$plain/accept")" \
	'answered 200 -1 21 application/rdap+json'
tap_is 'what says it is compressed is not unpacked' "$(fetch -p "$plain/gzip/a.json")" 'answered 200 -1 7 {"a":1}'

# -- URLs
requests=$(wc -l <"$LAB/log/plain.requests")
refused() { # NAME WHY ARGUMENT...
	tap_like "$1" "$(fetch "${@:3}")" "^refused 0 -1 0 .*$2"
}
refused 'http where https is wanted' 'https is wanted' "$plain/a.json"
refused 'a file' 'neither https nor http' -p "file://$LAB/web/a.json"
refused 'ftp' 'neither https nor http' -p "ftp://127.0.0.1:$LAB_WEB_PORT/a.json"
refused 'gopher, in capitals' 'neither https nor http' -p "GOPHER://127.0.0.1:$LAB_WEB_PORT/a.json"
refused 'a user name in it' '' -p "http://me:secret@127.0.0.1:$LAB_WEB_PORT/a.json"
refused 'a blank in it' 'blanks' -p "$plain/a b"
refused 'a line break in it' 'blanks' -p "$plain/a"$'\r\n'"X-Header: y"
refused 'what is no URL' '' -p 'http://'
refused 'nothing' 'neither' -p ''
tap_is 'nothing of that was sent' "$(wc -l <"$LAB/log/plain.requests")" "$requests"
url=$plain/$(printf '%*s' $((url_octets - ${#plain} - 1)) '' | tr ' ' a)
tap_like 'LIMIT_FETCH_URL octets are asked for' "$(fetch -p "$url")" '^answered 404'
refused 'one more is not' 'too long' -p "${url}a"

# -- redirects
tap_is 'LIMIT_FETCH_REDIRECTS redirects are followed' "$(fetch -p "$plain/hop/$redirects/a.json")" 'answered 200 -1 7 {"a":1}'
refused 'one more is not' 'redirect too many' -p "$plain/hop/$((redirects + 1))/a.json"
refused 'a loop ends' 'redirect too many' -p "$plain/loop/0"
refused 'a redirect to a file' 'neither https nor http' -p "$plain/to/302?file://$LAB/web/a.json"
refused 'to gopher' 'neither https nor http' -p "$plain/to/301?gopher://127.0.0.1:25/x"
refused 'to what holds a user name' '' -p "$plain/to/302?http://a:b@127.0.0.1:$LAB_WEB_PORT/a.json"
tap_is 'a relative one' "$(fetch -p "$plain/to/307?/a.json")" 'answered 200 -1 7 {"a":1}'
tap_like 'a redirect that says no place is an answer' "$(fetch -p "$plain/status/302")" '^answered 302'

# -- https
lab_certificate "$LAB/cert" IP:127.0.0.1
lab_web secure "$LAB/cert"
secure=https://127.0.0.1:$LAB_WEB_PORT
tap_is 'https' "$(fetch -c "$LAB/cert.crt" "$secure/a.json")" 'answered 200 -1 7 {"a":1}'
tap_like 'whose certificate nobody vouches for' "$(fetch "$secure/a.json")" '^failed 0 -1 0 .*certificate'
tap_like 'whose certificate is for another' "$(fetch -c "$LAB/cert.crt" "https://localhost:$LAB_WEB_PORT/a.json")" '^failed 0 -1 0 '
refused 'from https to http, even where http is good enough' 'from https to http' -p -c "$LAB/cert.crt" "$secure/to/302?$plain/a.json"
tap_is 'from http to https' "$(fetch -p -c "$LAB/cert.crt" "$plain/to/302?$secure/a.json")" 'answered 200 -1 7 {"a":1}'
refused 'and from there back to http' 'from https to http' -p -c "$LAB/cert.crt" "$plain/to/302?$secure/to/302?$plain/a.json"

# -- size
tap_like 'as many octets as may be' "$(fetch -p -m 100000 "$plain/giant/100000")" '^answered 200 -1 100000 '
tap_is 'one more' "$(fetch -p -m 100000 "$plain/giant/100001")" 'too-large 0 -1 0 more than 100000 octets'
tap_is 'whose length was not said' "$(fetch -p -m 100000 "$plain/giant/100001/chunked")" 'too-large 0 -1 0 more than 100000 octets'
tap_is 'a giant is not awaited' "$(fetch -p -m 100000 "$plain/giant/99999999999/chunked")" 'too-large 0 -1 0 more than 100000 octets'
tap_like 'headers without end' "$(fetch -p "$plain/headers")" '^failed 0 -1 0 '

# -- time
tap_is 'a server that is silent' "$(fetch -p -s 500 "$plain/silent")" 'too-slow 0 -1 0 no whole answer within 1 s'
tap_is 'one that drips' "$(fetch -p -s 500 "$plain/drip")" 'too-slow 0 -1 0 no whole answer within 1 s'

# -- nonsense
tap_like 'half an answer is none' "$(fetch -p "$plain/cut")" '^failed 0 -1 0 '
tap_like 'no HTTP' "$(fetch -p "$plain/garbage")" '^failed 0 -1 0 '
tap_like 'nobody there' "$(fetch -p "http://127.0.0.1:$(lab_port)/")" '^failed 0 -1 0 '

# -- a proxy of the environment
tap_like 'a proxy is asked' "$(http_proxy=$plain fetch -p http://registry.example/a.json)" '^answered 404'
tap_is 'for the whole URL' "$(tail -n 1 "$LAB/log/plain.requests" | cut -d' ' -f2)" http://registry.example/a.json

# -- several at once
out=$(fetch -p -s 1000 "$plain/silent" "$plain/a.json" "$plain/none" "file:///etc/passwd" | cut -d' ' -f1,2)
tap_is 'one that is silent keeps no other back' "$(head -n 3 <<<"$out" | sort | tr '\n' ','):$(tail -n 1 <<<"$out")" \
	'answered 200,answered 404,refused 0,:too-slow 0'
out=$(fetch -p -n $((at_once + 1)) "$plain/a.json" || true)
tap_is 'LIMIT_FETCHES at the same time, not one more' "$(grep -c '^answered 200' <<<"$out") $(tail -n 1 <<<"$out")" \
	"$at_once not taken: 1 of more than $at_once"
tap_end
