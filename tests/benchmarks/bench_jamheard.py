# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark plays a jam into a private sound server and says, from its monitor, when everything was heard.

Keys are timed by the bars that are heard at that moment; what the device itself takes is left out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, Slot
from scipy.signal import butter, sosfilt

from engine.library.jam_folder import write_project
from engine.playback.mix.clock import BarClock
from engine.playback.mix.mixer import Mixer
from engine.qt.studio import StudioEngine
from engine.values import BakedLoop, BarLock, Clip, FloatArray, LoopRegion, MusicFacts, PlaybackSnapshot
from engine.values import jam_acts as acts
from engine.values.held import Stutter
from engine.values.jam import Groove, LayerMix, LayerName, LayerPrompt, SwapAt
from engine.values.jam_project import JamProject, KeptLayer, KeptLoop
from tests.benchmarks.rows import BenchRow
from tests.benchmarks.screen import stage
from tests.engine.library.making import recipe
from tests.engine.qt.jam_player import Player
from tests.engine.session.jam.jamming import clicks, onsets
from tests.soak.hearing import SAMPLE_RATE, FileRecording

DRUMS, PIANO = LayerName.DRUMS, LayerName.INSTRUMENTS
BPM, BARS, TONE_HZ = 93.7, 2, 441.0
CLOCK = BarClock(SAMPLE_RATE, Fraction(str(BPM)))
GRID = Fraction(1, 4)
"""Grid of the stutter, beats."""
_N_KNOBS = 8
_LIMIT_S = 60.0


def rows() -> list[BenchRow]:
    """Return the table's lines."""
    with stage() as (environment, _server):
        command = [sys.executable, "-m", "tests.benchmarks.bench_jamheard"]
        done = subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    grid_ms = 1000.0 * float(GRID) * 60.0 / BPM
    off = "onsets of a swapped loop off the clock's place, at most"
    apart = "layers against each other after an hour, at most"
    knob, stutter = "a knob heard beyond the device, median", "a stutter heard beyond the device"
    own = "the music's own"
    return [
        BenchRow(off, told["onset"], "samples", "a sample", 1.0, "<= 1"),
        BenchRow(apart, told["layers"], "samples", "a sample", 1.0, "0"),
        BenchRow(knob, told["knob_ms"], "ms", "the device", told["latency_ms"], "<= 30 ms"),
        BenchRow(stutter, told["stutter_ms"], "ms", "a step of its grid", grid_ms, "<= a step"),
        BenchRow("largest step within a swap", told["step"], "", own, told["own_step"], "<= 1.4 x its own"),
    ]


class _Heard(QObject):
    """The place that is heard now follows from what was told last."""

    def __init__(self, engine: StudioEngine) -> None:
        super().__init__()
        self._bars, self._at_s, self.latency_s = -1.0, 0.0, 0.0
        engine.jam.heard.connect(self._on_heard)
        engine.output.snapshot_taken.connect(self._on_snapshot)

    @Slot(float, object)
    def _on_heard(self, bars: float, _channels: object) -> None:
        self._bars, self._at_s = bars, time.monotonic()

    @Slot(object)
    def _on_snapshot(self, snapshot: PlaybackSnapshot) -> None:
        self.latency_s = snapshot.latency_s

    def is_past(self, bars: float) -> bool:
        return self.bars > bars

    @property
    def bars(self) -> float:
        return self._bars + (time.monotonic() - self._at_s) * SAMPLE_RATE / float(CLOCK.bar_samples)


def _project() -> JamProject:
    n_samples = CLOCK.line_of(BARS)
    turns = round(TONE_HZ * n_samples / SAMPLE_RATE)
    facts, layers = MusicFacts(BPM, None, 4, BARS), {}
    clips = {DRUMS: [clicks(BPM, BARS, hz=4000.0) for _ in range(2)], PIANO: []}
    for phase in (0.0, 0.4 * np.pi):
        wave = 0.2 * np.sin(2.0 * np.pi * turns * np.arange(n_samples) / n_samples + phase)
        clips[PIANO].append(Clip(np.repeat(wave[:, None], 2, axis=1).astype(np.float32), SAMPLE_RATE, wraps=True))
    for name, (first, second) in clips.items():
        plays, lies = (KeptLoop(name, clip, facts, recipe(), BARS) for clip in (first, second))
        layers[name] = KeptLayer(LayerPrompt("a sound"), LayerMix(is_muted=name is PIANO), plays, {1: lies})
    return JamProject(Groove(BPM), BARS, SwapAt.BAR, 4.0, layers)


