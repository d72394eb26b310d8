# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings come back as they were left, and a broken file costs nothing but itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.choices import studio_options
from app.engine_settings import transition_wish, with_wish
from app.settings import Settings, load_settings, save_settings
from engine.errors import CannotWrite
from engine.values import Entry, FadeCurve, Room, TransitionWish

CHANGED = replace(
    Settings(),
    prompt="città di notte, 140 bpm",
    algorithm="classic",
    device=("ALSA", "default"),
    overlap_ms=1234.5,
    generator_parameters={"musicgpt": {"add_loop_words": False}, "composer": {"bars": 8, "bpm": 92.5}},
    volume_db=-6.5,
    transition_entry="next_bar",
    transition_bars=4,
    transition_curve="smooth",
    beat_match=False,
    tempo_reach=0.12,
    bass_swap=False,
    max_play_s=600.0,
    target_lufs=-14.0,
    known_data_folder="/mnt/music",
    room_gb=12.5,
    room_days=90,
)


def test_settings_come_back(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "settings.json"
    save_settings(path, CHANGED)
    assert load_settings(path) == CHANGED


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.json") == Settings()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"prompt": 7, "device": "x"}'])
def test_a_broken_file_means_the_defaults(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert load_settings(path) == Settings()


def test_what_is_right_in_a_half_wrong_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    stored = {"prompt": "jazz", "overlap_ms": "loud", "add_loop_words": 1, "algorithm": "x", "gone": 1, "duration_s": 9}
    path.write_text(json.dumps(stored), encoding="utf-8")
    assert load_settings(path) == replace(Settings(), prompt="jazz", duration_s=9.0)


@pytest.mark.parametrize(
    "stored",
    [
        {"transition_entry": "sometime"},
        {"transition_bars": 3},
        {"transition_curve": "crooked"},
        {"latency_ms": 1e999, "volume_db": float("nan"), "target_lufs": float("inf")},
        {"latency_ms": 0, "volume_db": 6.0, "target_lufs": 0.0, "overlap_ms": -1.0, "tempo_reach": 0.9},
        {"duration_s": 1.0, "min_loop_s": 0.0, "min_play_s": -5, "max_play_s": -1.0, "sleep_fade_s": 0.0},
        {"transition_bars": "four", "transition_curve": 1, "beat_match": "yes", "target_lufs": "loud"},
    ],
)
def test_what_is_no_choice_is_the_default(tmp_path: Path, stored: dict[str, object]) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({**stored, "prompt": "jazz"}), encoding="utf-8")
    assert load_settings(path) == replace(Settings(), prompt="jazz")


def test_a_wish_for_transitions_is_kept_and_told_to_the_engine() -> None:
    assert transition_wish(Settings()) == TransitionWish()
    wish = TransitionWish(Entry.NOW, 1234.5, 8, FadeCurve.EQUAL_GAIN, False, 0.12, False)
    settings = with_wish(replace(Settings(), overlap_ms=1234.5, tempo_reach=0.12), wish)
    assert transition_wish(settings) == wish
    options = studio_options(replace(settings, max_play_s=600.0, target_lufs=-14.0))
    assert (options.transition, options.max_play_s, options.target_lufs) == (wish, 600.0, -14.0)


def test_the_room_for_takes_is_told_to_the_engine_in_bytes() -> None:
    assert studio_options(Settings()).room == Room()
    assert studio_options(CHANGED).room == Room(limit_bytes=12.5e9, limit_days=90)


def test_a_chosen_folder_that_was_there_is_known_and_the_usual_one_is_not() -> None:
    chosen = replace(Settings(), data_folder="/mnt/music")
    assert not studio_options(chosen).is_library_known
    assert studio_options(replace(chosen, known_data_folder="/mnt/music")).is_library_known
    assert not studio_options(replace(chosen, known_data_folder="/mnt/other")).is_library_known
    assert not studio_options(replace(Settings(), known_data_folder="/mnt/music")).is_library_known


def test_settings_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match="file"):
        save_settings(tmp_path / "file" / "settings.json", Settings())
