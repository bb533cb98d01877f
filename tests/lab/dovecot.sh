# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # lab.sh and its callers share variables
#
# Dovecot of the lab: LMTP on a unix socket, and Sieve. Any address has a mailbox, a Maildir of its own
# in $LAB/dovecot/home/ADDRESS/Maildir; nobody can log in. The configuration folder is
# $LAB/dovecot/etc, laid out as /etc/dovecot: what is written for that folder is put there.
#
#   lab_dovecot_missing            why it cannot run here; nothing where it can
#   lab_dovecot_start [--bare] [FILE]...   FILEs are included at the end of dovecot.conf; --bare leaves out
#                                  what turns on Sieve, sieve/before.d and sieve/after.d. Then Postfix is
#                                  given --set "$(lab_dovecot_transport)"
#   lab_dovecot_piece FILE         prints a file written for /etc/dovecot as it is for ours
#   lab_dovecot_sieve NAME <SCRIPT   puts a script for everybody, compiled, into sieve/before.d, which
#                                  runs in the order of names before the user's own; "after/NAME" puts
#                                  it into sieve/after.d
#   lab_dovecot_user_sieve ADDRESS <SCRIPT   the user's own script
#   lab_dovecot_junk [NAME]        the site's ordinary rule (50-spam.sieve): tagged as spam, into Junk
#   lab_dovecot_deliver [OPTION of lab_send]... FILE   sends, and waits until Postfix has no recipient
#                                  left to deliver to
#   lab_dovecot_await QUEUE-ID     the waiting alone. Both set LAB_MAILS (all copies, in no order),
#                                  LAB_MAIL (the first; empty where there is none) and LAB_FOLDER
#   lab_mail_folder FILE           the folder that a copy is in: INBOX, Junk
#   lab_mail_flags FILE            its flags and keywords, in one line: \Flagged $Important
#
# What Sieve sends (rejections, vacations) is sent to nobody: $LAB/dovecot/sent has a file for each.
#
# Postfix that gives up a recipient does so for good (no retry in a test's time); lab_dovecot_await then
# returns 1 and says what Postfix said.

LAB_DOVECOT_PID=
LAB_FOLDER=

lab_dovecot_missing() {
	local program
	for program in dovecot sievec doveconf; do
		if ! command -v "$program" >/dev/null; then
			echo "$program is not installed (scripts/install-deps --tests)"
			return
		fi
	done
	[[ -x /usr/lib/dovecot/lmtp ]] || echo 'dovecot-lmtpd is not installed (scripts/install-deps --tests)'
}

lab_dovecot_conf() {
	local bare='' file home=$LAB/dovecot
	[[ ${1-} != --bare ]] || { bare=yes && shift; }
	cat <<-END
		base_dir = $home/run
		state_dir = $home/run
		log_path = $LAB/log/dovecot.log
		protocols = lmtp
		listen = 127.0.0.1
		ssl = no
		auth_username_chars =
		first_valid_uid = 1
		mail_location = maildir:~/Maildir
		mail_fsync = never
		postmaster_address = postmaster@example.com
		hostname = mx.lab.test
		sendmail_path = $home/sendmail
		lda_mailbox_autocreate = yes
		namespace inbox {
		  inbox = yes
		}
		passdb {
		  driver = static
		  args = nopassword=y
		}
		userdb {
		  driver = static
		  args = uid=nobody gid=$(id -gn nobody) home=$home/home/%u allow_all_users=yes
		}
		service lmtp {
		  unix_listener lmtp {
		    mode = 0666
		  }
		}
		plugin {
		  sieve = file:~/sieve;active=~/active.sieve
		}
	END
	[[ $bare ]] || lab_dovecot_conf_sieve
	for file; do printf '!include %s\n' "$file"; done
}

lab_dovecot_conf_sieve() {
	cat <<-END
		protocol lmtp {
		  mail_plugins = \$mail_plugins sieve
		}
		plugin {
		  sieve_before = $LAB/dovecot/etc/sieve/before.d
		  sieve_after = $LAB/dovecot/etc/sieve/after.d
		}
	END
}

