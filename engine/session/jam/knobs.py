# SPDX-License-Identifier: GPL-3.0-or-later
"""A knob of a jam moves one value of a layer's mix, or of all layers', from 0 (at the left) to 1 (at the right)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from engine.values import jam_acts as acts
from engine.values.channels import MOST_FEEDBACK
from engine.values.jam import HIGHEST_JAM_BPM, LOWEST_JAM_BPM, LayerMix, LayerName, Wah
from engine.values.knob_travel import SILENT_DB, gain_of, hz_at, level_of, position_of_hz

Place = LayerName | None
"""This is a layer, or all of them together."""


@dataclass(frozen=True, slots=True)
class Knob:
    """A knob is read from a mix as a position in [0, 1], and set by an act."""

    read: Callable[[LayerMix], float]
    act: Callable[[Place, LayerMix, float], acts.JamAct]


def gain_at(position: float) -> float:
    """Return the linear gain at a fader's position: evenly by decibels, silent at the left."""
    return gain_of(SILENT_DB * (1.0 - position))


def position_of_gain(gain: float) -> float:
    """Return the position of a linear gain."""
    return 1.0 - level_of(gain) / SILENT_DB


def tempo_at(position: float) -> float:
    """Return the tempo at a position, beats a minute, whole."""
    return round(LOWEST_JAM_BPM + position * (HIGHEST_JAM_BPM - LOWEST_JAM_BPM))


def position_of_tempo(bpm: float) -> float:
    """Return the position of a tempo."""
    return (bpm - LOWEST_JAM_BPM) / (HIGHEST_JAM_BPM - LOWEST_JAM_BPM)


def _of_effects(name: str, most: float = 1.0) -> Knob:
    def turned(place: Place, mix: LayerMix, position: float) -> acts.JamAct:
        values: dict[str, Any] = {name: most * position}
        return acts.SetEffects(place, replace(mix.effects, **values))

    return Knob(lambda mix: float(getattr(mix.effects, name)) / most, turned)


def _lowpass(place: Place, mix: LayerMix, position: float) -> acts.JamAct:
    hz = None if position >= 1.0 else hz_at(position)
    return acts.SetEffects(place, replace(mix.effects, lowpass_hz=hz))


def _highpass(place: Place, mix: LayerMix, position: float) -> acts.JamAct:
    hz = None if position <= 0.0 else hz_at(position)
    return acts.SetEffects(place, replace(mix.effects, highpass_hz=hz))


def _wah(place: Place, mix: LayerMix, position: float) -> acts.JamAct:
    return acts.SetWah(place, None if position <= 0.0 else replace(mix.wah or Wah(), depth=position))


KNOBS = {
    "gain": Knob(
        lambda mix: position_of_gain(mix.gain), lambda place, _, position: acts.SetGain(place, gain_at(position))
    ),
    "lowpass": Knob(
        lambda mix: 1.0 if mix.effects.lowpass_hz is None else position_of_hz(mix.effects.lowpass_hz), _lowpass
    ),
    "highpass": Knob(
        lambda mix: 0.0 if mix.effects.highpass_hz is None else position_of_hz(mix.effects.highpass_hz), _highpass
    ),
    "resonance": _of_effects("resonance"),
    "reverb": _of_effects("reverb"),
    "room": _of_effects("room"),
    "delay": _of_effects("delay"),
    "feedback": _of_effects("delay_feedback", MOST_FEEDBACK),
    "wah": Knob(lambda mix: 0.0 if mix.wah is None else mix.wah.depth, _wah),
}
"""Knobs by the words of a map."""
TEMPO = "tempo"
"""The knob that no mix has: its words stand alone."""
