# SPDX-License-Identifier: GPL-3.0-or-later
"""Real shells complete command lines by the scripts that are printed, from what the commands declare."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from app.commands.completion import SHELLS, actions, script
from app.main import COMMANDS, build_parser

BASH = """
source {script}
COMP_WORDS=({words} {last})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_shtab_infiniloop
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
ZSH = """
autoload -Uz compinit
compinit -u -D
eval "$(cat {script})"
print -r -- $_comps[infiniloop]
whence -w _shtab_infiniloop
"""


def completed(shell: str, line: str, tmp_path: Path) -> str:
    """Return what a real shell offers at the end of a command line."""
    program = shutil.which(shell)
    assert program, f"{shell} is not installed: see resources/setup/apt-test.txt"
    path = tmp_path / f"infiniloop.{shell}"
    path.write_text(script(shell), encoding="utf-8")
    *words, last = line.split(" ")
    text = {
        "bash": BASH.format(script=shlex.quote(str(path)), words=" ".join(words), last=shlex.quote(last)),
        "fish": f"source {shlex.quote(str(path))}; complete -C {shlex.quote(line)}",
    }[shell]
    return said([program, "-c", text], tmp_path)


def said(command: list[str], tmp_path: Path) -> str:
    """Return what a shell of an account that has nothing prints."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "xterm", "LANG": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_commands_options_and_choices(shell: str, tmp_path: Path) -> None:
    assert "generate" in completed(shell, "infiniloop gen", tmp_path)
    deeds = completed(shell, "infiniloop models ", tmp_path)
    assert all(deed in deeds for deed in ("list", "get", "remove", "where", "check", "setup"))
    assert "--misfit" in completed(shell, "infiniloop generate --mi", tmp_path)
    choices = completed(shell, "infiniloop generate --misfit ", tmp_path)
    assert all(one in choices for one in ("keep", "stretch", "again"))


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_files_where_files_are_meant(shell: str, tmp_path: Path) -> None:
    (tmp_path / "song of rain.flac").write_bytes(b"")
    (tmp_path / "songs").mkdir()
    offered = completed(shell, "infiniloop analyze song", tmp_path)
    assert "song" in offered
    assert "rain" in offered


def test_zsh_takes_its_script(tmp_path: Path) -> None:
    """The shell shows what it offers only to a person at its prompt."""
    program, path = shutil.which("zsh"), tmp_path / "_infiniloop"
    assert program, "zsh is not installed: see resources/setup/apt-test.txt"
    path.write_text(script("zsh"), encoding="utf-8")
    lines = said([program, "-f", "-c", ZSH.format(script=shlex.quote(str(path)))], tmp_path).splitlines()
    assert lines == ["_shtab_infiniloop", "_shtab_infiniloop: function"]


def test_every_command_and_option_is_in_each_script() -> None:
    options = {option for one in actions(build_parser("infiniloop")) for option in one.option_strings}
    assert len(options) > 60
    for shell in SHELLS:
        text = script(shell)
        assert [name for name in COMMANDS if name not in text] == []
        assert [one for one in options if one.lstrip("-") not in text] == []
