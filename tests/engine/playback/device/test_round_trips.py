# SPDX-License-Identifier: GPL-3.0-or-later
"""Round trips are measured on a private server to less than a millisecond, and refused where they cannot be told."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator

import pytest

from engine.errors import InputError, LatencyUnsure
from engine.playback.player import Player
from engine.playback.round_trips import Measured, Measuring, Way
from engine.tape import TapeReader, tape_block
from engine.values.inputs import InputSide
from tests.engine.playback.material import RATE
from tests.engine.playback.parent import LATENCY_S
from tests.relay import Relay
from tests.soundserver import SINK, SoundServer

pytestmark = pytest.mark.audio


def measured(input_: tuple[str, str] | None = None, *, gain: float = 1.0, rounds: int = 3) -> Measured:
    tape = tape_block(RATE)
    player = Player(tape=tape)
    try:
        measuring = Measuring(player, TapeReader(tape), Way(None, input_, InputSide.BOTH, gain, LATENCY_S, LATENCY_S))
        fractions = list(measuring.steps(rounds))
    finally:
        player.close()
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert measuring.measured is not None
    return measuring.measured


@contextlib.contextmanager
def listening_to(server: SoundServer, sink: str) -> Iterator[None]:
    """Have the default input be the monitor of another sink."""
    with server.another_sink(sink):
        assert server.pactl("set-default-source", f"{sink}.monitor").returncode == 0
        yield
        assert server.pactl("set-default-source", f"{SINK}.monitor").returncode == 0


def test_the_way_through_the_server_is_measured_alike_each_time(sound_server: SoundServer) -> None:
    first, second = measured(), measured()
    assert first.output == first.input_ == "default"
    assert first.trip.n_rounds == 3
    assert first.trip.spread_s < 0.001
    # Both ways' buffers, and little more: the server's monitor gives back what it is given.
    assert first.trip.latency_s == pytest.approx(2.0 * LATENCY_S, abs=0.03)
    assert second.trip.late_s == pytest.approx(first.trip.late_s, abs=0.003)
    assert first.rounds_ms == pytest.approx([1000.0 * first.trip.latency_s] * 3, abs=1.0)


@pytest.mark.alone
def test_a_delay_that_is_known_is_measured_to_a_millisecond(mortal_server: SoundServer) -> None:
    with listening_to(mortal_server, "guitar"), Relay(mortal_server, "guitar", level=0.5) as relay:
        before = measured()
        relay.delay(round(0.25 * RATE))
        after = measured()
    assert after.trip.latency_s - before.trip.latency_s == pytest.approx(0.25, abs=0.001)


def test_where_nothing_comes_back_it_is_refused(mortal_server: SoundServer) -> None:
    with listening_to(mortal_server, "guitar"), pytest.raises(LatencyUnsure) as refused:
        measured()
    assert str(refused.value).startswith("The latency cannot be told, as nothing of what was played came in: lead")


def test_where_it_is_too_loud_it_is_refused(sound_server: SoundServer) -> None:
    with pytest.raises(LatencyUnsure, match="turn the input's gain down"):
        measured(gain=8.0)


def test_where_another_sound_covers_it_it_is_refused(mortal_server: SoundServer) -> None:
    noise = ["sh", "-c", "exec pacat --raw --format=s16le --rate=44100 --channels=2 --volume=8000 < /dev/urandom"]
    with listening_to(mortal_server, "guitar"), Relay(mortal_server, "guitar", level=0.003):
        covering = subprocess.Popen(
            [*noise[:2], f"{noise[2]} --device=guitar"],
            env={"PATH": "/usr/bin:/bin", **mortal_server.pulse_environment},
        )
        try:
            with pytest.raises(LatencyUnsure):
                measured()
        finally:
            covering.kill()
            covering.wait()


def test_an_input_that_is_not_there_is_told(sound_server: SoundServer) -> None:
    with pytest.raises(InputError, match="“no such”"):
        measured(("ALSA", "no such"))
