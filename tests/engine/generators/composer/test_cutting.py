# SPDX-License-Identifier: GPL-3.0-or-later
"""One thing is taken out of a prompt: its words go, and those that only served it; all else is read as before."""

from __future__ import annotations

import pytest

from engine.generators.composer.prompt import readings
from engine.generators.composer.reading.cutting import MOST_CUT
from engine.values import ReadingKind


@pytest.mark.parametrize(
    ("prompt", "text", "left"),
    [
        ("lofi, piano, 85 bpm", "piano", "lofi, 85 bpm"),
        ("lofi, piano, 85 bpm", "lofi", "piano, 85 bpm"),
        ("lofi, piano, 85 bpm", "85 bpm", "lofi, piano"),
        ("dnb 174 in F# minor, no vocals", "F# minor", "dnb 174, no vocals"),
        ("dnb 174 in F# minor, no vocals", "no vocals", "dnb 174 in F# minor"),
        ("lofi without piano, dark", "no piano", "lofi, dark"),
        ("house, no drums or bass", "no bass", "house, no drums"),
        ("house, no drums or bass", "no drums", "house, no bass"),
        ("house, no drums, bass or lead, slow", "no drums", "house, no bass or lead, slow"),
        ("house, no drums, bass or lead, slow", "no bass", "house, no drums or lead, slow"),
        ("house, no drums, bass or lead, slow", "no melody", "house, no drums or bass, slow"),
        ("ambient with piano and strings", "piano", "ambient with strings"),
        ("ambient with piano and strings", "strings", "ambient with piano"),
        ("jazz, very sad", "sad", "jazz"),
        ("jazz senza sax, molto triste", "no sax", "jazz, molto triste"),
        ("house, no heavy drums", "no drums", "house"),
        ("drum free ambient", "no drums", "ambient"),
        ("techno xyzzy dark", "xyzzy?", "techno dark"),
        ("🎹 lofi piano, dark", "piano", "🎹 lofi, dark"),
        ("thunderstorm on a tin roof", "tin roof → gritty, dark", "thunderstorm"),
        ("no drums", "no drums", ""),
    ],
)
def test_one_thing_goes(prompt: str, text: str, left: str) -> None:
    before = readings(prompt)
    assert next(one for one in before if one.text == text).without == left
    assert {one.text for one in readings(left)} == {one.text for one in before} - {text}


def test_each_has_its_kind_and_what_is_refused_its_sentence() -> None:
    kinds = {one.text: one.kind for one in readings("techno, no piano, 400 bpm, thunderstorm, xyzzy")}
    assert kinds["techno"] is ReadingKind.TAKEN
    assert kinds["no piano"] is ReadingKind.EXCLUDED
    assert kinds["400 bpm is out of range"] is ReadingKind.REFUSED
    assert kinds["xyzzy?"] is ReadingKind.UNKNOWN
    assert ReadingKind.NEAREST in kinds.values()
    refused = next(one for one in readings("techno, 400 bpm") if one.kind is ReadingKind.REFUSED)
    assert "30–300" in refused.note


def test_of_a_very_long_prompt_only_the_first_can_be_taken_back() -> None:
    many = readings(" ".join(f"w{chr(97 + n % 26)}{chr(97 + n // 26)}q" for n in range(60)))
    assert [one.without is None for one in many] == [False] * MOST_CUT + [True] * (len(many) - MOST_CUT)
    assert len(many) > MOST_CUT
