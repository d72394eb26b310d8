# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up names are always the same, nearly always different, and never a real artist's."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.library import titles
from engine.library.titles import made_up_title

REAL_ARTISTS = """
the velvet underground; arctic monkeys; the electric prunes; electric light orchestra; the magnetic fields; slow club
midnight oil; the postal service; modest mouse; the lumineers; broken social scene; the paper kites; amber run
penguin cafe orchestra; tangerine dream; the black keys; florence & the machine; echo & the bunnymen; viola beach
katrina & the waves; silk sonic; the weathermen; crystal castles; glass animals; neon trees; snow patrol; quiet riot
golden earring; velvet revolver; the lemon twigs; sunday drivers; lemon jelly; electric six; the mercury program
lunar vacation; the hidden cameras; restless heart; paper route; the postcards; gentle giant; violet quartet
"""


def test_as_many_titles_and_artists_as_promised() -> None:
    assert len(titles.QUALITIES) * len(titles.THINGS) >= 20_000
    drawn = [made_up_title(str(seed)) for seed in range(5_000)]
    # Five thousand draws from n names leave about 5000² / 2n pairs alike.
    assert len({title for title, _ in drawn}) > 4_500
    assert len({artist for _, artist in drawn}) > 4_500
    assert len(set(drawn)) == 5_000


@pytest.mark.parametrize("name", ["QUALITIES", "THINGS", "PEOPLE", "FIRST_NAMES", "MATERIALS", "ENSEMBLES"])
def test_each_word_once(name: str) -> None:
    words = getattr(titles, name)
    assert len(set(words)) == len(words)
    assert all(word[0].isupper() and word.replace("-", "").isalpha() for word in words)


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_any_text_gives_printable_names_that_fit_a_card(text: str) -> None:
    for name in made_up_title(text):
        assert name.isprintable()
        assert 5 <= len(name) <= 45
    assert made_up_title(text) == made_up_title(text)


def test_another_process_makes_up_the_same() -> None:
    code = "from engine.library.titles import made_up_title; print(*made_up_title('café 7'), sep='|')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert tuple(done.stdout.strip().split("|")) == made_up_title("café 7")


def test_nobody_is_named() -> None:
    real = [artist.strip() for line in REAL_ARTISTS.strip().splitlines() for artist in line.split(";")]
    heard = {artist.lower() for _, artist in (made_up_title(str(seed)) for seed in range(20_000))}
    assert heard.isdisjoint(real)
    # And none can be: an artist is "The Quality People", "Name & the People" or "Quality Thing Ensemble".
    qualities, people = ({word.lower() for word in words} for words in (titles.QUALITIES, titles.PEOPLE))
    for artist in real:
        words = artist.removeprefix("the ").replace(" & the ", " ").split()
        assert not (words[0] in qualities and words[-1] in people), artist
        first = {word.lower() for word in titles.FIRST_NAMES}
        assert not ("& the" in artist and words[0] in first and words[-1] in people), artist
