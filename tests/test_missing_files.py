# SPDX-License-Identifier: GPL-3.0-or-later
"""The program ``resources/setup/missing_files.py`` finds, before each start, what an environment lost."""

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
    """Return a small real environment that holds a copy of two packages of ours, noted as whole."""
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


def test_a_folder_with_an_umlaut_is_found_in_every_locale(environment: Path, tmp_path: Path) -> None:
    clone = tmp_path / "plâce of ours"
    (clone / "resources/setup").mkdir(parents=True)
    (clone / "studio.py").write_text("print('found')")
    own_path = shutil.copy(SCRIPT.with_name("own_path.py"), clone / "resources/setup")
    folder = clone / ".venv"
    shutil.copytree(environment, folder, symlinks=True)
    leads = _packages(folder) / "__editable__.infiniloop_studio-0.1.0.pth"
    leads.write_text(f"{clone}\n", encoding="utf-8")
    record = _packages(folder) / "infiniloop_studio-0.1.0.dist-info/RECORD"
    record.parent.mkdir()
    record.write_text(f"{leads.name},sha256=x,{leads.stat().st_size}\n{record.parent.name}/RECORD,,\n")
    assert _told(folder, "--note") == 0
    for locale in ("C", "C.UTF-8"):
        # In the one locale it cannot start yet, in the other it leads there by the full path.
        ended = subprocess.run([folder / "bin/python", "-m", "studio"], env={"LC_ALL": locale}, check=False)
        assert (ended.returncode == 0) == (locale != "C")
    subprocess.run([folder / "bin/python", "-I", own_path], env={"LC_ALL": "C.UTF-8"}, check=True)
    assert leads.read_text() == "../../../..\n"
    for locale in ("C", "C.UTF-8", "POSIX"):
        subprocess.run([folder / "bin/python", "-I", "-m", "studio"], env={"LC_ALL": locale}, check=True)
    assert _told(folder) == 0, "the list of files says what is there"
