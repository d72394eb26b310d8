# SPDX-License-Identifier: GPL-3.0-or-later
"""The stage: the loop that plays, as baked, with all that is known and shown of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.dsp.seam import bake
from engine.qt.options import LoopView, ProvedSeam
from engine.units import bar_seconds, samples_to_ms, samples_to_seconds
from engine.values import (
    BakedLoop,
    Clip,
    LoopCandidate,
    LoopFindings,
    LoopOrigin,
    LoopRegion,
    PlaybackSnapshot,
    Recipe,
    SeamProof,
)
from engine.worker.jobs import Pictures


@dataclass(frozen=True, eq=False, slots=True)
class LoopInHand:
    """A clip with its loop, ready to be baked and played.

    Attributes
    ----------
    findings
        What the loop finder found; of a starter or a take, at first only the recipe's loop.
    proved
        Its seam, where that was measured when it was found.
    """

    loop_id: int
    clip: Clip
    recipe: Recipe
    findings: LoopFindings
    is_starter: bool = False
    proved: ProvedSeam | None = None

    @classmethod
    def of_recipe(cls, loop_id: int, clip: Clip, recipe: Recipe, *, is_starter: bool = False) -> LoopInHand:
        """A loop that was found before: a starter or a take."""
        findings = LoopFindings(recipe.algorithm, (recipe.loop,), recipe.facts)
        return cls(loop_id, clip, recipe, findings, is_starter)

    def bake(self, overlap_ms: float) -> BakedLoop:
        """Its best loop, with a seam of this overlap."""
        return bake(self.clip, self.recipe.loop.region, overlap_ms=overlap_ms)


class Stage:
    """One loop plays, from its candidate to its baked samples; pictures and findings come when they are ready.

    Baking here, on the engine thread, costs a slice and a short crossfade (about 5 ms for a 30 s clip): less than
    sending the clip to another process and back.
    """

    def __init__(self, loop: LoopInHand, overlap_ms: float) -> None:
        self._pictures: dict[int, Pictures] = {}
        self._findings: dict[int, LoopFindings] = {}
        self._proved: dict[int, ProvedSeam] = {}
        self.lead(loop, overlap_ms)

    def lead(self, loop: LoopInHand, overlap_ms: float) -> None:
        """This loop plays now."""
        self.playing = loop
        self.candidate = loop.recipe.loop
        self.bake_again(overlap_ms)
        self._take_over_scores()

    def choose(self, region: LoopRegion) -> None:
        """Of the clip that plays, this region; one that nobody has judged keeps its looks until it is."""
        self.candidate = replace(self.candidate, region=region, bars=None, tempo_bpm=None, origin=LoopOrigin.FOUND)
        self._take_over_scores()

    def bake_again(self, overlap_ms: float) -> None:
        """The candidate or the overlap changed."""
        self.overlap_ms = overlap_ms
        self.baked = bake(self.playing.clip, self.candidate.region, overlap_ms=overlap_ms)

    @property
    def candidates(self) -> tuple[LoopCandidate, ...]:
        """What the person may choose from, best first."""
        return self.findings.candidates

    @property
    def findings(self) -> LoopFindings:
        """The newest there are of the loop that plays."""
        return self._findings.get(self.playing.loop_id, self.playing.findings)

    @property
    def proof(self) -> SeamProof | None:
        """Of the seam that plays, or None while it is not measured as it is."""
        proved = self._proved.get(self.playing.loop_id, self.playing.proved)
        return proved.proof if proved is not None and self._shows(proved) else None

    def _shows(self, proved: ProvedSeam) -> bool:
        return (proved.candidate.region, proved.overlap_ms) == (self.candidate.region, self.overlap_ms)

    def learn(self, loop_id: int, news: Pictures | LoopFindings | ProvedSeam) -> None:
        """What the worker found out about a loop that plays or is to play."""
        is_playing = loop_id == self.playing.loop_id
        if isinstance(news, Pictures):
            self._pictures[loop_id] = news
        elif isinstance(news, LoopFindings):
            self._findings[loop_id] = news
        elif not is_playing or self.proof is None:
            # What is not shown any more takes no place of what is.
            self._proved[loop_id] = news
        if is_playing:
            self._take_over_scores()

    def _take_over_scores(self) -> None:
        """The region that plays is scored as the list says, else as it was judged; a recipe's score may be old."""
        proved = self._proved.get(self.playing.loop_id)
        known = [*self.candidates, *([proved.candidate] if proved is not None else [])]
        self.candidate = next((one for one in known if one.region == self.candidate.region), self.candidate)

    def forget_others(self, wanted: set[int]) -> None:
        """Keep what is known of these loops and of the one that plays."""
        for known in (self._pictures, self._findings, self._proved):
            for loop_id in known.keys() - wanted - {self.playing.loop_id}:
                del known[loop_id]

    def view(self) -> LoopView:
        """What the panels show."""
        playing, candidate, baked = self.playing, self.candidate, self.baked
        pictures = self._pictures.get(playing.loop_id)
        regions = [one.region for one in self.candidates]
        return LoopView(
            loop_id=playing.loop_id,
            recipe=playing.recipe,
            is_starter=playing.is_starter,
            n_samples=playing.clip.n_samples,
            sample_rate=playing.clip.sample_rate,
            algorithm=self.findings.algorithm,
            candidates=self.candidates,
            candidate=candidate,
            current=regions.index(candidate.region) if candidate.region in regions else None,
            proof=self.proof,
            overlap_ms=samples_to_ms(baked.overlap_samples, baked.sample_rate),
            correlation=baked.correlation,
            peaks=pictures.peaks if pictures else None,
            spectrogram=pictures.spectrogram if pictures else None,
        )

    def bar_starts(self) -> tuple[int, ...]:
        """Where the bars of the loop that plays begin, in its samples; empty when its tempo or metre is unknown."""
        facts, n_samples = self.playing.recipe.facts, self.baked.n_samples
        if not facts.tempo_bpm or not facts.beats_per_bar:
            return ()
        bar_samples = bar_seconds(facts.tempo_bpm, facts.beats_per_bar) * self.baked.sample_rate
        return tuple(round(bar * bar_samples) for bar in range(round(n_samples / bar_samples)))

    def played_s(self, snapshot: PlaybackSnapshot) -> float:
        """For how long the loop that plays has been playing, in seconds."""
        played_samples = snapshot.turns * self.baked.n_samples + snapshot.position_samples
        return samples_to_seconds(played_samples, self.baked.sample_rate)
