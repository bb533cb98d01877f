#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname redact: what is secret is gone in whatever encoding it stood, and what recognition depends on
# is judged as before.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

command -v python3 >/dev/null || tap_skip_all 'python3 is not installed (scripts/install-deps --tests)'
mails=("$srcdir"/tests/mails/*.eml)
site_begin $((47 + ${#mails[@]}))
site_dns

# What a person could read in a mail: every header and part, decoded by a library that is not ours.
readable() {
	python3 - "$1" <<-'END'
		import email, email.policy, sys
		message = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
		for part in message.walk():
		    for name, value in part.items():
		        print(name, value)
		    if not part.is_multipart():
		        sys.stdout.buffer.write(part.get_payload(decode=True) or b"")
	END
}

secrets=(erika mustermann Müller secret-shop s3cr3tT0ken0123456789abcdef 203.0.113.77 2001:db8:1::77
	mx.private.example 4711-0815-23 6894 hisname hispassword invoice-of-erika.pdf x-customer-77)
gone() { # NAME FILE: none of the secrets can be read in it
	local secret found=''
	readable "$2" >"$LAB/readable" 2>&1
	for secret in "${secrets[@]}"; do
		! grep -qiF -- "$secret" "$LAB/readable" "$2" || found+=" $secret"
	done
	tap_is "$1" "$found" ''
}

body() {
	cat <<-'END'
		Dear Erika Mustermann,

		Please verify your email address erika.mustermann@secret-shop.de: the domain name secret-shop.de
		was registered with it. Call +49 6894 9396 850, customer 4711-0815-23.

		https://www.emailverification.info/?trigger=s3cr3tT0ken0123456789abcdef&email=erika%40secret-shop.de
		https://hisname:hispassword@www.emailverification.info/
		2026-12-06 10:00:00 secret-shop.de
		Your Domain Team at www.müller-secret-shop.de, 203.0.113.77, 2001:db8:1::77, Frau Müller
	END
}
head_of() {
	cat <<-'END'
		Return-Path: <bounce-s3cr3tT0ken0123456789abcdef@emailverification.info>
		Received: from mx.private.example (203.0.113.77) by mx.private.example for <erika@secret-shop.de>; Sun, 22 Nov 2026 10:00:00 +0000
		X-Account: x-customer-77
		From: Domain Services <noreply@emailverification.info>
		To: Erika Mustermann <erika.mustermann@secret-shop.de>, "F. =?utf-8?q?M=C3=BCller?=" <m@secret-shop.de>
		Message-ID: <s3cr3tT0ken0123456789abcdef@mx.private.example>
		Date: Sun, 22 Nov 2026 10:00:00 +0000
		MIME-Version: 1.0
	END
}
to_base64() { base64 -w 72; }
to_quoted() { python3 -c 'import quopri, sys; quopri.encode(sys.stdin.buffer, sys.stdout.buffer, False)'; }
simple() { # ENCODING ENCODER
	head_of
	printf 'Subject: =?utf-8?b?%s?=\n =?utf-8?b?%s?=\n' "$(printf 'Request for email address validation secret-sh' | base64 -w 0)" \
		"$(printf 'op.de' | base64 -w 0)"
	printf 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: %s\n\n' "$1"
	body | "$2"
}
whole() {
	head_of
	cat <<-'END'
		Subject: Request for email address validation
		Content-Type: multipart/mixed; boundary="=_outer"

		--=_outer
		Content-Type: multipart/alternative;
		 boundary=inner

		--inner
		Content-Type: text/plain; charset=utf-8
		Content-Transfer-Encoding: quoted-printable

	END
	body | to_quoted
	printf '\n--inner\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n'
	{ printf '<p>Dear Erika Mustermann,</p><pre>'; body; printf '</pre>'; } | to_base64
	printf '\n--inner--\n--=_outer\nContent-Type: application/pdf; name="invoice-of-erika.pdf"\n'
	printf 'Content-Disposition: attachment;\n filename=invoice-of-erika.pdf\nContent-Transfer-Encoding: base64\n\n'
	body | to_base64
	printf '\n--=_outer--\n'
}
redacted() { # NAME FILE OPTION...: runs it; the result in $LAB/redacted
	local name=$1 file=$2
	shift 2
	exits "$name" 0 redact "$@" "$file"
	cp "$LAB/out" "$LAB/redacted"
}

simple 8bit cat >"$LAB/plain"
simple base64 to_base64 >"$LAB/base64"
simple quoted-printable to_quoted >"$LAB/quoted"
whole >"$LAB/whole"
sed 's/$/\r/' "$LAB/whole" >"$LAB/crlf"
for form in plain base64 quoted whole crlf; do
	gone_before=$(readable "$LAB/$form" | grep -ciF erika || true)
	tap_ok "$form: the secrets can be read before" test "$gone_before" -gt 0
	redacted "$form" "$LAB/$form" --hide Müller
	gone "$form: and not afterwards" "$LAB/redacted"
	tap_like "$form: the sender stays" "$(cat "$LAB/redacted")" 'From: Domain Services <noreply@emailverification\.info>'
	tap_is "$form: its parts stay" "$(grep -ci '^Content-T' "$LAB/redacted")" "$(grep -ci '^Content-T' "$LAB/$form")"
done
tap_like 'says what it did, and what it cannot know' "$err" 'replaced [1-9][0-9]* address.*Read the result'
readable "$LAB/redacted" >"$LAB/readable"
tap_like 'links keep their form' "$(cat "$LAB/readable")" \
	'https://www\.emailverification\.info/\?trigger=[xX0]{27}&email=person%40example\.com'
tap_like 'deadlines stay' "$(cat "$LAB/readable")" '2026-12-06 10:00:00 example\.(com|net)'

kn_input=$LAB/plain
exits 'standard input' 0 redact -
kn_input=/dev/null
exits 'a file that is not there' 2 redact "$LAB/nothing"
exits 'no file' 2 redact
exits 'nothing to hide' 2 redact --hide ' ' "$LAB/plain"
redacted 'a domain of the list, hidden all the same' "$LAB/plain" --hide emailverification.info --hide Müller
tap_unlike 'is gone' "$(cat "$LAB/redacted")" 'emailverification'

# -- names that only a header or a paragraph tells, and addresses within other things
cat >"$LAB/names" <<'END'
Return-Path: <bounce+karl.kaufmann=secret-shop.de@mailer.example.net>
DKIM-Signature: v=1; a=rsa-sha256; d=emailverification.info; z=To:karl@secret-shop.de; b=AbC
From: =?utf-8?q?Domains_of_Karl_Kaufmann?= <noreply@emailverification.info>
To: "Kaufmann, Karl" <karl@secret-shop.de>, Domain Admin
 =?utf-8?q?Berta_Beispiel?= <b@secret-shop.de>
Subject: Request for email address validation, Karl Kaufmann
Content-Type: text/html; charset=utf-8

<p>Dear Gertrud Gans,</p><p>Domain Admin: Berta BEISPIEL, unsubscribe+karl=secret-shop.de@emailverification.info</p>
<td>G. Gans</td>
END
secrets=(karl kaufmann berta beispiel gertrud gans secret-shop)
redacted 'names of recipients and of a paragraph' "$LAB/names"
gone 'are gone' "$LAB/redacted"
tap_like 'roles stay' "$(cat "$LAB/redacted")" '<p>Domain Admin: '
sed -i 's/emailverification\.info/registrar-x.com/' "$LAB/names"
redacted 'a sender that is not listed' "$LAB/names"
tap_like 'keeps its domain' "$(cat "$LAB/redacted")" '<noreply@registrar-x\.com>'

# -- what hides behind a form that is not what it says
{
	printf 'Received: by x; for karl@secret-shop.de\nFrom: noreply@emailverification.info\n'
	printf 'Date: Sun, 22 Nov 2026 10:00:00 +0000 (karl@secret-shop.de)\nMIME-Version: 1.0 karl@secret-shop.de\n'
	printf 'DKIM-Signature: v=1; a=rsa-sha256; d=emailverification.info; n=karl@secret-shop.de; b=AbC\n'
	printf 'Dear karl@secret-shop.de, your code is s3cr3tT0ken0123456789: 12\n'
	printf 'Subject: x\nContent-Type: text/plain; charset=iso-2022-jp; x=karl@secret-shop.de\n\n'
	printf 'no end: \033$B karl@secret-shop.de\nhttps://emailverification.info/?t=s3cr3tT0ken0123456789\n'
	printf 'no characters: \033$Bhttps://secret-shop.de/?t=s3cr3tT0ken0123456789\033(B\n'
	printf 'kanji: \033$B$*L>A0\033(B.com\n'
} >"$LAB/odd"
secrets=(karl secret-shop s3cr3t)
redacted 'addresses in headers that hold none, escapes that do not end' "$LAB/odd"
gone 'are gone' "$LAB/redacted"
tap_like 'a date stays' "$(cat "$LAB/redacted")" $'\nDate: Sun, 22 Nov 2026 10:00:00 \\+0000 '
tap_like 'a version too' "$(cat "$LAB/redacted")" $'\nMIME-Version: 1\\.0 '
tap_like 'a charset too' "$(cat "$LAB/redacted")" 'charset=iso-2022-jp'
tap_is 'characters of two octets stay' "$(grep -c $'kanji: \033$B$\*L>A0\033(B\.com' "$LAB/redacted")" 1

# -- nothing that is judged has changed
seen() { # FILE: what check sees of it
	kn check --json --now 2026-11-23T00:00:00Z "$1"
	jq -c '[.class, .deadline, .deadline_source, (.domains | length), [.links[] | [.kind, .expected]],
		.conditions.class, .conditions.links, .conditions.fresh, .conditions.listed]' "$LAB/out"
}
for mail in "${mails[@]}"; do
	want=$(seen "$mail")
	lab_keepname redact "$mail" >"$LAB/redacted" 2>/dev/null
	tap_is "$(basename "$mail" .eml): is seen as before" "$(seen "$LAB/redacted")" "$want"
done

# -- what is hardly a mail
head -c 300000 /dev/urandom >"$LAB/noise"
exits 'noise' 0 redact "$LAB/noise"
{ printf 'Content-Type: multipart/mixed; boundary=b\n\n'; for ((i = 0; i < 40; i++)); do printf -- '--b\nContent-Type: multipart/mixed; boundary=b\n\n'; done; } >"$LAB/nested"
exits 'multiparts in multiparts' 0 redact "$LAB/nested"
tap_end
