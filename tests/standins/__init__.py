# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-ins for outside programs announce themselves, speak the real protocol and misbehave on request."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.generators.base import GeneratorSettings
from engine.values import ParameterValue

MUSICGPT = Path(__file__).parent / "musicgpt.py"


def install_musicgpt(folder: Path, name: str = "musicgpt", *, misdeed: str = "", wrapped: bool = False) -> Path:
    """Make an executable in ``folder`` that runs the MusicGPT stand-in with this interpreter, committing ``misdeed``.

    Without a misdeed of its own it commits the one in the environment variable INFINILOOP_STANDIN. ``wrapped`` has a
    shell wait for it, as people's own scripts do.
    """
    folder.mkdir(parents=True, exist_ok=True)
    executable = folder / name
    assignment = f"INFINILOOP_STANDIN={shlex.quote(misdeed)} " if misdeed else ""
    # A shell wrapper, as a "#!" line takes neither spaces nor long paths; exec keeps it one process.
    start, end = ("", "exit $?\n") if wrapped else ("exec ", "")
    command = f'{assignment}{start}{shlex.quote(sys.executable)} {shlex.quote(str(MUSICGPT))} "$@"'
    executable.write_text(f"#!/bin/sh\n{command}\n{end}")
    executable.chmod(0o755)
    return executable


def musicgpt_settings(
    executable: Path | str = "", values: Mapping[str, ParameterValue] | None = None, *, data_folder: str = ""
) -> GeneratorSettings:
    """Settings with MusicGPT at ``executable`` ("" looks for it) and other values of its parameters."""
    path = {"path": str(executable)} if executable else {}
    return GeneratorSettings(data_folder).with_values("musicgpt", {**path, **(values or {})})


HUM = Path(__file__).parent / "hum"
"""Distributions: one that adds a generator, and another that cannot be loaded."""
WRETCH = Path(__file__).parent / "wretch"
"""A distribution whose generator does everything that one should not."""


def _installed(source: Path, folder: Path) -> Path:
    """Install a distribution in a folder for ``sys.path``, and return that."""
    # A copy: building leaves files behind.
    copy = shutil.copytree(source, folder / "source", ignore=shutil.ignore_patterns("__pycache__"))
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--target", str(folder / "installed")]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(copy)], check=True)
    return folder / "installed"


@pytest.fixture(scope="session")
def hum_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the distribution with the humming generator is installed."""
    return _installed(HUM, tmp_path_factory.mktemp("hum"))


@pytest.fixture(scope="session")
def wretch_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the distribution with the wretched generator is installed."""
    return _installed(WRETCH, tmp_path_factory.mktemp("wretch"))


@pytest.fixture
def musicgpt_standin(tmp_path: Path) -> Path:
    """Return the path of an executable MusicGPT stand-in; INFINILOOP_STANDIN tells it how to misbehave."""
    return install_musicgpt(tmp_path / "musicgpt stand-in")


SLOW = Path(__file__).parent / "slow.py"
"""Generator that takes as long as it is told, and fails as it is told."""


def install_slow(folder: Path) -> Path:
    """Return a folder in which the slow generator is installed as a distribution, for ``PYTHONPATH``."""
    told = folder / "infiniloop_slow-1.0.dist-info"
    told.mkdir(parents=True)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: infiniloop-slow\nVersion: 1.0\n", encoding="utf-8")
    points = "[infiniloop.generators]\nslow = infiniloop_slow:Slow\n"
    (told / "entry_points.txt").write_text(points, encoding="utf-8")
    shutil.copy(SLOW, folder / "infiniloop_slow.py")
    return folder
