# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings are one frozen value, kept as one JSON file that is always whole."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import generator_parameters
from app.layouts import DEFAULT, States, are_states, is_name
from app.path_check import expanded_folder, folder_refusal
from app.settings_file import Unreadable, keep_copy, read_object, set_aside
from engine.errors import SettingsOdd, SettingsUnreadable, StudioError, UnknownChoice, UserError, cannot_write
from engine.generators.registry import default_generator, generators
from engine.library.atomic import write_bytes
from engine.values import (
    TRANSITION_LENGTHS,
    Kind,
    Parameter,
    ParameterValue,
)
from engine.values import along_options as of_along
from engine.values import fragment_options as of_fragments
from engine.values import jam_options as of_jams
from engine.values import radio_options as of_radio
from engine.values import together_options as of_together
from engine.values.band_options import BAND_LEVEL, BAND_PARTS, BAND_STYLE
from engine.values.input_options import INPUT_GAIN, INPUT_LATENCY, INPUT_SIDE
from engine.values.judging_options import MEND_SEAMS, MISFIT, VARIATIONS
from engine.values.metric_options import WEIGHT_BEAT, WEIGHT_PHASE, WEIGHT_SPECTRAL, WEIGHT_WAVEFORM
from engine.values.model_options import MODELS_FOLDER, OFFLINE
from engine.values.options import (
    ACCENT,
    ALGORITHM,
    BASS_SWAP,
    BEAT_MATCH,
    DATA_FOLDER,
    DURATION,
    KEEP_DROPPED,
    LANGUAGE,
    LATENCY,
    MAKE_AGAIN,
    MAX_LOOP,
    MAX_PLAY,
    MIN_LOOP,
    MIN_PLAY,
    OPTIONS,
    OVERLAP,
    PROMPT,
    REDUCED_MOTION,
    ROOM_DAYS,
    ROOM_GB,
    SAVE_FOLDER,
    SHOW_CHORDS,
    SHOW_NOTES,
    SLEEP_FADE,
    TARGET_LUFS,
    TEMPO_REACH,
    TEXT_SIZE,
    THEME,
    TRANSITION_BARS,
    TRANSITION_CURVE,
    TRANSITION_ENTRY,
    VOLUME,
)
from engine.values.pace_options import KEEP_UP
from engine.values.picture_options import (
    LIVE_HOLD,
    SPECTROGRAM_AXIS,
    SPECTROGRAM_COLOURS,
    SPECTROGRAM_FLOOR,
    SPECTROGRAM_WINDOW,
    VISUAL_VIEW,
)
from engine.values.save_options import (
    SAVE_BITS,
    SAVE_FADE,
    SAVE_FORMAT,
    SAVE_KIND,
    SAVE_LENGTH,
    SAVE_NOTES,
    SAVE_OWN_END,
    SAVE_PARTS,
    SAVE_RATE,
    SAVE_TURNS,
)
from engine.values.seam_options import (
    SEAM_AFTER,
    SEAM_BEFORE,
    SEAM_DIFFERENCE,
    SEAM_GAINS,
    SEAM_RENDERED,
    SEAM_SNAP,
)

