# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check what is made when a generator fails: steps down, and back up when it works again."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EmptyPrompt, GeneratorError, GeneratorMissing, ModelMissing, RemoteRefuses
from engine.session.fallback_chain import REMOTE_AGAIN_S, WISHED_AGAIN_S, FallbackChain, FallbackStep
from engine.session.options import StudioOptions

WISH = StudioOptions(prompt="house", generator="musicgpt", model="medium", duration_s=20.0)
FAILURE = GeneratorError(generator="MusicGPT", detail="it stopped")


def test_each_step_down_is_told_once_and_the_composer_is_the_last() -> None:
    chain = FallbackChain(WISH)
    tried, told = [], []
    for _ in range(8):
        tried.append(chain.next_step(0.0))
        step = chain.failed(FAILURE, 0.0)
        told += [str(step)] if step is not None else []
    wished, composer = FallbackStep("musicgpt", "medium", 20.0), FallbackStep("composer", "", 20.0)
    assert tried == [
        wished,
        wished,
        FallbackStep("musicgpt", "medium", 10.0),
        FallbackStep("musicgpt", "small-quant", 10.0),
        *[composer] * 4,
    ]
    assert len(told) == 3


def test_the_wished_clip_is_tried_now_and_then_and_stays_when_it_works() -> None:
    chain = FallbackChain(WISH)
    while chain.next_step(0.0).generator != "composer":
        chain.failed(FAILURE, 0.0)
    assert chain.worked() is None
    assert chain.next_step(WISHED_AGAIN_S - 1.0).generator == "composer"
    assert chain.next_step(WISHED_AGAIN_S) == chain.steps[0]
    assert chain.failed(FAILURE, WISHED_AGAIN_S) is None, "that it still fails is no news"
    assert chain.next_step(WISHED_AGAIN_S + 1.0).generator == "composer"
    assert chain.next_step(2.0 * WISHED_AGAIN_S) == chain.steps[0]
    assert str(chain.worked()) == "MusicGPT works again"
    assert chain.next_step(2.0 * WISHED_AGAIN_S + 1.0) == chain.steps[0]
    assert not chain.is_down


def test_a_generator_that_is_not_there_is_not_asked_for_less() -> None:
    chain = FallbackChain(WISH)
    chain.next_step(0.0)
    assert "composer" in str(chain.failed(GeneratorMissing(generator="MusicGPT", hint="see SETUP"), 0.0))
    assert chain.next_step(0.0).generator == "composer"


def test_a_chain_that_keeps_to_its_own_generator_tries_its_steps_in_turn() -> None:
    chain, tried, told = FallbackChain(WISH), [], []
    for _ in range(8):
        tried.append(chain.next_step(0.0))
        told.append(chain.failed(FAILURE, 0.0, keeps_to_own=True))
    assert tried == [chain.steps[n] for n in (0, 0, 1, 2, 0, 0, 1, 2)]
    assert [str(one) for one in told if one is not None] == [
        "MusicGPT makes nothing: a clip of 10 s is tried",
        "MusicGPT makes nothing: its model “small-quant” is tried",
    ]
    # What there was to play is gone.
    for _ in range(4):
        assert chain.next_step(0.0).generator == "musicgpt"
        last = chain.failed(FAILURE, 0.0)
    assert "the composer does" in str(last)
    missing = FallbackChain(WISH)
    missing.next_step(0.0)
    assert missing.failed(GeneratorMissing(generator="MusicGPT", hint="see SETUP"), 0.0, keeps_to_own=True) is None
    assert missing.next_step(0.0) == missing.steps[0]


def test_a_machine_that_is_away_is_asked_for_what_is_wished_until_it_is_there() -> None:
    chain = FallbackChain(replace(WISH, generator="remote", model=""))
    away = RemoteRefuses(machine="den:8000")
    for _ in range(20):
        assert chain.next_step(0.0) == chain.steps[0]
        assert chain.failed(away, 0.0, keeps_to_own=True) is None
    assert str(chain.worked()) == "Another machine works again"
    assert chain.worked() is None
    # With nothing else to play the composer makes music, and no shorter clip is asked for.
    assert chain.failed(away, 0.0) is None
    assert "the composer does" in str(chain.failed(away, 0.0))
    assert chain.next_step(REMOTE_AGAIN_S - 1.0).generator == "composer"
    # It may be back from one moment to the next.
    assert chain.next_step(REMOTE_AGAIN_S) == chain.steps[0]
    assert chain.failed(away, REMOTE_AGAIN_S) is None
    assert chain.next_step(REMOTE_AGAIN_S + 1.0).generator == "composer"
    assert chain.next_step(2.0 * REMOTE_AGAIN_S) == chain.steps[0]
    assert str(chain.worked()) == "Another machine works again"


def test_a_model_that_is_not_here_is_not_asked_for_less_but_a_smaller_one_is_tried() -> None:
    chain = FallbackChain(WISH)
    chain.next_step(0.0)
    missing = ModelMissing(model="medium", repository="someone/medium")
    assert "its model “small-quant” is tried" in str(chain.failed(missing, 0.0))
    assert chain.next_step(0.0) == FallbackStep("musicgpt", "small-quant", 10.0)
    assert "composer" in str(chain.failed(missing, 0.0))
    assert chain.next_step(0.0).generator == "composer"


def test_what_no_generator_can_make_leads_nowhere() -> None:
    chain = FallbackChain(WISH)
    for _ in range(5):
        assert chain.next_step(0.0) == chain.steps[0]
        assert chain.failed(EmptyPrompt(), 0.0) is None


@given(
    generator=st.sampled_from(["composer", "musicgpt", "unheard of"]),
    model=st.sampled_from(["", "small", "large"]),
    duration_s=st.floats(5.0, 30.0),
    fails=st.lists(st.booleans(), max_size=30),
)
def test_whatever_happens_there_is_something_to_make(
    generator: str, model: str, duration_s: float, fails: list[bool]
) -> None:
    chain = FallbackChain(replace(WISH, generator=generator, model=model, duration_s=duration_s))
    assert len(set(chain.steps)) == len(chain.steps)
    for n, one in enumerate(fails):
        now_s = 100.0 * n
        assert chain.next_step(now_s) in chain.steps
        if one:
            chain.failed(FAILURE, now_s)
        else:
            chain.worked()
