#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Mail that means to be taken for a registrar's: the known attacks on what mail programs make of each
# other's work, each through real SMTP, real Postfix, real DNS and real signatures. None is boosted, and
# each is seen for what it is. What Postfix would refuse or mend before a filter sees it is in
# hostile_protocol.sh.
#
# The attacker has what attackers have: domains of his own with keys, SPF records and odd names in DNS,
# and mails that the registrar really signed. The untouched mail is genuine at the beginning and at the
# end, or nothing here would prove anything.
set -euo pipefail
shopt -s lastpipe # attack counts, at the end of a pipe
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"

ATTACKER=evil.example
ATTACKER_IP=198.51.100.66

registrar_begin 106

lab_key attacker
lab_key short rsa:512
lab_publish attacker demo "$ATTACKER"
lab_dns_txt "$ATTACKER" "v=spf1 ip4:$ATTACKER_IP -all"

original() { registrar_mail --unsigned; }
signed() { lab_sign registrar demo "$REGISTRAR" "$@"; }      # by the registrar
counterfeit() { lab_sign attacker demo "$ATTACKER"; }   # by the attacker, for his own domain
replayed() { registrar_mail; }                          # what the registrar sent to somebody

# One line: "VERDICT REASONS", and "boosted" where it was.
outcome() {
	local header reason boosted=''
	header=$(lab_header "$LAB_MAIL" X-Keepname | head -n 1)
	reason=$(sed -n 's/.*; reason=\([a-z,-]*\);.*/\1/p' <<<"$header")
	[[ $(lab_header_count "$LAB_MAIL" Importance) == 0 ]] || boosted=' boosted'
	[[ $(lab_header_count "$LAB_MAIL" X-Keepname) -le 1 ]] || boosted+=' marked twice'
	printf '%s %s%s\n' "$(verdict_of "$LAB_MAIL")" "${reason:--}" "$boosted"
}

