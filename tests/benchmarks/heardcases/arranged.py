# SPDX-License-Identifier: GPL-3.0-or-later
"""Arranged pieces are random lead sheets in random arrangements, in any tempo and feel."""

from __future__ import annotations

import random

from tests.benchmarks.heardcases.arranging import random_arrangement
from tests.benchmarks.heardcases.leadsheets import METRES, random_sheet
from tests.benchmarks.heardcases.pieces import TEMPO_KINDS, TruePiece
from tests.benchmarks.heardcases.rendering import Playing, rendered, soundfonts
from tests.benchmarks.heardcases.timing import Timing, moved_beats

SHORTEST_S, LONGEST_S = 16.0, 28.0
TEMPOS_BPM = {"4/4": (62.0, 185.0), "3/4": (62.0, 185.0), "6/8": (50.0, 110.0)}
"""Slowest and fastest tempo by metre, felt beats a minute."""

_USUAL_BPM = (80.0, 140.0)
_SHARES = {"4/4": 0.76, "3/4": 0.15, "6/8": 0.09}
_LEAST_SWING, _MOST_SWING = 0.56, 0.68
_HUMAN_S = (0.0, 0.004, 0.008, 0.014)


def arranged_piece(seed: int) -> TruePiece:
    """Return the piece of a seed, always the same one. Raises MaterialMissing without the synth."""
    rng = random.Random(seed)
    metre = rng.choices(list(_SHARES), list(_SHARES.values()))[0]
    bpm = rng.uniform(*TEMPOS_BPM[metre])
    if metre == "4/4" and rng.random() < 0.5:
        bpm = rng.uniform(*_USUAL_BPM)
    is_swung = METRES[metre].parts == 2 and rng.random() < 0.25
    swing = rng.uniform(_LEAST_SWING, _MOST_SWING) if is_swung else 0.5
    sheet = random_sheet(rng, bpm=bpm, metre=metre, duration_s=rng.uniform(SHORTEST_S, LONGEST_S))
    kind = rng.choice(TEMPO_KINDS)
    playing = Playing(
        tempo_kind=kind,
        timing=Timing(moved_beats(kind, sheet.n_beats, sheet.per_bar, bpm, rng), swing),
        lead_s=rng.choice((0.0, 0.0, rng.uniform(0.0, 1.5))),
        human_s=rng.choice(_HUMAN_S),
        room=rng.choice((0.0, 0.2, 0.5)),
        soundfont=rng.choice(soundfonts()),
    )
    name = f"{metre} in {sheet.key} at {bpm:.0f} bpm, seed {seed}"
    return rendered(name, "arranged", sheet, random_arrangement(rng, metre, bpm), playing=playing, rng=rng)
