# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says what the effects of a jam are called, what each does, and which are held by a key."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from engine.values import ChannelParameter, LfoShape
from engine.values.held import BeatRepeat, Brake, Holdable, OwnGate, Stutter, TapeStop
from widgets.jam.mix_sliders import KNOBS, KnobSlider
from widgets.jam.words import tr

DELAY_BEATS = tuple(map(Fraction, ("1/4", "1/3", "1/2", "2/3", "3/4", "1", "3/2", "2", "4")))
"""Times of a delay that are offered, beats."""
WAH_BEATS = tuple(map(Fraction, ("1/4", "1/3", "1/2", "1", "2", "4", "8", "16")))
"""Lengths of a wah's cycle that are offered, beats."""


@dataclass(frozen=True, slots=True)
class HoldKey:
    """An effect that can be held, with its key and its words."""

    effect: Holdable
    key: Qt.Key
    label: str
    tip: str

    @property
    def letter(self) -> str:
        return chr(self.key)


def knob_words(parameter: ChannelParameter) -> tuple[str, str]:
    """Return what a parameter is called, and what it does."""
    return {
        ChannelParameter.GAIN: (tr("Level"), tr("How loud it is; at the left it is silent")),
        ChannelParameter.LOWPASS_HZ: (
            tr("Low-pass"),
            tr("Takes away what is higher than this; at the right it is off"),
        ),
        ChannelParameter.RESONANCE: (tr("Resonance"), tr("How much the corner of the low-pass rings")),
        ChannelParameter.HIGHPASS_HZ: (
            tr("High-pass"),
            tr("Takes away what is lower than this; at the left it is off"),
        ),
        ChannelParameter.REVERB: (tr("Reverb"), tr("How much of a room is heard")),
        ChannelParameter.ROOM: (tr("Room size"), tr("How large the room of the reverb is")),
        ChannelParameter.DELAY: (
            tr("Delay send"),
            tr("How much is sent into the delay, whose echoes ring on through mutes and swaps"),
        ),
        ChannelParameter.DELAY_FEEDBACK: (tr("Feedback"), tr("How much of each echo of the delay comes again")),
    }[parameter]


def knob_slider(parameter: ChannelParameter, of: str, parent: QWidget) -> KnobSlider:
    """Return the slider of a parameter; ``of`` is whose it is, as screen readers say it."""
    label, tip = knob_words(parameter)
    slider = KnobSlider(KNOBS[parameter], label, tip, parent)
    slider.name_by(of)
    return slider


def shape_words(shape: LfoShape) -> str:
    """Return what a course of a wah is called."""
    return {
        LfoShape.SINE: tr("sine"),
        LfoShape.TRIANGLE: tr("triangle"),
        LfoShape.SAW: tr("saw"),
        LfoShape.SQUARE: tr("square"),
        LfoShape.WAH: tr("dance wah"),
    }[shape]


def length_words(beats: Fraction) -> str:
    """Return a length in beats: “1/4 beat”, “2 beats”."""
    return tr("{n} beat").format(n=beats) if beats <= 1 else tr("{n} beats").format(n=beats)


def hold_keys() -> tuple[HoldKey, ...]:
    """Return what can be held, in the order in which it stands."""
    stutter = tr("Repeats what was just heard by parts of {n} bar, while a room rises")
    grids = zip(("1/4", "1/8", "1/16", "1/32"), "UIOP", strict=True)
    return (
        *(
            HoldKey(
                # A quarter note is a beat.
                Stutter(4 * Fraction(grid)),
                Qt.Key(ord(letter)),
                tr("Stutter {n}").format(n=grid),
                stutter.format(n=grid),
            )
            for grid, letter in grids
        ),
        HoldKey(BeatRepeat(), Qt.Key.Key_J, tr("Beat repeat"), tr("Has the last beat heard again and again")),
        HoldKey(TapeStop(), Qt.Key.Key_K, tr("Tape stop"), tr("Slows to a stand, and is back at a beat")),
        HoldKey(Brake(), Qt.Key.Key_L, tr("Brake"), tr("Stops short, and is back with the next quarter of a beat")),
        HoldKey(OwnGate(), Qt.Key.Key_G, tr("Gate"), tr("Opens and closes by the pattern below")),
    )
