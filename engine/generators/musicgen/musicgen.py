# SPDX-License-Identifier: GPL-3.0-or-later
"""MusicGen is Meta's model of music from words, run in this process by torch and transformers; its weights stay loaded.

Nothing is fetched while a clip is made: weights come by the model manager (``engine.models``), code by the extra.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from engine.errors import GeneratorMissing
from engine.generators.base import Capabilities, Generation, GeneratorSettings, Limits, Takes, Tells
from engine.generators.musicgen.declared import (
    BY_SIZE,
    CARDS,
    EXTRA,
    MAX_DURATION_S,
    MIN_DURATION_S,
    MODELS,
    MOST_CLIPS,
    PARAMETERS,
    SAMPLE_RATE,
    TITLE,
)
from engine.values import ClipRequest

if TYPE_CHECKING:
    from engine.generators.musicgen.loading import Shelf

LIMITS = Limits(load_s=60.0, silence_s=180.0, cancel_s=60.0)
"""Reading what a clip goes on from takes one step that may last long: the largest model on a slow processor."""


class MusicGen:
    """MusicGen gives the same samples for the same request on the same machine; words tell it tempo and key."""

    name = "musicgen"
    title = TITLE

    def __init__(self) -> None:
        self._shelf: Shelf | None = None

    def capabilities(self) -> Capabilities:
        return Capabilities(
            min_duration_s=MIN_DURATION_S,
            max_duration_s=MAX_DURATION_S,
            sample_rate=SAMPLE_RATE,
            n_channels=2,
            models=MODELS,
            by_size=BY_SIZE,
            cards=CARDS,
            takes=Takes(
                seed=True,
                negative_prompt=True,
                bars=True,
                bpm=True,
                key=True,
                metre=True,
                continue_from=True,
                restyle=True,
                n_clips=MOST_CLIPS,
            ),
            tells=Tells(progress=True, chunks=True),
            parameters=PARAMETERS,
            limits=LIMITS,
        )

    def check(self, _settings: GeneratorSettings, /) -> str:
        """Raise GeneratorMissing where torch or transformers is not installed; nothing is imported."""
        if any(find_spec(name) is None for name in ("torch", "transformers")):
            hint = f"“infiniloop models setup {EXTRA}” installs what it runs on"
            raise GeneratorMissing(generator=TITLE, hint=hint)
        return ""

    def problems(self, _settings: GeneratorSettings, /) -> tuple[str, ...]:
        return ()

    def understand(self, _prompt: str, _settings: GeneratorSettings, /) -> tuple[str, ...]:
        return ()

    def generate(self, request: ClipRequest, settings: GeneratorSettings, /) -> Generation:
        """Make a clip, or several beside one another.

        Raises
        ------
        ModelMissing
            The model's weights are not on this machine.
        GeneratorMissing
            The device that is set is not there.
        ModelOutOfMemory
            Memory ran out; what was loaded is given back, and the next clip may be asked for.
        NotTaken
            A clip is to be restyled by a model that hears no melody.
        BarsTooLong
            So many bars last too long at the tempo that the prompt says.
        """
        from engine.generators.musicgen.loading import Shelf
        from engine.generators.musicgen.making import make

        if self._shelf is None:
            self._shelf = Shelf()
        return (yield from make(request, settings, self._shelf))