if TYPE_CHECKING:
    from app.generator_parameters import GeneratorValues


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings hold everything that outlives the window.

    Units are as the names say; ``""`` is "the usual place" or "look for it". ``OPTIONS`` or a generator declares each.
    """

    prompt: str = PROMPT.default_text
    algorithm: str = ALGORITHM.default_text
    generator: str = field(default_factory=lambda: default_generator().name)
    model: str = ""
    duration_s: float = DURATION.default_number
    overlap_ms: float = OVERLAP.default_number
    transition_entry: str = TRANSITION_ENTRY.default_text
    transition_bars: int = TRANSITION_BARS.default_whole
    transition_curve: str = TRANSITION_CURVE.default_text
    beat_match: bool = BEAT_MATCH.default_flag
    tempo_reach: float = TEMPO_REACH.default_number
    bass_swap: bool = BASS_SWAP.default_flag
    min_loop_s: float = MIN_LOOP.default_number
    max_loop_s: float = MAX_LOOP.default_number
    min_play_s: float = MIN_PLAY.default_number
    max_play_s: float = MAX_PLAY.default_number
    make_again: bool = MAKE_AGAIN.default_flag
    keep_up: bool = KEEP_UP.default_flag
    misfit: str = MISFIT.default_text
    mend_seams: bool = MEND_SEAMS.default_flag
    variations: int = VARIATIONS.default_whole
    target_lufs: float = TARGET_LUFS.default_number
    sleep_fade_s: float = SLEEP_FADE.default_number
    volume_db: float = VOLUME.default_number
    device: tuple[str, str] | None = None
    latency_ms: int = LATENCY.default_whole
    input_device: tuple[str, str] | None = None
    input_side: str = INPUT_SIDE.default_text
    input_gain_db: float = INPUT_GAIN.default_number
    input_latency_ms: int = INPUT_LATENCY.default_whole
    generator_parameters: GeneratorValues = field(default_factory=dict)
    data_folder: str = DATA_FOLDER.default_text
    known_data_folder: str = ""
    keep_dropped: bool = KEEP_DROPPED.default_flag
    models_folder: str = MODELS_FOLDER.default_text
    offline: bool = OFFLINE.default_flag
    room_gb: float = ROOM_GB.default_number
    room_days: int = ROOM_DAYS.default_whole
    language: str = LANGUAGE.default_text
    save_folder: str = SAVE_FOLDER.default_text
    save_kind: str = SAVE_KIND.default_text
    save_format: str = SAVE_FORMAT.default_text
    save_bits: str = SAVE_BITS.default_text
    save_rate: str = SAVE_RATE.default_text
    save_turns: int = SAVE_TURNS.default_whole
    save_own_end: bool = SAVE_OWN_END.default_flag
    save_fade_s: float = SAVE_FADE.default_number
    save_length_s: float = SAVE_LENGTH.default_number
    save_notes: bool = SAVE_NOTES.default_flag
    save_parts: bool = SAVE_PARTS.default_flag
    theme: str = THEME.default_text
    accent: str = ACCENT.default_text
    text_size: float = TEXT_SIZE.default_number
    reduced_motion: bool = REDUCED_MOTION.default_flag
    show_chords: bool = SHOW_CHORDS.default_flag
    show_notes: bool = SHOW_NOTES.default_flag
    weight_spectral: float = WEIGHT_SPECTRAL.default_number
    weight_waveform: float = WEIGHT_WAVEFORM.default_number
    weight_beat: float = WEIGHT_BEAT.default_number
    weight_phase: float = WEIGHT_PHASE.default_number
    spectrogram_axis: str = SPECTROGRAM_AXIS.default_text
    spectrogram_colours: str = SPECTROGRAM_COLOURS.default_text
    spectrogram_window: str = SPECTROGRAM_WINDOW.default_text
    spectrogram_floor: str = SPECTROGRAM_FLOOR.default_text
    live_hold: bool = LIVE_HOLD.default_flag
    visual_view: str = VISUAL_VIEW.default_text
    visual_screen: str = ""
    seam_before: bool = SEAM_BEFORE.default_flag
    seam_after: bool = SEAM_AFTER.default_flag
    seam_difference: bool = SEAM_DIFFERENCE.default_flag
    seam_rendered: bool = SEAM_RENDERED.default_flag
    seam_gains: bool = SEAM_GAINS.default_flag
    seam_snap: str = SEAM_SNAP.default_text
    fragments_folder: str = of_fragments.FRAGMENTS_FOLDER.default_text
    fragments_slots: int = of_fragments.FRAGMENTS_SLOTS.default_whole
    fragments_rate: str = of_fragments.FRAGMENTS_RATE.default_text
    fragments_duration_s: float = of_fragments.FRAGMENTS_DURATION.default_number
    fragments_prompt: str = of_fragments.FRAGMENTS_PROMPT.default_text
    fragments_prompts: str = of_fragments.FRAGMENTS_PROMPTS.default_text
    fragments_mode: str = of_fragments.FRAGMENTS_MODE.default_text
    fragments_every_s: float = of_fragments.FRAGMENTS_EVERY.default_number
    fragments_opens: bool = of_fragments.FRAGMENTS_OPENS.default_flag
    fragments_loops: bool = of_fragments.FRAGMENTS_LOOPS.default_flag
    fragments_bars: int = of_fragments.FRAGMENTS_BARS.default_whole
    fragments_bpm: float = of_fragments.FRAGMENTS_BPM.default_number
    fragments_page: bool = of_fragments.FRAGMENTS_PAGE.default_flag
    fragments_network: bool = of_fragments.FRAGMENTS_NETWORK.default_flag
    fragments_port: int = of_fragments.FRAGMENTS_PORT.default_whole
    fragments_osc_in: str = of_fragments.FRAGMENTS_OSC_IN.default_text
    fragments_osc_out: str = of_fragments.FRAGMENTS_OSC_OUT.default_text
    fragments_generator: str = ""
    jams_folder: str = ""
    jam_clicks: bool = of_jams.JAM_CLICKS.default_flag
    jam_stems: bool = of_jams.JAM_STEMS.default_flag
    jam_opus: bool = of_jams.JAM_OPUS.default_flag
    jam_pad_across: str = of_jams.JAM_PAD_ACROSS.default_text
    jam_pad_up: str = of_jams.JAM_PAD_UP.default_text
    jam_pad_springs: bool = of_jams.JAM_PAD_SPRINGS.default_flag
    jam_midi: bool = of_together.JAM_MIDI.default_flag
    jam_follow: str = of_together.JAM_FOLLOW.default_text
    jam_shares_start: bool = of_together.JAM_SHARES_START.default_flag
    jam_clock_out: bool = of_together.JAM_CLOCK_OUT.default_flag
    jam_clock_to: str = of_together.JAM_CLOCK_TO.default_text
    radio_station: str = of_radio.RADIO_STATION.default_text
    radio_votes: bool = of_radio.RADIO_VOTES.default_flag
    radio_requests: bool = of_radio.RADIO_REQUESTS.default_flag
    radio_name: str = of_radio.RADIO_NAME.default_text
    radio_port: int = of_radio.RADIO_PORT.default_whole
    radio_network: bool = of_radio.RADIO_NETWORK.default_flag
    radio_public: bool = of_radio.RADIO_PUBLIC.default_flag
    band_style: str = BAND_STYLE.default_text
    band_parts: str = BAND_PARTS.default_text
    band_level: float = BAND_LEVEL.default_number
    along_way: str = of_along.ALONG_WAY.default_text
    along_seconds: float = of_along.ALONG_SECONDS.default_number
    along_level: float = of_along.ALONG_LEVEL.default_number
    along_parts: str = of_along.ALONG_PARTS.default_text
    along_style: str = of_along.ALONG_STYLE.default_text
    window_geometry: str = ""
    window_state: str = ""
    layout: str = DEFAULT.name
    layouts: States = ()
    full_layout: str = DEFAULT.name


MAX_LAYOUT_CHARACTERS, MAX_SCREEN_CHARACTERS = 2**16, 256
_LAYOUT = re.compile(r"[!-~]*")
_SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings as they were read.

    Attributes
    ----------
    trouble
        What of the file could not be used, and where it is kept.
    is_first
        There was no file: the studio starts for the first time.
    """

    settings: Settings
    trouble: StudioError | None = None
    is_first: bool = False


