# SPDX-License-Identifier: GPL-3.0-or-later
"""What the programme remembers: one frozen value, kept as one JSON file that is always whole."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from app import generator_parameters, paths
from app.generator_parameters import GeneratorValues
from app.layouts import DEFAULT, States, are_states, is_name
from app.path_check import expanded_folder, folder_refusal
from app.settings_file import Unreadable, keep_copy, read_object, set_aside
from engine.errors import SettingsOdd, SettingsUnreadable, StudioError, cannot_write
from engine.generators.base import GeneratorSettings
from engine.generators.registry import default_generator, generators
from engine.generators.requests import MAX_PROMPT_CHARACTERS
from engine.library.atomic import write_bytes
from engine.values import TRANSITION_BARS, Algorithm, Entry, FadeCurve, Parameters, TransitionWish
from widgets.settings_values import (
    LATENCY_HIGH_MS,
    LATENCY_LOW_MS,
    LOUDNESS_HIGH_LUFS,
    LOUDNESS_LOW_LUFS,
    MAX_DURATION_S,
    MAX_OVERLAP_MS,
    MAX_PLAY_HIGH_MIN,
    MIN_DURATION_S,
    MIN_LOOP_HIGH_S,
    MIN_LOOP_LOW_S,
    MIN_OVERLAP_MS,
    MIN_PLAY_HIGH_S,
    MIN_PLAY_LOW_S,
    MUTE_DB,
    REACH_HIGH_PERCENT,
    REACH_LOW_PERCENT,
    ROOM_HIGH_DAYS,
    ROOM_HIGH_GB,
    SLEEP_FADE_HIGH_MIN,
    SLEEP_FADE_LOW_MIN,
)

DEFAULT_PROMPT = "lofi calm rap beat, 85 bpm"
_WISH = TransitionWish()


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that outlives the window. Units as the names say; ``""`` is "the usual place" or "look for it"."""

    prompt: str = DEFAULT_PROMPT
    algorithm: str = str(Algorithm.ADVANCED)
    generator: str = field(default_factory=lambda: default_generator().name)
    model: str = ""
    duration_s: float = 20.0
    overlap_ms: float = _WISH.overlap_ms
    transition_entry: str = str(_WISH.entry)
    transition_bars: int = _WISH.bars
    transition_curve: str = str(_WISH.curve)
    beat_match: bool = _WISH.beat_match
    tempo_reach: float = _WISH.reach
    bass_swap: bool = _WISH.bass_swap
    min_loop_s: float = 2.0
    min_play_s: float = 30.0
    max_play_s: float = 0.0
    make_again: bool = True
    target_lufs: float = -16.0
    sleep_fade_s: float = 60.0
    volume_db: float = 0.0
    device: tuple[str, str] | None = None
    latency_ms: int = 60
    generator_parameters: GeneratorValues = field(default_factory=dict)
    data_folder: str = ""
    known_data_folder: str = ""
    room_gb: float = 0.0
    room_days: int = 0
    language: str = "system"
    save_folder: str = ""
    save_format: str = ".wav"
    window_geometry: str = ""
    window_state: str = ""
    layout: str = DEFAULT.name
    layouts: States = ()


CHOICES: dict[str, tuple[object, ...]] = {
    "algorithm": tuple(map(str, Algorithm)),
    "transition_entry": tuple(map(str, Entry)),
    "transition_bars": TRANSITION_BARS,
    "transition_curve": tuple(map(str, FadeCurve)),
    "language": ("system", "it", "en"),
    "save_format": (".wav", ".flac", ".ogg"),
}
"""What these may be; anything else in the file is as if it were not there."""
RANGES: dict[str, tuple[float, float]] = {
    "duration_s": (MIN_DURATION_S, MAX_DURATION_S),
    "overlap_ms": (MIN_OVERLAP_MS, MAX_OVERLAP_MS),
    "tempo_reach": (REACH_LOW_PERCENT / 100.0, REACH_HIGH_PERCENT / 100.0),
    "min_loop_s": (MIN_LOOP_LOW_S, MIN_LOOP_HIGH_S),
    "min_play_s": (MIN_PLAY_LOW_S, MIN_PLAY_HIGH_S),
    "max_play_s": (0.0, 60.0 * MAX_PLAY_HIGH_MIN),
    "target_lufs": (LOUDNESS_LOW_LUFS, LOUDNESS_HIGH_LUFS),
    "sleep_fade_s": (60.0 * SLEEP_FADE_LOW_MIN, 60.0 * SLEEP_FADE_HIGH_MIN),
    "volume_db": (MUTE_DB, 0.0),
    "latency_ms": (LATENCY_LOW_MS, LATENCY_HIGH_MS),
    "room_gb": (0.0, ROOM_HIGH_GB),
    "room_days": (0, ROOM_HIGH_DAYS),
}
"""From where to where these may lie; the same holds of anything else."""


