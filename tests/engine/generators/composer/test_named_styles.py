# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check which styles a prompt names, with a set of styles of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.generators.composer.prompt import read_prompt, understand
from engine.generators.composer.reading import reader
from engine.generators.composer.styles import Style, styles

WORDS = {
    "house": ("house",),
    "deep house": ("deep house",),
    "disco": ("disco",),
    "italo disco": ("italo disco", "italo"),
    "jazz": ("jazz",),
    "swing": ("swing", "big band"),
    "waltz": ("waltz", "valzer"),
    "lofi": ("lofi", "lo-fi"),
    "hip hop": ("hip hop", "rap"),
    "bossa nova": ("bossa nova", "bossa"),
    "drum and bass": ("drum and bass", "drum'n'bass", "d&b", "dnb"),
    "folk": ("folk", "ukulele"),
    "synthwave": ("synthwave", "anni 80"),
    "music box": ("music box", "carillon"),
    "rock": ("rock",),
}
HINTS = {"jazz": ("jazzy", "smoky"), "house": ("club",), "rock": ("thunderstorm",)}


@pytest.fixture(autouse=True)
def own_styles(monkeypatch: pytest.MonkeyPatch) -> dict[str, Style]:
    some = next(iter(styles().values()))
    every: dict[str, Style] = {
        name: replace(some, name=name, title=name, words=words, hints=HINTS.get(name, ()))
        for name, words in WORDS.items()
    }
    monkeypatch.setattr(reader, "styles", lambda: every)
    return every


@pytest.mark.parametrize(
    ("prompt", "style", "fusion"),
    [
        # The longest phrase wins.
        ("italo disco", "italo disco", None),
        ("deep house", "deep house", None),
        ("Deep-House", "deep house", None),
        ("d&b", "drum and bass", None),
        ("drum 'n' bass", "drum and bass", None),
        ("drums and bass", None, None),
        # Two of them.
        ("jazz house", "jazz", "house"),
        ("lofi bossa nova", "lofi", "bossa nova"),
        ("disco meets rock", "disco", "rock"),
        ("jazz/rock", "jazz", "rock"),
        ("house, house and house", "house", None),
        ("jazzy lofi", "lofi", "jazz"),
        ("smoky lofi", "lofi", None),
        ("something jazzy", "jazz", None),
        ("club music", "house", None),
        # Swing, waltz: a style alone, a feel or a metre beside another.
        ("swing, big band", "swing", None),
        ("swing", "swing", None),
        ("hip hop with swing", "hip hop", None),
        ("house, 60% swing", "house", None),
        ("waltz", "waltz", None),
        ("jazz waltz", "jazz", None),
        ("ukulele", "folk", None),
        ("jazz with ukulele", "jazz", None),
        ("rock anni 80", "rock", None),
        ("music box", "music box", None),
        # Left out.
        ("not rock, jazz", "jazz", None),
        ("jazz, no rock", "jazz", None),
        ("not a swing piece, jazz", "jazz", None),
        # Not known, but near one.
        ("klezmer", "folk", None),
        ("klezmer jazz", "jazz", "folk"),
        ("post rock", "rock", None),
        ("lofi hip hop", "lofi", None),
        ("housse", "house", None),
    ],
)
def test_styles(prompt: str, style: str | None, fusion: str | None) -> None:
    brief = read_prompt(prompt)
    assert (brief.style, brief.fusion) == (style, fusion)


def test_a_style_that_is_not_known_is_said_to_be_so() -> None:
    assert read_prompt("klezmer").nearest == (("klezmer", ("folk",)),)
    assert understand("klezmer jazz") == ("jazz", "klezmer → folk")
    assert understand("reggaeton") == ("reggaeton?",)
    assert read_prompt("reggaeton").unknown == ("reggaeton",)


def test_the_second_meaning_of_a_styles_word_stays() -> None:
    assert read_prompt("swing").swing is None
    assert read_prompt("hip hop with swing").swing == 0.55
    assert read_prompt("jazz waltz").metre == (3, 4)
    assert read_prompt("waltz").metre == (3, 4)
    assert read_prompt("rock anni 80").brightness > 0
    assert read_prompt("jazz with ukulele").instruments != ()


def test_a_bare_number_beside_a_style_is_a_tempo() -> None:
    assert read_prompt("dnb 174, dark").tempo_bpm == 174
    assert read_prompt("klezmer 120, dark").tempo_bpm == 120


def test_the_leading_style_is_shown_first() -> None:
    assert understand("jazzy lofi") == ("lofi", "jazz")


def test_a_hint_at_a_style_that_is_not_chosen_is_still_near_to_something() -> None:
    assert understand("lofi thunderstorm") == ("lofi", "thunderstorm → dark, downpour, gritty")
    assert understand("thunderstorm") == ("rock",)


def test_a_style_that_comes_later_is_known(own_styles: dict[str, Style]) -> None:
    assert read_prompt("gnomecore").style is None
    own_styles["gnomecore"] = replace(own_styles["folk"], name="gnomecore", title="gnomecore", words=("gnomecore",))
    assert read_prompt("gnomecore").style == "gnomecore"
