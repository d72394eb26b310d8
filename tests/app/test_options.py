# SPDX-License-Identifier: GPL-3.0-or-later
"""Each option is what it is declared to be, everywhere: in the file, in the session, on the command line."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import pytest

from app.choices import studio_options
from app.commands import render
from app.commands.option_arguments import add_option, check_option
from app.settings import Settings, read_settings, save_settings
from engine.errors import OutOfRange, SettingsOdd
from engine.session.options import StudioOptions
from engine.values import Kind, Parameter, TransitionWish
from engine.values.along_options import ALONG_OPTIONS
from engine.values.band_options import BAND_OPTIONS
from engine.values.fragment_options import FRAGMENT_OPTIONS
from engine.values.input_options import INPUT_OPTIONS
from engine.values.jam_options import JAM_OPTIONS
from engine.values.options import MIN_LOOP, MIN_PLAY, OPTIONS, OVERLAP
from engine.values.picture_options import PICTURE_OPTIONS, SPECTROGRAM_WINDOW
from engine.values.radio_options import RADIO_OPTIONS
from engine.values.save_options import SAVE_OPTIONS
from engine.values.together_options import TOGETHER_OPTIONS

OTHERS = {
    "prompt": "slow jazz",
    "algorithm": "classic",
    "misfit": "again",
    "transition_entry": "now",
    "transition_bars": 4,
    "transition_curve": "smooth",
    "data_folder": "/srv/takes",
    "save_folder": "/srv/music",
    "models_folder": "/srv/models",
    "save_format": ".flac",
    "save_kind": "daw",
    "save_bits": "16",
    "save_rate": "48000",
    "language": "it",
    "theme": "light",
    "accent": "blue",
    **{one.name: one.choices[-1] for one in PICTURE_OPTIONS},
    "seam_snap": "beats",
    "visual_view": "ridges",
    "fragments_folder": "/srv/fragments",
    "fragments_rate": "48000",
    "fragments_prompt": "rain",
    "fragments_prompts": "rain\nwind, {soft|loud}",
    "fragments_mode": "when-taken",
    "fragments_osc_in": "9000",
    "fragments_osc_out": "192.168.1.7:9001",
    "jam_pad_across": "reverb",
    "jam_pad_up": "gain",
    "jam_follow": "link",
    "jam_clock_to": "USB MIDI",
    "radio_name": "Kitchen",
    "radio_station": "calm",
    "along_way": "vary",
    "input_side": "left",
    "band_parts": "drums,bass",
    "band_style": "bossa nova",
    "along_parts": "drums,bass",
    "along_style": "bossa nova",
}
"""A value other than its default for each option that is no number and no switch."""
NUMBERS = [one for one in OPTIONS.values() if one.kind in (Kind.NUMBER, Kind.INTEGER)]


def other(option: Parameter) -> object:
    """Return a value other than the option's default."""
    if option.name in OTHERS:
        return OTHERS[option.name]
    if option.kind is Kind.SWITCH:
        return not option.default_flag
    return option.low if option.default_number != option.low else option.high


def test_settings_have_a_field_for_each_with_its_default() -> None:
    settings = Settings()
    assert set(OPTIONS) <= {one.name for one in fields(settings)}
    assert {name: getattr(settings, name) for name in OPTIONS} == {one.name: one.default for one in OPTIONS.values()}
    for option in OPTIONS.values():
        assert option.checked(option.default) == option.default


@pytest.mark.parametrize("option", OPTIONS.values(), ids=lambda one: one.name)
def test_the_file_keeps_each_and_refuses_what_it_cannot_be(option: Parameter, tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({option.name: other(option)}))
    read = read_settings(path)
    assert read.trouble is None
    assert getattr(read.settings, option.name) == other(option) != option.default
    save_settings(path, read.settings)
    assert read_settings(path).settings == read.settings
    wrong: list[object] = [["no", "option"], {}]
    if option in NUMBERS:
        wrong += [option.low - 1.0, option.high + 1.0, True, "12"]
    elif option.kind is Kind.CHOICE:
        wrong += ["nothing of the kind", 3]
    for value in wrong:
        path.write_text(json.dumps({option.name: value}))
        read = read_settings(path)
        assert getattr(read.settings, option.name) == option.default
        assert isinstance(read.trouble, SettingsOdd)


OF_THE_WINDOW = {
    "save_folder",
    *(one.name for one in SAVE_OPTIONS),
    "language",
    "theme",
    "accent",
    "text_size",
    "reduced_motion",
    "show_chords",
    "show_notes",
    "live_hold",
    "visual_view",
    *(one.name for one in PICTURE_OPTIONS if one is not SPECTROGRAM_WINDOW),
    "seam_before",
    "seam_after",
    "seam_difference",
    "seam_rendered",
    "seam_gains",
    "seam_snap",
    *(one.name for one in FRAGMENT_OPTIONS),
    *(one.name for one in JAM_OPTIONS),
    *(one.name for one in TOGETHER_OPTIONS),
    *(one.name for one in RADIO_OPTIONS),
    *(one.name for one in ALONG_OPTIONS),
    *(one.name for one in INPUT_OPTIONS),
    *(one.name for one in BAND_OPTIONS),
}
"""Options that the session need not know."""


@pytest.mark.parametrize("option", OPTIONS.values(), ids=lambda one: one.name)
def test_the_session_is_told_of_each_that_is_not_the_windows(option: Parameter) -> None:
    changes: dict[str, Any] = {option.name: other(option)}
    changed = replace(Settings(), **changes)
    assert (studio_options(changed) != studio_options(Settings())) == (option.name not in OF_THE_WINDOW)


def test_a_length_in_bars_is_one_of_those_there_are(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"transition_bars": 3}))
    assert read_settings(path).settings.transition_bars == 0


def test_the_session_has_the_same_defaults() -> None:
    settings = Settings()
    usual, set_up = StudioOptions(settings.prompt), studio_options(settings)
    for name in ("algorithm", "duration_s", "min_loop_s", "max_loop_s", "weights", "min_play_s", "max_play_s",
                 "make_again", "target_lufs", "sleep_fade_s", "volume", "device", "latency_s", "transition",
                 "generator", "room"):  # fmt: skip
        assert getattr(usual, name) == getattr(set_up, name), name
    assert asdict(TransitionWish()) == asdict(set_up.transition)


@pytest.mark.parametrize(
    ("flag", "option"), [("--overlap-ms", OVERLAP), ("--min-play", MIN_PLAY), ("--min-loop", MIN_LOOP)]
)
def test_a_command_has_the_same_bounds_and_says_them(
    flag: str, option: Parameter, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    render.add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--help"])
    words = " ".join(capsys.readouterr().out.split())
    assert f"{option.low:g}–{option.high:g}" in words
    assert f"(default {option.default:g}" in words
    for value, is_right in ((option.low, True), (option.high, True), (option.low / 2, False), (option.high + 1, False)):
        arguments = parser.parse_args(["lofi", "--minutes", "1", "-o", "out.wav", f"{flag}={value}"])
        if is_right:
            check_option(arguments, flag, option)
            continue
        with pytest.raises(OutOfRange) as refused:
            check_option(arguments, flag, option)
        assert all(part in str(refused.value) for part in (flag, f"{value:g}", f"{option.low:g}", f"{option.high:g}"))


def test_a_choice_offers_what_is_declared() -> None:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_option(parser, "--language", OPTIONS["language"], "of the window")
    assert parser.parse_args([]).language == "system"
    with pytest.raises(argparse.ArgumentError, match="'system', 'it', 'en'"):
        parser.parse_args(["--language", "eo"])
