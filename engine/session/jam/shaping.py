# SPDX-License-Identifier: GPL-3.0-or-later
"""The shaper turns clips into loops of whole bars in step with a groove, by the analysis worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from psygnal import Signal

from engine.errors import StudioError
from engine.loops.shaped import LoopShape
from engine.session.ports import Jobs, NextId
from engine.values import Clip, JobFailed, MusicFacts, Recipe
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.jam import Groove, JamLoop, LayerName
from engine.worker.jam_jobs import Shaped, ShapeJob

LAYER_BELOW_DB = 4.0
"""Each loop is by so many dB less loud than the studio's music: two or three layers together are as loud."""

Answer = Callable[[JamLoop | StudioError], None]
"""This function takes the loop, or why there is none."""


@dataclass(frozen=True, eq=False, slots=True)
class Material:
    """Material is a clip for a layer's loop of so many bars; of ``facts``, tempo, metre and bars count."""

    layer: LayerName
    clip: Clip
    recipe: Recipe
    facts: MusicFacts
    bars: int


class Shaper:
    """The shaper answers each request once.

    Signals
    -------
    changed(): something is shaped for a layer for which nothing was, or no longer

    Parameters
    ----------
    target_lufs
        Integrated loudness of the studio's music.
    """

    changed = Signal()

    def __init__(self, jobs: Jobs, next_id: NextId, target_lufs: float) -> None:
        self._jobs, self._next_id = jobs, next_id
        self._target_lufs = target_lufs - LAYER_BELOW_DB
        self._n_shaped: Counter[LayerName] = Counter()

    def is_shaping(self, name: LayerName) -> bool:
        """Return whether something is being shaped for a layer."""
        return self._n_shaped[name] > 0

    def begin(self, name: LayerName) -> None:
        """Count what is on its way to be shaped for a layer, such as a file that is read."""
        self._n_shaped[name] += 1
        if self._n_shaped[name] == 1:
            self.changed.emit()

    def end(self, name: LayerName) -> None:
        """Count it no longer: it is shaped, or cannot be."""
        self._n_shaped[name] -= 1
        if not self._n_shaped[name]:
            self.changed.emit()

    def shape(self, material: Material, groove: Groove, answer: Answer, *, folds: bool = False) -> None:
        """Shape a clip; ``answer`` gets the loop, which has an id of its own.

        With ``folds`` its tempo may be counted at half or twice as fast, and the loop may have more bars.
        """
        loop_id = self._next_id()
        one = material

        def shaped(result: Shaped | JobFailed) -> None:
            take(result)
            self.end(one.layer)

        def take(result: Shaped | JobFailed) -> None:
            if isinstance(result, JobFailed):
                error = result.error
                answer(error if isinstance(error, StudioError) else StudioError(detail=str(error)))
                return
            baked, lufs = result.baked, result.lufs
            clip, own = one.clip, facts
            if not clip.wraps or facts.bars is None:
                # What was found in it goes round: for another groove, that is what is stretched.
                clip = Clip(baked.samples, baked.sample_rate, wraps=True)
                own = MusicFacts(groove.bpm, None, groove.beats_per_bar, result.bars)
            answer(
                JamLoop(loop_id, one.layer, clip, own, one.recipe, result.bars, groove, baked, lufs, result.character)
            )

        facts = MusicFacts(one.facts.tempo_bpm, None, one.facts.beats_per_bar, one.facts.bars)
        shape = LoopShape(one.bars, groove.beats_per_bar, groove.bpm)
        job = ShapeJob(self._next_id(), one.clip, shape, STUDIO_SAMPLE_RATE, facts, self._target_lufs, folds)
        self.begin(one.layer)
        self._jobs.submit(job, shaped)

    def again(self, loop: JamLoop, groove: Groove, answer: Answer, *, folds: bool = True) -> None:
        """Shape a loop's clip for another groove."""
        self.shape(Material(loop.layer, loop.clip, loop.recipe, loop.facts, loop.bars), groove, answer, folds=folds)


def unless_failed(failed: Callable[[StudioError], None], then: Callable[[JamLoop], None]) -> Answer:
    """Return what takes a loop that was shaped; ``failed`` is told why there is none."""

    def answer(result: JamLoop | StudioError) -> None:
        if isinstance(result, StudioError):
            failed(result)
        else:
            then(result)

    return answer
