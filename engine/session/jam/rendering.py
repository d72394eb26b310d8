# SPDX-License-Identifier: GPL-3.0-or-later
"""This module renders a jam by a script, faster than life: the same jam and mixer as live, with music time for clock.

A clip is made, and a loop shaped, at the moment in which it is asked for: the music stands still meanwhile.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from psygnal import Signal

from engine.errors import JamScriptValueWrong, JamSlotEmpty, StudioError, WrongUsage
from engine.generators.base import GeneratorSettings
from engine.generators.jobs import GenerateJob, LeaveJob
from engine.generators.service import leave_music
from engine.playback.file.offline import OfflinePlayer
from engine.session.jam.acting import act
from engine.session.jam.jam import Jam
from engine.session.jam.leads import JamLeads
from engine.session.jam.looper import Looper
from engine.session.jam.script import ScriptLine
from engine.session.ports import Ports
from engine.session.rendering import BLOCK_SAMPLES, ImmediateJobs, Make, MusicClock, answer_of, done_at_once
from engine.stem_tape import StemTape, stem_block
from engine.units import samples_to_seconds, seconds_to_samples
from engine.values import FloatArray
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.jam import JamLoop, LayerName
from engine.values.jam_acts import QueueScene, QueueSlot
from engine.worker.jam_jobs import ReadLoopJob

_STEMS_S = 1.0
END_FADE_S = 0.5
"""Seconds in which a jam's render ends, before its last bar is over."""


class ImmediateGenerator:
    """This generator makes each clip at once (``engine.session.ports.Generators``).

    Signals
    -------
    received(ClipResult | JobFailed), died: never
    """

    received = Signal(object)
    died = Signal(str, object)

    def __init__(self, make: Make) -> None:
        self._make = make

    def send(self, _generator: str, message: object, /) -> None:
        """Make what is asked for."""
        if isinstance(message, GenerateJob):
            self.received.emit(answer_of(self._make, message))
        elif isinstance(message, LeaveJob):
            leave_music(message.music)

    def give_up(self, _generator: str, _error: StudioError, /) -> None:
        """Do nothing: nothing hangs that was not waited for."""


class LoopFiles(ImmediateJobs):
    """This library reads loops from files, and keeps nothing."""

    def submit(self, job: Any, answer: Callable[[Any], None], **_how: bool) -> None:
        """Read a loop, or drop the job."""
        if isinstance(job, ReadLoopJob):
            answer(done_at_once(job))


