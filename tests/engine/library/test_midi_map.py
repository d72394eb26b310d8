# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps of MIDI are read and written, and what is wrong in one is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.paths import RESOURCES
from engine.errors import MidiMapWrong
from engine.library.midi_map import read_map, write_map
from engine.session.jam.midi_words import Deed, Held, Played, Switched, Tapped, Turned, read_words
from engine.values.jam import LayerName
from engine.values.midi import MidiControl, MidiKind


def test_the_studios_map_says_something_of_every_layer_and_every_knob() -> None:
    bindings = read_map(RESOURCES / "midi.toml")
    said = [read_words(words) for words in bindings.values()]
    assert len(set(bindings.values())) == len(bindings)
    assert {one.place for one in said if isinstance(one, Turned)} == {None, *LayerName}
    for kind in (Switched, Held, Tapped, Played, Deed):
        assert any(isinstance(one, kind) for one in said)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "midi.toml"
    bindings = {MidiControl(MidiKind.CC, 7, 1): "gain mix", MidiControl(MidiKind.PITCH): 'make drums "a b"'}
    write_map(path, bindings)
    assert read_map(path) == bindings


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[controls]\n"cc 1" = "x"\n\n"cc 200" = "gain mix"\n', 4, "cc 200"),
        ('[controls]\n"cc 1" = 7\n', 2, "text in quotes"),
        ("[knobs]\na = 1\n", 1, "knobs"),
        ("[controls\n", 1, "TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = tmp_path / "midi.toml"
    path.write_text(text)
    with pytest.raises(MidiMapWrong, match=words) as told:
        read_map(path)
    assert told.value.fields["line"] == line
