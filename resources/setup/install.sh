#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what the studio ("run") or its tests ("test") need: system packages through apt, a .venv with pinned versions.
set -eu

purpose=$1
here=$(dirname "$0")
venv=.venv
lists="$here/apt.txt"
[ "$purpose" = test ] && lists="$lists $here/apt-test.txt"
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
    as_root=""
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || { say "These need root: apt-get install$missing"; exit 1; }
        as_root="sudo"
    fi
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
    install_packages
else
    say "This is not a Debian or Ubuntu system: make sure that the equivalents of these packages are installed:"
    say "  $packages"
fi

if [ ! -x $venv/bin/python ]; then
    for python in python3 python3.13 python3.12 python3.11; do
        if command -v $python >/dev/null &&
            $python -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2])' 2>/dev/null; then
            break
        fi
        python=""
    done
    [ -n "$python" ] || { say "Python 3.11 or newer is needed: install it and run make again."; exit 1; }
    say "Creating $venv with $($python --version)"
    $python -m venv $venv
fi

group=""
[ "$purpose" = test ] && group="--group dev"
say "Installing Python packages into $venv"
$venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint "$here/constraints.txt" pip setuptools
# shellcheck disable=SC2086
$venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint "$here/constraints.txt" \
    $group --no-build-isolation --editable .
touch "$venv/.ready-run"
[ "$purpose" = test ] && touch "$venv/.ready-test"
exit 0
