# SPDX-License-Identifier: GPL-3.0-or-later
"""Tempo, key, metre and bars that are asked are said in words, once, in the place of what the prompt says of them."""

from __future__ import annotations

from typing import Any

import pytest

from engine.generators.prompt_words import tempo_in, worded
from engine.values import ClipRequest


def asked(prompt: str, **changes: Any) -> ClipRequest:
    return ClipRequest(1, prompt, "musicgen", "", 10.0, **changes)


@pytest.mark.parametrize(
    ("prompt", "changes", "words"),
    [
        ("lofi,  calm  rap", {}, "lofi, calm rap"),
        ("lofi, 90 bpm, in C major", {}, "lofi, 90 bpm, in C major"),
        ("lofi", {"bpm": 85.0, "key": "A minor", "metre": "4/4"}, "lofi, 85 bpm, A minor, 4/4"),
        ("lofi 90 BPM, calm", {"bpm": 92.5}, "lofi, calm, 92.5 bpm"),
        ("90 bpm", {"bpm": 85.0}, "85 bpm"),
        ("a waltz in 3/4 in F# minor, warm", {"key": "D major", "metre": "6/8"}, "a waltz, warm, D major, 6/8"),
        ("a minor disagreement, 16 bars", {"key": "E minor", "bars": 1}, "a minor disagreement, E minor, 1 bar"),
        ("house", {"bars": 8}, "house, 8 bars"),
    ],
)
def test_what_is_asked_is_said(prompt: str, changes: dict[str, Any], words: str) -> None:
    assert worded(asked(prompt, **changes)) == words


def test_what_a_model_takes_as_a_parameter_is_not_said() -> None:
    request = asked("lofi, 90 bpm", bpm=85.0, key="A minor", bars=4)
    assert worded(request, bpm=False, bars=False) == "lofi, 90 bpm, A minor"


@pytest.mark.parametrize(
    ("prompt", "bpm"),
    [("lofi, 85 bpm", 85.0), ("house 122.5BPM", 122.5), ("at 98,5 bpm", 98.5), ("jazz", None), ("100 beats", None)],
)
def test_a_tempo_is_read(prompt: str, bpm: float | None) -> None:
    assert tempo_in(prompt) == bpm
