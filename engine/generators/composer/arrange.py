# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes the score: players are cast, play their parts over the plan, and the whole says its key."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from engine.dsp.key import key_strength
from engine.generators.composer.accompaniment import sounds_in, write_bass, write_chords
from engine.generators.composer.casting import choose_cast, choose_drummer
from engine.generators.composer.drumming import write_drums
from engine.generators.composer.feel import Feel
from engine.generators.composer.form import level_db, openness
from engine.generators.composer.melody import Tune, write_counter_line, write_melody
from engine.generators.composer.plan import SAYS_MODE, Plan
from engine.generators.composer.score import Note, Part, Score
from engine.generators.composer.streams import Streams
from engine.generators.composer.styles import PartStyle

MAX_TAKES = 8
"""Number of progressions tried until the notes say the key."""
_MARGIN = 0.06  # by which the key's profile has to fit better than any other's
_MOOD_MARGIN = 0.24  # where its mode is what a mood is heard by
_FIFTH, _THIRD = 0.2, 0.12  # of a note, what is heard of its third and its fifth overtone
_FILTERED = frozenset({"bass", "chords", "arp", "pad"})
_OPENING_ARCS = frozenset({"build", "break", "swell"})


def write_score(make: Callable[[int], Plan], streams: Streams) -> Score:
    """Write the whole piece, note by note.

    Parameters
    ----------
    make
        Gives the plan for a number of the try: each has another progression, until the notes say the key as clearly as
        a listener needs it. The last try is taken as it is.
    """
    best: tuple[float, Score] | None = None
    # Given chords say what key they say.
    first = make(0)
    if first.has_given_chords:
        return _write(first, streams)
    for take in range(MAX_TAKES):
        score = _write(make(take) if take else first, streams)
        strength = _strength(score)
        if best is None or strength > best[0]:
            best = strength, score
        if strength >= (_MOOD_MARGIN if SAYS_MODE.intersection(score.plan.brief.moods) else _MARGIN):
            break
    assert best is not None
    return best[1]


def _write(plan: Plan, streams: Streams) -> Score:
    parts = []
    moves = level_db(plan.form)
    opens = openness(plan.form) if plan.style.arc in _OPENING_ARCS else ()
    for i, (style, instrument) in enumerate(choose_cast(plan, streams)):
        notes = write_part(plan, style, streams, i)
        if notes:
            opening = opens if style.role in _FILTERED else ()
            parts.append(Part(style, instrument, tuple(notes), moves, opening))
    drums = choose_drummer(plan)
    hits = write_drums(plan, drums, streams) if drums is not None else []
    kit = drums.kit if drums is not None else "acoustic"
    return Score(plan, tuple(parts), tuple(hits), kit, moves)


def write_part(plan: Plan, style: PartStyle, streams: Streams, index: int) -> list[Note]:
    """Write what one player plays; ``index`` tells players of the same role apart."""
    if style.role == "bass":
        return write_bass(plan, style, streams, index)
    if style.role == "lead":
        return play_line(plan, style, write_melody(plan, style.centre, streams), streams, index)
    if style.role == "counter":
        return play_line(plan, style, write_counter_line(plan, style.centre, streams("counter")), streams, index)
    return write_chords(plan, style, streams, index)


def play_line(plan: Plan, part: PartStyle, tunes: Iterable[Tune], streams: Streams, index: int) -> list[Note]:
    """Return a line as its player plays it, in the bars in which that is heard."""
    feel = Feel(plan, streams("feel", part.role, index))
    reluctance = float(streams("presence", part.role, index).uniform(-0.1, 0.1))
    return [
        Note(
            feel.start(tune.bar, tune.step),
            (tune.steps - 0.15) * plan.grid.step_s,
            tune.midi,
            feel.force(tune.force, tune.bar, tune.step),
        )
        for tune in tunes
        if sounds_in(plan, part, tune.bar, reluctance)
    ]


def _strength(score: Score) -> float:
    """Return by how much the notes fit the key's profile better than any other key's, weighed as they are heard."""
    weights = np.zeros(12)
    for part in score.parts:
        for note in part.notes:
            weights[note.midi % 12] += min(note.gate_s, 2.0) * note.force
    key = score.plan.key
    if SAYS_MODE.intersection(score.plan.brief.moods):
        # A note's own overtones make a minor chord sound a little major.
        weights += _FIFTH * np.roll(weights, 7) + _THIRD * np.roll(weights, 4)
    return key_strength(weights, key.tonic, is_minor=key.is_minor) if weights.any() else 1.0