lab_dovecot_folders() {
	local home=$LAB/dovecot
	mkdir -p "$home/run" "$home/etc/conf.d" "$home/etc/sieve/before.d" "$home/etc/sieve/after.d"
	chmod 711 "$home" "$home/etc"
	chmod 755 "$home/run"
	chmod -R a+rX "$home/etc/sieve"
	install -d -m 755 -o nobody "$home/home" "$home/sent"
	[[ -e $home/sendmail ]] || printf '#!/bin/sh\nexec cat >"%s/sent/$$"\n' "$home" >"$home/sendmail"
	chmod 755 "$home/sendmail"
}

lab_dovecot_start() {
	lab_dovecot_folders
	lab_dovecot_conf "$@" >"$LAB/dovecot/etc/dovecot.conf"
	lab_spawn_ready dovecot.start dovecot -F -c "$LAB/dovecot/etc/dovecot.conf" || return 1
	LAB_DOVECOT_PID=$LAB_PID
	lab_await -p "$LAB_DOVECOT_PID" connect "$LAB/dovecot/run/lmtp"
}

lab_dovecot_stop() { lab_stop "$LAB_DOVECOT_PID"; }

lab_dovecot_transport() { printf 'virtual_transport = lmtp:unix:%s' "$LAB/dovecot/run/lmtp"; }

lab_dovecot_piece() { sed "s,/etc/dovecot/,$LAB/dovecot/etc/,g" "$1"; }

lab_dovecot_sieve() {
	local file
	lab_dovecot_folders
	case $1 in
	after/*) file=$LAB/dovecot/etc/sieve/after.d/${1#after/} ;;
	*) file=$LAB/dovecot/etc/sieve/before.d/$1 ;;
	esac
	cat >"$file"
	lab_dovecot_compile "$file"
}

lab_dovecot_compile() {
	local conf=$LAB/dovecot/etc/dovecot.conf
	[[ -e $conf ]] || lab_dovecot_conf >"$conf"
	sievec -c "$conf" "$1" 2>&1 | tee -a "$LAB/log/sievec.log" && chmod 644 "${1%.sieve}.svbin"
}

lab_dovecot_user_sieve() {
	local home=$LAB/dovecot/home/$1
	install -d -o nobody "$home"
	cat >"$home/active.sieve"
	chmod 644 "$home/active.sieve"
	rm -f "$home/active.svbin"
}

lab_dovecot_junk() {
	lab_dovecot_sieve "${1-50-spam.sieve}" <<-'END'
		require ["fileinto", "mailbox"];
		if anyof (header :is "X-Spam" "Yes", header :is "X-Spam-Flag" "YES") {
		    fileinto :create "Junk";
		    stop;
		}
	END
}

lab_dovecot_deliver() { lab_send "$@" && lab_dovecot_await "$LAB_QUEUE_ID"; }

lab_dovecot_await() {
	lab_await -p "$lab_postfix_master" -m "Postfix to be done with $1" text "$LAB/log/postfix.log" "$1: removed" || return 1
	mapfile -t LAB_MAILS < <(grep -rlE "id $1([^0-9A-Za-z]|\$)" --include='*,S=*' "$LAB/dovecot/home")
	LAB_MAIL=${LAB_MAILS[0]-} LAB_FOLDER=
	[[ -z $LAB_MAIL ]] || LAB_FOLDER=$(lab_mail_folder "$LAB_MAIL")
	! grep -F "$1: " "$LAB/log/postfix.log" | grep -E 'status=(bounced|deferred)' >&2
}

lab_mail_folder() {
	local path=${1#*/Maildir/}
	path=${path%/*/*}
	case $path in
	.*) printf '%s\n' "${path#.}" ;;
	*) echo INBOX ;;
	esac
}

# A letter of the name stands for a flag; a lower-case one for the line of that number in dovecot-keywords.
lab_mail_flags() {
	local letters=${1##*:2,} folder=${1%/*/*} i letter name words=()
	[[ $1 == *:2,* ]] || letters=
	for ((i = 0; i < ${#letters}; i++)); do
		letter=${letters:i:1}
		case $letter in
		D) name='\Draft' ;;
		F) name='\Flagged' ;;
		R) name='\Answered' ;;
		S) name='\Seen' ;;
		T) name='\Deleted' ;;
		[a-z]) name=$(awk -v n=$(($(printf '%d' "'$letter") - 97)) '$1 == n { print $2 }' "$folder/dovecot-keywords") ;;
		*) name=$letter ;;
		esac
		words+=("$name")
	done
	printf '%s\n' "${words[*]}"
}
