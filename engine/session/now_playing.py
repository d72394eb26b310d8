# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds the loop that plays, as baked, with all that is known and shown of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.loops.weighted import ranked
from engine.session.baking import Baker, LoopInHand, Part
from engine.session.fitting import fit_of
from engine.session.options import LoopView, ProvedSeam
from engine.session.playtime import may_yield, yields_after_s
from engine.units import samples_to_ms, samples_to_seconds, seconds_to_samples
from engine.values import (
    BakedLoop,
    ChannelSnapshot,
    Clip,
    LoopCandidate,
    LoopFindings,
    LoopOrigin,
    LoopRegion,
    MetricWeights,
    MusicFit,
    Recipe,
    SeamProof,
    SpectrogramImage,
    SpectrogramWindow,
)
from engine.worker.jobs import Pictures

EQUAL = MetricWeights()
"""Weights by which the candidates stand in the finder's own order."""


@dataclass(frozen=True, eq=False, slots=True)
class SetAside:
    """A loop was set aside to be saved as it plays: from its clip to its baked samples, with its recipe."""

    loop: LoopInHand
    part: Part
    recipe: Recipe


class NowPlaying:
    """One loop plays, from its candidate to its baked samples; pictures and findings come when they are ready.

    Attributes
    ----------
    is_chosen
        Whether the person chose what of the loop plays, since it leads.
    weights
        How much each metric counts in the order of the candidates.
    part
        The loop as it is heard, baked: as it is written, or a variation of it.
    """

    def __init__(self, loop: LoopInHand, baker: Baker, weights: MetricWeights = EQUAL) -> None:
        self.weights = weights
        self._baker = baker
        self._pictures: dict[int, Pictures] = {}
        self._findings: dict[int, LoopFindings] = {}
        self._proved: dict[int, ProvedSeam] = {}
        self.lead(loop)

    def lead(self, loop: LoopInHand) -> None:
        """Have this loop be the one that plays."""
        self.playing = loop
        self.candidate = loop.candidate
        self.is_chosen = False
        self._varied: tuple[int, Clip] | None = None
        self.bake_again()
        self._take_over_scores()

    def retouch(self, loop: LoopInHand) -> None:
        """Go on with another clip in the place of the one that plays, of the same length, under the same id."""
        for known in (self._pictures, self._findings, self._proved):
            known.pop(loop.loop_id, None)
        was_chosen = self.is_chosen
        self.lead(loop)
        self.is_chosen = was_chosen

    def vary(self, varied: tuple[int, Clip] | None) -> None:
        """Have a variation be heard, by its number; None is the loop as it is written, which is shown all the time."""
        self._varied = varied
        self.bake_again()

    @property
    def variation(self) -> int:
        """Return which variation is heard; 0 is none."""
        return 0 if self._varied is None else self._varied[0]

    def choose(self, region: LoopRegion) -> None:
        """Choose this region of the clip that plays; one that was not judged yet keeps its pictures until it is."""
        self.candidate = replace(
            self.candidate,
            region=region,
            bars=None,
            tempo_bpm=None,
            origin=LoopOrigin.HAND,
            played_through=False,
            overlap_ms=None,
        )
        self.is_chosen = True
        self._varied = None
        self._take_over_scores()

    def put_back(self, candidate: LoopCandidate) -> None:
        """Have this be what plays of the clip, as it was before the person chose another."""
        self.candidate = candidate
        self.is_chosen = candidate.region != self.playing.candidate.region
        self._varied = None
        self._take_over_scores()

    def bake_again(self) -> None:
        """Bake the loop again, as the candidate, the overlap or the loudness changed."""
        self.part = self._baker.part(self._as_heard())
        self.overlap_ms = self.part.key.overlap_ms

    @property
    def baked(self) -> BakedLoop:
        return self.part.baked

    def overlap_of(self, region: LoopRegion) -> float:
        """Return the length in ms of the crossfade with which this region of the clip would be played."""
        own = next((one for one in (self.candidate, *self.candidates) if one.region == region), None)
        return self._baker.overlap_ms if own is None else own.overlap_beyond(self._baker.overlap_ms)

    @property
    def is_baked_as_wished(self) -> bool:
        """Return whether candidate, overlap and loudness are as they were when the loop was baked."""
        return self.part.key == self._baker.key(self._as_heard())

    def as_it_plays(self) -> LoopInHand:
        """Return the loop that plays with the region that was chosen for it, and what was found in it since."""
        findings = self.findings
        if self.candidate is self.playing.candidate and findings is self.playing.findings:
            return self.playing
        return replace(self.playing, chosen=self.candidate, findings=findings)

    def _as_heard(self) -> LoopInHand:
        """Return the loop that plays with the clip of the variation that is heard."""
        if self._varied is None:
            return self.as_it_plays()
        number, clip = self._varied
        return replace(self.as_it_plays(), clip=clip, variation=number)

    @property
    def candidates(self) -> tuple[LoopCandidate, ...]:
        """Return the candidates that the person may choose from, best first by the weights."""
        return ranked(self.findings.in_own_order, self.weights)

    @property
    def findings(self) -> LoopFindings:
        """Return the newest findings about the loop that plays."""
        return self._findings.get(self.playing.loop_id, self.playing.findings)

    @property
    def proof(self) -> SeamProof | None:
        """Return the proof of the seam that plays, or None while it is not measured as it is."""
        proved = self._proved.get(self.playing.loop_id, self.playing.proved)
        return proved.proof if proved is not None and self._shows(proved) else None

    def _shows(self, proved: ProvedSeam) -> bool:
        return (proved.candidate.region, proved.overlap_ms) == (self.candidate.region, self.overlap_ms)

    def is_drawn(self, loop_id: int) -> bool:
        """Return whether there are pictures of a loop."""
        return loop_id in self._pictures

    def is_drawn_with(self, loop_id: int, window: SpectrogramWindow) -> bool:
        """Return whether a loop's spectrogram is drawn with these windows."""
        return self.is_drawn(loop_id) and self._pictures[loop_id].spectrogram.window == window

    def is_searched(self, loop_id: int) -> bool:
        """Return whether a loop was searched for candidates since it came, with success or not."""
        return loop_id in self._findings

    def learn(self, loop_id: int, news: Pictures | SpectrogramImage | LoopFindings | ProvedSeam) -> None:
        """Take in what the worker found out about a loop that plays or is to play."""
        is_playing = loop_id == self.playing.loop_id
        if isinstance(news, Pictures):
            self._pictures[loop_id] = news
        elif isinstance(news, SpectrogramImage):
            if self.is_drawn(loop_id):
                self._pictures[loop_id] = replace(self._pictures[loop_id], spectrogram=news)
        elif isinstance(news, LoopFindings):
            self._findings[loop_id] = news
            if is_playing and self.part.grid is None and news.grid is not None:
                self.part = self._baker.part(self._as_heard())
        elif not is_playing or self.proof is None:
            # What is not shown any more takes no place of what is.
            self._proved[loop_id] = news
        if is_playing:
            self._take_over_scores()

    def _take_over_scores(self) -> None:
        """Score the region that plays as the list says, else as it was judged; a recipe's score may be old."""
        proved = self._proved.get(self.playing.loop_id)
        # Whoever judges a region does not know where it is from.
        judged = [] if proved is None else [replace(proved.candidate, origin=self.candidate.origin)]
        known = [*self.candidates, *judged]
        self.candidate = next((one for one in known if one.region == self.candidate.region), self.candidate)

    def n_known(self) -> tuple[int, int, int]:
        """Return the numbers of loops of which pictures, findings and proofs are kept."""
        return len(self._pictures), len(self._findings), len(self._proved)

    def forget_others(self, wanted: set[int]) -> None:
        """Keep what is known of these loops and of the one that plays, and forget the rest."""
        for known in (self._pictures, self._findings, self._proved):
            for loop_id in known.keys() - wanted - {self.playing.loop_id}:
                del known[loop_id]

    def view(self) -> LoopView:
        """Return what the panels show of the loop that plays."""
        playing, candidate, baked = self.playing, self.candidate, self.written.baked
        pictures = self._pictures.get(playing.loop_id)
        found, candidates = self.findings.in_own_order, self.candidates
        regions = [one.region for one in candidates]
        return LoopView(
            loop_id=playing.loop_id,
            recipe=playing.recipe,
            is_starter=playing.is_starter,
            n_samples=playing.clip.n_samples,
            sample_rate=playing.clip.sample_rate,
            algorithm=self.findings.algorithm,
            candidates=candidates,
            candidate=candidate,
            current=regions.index(candidate.region) if candidate.region in regions else None,
            proof=self.proof,
            overlap_ms=samples_to_ms(baked.overlap_samples, baked.sample_rate),
            correlation=baked.correlation,
            peaks=pictures.peaks if pictures else None,
            spectrogram=pictures.spectrogram if pictures else None,
            overlap_limit=baked.limit,
            baked_samples=baked.n_samples,
            score=playing.score,
            found=found[0] if found else None,
            fit=MusicFit() if playing.is_starter else fit_of(playing.recipe),
        )

    @property
    def turn_s(self) -> float:
        """Return how long one turn of the loop that plays is, in seconds."""
        return samples_to_seconds(self.baked.n_samples, self.baked.sample_rate)

    def may_yield(self, heard: ChannelSnapshot, min_play_s: float) -> bool:
        """Return whether the loop that plays has played for long enough to be followed by another."""
        return may_yield(self.candidate, self.turn_s, min_play_s, self.played_s(heard))

    @property
    def recipe(self) -> Recipe:
        """Return the recipe of the loop as it plays."""
        return replace(self.playing.recipe, loop=self.candidate)

    def set_aside(self, candidate: LoopCandidate | None = None) -> SetAside:
        """Return what is to be saved of the loop as it plays, or as it would play by another candidate."""
        if candidate is None:
            return SetAside(self.as_it_plays(), self.written, self.recipe)
        loop = replace(self.playing, chosen=candidate, findings=self.findings)
        return SetAside(loop, self._baker.part(loop), replace(self.playing.recipe, loop=candidate))

    @property
    def written(self) -> Part:
        """Return the loop as it is shown, kept and saved, baked, whichever variation of it is heard."""
        return self.part if self._varied is None else self._baker.part(self.as_it_plays())

    def played_s(self, heard: ChannelSnapshot) -> float:
        """Return for how many seconds the loop that plays has been playing."""
        return samples_to_seconds(self.played_samples(heard), self.baked.sample_rate)

    def played_samples(self, heard: ChannelSnapshot) -> int:
        """Return for how many samples of its baked loop it has been playing."""
        return heard.turns * self.baked.n_samples + heard.position_samples

    def yields_after_samples(self, min_play_s: float) -> int:
        """Return after how many of them another loop may follow: see ``may_yield``."""
        return seconds_to_samples(yields_after_s(self.candidate, self.turn_s, min_play_s), self.baked.sample_rate)
