# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Where the seeds of a fuzz target come from: files of the tree that are of its kind, those in
# tests/fuzz/seeds, those that the target makes itself, and what was found before.
#
#   fuzz_targets                    their names
#   fuzz_seeds_of TARGET FOLDER     all of them, gathered in a new folder
#   fuzz_is_fuzzer                  whether the build is libFuzzer's

fuzz_targets() {
	sed -n '/^FUZZ_TARGETS/,/[^\\]$/p' "$srcdir/tests/fuzz/local.mk" | grep -o 'fuzz/[a-z_]*' | sed 's,fuzz/,,'
}

fuzz_is_fuzzer() { grep -qa LLVMFuzzerRunDriver "$builddir/tests/fuzz/address"; }

fuzz_files_of() {
	case $1 in
	message | redact) find "$srcdir/tests/mails" -name '*.eml' ;;
	html) find "$srcdir/tests/mails" "$srcdir/tests/links" -name '*.eml' -o -name '*.pages' ;;
	list) find "$srcdir/rules/lists" -name '*.list' -size -40k -o -name '*.class' -size -40k ;;
	config) echo "$srcdir/packaging/keepname.conf" ;;
	rdap) echo "$srcdir/packaging/rdap-sample.json" ;;
	esac
	find "$srcdir/tests/fuzz/seeds/$1" "$srcdir/tests/fuzz/found/$1" -type f ! -name .gitkeep 2>/dev/null || true
}

fuzz_seeds_of() {
	local file number=0
	mkdir -p "$2"
	FUZZ_SEEDS=$2 "$builddir/tests/fuzz/$1" >/dev/null
	while IFS= read -r file; do
		cp "$file" "$2/$((number++)).${file##*/}"
	done < <(fuzz_files_of "$1")
}
