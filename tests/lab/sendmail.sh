# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # lab.sh and its callers share variables
#
# Sendmail of the lab, always from an unpacked package (SENDMAIL_ROOT, scripts/install-deps
# --private-sendmail DIR), since the package itself would take Postfix away. Its sendmail.cf is made
# from an .mc as a site makes one; queue, aliases, process id and port are its own. Mail for LAB_DOMAINS
# goes into the Maildir that the lab's Postfix uses too, each copy with its recipient in Delivered-To.
#
#   lab_sendmail_missing               why it cannot run here; nothing where it can
#   lab_sendmail_start [LINE]...       LINEs of the .mc, such as INPUT_MAIL_FILTER(...). Sets
#                                      LAB_SMTP_PORT, so that lab_send and lab_deliver speak with it
#   lab_sendmail_stop
#   lab_sendmail_parent                prints a folder for the lab (LAB_PARENT) that Sendmail calls safe
#
# It cannot be told another client address (there is no XCLIENT), so nothing is proved by SPF. What it and
# its milters say is in $LAB/log/sendmail.log, at MilterLogLevel 20.

LAB_SENDMAIL_PID=

lab_sendmail_missing() {
	local program=${SENDMAIL_ROOT-}/usr/libexec/sendmail/sendmail
	if [[ ! ${SENDMAIL_ROOT-} || ! -x $program ]]; then
		echo 'no unpacked Sendmail (scripts/install-deps --private-sendmail DIR, and SENDMAIL_ROOT=DIR)'
	elif ! command -v m4 >/dev/null; then
		echo 'm4 is not installed (scripts/install-deps --tests)'
	elif ldd "$program" | grep -q 'not found'; then
		echo "Sendmail lacks$(ldd "$program" | awk '/not found/ { printf " %s", $1 }')"
	elif ! unshare --uts true 2>/dev/null; then
		echo 'no UTS namespace can be made here (unshare --uts)'
	fi
}

# It reads no file below a folder that everybody may write, such as /tmp.
lab_sendmail_parent() {
	case $(stat -c %a "${TMPDIR:-/tmp}") in
	*[2367]) echo /run ;;
	*) echo "${TMPDIR:-/tmp}" ;;
	esac
}

lab_sendmail_stop() { lab_stop "$LAB_SENDMAIL_PID"; }

# The load of a busy machine must not make it refuse or queue.
lab_sendmail_mc() {
	local home=$LAB/sendmail
	cat <<-END
		divert(0)dnl
		VERSIONID(\`the lab')dnl
		OSTYPE(\`linux')dnl
		define(\`confDOMAIN_NAME', \`mx.lab.test')dnl
		define(\`confPID_FILE', \`$home/sendmail.pid')dnl
		define(\`QUEUE_DIR', \`$home/queue')dnl
		define(\`ALIAS_FILE', \`$home/aliases')dnl
		define(\`STATUS_FILE', \`$home/statistics')dnl
		define(\`HELP_FILE', \`$home/helpfile')dnl
		define(\`confHOSTS_FILE', \`$home/hosts')dnl
		define(\`confSERVICE_SWITCH_FILE', \`$home/service.switch')dnl
		define(\`confDONT_PROBE_INTERFACES', \`True')dnl
		define(\`confTO_IDENT', \`0s')dnl
		define(\`confQUEUE_LA', \`10000')dnl
		define(\`confREFUSE_LA', \`10000')dnl
		define(\`confDELAY_LA', \`0')dnl
		define(\`confLOG_LEVEL', \`14')dnl
		define(\`confMILTER_LOG_LEVEL', \`20')dnl
		define(\`confDEF_USER_ID', \`$(id -u nobody):$(id -g nobody)')dnl
		define(\`LOCAL_MAILER_PATH', \`/bin/sh')dnl
		define(\`LOCAL_MAILER_ARGS', \`sh $home/deliver \$u')dnl
		define(\`LOCAL_MAILER_FLAGS', \`n9')dnl
		MODIFY_MAILER_FLAGS(\`LOCAL', \`-w')dnl
		FEATURE(\`no_default_msa')dnl
		FEATURE(\`nocanonify')dnl
		FEATURE(\`accept_unresolvable_domains')dnl
		DAEMON_OPTIONS(\`Name=MTA, Addr=127.0.0.1, Port=$LAB_SMTP_PORT')dnl
	END
	printf '%s\n' "$@"
	cat <<-END
		LOCAL_DOMAIN(\`${LAB_DOMAINS//,/}')dnl
		MAILER(\`local')dnl
		MAILER(\`smtp')dnl
	END
}

# The delivering program writes under tmp and moves into new, as maildir(5) wants it.
lab_sendmail_folders() {
	local home=$LAB/sendmail
	mkdir -p "$home" "$LAB/mail"
	chmod 711 "$home" "$LAB/mail"
	install -d -m 700 "$home/queue"
	install -d -m 700 -o nobody "$LAB/mail/inbox" "$LAB/mail/inbox/"{new,cur,tmp}
	echo '127.0.0.1 localhost' >"$home/hosts"
	echo 'hosts files' >"$home/service.switch"
	: >"$home/aliases"
	cat >"$home/deliver" <<-END
		cd "$LAB/mail/inbox" || exit 75
		name=\$(date +%s.%N).\$\$
		{ echo "Delivered-To: \$1" && cat; } >"tmp/\$name" && mv "tmp/\$name" "new/\$name" || exit 75
	END
	chmod 644 "$home/deliver"
}

# lab_sendmail_program OPTION...: Sendmail, in a UTS namespace whose host has a full name; where it has
# none it waits for a minute, before it reads any configuration.
lab_sendmail_program() {
	# shellcheck disable=SC2016 # for the inner shell
	printf '%s\0' unshare --uts sh -c 'hostname mx.lab.test && exec "$@"' sh \
		"$SENDMAIL_ROOT/usr/libexec/sendmail/sendmail" -C "$LAB/sendmail/sendmail.cf" "$@"
}

# Without a syslog, what it would say there is said by its debugging.
lab_sendmail_launch() {
	local cf=$SENDMAIL_ROOT/usr/share/sendmail/cf argv
	lab_sendmail_mc "$@" >"$LAB/sendmail/sendmail.mc"
	m4 -D_CF_DIR_="$cf/" "$cf/m4/cf.m4" "$LAB/sendmail/sendmail.mc" >"$LAB/sendmail/sendmail.cf" || return 1
	chmod 644 "$LAB/sendmail/sendmail.cf"
	mapfile -t -d '' argv < <(lab_sendmail_program -bi)
	"${argv[@]}" >>"$LAB/log/sendmail.start.log" 2>&1 || return 1
	mapfile -t -d '' argv < <(lab_sendmail_program -D "$LAB/log/sendmail.log" -d89.100 -bD -q5s)
	lab_spawn sendmail.start "${argv[@]}"
	LAB_SENDMAIL_PID=$LAB_PID
	LAB_MTA_PID=$LAB_PID
	lab_await -p "$LAB_SENDMAIL_PID" connect "$LAB_SMTP_PORT"
}

lab_sendmail_start() {
	local try
	lab_sendmail_folders
	for try in 1 2 3; do
		LAB_SMTP_PORT=$(lab_port)
		lab_sendmail_launch "$@" && return 0
		grep -q 'Address already in use' "$LAB/log/sendmail".* || break
		lab_say "port $LAB_SMTP_PORT was taken by somebody else (try $try)"
	done
	return 1
}
