#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Each way to a verdict, through real SMTP, real DNS and real signatures: by DKIM, by SPF alone (sender
# never seen to sign, and seen), by both, by neither, forwarded, forged, ordinary; what is recorded.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"

registrar_begin 42

header() { lab_header "$LAB_MAIL" X-Keepname; }

# SPF alone, from a sender that nobody has seen sign yet.
registrar_mail --unsigned >"$LAB/message"
tap_ok 'an unsigned mail from its own server is delivered' registrar_deliver "$LAB/message"
tap_is 'SPF alone proves a sender that was never seen to sign' "$(verdict_of "$LAB_MAIL")" genuine
tap_like 'and the header says so' "$(header)" 'proof=spf:emailverification\.info;'

# Both.
registrar_mail >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'DKIM and SPF' "$(verdict_of "$LAB_MAIL")" genuine
tap_like 'both are named' "$(header)" 'proof=dkim:emailverification\.info,spf:emailverification\.info;'
tap_like 'class' "$(header)" '^genuine; class=verification;'
tap_like 'registrar' "$(header)" 'registrar="Key-Systems GmbH";'
tap_like 'domain' "$(header)" 'domain=example\.com;'
tap_like 'deadline' "$(header)" "deadline=$(date -u -d '+14 days' +%F)T"
tap_like 'by whom' "$(header)" 'by=mx\.lab\.test$'
tap_is 'X-Priority' "$(lab_header "$LAB_MAIL" X-Priority)" '1 (Highest)'
tap_is 'Importance' "$(lab_header "$LAB_MAIL" Importance)" high
tap_is 'Priority' "$(lab_header "$LAB_MAIL" Priority)" urgent
tap_is 'no X-MSMail-Priority' "$(lab_header_count "$LAB_MAIL" X-MSMail-Priority)" 0
tap_is 'the subject stays' "$(lab_header "$LAB_MAIL" Subject)" 'Request for email address validation'

# DKIM alone: another server relayed it.
registrar_mail >"$LAB/message"
lab_deliver --from "bounce@$REGISTRAR" --ip 198.51.100.9 "$LAB/message"
tap_is 'DKIM alone, SPF fails' "$(verdict_of "$LAB_MAIL")" genuine
tap_like 'only DKIM is named' "$(header)" 'proof=dkim:emailverification\.info;'

registrar_mail >"$LAB/message"
lab_deliver --from 'owner+forward@forwarder.example' --ip 198.51.100.9 "$LAB/message"
tap_is 'forwarded, with its signature whole' "$(verdict_of "$LAB_MAIL")" genuine

# SPF alone, once the sender has been seen to sign.
registrar_mail --unsigned >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'SPF alone no longer proves a sender that signs' "$(verdict_of "$LAB_MAIL")" unproven
tap_like 'the reason says so' "$(header)" 'reason=[a-z,-]*spf-weak'
tap_is 'and it is not marked urgent' "$(lab_header_count "$LAB_MAIL" Importance)" 0

# Neither, and forged.
registrar_mail --unsigned >"$LAB/message"
lab_deliver --from someone@shop-login.example --ip 198.51.100.66 "$LAB/message"
tap_is 'neither: p=reject is missed by both, a forgery' "$(verdict_of "$LAB_MAIL")" forged
lab_dns_txt "_dmarc.registrar.amazon" 'v=DMARC1; p=none'
sed -e 's/noreply@emailverification.info/noreply@registrar.amazon/' "$LAB/message" >"$LAB/amazon"
lab_deliver --from someone@shop-login.example --ip 198.51.100.66 "$LAB/amazon"
tap_is 'neither, without such a policy: unproven' "$(verdict_of "$LAB_MAIL")" unproven
lab_fill "$srcdir/tests/lab/forgery.eml" TOKEN=0 >"$LAB/message"
lab_deliver --from bounce@shop-login.example --ip 198.51.100.66 "$LAB/message"
tap_is 'its forged X-Keepname is gone, ours alone is there' "$(lab_header_count "$LAB_MAIL" X-Keepname)" 1
tap_is 'and says forged' "$(verdict_of "$LAB_MAIL")" forged

# Genuine, but a link leads elsewhere.
registrar_mail --unsigned | sed 's,^https://www.emailverification.info/,https://emailverification.info.evil.example/,' |
	lab_sign registrar demo "$REGISTRAR" >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'proved, but the link leads elsewhere: known' "$(verdict_of "$LAB_MAIL")" known
tap_like 'the reason says so' "$(header)" 'reason=[a-z,-]*links'

# Imitations: unsigned in other characters, and under another suffix by somebody who signs for it.
registrar_mail --unsigned | sed 's/noreply@emailverification\.info/noreply@ernailverification.info/' >"$LAB/message"
lab_deliver --from bounce@ernailverification.info --ip 198.51.100.66 "$LAB/message"
tap_is 'a name that looks like a listed one' "$(verdict_of "$LAB_MAIL")" lookalike
tap_like 'the reason says how' "$(header)" 'reason=not-listed,dkim-none,confusable;'
tap_like 'and the header whom it imitates' "$(header)" 'imitates=emailverification\.info;'
tap_is 'it is not marked urgent' "$(lab_header_count "$LAB_MAIL" Importance)" 0
tap_like 'the log says it too' "$(grep -F verdict=lookalike "$LAB/log/keepname.log")" 'imitates=emailverification\.info'
lab_key imitator
lab_publish imitator demo emailverification.com
registrar_mail --unsigned | sed 's/noreply@emailverification\.info/noreply@emailverification.com/' |
	sed 's/example\.com$/example.net/' | lab_sign imitator demo emailverification.com >"$LAB/message"
lab_deliver --from bounce@emailverification.com --ip 198.51.100.66 "$LAB/message"
tap_is 'signed by the name that imitates: still a lookalike' "$(verdict_of "$LAB_MAIL")" lookalike
tap_like 'its proof is named' "$(header)" 'proof=dkim:emailverification\.com'
tap_like 'and how' "$(header)" 'reason=not-listed,suffix;'
tap_like 'the mail is about a domain' "$(header)" 'domain=example\.net'
tap_unlike 'but no matter is opened for it' "$(lab_keepname pending --all --json)" 'example\.net'

# A stranger's, which nothing but its subject makes a candidate, and that in ISO-2022-JP.
lab_key garden
lab_publish garden demo garden-hosting.example
sed "s/^Date:.*/Date: $(date -R)/" "$srcdir/tests/mails/unlisted-ja-iso-2022-jp.eml" |
	lab_sign garden demo garden-hosting.example >"$LAB/message"
lab_deliver --from bounce@garden-hosting.example "$LAB/message"
tap_is 'wording in ISO-2022-JP is seen by the listener' "$(verdict_of "$LAB_MAIL")" unlisted

lab_fill "$srcdir/tests/lab/plain.eml" >"$LAB/message"
lab_deliver --from somebody@sender.example "$LAB/message"
tap_is 'ordinary mail gets no header' "$(verdict_of "$LAB_MAIL")" none

# The record.
pending=$(lab_keepname pending --json)
tap_is 'one open pending: the later mails joined it' "$(grep -c '"state": "open"' <<<"$pending")" 1
tap_like 'with its domain' "$pending" '"domain": "example.com"'
review=$(lab_keepname pending --state review --json)
tap_is 'unproven and known mail is one matter for review' "$(grep -c '"state": "review"' <<<"$review")" 1
tap_end
