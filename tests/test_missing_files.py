# SPDX-License-Identifier: GPL-3.0-or-later
"""``resources/setup/missing_files.py``: what ``make run`` asks before each start, in environments that lost a part."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "resources" / "setup" / "missing_files.py"


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A small real environment that holds a copy of two packages of ours, noted as whole."""
    folder = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    ours = Path(sysconfig.get_path("purelib"))
    for pattern in ("jeepney", "jeepney-*.dist-info", "threadpoolctl.py", "threadpoolctl-*.dist-info"):
        for path in ours.glob(pattern):
            to = _packages(folder) / path.name
            if path.is_dir():
                shutil.copytree(path, to)
            else:
                shutil.copy2(path, to)
    assert _told(folder, "--note") == 0
    return folder


def _packages(folder: Path) -> Path:
    return next(folder.glob("lib/python*/site-packages"))


def _told(folder: Path, *arguments: str) -> int:
    return subprocess.run([folder / "bin" / "python", "-I", SCRIPT, *arguments], check=False).returncode


def test_what_is_whole_is_left_alone(environment: Path) -> None:
    assert _told(environment) == 0
    shutil.rmtree(_packages(environment) / "jeepney" / "__pycache__", ignore_errors=True)
    assert _told(environment) == 0, "bytecode comes and goes"


@pytest.mark.parametrize(
    "harm",
    [
        lambda packages: shutil.rmtree(packages / "jeepney"),
        lambda packages: (packages / "threadpoolctl.py").unlink(),
        lambda packages: (packages / "threadpoolctl.py").write_text(""),
        lambda packages: (next(packages.glob("jeepney-*.dist-info")) / "RECORD").unlink(),
        lambda packages: shutil.rmtree(next(packages.glob("jeepney-*.dist-info"))),
        lambda packages: (packages.parents[2] / ".packages").unlink(),
    ],
    ids=["a package", "a file", "half a file", "an installation that was interrupted", "all trace of one", "the note"],
)
def test_whatever_is_gone_is_noticed(environment: Path, harm: Callable[[Path], object]) -> None:
    harm(_packages(environment))
    assert _told(environment) == 1
