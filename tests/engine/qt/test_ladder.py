# SPDX-License-Identifier: GPL-3.0-or-later
"""What is made when a generator fails: steps down, and back up when it works again."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EmptyPrompt, GeneratorError, GeneratorMissing
from engine.qt.ladder import WISHED_AGAIN_S, Ladder, Rung
from engine.qt.options import StudioOptions

WISH = StudioOptions(prompt="house", generator="musicgpt", model="medium", duration_s=20.0)
FAILURE = GeneratorError(generator="MusicGPT", detail="it stopped")


def test_each_step_down_is_told_once_and_the_composer_is_the_last() -> None:
    ladder = Ladder(WISH)
    tried, told = [], []
    for _ in range(8):
        tried.append(ladder.next_rung(0.0))
        step = ladder.failed(FAILURE, 0.0)
        told += [str(step)] if step is not None else []
    wished, composer = Rung("musicgpt", "medium", 20.0), Rung("composer", "", 20.0)
    assert tried == [
        wished,
        wished,
        Rung("musicgpt", "medium", 10.0),
        Rung("musicgpt", "small", 10.0),
        *[composer] * 4,
    ]
    assert len(told) == 3


def test_the_wished_clip_is_tried_now_and_then_and_stays_when_it_works() -> None:
    ladder = Ladder(WISH)
    while ladder.next_rung(0.0).generator != "composer":
        ladder.failed(FAILURE, 0.0)
    assert ladder.worked() is None
    assert ladder.next_rung(WISHED_AGAIN_S - 1.0).generator == "composer"
    assert ladder.next_rung(WISHED_AGAIN_S) == ladder.rungs[0]
    assert ladder.failed(FAILURE, WISHED_AGAIN_S) is None, "that it still fails is no news"
    assert ladder.next_rung(WISHED_AGAIN_S + 1.0).generator == "composer"
    assert ladder.next_rung(2.0 * WISHED_AGAIN_S) == ladder.rungs[0]
    assert str(ladder.worked()) == "MusicGPT works again"
    assert ladder.next_rung(2.0 * WISHED_AGAIN_S + 1.0) == ladder.rungs[0]
    assert not ladder.is_down


def test_a_generator_that_is_not_there_is_not_asked_for_less() -> None:
    ladder = Ladder(WISH)
    ladder.next_rung(0.0)
    assert "composer" in str(ladder.failed(GeneratorMissing(generator="MusicGPT", hint="see SETUP"), 0.0))
    assert ladder.next_rung(0.0).generator == "composer"


def test_what_no_generator_can_make_leads_nowhere() -> None:
    ladder = Ladder(WISH)
    for _ in range(5):
        assert ladder.next_rung(0.0) == ladder.rungs[0]
        assert ladder.failed(EmptyPrompt(), 0.0) is None


@given(
    generator=st.sampled_from(["composer", "musicgpt", "unheard of"]),
    model=st.sampled_from(["", "small", "large"]),
    duration_s=st.floats(5.0, 30.0),
    fails=st.lists(st.booleans(), max_size=30),
)
def test_whatever_happens_there_is_something_to_make(
    generator: str, model: str, duration_s: float, fails: list[bool]
) -> None:
    ladder = Ladder(replace(WISH, generator=generator, model=model, duration_s=duration_s))
    assert len(set(ladder.rungs)) == len(ladder.rungs)
    for n, one in enumerate(fails):
        now_s = 100.0 * n
        assert ladder.next_rung(now_s) in ladder.rungs
        if one:
            ladder.failed(FAILURE, now_s)
        else:
            ladder.worked()
