# SPDX-License-Identifier: GPL-3.0-or-later
"""What the programme remembers: one frozen value, kept as one JSON file that is always whole."""

from __future__ import annotations

import json
import logging
import math
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from app import paths
from engine.errors import CannotWrite
from engine.generators.base import GeneratorSettings
from engine.library.atomic import write_bytes
from engine.values import TRANSITION_BARS, Algorithm, Entry, FadeCurve, TransitionWish
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
    SLEEP_FADE_HIGH_MIN,
    SLEEP_FADE_LOW_MIN,
)

_log = logging.getLogger(__name__)

DEFAULT_PROMPT = "lofi calm rap beat, 85 bpm"
LOOP_WORDS = GeneratorSettings().loop_words
_WISH = TransitionWish()


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that outlives the window. Units as the names say; ``""`` is "the usual place" or "look for it"."""

    prompt: str = DEFAULT_PROMPT
    algorithm: str = str(Algorithm.ADVANCED)
    generator: str = "composer"
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
    target_lufs: float = -16.0
    sleep_fade_s: float = 60.0
    volume_db: float = 0.0
    device: tuple[str, str] | None = None
    latency_ms: int = 60
    musicgpt_path: str = ""
    add_loop_words: bool = True
    loop_words: str = LOOP_WORDS
    data_folder: str = ""
    language: str = "system"
    save_folder: str = ""
    save_format: str = ".wav"
    window_geometry: str = ""
    window_state: str = ""


CHOICES: dict[str, tuple[object, ...]] = {
    "algorithm": tuple(map(str, Algorithm)),
    "transition_entry": tuple(map(str, Entry)),
    "transition_bars": TRANSITION_BARS,
    "transition_curve": tuple(map(str, FadeCurve)),
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
}
"""From where to where these may lie; the same holds of anything else."""


def load_settings(path: Path) -> Settings:
    """The settings in ``path``; whatever is missing or of the wrong type there has its default."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        _log.info("settings in %s cannot be read (%s): starting from the defaults", path, error)
        return Settings()
    return _from_stored(stored if isinstance(stored, dict) else {})


def _from_stored(stored: dict[str, Any]) -> Settings:
    values: dict[str, Any] = {}
    defaults = Settings()
    for one in fields(Settings):
        value = stored.get(one.name)
        if one.name == "device":
            if isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value):
                values["device"] = (value[0], value[1])
        elif value is not None and _fits(value, getattr(defaults, one.name)):
            values[one.name] = type(getattr(defaults, one.name))(value)
    for name, choices in CHOICES.items():
        if name in values and values[name] not in choices:
            del values[name]
    for name, (low, high) in RANGES.items():
        if name in values and not low <= values[name] <= high:
            del values[name]
    return Settings(**values)


def _fits(value: object, default: object) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float) and math.isfinite(value)
    return isinstance(value, type(default))


def save_settings(path: Path, settings: Settings) -> None:
    """Write the settings; the old file stays whole if that fails. Raises CannotWrite."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, json.dumps(asdict(settings), indent=1, ensure_ascii=False).encode("utf-8"))
    except OSError as error:
        raise CannotWrite(path=str(path), detail=error.strerror or str(error)) from error


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
        musicgpt_path=settings.musicgpt_path,
        data_folder=settings.data_folder or str(paths.data_folder()),
        add_loop_words=settings.add_loop_words,
        loop_words=settings.loop_words,
    )
