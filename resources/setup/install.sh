#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what the studio ("run"), its tests ("test") or the loop benchmark ("bench") need: system packages through apt,
# a .venv with pinned versions; what the longest tests need besides ("soak"), into the environment of the tests; or the
# program that the loop benchmark compares with ("peer"), into an own .venv-bench.
# "check" installs nothing: it only has make do so where something is broken.
#
# Whatever interrupted an earlier run, or moved the clone since, is mended by the next one: an environment counts as made
# only where it says so, for this very folder, and its interpreter runs.
set -eu

purpose=$1
here=$(dirname "$0")
venv=.venv
# What Python says of its own place is without links.
cd -P .
little_kb=20000
lists="$here/apt.txt"
[ "$purpose" = test ] && lists="$lists $here/apt-test.txt"
[ "$purpose" = bench ] && lists="$lists $here/apt-bench.txt"
# shellcheck disable=SC2086
packages=$(sed 's/#.*//' $lists | tr -s ' \n' ' ')
servers=$(sed 's/#.*//; /^ *$/d' "$here/apt-unpacked.txt" | tr '\n' ' ')

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# Where a file ($1) or what is left of the disk says that this is the reason.
fail_if_full() {
    left_kb=$(df -Pk . | sed -n '2s/.* \([0-9][0-9]*\)  *[0-9]*% .*/\1/p')
    if grep -qs 'No space left on device\|Disk quota exceeded' "${1:-/dev/null}" || [ "${left_kb:-$little_kb}" -lt $little_kb ]; then
        fail "The disk is full: free 2 GB for the folder $PWD and 1 GB for packages and /tmp, then run make again."
    fi
}

# Before anything is installed: what is downloaded must have a place.
fail_if_read_only() {
    [ -w . ] || fail "The folder $PWD cannot be written: copy the clone to where you may write, and run make there."
}

is_installed() {
    # Ubuntu's 64-bit time transition renamed some libraries.
    for name in "$1" "${1}t64"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null || true)" = installed ] && return 0
    done
    return 1
}

# Files of shared libraries that these packages brought and that are not there any more.
lost_libraries() {
    for name in "$@"; do printf '%s\n%st64\n' "$name" "$name"; done | xargs dpkg-query -L 2>/dev/null |
        while IFS= read -r path; do
            case $path in /*.so | /*.so.*) [ -e "$path" ] || printf '%s\n' "$path" ;; esac
        done
}

# All at once, in one call.
are_installed() {
    n_there=$(for name in "$@"; do printf '%s\n%st64\n' "$name" "$name"; done |
        xargs dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | sed 's/t64$//' |
        sort -u | wc -l)
    [ "$n_there" -ge $# ]
}

install_packages() {
    missing=""
    for package in $packages; do
        if ! is_installed "$package" || [ -n "$(lost_libraries "$package")" ]; then missing="$missing $package"; fi
    done
    [ -z "$missing" ] && return
    say "Installing system packages (this may take a minute):$missing"
    # shellcheck disable=SC2086
    install_by_name --reinstall $missing
}

# Nothing that a person has may go for it: a desktop's sound, say.
install_by_name() {
    way_out="install these packages as an administrator, then run make again: apt-get install $(echo ${*#--reinstall})"
    # What an installation that was interrupted left half done would be in the way.
    as_root "$way_out" dpkg --configure -a
    # One source that cannot be reached need not be the one that has them.
    as_root "" apt-get update -qq
    going=$(LC_ALL=C apt-get -s -y --no-install-recommends install "$@" 2>/dev/null | sed -n 's/^Remv \([^ ]*\).*/ \1/p' | tr -d '\n')
    [ -z "$going" ] ||
        cannot "Nothing was installed, as apt would have to remove what you have:$going. If you can do without, $way_out"
    as_root "$way_out" apt-get -y -q --no-install-recommends --no-remove -o DPkg::Lock::Timeout=120 install "$@"
}

# What to do where it fails, in words ("": it may), then the command. Each package that is set up is told.
as_root() {
    otherwise=$1
    shift
    status=0
    if [ "$(id -u)" = 0 ]; then
        run_apt env LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@" || status=$?
    else
        command -v sudo >/dev/null || cannot "Administrator rights are needed, and sudo is not there: $otherwise"
        # Asked first, so that a refusal is told in our words. Without a terminal nobody can answer.
        if [ -t 0 ]; then sudo -v 2>/dev/null || status=$?; else sudo -n true 2>/dev/null || status=$?; fi
        [ "$status" = 0 ] || cannot "Administrator rights are needed, and sudo does not give them: $otherwise"
        run_apt sudo env LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@" || status=$?
    fi
    [ "$status" = 0 ] || [ -z "$otherwise" ] && return
    fail_if_full
    cannot "apt did not install them (its reason is above). Is there a network? Otherwise $otherwise"
}

# What needs an administrator. A studio that was whole without it may do: each part that does not says so.
cannot() {
    say "$*"
    if [ "$purpose" = run ] && is_whole $venv && $venv/bin/python -I "$here/missing_files.py"; then
        say "The studio is started as it is."
        exit 0
    fi
    exit 1
}