# attack NAME WANT [OPTION of lab_deliver]... <MESSAGE: what comes of it is WANT, a regular expression
# over outcome. It comes from the attacker's server unless told.
attack() {
	local name=$1 want=$2
	shift 2
	cat >"$LAB/message"
	(($#)) || set -- --from "bounce@$ATTACKER" --ip "$ATTACKER_IP"
	if lab_deliver "$@" "$LAB/message"; then
		tap_like "$name" "$(outcome)" "^($want)\$"
	else
		tap_is "$name: delivered" refused "$want"
	fi
}
from_registrar=(--from "bounce@$REGISTRAR" --ip "$REGISTRAR_IP")
GENUINE='genuine - boosted'

original | signed | attack 'the mail itself' "$GENUINE" "${from_registrar[@]}"
replayed | attack 'and replayed, as long as it is the same' "$GENUINE"

# -- names in a signature -----------------------------------------------------------------------
# The key that is found belongs to the attacker; d= or s= reads as if it did not.
lab_dns_txt "demo._domainkey.$REGISTRAR.$ATTACKER" "$("$lab_tools/dkimsign" --dns -k "$LAB/keys/attacker")"
key_at() { lab_dns "$1 5 IN TXT \"v=DKIM1; k=rsa;\" \"$("$lab_tools/dkimsign" --dns -k "$LAB/keys/attacker" | sed 's/.*\(p=\)/\1/; s/.\{240\}/&" "/')\""; }
key_at "demo._domainkey.emailverification\\.info.$ATTACKER."
key_at "demo._domainkey.\"emailverification.info\".$ATTACKER."
key_at "demo._domainkey.emailverification.info\\\".$ATTACKER."
key_at "demo._domainkey.emailverification.info\\(.$ATTACKER."
key_at "demo._domainkey.emailverification.info\\000.$ATTACKER."
key_at "demo._domainkey.emailverification.info\\009.$ATTACKER."
odd() { # NAME D S
	original | lab_sign attacker "$3" "$2" --coded | attack "$1" '(unproven|forged) [a-z,-]*dkim-(none|fail)[a-z,-]*'
}
odd 'd= is the name below the attacker'\''s' "$REGISTRAR.$ATTACKER" demo
odd 'd= with a NUL after the name' "$REGISTRAR%00.$ATTACKER" demo
odd 'd= with a NUL and nothing else' "$REGISTRAR%00" demo
odd 'd= with a backslash' "emailverification\\.info.$ATTACKER" demo
odd 'd= in quotes' "\"$REGISTRAR\".$ATTACKER" demo
odd 'd= with a quote' "$REGISTRAR\".$ATTACKER" demo
odd 'd= with a bracket' "$REGISTRAR(.$ATTACKER" demo
odd 'd= with a comment' "$REGISTRAR(.$ATTACKER)" demo
odd 'd= with an at sign' "$REGISTRAR@$ATTACKER" demo
odd 'd= with a tab' "$REGISTRAR%09.$ATTACKER" demo
odd 'd= with a line end' "$REGISTRAR%0D%0A .$ATTACKER" demo
odd 'd= with 8-bit octets' "$REGISTRAR%E3%80%82$ATTACKER" demo
odd 'd= with a slash' "$REGISTRAR/.$ATTACKER" demo
odd 's= ends in a NUL, behind the attacker'\''s name' "$REGISTRAR" "demo._domainkey.$ATTACKER.%00"
odd 's= with a NUL' "$REGISTRAR" "demo%00"
odd 's= that is a whole name' "$REGISTRAR" "demo._domainkey.$ATTACKER."
odd 's= with a question mark' "$REGISTRAR" "demo._domainkey.$ATTACKER?"
odd 's= with a number sign' "$REGISTRAR" "demo._domainkey.$ATTACKER#"
odd 'd= is the suffix alone' info demo
original | lab_sign attacker demo "$ATTACKER" -i "@$REGISTRAR" |
	attack 'i= of the registrar, d= of the attacker' '(unproven|forged) [a-z,-]*dkim-(none|fail)[a-z,-]*'
original | counterfeit | attack 'the attacker'\''s own good signature' '(unproven|forged) dkim-none[a-z,-]*'
replayed | sed 's/^\(\tb=\|.*; b=\)/&AAAA/' | attack 'the registrar'\''s signature with other octets' '(unproven|forged) [a-z,-]*dkim-fail[a-z,-]*'

# -- the envelope -------------------------------------------------------------------------------
# SPF passes for the attacker's own domain only, whatever the path seems to say.
path() { original | attack "$1" "${3-forged [a-z,-]*spf[a-z,-]*|unproven [a-z,-]*spf[a-z,-]*}" --from "$2" --ip "$ATTACKER_IP"; }
path 'MAIL FROM of the attacker' "bounce@$ATTACKER"
path 'MAIL FROM: the registrar'\''s address in the local part' "bounce=$REGISTRAR@$ATTACKER"
path 'MAIL FROM: the same in quotes' "\"bounce@$REGISTRAR\"@$ATTACKER"
path 'MAIL FROM: a route' "@$REGISTRAR:bounce@$ATTACKER"
path 'MAIL FROM: a name below the attacker'\''s' "bounce@$REGISTRAR.$ATTACKER"
path 'MAIL FROM: a percent route' "bounce%$REGISTRAR@$ATTACKER"
path 'the null sender, with the registrar'\''s name at HELO' '<>'
original | attack 'MAIL FROM of the registrar, from elsewhere' 'forged [a-z,-]*spf[a-z,-]*' --from "bounce@$REGISTRAR" --ip "$ATTACKER_IP"

# -- who it is from -----------------------------------------------------------------------------
# The registrar's name where one reader looks, the attacker's, proved, where another does.
OTHER="From: Domain Services <service@$ATTACKER>"
author() { # NAME SED-EXPRESSION [WANT]: signed by the attacker after that change
	original | sed "$2" | counterfeit | attack "$1" "${3-(unproven|forged|none|unlisted) [a-z,-]*}"
}
author 'two From, the registrar'\''s above' "s/^From: .*/&\n$OTHER/" 'unproven [a-z,-]*from-count[a-z,-]*'
author 'two From, the attacker'\''s above' "s/^From: .*/$OTHER\n&/" 'unproven [a-z,-]*from-count[a-z,-]*'
author 'a space before the colon of the first' "s/^From: \(.*\)/From : \1\n$OTHER/" 'unproven [a-z,-]*from-count[a-z,-]*'
author 'a second From with a space before its colon' "s/^From: \(.*\)/$OTHER\nFrom : \1/" 'unproven [a-z,-]*from-count[a-z,-]*'
author 'a folded second From' "s/^From: \(.*\)/$OTHER\nFrom:\n \1/" 'unproven [a-z,-]*from-count[a-z,-]*'
author 'From that begins with an empty line of folding' 's/^From: \(.*\)/From:\n \n \1/' '(unproven|none|forged) [a-z,-]*'
author 'a list of two' "s/^From: .*/From: noreply@$REGISTRAR, service@$ATTACKER/" 'unproven [a-z,-]*from-syntax[a-z,-]*'
author 'the other way round' "s/^From: .*/From: service@$ATTACKER, noreply@$REGISTRAR/" 'unproven [a-z,-]*from-syntax[a-z,-]*'
author 'a group' "s/^From: .*/From: Registrar: noreply@$REGISTRAR;/" 'unproven [a-z,-]*from-syntax[a-z,-]*'
author 'an encoded word as address' "s/^From: .*/From: =?utf-8?b?bm9yZXBseUBlbWFpbHZlcmlmaWNhdGlvbi5pbmZv?= <service@$ATTACKER>/" 'unproven not-listed'
author 'an encoded word with a NUL behind the address' "s/^From: .*/From: =?utf-8?q?noreply=40$REGISTRAR=00?= <service@$ATTACKER>/" 'unproven not-listed'
author 'a source route' "s/^From: .*/From: <@$ATTACKER:noreply@$REGISTRAR>/" 'forged [a-z,-]*'
author 'a quoted pair' "s/^From: .*/From: \"noreply\\\\@$REGISTRAR\" <service@$ATTACKER>/" 'unproven [a-z,-]*from-syntax[a-z,-]*'
author 'a quoted local part' "s/^From: .*/From: <\"noreply@$REGISTRAR\"@$ATTACKER>/" 'unproven [a-z,-]*from-syntax[a-z,-]*'
author 'text after the address' "s/^From: .*/From: <noreply@$REGISTRAR> <service@$ATTACKER>/" 'unproven [a-z,-]*from-syntax[a-z,-]*'
author 'a comment around the attacker' "s/^From: .*/From: noreply@$REGISTRAR (<service@$ATTACKER>)/" 'unproven [a-z,-]*from-syntax[a-z,-]*'
author 'a comment within the address' "s/^From: .*/From: noreply@(x)$REGISTRAR/" 'unproven [a-z,-]*from-syntax[a-z,-]*'
author 'an unclosed quote' "s/^From: .*/From: \"noreply@$REGISTRAR> <service@$ATTACKER>/" 'unproven [a-z,-]*from-syntax[a-z,-]*'
author 'no From, but Sender' "s/^From: \(.*\)/Sender: \1/" 'none -'
author 'no From, but Resent-From' "s/^From: \(.*\)/Resent-From: \1/" 'none -'
author 'the attacker'\''s From, the registrar'\''s Sender' "s/^From: \(.*\)/$OTHER\nSender: \1/" '(none|unlisted) [a-z,-]*'
author 'the registrar as display name' "s/^From: .*/From: \"noreply@$REGISTRAR\" <service@$ATTACKER>/" 'unproven [a-z,-]*'
author 'a trailing dot' "s/^From: .*/From: noreply@$REGISTRAR./" 'forged [a-z,-]*'
author 'another letter of the same look' "s/^From: .*/From: noreply@\xd0\xb5mailverification.info/" 'lookalike [a-z,-]*confusable[a-z,-]*'

# -- a signed mail, with more on top ---------------------------------------------------------------
replay() { replayed | sed "0,/^From:/s/^From:/$2\n&/" | attack "$1" "$3"; }
replay 'replayed with another Subject above' 'Subject: Your invoice' '(known|unproven|forged) [a-z,-]*dkim-flaw[a-z,-]*'
replay 'replayed with another Date above' "Date: $(LC_ALL=C date -R)" 'unproven [a-z,-]*dkim-flaw[a-z,-]*'
replay 'replayed with another From above' "$OTHER" 'unproven [a-z,-]*from-count[a-z,-]*'
replay 'replayed with a Reply-To' "Reply-To: service@$ATTACKER" '(known|unproven|forged) [a-z,-]*(reply-to|dkim-flaw)[a-z,-]*'
replay 'replayed with a Content-Type' 'Content-Type: text\/html' 'unproven [a-z,-]*dkim-flaw[a-z,-]*'
replay 'replayed with another To' 'To: victim@example.com' "$GENUINE"
original | signed -l all | { cat; printf 'https://%s/login\n' "$ATTACKER"; } |
	attack 'l=, and a body with more at its end' '(unproven|known|forged) [a-z,-]*dkim-flaw[a-z,-]*'
original | signed -h From:Date | attack 'Subject is not signed' '(unproven|known|forged) [a-z,-]*dkim-flaw[a-z,-]*'
original | signed -h From:Subject | attack 'Date is not signed' '(unproven|known|forged) [a-z,-]*dkim-flaw[a-z,-]*'

# -- weak and dead keys -----------------------------------------------------------------------------
weak() { original | lab_sign "$2" "$3" "$REGISTRAR" "${@:4}" | attack "$1" '(unproven|forged|known) [a-z,-]*dkim-(fail|flaw)[a-z,-]*'; }
lab_publish short short "$REGISTRAR"
lab_publish registrar testing "$REGISTRAR" 't=y'
lab_dns_txt "revoked._domainkey.$REGISTRAR" 'v=DKIM1; k=rsa; p='
weak '512 bits' short short
weak 'a test key' registrar testing
weak 'a revoked key' registrar revoked
weak 'a key that is not there' registrar missing
weak 'rsa-sha1' registrar demo -a rsa-sha1
weak 'expired' registrar demo -t "$(($(date +%s) - 7200))" -x "$(($(date +%s) - 3600))"
weak 'from the future' registrar demo -t "$(($(date +%s) + 864000))"

# -- the registrar's own name, in the wrong hands --------------------------------------------------------
# Signed with the registrar's key: a breached provider, a tenant, an abused customer page.
breach() { original | sed "$2" | signed | attack "$1" "$3" "${from_registrar[@]}"; }
LINK='^https:\/\/www.emailverification.info\/.*'
breach 'another address of the domain' "s/noreply@$REGISTRAR/marketing@$REGISTRAR/" '(none|unproven|unlisted) [a-z,-]*'
breach 'an address below the domain' "s/noreply@$REGISTRAR/noreply@customers.$REGISTRAR/" '(none|unproven|unlisted) [a-z,-]*'
breach 'the link leads elsewhere' "s/$LINK/https:\/\/$ATTACKER\/?trigger=1/" 'known [a-z,-]*links[a-z,-]*'
breach 'an open redirector of the domain' "s/$LINK/https:\/\/www.$REGISTRAR\/redirect?url=https:\/\/$ATTACKER\//" 'known [a-z,-]*links[a-z,-]*'
breach 'a page of a customer of the domain' "s/$LINK/https:\/\/www.$REGISTRAR\/~customer\/login/" 'known [a-z,-]*links[a-z,-]*'
breach 'a host of a customer below the domain' "s/$LINK/https:\/\/shop.$REGISTRAR\/?trigger=1/" 'known [a-z,-]*links[a-z,-]*'
breach 'all links good but one' "s/$LINK/&\nhttps:\/\/$ATTACKER\/verify/" 'known [a-z,-]*links[a-z,-]*'
breach 'a user name that looks like the host' "s/$LINK/https:\/\/www.$REGISTRAR@$ATTACKER\/?trigger=1/" 'known [a-z,-]*links[a-z,-]*'
breach 'a telephone number instead of the link' "s/$LINK/Please call +49 6894 555 555./" 'known [a-z,-]*no-link[a-z,-]*'
breach 'an ordinary phish, no notice' 's/^Subject: .*/Subject: Your mailbox is full/' 'known [a-z,-]*class[a-z,-]*'

# -- shapes that hide something, and bombs, signed with the registrar's key -----------------------------
LARGE='(known|unproven) [a-z,-]*limit[a-z,-]*' # past what is read of a body
bomb() { signed | attack "$1" "${2-(known|unproven|none) [a-z,-]*}" "${from_registrar[@]}"; }
top() { original | sed '/^$/,$d; /^MIME-Version/d; /^Content-/d'; }
text() { original | sed '1,/^$/d'; }
page() { # CONTENT-TYPE [ENCODING]: the mail with the body of standard input
	top
	printf 'MIME-Version: 1.0\nContent-Type: %s\nContent-Transfer-Encoding: %s\n\n' "$1" "${2-8bit}"
	cat
}
link() { printf '<a href="https://%s/login">Verify</a>\n' "$ATTACKER"; }
repeat() { awk -v text="$1" -v n="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", text }'; }
{ for ((i = 0; i < 1000; i++)); do printf 'DKIM-Signature: v=1; a=rsa-sha256; d=%s; s=x%d; h=From; bh=AAAA; b=AAAA\n' "$REGISTRAR" "$i"; done
	original | signed; } | attack 'a thousand signatures above the good one' 'none -' "${from_registrar[@]}"
{ repeat $'X-Filler: x\n' 15000; original; } | bomb 'fifteen thousand headers' 'none -'
{ printf 'X-Filler: '; repeat 'x' 90000; echo; original; } | bomb 'a header of 90 KB' "$GENUINE"
{ printf 'To: '; repeat 'a:' 20000; echo; original; } | bomb 'an address of nested groups' "$GENUINE"
{ text; for ((i = 0; i < 500; i++)); do printf -- '--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n' "$i" "$((i + 1))"; done
	printf -- '--b500\nContent-Type: text/html\n\n'; link; } | page 'multipart/mixed; boundary=b0' | bomb 'five hundred multiparts in each other'
{ printf -- '--b\nContent-Type: text/plain\n\n'; text; printf -- '--b\nContent-Type: text/html\nContent-Disposition: attachment; filename=form.html\n\n'; link
	printf -- '--b--\n'; } | page 'multipart/mixed; boundary=b' | bomb 'an attached page' 'known [a-z,-]*'
{ printf -- '--b\nContent-Type: text/plain\n\n'; text; printf -- '--b\nContent-Type: application/pdf; name=invoice.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n--b--\n'
	} | page 'multipart/mixed; boundary=b' | bomb 'an attached document' 'known [a-z,-]*attachment[a-z,-]*'
{ printf -- '--b\nContent-Type: text/plain\n\n'; text; printf -- '--b\nContent-Type: text/html\n\n'; link; printf -- '--b--\n'
	} | page 'multipart/alternative; boundary=b' | bomb 'two alternatives that disagree' 'known [a-z,-]*links[a-z,-]*'
printf '<img src="https://%s/notice.png" width="600" height="800">\n' "$ATTACKER" | page text/html | bomb 'nothing but an image' 'known [a-z,-]*'
printf 'iVBORw0KGgo=\n' | page image/png base64 | bomb 'an image as the whole mail' 'known [a-z,-]*'
{ text; printf '+ADw-a href+AD0AIg-https://%s/+ACIAPg-Verify+ADw-/a+AD4\n' "$ATTACKER"; } | page 'text/html; charset=utf-7' | bomb 'UTF-7' 'known [a-z,-]*'
{ text; link; } | page 'text/html; charset=utf-16' | bomb 'a page that is not in the charset it names' 'known [a-z,-]*'
{ text; link; } | page 'text/html; charset=no-such-charset' | bomb 'a charset that does not exist' 'known [a-z,-]*'
{ text; link; } | page 'text/plain; charset=utf-8' | bomb 'a page that calls itself text' 'known [a-z,-]*links[a-z,-]*'
{ text; link | base64; } | page 'text/html; charset=utf-8' base64 | bomb 'text where base64 is announced' 'known [a-z,-]*'
{ text; repeat '<div>' 60000; link; } | page text/html | bomb 'elements in elements' "$LARGE"
{ text; repeat '<' 900000; link; } | page text/html | bomb 'a million brackets' "$LARGE"
{ text; repeat '<a href="https://www.emailverification.info/?trigger=1">x</a>' 10000; } | page text/html | bomb 'ten thousand good links' "$LARGE"
{ text; repeat '&amp;' 200000; link; } | page text/html | bomb 'entities without end' "$LARGE"
{ text; repeat $'\n' 3000000; link; } | page text/html | bomb 'a link behind 3 MB of nothing' "$LARGE"
{ text; printf '<a/href="https://%s/"/>x</a>\n<!--><a href=https://%s/>x</a>-->\n' "$ATTACKER" "$ATTACKER"; } | page text/html | bomb 'links that some parsers do not see' 'known [a-z,-]*'

original | signed | attack 'the mail itself, after all of that' "$GENUINE" "${from_registrar[@]}"
log=$(<"$LAB/log/keepname.log")
tap_is 'two had too many headers to be judged, and say so' "$(grep -c 'verdict=unjudged' <<<"$log")" \
	"$(grep -c 'verdict=unjudged why="headers past a limit"' <<<"$log")"
tap_unlike 'no judge died of any of it' "$log" 'judge[^ ]* (died|was killed|is gone)|signal'
tap_end
