# SPDX-License-Identifier: GPL-3.0-or-later
"""An arranged piece is played by FluidSynth through a General MIDI soundfont, and its truth goes along."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.values import Clip
from tests.benchmarks.heardcases.arranging import Arrangement, arranged
from tests.benchmarks.heardcases.leadsheets import METRES, LeadSheet
from tests.benchmarks.heardcases.pieces import Source, TempoKind, TruePiece, triad_name
from tests.benchmarks.heardcases.timing import Timing
from tests.benchmarks.loopcases.cases import MaterialMissing
from tests.benchmarks.loopcases.synth import Note, play

RATE = 44_100
FONTS = (Path("/usr/share/sounds/sf3/FluidR3Mono_GM.sf3"), Path("/usr/share/sounds/sf2/TimGM6mb.sf2"))
"""Soundfonts that pieces are played on: the one that comes with the studio, and that of the benchmarks."""
TAIL_S = 0.5
"""Number of seconds that a piece rings on after its last beat."""


@dataclass(frozen=True, slots=True)
class Playing:
    """How an arrangement is played.

    Attributes
    ----------
    lead_s
        Silence before the first beat.
    human_s
        Standard deviation of notes' beginnings from where they are meant.
    """

    tempo_kind: TempoKind
    timing: Timing
    lead_s: float
    human_s: float
    room: float
    soundfont: Path


def soundfonts() -> tuple[Path, ...]:
    """Return those of ``FONTS`` that are here.

    Raises MaterialMissing where there is none.
    """
    found = tuple(path for path in FONTS if path.is_file())
    if not found:
        raise MaterialMissing("A General MIDI soundfont is missing: apt-get install timgm6mb-soundfont")
    return found


def rendered(
    name: str, source: Source, sheet: LeadSheet, arrangement: Arrangement, *, playing: Playing, rng: random.Random
) -> TruePiece:
    """Return a lead sheet as a band plays it. Raises MaterialMissing without the synth."""
    timing, lead_s = playing.timing, playing.lead_s
    notes = []
    for one in arranged(sheet, arrangement, rng):
        begins_s = max(0.0, lead_s + timing.at_s(one.at) + rng.gauss(0.0, playing.human_s))
        ends_s = lead_s + timing.at_s(min(one.at + one.length, sheet.n_beats)) - 0.01
        velocity = round(one.velocity + rng.gauss(0.0, 6.0))
        notes.append(Note(begins_s, max(0.04, ends_s - begins_s), one.pitch, velocity, one.channel))
    players = arrangement.players
    samples = play(
        notes,
        {channel: player.program for channel, player in players.items()},
        RATE,
        pans={channel: rng.randint(30, 98) for channel in players},
        room=playing.room,
        levels={channel: player.level for channel, player in players.items()},
        soundfont=playing.soundfont,
    )
    beats_s = lead_s + timing.knots_s
    n_samples = round((beats_s[-1] + TAIL_S) * RATE)
    chords = tuple((lead_s + timing.at_s(one.at), triad_name(one.root, one.tones)) for one in sheet.changes)
    return TruePiece(
        name=name,
        source=source,
        clip=Clip(np.ascontiguousarray(samples[:n_samples]), RATE),
        beats_s=tuple(beats_s[:-1].tolist()),
        end_s=float(beats_s[-1]),
        downbeats=tuple(range(0, sheet.n_beats, sheet.per_bar)),
        chords=tuple(one for one in chords if one[0] < beats_s[-1]),
        key=sheet.key,
        tempo_kind=playing.tempo_kind,
        swing=timing.swing,
        parts=METRES[sheet.metre].parts,
    )
