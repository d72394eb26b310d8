# SPDX-License-Identifier: GPL-3.0-or-later
"""Composed pieces are the built-in composer's: its score says to the sample where beats and chords are."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np

from engine.generators.base import GeneratorSettings
from engine.generators.composer.declared import COMPOSER_SAMPLE_RATE
from engine.generators.composer.family import Beginning
from engine.generators.composer.making import written
from engine.generators.composer.mixdown import Mixed, mix
from engine.generators.composer.plan import Plan
from engine.generators.composer.score import Score
from engine.generators.composer.sounds import Sounds, sounds_for
from engine.values import Clip, ClipRequest, FloatArray, GivenBeats, Guide, Parameters
from tests.benchmarks.composerreport.corpus import STYLE_WORDS
from tests.benchmarks.heardcases.pieces import TEMPO_KINDS, TempoKind, TruePiece, triad_name
from tests.benchmarks.heardcases.timing import moved_beats

SHORTEST_S, LONGEST_S = 18.0, 30.0
WITHOUT_PULSE = ("drone", "ambient", "horror")
"""Style words whose music need not have a pulse."""

_EXTRAS = ("", "", "", "", ", no drums", ", solo piano", ", sparse", ", dense")
_IN_THREE = ("folk", "rock", "jazz trio", "cinematic", "country")
_TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_SCALES = (0.9, 1.12)  # of the tempo, where it moves
_MOST_CUT_S = 3.0


def composed_piece(seed: int, style: str = "") -> TruePiece:
    """Return the piece of a seed, always the same one, in a style that is drawn or in that one."""
    rng = random.Random(seed)
    drawn = rng.choice([word for word in STYLE_WORDS if word not in WITHOUT_PULSE])
    style = style or drawn
    extra = ", 3/4" if style in _IN_THREE and rng.random() < 0.12 else rng.choice(_EXTRAS)
    prompt = f"{style}{extra}, {rng.choice(_TONICS)} {rng.choice(('major', 'minor'))}"
    sounds = Parameters({"sounds": rng.choice(("synthesised", "sampled", "best"))})
    request = ClipRequest(1, prompt, "composer", "", rng.uniform(SHORTEST_S, LONGEST_S), seed=seed, parameters=sounds)
    kind, scale = rng.choice(TEMPO_KINDS), rng.uniform(*_SCALES)
    beginning, score = written(request, GeneratorSettings(), seed)
    grid = score.plan.grid
    if grid.metre[1] != 4:
        kind = "steady"
    if kind != "steady":
        per = grid.metre[0]
        knots_s = moved_beats(kind, per * grid.bars, per, scale * grid.tempo_bpm, rng)
        beats = GivenBeats(tuple(knots_s[:-1].tolist()), float(knots_s[-1]), f"{per}/4")
        request = replace(request, guide=Guide((), grid.bars, beats), bars=grid.bars)
        beginning, score = written(request, GeneratorSettings(), seed)
    samples = _mixed(score, beginning, sounds_for(request.parameters, COMPOSER_SAMPLE_RATE))
    cut = round(rng.choice((0.0, 0.0, rng.uniform(0.0, _MOST_CUT_S))) * COMPOSER_SAMPLE_RATE)
    return _true(f"{prompt}, seed {seed}", kind, score.plan, samples, cut)


def _mixed(score: Score, beginning: Beginning, sounds: Sounds) -> FloatArray:
    mixing = mix(score, beginning.streams, sounds)
    while True:
        try:
            next(mixing)
        except StopIteration as end:
            mixed: Mixed = end.value
            return mixed.samples


def _true(name: str, kind: TempoKind, plan: Plan, samples: FloatArray, cut: int) -> TruePiece:
    """Return a piece that begins ``cut`` samples into what was played."""
    grid = plan.grid

    def at_s(bar: int, step: float) -> float:
        return (grid.at(bar, step) - cut) / COMPOSER_SAMPLE_RATE

    beats = [(at_s(bar, step), step == 0) for bar in range(grid.bars) for step in _beat_steps(plan)]
    beats = [one for one in beats if one[0] >= 0.0]
    chords = [(at_s(bar, one.step), one.chord) for bar, changes in enumerate(plan.harmony) for one in changes]
    # What sounds at the start began before it.
    before = max((time_s for time_s, _ in chords if time_s <= 0.0), default=0.0)
    return TruePiece(
        name=name,
        source="composer",
        clip=Clip(np.ascontiguousarray(samples[cut:], dtype=np.float32), COMPOSER_SAMPLE_RATE),
        beats_s=tuple(time_s for time_s, _ in beats),
        end_s=(grid.n_samples - cut) / COMPOSER_SAMPLE_RATE,
        downbeats=tuple(number for number, (_, is_first) in enumerate(beats) if is_first),
        chords=tuple(
            (max(0.0, time_s), triad_name(chord.root, chord.tones)) for time_s, chord in chords if time_s >= before
        ),
        key=plan.key.name,
        tempo_kind=kind,
        swing=0.5 + plan.swing / 4.0 if plan.style.swing_unit == 8 and grid.metre[1] == 4 else 0.5,
        parts=3 if grid.metre[1] == 8 else 2,
    )


def _beat_steps(plan: Plan) -> tuple[int, ...]:
    """Return the first step of each felt beat of a bar."""
    per, unit = plan.grid.metre
    return tuple(range(0, 4 * per, 4)) if unit == 4 else plan.grid.beats
