# SPDX-License-Identifier: GPL-3.0-or-later
"""The dice make prompts of their own words, in the shares that they are to have."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from engine.values.jam import LayerName
from engine.values.jam_dice import WORDS, diced_prompt


@pytest.mark.parametrize("layer", LayerName)
def test_shapes_of_prompts_come_in_their_shares(layer: LayerName) -> None:
    words, random = WORDS[layer], Random(7)
    sound = (words.sound,)
    shapes = (
        set(product(words.descriptors, words.genres, sound)),
        set(product(words.techniques, words.descriptors, sound)),
        set(product(words.genres, words.elements)),
        set(product(words.descriptors, words.techniques, words.genres, sound)),
    )
    prompts = [{" ".join(one) for one in shape} for shape in shapes]
    thrown = [diced_prompt(layer, random) for _ in range(4000)]
    assert [sum(one in of_shape for one in thrown) / 4000 for of_shape in prompts] == pytest.approx(
        [0.5, 0.25, 0.15, 0.1], abs=0.03
    )


def test_the_same_chance_throws_the_same() -> None:
    assert diced_prompt(LayerName.DRUMS, Random(3)) == diced_prompt(LayerName.DRUMS, Random(3))
