# SPDX-License-Identifier: GPL-3.0-or-later
"""The process hears real bytes by real ports, those of instruments that come later too, and keeps the map."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.paths import RESOURCES
from engine.errors import CannotWrite, MidiMapWrong, NoMidi
from engine.library.midi_map import read_map, write_map
from engine.processes import ChildProcess
from engine.together.clock_out import CONTINUE, START, STOP, TICK, JamPlace
from engine.together.messages import KeepMap, OpenTogether, PlayingSet, TempoSet, TogetherPlan
from engine.together.ports import CLIENT, CLOCK
from engine.together.process import without_passed
from engine.values.midi import MidiControl, MidiMap, MidiMessage, MidiPorts, midi_message
from engine.values.together import LeaderState
from tests import unpacked
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


def test_a_program_that_connects_to_the_studio_too_is_heard_once(
    jack_server: str, children: Callable[[], ChildProcess], tmp_path: Path
) -> None:
    child = children()
    child.send(plan(tmp_path))
    answer(child, MidiPorts)
    pads, other = Instrument("pads"), Instrument("other")
    answer(child, MidiPorts, lambda ports: len(ports.inputs) == 2)
    connect = [unpacked.program("jack_connect"), "-s", jack_server, "pads:out", f"{CLIENT}:in"]
    subprocess.run(connect, check=True, capture_output=True)
    # Whichever way is the sooner one each time: press and release have one name.
    played = [(status, note, 100) for note in range(36, 76) for status in (0x99, 0x89)]
    pads.play(*played)
    heard = [answer(child, MidiMessage) for _ in played]
    assert [(one.control.number, one.is_down) for one in heard] == [(note, on == 0x99) for on, note, _ in played]
    assert len({one.port for one in heard}) == 1
    other.play((0xB0, 20, 1))
    assert answer(child, MidiMessage).port == "other:out", "nothing is left of what was heard twice"
    pads.close()
    other.close()


def test_an_owner_that_is_slow_is_told_where_knobs_are_and_each_press() -> None:
    def knob(number: int, *values: int, port: str = "a") -> list[object]:
        return [midi_message(bytes((0xB0, number, one)), 0.0, port) for one in values]

    keys = [midi_message(bytes((status, 36, 100))) for status in (0x90, 0x90, 0x80)]
    messages = [*knob(1, 0, 9, 60, 70, 127), *keys, *knob(1, 99, 0, 1), *knob(1, 5, port="b"), MidiPorts()]
    wanted = [*knob(1, 60), *keys, *knob(1, 99, 1), *knob(1, 5, port="b"), MidiPorts()]
    assert without_passed(messages) == wanted


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


def test_the_clock_is_sent_and_heard_by_a_real_port(
    jack_server: str, children: Callable[[], ChildProcess], tmp_path: Path
) -> None:
    child = children()
    child.send(plan(tmp_path, midi=False, clock_out=True))
    assert answer(child, MidiPorts).own == CLIENT
    daw = Instrument("daw")
    try:
        daw.listen_to(CLOCK)
        begun_s = time.monotonic()
        while time.monotonic() < begun_s + 2.0:
            at_s = time.monotonic()
            # 180 a minute: three beats a second, from half a second on.
            child.send(JamPlace(at_s, (at_s - begun_s - 0.5) * 180.0 / 240.0, 180.0, 4))
            time.sleep(0.1)
        child.send(JamPlace(time.monotonic(), None, 180.0, 4))
        until_s = time.monotonic() + 20.0
        while not any(one == STOP for _, one in daw.heard):
            assert time.monotonic() < until_s
            time.sleep(0.01)
    finally:
        daw.close()
    heard = [one for _, one in daw.heard]
    assert heard.count(START) == 1
    assert CONTINUE not in heard
    first, last = heard.index(START), heard.index(STOP)
    ticks = [at_s for at_s, one in daw.heard[first:last] if one == TICK]
    assert len(ticks) == pytest.approx(1.5 * 72, abs=12)
    period_s = (ticks[-1] - ticks[0]) / (len(ticks) - 1)
    assert period_s == pytest.approx(1.0 / 72.0, rel=0.03)


@pytest.mark.soak
def test_a_clock_that_is_heard_by_a_real_port_leads(
    jack_server: str, children: Callable[[], ChildProcess], tmp_path: Path
) -> None:
    child = children()
    child.send(plan(tmp_path, midi=False, follow="midi"))
    daw = Instrument("daw")
    try:
        assert answer(child, MidiPorts, lambda one: bool(one.inputs)).inputs == ("daw:out",)
        daw.play((0xF2, 4, 0), (0xFB,))
        begun_s = time.monotonic()
        for number in range(24 * 30):
            time.sleep(max(0.0, begun_s + number / 72.0 - time.monotonic()))
            daw.play((0xF8,))
        state = answer(child, LeaderState, lambda one: one.bpm is not None and one.beats > 25.0)
        assert state.bpm == pytest.approx(180.0, abs=0.2)
        assert state.is_playing
        # One beat of the song was over as it began; JACK hands on what came in a round of its own.
        beats = 1.0 + (state.at_s - begun_s) * 3.0
        assert state.beats == pytest.approx(beats, abs=0.06)
        daw.play((0xFC,))
        assert answer(child, LeaderState, lambda one: one.is_playing is False)
        assert answer(child, LeaderState, lambda one: one.n_peers == 0) == LeaderState("midi")
    finally:
        daw.close()


@pytest.mark.soak
@pytest.mark.alone
def test_two_studios_are_in_step_by_link(children: Callable[[], ChildProcess], tmp_path: Path) -> None:
    """The network of this machine carries it: multicast on its interfaces, the loopback among them."""
    one, other = children(), children()
    for child in (one, other):
        child.send(plan(tmp_path, midi=False, follow="link"))
        child.send(JamPlace(time.monotonic(), None, 100.0, 4))
    for child in (one, other):
        answer(child, LeaderState, lambda told: told.n_peers >= 1)
    one.send(TempoSet(133.0))
    assert answer(other, LeaderState, lambda told: told.bpm == 133.0).is_playing is False
    other.send(PlayingSet(is_playing=True))
    mine = answer(one, LeaderState, lambda told: told.is_playing is True and told.bpm == 133.0)
    theirs = answer(other, LeaderState, lambda told: told.is_playing is True and told.bpm == 133.0)
    beats = mine.beats + (theirs.at_s - mine.at_s) * 133.0 / 60.0
    off = (beats - theirs.beats + 2.0) % 4.0 - 2.0
    assert abs(off) * 60.0 / 133.0 < 0.002, "the same place in the bar"
    # Who is alone has no leader.
    other.close()
    assert answer(one, LeaderState, lambda told: told.n_peers == 0) == LeaderState("link")
