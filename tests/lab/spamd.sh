# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # lab.sh and its callers share variables
#
# SpamAssassin of the lab: spamd on a unix socket, with the rules of its package and a site's folder of
# our own, $LAB/spamd/etc, which stands for /etc/spamassassin. Only local tests; Bayes only where a file
# of the site turns it on (its database is then $LAB/spamd/bayes).
#
#   lab_spamd_missing          why it cannot run here; nothing where it can
#   lab_spamd_site FILE...     puts files into the site's folder
#   lab_spamd_lint             spamassassin --lint, any warning of which is a failure
#   lab_spamd_start            starts spamd. LAB_SPAMD_SOCKET is its socket, before it as after
#   lab_spamc FILE             the message as spamc gives it back
#   lab_spam_score FILE        the score in a message's X-Spam-Status
#   lab_spam_rules FILE        the names of the rules that hit, in one line
#
# Site files for the tests: tests/lab/spam.cf makes the registrar's mail spam.

LAB_SPAMD_SOCKET=
LAB_SPAMD_PID=

lab_spamd_missing() {
	local program
	if ((EUID != 0)); then
		echo "spamd is started by root, to become nobody"
		return
	fi
	for program in spamd spamc spamassassin; do
		if ! command -v "$program" >/dev/null; then
			echo "$program is not installed (scripts/install-deps --tests)"
			return
		fi
	done
}

# Few plugins: those of init.pre and v3*.pre that the local rules of the package live on.
lab_spamd_folders() {
	local plugin
	LAB_SPAMD_SOCKET=$LAB/spamd/socket
	[[ ! -e $LAB/spamd/etc/init.pre ]] || return 0
	mkdir -p "$LAB/spamd/etc"
	chmod 755 "$LAB/spamd/etc"
	install -d -m 711 -o nobody "$LAB/spamd"
	install -d -m 700 -o nobody "$LAB/spamd/bayes" "$LAB/spamd/home"
	for plugin in Check AutoLearnThreshold Bayes BodyEval HeaderEval HTMLEval MIMEEval RelayEval URIEval WLBLEval; do
		printf 'loadplugin Mail::SpamAssassin::Plugin::%s\n' "$plugin"
	done >"$LAB/spamd/etc/init.pre"
	cat >"$LAB/spamd/etc/local.cf" <<-END
		dns_available no
		use_bayes 0
		bayes_path $LAB/spamd/bayes/bayes
		report_safe 0
	END
}

lab_spamd_site() {
	lab_spamd_folders
	install -m 644 "$@" "$LAB/spamd/etc/"
}

lab_spamd_lint() {
	lab_spamd_folders
	HOME=$LAB/spamd/home spamassassin -L -x --siteconfigpath="$LAB/spamd/etc" --lint 2>&1 | tee "$LAB/log/spamassassin.lint"
	[[ ! -s $LAB/log/spamassassin.lint ]]
}

lab_spamd_start() {
	lab_spamd_folders
	rm -f "$LAB_SPAMD_SOCKET"
	lab_spawn spamd spamd -L -x -u nobody -H "$LAB/spamd/home" --siteconfigpath="$LAB/spamd/etc" -s stderr \
		--min-children=1 --max-children=2 --socketpath="$LAB_SPAMD_SOCKET" --socketmode=0666
	LAB_SPAMD_PID=$LAB_PID
	lab_await -p "$LAB_SPAMD_PID" connect "$LAB_SPAMD_SOCKET"
}

lab_spamd_stop() { lab_stop "$LAB_SPAMD_PID"; }

# Fails where spamd did not answer.
lab_spamc() { spamc -x -U "$LAB_SPAMD_SOCKET" <"$1"; }

lab_spam_score() { lab_header "$1" X-Spam-Status | sed -n 's/.*score=\(-\{0,1\}[0-9.]*\).*/\1/p' | head -n 1; }

# Folded between names, where unfolding leaves a space; amavisd's are "NAME=score" in brackets.
lab_spam_rules() {
	lab_header "$1" X-Spam-Status | head -n 1 | sed 's/.*tests=\[\{0,1\}//; s/, */,/g; s/[] ].*//; s/=[-0-9.]*//g; y/,/ /'
}
