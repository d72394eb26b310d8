# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares the diffusion generators, one a family of models; what makes music is imported when asked."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from engine.errors import GeneratorMissing, ModelMissing, StudioError
from engine.generators.base import Capabilities, Generation, GeneratorSettings, Limits, Takes, Tells
from engine.generators.diffusion.cards import (
    ACE_STEP_CARDS,
    STABLE_AUDIO_3_CARDS,
    STABLE_AUDIO_CARDS,
    STABLE_AUDIO_SMALL_CARDS,
)
from engine.generators.diffusion.declared import (
    DEVICE,
    FOLDER,
    GUIDANCE,
    LANGUAGE,
    LYRICS,
    MAKERS_FOLDER,
    OF_MACHINE,
    OFFLOAD,
    PRECISION,
    SAMPLER,
    SHIFT,
    SIGMA_MAX,
    SIGMA_MIN,
    STEPS,
)
from engine.generators.diffusion.small_config import PIPELINE as OPEN_SMALL
from engine.values import ClipRequest, ModelCard, Parameter, Reading

if TYPE_CHECKING:
    from engine.generators.diffusion.loaded import Keeper

SETUP_HINT = "“infiniloop models setup diffusion” installs what it runs on"

LIMITS = Limits(load_s=600.0, silence_s=600.0, cancel_s=90.0)
"""Limits of one step: a large model on a processor takes minutes to load and most of one for a step."""

MAX_CLIPS = 4


class Family:
    """A family of diffusion models is one generator; its subclasses say what its models take and give.

    Attributes
    ----------
    pipeline
        Class of diffusers that its checkpoints name.
    needs
        Libraries that have to be there.
    shortest_s
        Seconds of the shortest music that its models make well; of a longer clip a shorter one is cut.
    longest_s
        By model, seconds of the longest clip, where that is not the generator's.
    """

    name: str
    title: str
    pipeline: ClassVar[str]
    cards: ClassVar[tuple[ModelCard, ...]]
    takes: ClassVar[Takes]
    parameters: ClassVar[tuple[Parameter, ...]]
    of_machine: ClassVar[tuple[Parameter, ...]] = OF_MACHINE
    needs: ClassVar[tuple[str, ...]] = ("torch", "transformers", "diffusers", "accelerate")
    sample_rate: ClassVar[int] = 44_100
    min_duration_s: ClassVar[float] = 1.0
    max_duration_s: ClassVar[float]
    shortest_s: ClassVar[float] = 0.0
    longest_s: ClassVar[dict[str, float]] = {}

    def __init__(self) -> None:
        self._keeper: Keeper | None = None

    def capabilities(self) -> Capabilities:
        return Capabilities(
            min_duration_s=self.min_duration_s,
            max_duration_s=self.max_duration_s,
            sample_rate=self.sample_rate,
            n_channels=2,
            models=tuple(one.name for one in self.cards),
            cards=self.cards,
            takes=self.takes,
            tells=Tells(progress=True),
            parameters=(*self.parameters, *self.of_machine),
            limits=LIMITS,
        )

    def check(self, _settings: GeneratorSettings, /) -> str:
        """Return "": it runs no program. Raises GeneratorMissing where its libraries are not installed."""
        if any(find_spec(one) is None for one in self.needs):
            raise GeneratorMissing(generator=self.title, hint=SETUP_HINT)
        return ""

    def problems(self, settings: GeneratorSettings, /) -> tuple[StudioError | str, ...]:
        """Return what is wrong with the person's own checkpoint."""
        from engine.generators.diffusion.checkpoint import check_checkpoint, text_encoder_folder

        folder = settings.of(self.name).text(FOLDER.name)
        if folder:
            try:
                check_checkpoint(Path(folder), self)
                if self.pipeline == OPEN_SMALL:
                    text_encoder_folder(Path(folder), settings.models_folder)
            except StudioError as error:
                return (error,)
        return ()

    def understand(self, _prompt: str, _settings: GeneratorSettings, /) -> tuple[Reading | str, ...]:
        """Return nothing: what a model reads in a prompt cannot be told."""
        return ()

    def generate(self, request: ClipRequest, settings: GeneratorSettings, /) -> Generation:
        """Paint a clip, or several at once.

        Raises
        ------
        ModelMissing
            The weights are not on this machine; nothing is fetched.
        CheckpointBad
            What is there cannot be loaded.
        ModelOutOfMemory
            The machine has not enough of it.
        OutOfRange, NotTaken
            The model makes no clip so long, or takes no negative prompt.
        """
        from engine.generators.diffusion.loaded import Keeper
        from engine.generators.diffusion.making import generate

        if self._keeper is None:
            self._keeper = Keeper()
        return (yield from generate(self, self._keeper, request, settings))

    def card_of(self, model: str) -> ModelCard:
        """Return the card of a model, of the usual one for "". Raises ModelMissing for a name that none has."""
        for one in self.cards:
            if one.name == (model or self.cards[0].name):
                return one
        raise ModelMissing(model=model, repository="?")


class AceStep(Family):
    """ACE-Step 1.5 makes whole pieces, also sung ones, in the tempo, key and metre that it is told."""

    name = "acestep"
    title = "ACE-Step 1.5"
    pipeline = "AceStepPipeline"
    cards = ACE_STEP_CARDS
    takes = Takes(
        seed=True,
        bars=True,
        bpm=True,
        key=True,
        metre=True,
        continue_from=True,
        restyle=True,
        repaint=True,
        n_clips=MAX_CLIPS,
    )
    parameters = (STEPS, GUIDANCE, SHIFT, LYRICS, LANGUAGE)
    sample_rate = 48_000
    max_duration_s = 240.0
    shortest_s = 10.0


class StableAudio(Family):
    """Stable Audio Open makes loops, riffs and sounds; each clip costs as much as its longest."""

    name = "stableaudio"
    title = "Stable Audio Open"
    pipeline = "StableAudioPipeline"
    needs = (*Family.needs, "torchsde")
    cards = STABLE_AUDIO_CARDS
    takes = Takes(seed=True, negative_prompt=True, continue_from=True, restyle=True, repaint=True, n_clips=MAX_CLIPS)
    parameters = (STEPS, GUIDANCE, SAMPLER, SIGMA_MIN, SIGMA_MAX)
    max_duration_s = 47.0


class StableAudioSmall(Family):
    """Stable Audio Open small makes short loops and sounds in eight steps, which a processor does too.

    It is a generator of its own, for its clips are short, and the samplers of the larger model are not for it.
    """

    name = "stableaudiosmall"
    title = "Stable Audio Open small"
    pipeline = OPEN_SMALL
    cards = STABLE_AUDIO_SMALL_CARDS
    takes = Takes(seed=True, negative_prompt=True, continue_from=True, restyle=True, repaint=True, n_clips=MAX_CLIPS)
    parameters = (STEPS, GUIDANCE)
    of_machine = (MAKERS_FOLDER, DEVICE, PRECISION, OFFLOAD)
    max_duration_s = 11.8


class StableAudio3(Family):
    """Stable Audio 3 makes music in eight steps; its small model is quick on a processor too."""

    name = "stableaudio3"
    title = "Stable Audio 3"
    pipeline = "StableAudio3Pipeline"
    cards = STABLE_AUDIO_3_CARDS
    takes = Takes(seed=True, negative_prompt=True, continue_from=True, restyle=True, repaint=True, n_clips=MAX_CLIPS)
    parameters = (STEPS, GUIDANCE)
    max_duration_s = 380.0
    longest_s: ClassVar[dict[str, float]] = {"small": 120.0}
