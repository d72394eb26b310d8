# SPDX-License-Identifier: GPL-3.0-or-later
"""A model is sent what was asked as a parameter where it takes one, and in words where it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.generators.asked_music import AskedMusic, as_taken, asked_in, asked_of
from engine.generators.base import Capabilities, Generation, GeneratorSettings, Takes, Tells
from engine.generators.registry import generator_named
from engine.generators.service import make_clip
from engine.values import ClipRequest, Reading
from tests.engine.session.composing import made


class Model:
    """This model takes what a test says; it makes nothing."""

    name = title = "model"

    def __init__(self, takes: Takes, tells: Tells | None = None) -> None:
        self._capabilities = Capabilities(1.0, 30.0, 32_000, 1, takes=takes, tells=tells or Tells())

    def capabilities(self) -> Capabilities:
        return self._capabilities

    def check(self, _settings: GeneratorSettings, /) -> str:
        return ""

    def problems(self, _settings: GeneratorSettings, /) -> tuple[str, ...]:
        return ()

    def understand(self, _prompt: str, _settings: GeneratorSettings, /) -> tuple[Reading, ...]:
        return ()

    def generate(self, _request: ClipRequest, _settings: GeneratorSettings, /) -> Generation:
        raise NotImplementedError


def request(prompt: str, **values: Any) -> ClipRequest:
    return ClipRequest(1, prompt, "model", "", 10.0, **values)


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ("lofi calm rap beat, 85 bpm", AskedMusic(bpm=85.0)),
        ("valzer in la minore, 3/4, 8 battute", AskedMusic(key="A minor", metre="3/4", bars=8)),
        ("house 120-126 bpm", AskedMusic(bpm=123.0, is_near=True)),
        ("90 bpm, then 120 bpm", AskedMusic(bpm=90.0)),
        ("F# dorian", AskedMusic()),
        ("rain", AskedMusic()),
    ],
)
def test_a_prompt_is_read(prompt: str, asked: AskedMusic) -> None:
    assert asked_in(prompt) == asked


def test_a_parameter_counts_more_than_the_prompt() -> None:
    assert asked_of("house 120-126 bpm in C minor", 90.0, None) == AskedMusic(bpm=90.0, key="C minor")
    assert asked_of("house", None, "D major").key == "D major"


def test_what_is_not_taken_becomes_words_and_no_field_is_left() -> None:
    asked = request("lofi, 90 bpm", bpm=85.0, key="A minor", bars=4, metre="3/4")
    sent = as_taken(asked, Model(Takes()))
    assert sent.prompt == "lofi, 85 bpm, A minor, 3/4, 4 bars"
    assert (sent.bpm, sent.key, sent.bars, sent.metre) == (None, None, None, None)
    said_already = as_taken(request("85 bpm", bpm=85.0), Model(Takes()))
    assert (said_already.prompt, said_already.bpm) == ("85 bpm", None)


def test_what_is_taken_stays_a_field_and_the_rest_is_said() -> None:
    sent = as_taken(request("lofi", bpm=85.0, key="A minor"), Model(Takes(bpm=True)))
    assert (sent.prompt, sent.bpm, sent.key) == ("lofi, A minor", 85.0, None)


def test_the_prompts_own_figures_become_fields_that_a_model_takes() -> None:
    takes = Takes(bpm=True, key=True)
    prompt = "lofi, 85 bpm, A minor"
    sent = as_taken(request(prompt), Model(takes))
    assert (sent.prompt, sent.bpm, sent.key) == (prompt, 85.0, "A minor")
    assert as_taken(request(prompt, bpm=100.0), Model(takes)).bpm == 100.0, "the parameter counts more"
    assert as_taken(request("80-90 bpm"), Model(takes)).bpm is None, "a range is words"
    reads_itself = as_taken(request(prompt), Model(takes, Tells(exact=True)))
    assert reads_itself.bpm is None


def test_bars_of_the_prompt_that_are_too_long_stay_words() -> None:
    sent = as_taken(request("32 bars at 60 bpm"), Model(Takes(bpm=True, bars=True)))
    assert (sent.bpm, sent.bars) == (60.0, None)


def test_bars_in_words_have_room_in_the_clip() -> None:
    asked = request("waltz", bars=8, bpm=90.0, metre="3/4")
    assert as_taken(asked, Model(Takes())).duration_s == pytest.approx(16.0)
    assert as_taken(replace(asked, bars=64), Model(Takes())).duration_s == 30.0, "its longest clip"
    assert as_taken(replace(asked, bars=2), Model(Takes())).duration_s == 10.0


def test_the_composer_is_sent_what_was_asked() -> None:
    asked = ClipRequest(1, "house, 124 bpm", "composer", "", 8.0, key="A minor")
    assert as_taken(asked, generator_named("composer")) == asked


def test_a_clip_is_played_at_the_speed_that_is_asked() -> None:
    asked = ClipRequest(1, "house, 4 bars, 120 bpm, synthesised", "composer", "", 8.0, seed=1)
    plain, faster = made(asked), made(replace(asked, speed=1.1))
    assert faster.clip.n_samples == pytest.approx(plain.clip.n_samples / 1.1, abs=1)
    assert faster.facts.tempo_bpm == pytest.approx(132.0)
    with pytest.raises(Exception, match="speed is 2"):
        next(make_clip(replace(asked, speed=2.0), GeneratorSettings()))
