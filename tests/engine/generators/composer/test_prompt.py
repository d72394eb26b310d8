# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check what the composer reads in a prompt, in English and Italian."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.generators.composer import understand
from engine.generators.composer.prompt import read_prompt
from engine.generators.composer.styles import styles


@pytest.mark.parametrize(
    ("prompt", "chips"),
    [
        ("lofi calm rap beat, 85 bpm", ("lofi", "85 bpm", "calm")),
        ("Techno in F# minor at 130BPM", ("techno", "130 bpm", "F# minor")),
        ("valzer in la minore, pianoforte", ("waltz", "A minor", "3/4", "piano")),
        ("si bemolle maggiore, chitarra acustica, allegra", ("Bb major", "happy", "guitar")),
        ("ambient in 7/8, D dorian", ("ambient", "D dorian", "7/8")),
        ("jazz, Bbm, saxophone, no drums", ("jazz", "Bb minor", "saxophone", "no drums")),
        ("bossa nova senza batteria, flauto", ("bossa nova", "flute", "no drums")),
        ("solo piano, slow and sad", ("slow", "sad", "piano", "solo")),
        ("drum'n'bass 172,5 bpm", ("drum and bass", "172.5 bpm")),
        ("allegro con violino", ("allegro", "violin")),
        ("rain in a minor key", ("minor",)),
        ("a major hit", ("A major",)),
        ("zxqv blorp", ()),
    ],
)
def test_chips(prompt: str, chips: tuple[str, ...]) -> None:
    assert understand(prompt) == chips


def test_the_style_named_first_leads_and_adjectives_only_hint() -> None:
    assert read_prompt("jazzy lofi hip hop").style == "lofi"
    assert read_prompt("house and techno").style == "house"
    assert read_prompt("something jazzy").style == "jazz"


def test_words_are_whole() -> None:
    assert read_prompt("subtle housekeeping in a rockery").style is None
    assert read_prompt("subtle").instruments == ()


def test_unknown_words_are_kept_and_understood_ones_are_not() -> None:
    assert read_prompt("lofi rain on the window, 85 bpm, in A minor, piano").unknown == ("rain", "window")


@pytest.mark.parametrize("name", list(styles()))
def test_every_style_is_found_by_each_of_its_words(name: str) -> None:
    for word in (*styles()[name].words, *styles()[name].hints):
        assert read_prompt(f"a {word} thing").style == name, word


def test_impossible_tempos_are_not_promised() -> None:
    assert understand("999 bpm") == ()
    assert understand("0 bpm") == ()


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_read(prompt: str) -> None:
    brief = read_prompt(prompt)
    assert brief == read_prompt(prompt)
    assert all(isinstance(chip, str) and chip for chip in understand(prompt))
