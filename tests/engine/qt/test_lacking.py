# SPDX-License-Identifier: GPL-3.0-or-later
"""With a library of the system gone, the part that cannot start names the way out, and AVVIA promises no sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import AudioLacksPart
from engine.qt import player_link
from engine.session.options import StudioOptions
from tests.engine.qt.conftest import Opened

pytestmark = [pytest.mark.gui, pytest.mark.started]

WAY_OUT = "quit, and enter “make run” in the studio's folder, which installs what is missing"


@pytest.fixture
def expected_logs() -> list[str]:
    return [WAY_OUT]


def break_package(folder: Path, name: str, error: str) -> Path:
    """Put a package that cannot be loaded in front of the real one of this name."""
    module = folder / f"{name}.py"
    module.write_text(f"raise {error}\n")
    return module


@pytest.mark.soak
def test_without_its_library_the_audio_process_promises_nothing_until_it_is_there(
    opened: Opened, options: StudioOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(player_link, "SPARE_AFTER_MS", 50)
    folder = tmp_path / "broken"
    folder.mkdir()
    broken = break_package(folder, "pedalboard", "ImportError('libatomic.so.1: cannot open shared object')")
    # Children look where we do.
    monkeypatch.syspath_prepend(str(folder))
    with opened(options) as studio:
        studio.start_wanted.emit()
        studio.until(lambda: studio.failures and not (studio.running and studio.running[-1]), "told, and not running")
        told = studio.sentences
        assert set(told) == {f"There is no sound: {WAY_OUT} (libatomic.so.1: cannot open shared object)."}
        studio.start_wanted.emit()
        studio.until(lambda: len(studio.failures) > len(told), "AVVIA tells it again")
        assert all(type(one) is AudioLacksPart for one in studio.failures)
        assert not any(studio.running[1:])
        # Once it is there, the next process that is tried plays.
        broken.unlink()
        studio.until(lambda: studio.engine.on_thread.player.lacking is None, "another process starts")
        studio.start()


@pytest.mark.soak
def test_so_do_the_others(
    opened: Opened, options: StudioOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    break_package(folder, "soundfile", "OSError('cannot load library libsndfile.so')")
    monkeypatch.syspath_prepend(str(folder))
    with opened(options) as studio:
        studio.until(lambda: len(studio.failures) >= 2, "what cannot start is told")
        studio.until(lambda: any("No clip can be made" in one for one in studio.sentences), "so is what makes clips")
        assert all(WAY_OUT in one for one in studio.sentences)
