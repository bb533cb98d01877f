# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # lab.sh and its callers share variables
#
# Mail of the lab: keys made at run time, signing, sending through the lab's Postfix, and reading what
# was delivered. Messages are files with LF line ends; what is sent has CRLF and is otherwise the
# file's bytes, NULs and all.

lab_sent=0 lab_said=
LAB_MAILS=() LAB_QUEUE_IDS=()

# lab_key NAME [rsa:BITS|ed25519]: makes a key once (rsa:2048 unless told).
lab_key() {
	[[ -e $LAB/keys/$1 ]] || "$lab_tools/dkimsign" --make "${2-rsa:2048}" -k "$LAB/keys/$1"
}

# lab_publish KEY SELECTOR DOMAIN [TAGS]: puts the key's record into our DNS.
lab_publish() {
	lab_dns_txt "$2._domainkey.$3" "$("$lab_tools/dkimsign" --dns -k "$LAB/keys/$1" ${4:+--tags "$4"})"
}

# lab_sign KEY SELECTOR DOMAIN [OPTION of dkimsign]... <MAIL >SIGNED
lab_sign() {
	local key=$1 selector=$2 domain=$3
	shift 3
	"$lab_tools/dkimsign" -k "$LAB/keys/$key" -s "$selector" -d "$domain" "$@"
}

# lab_fill FILE [NAME=VALUE]...: prints a mail with each @NAME@ replaced. DATE (now, as in mail), ID
# (unique) and DEADLINE (in 14 days, "YYYY-MM-DD hh:mm:ss" in UTC) are filled in unless given.
lab_fill() {
	local file=$1 text pair
	shift
	lab_sent=$((lab_sent + 1))
	text=$(<"$file")
	set -- "$@" "DATE=$(LC_ALL=C date -R)" "ID=$lab_sent.$$.$(date +%s%N)" \
		"DEADLINE=$(date -u -d '+14 days' '+%F %T')"
	for pair; do
		text=${text//@${pair%%=*}@/${pair#*=}}
	done
	printf '%s\n' "$text"
}

# lab_send [--from ADDRESS] [--to ADDRESS]... [--ip IP] FILE [OPTION of swaks]...
#   --ip: Postfix is told (XCLIENT) that the client has this address. Sets LAB_QUEUE_ID; fails where
#   the message was not accepted. The dialogue is in $LAB/log/smtp.log.
lab_send() {
	local from=sender@client.example to='' ip=() file dialogue
	while [[ ${1-} == --* ]]; do
		case $1 in
		--from) from=$2 ;;
		--to) to+="${to:+,}$2" ;;
		--ip) ip=(--xclient-addr "$2" --xclient-name '[UNAVAILABLE]') ;;
		*) break ;;
		esac
		shift 2
	done
	file=$1
	shift
	# swaks ends what it sends with CRLF.
	lab_wire_form "$file" | head -c -2 >"$LAB/log/.data"
	LAB_QUEUE_ID=
	if ! dialogue=$(swaks --server 127.0.0.1 --port "$LAB_SMTP_PORT" --helo client.test --from "$from" \
		--to "${to:-owner@example.com}" --data "@$LAB/log/.data" --no-data-fixup --hide-send \
		"${ip[@]}" "$@" 2>&1 </dev/null); then
		printf '%s\n' "$dialogue" >>"$LAB/log/smtp.log"
		return 1
	fi
	printf '%s\n' "$dialogue" >>"$LAB/log/smtp.log"
	LAB_QUEUE_ID=$(sed -nE 's/.* queued as ([0-9A-Za-z]+).*/\1/p; s/.* 250 2\.0\.0 ([0-9A-Za-z]+) Message accepted.*/\1/p' <<<"$dialogue")
	[[ $LAB_QUEUE_ID ]]
}

# lab_connection FROM TO FILE...: sends the files one after another over one connection, by MAIL, RCPT
# and DATA alone. Sets LAB_QUEUE_IDS, in their order; fails at the first that is not accepted.
lab_connection() {
	local from=$1 to=$2 file smtp rc=0
	shift 2
	LAB_QUEUE_IDS=()
	exec {smtp}<>"/dev/tcp/127.0.0.1/$LAB_SMTP_PORT" || return 1
	lab_reply "$smtp" 220 && printf 'EHLO client.test\r\n' >&"$smtp" && lab_reply "$smtp" 250 || rc=1
	for file; do
		((rc == 0)) || break
		printf 'MAIL FROM:<%s>\r\n' "$from" >&"$smtp" && lab_reply "$smtp" 250 &&
			printf 'RCPT TO:<%s>\r\n' "$to" >&"$smtp" && lab_reply "$smtp" 250 &&
			printf 'DATA\r\n' >&"$smtp" && lab_reply "$smtp" 354 &&
			lab_wire_form "$file" >&"$smtp" && lab_reply "$smtp" 250 || rc=1
		[[ $lab_said =~ (queued\ as|\ 2\.0\.0)\ ([0-9A-Za-z]{6,}) ]] && LAB_QUEUE_IDS+=("${BASH_REMATCH[2]}")
	done
	printf 'QUIT\r\n' >&"$smtp" || true
	exec {smtp}>&-
	return "$rc"
}

# Reads one SMTP reply, of any number of lines, into lab_said; fails unless its code is the one wanted.
lab_reply() {
	while IFS= read -r -t 60 -u "$1" lab_said; do
		[[ $lab_said == ???-* ]] && continue
		printf '%s\n' "$lab_said" >>"$LAB/log/smtp.log"
		[[ $lab_said == "$2 "* ]]
		return
	done
	return 1
}

# CRLF, dots doubled, the final dot.
lab_wire_form() {
	sed 's/\r*$/\r/; s/^\./../' "$1"
	[[ -z $(tail -c 1 "$1") ]] || printf '\n'
	printf '.\r\n'
}

# lab_deliver: as lab_send, and waits until every recipient's copy is in the Maildir. Sets LAB_MAILS
# (all copies) and LAB_MAIL (the first).
lab_deliver() {
	local copies=0 arg
	lab_send "$@" || return 1
	for arg; do [[ $arg == --to ]] && copies=$((copies + 1)); done
	((copies)) || copies=1
	lab_await_mail "$LAB_QUEUE_ID" "$copies"
}

# lab_await_mail QUEUE-ID [COPIES]
lab_await_mail() {
	local found
	found=$(lab_await -p "$LAB_MTA_PID" -m "mail $1 to be delivered" mail -n "${2-1}" \
		"$LAB/mail/inbox/new" "id $1") || return 1
	mapfile -t LAB_MAILS <<<"$found"
	# shellcheck disable=SC2034 # for the caller
	LAB_MAIL=${LAB_MAILS[0]}
}

# lab_header FILE NAME: prints the field's values, unfolded, one a line, from the top.
lab_header() {
	awk -v name="$2" '
		/^\r?$/ { exit }
		/^[ \t]/ { if (on) { sub(/^[ \t]+/, " "); value = value $0 } next }
		{
			if (on) print value
			on = tolower(substr($0, 1, index($0, ":") - 1)) == tolower(name)
			value = $0
			sub(/^[^:]*:[ \t]*/, "", value)
		}
		END { if (on) print value }' "$1"
}

# lab_header_count FILE NAME
lab_header_count() { lab_header "$1" "$2" | wc -l; }
