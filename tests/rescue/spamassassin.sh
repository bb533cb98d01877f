#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The rules for SpamAssassin by themselves: what spamd makes of each form of the header, that lint has nothing
# to say, that the site's own blocklist wins, and that Bayes learns from no verdict of ours.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"

reason=$(lab_spamd_missing)
[[ -z $reason ]] || tap_skip_all "$reason"
tap_plan 30

lab_begin
cat >"$LAB/site.cf" <<'END'
blocklist_from *@blocked.example
blocklist_to blocked@example.com
use_bayes 1
bayes_auto_learn 1
bayes_auto_learn_threshold_spam 6
bayes_auto_learn_threshold_nonspam -1
header LOCAL_ROLEX Subject =~ /rolex/
score LOCAL_ROLEX 8
body LOCAL_WATCHES /watches/
score LOCAL_WATCHES 8
END
lab_spamd_site "$LAB/site.cf" "$srcdir/packaging/setup/spamassassin/60_keepname.cf"
tap_ok 'spamassassin --lint has nothing to say' lab_spamd_lint
tap_ok 'spamd starts' lab_spamd_start

# What spamd says of a mail with these lines in its header (with \n and \t) and this body.
judge() {
	{
		printf 'Received: from a.example ([198.51.100.1]) by mx.lab.test; %s\n' "$(LC_ALL=C date -R)"
		printf '%b\n' "$1"
		printf 'From: A <%s>\nTo: %s\nSubject: %s\n' "${FROM-a@sender.example}" "${TO-owner@example.com}" "${SUBJECT-Hello}"
		printf 'Date: %s\nMessage-ID: <%s@sender.example>\n\n%s\n' "$(LC_ALL=C date -R)" "$RANDOM$RANDOM" "${2-Good morning.}"
	} >"$LAB/message"
	lab_spamc "$LAB/message" >"$LAB/judged"
}
ours() { lab_spam_rules "$LAB/judged" | tr ' ' '\n' | grep ^KEEPNAME | sort | xargs; }

# NAME|header|rules of ours that hit
while IFS='|' read -r name header want; do
	judge "$header"
	tap_is "$name" "$(ours)" "$want"
done <<'END'
genuine|X-Keepname: genuine; class=verification; ours=unset; by=mx|KEEPNAME_GENUINE
genuine, one of ours|X-Keepname: genuine; class=verification; ours=yes; by=mx|KEEPNAME_GENUINE
genuine, not one of ours|X-Keepname: genuine; class=verification; ours=no; by=mx|
genuine, of which it is not said|X-Keepname: genuine; class=verification; by=mx|
folded|X-Keepname: genuine; class=verification;\n  registrar="Key-Systems GmbH";\n\tours=unset;\n by=mx|KEEPNAME_GENUINE
folded after the name|X-Keepname:\n genuine; ours=unset; by=mx|KEEPNAME_GENUINE
folded, not one of ours|X-Keepname: genuine; class=verification;\n  ours=no; by=mx|
an empty one above genuine|X-Keepname:\nX-Keepname: genuine; ours=unset; by=mx|
one in two halves|X-Keepname: genuine; class=verification;\nX-Keepname: ours=unset; by=mx|
two genuine ones|X-Keepname: genuine; ours=unset; by=mx\nX-Keepname: genuine; ours=unset; by=mx|
genuine above forged|X-Keepname: genuine; ours=unset; by=mx\nX-Keepname: forged; ours=unset; by=mx|KEEPNAME_FORGED
forged above genuine|X-Keepname: forged; ours=unset; by=mx\nX-Keepname: genuine; ours=unset; by=mx|KEEPNAME_FORGED
folded within a pair|X-Keepname: genuine; class=verification; ours=\n\tunset; by=mx|KEEPNAME_GENUINE
three, the first two genuine|X-Keepname: genuine; ours=yes; by=mx\nX-Keepname: genuine; ours=yes; by=mx\nX-Keepname: known; by=mx|
genuine further on|X-Keepname: known; reason=genuine; ours=unset; by=mx|
genuine on a folded line|X-Keepname: known;\n genuine; ours=unset; by=mx|
a word that begins so|X-Keepname: genuinely; ours=unset; by=mx|
another name|X-Keepname-Was: genuine; ours=unset; by=mx|
known|X-Keepname: known; reason=links; ours=unset; by=mx|
unproven|X-Keepname: unproven; reason=dkim-none; ours=unset; by=mx|
forged|X-Keepname: forged; reason=dmarc; ours=unset; by=mx|KEEPNAME_FORGED
lookalike|X-Keepname: lookalike; reason=not-listed; ours=unset; by=mx|KEEPNAME_LOOKALIKE
no header|X-Other: genuine; ours=unset; by=mx|
END

genuine='X-Keepname: genuine; class=verification; ours=unset; by=mx'
judge "$genuine"
sed -i 's/$/\r/' "$LAB/message"
lab_spamc "$LAB/message" >"$LAB/judged"
tap_is 'with carriage returns, as milters send' "$(ours)" KEEPNAME_GENUINE
FROM=a@blocked.example judge "$genuine"
tap_is 'a blocked sender stays blocked' "$(lab_header "$LAB/judged" X-Spam-Flag) $(ours)" 'YES '
TO=blocked@example.com judge "$genuine"
tap_is 'so does mail to a blocked recipient' "$(lab_header "$LAB/judged" X-Spam-Flag) $(ours)" 'YES '

# What autolearn said: SpamAssassin learns from a sum in which rules of ours do not count, and not at all
# where the mail's own sum is on the other side.
learnt() { lab_header "$LAB/judged" X-Spam-Status | sed -n 's/.*autolearn=\([a-z]*\).*/\1/p'; }
SUBJECT='rolex' judge 'X-Other: 1' 'watches, cheap watches'
tap_is 'Bayes does learn here: from what the site holds for spam' "$(learnt)" spam
SUBJECT='rolex' judge "$genuine" 'watches, cheap watches of yours'
tap_is 'not from a genuine mail' "$(learnt)" no
tap_end
