# SPDX-License-Identifier: GPL-3.0-or-later
"""The program is named in hints as it can be started from where the person is."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from app import program

CLONE = Path(sys.prefix).parent


@pytest.fixture(autouse=True)
def _no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


def test_in_a_clone_it_is_the_script_below(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CLONE)
    assert program.program_name() == str(Path(sys.prefix).relative_to(CLONE) / "bin" / "infiniloop")


def test_elsewhere_it_is_the_whole_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    name = program.program_name()
    assert Path(shlex.split(name)[0]).is_absolute()
    said = subprocess.run([*shlex.split(name), "--version"], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.startswith("infiniloop ")


def test_where_the_path_leads_to_it_it_is_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "infiniloop").symlink_to(Path(sys.prefix) / "bin" / "infiniloop")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin")
    assert program.program_name() == "infiniloop"


def test_a_stranger_of_the_same_name_is_not_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stranger = tmp_path / "infiniloop"
    stranger.write_text("#!/bin/sh\n")
    stranger.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert program.program_name() != "infiniloop"


def test_a_folder_with_a_space_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "my music" / "bin" / "infiniloop"
    script.parent.mkdir(parents=True)
    script.write_text("")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "my music"))
    monkeypatch.chdir("/usr")
    assert shlex.split(program.program_name()) == [str(script)]


def test_a_current_folder_that_is_gone_does_no_harm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert program.program_name().endswith("bin/infiniloop")
