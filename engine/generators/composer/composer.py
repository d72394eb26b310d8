# SPDX-License-Identifier: GPL-3.0-or-later
"""The built-in composer writes and plays a short piece by rule: no model, no network, no GPU; no AI, and it says so."""

from __future__ import annotations

from engine.errors import StudioError
from engine.generators.base import Capabilities, Generation, GeneratorSettings, Takes, Tells
from engine.generators.composer.declared import (
    COMPOSER_SAMPLE_RATE,
    DRUMS,
    KNOBS,
    MAX_DURATION_S,
    MAX_GUIDED_S,
    MIN_DURATION_S,
    SOUNDFONT,
    SOUNDS,
    STYLES,
)
from engine.values import LAYERS, ClipRequest, Reading


class Composer:
    """The built-in composer gives the same samples for the same prompt, duration and seed."""

    name = "composer"
    title = "Built-in composer"

    def capabilities(self) -> Capabilities:
        return Capabilities(
            min_duration_s=MIN_DURATION_S,
            max_duration_s=MAX_DURATION_S,
            sample_rate=COMPOSER_SAMPLE_RATE,
            n_channels=2,
            takes=Takes(
                seed=True,
                bars=True,
                bpm=True,
                key=True,
                metre=True,
                layers=tuple(LAYERS.values())[1:],
                guided_s=MAX_GUIDED_S,
                family=True,
                variations=True,
                stems=True,
            ),
            tells=Tells(progress=True, score=True, exact=True),
            parameters=(*KNOBS, STYLES, SOUNDS, SOUNDFONT, DRUMS),
            needs_nothing=True,
        )

    def check(self, _settings: GeneratorSettings, /) -> str:
        """Nothing can be missing."""
        return ""

    def problems(self, settings: GeneratorSettings, /) -> tuple[StudioError | str, ...]:
        """Return a sentence for each of the person's styles, SoundFont and drums that cannot be used."""
        from engine.generators.composer.making import styles_folder
        from engine.generators.composer.sounds import sounds_for
        from engine.generators.composer.styles import style_problems

        folder = styles_folder(settings)
        sounds = sounds_for(settings.of(self.name), COMPOSER_SAMPLE_RATE)
        return (*(style_problems(folder) if folder is not None else ()), *sounds.problems)

    def understand(self, prompt: str, settings: GeneratorSettings, /) -> tuple[Reading, ...]:
        from engine.generators.composer.making import styles_folder
        from engine.generators.composer.prompt import readings
        from engine.generators.composer.styles import styles

        return readings(prompt, styles(styles_folder(settings)))

    def generate(self, request: ClipRequest, settings: GeneratorSettings, /) -> Generation:
        """Compose and play a clip of whole bars.

        Raises
        ------
        UserError
            See ``check_request``; also BarsTooLong where the style or metre that the prompt names makes them so.
        """
        from engine.generators.composer.making import generate

        return (yield from generate(request, settings))
