# SPDX-License-Identifier: GPL-3.0-or-later
"""The script ``resources/setup/install.sh`` says in one sentence what a machine lacks, and the next run mends it.

apt, sudo, pip and Python are stand-ins here, scripts on a ``PATH`` that has nothing else but the shell's usual tools;
``make test-bare`` has the real ones.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

SETUP = Path(__file__).parents[1] / "resources/setup"
TOOLS = (
    *("basename", "cat", "chmod", "cp", "df", "dirname", "env", "find", "grep", "mkdir", "rm", "sed", "sh", "sort"),
    *("tail", "touch", "tr", "wc", "xargs"),
)

STAND_INS = {
    "id": "echo 1000",
    "sudo": 'while [ "${1#-}" != "$1" ]; do shift; done; [ "${1:-true}" = true ] || exec "$@"',
    "dpkg": '[ "$1" != -x ] || { mkdir -p "$3/usr/bin"; touch "$3/usr/bin/server"; }',
    "dpkg-deb": 'echo "libc6 (>= 2.34), pipewire (= 1.0), pipewire-bin, pulseaudio-utils, libasound2 | libasound2t64"',
    # A system where nothing is installed, until apt-get has been.
    "dpkg-query": """
        [ -e installed ] || exit 1
        [ "$1" = -L ] && exit 0
        shift 2; [ "$1" = '${db:Status-Status}' ] && { echo installed; exit; }
        shift; for name in "$@"; do echo "installed $name"; done""",
    "apt-get": """
        case " $* " in
            *" -s "* | *" update "*) ;;
            *" download "*) touch server.deb ;;
            *) echo "Setting up some-package (1.0)"; touch installed ;;
        esac""",
    "apt-cache": "exit 0",
    "python3": """
        case $1 in
            --version) echo "Python 3.11.2" ;;
            -c) exit 0 ;;
            -m) mkdir -p "$3/bin"; cp stand-ins/venv-python "$3/bin/python" ;;
        esac""",
    "venv-python": """
        case $1 in
            -c) echo "$PWD/.venv" ;;
            -m) exec stand-ins/pip "$@" ;;
        esac""",
    "pip": "exit 0",
    "sleep": "echo slept >>slept; exec /bin/sleep 0.02",
}

Machine = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return ``machine(purpose, name=script, ...)``, which runs the set-up with other stand-ins ("" is none)."""
    clone = tmp_path / "clone"
    tools = tmp_path / "tools"
    tools.mkdir()
    shutil.copytree(SETUP, clone / "resources/setup")
    for name in TOOLS:
        found = shutil.which(name)
        assert found, name
        (tools / name).symlink_to(found)

    def run(purpose: str = "run", **scripts: str) -> subprocess.CompletedProcess[str]:
        folder = clone / "stand-ins"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, script in (STAND_INS | {name.replace("_", "-"): text for name, text in scripts.items()}).items():
            if script:
                (folder / name).write_text(f"#!/bin/sh\n{script}\n")
                (folder / name).chmod(0o755)
        return subprocess.run(
            ["sh", "resources/setup/install.sh", purpose],
            cwd=clone,
            env={"PATH": f"{folder}{os.pathsep}{tools}", "HOME": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


def is_ready(tmp_path: Path) -> bool:
    return (tmp_path / "clone/.venv/.ready-run").exists()


@pytest.mark.parametrize(
    ("scripts", "told"),
    [
        ({"sudo": ""}, "Administrator rights are needed, and sudo is not there: install these packages as an"),
        ({"sudo": "exit 1"}, "Administrator rights are needed, and sudo does not give them: install these packages"),
        ({"apt_get": 'echo "E: Unable to fetch some archives"; exit 100'}, "apt did not install them"),
        ({"pip": 'echo "ERROR: No matching distribution found"; exit 1'}, "Is there a network? Run make again then."),
        ({"pip": 'echo "OSError: [Errno 28] No space left on device"; exit 1'}, "The disk is full: free 2 GB for the"),
        ({"df": 'echo header; echo "/dev/a b 9 9 100 99% /"', "pip": "exit 1"}, "The disk is full: free 2 GB for the"),
        (
            {"python3": 'case $1 in --version) echo "Python 3.9.2" ;; *) exit 1 ;; esac'},
            "Python 3.11 or newer is needed (there is Python 3.9.2): install it, then run make again.",
        ),
        ({"python3": ""}, "Python 3.11 or newer is needed: install it, then run make again."),
        (
            {"python3": 'case $1 in --version) echo "Python 3.11.2" ;; -m) exit 1 ;; esac'},
            "python3 cannot make an environment: install python3-venv, then run make again.",
        ),
    ],
)
def test_a_failure_is_one_sentence_and_the_next_run_heals(
    machine: Machine, tmp_path: Path, scripts: dict[str, str], told: str
) -> None:
    failed = machine(**scripts)
    assert failed.returncode == 1
    last = failed.stderr.splitlines()[-1]
    assert told in last
    assert last.endswith(".") or "apt-get install" in last, "it says what to do"
    assert not is_ready(tmp_path)
    healed = machine()
    assert healed.returncode == 0, healed.stderr
    assert is_ready(tmp_path)
    assert machine("check").returncode == 0
    assert is_ready(tmp_path)


REMOVES = 'echo "Remv pipewire-alsa [1.0]"; echo "Remv pipewire-audio [1.0]"; echo "Inst pulseaudio (16.1)"; exit'


def test_nothing_that_a_person_has_is_removed(machine: Machine, tmp_path: Path) -> None:
    removes = f'case " $* " in *" -s "*) {REMOVES} ;; esac\n{STAND_INS["apt-get"]}'
    refused = machine(apt_get=removes)
    assert refused.returncode == 1
    told = (
        "Nothing was installed, as apt would have to remove what you have: pipewire-alsa pipewire-audio. If you can do"
    )
    assert told in refused.stderr.splitlines()[-1]
    assert not (tmp_path / "clone/installed").exists()
    assert not is_ready(tmp_path)
    done = machine(apt_get=f'echo "$@" >>called\n{STAND_INS["apt-get"]}')
    assert done.returncode == 0
    calls = (tmp_path / "clone/called").read_text().splitlines()
    assert all("--no-remove" in one for one in calls if " install " in one and " -s " not in f" {one}")


def test_the_sound_servers_of_the_tests_are_unpacked_and_only_their_libraries_installed(
    machine: Machine, tmp_path: Path
) -> None:
    needs = 'echo "Inst libtdb1 (1.4)"; echo "Inst libpulse0 [16.0] (16.1)"; exit'
    scripts = f'echo "$@" >>"{tmp_path}/called"\ncase " $* " in *" satisfy "*) {needs} ;; esac\n{STAND_INS["apt-get"]}'
    done = machine("test", apt_get=scripts)
    assert done.returncode == 0, done.stderr
    servers = tmp_path / "clone/.venv/servers"
    assert (servers / "usr/bin/server").exists()
    calls = (tmp_path / "called").read_text().splitlines()
    listed = [line for line in (SETUP / "apt-unpacked.txt").read_text().splitlines() if not line.startswith("#")]
    assert f"download -q {' '.join(listed)}" in calls
    [asked] = [one for one in calls if " satisfy " in one]
    assert asked.endswith("satisfy libc6 (>= 2.34), pulseaudio-utils, libasound2 | libasound2t64")
    installed = [one.partition(" install ")[2] for one in calls if " install " in one and not one.startswith("-s")]
    assert installed[-1] == "libtdb1 libpulse0"
    assert not set(" ".join(installed).split()) & set(listed)
    assert machine("test", apt_get="exit 100").returncode == 0, "what is unpacked is not fetched again"
    (servers / ".whole").unlink()
    failed = machine("test", apt_get=f'case " $* " in *" download "*) exit 100 ;; esac\n{STAND_INS["apt-get"]}')
    assert failed.returncode == 1
    assert "apt could not download pulseaudio pipewire" in failed.stderr.splitlines()[-1]


PIP_WORKS = """
    seconds() { while [ "$(cat slept 2>/dev/null | wc -l)" -lt $1 ]; do /bin/sleep 0.02; done; }
    site=.venv/lib/python3.11/site-packages
    mkdir -p "$site/old-1.dist-info"
    touch -d yesterday "$site/old-1.dist-info/INSTALLER"
    echo "Collecting numpy>=2"
    echo "  Downloading numpy-2.4.6-cp311-manylinux.whl (16.6 MB)"
    echo "Processing /wheels/scipy-1.17.1-cp311.whl (from x)"
    echo "  Downloading pyside6_essentials-6.11.3-cp310.whl (80.3 MB)"
    rm -f slept
    seconds 11
    echo "Installing collected packages: numpy, PySide6_Essentials, scipy"
    mkdir "$site/numpy-2.4.6.dist-info" "$site/pyside6_essentials-6.11.3.dist-info"
    touch "$site/numpy-2.4.6.dist-info/INSTALLER"
    seconds 22"""


def test_progress_says_what_is_done(machine: Machine) -> None:
    slow = machine(pip=f'case "$*" in *--editable*) {PIP_WORKS} ;; esac')
    assert slow.returncode == 0, slow.stderr
    assert "  Fetching Python packages: 3 so far, pyside6_essentials (80.3 MB) (" in slow.stderr
    assert "  Installing Python packages: 2 of 3, PySide6_Essentials (80.3 MB) (" in slow.stderr


def test_a_clone_behind_a_link_is_not_made_anew(machine: Machine, tmp_path: Path) -> None:
    assert machine().returncode == 0
    (tmp_path / "link").symlink_to(tmp_path / "clone")
    linked = subprocess.run(
        ["sh", "resources/setup/install.sh", "check"],
        cwd=tmp_path / "link",
        env={"PATH": f"{tmp_path}/clone/stand-ins:{tmp_path}/tools", "PWD": str(tmp_path / "link")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert linked.stderr == ""
    assert is_ready(tmp_path)


def test_without_apt_the_packages_are_named_and_the_rest_is_done(machine: Machine, tmp_path: Path) -> None:
    done = machine(apt_get="")
    assert done.returncode == 0
    assert "This is not a Debian or Ubuntu system" in done.stderr
    assert "libportaudio2" in done.stderr
    assert "pulseaudio" not in done.stderr
    assert is_ready(tmp_path)
    assert " pulseaudio pipewire " in machine("test", apt_get="").stderr


def test_a_source_that_cannot_be_reached_is_no_reason_to_give_up(machine: Machine, tmp_path: Path) -> None:
    update_fails = '[ "$1" = update ] && { echo "E: The repository is gone"; exit 100; }\n' + STAND_INS["apt-get"]
    done = machine(apt_get=update_fails)
    assert done.returncode == 0
    assert "E: The repository is gone" in done.stderr
    assert is_ready(tmp_path)


def test_a_studio_that_was_whole_is_started_all_the_same(machine: Machine, tmp_path: Path) -> None:
    assert machine().returncode == 0
    (tmp_path / "clone/installed").unlink()
    assert machine("check").returncode == 0
    assert not is_ready(tmp_path), "make run tries to install"
    refused = machine(sudo="exit 1")
    assert refused.returncode == 0
    assert "sudo does not give them: install these packages as an administrator" in refused.stderr
    assert refused.stderr.endswith("The studio is started as it is.\n")
    assert not is_ready(tmp_path), "and tries again the next time"
    assert machine("test", sudo="exit 1").returncode == 1, "tests are not run without what they need"
    assert machine().returncode == 0
    assert is_ready(tmp_path)


def test_a_library_that_is_gone_though_its_package_is_there_is_brought_again(machine: Machine, tmp_path: Path) -> None:
    assert machine().returncode == 0
    library = tmp_path / "libportaudio.so.2"
    library.touch()
    lists = STAND_INS["dpkg-query"].replace("= -L ] && exit 0", f'= -L ] && {{ echo "{library}"; exit; }}')
    assert machine("check", dpkg_query=lists).returncode == 0
    assert is_ready(tmp_path)
    library.unlink()
    assert machine("check", dpkg_query=lists).returncode == 0
    assert not is_ready(tmp_path), "make run installs"
    brings = f'echo "$@" >>called; touch "{library}"; {STAND_INS["apt-get"]}'
    done = machine(dpkg_query=lists, apt_get=brings)
    assert done.returncode == 0
    assert "--reinstall" in (tmp_path / "clone/called").read_text()
    assert is_ready(tmp_path)
