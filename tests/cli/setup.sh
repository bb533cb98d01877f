#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname setup in trees of its own: what it shows, writes, takes out and puts back, with programs that say
# what the test wants, and killed at each of its steps. No MTA: that is tests/wire/setup.sh.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

site_begin 94
pieces=$srcdir/packaging/setup
root=$LAB/root
mc=$root/etc/mail/sendmail.mc
cf=$root/etc/postfix/main.cf
mkdir -p "$LAB/fake" "$root"

status() { # NAME STATUS ARGUMENT...
	local name=$1 want=$2
	shift 2
	PATH=$LAB/fake:$PATH exits "$name" "$want" setup --pieces "$pieces" "$@"
}
# A program that says what the test wants: its body is on standard input.
fake() {
	{ printf '#!/bin/bash\n'; cat; } >"$LAB/fake/$1"
	chmod 755 "$LAB/fake/$1"
}
files() { (cd "$root" && find . -type f | sort | tr '\n' ' '); }
same() { cmp "$1" "$2"; }

# -- usage
status 'no program' 2
tap_like 'is wrong usage' "$err" '^Usage: .*setup PROGRAM'
status 'a program that it does not know' 2 exim
tap_like 'it names those it knows' "$err" $'postfix\n.*sendmail'
status 'both at once' 2 postfix --write --remove
status 'a folder that is no whole path' 2 postfix --folder etc
status 'a program that is not there' 2 sendmail --root "$root" --write --yes
tap_like 'is asked for' "$err" 'is sendmail installed'
status 'no pieces' 2 sendmail --pieces "$LAB/none"
tap_like 'the piece is named' "$err" 'none/sendmail/sendmail.mc: No such file'

# -- showing
status 'nothing but the name shows the pieces' 0 sendmail
tap_like 'where it goes' "$out" '---- /etc/mail/sendmail\.mc \(a marked block\)'
tap_like 'with the socket of this site' "$out" "S=local:$LAB/keepname/milter\\.sock,"
tap_like 'and what to type then' "$out" 'sendmail --write .*make -C /etc/mail'
lab_keepname_conf 'socket = "inet:8891@127.0.0.1"'
status 'a TCP socket' 0 postfix
tap_like 'as Postfix spells it' "$out" '\{ inet:127\.0\.0\.1:8891, default_action=accept,'
lab_keepname_conf 'socket = "local:/run/kn}, { inet:evil"'
status 'a socket that is no plain path' 2 postfix
tap_like 'is not written anywhere' "$err" 'only letters, digits'
lab_keepname_conf
mkdir -p "$LAB/pieces/sendmail"
printf '@SOCKETS@\n' >"$LAB/pieces/sendmail/sendmail.mc"
status 'a placeholder that there is not' 2 sendmail --pieces "$LAB/pieces"
tap_like 'is no text' "$err" '@SOCKETS@ is no placeholder'
printf 'a@b @SOCKET @@ @x@ @AUTHSERV_ID@@\n' >"$LAB/pieces/sendmail/sendmail.mc"
status 'what only looks like one' 0 sendmail --pieces "$LAB/pieces"
tap_like 'is' "$out" $'\na@b @SOCKET @@ @x@ mx\\.lab\\.test@\n'

# Every piece that is shipped is one of the table's, or is named as one to be put somewhere by hand.
by_hand='dovecot/sieve/keepname-guard.sieve dovecot/sieve/before.d/10-keepname-inbox.sieve'
unknown_pieces() {
	local program
	for program in $("$builddir/progs/keepname" -c "$LAB/keepname/keepname.conf" setup exim 2>&1 | sed -n 's/^  //p'); do
		lab_keepname setup --pieces "$pieces" "$program" >"$LAB/shown" || { echo "$program: not shown" && continue; }
		(cd "$pieces" && find . -path "./$program/*" -type f -printf '%P\n') | while read -r piece; do
			grep -q "^---- /[a-z/]*/${piece#*/} " "$LAB/shown" || [[ " $by_hand " == *" $piece "* ]] || echo "$piece"
		done
	done
}
tap_is 'every shipped piece is put somewhere' "$(unknown_pieces)" ''

