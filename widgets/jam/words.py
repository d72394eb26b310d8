# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says what a jam shows in words: layers, places in the bars, gains and frequencies."""

from __future__ import annotations

import math
from fractions import Fraction

from PySide6.QtCore import QCoreApplication

from engine.values.channels import HIGHEST_HZ, LOWEST_HZ
from engine.values.jam import Groove, LayerName, LayerState
from engine.values.knob_travel import SILENT_DB
from widgets.figures import Figure

NOWHERE = "–"
"""Stands where no bar is counted."""


def tr(text: str) -> str:
    """Return a text of the panel's in the person's language."""
    return QCoreApplication.translate("JamPanel", text)


def layer_words(name: LayerName) -> str:
    """Return what a layer is called."""
    return {
        LayerName.DRUMS: tr("Drums"),
        LayerName.INSTRUMENTS: tr("Instruments"),
        # “Bass” with a capital is the low end of a spectrum, which Italian calls by another word.
        LayerName.BASS: tr("bass").capitalize(),
        LayerName.CHORDS: tr("Chords"),
        LayerName.LEAD: tr("Lead"),
        LayerName.NOISE: tr("Noise"),
    }[name]


def counter_words(bars: float | None, groove: Groove) -> str:
    """Return the bar and the beat that sound, counted from 1 (“12.3”), by the bars that are over.

    Before the first bar the beats are counted down: “4” to “1”.
    """
    if bars is None or bars < -1.0:
        return NOWHERE
    if bars < 0.0:
        return str(math.ceil(-bars * groove.beats_per_bar))
    beat = math.floor(bars * groove.beats_per_bar)
    return f"{beat // groove.beats_per_bar + 1}.{beat % groove.beats_per_bar + 1}"


def bars_words(n_bars: int) -> str:
    """Return a length in bars: “1 bar”, “4 bars”."""
    return tr("1 bar") if n_bars == 1 else tr("{n} bars").format(n=n_bars)


def beats_words(n_beats: int) -> str:
    """Return a length in beats: “1 beat”, “3 beats”."""
    return tr("1 beat") if n_beats == 1 else tr("{n} beats").format(n=n_beats)


def comes_words(comes_at: Fraction | None, bars: float | None, groove: Groove) -> str:
    """Return when what is queued comes: “comes in 2 bars 3 beats”."""
    if comes_at is None or bars is None:
        return tr("comes when it is ready")
    # A beat that has just begun is not counted again for the sake of the last digits.
    n_beats = math.ceil((float(comes_at) - bars) * groove.beats_per_bar - 1e-3)
    if n_beats <= 0:
        return tr("comes now")
    n_bars, n_beats = divmod(n_beats, groove.beats_per_bar)
    parts = (bars_words(n_bars) if n_bars else "", beats_words(n_beats) if n_beats else "")
    return tr("comes in {time}").format(time=" ".join(filter(None, parts)))


def level_words(level_db: float) -> str:
    """Return a level: “−6.0 dB”, “−∞ dB” where nothing is heard."""
    return "−∞ dB" if level_db <= SILENT_DB else f"{Figure(level_db):.1f} dB"


def lowpass_words(hz: float) -> str:
    """Return a corner frequency: “850 Hz”, “3.2 kHz”; “off” at the highest."""
    if hz >= HIGHEST_HZ:
        return tr("off")
    return f"{hz:.0f} Hz" if hz < 1000.0 else f"{Figure(hz / 1000.0):.1f} kHz"


def highpass_words(hz: float) -> str:
    """Return a corner frequency; “off” at the lowest."""
    return tr("off") if hz <= LOWEST_HZ else lowpass_words(hz)


def share_words(share: float) -> str:
    """Return a share in percent; “off” for none."""
    return f"{round(100.0 * share)} %" if share > 0.0 else tr("off")


def making_words(making: float) -> str:
    """Return how far what is made is; below 0 that is not known."""
    return tr("making") if making < 0.0 else tr("making, {percent} %").format(percent=round(100.0 * making))


def coming_words(state: LayerState, bars: float | None, groove: Groove) -> str:
    """Return what is on its way to a layer: “comes in 2 bars”, “making, 40 %”, “being shaped”; "" for nothing."""
    if state.waiting is not None:
        return comes_words(state.comes_at, bars, groove)
    if state.making is not None:
        return making_words(state.making)
    if state.is_shaping:
        return tr("being shaped")
    return tr("ready, waits for the other layers") if state.is_ready else ""


def strip_words(state: LayerState) -> str:
    """Return what a strip shows in one line, as a screen reader says it, but for when the next one comes."""
    words = [layer_words(state.name)]
    if state.playing is None:
        words.append(tr("empty"))
    else:
        words += [state.playing.title, bars_words(state.playing.bars)]
    if state.mix.is_muted:
        words.append(tr("muted"))
    if state.mix.is_solo:
        words.append(tr("solo"))
    if state.wander is not None:
        words.append(tr("endless"))
    if state.waiting is not None:
        words.append(tr("next: {title}").format(title=state.waiting.title))
    # That a loop is shaped is said where it is news: a change of tempo shapes all that plays.
    if state.making is not None or (state.is_shaping and state.playing is None):
        words.append(tr("making"))
    return ", ".join(words)
