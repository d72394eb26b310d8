# SPDX-License-Identifier: GPL-3.0-or-later
"""Tab knows what may stand where the cursor is."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.control.verbs import VERBS
from app.settings import Settings
from app.terminal.completing import Completer, Completion


@pytest.fixture
def completer() -> Completer:
    return Completer(Settings, lambda: 3)


def test_verbs_are_completed_and_nothing_else_is_one(completer: Completer) -> None:
    assert completer.complete("") == Completion(0, tuple(VERBS))
    assert completer.complete("st").words == ("start", "stop", "status")
    assert completer.complete("st").common() == "st"
    assert completer.complete("  SAV") == Completion(2, ("save",))
    assert completer.complete("xyz").words == ()
    assert completer.complete("xyz on").words == ()


@pytest.mark.parametrize(
    ("line", "start", "words"),
    [
        ("hold o", 5, ("on", "off")),
        ("help fav", 5, ("favourite",)),
        ("candidate ", 10, ("1", "2", "3")),
        ("overlap 1", 8, ()),
        ("set gen", 4, ("generator",)),
        ("set GEN", 4, ("generator",)),
        ("get minl", 4, ("minloop",)),
        ("set algorithm ", 14, ("advanced", "classic")),
        ("set driver p", 11, ("pulse", "pipewire")),
        ("set nonsense ", 13, ()),
        ("start lofi", 6, ()),
        ("next ", 5, ()),
    ],
)
def test_each_verb_has_words_of_its_own(completer: Completer, line: str, start: int, words: tuple[str, ...]) -> None:
    assert completer.complete(line) == Completion(start, words)


def test_every_preset_is_offered(completer: Completer) -> None:
    found = completer.complete("preset ")
    assert len(found.words) > 10
    assert found.words == completer.complete("preset ").words


def test_files_are_completed_with_their_folders(
    completer: Completer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "My Music").mkdir()
    for name in ("My Music/one.wav", "My Music/two.wav", "mix.flac", ".hidden"):
        (tmp_path / name).touch()
    assert completer.complete("save ").words == ("My Music/", "mix.flac")
    assert completer.complete("save .").words == (".hidden",)
    assert completer.complete("add My M").words == ("My Music/",)
    assert completer.complete("add My Music/") == Completion(4, ("My Music/one.wav", "My Music/two.wav"))
    assert completer.complete("add ~/mi").words == ("~/mix.flac",)
    assert completer.complete(f"add {tmp_path}/mi").words == (f"{tmp_path}/mix.flac",)
    assert completer.complete("add nowhere/").words == ()
