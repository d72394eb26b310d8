# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what the interface gives back: clips and loops that know how they were made."""

from __future__ import annotations

from dataclasses import dataclass

from engine.interface.shown import html_of
from engine.library.metadata import Metadata
from engine.values import BakedLoop, Clip, FloatArray, LoopCandidate, LoopRegion, MusicFacts, Recipe


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class ClipWithRecipe:
    """A clip with its recipe: a sound that all functions of the interface take.

    A notebook shows it as a player with what is known of it.

    Attributes
    ----------
    clip
        Its ``samples`` are float32, shape ``(n_samples, 2)``, at 44 100 Hz.
    recipe
        By which the same clip can be made again, to the sample.
    """

    clip: Clip
    recipe: Recipe

    @property
    def samples(self) -> FloatArray:
        """Return the samples: float32, read-only, shape ``(n_samples, n_channels)``."""
        return self.clip.samples

    @property
    def sample_rate(self) -> int:
        return self.clip.sample_rate

    @property
    def n_samples(self) -> int:
        return self.clip.n_samples

    @property
    def n_channels(self) -> int:
        return self.clip.n_channels

    @property
    def wraps(self) -> bool:
        return self.clip.wraps

    @property
    def duration_s(self) -> float:
        return self.clip.duration_s

    @property
    def seed(self) -> int | None:
        """Return the random seed that was used."""
        return self.recipe.seed

    @property
    def facts(self) -> MusicFacts:
        """Return tempo, key, metre and bars, as far as they are known."""
        return self.recipe.facts

    def read(self, first: int, n_samples: int) -> FloatArray:
        """Return samples ``[first, first + n_samples)``, a read-only view."""
        return self.clip.read(first, n_samples)

    def __repr__(self) -> str:
        return f"<clip {self.recipe.prompt!r}: {', '.join(filter(None, self._told()))}>"

    def _repr_html_(self) -> str:
        return html_of(self.samples, self.sample_rate, self.recipe.prompt, self._told())

    def _told(self) -> list[str]:
        facts, seed = self.facts, self.seed
        told = [f"{self.duration_s:.2f} s", *_rhythm(facts.bars, facts.tempo_bpm), facts.key or ""]
        return told + ([] if seed is None else [f"seed {seed}"])


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class LoopWithRecipe:
    """A baked loop with its recipe: repeated, it has no seam.

    A notebook shows it as a player that repeats it.

    Attributes
    ----------
    loop
        Its ``samples`` are float32, shape ``(n_samples, n_channels)``.
    title
        Prompt of its clip, or its file's name.
    candidate
        What the loop finder thinks of it; None for a region that was given.
    gain
        Linear, at most 1, by which a file holds it without cutting off its peaks.
    metadata
        What its file says of itself, its recipe included.
    """

    loop: BakedLoop
    title: str
    candidate: LoopCandidate | None
    gain: float
    metadata: Metadata

    @property
    def samples(self) -> FloatArray:
        """Return the samples: float32, read-only, shape ``(n_samples, n_channels)``."""
        return self.loop.samples

    @property
    def sample_rate(self) -> int:
        return self.loop.sample_rate

    @property
    def n_samples(self) -> int:
        return self.loop.n_samples

    @property
    def region(self) -> LoopRegion:
        """Return the place of the loop in its clip, in samples."""
        return self.loop.region

    @property
    def duration_s(self) -> float:
        return self.loop.n_samples / self.loop.sample_rate

    def __repr__(self) -> str:
        return f"<loop {self.title!r}: {', '.join(self._told(f'{self.duration_s:.2f} s'))}>"

    def _repr_html_(self) -> str:
        told = self._told(f"a loop of {self.duration_s:.2f} s")
        return html_of(self.samples, self.sample_rate, self.title, told, is_loop=True)

    def _told(self, lasts: str) -> list[str]:
        told = [lasts, f"overlap {self.overlap_ms:.0f} ms"]
        if self.candidate is not None:
            told[1:1] = [*_rhythm(self.candidate.bars, self.candidate.tempo_bpm), f"score {self.candidate.score:.2f}"]
        return told

    @property
    def overlap_ms(self) -> float:
        """Return the length of the crossfade across its seam, milliseconds."""
        return 1000.0 * self.loop.overlap_samples / self.loop.sample_rate


def _rhythm(bars: float | None, tempo_bpm: float | None) -> list[str]:
    told = [] if bars is None else [f"{bars:g} bar{'' if bars == 1 else 's'}"]
    return told + ([] if tempo_bpm is None else [f"{tempo_bpm:.4g} bpm"])