def load_settings(path: Path) -> Settings:
    """Return the settings in ``path``; what is missing there or cannot be used has its default."""
    return read_settings(path).settings


def read_settings(path: Path, *, aside: bool = False) -> Loaded:
    """Return the settings in ``path``, and what of them could not be used.

    ``aside`` is for the one who is going to write the file: what could not be used is then kept beside it.
    """
    try:
        settings, odd = _understood(read_object(path))
    except FileNotFoundError:
        return Loaded(Settings(), is_first=True)
    except Unreadable as error:
        kept = set_aside(path) if aside else path
        return Loaded(Settings(), SettingsUnreadable(detail=str(error), kept=str(kept)))
    if not odd:
        return Loaded(settings)
    kept = keep_copy(path) if aside else path
    return Loaded(settings, SettingsOdd(values=_listed(odd), kept=str(kept)))


def _understood(stored: dict[str, Any]) -> tuple[Settings, dict[str, object]]:
    """Return the settings, and the values of those that cannot be used. What is no setting of ours is passed over."""
    set_of_generators, odd = generator_parameters.read(stored)
    values: dict[str, Any] = {generator_parameters.FIELD: set_of_generators}
    for one in fields(Settings):
        if one.name not in stored or stored[one.name] is None or one.name in values:
            continue
        value = stored[one.name]
        if one.name in ("device", "input_device"):
            if _is_device(value):
                values[one.name] = (value[0], value[1])
            else:
                odd[one.name] = value
        elif one.name == "layouts":
            if are_states(value, _is_layout):
                values["layouts"] = tuple((name, state) for name, state in value)
            else:
                odd["layouts"] = value
        elif one.name in OPTIONS:
            try:
                values[one.name] = _option(OPTIONS[one.name], value)
            except UserError:
                odd[one.name] = value
        elif isinstance(value, str) and _CHECKS[one.name](value):
            values[one.name] = value
        else:
            odd[one.name] = value
    settings = Settings(**values)
    models = _models()[settings.generator]
    return settings if settings.model in ("", *models) else replace(settings, model=""), odd