# -- a block in a file of somebody else
fake m4 <<'END'
grep -q 'm4 says no' "$1" && echo "$1:7: m4: $(printf '\033[31mred')" >&2 && exit 1
exit 0
END
mkdir -p "$root/etc/mail"
printf 'OSTYPE(`debian'\'')dnl\n\0\033[1m\xff\tINPUT_MAIL_FILTER\r\nINPUT_MAIL_FILTER(`spam'\'')dnl\nMAILER(`local'\'')dnl' >"$mc"
chown nobody "$mc"
chmod 640 "$mc"
cp -p "$mc" "$LAB/mc"
status 'a look' 0 sendmail --root "$root" --write --dry-run
tap_like 'shows the difference' "$out" $'--- /etc/mail/sendmail.mc\n\\+\\+\\+ /etc/mail/sendmail.mc\n@@.*\n\\+dnl keepname: begin\n.*\\+INPUT_MAIL_FILTER\\(`keepname'
tap_unlike 'whatever is in the file is no code for the terminal' "$out" $'\033'
tap_ok 'and changes nothing' same "$mc" "$LAB/mc"
status 'without a terminal nobody can be asked' 2 sendmail --root "$root" --write
tap_like 'what then' "$err" '--yes does it'
tap_is 'nothing was made' "$(files)" './etc/mail/sendmail.mc '
status 'written' 0 sendmail --root "$root" --write --yes
tap_like 'checked by the program itself' "$out" "checked by \"m4 $mc\""
tap_like 'the backup is named' "$out" "sendmail\\.mc is in $mc\\.keepname-backup"
tap_like 'nothing is restarted' "$out" 'For it to take effect: make -C /etc/mail'
tap_is 'owner and mode stay' "$(stat -c '%U %a' "$mc")" 'nobody 640'
tap_is 'those of the backup, too' "$(stat -c '%U %a' "$mc.keepname-backup")" 'nobody 640'
tap_ok 'the backup is what was there' same "$mc.keepname-backup" "$LAB/mc"
tap_is 'before the spam filter' "$(grep -a '^INPUT' "$mc" | cut -d\` -f2 | cut -d\' -f1 | xargs)" 'keepname spam'
tap_ok 'and otherwise the same octets' same <(sed '/^dnl keepname: begin/,/^dnl keepname: end/d' "$mc") "$LAB/mc"
cp "$mc" "$LAB/written"
status 'a second time' 0 sendmail --root "$root" --write --yes
tap_is 'there is nothing to do' "$out" 'Nothing to do.'
lab_keepname_conf 'socket = "inet:8891@127.0.0.1"'
status 'another socket' 0 sendmail --root "$root" --write --yes
tap_is 'takes the place of the old one' "$(grep -ac 'keepname'\'', `S=inet:8891@' "$mc") $(grep -ac '^dnl keepname: ' "$mc")" '1 2'
tap_ok 'the first backup is not written over' same "$mc.keepname-backup" "$LAB/mc"
tap_ok 'there is a second one' same "$mc.keepname-backup.2" "$LAB/written"
lab_keepname_conf
status 'taken out' 0 sendmail --root "$root" --remove --yes
tap_ok 'it is what it was' same "$mc" "$LAB/mc"
status 'taken out again' 0 sendmail --root "$root" --remove --yes
tap_is 'nothing to do either' "$out" 'Nothing to do.'

# -- what the program says of it
tidy() { rm -f "$mc".keepname-* && cp -p "$LAB/mc" "$mc"; }
tidy
sed 's/m4 says no/keepname/' "$LAB/fake/m4" >"$LAB/fake/m4.new" && mv "$LAB/fake/m4.new" "$LAB/fake/m4"
chmod 755 "$LAB/fake/m4"
status 'the program says no' 1 sendmail --root "$root" --write --yes
tap_like 'what it said' "$err" "says no:"$'\n'"$mc:7: m4: "
tap_unlike 'fit to be shown' "$err" $'\033'
tap_like 'and that all is as it was' "$err" 'Everything is as it was'
tap_ok 'it is' same "$mc" "$LAB/mc"
tap_is 'without a backup' "$(files)" './etc/mail/sendmail.mc '
fake m4 <<<'echo broken >&2; exit 1'
status 'a program that was not content before' 1 sendmail --root "$root" --write --yes
tap_like 'is not ours to judge' "$err" 'This was so before'
tap_ok 'nothing changed' same "$mc" "$LAB/mc"
fake m4 <<<'kill -TERM $PPID; exit 0'
rc=0
PATH=$LAB/fake:$PATH lab_keepname setup --pieces "$pieces" sendmail --root "$root" --write --yes >"$LAB/out" 2>"$LAB/err" || rc=$?
tap_is 'a signal in the midst of it ends it' "$rc" 143
tap_ok 'with everything as it was' same "$mc" "$LAB/mc"
tap_is 'and nothing left' "$(files)" './etc/mail/sendmail.mc '
fake m4 <<<'exit 0'

# -- files that are no plain files of a plain size
mkdir -p "$LAB/elsewhere"
mv "$mc" "$LAB/elsewhere/mc" && ln -s "$LAB/elsewhere/mc" "$mc"
status 'a link out of the root' 2 sendmail --root "$root" --write --yes
tap_like 'is not followed' "$err" 'leads out of the root'
rm "$mc" && mv "$LAB/elsewhere/mc" "$root/etc/real.mc" && ln -s ../real.mc "$mc"
status 'one within it' 0 sendmail --root "$root" --write --yes
tap_is 'stays a link' "$(readlink "$mc")" ../real.mc
tap_ok 'and its target has the block' grep -q '^dnl keepname: begin' "$root/etc/real.mc"
tap_ok 'beside which its backup is' same "$root/etc/real.mc.keepname-backup" "$LAB/mc"
rm "$mc" "$root"/etc/real.mc*
ln -s nowhere "$mc"
status 'a link to nothing' 2 sendmail --root "$root" --write --yes
rm "$mc" && mkdir "$mc"
status 'a folder' 2 sendmail --root "$root" --write --yes
tap_like 'is no file' "$err" 'not a plain file'
rmdir "$mc"
for spare in 0 1; do # LIMIT_SETUP_FILE, and one past it
	{ printf 'MAILER(x)\n' && head -c "$((1024 * 1024 - 10 + spare))" /dev/zero | tr '\0' '\n'; } >"$mc"
	status "a file of 1 MiB and $spare" "$((spare * 2))" sendmail --root "$root" --write --yes
	tidy
done
tap_like 'that is too large' "$err" 'File too large'
for spare in 0 1; do # LIMIT_OUTSIDE: the last octet that counts, and one past it
	fake postmap <<<"head -c $((256 * 1024 - 6 + spare)) /dev/zero | tr '\\0' x; printf IGNORE"
	fake postconf <<<'case "$*" in *queue*) echo /var/spool/postfix ;; *) echo x ;; esac'
	mkdir -p "$root/etc/postfix" && printf 'a = b\n' >"$cf"
	status "a program that says 256 KiB and $spare" "$spare" postfix --root "$root" --write --yes
	rm -r "$root/etc/postfix"
done
tap_like 'is heard no further' "$err" 'does not say IGNORE'
printf 'a\ndnl keepname: begin\nb\n' >"$mc"
cp "$mc" "$LAB/broken"
status 'markers that do not fit together' 2 sendmail --root "$root" --write --yes
tap_like 'are named with their line' "$err" '/etc/mail/sendmail\.mc: line 2: .*without an end'
tap_ok 'and not touched' same "$mc" "$LAB/broken"
tidy

# -- two at once
exec 9<"$root/etc/mail"
flock 9
status 'another one at work' 2 sendmail --root "$root" --write --yes
tap_like 'is not disturbed' "$err" 'another keepname setup is at work'
exec 9<&-

# -- on a terminal
if command -v script >/dev/null; then
	typed() { # ANSWER: what somebody types when asked
		rc=0
		printf '%s\n' "$1" | PATH=$LAB/fake:$PATH script -qec "'$builddir/progs/keepname' -c '$LAB/keepname/keepname.conf' setup \
			--pieces '$pieces' sendmail --root '$root' --write" /dev/null >"$LAB/out" 2>&1 || rc=$?
	}
	typed n
	tap_is 'no' "$rc $(cmp "$mc" "$LAB/mc" && echo unchanged)" '1 unchanged'
	typed y
	tap_is 'yes' "$rc $(grep -ac '^dnl keepname: begin' "$mc")" '0 1'
else
	tap_skip 2 'no script(1) here'
fi

# -- killed at each of its steps: two files of Postfix
rm -rf "$root/etc/mail"
fake postmap <<<'echo IGNORE'
old() { printf 'smtpd_milters = inet:127.0.0.1:11332\nheader_checks = pcre:/etc/postfix/hc\nend = here'; }
fresh() { rm -rf "$root/etc/postfix" && mkdir -p "$root/etc/postfix" && old >"$cf"; }
quiet() { PATH=$LAB/fake:$PATH lab_keepname setup --pieces "$pieces" postfix --root "$root" "$@" --yes >>"$LAB/log/quiet" 2>&1; }
leftovers() { find "$root/etc/postfix" -type f ! -name main.cf ! -name keepname-header_checks ! -name '*.keepname-backup*'; }
# After a kill: each file is old or new, a second run brings all to what it shall be, and out again.
killed_well() { # --write|--remove
	same "$cf" "$LAB/old.cf" || same "$cf" "$LAB/new.cf" || return 1
	if ! same "$cf" "$LAB/old.cf" && [[ ! -e $root/etc/postfix/keepname-header_checks ]]; then
		echo 'main.cf names a table that is not there'
		return 1
	fi
	quiet --write && same "$cf" "$LAB/new.cf" && same "$root/etc/postfix/keepname-header_checks" "$LAB/new.table" || return 1
	[[ -z $(leftovers) ]] || { leftovers && return 1; }
	quiet --remove && same "$cf" "$LAB/old.cf" && [[ ! -e $root/etc/postfix/keepname-header_checks ]]
}
steps=0
kill_at_each() { # SYSCALL --write|--remove
	local n killed
	for ((n = 1; n < 60; n++)); do
		fresh
		[[ $2 == --write ]] || quiet --write
		killed=0
		PATH=$LAB/fake:$PATH strace -qq -o "$LAB/log/strace" -e trace="$1" -e inject="$1:signal=SIGKILL:when=$n" \
			"$builddir/progs/keepname" -c "$LAB/keepname/keepname.conf" setup --pieces "$pieces" postfix \
			--root "$root" "$2" --yes >>"$LAB/log/quiet" 2>&1 || killed=$?
		((killed == 137)) || break
		steps=$((steps + 1))
		killed_well || { echo "killed at $1 $n of $2" && return 1; }
	done
	((killed == 0 && n > 1))
}
old >"$LAB/old.cf"
fresh && quiet --write
cp "$cf" "$LAB/new.cf" && cp "$root/etc/postfix/keepname-header_checks" "$LAB/new.table"
tap_fails 'what is written differs' same "$LAB/old.cf" "$LAB/new.cf"
if command -v strace >/dev/null; then
	for call in rename link unlink fsync fchmod; do
		tap_ok "killed at each $call of writing" kill_at_each "$call" --write
	done
	for call in rename link unlink fsync; do
		tap_ok "killed at each $call of taking out" kill_at_each "$call" --remove
	done
	tap_ok "that was at many steps ($steps)" test "$steps" -gt 20
else
	tap_skip 10 'no strace here'
fi
tap_end
