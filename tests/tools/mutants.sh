#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# mutants.sh [FROM-TO]: applies the mutants of tests/mutants.txt (numbered from 1) one at a time to a copy of the tree in
# build/mutants, rebuilds what changed and runs the test that must turn red. Fails if one survives, does not compile, or if its
# sed expression changes nothing. The tests must pass before the first mutant. None is begun once JT_MUTANTS_END (seconds since
# the epoch) has passed, and no build of the unchanged tree in the 10 minutes before it; how many were left is said.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
# Built with the options of build/, in a folder that lies in its tree as build/ does: ccache has what is not mutated.
export CCACHE_BASEDIR=$PWD
TOP=build/mutants SRC=build/mutants/src OUT=build/mutants/src/build LOG=$PWD/build/mutants.log LIMIT=120
mkdir -p $TOP && : >"$LOG" || exit 1

files=() seds=() tests=()
while IFS= read -r line; do
    [[ -z $line || $line == \#* ]] && continue
    rest=${line#* | }
    [[ $rest == *" | "* ]] || { echo "mutants.txt: \"$line\" is not: file | sed expression | program:filter" >&2; exit 1; }
    files+=("${line%% | *}") seds+=("${rest% | *}") tests+=("${rest##* | }")
done <tests/mutants.txt
from=1 to=${#files[@]}
if [ -n "${1:-}" ]; then from=${1%-*} to=${1#*-}; fi
((from >= 1 && from <= to && to <= ${#files[@]})) || { echo "mutants: $1 is not within 1-${#files[@]}" >&2; exit 1; }

late() { [ -n "${JT_MUTANTS_END:-}" ] && (($(date +%s) + $1 > JT_MUTANTS_END)); }
late 600 && { echo "mutants: none run, $((to - from + 1)) left for lack of time"; exit 0; }

# A copy with the times of the originals, so that only what changed is built again; mutated files count as changed, for the
# last run may have ended in the middle of one.
find $SRC -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} + 2>/dev/null
mkdir -p $SRC || exit 1
git ls-files -z -co --exclude-standard | while IFS= read -r -d '' f; do [ -e "$f" ] && printf '%s\0' "$f"; done |
    tar -c --null -T - | tar -x -C $SRC || exit 1
for f in "${files[@]}"; do [ -f "$SRC/$f" ] && touch "$SRC/$f"; done

build() { cmake --build $OUT --target "$@" >>"$LOG" 2>&1; }
run_test() { (cd $OUT && timeout $LIMIT "./${1%%:*}" --gtest_filter="${1#*:}" --gtest_brief=1) >>"$LOG" 2>&1 </dev/null; }
selects() { [ -n "$("$OUT/${1%%:*}" --gtest_filter="${1#*:}" --gtest_list_tests)" ]; }
give_up() { tail -n 20 "$LOG" >&2; echo "mutants: $1" >&2; exit 1; }

(cd $SRC && cmake --preset cpu -DJT_PEERS=OFF) >>"$LOG" 2>&1 ||
    give_up "the unchanged tree does not configure"
chosen=("${tests[@]:from - 1:to - from + 1}")
mapfile -t programs < <(printf '%s\n' "${chosen[@]%%:*}" | sort -u)
build "${programs[@]}" || give_up "the unchanged tree does not build"
for test in "${chosen[@]}"; do
    selects "$test" || give_up "no such test: $test"
    run_test "$test" || give_up "red without a mutant: $test"
done

killed=0 bad=0
outcome() { printf 'mutant %d: %s: %s | %s\n' $((n + 1)) "$1" "${files[n]}" "${seds[n]}"; }
left=0
for ((n = from - 1; n < to; ++n)); do
    late 0 && { left=$((to - n)); break; }
    f=$SRC/${files[n]} test=${tests[n]} why=""
    printf '\n==== mutant %d: %s\n' $((n + 1)) "${files[n]} | ${seds[n]} | $test" >>"$LOG"
    if [ ! -f "$f" ]; then why="NO SUCH FILE"
    elif ! sed -i.original -e "${seds[n]}" "$f" 2>>"$LOG"; then why="BAD SED EXPRESSION"
    elif cmp -s "$f" "$f.original"; then why="CHANGES NOTHING"
    elif ! build "${test%%:*}"; then why="DOES NOT COMPILE"
    elif run_test "$test"; then why="SURVIVED $test"
    fi
    [ -f "$f.original" ] && mv "$f.original" "$f" && touch "$f"
    if [ -z "$why" ]; then outcome killed; ((++killed)); else outcome "$why"; ((++bad)); fi
done
echo "mutants: $killed killed, $bad not$( ((left)) && echo ", $left left for lack of time")"
[ $bad -eq 0 ]