def _models() -> dict[str, tuple[str, ...]]:
    """Return every generator's name and the names of its models."""
    return {one.name: one.capabilities().models for one in generators()}


def _is_device(value: object) -> bool:
    return (
        isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) and _is_text(part) for part in value)
    )


def _option(option: Parameter, value: object) -> ParameterValue:
    """Return an option's value as the studio keeps it. Raises UserError for one that it cannot have."""
    usable = option.checked(value)
    if option is TRANSITION_BARS and usable not in TRANSITION_LENGTHS:
        raise UnknownChoice(name=option.name, value=usable, choices=", ".join(map(str, TRANSITION_LENGTHS)))
    if option.kind is Kind.FOLDER:
        if refusal := folder_refusal(str(usable)):
            raise UserError(detail=refusal)
        return expanded_folder(str(usable))
    return usable


def _is_text(value: str) -> bool:
    """Return whether a text can be shown and written: it holds no NUL and no half of a surrogate pair."""
    return "\0" not in value and value.encode("utf-8", "ignore").decode("utf-8") == value


def _is_layout(value: str) -> bool:
    return len(value) <= MAX_LAYOUT_CHARACTERS and _LAYOUT.fullmatch(value) is not None


_CHECKS: dict[str, Callable[[str], bool]] = {
    "generator": lambda value: value in _models(),
    "model": lambda value: not value or any(value in models for models in _models().values()),
    "fragments_generator": lambda value: not value or value in _models(),
    "jams_folder": lambda value: not value or not folder_refusal(value),
    "known_data_folder": lambda value: not folder_refusal(value),
    "window_geometry": _is_layout,
    "window_state": _is_layout,
    "layout": is_name,
    "visual_screen": lambda value: len(value) <= MAX_SCREEN_CHARACTERS and value.isprintable() and _is_text(value),
    "full_layout": is_name,
}
"""Checks of the texts that are no option, by their names."""


def _listed(odd: dict[str, object]) -> str:
    """Return ``prompt = 7, duration_s = 1e+99``; what is long is cut, what cannot be shown is escaped."""
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