FOLDERS = ("data_folder", "save_folder")
MAX_LAYOUT_CHARACTERS = 2**16
_LAYOUT = re.compile(r"[!-~]*")
_SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings as they were read; ``trouble`` says what of the file could not be used, and where it is kept."""

    settings: Settings
    trouble: StudioError | None = None


def load_settings(path: Path) -> Settings:
    """The settings in ``path``; what is missing there or cannot be used has its default."""
    return read_settings(path).settings


def read_settings(path: Path, *, aside: bool = False) -> Loaded:
    """The settings in ``path``, and what of them could not be used.

    ``aside`` is for the one who is going to write the file: what could not be used is then kept beside it.
    """
    try:
        settings, odd = _understood(read_object(path))
    except FileNotFoundError:
        return Loaded(Settings())
    except Unreadable as error:
        kept = set_aside(path) if aside else path
        return Loaded(Settings(), SettingsUnreadable(detail=str(error), kept=str(kept)))
    if not odd:
        return Loaded(settings)
    kept = keep_copy(path) if aside else path
    return Loaded(settings, SettingsOdd(values=_listed(odd), kept=str(kept)))


def _understood(stored: dict[str, Any]) -> tuple[Settings, dict[str, object]]:
    """The settings, and the values of those that cannot be used. What is no setting of ours is passed over."""
    set_of_generators, odd = generator_parameters.read(stored)
    values: dict[str, Any] = {generator_parameters.FIELD: set_of_generators}
    defaults = Settings()
    for one in fields(Settings):
        if one.name not in stored or stored[one.name] is None or one.name in values:
            continue
        value, default = stored[one.name], getattr(defaults, one.name)
        if one.name == "device":
            if _is_device(value):
                values["device"] = (value[0], value[1])
            else:
                odd["device"] = value
        elif one.name == "layouts":
            if are_states(value, _is_layout):
                values["layouts"] = tuple((name, state) for name, state in value)
            else:
                odd["layouts"] = value
        elif _fits(value, default) and _can_be(one.name, value):
            values[one.name] = expanded_folder(value) if one.name in FOLDERS else type(default)(value)
        else:
            odd[one.name] = value
    settings = Settings(**values)
    models = _models()[settings.generator]
    return settings if settings.model in ("", *models) else replace(settings, model=""), odd


def _models() -> dict[str, tuple[str, ...]]:
    """Every generator's name and the names of its models."""
    return {one.name: one.capabilities().models for one in generators()}


def _is_device(value: object) -> bool:
    return (
        isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) and _is_text(part) for part in value)
    )


def _fits(value: object, default: object) -> bool:
    """Whether a value is of the type of its default, and a number or a text that can be used at all."""
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float) and math.isfinite(value)
    return isinstance(value, str) and "\0" not in value


def _can_be(name: str, value: Any) -> bool:
    """Whether a value of the right type is one that this setting can have."""
    if name in CHOICES:
        return value in CHOICES[name]
    if name in RANGES:
        low, high = RANGES[name]
        return bool(low <= value <= high)
    check = _CHECKS.get(name)
    return check is None or check(value)


def _is_text(value: str) -> bool:
    """Whether it can be shown and written: it holds no NUL and no half of a surrogate pair."""
    return "\0" not in value and value.encode("utf-8", "ignore").decode("utf-8") == value


def _is_layout(value: str) -> bool:
    return len(value) <= MAX_LAYOUT_CHARACTERS and _LAYOUT.fullmatch(value) is not None


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "prompt": lambda value: len(value) <= MAX_PROMPT_CHARACTERS and _is_text(value),
    "generator": lambda value: value in _models(),
    "model": lambda value: not value or any(value in models for models in _models().values()),
    "window_geometry": _is_layout,
    "window_state": _is_layout,
    "layout": is_name,
    **dict.fromkeys((*FOLDERS, "known_data_folder"), lambda value: not folder_refusal(value)),
}


def _listed(odd: dict[str, object]) -> str:
    """``prompt = 7, duration_s = 1e+99``; what is long is cut, what cannot be shown is escaped."""
    return ", ".join(f"{name} = {_shown(value)}" for name, value in odd.items())


def _shown(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"


def save_settings(path: Path, settings: Settings) -> None:
    """Write the settings; the old file stays whole if that fails. Raises CannotWrite."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A folder's name may hold bytes that are no text: "\udcff" is written as JSON writes it.
        text = json.dumps(asdict(settings), indent=1, ensure_ascii=False)
        write_bytes(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise cannot_write(path, error) from error


def transition_wish(settings: Settings) -> TransitionWish:
    """How one loop is to give way to the next."""
    return TransitionWish(
        entry=Entry(settings.transition_entry),
        overlap_ms=settings.overlap_ms,
        bars=settings.transition_bars,
        curve=FadeCurve(settings.transition_curve),
        beat_match=settings.beat_match,
        reach=settings.tempo_reach,
        bass_swap=settings.bass_swap,
    )


def with_wish(settings: Settings, wish: TransitionWish) -> Settings:
    """The settings with everything that ``wish`` says but for the overlap and the reach, which are set elsewhere."""
    return replace(
        settings,
        transition_entry=str(wish.entry),
        transition_bars=wish.bars,
        transition_curve=str(wish.curve),
        beat_match=wish.beat_match,
        bass_swap=wish.bass_swap,
    )


def generator_settings(settings: Settings) -> GeneratorSettings:
    """The generators' share of the settings."""
    return GeneratorSettings(
        data_folder=settings.data_folder or str(paths.data_folder()),
        parameters={name: Parameters(values) for name, values in settings.generator_parameters.items()},
    )