def _after_an_hour() -> float:
    """Return by how many samples two layers are apart at most after an hour that was rendered."""
    mixer, apart = Mixer(SAMPLE_RATE), 0
    mixer.set_clock(CLOCK.bpm, 4, bars=Fraction(0))
    for channel, side in ((1, 0), (2, 1)):
        samples = clicks(BPM, BARS, hz=3000.0).samples.copy()
        samples[:, 1 - side] = 0.0
        loop = BakedLoop(samples, SAMPLE_RATE, LoopRegion(0, len(samples)), 0, 0.0)
        mixer.play(channel, loop, fade_ms=4.0, channel=channel, lock=BarLock(BARS))
    out: FloatArray = np.zeros((8192, 2), dtype=np.float32)
    for _ in range(3600 * SAMPLE_RATE // len(out)):
        mixer.render(out)
        mixer.blocks.clear()
    last: FloatArray = np.zeros((10 * SAMPLE_RATE, 2), dtype=np.float32)
    mixer.render(last)
    left, right = (onsets(np.repeat(last[:, [side]], 2, axis=1)) for side in (0, 1))
    apart = max(abs(one - other) for one, other in zip(left, right, strict=True))
    mixer.tidy()
    return float(apart)


def _high(heard: FloatArray) -> FloatArray:
    return np.asarray(sosfilt(butter(8, 2000.0, "high", fs=SAMPLE_RATE, output="sos"), heard, axis=0))


def _tone(heard: FloatArray) -> FloatArray:
    """Return the tone's amplitude, one figure for each of its periods."""
    n = round(SAMPLE_RATE / TONE_HZ)
    waves = np.exp(-2j * np.pi * TONE_HZ * np.arange(len(heard)) / SAMPLE_RATE)
    blocks = (heard[:, 0] * waves)[: len(heard) // n * n].reshape(-1, n)
    return np.asarray(2.0 * np.abs(blocks.mean(axis=1)))


def _perform() -> dict[str, float]:
    application = QCoreApplication([])
    with tempfile.TemporaryDirectory(prefix="jam-") as name:
        folder = Path(name)
        write_project(folder / "kept", _project())
        one = Player(folder / "jam", is_heard=True)
        heard_now = _Heard(one.engine)

        def until(condition: Callable[[], bool]) -> None:
            give_up = time.monotonic() + _LIMIT_S
            while not condition():
                assert time.monotonic() < give_up, "the jam does not go on"
                application.processEvents()
                time.sleep(0.0005)

        try:
            one.opening.emit(str(folder / "kept"))
            until(lambda: bool(one.states) and all(layer.playing for layer in one.states[-1].layers[:2]))
            with FileRecording() as recording:
                one.act.emit(acts.Start())
                until(lambda: bool(one.heard) and heard_now.bars > 1.2)
                one.act.emit(acts.QueueSlot(DRUMS, 1))
                until(lambda: heard_now.bars > 3.9)
                one.act.emit(acts.SetMute(PIANO, False))
                knobs = []
                for number in range(_N_KNOBS):
                    place = 4.1 + number * 0.29
                    until(partial(heard_now.is_past, place))
                    knobs.append(heard_now.bars)
                    one.act.emit(acts.SetGain(PIANO, 0.3 if number % 2 == 0 else 1.0))
                until(lambda: heard_now.bars > 7.3)
                key = heard_now.bars
                one.act.emit(acts.Hold(DRUMS, Stutter(GRID)))
                until(lambda: heard_now.bars > 8.5)
                one.act.emit(acts.Hold(DRUMS, None))
                one.act.emit(acts.SetGain(PIANO, 1.0))
                one.act.emit(acts.SetMute(DRUMS, True))
                until(lambda: heard_now.bars > 9.2)
                one.act.emit(acts.QueueSlot(PIANO, 1))
                until(lambda: heard_now.bars > 10.5)
                latency_s = heard_now.latency_s
                assert one.states[-1].layers[0].n_versions == 1, "the other loop was swapped in"
                assert one.states[-1].layers[1].n_versions == 1, "the other tone too"
                one.act.emit(acts.Stop())
                time.sleep(1.0)
                heard = recording.read()
        finally:
            one.engine.shut_down()
    return _judged(heard, knobs, key, latency_s)


def _judged(heard: FloatArray, knobs: list[float], key: float, latency_s: float) -> dict[str, float]:
    bar = float(CLOCK.bar_samples)
    first = onsets(heard, share=0.2)[0]
    # Without the tone, and as it is: filters would move it.
    on_beats = onsets(heard[: first + int(3.9 * bar)], share=0.2)
    found = onsets(_high(heard), share=0.2)
    off = [abs(one - first - CLOCK.line_of(Fraction(round((one - first) / bar * 4), 4))) for one in on_beats]
    delays = []
    for number, place in enumerate(knobs):
        begin = first + int((place - 0.02) * bar)
        levels = _tone(heard[begin : begin + int(0.28 * bar)])
        quiet, loud = float(np.median(levels[:4])), float(np.median(levels[-20:]))
        moved = (levels - quiet) / (loud - quiet)
        at = int(np.argmax(moved > 0.1)) * round(SAMPLE_RATE / TONE_HZ) + begin
        assert abs(loud - quiet) > 0.2 * max(quiet, loud), f"knob {number} is not heard"
        delays.append(((at - first) / bar - place) * bar / SAMPLE_RATE - latency_s)
    extra = next(one for one in found if one - first > key * bar and (one - first) / bar * 4 % 1.0 > 0.1)
    swapped, between = (first + CLOCK.line_of(line) for line in (Fraction(10), Fraction(39, 4)))
    steps = np.abs(np.diff(heard[:, 0]))
    return {
        "onset": float(max(off)),
        "layers": _after_an_hour(),
        "knob_ms": 1000.0 * median(delays),
        "stutter_ms": 1000.0 * (((extra - first) / bar - key) * bar / SAMPLE_RATE - latency_s),
        "step": float(steps[swapped - 220 : swapped + 220].max()),
        "own_step": float(steps[between - 220 : between + 220].max()),
        "latency_ms": 1000.0 * latency_s,
    }


if __name__ == "__main__":
    print(json.dumps(_perform()))
