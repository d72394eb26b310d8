# SPDX-License-Identifier: GPL-3.0-or-later
"""The values that the controls take and return: what a person can choose from, and what they chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.values import Parameter, ParameterValue

MIN_DURATION_S, MAX_DURATION_S = 5.0, 30.0
"""Bounds of a clip's duration, seconds."""
MIN_PLAY_LOW_S, MIN_PLAY_HIGH_S = 10.0, 300.0
"""Bounds of a loop's minimum play time, seconds."""
MIN_OVERLAP_MS, MAX_OVERLAP_MS = 1.0, 5000.0
"""Bounds of the overlap, milliseconds."""
MIN_LOOP_LOW_S, MIN_LOOP_HIGH_S = 0.5, 20.0
"""Bounds of the minimum loop length, seconds."""
LATENCY_LOW_MS, LATENCY_HIGH_MS = 5, 1000
"""Bounds of the asked-for output latency, milliseconds."""
LOUDNESS_LOW_LUFS, LOUDNESS_HIGH_LUFS = -30.0, -8.0
"""Bounds of the loudness every loop is brought to."""
SLEEP_FADE_LOW_MIN, SLEEP_FADE_HIGH_MIN = 0.5, 30.0
"""Bounds of the sleep timer's fade, minutes."""
MAX_PLAY_HIGH_MIN = 60.0
"""The longest maximum play time but for none, minutes."""
REACH_LOW_PERCENT, REACH_HIGH_PERCENT = 0.0, 25.0
"""Bounds of the tempo reach."""
ROOM_HIGH_GB = 10_000.0
"""The largest limit of what all takes hold together, GB."""
ROOM_HIGH_DAYS = 3650
"""The highest limit of a take's age, days."""
MUTE_DB = -60.0
"""The bottom of the volume's range, where the gain is 0."""
MAX_PROMPT_CHARACTERS = 2000
"""What the prompt field takes."""


@dataclass(frozen=True, slots=True)
class GeneratorChoice:
    """A generator as the controls offer it.

    Attributes
    ----------
    name, title
        Its name in settings and recipes; its name as people read it.
    models
        Names of its models; empty when it has only one way.
    min_duration_s, max_duration_s
        What it can be asked for, seconds.
    note
        One short line about it ("not found: see SETUP"), or "".
    default_model
        The model that is chosen where none is named; "" is the first.
    parameters
        Everything that can be set of it.
    """

    name: str
    title: str
    models: tuple[str, ...]
    min_duration_s: float
    max_duration_s: float
    note: str = ""
    default_model: str = ""
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class SettingsValues:
    """What the settings dialog takes and returns.

    Attributes
    ----------
    generator, model
        Names; ``model`` is "" for a generator without models.
    generator_parameters
        By generator and name, what is set otherwise than its default.
    device
        ``(host API, device name)``, or None for the system's default.
    latency_ms
        Asked of the output device, in [LATENCY_LOW_MS, LATENCY_HIGH_MS].
    min_loop_s, min_play_s
        Seconds.
    max_play_s
        Seconds, or 0 for no limit.
    make_again
        Whether a clip whose loop is worse than usual is made again, once.
    target_lufs
        Integrated loudness that every loop is brought to.
    sleep_fade_s
        How long the sleep timer's fade takes, at most a third of its time.
    tempo_reach
        How far two tempos may lie apart to be matched, as a share, 0 to 0.25.
    save_folder
        Where what is saved, recorded and kept goes, or "" for the system's music folder.
    data_folder
        Where takes are kept, or "" for the system's usual place.
    room_gb, room_days
        What all takes may hold together, GB (0: a share of the disk), and how old one may become (0: any age).
    language
        "system", "it" or "en".
    """

    generator: str
    model: str
    generator_parameters: Mapping[str, Mapping[str, ParameterValue]]
    device: tuple[str, str] | None
    latency_ms: int
    min_loop_s: float
    min_play_s: float
    max_play_s: float
    make_again: bool
    target_lufs: float
    sleep_fade_s: float
    tempo_reach: float
    save_folder: str
    data_folder: str
    room_gb: float
    room_days: int
    language: str