run_apt() {
    # A line for each step that takes a while; apt's own reports are too many.
    { "$@" 2>&1; echo "status $?"; } | {
        result=1
        while IFS= read -r line; do
            case $line in
                "status "*) result=${line#status } ;;
                "Setting up "*) say "  ${line%% (*}" ;;
                "Need to get "*) say "  Downloading ${line#Need to get }" ;;
                E:* | W:*) say "  $line" ;;
            esac
        done
        exit "$result"
    }
}

find_python() {
    found=""
    for python in python3 python3.13 python3.12 python3.11 python3.14; do
        command -v $python >/dev/null || continue
        found="$found $($python --version 2>&1)"
        $python -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2])' 2>/dev/null && return
    done
    fail "Python 3.11 or newer is needed${found:+ (there is$found)}: install it, then run make again."
}

# What speaks MIDI comes built for Python up to 3.12: for newer ones a compiler would be needed, so the tests do without.
midi_if_built() {
    $venv/bin/python -c 'import sys; raise SystemExit(sys.version_info[:2] > (3, 12))' && printf ',midi' || true
}

# The servers of sound, of priorities and of the web, which the tests start: unpacked, as an installed one may take over a
# desktop's sound or a machine's port 80, or not be installed beside what is there. Only the libraries that they need are installed.
unpack_servers() {
    wanted=${servers% }
    there=$venv/servers
    [ "$(cat "$there/.whole" 2>/dev/null)" != "$wanted" ] || return 0
    say "Unpacking servers for the tests into $there: $wanted"
    rm -rf "$there"
    mkdir -p "$there/debs"
    # shellcheck disable=SC2086
    download_servers $wanted || { as_root "run apt-get update" apt-get update -qq && download_servers $wanted; } ||
        fail "apt could not download $wanted. Is there a network? Run make again then."
    needs=""
    for deb in "$there"/debs/*.deb; do
        dpkg -x "$deb" "$there"
        needs="$needs, $(dpkg-deb -f "$deb" Depends)"
    done
    # Less the servers themselves, and what only a system needs that runs them as services: what follows a name is its
    # version, or another package that does as well.
    services="adduser|polkitd|policykit-1|dbus|default-dbus-system-bus|iproute2|lsb-base|debconf|debconf-2.0"
    ours="^ *($services|$(printf '%s' "$wanted" | tr ' ' '|'))( \\(| \\||\$)"
    needs=$(printf '%s' "${needs#, }" | tr ',' '\n' | grep -Ev "$ours" | tr '\n' ',')
    plan=$(LC_ALL=C apt-get -s -y --no-install-recommends satisfy "${needs%,}" 2>/dev/null) ||
        fail "The tests' servers need what apt cannot install: apt-get satisfy '${needs%,}' says why."
    needs=$(printf '%s\n' "$plan" | sed -n 's/^Inst \([^ ]*\).*/ \1/p' | tr -d '\n')
    # shellcheck disable=SC2086
    [ -z "$needs" ] || { say "Installing the libraries that they need:$needs"; install_by_name $needs; }
    rm -r "$there/debs"
    printf '%s' "$wanted" >"$there/.whole"
}

download_servers() { (cd "$there/debs" && apt-get download -q "$@" >/dev/null 2>&1); }

is_whole() {
    [ -f "$1/.whole" ] && [ "$(cat "$1/.whole")" = "$PWD" ] &&
        [ "$("$1/bin/python" -c 'import sys; print(sys.prefix)' 2>/dev/null)" = "$PWD/$1" ]
}

# Made anew where it is not whole: its interpreter must run, and believe to be where it is.
make_environment() {
    is_whole "$1" && return
    find_python
    [ ! -e "$1" ] || say "$1 is not whole, or the folder was moved: it is made anew"
    rm -rf "$1"
    say "Creating $1 with $($python --version)"
    $python -m venv "$1" >/dev/null && return
    rm -rf "$1"
    fail_if_full
    fail "$python cannot make an environment: install python3-venv, then run make again."
}

# How far pip is, by its log and by what lies in the environment: it says which packages it will install, then nothing.
pip_progress() {
    log=$environment/pip.log
    names=$(sed -n 's/^Installing collected packages: //p' "$log" | tail -1 | tr -d ',')
    if [ -n "$names" ]; then
        # shellcheck disable=SC2086
        set -- $names
        total=$#
        # What a package's files end with.
        n_done=$(find "$environment"/lib/python3*/site-packages -maxdepth 2 -path '*.dist-info/INSTALLER' \
            -newer "$environment/.pip-begun" | wc -l)
        [ "$n_done" -lt "$total" ] || n_done=$((total - 1))
        shift "$n_done"
        size=$(grep -iE "(Downloading|Using cached) $(printf '%s' "$1" | tr '_-' '..')-[0-9]" "$log" |
            sed -n 's/.*\( ([0-9.]* [kMG]B)\)$/\1/p' | tail -1)
        printf 'Installing Python packages: %s of %s, %s%s' $((n_done + 1)) "$total" "$1" "$size"
        return
    fi
    found=$(sed -n -e 's/^ *\(Downloading\|Using cached\) \([^ ]*\)-[0-9][^ ]*\.\(whl\|tar\.gz\|zip\)\( (.*)\)\{0,1\}$/\2\4/p' \
        -e 's/^ *Processing .*\/\([^ /]*\)-[0-9][^ /]*\.\(whl\|tar\.gz\|zip\).*/\1/p' "$log")
    [ -n "$found" ] || { printf 'Looking for Python packages'; return; }
    printf 'Fetching Python packages: %s so far, %s' "$(printf '%s\n' "$found" | wc -l)" "$(printf '%s\n' "$found" | tail -1)"
}

