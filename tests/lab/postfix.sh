# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # lab.sh and its callers share variables
#
# Postfix of the lab, with every folder of its own: from the system's package, or from an unpacked one
# (POSTFIX_ROOT). It listens on loopback only, delivers all mail for LAB_DOMAINS into one Maildir (each
# copy says its recipient in Delivered-To) and throws everything else away; it asks no DNS.
#
# Postfix wants two users that own nothing else. Where there is no "postfix", two of the unprivileged
# users that every Debian has are taken, and none is made.
#
#   lab_postfix_use [NAME]   which of several is meant from here on; without a name the first. NAME's
#       folder is $LAB/postfix-NAME, its log $LAB/log/postfix-NAME.log; LAB_SMTP_PORT is its port
#   lab_postfix_start [--chroot] [--milter SOCKET]... [--submission SOCKET] [--services LINES] [--set 'name = value']...
#       SOCKET as in smtpd_milters (unix:PATH, inet:HOST:PORT), asked in the order given. --chroot runs
#       smtpd and cleanup chrooted, as Debian does; LAB_POSTFIX_QUEUE is their root, and unix: paths
#       are relative to it. --submission: a second smtpd, whose clients count as authenticated, with that
#       filter alone. --services: lines of master.cf, which replace ours of the same name. Sets
#       LAB_SMTP_PORT and, with --submission, LAB_SUBMISSION_PORT.

LAB_SMTP_PORT= LAB_SUBMISSION_PORT=
LAB_MTA_PID=
LAB_DOMAINS='example.com, example.net, example.org, example.test, inbox.test'
LAB_POSTFIX_QUEUE=
lab_postfix_master=
lab_postfix=postfix
declare -A lab_postfix_ports=() lab_postfix_masters=()

lab_postfix_use() {
	lab_postfix=postfix${1:+-$1}
	LAB_POSTFIX_QUEUE=$LAB/$lab_postfix/queue
	LAB_SMTP_PORT=${lab_postfix_ports[$lab_postfix]-}
	lab_postfix_master=${lab_postfix_masters[$lab_postfix]-}
	LAB_MTA_PID=$lab_postfix_master
}

lab_postfix_users() {
	if getent passwd postfix >/dev/null && getent group postdrop >/dev/null; then
		echo postfix postdrop
	else
		echo uucp news
	fi
}

# What the unpacked Postfix needs in its environment; master hands it on (import_environment).
lab_postfix_run() {
	LD_LIBRARY_PATH=${POSTFIX_ROOT:+$POSTFIX_ROOT/usr/lib/postfix} MAIL_CONFIG=$LAB/$lab_postfix/etc "$@"
}

lab_postfix_main_cf() {
	local owner group root=${POSTFIX_ROOT-}
	read -r owner group < <(lab_postfix_users)
	cat <<-END
		compatibility_level = 3.6
		command_directory = $root/usr/sbin
		daemon_directory = $root/usr/lib/postfix/sbin
		shlib_directory = $root/usr/lib/postfix
		meta_directory = $root/etc/postfix
		queue_directory = $LAB_POSTFIX_QUEUE
		data_directory = $LAB/$lab_postfix/data
		maillog_file = $LAB/log/$lab_postfix.log
		maillog_file_prefixes = $LAB
		import_environment = MAIL_CONFIG MAIL_LOGTAG TZ LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME LD_LIBRARY_PATH
		mail_owner = $owner
		setgid_group = $group
		default_privs = nobody
		inet_interfaces = 127.0.0.1
		inet_protocols = ipv4
		myhostname = mx.lab.test
		mydestination =
		mynetworks = 127.0.0.0/8
		alias_maps =
		alias_database =
		local_recipient_maps =
		smtpd_peername_lookup = no
		disable_dns_lookups = yes
		smtpd_authorized_xclient_hosts = 127.0.0.0/8
		smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination
		smtpd_error_sleep_time = 0
		smtpd_client_connection_count_limit = 0
		smtpd_tls_security_level = none
		in_flow_delay = 0
		notify_classes =
		message_size_limit = 104857600
		mailbox_size_limit = 0
		virtual_mailbox_limit = 0
		virtual_mailbox_domains = $LAB_DOMAINS
		virtual_mailbox_base = $LAB/mail
		virtual_mailbox_maps = static:inbox/
		virtual_minimum_uid = 1
		virtual_uid_maps = static:$(id -u nobody)
		virtual_gid_maps = static:$(id -g nobody)
		virtual_transport = virtual
		default_transport = discard
		relay_transport = discard
		local_transport = discard
		milter_connect_timeout = 5s
		milter_command_timeout = 10s
		milter_content_timeout = 60s
	END
}

# $1: "y" or "n", whether smtpd and cleanup are chrooted.
lab_postfix_master_cf() {
	cat <<-END
		127.0.0.1:$LAB_SMTP_PORT inet n - $1 - - smtpd
		pickup     unix n - n 60 1 pickup
		cleanup    unix n - $1 - 0 cleanup
		qmgr       unix n - n 300 1 qmgr
		rewrite    unix - - n - - trivial-rewrite
		bounce     unix - - n - 0 bounce
		defer      unix - - n - 0 bounce
		trace      unix - - n - 0 bounce
		proxymap   unix - - n - - proxymap
		smtp       unix - - n - - smtp
		lmtp       unix - - n - - lmtp
		error      unix - - n - - error
		retry      unix - - n - - error
		discard    unix - - n - - discard
		virtual    unix - n n - - virtual
		anvil      unix - - n - 1 anvil
		showq      unix n - n - - showq
		postlog    unix-dgram n - n - 1 postlogd
	END
}

