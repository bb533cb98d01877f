#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Who has been told of what: a run that fails half way is repeated for those alone who have nothing yet; what
# is noted as told stood in a mail that was sent.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

site_begin 40
now=$(date +%s)
at() { date -u -d "@$((now + $1 * 86400))" +%FT%TZ; }
# A folder for each recipient, a file for each of his mails; who is named in "refused" gets none.
mkdir "$LAB/mails"
cat >"$LAB/bin/sendmail" <<-END
	#!/bin/sh
	cat >"$LAB/mails/.new"
	to=\$(sed -n 's/^To: //p' "$LAB/mails/.new")
	! grep -qsx "\$to" "$LAB/refused" || exit 75
	mkdir -p "$LAB/mails/\$to"
	mv "$LAB/mails/.new" "$LAB/mails/\$to/\$\$"
END
chmod 755 "$LAB/bin/sendmail"
got() { # which recipients got how many
	(cd "$LAB/mails" && for to in *@*; do [[ ! -d $to ]] || printf '%s %s\n' "${to%%@*}" "$(find "$to" -type f | wc -l)"; done) | xargs
}
empty() { rm -rf "$LAB/mails"/*; }
decoded() { # WORD...: the text of the mails to the administrator
	python3 - "$LAB/mails/boss@example.com"/* <<-'END'
		import email, email.policy, sys
		for file in sys.argv[1:]:
		    mail = email.message_from_binary_file(open(file, 'rb'), policy=email.policy.default)
		    print(mail['Subject'], mail.get_body(('plain',)).get_content())
	END
}
fails_for() { printf '%s@example.com\n' "$@" >"$LAB/refused"; }
site_records <<-END
	at=$now|domains=a.example|to=anna@example.com|deadline=$(at 20)|id=<a@x.example>
	at=$now|domains=b.example|to=ben@example.com|deadline=$(at 21)|id=<b@x.example>
	at=$now|domains=c.example|to=carla@example.com|deadline=$(at 22)|id=<c@x.example>
END
lab_keepname_conf "sendmail = \"$LAB/bin/sendmail\"" 'digest_to = "boss@example.com"' 'digest_recipients = "yes"' "digest_hour = $site_hour"

# -- a run that fails half way
fails_for ben
exits 'one of the recipients is refused' 2 digest --due
tap_is 'all others have theirs' "$(got)" 'anna 1 boss 1 carla 1'
exits 'it is tried again' 2 digest --due
tap_is 'for him alone' "$(got)" 'anna 1 boss 1 carla 1'
fails_for nobody
exits 'until it works' 0 digest --due
tap_is 'he has it, and nobody two' "$(got)" 'anna 1 ben 1 boss 1 carla 1'
exits 'later that day' 0 digest --due
tap_is 'nothing more' "$(got)" 'anna 1 ben 1 boss 1 carla 1'
tap_is 'it is remembered for the day' "$(ask 'SELECT count(*) FROM mailed')" 4

yesterday() { sqlite3 "$site_database" "UPDATE mailed SET at = at - 86400; UPDATE run SET at = at - 86400, good_at = good_at - 86400"; }
yesterday
empty
fails_for boss
exits 'the day after the administrator is refused' 2 digest --due
tap_is 'the recipients have theirs' "$(got)" 'anna 1 ben 1 carla 1'
fails_for nobody
exits 'and he has his' 0 digest --due
tap_is 'when it works' "$(got)" 'anna 1 ben 1 boss 1 carla 1'

# -- one that dies half way
yesterday
empty
sed -i '2i ! test -e "'"$LAB"'/kill" || [ "$(find "'"$LAB"'/mails" -type f | wc -l)" -lt 2 ] || { kill -9 $PPID; exit 75; }' "$LAB/bin/sendmail"
touch "$LAB/kill"
exits 'the third mail kills it' 137 digest --due
rm "$LAB/kill"
exits 'the next run' 0 digest --due
tap_is 'goes on where it was' "$(got | tr ' ' '\n' | grep -cx 1)" 4
exits 'a clock that was wrong' 0 digest --due
sqlite3 "$site_database" 'UPDATE mailed SET at = at + 4000000; UPDATE run SET good_at = good_at + 4000000'
empty
exits 'and is right again' 0 digest --due
tap_is 'keeps nobody from his digest' "$(got)" 'anna 1 ben 1 boss 1 carla 1'
kn purge --recipient anna@example.com --yes
tap_is 'who is erased is erased here too' "$(ask "SELECT count(*) FROM mailed WHERE recipient LIKE 'anna%'")" 0
yesterday
lab_keepname_conf "sendmail = \"$LAB/bin/sendmail\"" 'digest_to = "boss@example.com"' "digest_hour = $site_hour"
exits 'recipients get none any more' 0 digest --due
tap_is 'they are forgotten' "$(ask 'SELECT group_concat(recipient) FROM mailed')" ''

# -- what is told: 1000 of a kind in a mail, DIGEST_SHOWN of them with details and DIGEST_BRIEF with a line
many() { # COUNT
	sqlite3 "$site_database" "DELETE FROM pending; DELETE FROM alarm; DELETE FROM notice;
		INSERT INTO pending (state, recipient, class, domain, mail, registrar, sender, from_address, subject, message_id, reasons, deadline, deadline_source, ours, first_seen, last_seen, mails, snoozed_until, origin)
			WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
			SELECT 'open', 'anna@example.com', 'renewal', 'due' || i || '.example', '', 'R', 's', 'f@x.example', 's', '<' || i || '>', '', $now + 80000 + i, 'stated', 'unset', $now, $now, 1, 0, 'open' FROM n;
		INSERT INTO alarm (kind, domain, recipient, raised_at, ended_at, sent_at, detail)
			WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
			SELECT 'held', 'dark' || i || '.example', '', $now, 0, 0, '' FROM n"
	empty
}
told() { ask "SELECT (SELECT count(*) FROM notice) || ' ' || (SELECT count(*) FROM alarm WHERE sent_at <> 0)"; }
named() { decoded | grep -oE "$1[0-9]+\.example" | sort -u | wc -l; }
many 1000
exits 'a thousand of each' 0 digest --due
tap_is 'are told' "$(told)" '1000 1000'
tap_is 'which the history of each says' "$(ask "SELECT count(*), count(DISTINCT pending), min(actor), max(detail) FROM event WHERE kind = 'reminded' AND detail LIKE '1 day%'")" \
	'1000|1000|clock|1 day or less, to boss@example.com'
tap_is 'and are in the mail' "$(got) $(named due) $(named dark)" 'boss 1 1000 1000'
tap_is 'fifty of each with all that is known' "$(decoded | grep -c 'message-id') $(decoded | grep -c '  since ')" '50 50'
many 1001
exits 'one more' 0 digest --due
tap_is 'is not' "$(told)" '1000 1000'
tap_is 'since it was not in the mail' "$(named due) $(named dark)" '1000 1000'
tap_like 'which says so' "$(decoded)" 'and 1 more, in the next mail.*and 1 more, in the next mail'
empty
exits 'the next one' 0 digest --due
tap_is 'has it' "$(told) $(named due) $(named dark)" '1001 1001 1 1'

# -- what is in no mail is not told
many 2
fails_for boss
exits 'a mail that is not taken' 2 digest --due
tap_is 'tells nothing' "$(told)" '0 0'
tap_is 'and reminds nobody' "$(ask "SELECT count(*) FROM event WHERE kind = 'reminded' AND pending IN (SELECT id FROM pending)")" 0
fails_for nobody
sqlite3 "$site_database" "UPDATE pending SET ours = 'no' WHERE domain = 'due1.example'; UPDATE alarm SET ended_at = $now WHERE domain = 'dark1.example'"
exits 'one of them is not ours, one alarm is over' 0 digest --due
tap_is 'the others are told' "$(told) $(named due) $(named dark)" '1 1 1 1'
sqlite3 "$site_database" 'DELETE FROM notice; UPDATE alarm SET sent_at = 0'
lab_keepname_conf "sendmail = \"$LAB/bin/sendmail\"" 'digest_to = ""' 'digest_recipients = "yes"'
exits 'nobody to be told' 0 digest --due
tap_is 'nothing is' "$(told)" '0 0'
tap_end
