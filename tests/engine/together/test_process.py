# SPDX-License-Identifier: GPL-3.0-or-later
"""The process hears real bytes by real ports, those of instruments that come later too, and keeps the map."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.paths import RESOURCES
from engine.errors import CannotWrite, MidiMapWrong, NoMidi
from engine.library.midi_map import read_map, write_map
from engine.processes import ChildProcess
from engine.together.messages import KeepMap, OpenTogether, TogetherPlan
from engine.together.ports import CLIENT
from engine.values.midi import MidiControl, MidiMap, MidiMessage, MidiPorts
from tests.engine.together.instruments import Instrument

PAD = MidiControl.read("note 36 channel 10")


@pytest.fixture
def children() -> Iterator[Callable[[], ChildProcess]]:
    """Start processes, which are ended afterwards; the environment is the test's as it starts them."""
    started: list[ChildProcess] = []

    def start() -> ChildProcess:
        started.append(ChildProcess("engine.together.process"))
        return started[-1]

    yield start
    for one in started:
        one.close()


def plan(folder: Path, **changes: Any) -> OpenTogether:
    return OpenTogether(TogetherPlan(str(RESOURCES / "midi.toml"), str(folder / "midi.toml"), **changes))


def answer(child: ChildProcess, kind: type[Any], holds: Callable[[Any], bool] = lambda _one: True) -> Any:
    while child.poll(60.0):
        message = child.receive()
        if isinstance(message, kind) and holds(message):
            return message
    raise AssertionError(f"no {kind.__name__} came")


def test_real_bytes_are_heard_and_instruments_come_and_go(
    jack_server: str, children: Callable[[], ChildProcess], tmp_path: Path
) -> None:
    child = children()
    child.send(plan(tmp_path))
    assert answer(child, MidiMap).found(PAD) == (PAD, "slot drums 1")
    assert answer(child, MidiPorts) == MidiPorts((), (), CLIENT)
    pads = Instrument("pads")
    assert answer(child, MidiPorts).inputs == ("pads:out",)
    pads.play((0x99, 36, 100), (0xF8,), (0xB0, 20, 64), (0x89, 36, 0))
    heard = [answer(child, MidiMessage) for _ in range(3)]
    assert [(str(one.control), one.value, one.port) for one in heard] == [
        ("note 36 channel 10", 100 / 127, "pads:out"),
        ("cc 20 channel 1", 64 / 127, "pads:out"),
        ("note 36 channel 10", 0.0, "pads:out"),
    ]
    assert heard[0].at_s <= heard[1].at_s <= heard[2].at_s
    pads.close()
    assert answer(child, MidiPorts).inputs == ()
    # Nothing is heard of what is switched off; it can be switched on again.
    child.send(plan(tmp_path, midi=False))
    assert answer(child, MidiPorts) == MidiPorts()
    child.send(plan(tmp_path))
    assert answer(child, MidiPorts).own == CLIENT


def test_without_midi_a_sentence_says_so_and_the_map_is_kept(
    children: Callable[[], ChildProcess], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nobody")
    own = tmp_path / "config" / "midi.toml"
    child = children()
    child.send(plan(own.parent))
    assert answer(child, MidiMap).own == {}
    if not Path("/dev/snd/seq").exists():
        assert answer(child, MidiPorts).trouble == NoMidi.template
    child.send(KeepMap({PAD: "make drums"}))
    again = children()
    child.close()
    assert read_map(own) == {PAD: "make drums"}
    write_map(own, {PAD: "make bass"})
    again.send(plan(own.parent))
    assert answer(again, MidiMap).found(PAD) == (PAD, "make bass")
    # A map that cannot be read is told; one that cannot be written too.
    own.write_text("nonsense")
    third = children()
    third.send(plan(own.parent))
    assert answer(third, MidiMapWrong).fields["line"] == 1
    own.unlink()
    own.parent.rmdir()
    own.parent.touch()
    third.send(KeepMap({PAD: "make drums"}))
    assert answer(third, CannotWrite)
