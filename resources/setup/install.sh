#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what the studio ("run"), its tests ("test") or the loop benchmark ("bench") need: system packages through apt,
# a .venv with pinned versions; or the program that the loop benchmark compares with ("peer"), into an own .venv-bench.
set -eu

purpose=$1
here=$(dirname "$0")
venv=.venv
lists="$here/apt.txt"
[ "$purpose" = test ] && lists="$lists $here/apt-test.txt"
[ "$purpose" = bench ] && lists="$lists $here/apt-bench.txt"
# shellcheck disable=SC2086
packages=$(sed 's/#.*//' $lists | tr -s ' \n' ' ')

say() { printf '%s\n' "$*" >&2; }

install_packages() {
    missing=""
    for package in $packages; do
        status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
        # Ubuntu's 64-bit time transition renamed some libraries.
        [ "$status" = installed ] ||
            [ "$(dpkg-query -W -f '${db:Status-Status}' "${package}t64" 2>/dev/null || true)" = installed ] ||
            missing="$missing $package"
    done
    [ -z "$missing" ] && return
    say "Installing system packages:$missing"
    as_root "apt-get install$missing" apt-get update -qq
    # shellcheck disable=SC2086
    as_root "apt-get install$missing" apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# What it is for, in words, then the command.
as_root() {
    words=$1
    shift
    if [ "$(id -u)" = 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        command -v sudo >/dev/null || { say "This needs root: $words"; exit 1; }
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

make_environment() {
    [ -x "$1/bin/python" ] && return
    for python in python3 python3.13 python3.12 python3.11; do
        if command -v $python >/dev/null &&
            $python -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2])' 2>/dev/null; then
            break
        fi
        python=""
    done
    [ -n "$python" ] || { say "Python 3.11 or newer is needed: install it and run make again."; exit 1; }
    say "Creating $1 with $($python --version)"
    $python -m venv "$1"
}

if [ "$purpose" = peer ]; then
    peer=.venv-bench
    make_environment $peer
    echo '*' >$peer/.gitignore
    say "Installing PyMusicLooper and matplotlib into $peer"
    $peer/bin/python -m pip install --quiet --disable-pip-version-check \
        --constraint "$here/constraints-bench.txt" pymusiclooper matplotlib
    touch $peer/.ready
    exit 0
fi

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
    install_packages
    # The benchmark downloads music out of packages, which apt must have heard of.
    [ "$purpose" != bench ] || apt-cache show openttd-openmsx >/dev/null 2>&1 ||
        as_root "apt-get update" apt-get update -qq
else
    say "This is not a Debian or Ubuntu system: make sure that the equivalents of these packages are installed:"
    say "  $packages"
fi

make_environment $venv

group=""
[ "$purpose" = test ] && group="--group dev"
[ "$purpose" = bench ] && group="--group bench"
say "Installing Python packages into $venv"
$venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint "$here/constraints.txt" pip setuptools
# shellcheck disable=SC2086
$venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint "$here/constraints.txt" \
    $group --no-build-isolation --editable .
touch "$venv/.ready-run"
touch "$venv/.ready-$purpose"
exit 0