def render_jam(
    set_up: Callable[[Jam], None],
    script: Sequence[ScriptLine],
    make: Make,
    settings: GeneratorSettings,
    *,
    n_bars: Fraction,
    write: Callable[[FloatArray], None],
    target_lufs: float,
    on_failed: Callable[[StudioError], None] = lambda _: None,
    on_began: Callable[[JamLoop, int], None] = lambda *_: None,
    on_rested: Callable[[LayerName, int], None] = lambda *_: None,
    on_stem: Callable[[LayerName, FloatArray], None] | None = None,
    played: FloatArray | None = None,
) -> Generator[float, None, None]:
    """Play a jam from its first bar on, stereo at ``STUDIO_SAMPLE_RATE``, and fade out as ``n_bars`` are over.

    Parameters
    ----------
    set_up
        Lays out the jam before it starts: groove, loops, mix.
    script
        What is done at which bar; what is to be heard from a bar on is done before it.
    make
        Makes the clip of a job.
    write
        Takes each block, float32, shape ``(n_samples, 2)``; the array is used again after the call.
    on_stem
        Takes each block of each layer, as ``write`` does: after its fader and effects, before those of all together.
    played
        What comes in while it plays, ``(n_samples, 2)``, from the first bar on; None is nothing.
    on_failed, on_began, on_rested
        Called with what could not be done, with each loop that begins, at which sample of the music, and with each
        layer on which nothing plays from a sample on.

    Yields
    ------
    float
        Fraction done, in (0, 1]. Each yield is a cancel point.

    Raises
    ------
    StudioError
        A line of the script is wrong.
    """
    clock, player = MusicClock(), OfflinePlayer(STUDIO_SAMPLE_RATE, 2)
    ports = Ports(player, ImmediateGenerator(make), ImmediateJobs(), LoopFiles(), clock)
    next_id = itertools.count(1).__next__
    jam = Jam(ports, next_id, lambda: settings, target_lufs=target_lufs)
    jam.failed.connect(on_failed)
    mixer, first = player.mixer, [0]
    _leads = JamLeads(
        jam,
        lambda loop, frame: on_began(loop, frame - mixer.latency_samples - first[0]),
        lambda layer: on_rested(layer, mixer.rendered_samples - first[0]),
    )
    stems = None
    if on_stem is not None:
        stems = stem_block(STUDIO_SAMPLE_RATE, _STEMS_S)
        player.record_stems(stems)
    jam.looper = Looper(jam, player, ports.analysis, next_id)
    jam.looper.failed.connect(on_failed)
    set_up(jam)
    waiting = list(script)
    while waiting and not waiting[0].bars:
        # What is done with bar 0 is there when it begins.
        _act(jam, waiting.pop(0), on_failed)
    jam.start()
    # The clock starts a little before its first bar: the file begins with that.
    _take_up(player)
    to_drop = first[0] = mixer.samples_until(Fraction(0))
    if played is not None:
        jam.looper.played = Performance(played, first[0] + mixer.latency_samples)
    block = np.zeros((BLOCK_SAMPLES, 2), dtype=np.float32)
    fade = seconds_to_samples(END_FADE_S, STUDIO_SAMPLE_RATE)
    fades, n_done = False, 0
    while (left := mixer.samples_until(n_bars)) > -mixer.latency_samples:
        while waiting and mixer.samples_until(waiting[0].bars) <= 0:
            _act(jam, waiting.pop(0), on_failed)
            _take_up(player)
            left = mixer.samples_until(n_bars)
        if not fades and left <= fade:
            fades = True
            player.fade_out(samples_to_seconds(max(left, 1), STUDIO_SAMPLE_RATE))
        cuts = [left + mixer.latency_samples, BLOCK_SAMPLES]
        cuts += [mixer.samples_until(waiting[0].bars)] if waiting else []
        cuts += [left - fade] if not fades else []
        out = block[: min(one for one in cuts if one > 0)]
        rendered = player.render(out)
        clock.pass_s(samples_to_seconds(len(out), STUDIO_SAMPLE_RATE))
        dropped = min(to_drop, len(rendered))
        to_drop -= dropped
        if len(rendered) > dropped:
            write(rendered[dropped:])
            if stems is not None and on_stem is not None:
                end = mixer.rendered_samples
                for layer in LayerName:
                    on_stem(layer, StemTape(stems).read(layer, end - len(rendered) + dropped, end))
        n_done += len(out)
        yield min(1.0, n_done / max(1, n_done + mixer.samples_until(n_bars) + mixer.latency_samples))
    # What plays elsewhere ends with it.
    jam.close()


class Performance:
    """A performance is what comes in (``engine.session.jam.looper.Played``) from a frame on, known before."""

    def __init__(self, samples: FloatArray, at: int) -> None:
        self._samples, self._at = samples, at

    def begin(self, _frame: int) -> None:
        """Do nothing: all is kept."""

    def samples(self, first: int, end: int) -> FloatArray:
        """Return what was played, silence before it begins and after it has ended."""
        out = np.zeros((end - first, 2), dtype=np.float32)
        low, high = max(first, self._at), min(end, self._at + len(self._samples))
        if low < high:
            out[low - first : high - first] = self._samples[low - self._at : high - self._at]
        return out

    def end(self) -> None:
        """Do nothing."""


def _act(jam: Jam, line: ScriptLine, on_failed: Callable[[StudioError], None]) -> None:
    try:
        for one in line.acts:
            if isinstance(one, QueueSlot | QueueScene):
                layers = [one.layer] if isinstance(one, QueueSlot) else list(LayerName)
                if not any(jam.layers[layer].slot(one.slot) for layer in layers):
                    on_failed(JamSlotEmpty(line=line.number, number=one.slot, bar=f"{float(line.bars):g}"))
            act(jam, one)
    except WrongUsage as error:
        raise JamScriptValueWrong(line=line.number, detail=str(error)) from error


def _take_up(player: OfflinePlayer) -> None:
    """Have commands taken up before anything is rendered."""
    player.mixer.render(np.zeros((0, 2), dtype=np.float32))
    player.mixer.blocks.clear()
