# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares how the spectrogram is drawn, as far as a person can choose it: part of ``options``."""

from __future__ import annotations

from engine.values.parameters import Kind, Parameter
from engine.values.pictures import SpectrogramWindow

AXIS_HZ, AXIS_NOTES = "hz", "notes"
FLOORS_DB = (-60, -80, -100, -120)
"""Levels that may be the spectrogram's darkest, dB below its loudest cell."""

SPECTROGRAM_AXIS = Parameter(
    "spectrogram_axis",
    Kind.CHOICE,
    AXIS_HZ,
    "Axis",
    "Whether the spectrogram's axis names frequencies or notes",
    choices=(AXIS_HZ, AXIS_NOTES),
    titles=("Frequencies", "Notes"),
)
SPECTROGRAM_COLOURS = Parameter(
    "spectrogram_colours",
    Kind.CHOICE,
    "inferno",
    "Colours",
    "The colours in which the spectrogram shows what is quiet and what is loud",
    choices=("inferno", "magma", "viridis", "studio", "grey"),
    titles=("Inferno", "Magma", "Viridis", "Studio", "Grey"),
)
SPECTROGRAM_WINDOW = Parameter(
    "spectrogram_window",
    Kind.CHOICE,
    str(SpectrogramWindow.MEDIUM),
    "Window",
    "How long a moment the spectrogram measures at once: short is sharp in time, long is sharp in pitch",
    choices=tuple(map(str, SpectrogramWindow)),
    titles=("Short: sharp in time", "Medium", "Long: sharp in pitch"),
)
SPECTROGRAM_FLOOR = Parameter(
    "spectrogram_floor",
    Kind.CHOICE,
    "-80",
    "Floor",
    "How far below the loudest the spectrogram's darkest colour lies",
    choices=tuple(map(str, FLOORS_DB)),
    titles=tuple(f"−{-floor} dB" for floor in FLOORS_DB),
)
LIVE_HOLD = Parameter(
    "live_hold",
    Kind.SWITCH,
    False,
    "Hold the peaks",
    "Hold the peaks until they are reset",
)
CIRCLE, RIDGES = "circle", "ridges"
VISUAL_VIEW = Parameter(
    "visual_view",
    Kind.CHOICE,
    CIRCLE,
    "View of the visualiser",
    "What the visualiser shows: the loop as a circle, or the spectra of the last moments as ridges",
    choices=(CIRCLE, RIDGES),
    titles=("Circle", "Ridges"),
)
PICTURE_OPTIONS = (SPECTROGRAM_AXIS, SPECTROGRAM_COLOURS, SPECTROGRAM_WINDOW, SPECTROGRAM_FLOOR)
"""Options of the spectrogram, as its menu offers them."""
