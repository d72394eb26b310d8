# SPDX-License-Identifier: GPL-3.0-or-later
"""The example jams that come with the studio are played to their end, by the composer, with nothing that clicks."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile

from app.paths import RESOURCES
from engine.session.jam.script import read_script
from tests.app.commands.running import works
from tests.listening import find_faults

EXAMPLES = sorted((RESOURCES / "jams").glob("*.txt"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_a_script_that_begins_at_bar_0(path: Path) -> None:
    script = read_script(path.read_text(encoding="utf-8"))
    assert script[0].bars == 0
    assert len(script) > 10


@pytest.mark.soak
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_music_without_a_fault(path: Path, tmp_path: Path) -> None:
    works("jam", "--render", tmp_path / "jam.flac", "--script", path, "--seed", "3")
    samples, rate = soundfile.read(tmp_path / "jam.flac", dtype="float32")
    assert find_faults(samples, rate) == []