# pip's own messages, less what is of no use to a person; then our sentence where it fails.
install_python() {
    environment=$1
    shift
    status=0
    "$environment/bin/python" -m pip install --disable-pip-version-check --progress-bar off "$@" >"$environment/pip.log" 2>&1 &
    child=$!
    # shellcheck disable=SC2064
    trap "kill $child 2>/dev/null; exit 130" INT TERM HUP
    touch "$environment/.pip-begun"
    waited=0
    while kill -0 $child 2>/dev/null; do
        sleep 1
        waited=$((waited + 1))
        [ $((waited % 5)) != 0 ] || say "  $(pip_progress) (${waited} s)"
    done
    wait $child || status=$?
    trap - INT TERM HUP
    [ "$status" = 0 ] && return
    fail_if_full "$environment/pip.log"
    tail -5 "$environment/pip.log" >&2
    fail "pip could not install the Python packages (its last words are above). Is there a network? Run make again then."
}

# Within a blink, before everything that make does: what turns out to be broken is no longer "ready".
if [ "$purpose" = check ]; then
    [ -e $venv ] || exit 0
    if ! is_whole $venv || ! $venv/bin/python -I "$here/missing_files.py"; then
        rm -f $venv/.ready-* $venv/.whole
    elif command -v dpkg-query >/dev/null; then
        # shellcheck disable=SC2086
        if ! are_installed $packages || [ -n "$(lost_libraries $packages)" ]; then rm -f $venv/.ready-*; fi
    fi
    exit 0
fi

fail_if_read_only

if [ "$purpose" = peer ]; then
    peer=.venv-bench
    make_environment $peer
    echo '*' >$peer/.gitignore
    say "Installing PyMusicLooper, mir_eval and matplotlib into $peer"
    install_python $peer --constraint "$here/constraints-bench.txt" pymusiclooper mir_eval matplotlib
    printf '%s' "$PWD" >$peer/.whole
    touch $peer/.ready
    exit 0
fi

# A cluster's engine is large (240 MB, 45 packages): the tests of every day do without.
if [ "$purpose" = soak ]; then
    say "Installing Ray into $venv"
    rm -f $venv/.ready-soak $venv/.whole
    install_python $venv --constraint "$here/constraints.txt" --no-build-isolation --editable ".[ray]"
    LC_ALL=C.UTF-8 $venv/bin/python -I "$here/own_path.py"
    $venv/bin/python -I "$here/missing_files.py" --note
    printf '%s' "$PWD" >$venv/.whole
    touch $venv/.ready-soak
    exit 0
fi

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
    install_packages
    # The benchmark downloads music out of packages, which apt must have heard of.
    [ "$purpose" != bench ] || apt-cache show openttd-openmsx >/dev/null 2>&1 ||
        as_root "run apt-get update" apt-get update -qq
else
    say "This is not a Debian or Ubuntu system: make sure that the equivalents of these packages are installed:"
    [ "$purpose" != test ] || packages="$packages$servers"
    say "  $packages"
fi

make_environment $venv

group=""
extras=""
[ "$purpose" = test ] && group="--group dev" && extras="[musicgen,diffusion,serve,radio,link$(midi_if_built)]"
[ "$purpose" = bench ] && group="--group bench"
say "Installing Python packages into $venv (this may take a minute or two)"
rm -f $venv/.ready-run "$venv/.ready-$purpose" $venv/.whole
install_python $venv --constraint "$here/constraints.txt" pip setuptools
# The tests compute on the processor: torch's build for graphics cards is twenty times as large.
[ "$purpose" != test ] || install_python $venv --constraint "$here/constraints.txt" --no-compile --retries 1 \
    --extra-index-url https://download.pytorch.org/whl/cpu torch
# shellcheck disable=SC2086
install_python $venv --constraint "$here/constraints.txt" $group --no-build-isolation --editable ".$extras"
[ "$purpose" != test ] || ! command -v apt-get >/dev/null || unpack_servers
LC_ALL=C.UTF-8 $venv/bin/python -I "$here/own_path.py"
$venv/bin/python -I "$here/missing_files.py" --note
printf '%s' "$PWD" >$venv/.whole
touch "$venv/.ready-run"
touch "$venv/.ready-$purpose"
