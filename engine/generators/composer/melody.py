# SPDX-License-Identifier: GPL-3.0-or-later
"""Melodies: a motif stated, sequenced and varied along the arch of a phrase, a question and then its answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from engine.generators.composer.plan import Plan
from engine.generators.composer.rhythm import write_rhythm
from engine.generators.composer.streams import Streams
from engine.generators.composer.theory import MODES, nearest

_PENTATONIC = {True: (0, 3, 5, 7, 10), False: (0, 2, 4, 7, 9)}
_SCALES = {"blues": (0, 3, 5, 6, 7, 10)}
# Bars of a phrase by letter: A the motif, B what goes on from it, C the cadence, "." rests.
_FORMS = ("ABAC", "AABC", "A.BC", "AA.C", "ABBC")
_RESTING = ("A.BC", "AA.C", "A..C")
_SEQUENCES = (-1, 1, 2, -2)
_MOST_STEPS_APART = 4  # of the scale, between neighbours within a bar
_HELD_STEPS = 4  # from which on a note over a given chord is one of its tones
_UP_PICKUP, _TIE_SHARE, _VARIED_SHARE = 0.4, 0.35, 0.5


@dataclass(frozen=True, slots=True)
class Tune:
    """A note of a melody: bar, first step, length in steps, pitch, force; a pick-up has a negative step."""

    bar: int
    step: int
    steps: int
    midi: int
    force: float


@dataclass(frozen=True, slots=True)
class _Motif:
    onsets: tuple[int, ...]
    contour: tuple[int, ...]  # steps of the scale from the phrase's arch, which sum to about 0


def write_melody(plan: Plan, centre: int, streams: Streams) -> list[Tune]:
    """Write a melody around MIDI ``centre`` over the plan's harmony.

    Each phrase is an arch of four bars. Its motif is what the piece is known by ("motif" is its stream); how it is
    varied is each take's own. Odd phrases answer even ones: a question ends open, an answer on the tonic's chord. The
    last bar leads into the first.
    """
    return _Melody(plan, centre, streams).write()


class _Melody:
    def __init__(self, plan: Plan, centre: int, streams: Streams) -> None:
        self._plan, self._centre = plan, centre
        rng = streams("motif")
        self._rng = streams("melody")
        lead, grid = plan.style.lead, plan.grid
        # A slow bar has room for more notes than a fast one. The style's tempo decides, not the clip's, so that a motif
        # stays the same while the tempo of a piece eases.
        bar_s = grid.steps_per_bar / 4 * 60.0 / (0.5 * sum(plan.style.tempo))
        self._wanted = max(2.0, lead.notes * plan.busy * min(1.3, max(0.55, bar_s / 2.3)))
        forms = _RESTING if rng.random() < lead.rest else _FORMS
        self._letters = forms[int(rng.integers(len(forms)))]
        if plan.form.phrase_bars < 4:
            self._letters = "AC" if plan.form.phrase_bars == 2 else "A"
        self._motifs = {letter: self._motif(rng, busy) for letter, busy in (("A", 1.0), ("B", 1.15), ("C", 0.6))}
        self._rise = int(rng.integers(2, 6))
        self._peak = float(rng.uniform(0.35, 0.7))
        self._sequence = int(rng.choice(_SEQUENCES))
        self._scale = _scale(plan)

    def write(self) -> list[Tune]:
        plan = self._plan
        out: list[Tune] = []
        for bar in range(plan.grid.bars):
            phrase, place = divmod(bar, plan.form.phrase_bars)
            letter = self._letters[place % len(self._letters)]
            ends = plan.form.ends_phrase(bar)
            if ends and letter != "C" and plan.form.phrase_bars > 1:
                letter = "C"
            if letter == ".":
                continue
            out.extend(self._bar(bar, phrase, place, letter, ends=ends))
        return self._tied(self._with_pickups(out))

    def _motif(self, rng: np.random.Generator, busy: float) -> _Motif:
        grid = self._plan.grid
        onsets = write_rhythm(grid, self._wanted * busy, rng)
        # A walk of small steps that comes back: what it drifts by is taken off evenly.
        walk = np.cumsum(rng.choice([-2, -1, -1, 0, 1, 1, 2], size=len(onsets)))
        walk = walk - walk[0]
        if len(onsets) > 1:
            walk = walk - np.linspace(0.0, float(walk[-1]), len(onsets))
        walk = walk - walk.mean()
        return _Motif(onsets, tuple(int(one) for one in np.round(walk)))

    def _bar(self, bar: int, phrase: int, place: int, letter: str, *, ends: bool) -> list[Tune]:
        plan, rng = self._plan, self._rng
        grid = plan.grid
        motif = self._motifs[letter]
        # Where it is first heard the motif is itself.
        if (phrase or letter == "B") and letter != "C" and rng.random() < _VARIED_SHARE:
            motif = _varied(motif, grid.steps_per_bar, rng)
        shift = self._sequence if letter == "A" and place >= 2 else 0
        ladder = [pitch for pitch in range(self._centre - 19, self._centre + 20) if pitch % 12 in self._scale]
        home = min(range(len(ladder)), key=lambda i: abs(ladder[i] - self._centre))
        out: list[Tune] = []
        before: int | None = None
        for i, (onset, move) in enumerate(zip(motif.onsets, motif.contour, strict=True)):
            last = ends and i == len(motif.onsets) - 1
            here = home + round(self._arch(place + onset / grid.steps_per_bar)) + move + shift
            if before is not None:
                here = min(before + _MOST_STEPS_APART, max(before - _MOST_STEPS_APART, here))
            here = min(len(ladder) - 2, max(1, here))
            before = here
            following = motif.onsets[i + 1] if i + 1 < len(motif.onsets) else grid.steps_per_bar
            length = min(following - onset, 12 if last else 8)
            strong = onset in grid.beats[::2] or i == 0 or last or (plan.has_given_chords and length >= _HELD_STEPS)
            pitch = self._pitch(ladder[here], bar, onset, phrase, strong=strong, last=last)
            force = 0.58 + (0.14 if onset in grid.beats else 0.0) + 0.12 * self._swell(place + onset / 16.0)
            out.append(Tune(bar, onset, length, pitch, min(1.0, force)))
        return _accented(out)

    def _arch(self, at: float) -> float:
        """Return how many steps of the scale the phrase stands above its end, ``at`` bars from its start."""
        place = at / self._plan.form.phrase_bars
        peak = self._peak
        rise = place / peak if place < peak else (1.0 - place) / (1.0 - peak)
        return self._rise * max(0.0, min(1.0, rise)) - 0.5 * self._rise

    def _swell(self, at: float) -> float:
        return (self._arch(at) + 0.5 * self._rise) / self._rise

    def _pitch(self, wanted: int, bar: int, step: int, phrase: int, *, strong: bool, last: bool) -> int:
        """Return the pitch next to ``wanted`` that suits the chord; at a phrase's end, what asks or answers."""
        plan = self._plan
        chord = plan.chord_at(bar, step)
        tones = chord.pitch_classes
        if last:
            tonic = plan.key.tonic
            steps = MODES[plan.key.mode]
            answers = phrase % 2 == 1 and bar < plan.grid.bars - 1
            goals = (tonic, (tonic + steps[2]) % 12) if answers else ((tonic + steps[1]) % 12, (tonic + steps[4]) % 12)
            fitting = tuple(goal for goal in goals if goal in tones) or tones[:3]
            return nearest(wanted, fitting)
        if strong:
            return nearest(wanted, tones[:4])
        # Held a semitone above a tone of the chord, a note would grate.
        if (wanted - 1) % 12 in tones and wanted % 12 not in tones:
            return nearest(wanted, tones[:4])
        # So would one below a tone that a given chord has and the scale has not.
        foreign = (wanted + 1) % 12 in tones and (wanted + 1) % 12 not in self._scale
        if plan.has_given_chords and foreign and wanted % 12 not in tones:
            return wanted + 1
        return wanted

    def _with_pickups(self, tunes: list[Tune]) -> list[Tune]:
        """Return the melody with some phrases begun before the bar line, by steps of the scale towards their start."""
        grid, rng = self._plan.grid, self._rng
        firsts: dict[int, Tune] = {}
        for tune in tunes:
            firsts.setdefault(tune.bar // self._plan.form.phrase_bars, tune)
        added = []
        for first in firsts.values():
            drawn, below = float(rng.random()), bool(rng.random() < 0.6)
            n_steps = int(rng.integers(1, 3)) * 2
            # Into the first bar, the last one leads.
            if first.step > 2 or (drawn > _UP_PICKUP and first.bar > 0) or grid.bars < 2:
                continue
            bar = (first.bar - 1) % grid.bars
            start = grid.steps_per_bar - n_steps + first.step
            held = [one for one in tunes if one.bar == bar]
            if any(one.step + one.steps > start and one.step >= start for one in held):
                continue
            pitch = first.midi
            for i in range(n_steps // 2):
                pitch = self._neighbour(pitch, -1 if below else 1)
                step = start + n_steps - 2 * (i + 1)
                if step < grid.steps_per_bar:
                    added.append(Tune(bar, step, 2, pitch, 0.5))
        cut = [
            replace(one, steps=min([one.steps, *(new.step - one.step for new in added if _is_cut(one, new))]))
            for one in tunes
        ]
        return sorted([*(one for one in cut if one.steps > 0), *added], key=lambda one: (one.bar, one.step))

    def _neighbour(self, pitch: int, direction: int) -> int:
        pitch += direction
        while pitch % 12 not in self._scale:
            pitch += direction
        return pitch

    def _tied(self, tunes: list[Tune]) -> list[Tune]:
        """Return the melody with some last notes of a bar held into the next, as far as it is free."""
        grid = self._plan.grid
        out = []
        for one, following in zip(tunes, [*tunes[1:], None], strict=True):
            tune = one
            ends_bar = tune.step + tune.steps >= grid.steps_per_bar
            drawn = float(self._rng.random())
            if ends_bar and following is not None and following.bar == tune.bar + 1 and drawn < _TIE_SHARE:
                free = following.step
                chord = self._plan.chord_at(following.bar, 0)
                if free >= 2 and tune.midi % 12 in chord.pitch_classes:
                    tune = replace(one, steps=one.steps + free)
            out.append(tune)
        return out


def _is_cut(held: Tune, new: Tune) -> bool:
    return held.bar == new.bar and held.step < new.step < held.step + held.steps


def _accented(tunes: list[Tune]) -> list[Tune]:
    """Return a bar's notes with its highest a little harder."""
    top = max((one.midi for one in tunes), default=0)
    return [replace(one, force=min(1.0, one.force + 0.08)) if one.midi == top else one for one in tunes]


def _varied(motif: _Motif, steps_per_bar: int, rng: np.random.Generator) -> _Motif:
    """Return the motif with one note moved, ornamented or left out; it is still known again."""
    onsets, contour = list(motif.onsets), list(motif.contour)
    kind, at = int(rng.integers(3)), int(rng.integers(len(onsets)))
    if kind == 0:
        contour[at] += int(rng.choice([-1, 1]))
    elif kind == 1 and at > 0 and len(onsets) > 3:
        del onsets[at], contour[at]
    else:
        after = onsets[at + 1] if at + 1 < len(onsets) else steps_per_bar
        if after - onsets[at] >= 4:
            onsets.insert(at + 1, onsets[at] + 2)
            contour.insert(at + 1, contour[at] + int(rng.choice([-1, 1])))
    return _Motif(tuple(onsets), tuple(contour))


def _scale(plan: Plan) -> frozenset[int]:
    steps: Iterable[int] = MODES[plan.key.mode]
    name = plan.style.lead.scale
    if name == "pentatonic":
        steps = _PENTATONIC[plan.key.is_minor]
    elif name in _SCALES:
        steps = _SCALES[name]
    return frozenset((plan.key.tonic + step) % 12 for step in steps)


def write_counter_line(plan: Plan, centre: int, rng: np.random.Generator) -> list[Tune]:
    """Write a second voice of long notes: the tones by which each chord differs, each as near as can be to the last."""
    grid = plan.grid
    out: list[Tune] = []
    here = float(centre)
    for bar, changes in enumerate(plan.harmony):
        ends = [*(one.step for one in changes[1:]), grid.steps_per_bar]
        for change, end in zip(changes, ends, strict=True):
            chord = change.chord
            guides = tuple((chord.root + tone) % 12 for tone in (chord.third, chord.seventh % 12, chord.fifth))
            pitch = nearest(0.75 * here + 0.25 * centre, guides)
            # It moves where the melody holds: off the beat, and not in every bar.
            late = 2 if rng.random() < 0.4 else 0
            steps = end - change.step - late
            if rng.random() < 0.15 or steps < 2:
                continue
            if steps >= 8 and rng.random() < 0.4:
                ways = tuple(plan.key.pitch_classes)
                if plan.has_given_chords:
                    ways = tuple(pc for pc in ways if (pc - 1) % 12 not in chord.pitch_classes)
                passing = nearest(pitch + int(rng.choice([-2, 2])), ways)
                out.append(Tune(bar, change.step + late, steps - 4, pitch, 0.5))
                out.append(Tune(bar, end - 4, 4, passing, 0.45))
            else:
                out.append(Tune(bar, change.step + late, steps, pitch, 0.5))
            here = pitch
    return out