lab_postfix_submission() {
	LAB_SUBMISSION_PORT=$(lab_port)
	printf '127.0.0.1:%s inet n - n - - smtpd\n' "$LAB_SUBMISSION_PORT"
	printf ' -o { smtpd_milters = %s }\n' "$(lab_postfix_milter "$1")"
	printf ' -o { milter_macro_defaults = auth_authen=owner@example.com auth_type=plain }\n'
}

# master.cf with services added; one that has the name of one of ours stands in its place.
lab_postfix_services() {
	local names
	names=$(awk '/^[^ \t#]/ { print $1 }' <<<"$2" | xargs)
	lab_postfix_master_cf "$1" | awk -v names=" $names " '!index(names, " " $1 " ")'
	printf '%s\n' "$2"
}

# One member of smtpd_milters, as the manual recommends it.
lab_postfix_milter() {
	printf '{ %s, default_action=accept, connect_timeout=5s, command_timeout=10s, content_timeout=60s }' "$1"
}

lab_postfix_start() {
	local chroot=n milters='' submission='' services='' try settings=()
	while (($#)); do
		case $1 in
		--chroot) chroot=y ;;
		--milter) milters+="${milters:+, }$(lab_postfix_milter "$2")" && shift ;;
		--submission) submission=$2 && shift ;;
		--services) services=$2 && shift ;;
		--set) settings+=("$2") && shift ;;
		*) lab_say "lab_postfix_start: $1?" && return 1 ;;
		esac
		shift
	done
	lab_postfix_folders
	lab_postfix_settings "smtpd_milters = $milters" "${settings[@]}" >"$LAB/$lab_postfix/etc/main.cf"
	for try in 1 2 3; do
		LAB_SMTP_PORT=$(lab_port)
		lab_postfix_ports[$lab_postfix]=$LAB_SMTP_PORT
		lab_postfix_services "$chroot" "$services" >"$LAB/$lab_postfix/etc/master.cf"
		[[ ! $submission ]] || lab_postfix_submission "$submission" >>"$LAB/$lab_postfix/etc/master.cf"
		lab_postfix_launch && return 0
		grep -q 'Address already in use' "$LAB/log/$lab_postfix.log" || break
		lab_say "port $LAB_SMTP_PORT was taken by somebody else (try $try)"
	done
	return 1
}

# lab_postfix_settings 'name = value'...: main.cf, where a name given here replaces ours.
lab_postfix_settings() {
	local line
	while IFS= read -r line; do
		[[ $'\n'$(printf '%s\n' "$@") == *$'\n'"${line%%=*}="* ]] || printf '%s\n' "$line"
	done < <(lab_postfix_main_cf)
	printf '%s\n' "$@"
}

# As post-install makes them from its list of files; the scripts around master are slow and check what
# concerns the host's own Postfix only.
lab_postfix_folders() {
	local owner group queue=$LAB/$lab_postfix/queue
	LAB_POSTFIX_QUEUE=$queue
	read -r owner group < <(lab_postfix_users)
	mkdir -p "$LAB/$lab_postfix/etc" "$queue/pid" "$LAB/mail"
	chmod 711 "$LAB/mail"
	install -d -m 700 -o "$owner" "$LAB/$lab_postfix/data" \
		"$queue"/{active,bounce,corrupt,defer,deferred,flush,hold,incoming,private,saved,trace}
	install -d -m 710 -o "$owner" -g "$group" "$queue/public"
	install -d -m 730 -o "$owner" -g "$group" "$queue/maildrop"
	install -d -m 700 -o nobody "$LAB/mail/inbox" "$LAB/mail/inbox/"{new,cur,tmp}
}

# master -w returns when the real master listens.
lab_postfix_launch() {
	if ! lab_postfix_run "${POSTFIX_ROOT-}/usr/lib/postfix/sbin/master" -w >>"$LAB/log/$lab_postfix.start.log" 2>&1; then
		lab_say "Postfix did not start"
		return 1
	fi
	lab_postfix_master=$(tr -d ' ' <"$LAB_POSTFIX_QUEUE/pid/master.pid")
	lab_postfix_masters[$lab_postfix]=$lab_postfix_master
	LAB_MTA_PID=$lab_postfix_master
	lab_remember "$lab_postfix_master"
	lab_groups+=("$lab_postfix_master")
}

# Ends Postfix and all of its processes, which are in the master's process group; lab_postfix_start
# brings it back.
lab_postfix_stop() {
	lab_stop "$lab_postfix_master"
	lab_reap_group "$lab_postfix_master"
}

# lab_postfix_sendmail ARGUMENT...: its sendmail command.
lab_postfix_sendmail() { lab_postfix_run "${POSTFIX_ROOT-}/usr/sbin/sendmail" "$@"; }
