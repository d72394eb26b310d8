# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of accompaniment: drums, bass and chords, held against the true beats, chords and key of a piece.

A stroke or note that is played on a beat, as the companion heard the beats, is to be on a true one. Where the tempo is
heard in double, it is on a half at times: what counts halves as well tells whether it is in time at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.dsp.chordnames import read_chord
from engine.dsp.keynames import key_parts
from engine.values import Layer
from engine.values.play_along import Along, AlongOrder, PlayedAlong
from tests.benchmarks.continuereport.judge import felt_beats
from tests.benchmarks.continuereport.plain import mono_of, plain_beats
from tests.benchmarks.continuereport.playing import DoubleArray, by_group, off_grid_s, played, share
from tests.benchmarks.continuereport.tables import Outcome
from tests.benchmarks.heardcases.pieces import TruePiece

TITLE = "Accompaniment"
NEAR_S = 0.03
GOAL = f"≥ 95 % of onsets within {1000.0 * NEAR_S:.0f} ms of the beat, ≥ 97 % of notes in the chord or the scale"

_LAYER = Layer.named("drums,bass,chords")
_ON = 0.125
"""Beats within which of a beat what is played there is played “on” it: people are early and late."""
_SCALES = {False: (0, 2, 4, 5, 7, 9, 11), True: (0, 2, 3, 5, 7, 8, 10)}  # major and natural minor


@dataclass(frozen=True, eq=False, slots=True)
class Fit:
    """A fit says of each onset whether it is in time, of each note whether it is in tune, and of librosa's beats."""

    on_beats: list[bool]
    in_time: list[bool]
    in_tune: list[bool]
    plain_on_beats: list[bool]
    plain_in_time: list[bool]


def text(outcomes: Sequence[Outcome]) -> str:
    """Return the table as Markdown."""
    head = ("on beats, %", "or halves, %", "notes in chord or scale, %", "librosa’s beats on beats, %", "or halves, %")
    return by_group(outcomes, _judged, head, _shares, (1,) * len(head))


def _judged(outcome: Outcome) -> Fit:
    piece = outcome.piece
    order = AlongOrder(Along.ACCOMPANY, layer=_LAYER, seed=1)
    return fit_of(piece, played(piece.clip, order), plain_beats(mono_of(piece.clip)))


def _shares(fits: Sequence[Fit]) -> tuple[float, ...]:
    names = ("on_beats", "in_time", "in_tune", "plain_on_beats", "plain_in_time")
    return tuple(share([one for fit in fits for one in getattr(fit, name)]) for name in names)


def fit_of(true: TruePiece, along: PlayedAlong, plain_beats_s: Sequence[float]) -> Fit:
    """Judge what was played along with a piece."""
    beats, parts = _grids(true)
    guide, score = along.request.guide, along.made.score
    assert guide is not None
    assert guide.beats is not None
    assert score is not None
    own = np.array(felt_beats(guide.beats)) + along.zero_s
    notes = [(note.start, note.midi) for part in score.parts for note in part.notes]
    starts = [start for start, _ in notes] + [hit.start for hit in score.hits]
    times = np.array(starts) / score.sample_rate + along.zero_s
    times = np.unique(times[(times >= max(true.beats_s[0] - NEAR_S, along.starts_s)) & (times < true.beats_s[-1])])
    place = np.interp(times, own, np.arange(len(own)))
    on_beats = times[np.abs(place - np.round(place)) < _ON]
    plain = [one for one in plain_beats_s if true.beats_s[0] - NEAR_S <= one < true.beats_s[-1]]
    pitched = [(start / score.sample_rate + along.zero_s, midi) for start, midi in notes]
    return Fit(
        (off_grid_s(on_beats, beats) <= NEAR_S).tolist(),
        (off_grid_s(on_beats, parts) <= NEAR_S).tolist(),
        [_is_in_tune(true, time_s, midi) for time_s, midi in pitched if times.size and times[0] <= time_s <= times[-1]],
        (off_grid_s(plain, beats) <= NEAR_S).tolist(),
        (off_grid_s(plain, parts) <= NEAR_S).tolist(),
    )


def _grids(true: TruePiece) -> tuple[DoubleArray, DoubleArray]:
    """Return the true beats, and those with what lies between them: halves as they swing, or thirds."""
    beats = np.array(true.beats_s)
    within = [true.swing] if true.parts == 2 else [one / true.parts for one in range(1, true.parts)]
    return beats, np.sort(np.concatenate([beats, *(beats[:-1] + one * np.diff(beats) for one in within)]))


def _is_in_tune(true: TruePiece, time_s: float, midi: int) -> bool:
    key = key_parts(true.key)
    assert key is not None
    tonic, is_minor = key
    if (midi - tonic) % 12 in _SCALES[is_minor]:
        return True
    # A note that is early by a hair belongs to the chord that comes.
    names = [name for at_s, name in true.chords if at_s <= time_s + NEAR_S]
    chord = read_chord(names[-1]) if names and names[-1] is not None else None
    return chord is not None and (midi - chord.root) % 12 in chord.tones
