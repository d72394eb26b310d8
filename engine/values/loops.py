# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what the loop finder is asked and what it answers."""

from __future__ import annotations

from dataclasses import astuple, dataclass, field
from enum import StrEnum

import numpy as np

from engine.values.arrays import FloatArray, IntArray, read_only
from engine.values.audio import LoopRegion


class Algorithm(StrEnum):
    """An algorithm is a way in which the loop finder judges a loop."""

    ADVANCED = "advanced"
    CLASSIC = "classic"


@dataclass(frozen=True, slots=True)
class LoopMetrics:
    """Loop metrics say why a region loops: four scores in [0, 1], 1 is best, explained in ``engine.loops.metrics``."""

    spectral: float
    waveform: float
    beat: float
    phase: float

    def as_dict(self) -> dict[str, float]:
        return {"spectral": self.spectral, "waveform": self.waveform, "beat": self.beat, "phase": self.phase}


@dataclass(frozen=True, slots=True)
class MetricWeights:
    """Metric weights say how much each metric counts for the person, from 0 (not at all) over 1 (as usual) to 2."""

    spectral: float = 1.0
    waveform: float = 1.0
    beat: float = 1.0
    phase: float = 1.0

    @property
    def are_equal(self) -> bool:
        """Return whether all count alike, so that nothing is other than usual."""
        return len(set(astuple(self))) == 1

    def mean_of(self, metrics: LoopMetrics, shares: LoopMetrics) -> float:
        """Return the mean of four metrics by ``shares`` times these weights, in [0, 1]; of all 0 as if all were 1."""
        values = np.array(astuple(metrics))
        return float(values @ self.shares(shares))

    def shares(self, usual: LoopMetrics) -> FloatArray:
        """Return the metrics' shares of a total, adding up to 1, shape ``(4,)``: the usual ones times these weights."""
        weights = np.array(astuple(MetricWeights() if self.are_equal else self))
        # By the largest: the smallest numbers there are would be 0 in 32 bits.
        out: FloatArray = (weights / weights.max()).astype(np.float32) * np.array(astuple(usual), dtype=np.float32)
        out /= out.sum()
        return out


@dataclass(frozen=True, slots=True)
class SeamProof:
    """A seam proof measures what the seam does in the rendered loop, its crossfade included.

    Attributes
    ----------
    step, slope
        Largest jump of the wave, and of its slope, at the seam, over the largest the music itself makes around: up to 1
        it is one among others.
    dip_db
        How far the energy over 20 ms falls at the seam below the lower of its two sides, dB, at least 0.
    onset
        Onset strength that the seam adds to what the music has there anyway, over the median of the clip's own beats;
        0 is none, 1 an ordinary beat.
    quieter_than
        Share of the clip's own beats with a stronger onset than that, in [0, 1].
    """

    step: float
    slope: float
    dip_db: float
    onset: float
    quieter_than: float


class LoopOrigin(StrEnum):
    """A loop's origin says where a candidate comes from."""

    FOUND = "found"
    TAG = "tag"
    """Origin of a loop that is tagged in its file."""
    MARK = "mark"
    """Origin of a region that is marked in its file: a labelled region, or a stretch between two cue points."""
    HAND = "hand"
    """Origin of a loop that was set by hand in the studio."""


@dataclass(frozen=True, slots=True)
class LoopCandidate:
    """A loop candidate is a ranked proposal of a loop.

    Attributes
    ----------
    score
        Confidence in [0, 1] that the region loops as a listener would wish: of the loops scored 0.9, nine in ten do.
    bars
        Whole bars the region lasts, or None when it lasts no whole number of bars.
    weak
        True when it is the best there is but a listener will notice the seam.
    tempo_bpm
        Tempo at which the region lasts just its whole beats; None without a pulse.
    origin
        Found in the music, or read from the file's loop tags or marks.
    played_through
        True when nothing in the clip loops, and the region is the longest that the music can turn over at: it keeps
        most of the clip, and is better played once or twice than for ever. Such a candidate is weak too.
    overlap_ms
        Length in ms of the crossfade that this seam was chosen with, where it needs a longer one than was asked for;
        None means that the asked one is right.
    """

    region: LoopRegion
    score: float
    metrics: LoopMetrics
    bars: int | None
    weak: bool
    tempo_bpm: float | None = None
    origin: LoopOrigin = LoopOrigin.FOUND
    played_through: bool = False
    overlap_ms: float | None = None

    def overlap_for(self, usual_ms: float) -> float:
        """Return the crossfade, ms, for a seam where none was asked for: the usual one, or the one it needs."""
        return usual_ms if self.overlap_ms is None else self.overlap_ms

    def overlap_beyond(self, asked_ms: float) -> float:
        """Return the crossfade, ms, for a seam where one was asked for: that, or longer where the seam needs it."""
        return max(asked_ms, self.overlap_ms or 0.0)


@dataclass(frozen=True, slots=True)
class MusicFacts:
    """Music facts come from the generator that wrote the music, or are estimated by the loop finder.

    Attributes
    ----------
    tempo_bpm, key, beats_per_bar, bars
        None where unknown. ``key`` reads "A minor", "F# major".
    tags
        Words for what the generator understood: style, mood, instruments.
    """

    tempo_bpm: float | None = None
    key: str | None = None
    beats_per_bar: int | None = None
    bars: int | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoopSearch:
    """A loop search says what the loop finder is asked for.

    Attributes
    ----------
    min_loop_s, max_loop_s
        Bounds of the region's length in seconds. ``min_loop_s=None`` is a twentieth of the clip, from 1.5 to 10 s;
        ``max_loop_s=None`` is the whole clip.
    top
        How many candidates at most.
    facts
        What is already known (by the generator, by the person), which then is not estimated. A bar that is known to
        last ``bar_s`` seconds is a tempo of ``60 * beats_per_bar / bar_s``.
    whole_bars
        Only whole bars are proposed.
    near, near_s
        Only regions whose start and end both lie within ``near_s`` seconds of those of ``near``; None is anywhere.
    tagged
        A file's loop tags: measured and offered among the candidates, where they keep to the bounds that are set.
    marked
        The same for regions that somebody marked, which need not be loops.
    overlap_ms
        Length of the crossfade with which the best candidate's seam is rendered and proved.
    map_size
        Rows and columns, at most, of the score map to return; 0 is none.
    weights
        How much each metric counts in the order of the candidates; equal ones leave it to the finder.
    """

    algorithm: Algorithm = Algorithm.ADVANCED
    min_loop_s: float | None = None
    max_loop_s: float | None = None
    top: int = 10
    facts: MusicFacts = field(default_factory=MusicFacts)
    whole_bars: bool = False
    near: LoopRegion | None = None
    near_s: float = 0.5
    tagged: tuple[LoopRegion, ...] = ()
    marked: tuple[LoopRegion, ...] = ()
    overlap_ms: float = 480.0
    map_size: int = 0
    weights: MetricWeights = field(default_factory=MetricWeights)


@dataclass(frozen=True, eq=False, slots=True)
class BeatGrid:
    """A beat grid says where beats are, in samples: read-only int64, ascending; ``downbeats`` are among ``beats``."""

    beats: IntArray
    downbeats: IntArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "beats", read_only(self.beats))
        object.__setattr__(self, "downbeats", read_only(self.downbeats))


@dataclass(frozen=True, eq=False, slots=True)
class ScoreMap:
    """A score map says how well every loop would join, downsampled to draw.

    Attributes
    ----------
    scores
        Likeness around the seam: float32, read-only, shape ``(n_starts, n_ends)``, in [0, 1]; NaN where no loop may be.
        Row ``i`` stands for starts in ``[i, i + 1) * step_samples``, column ``j`` for ends likewise; a cell holds its
        best loop's.
    step_samples
        Samples per row and per column, not whole.
    """

    scores: FloatArray
    step_samples: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "scores", read_only(self.scores))

    def cell(self, region: LoopRegion) -> tuple[int, int]:
        """Return the row and column in which ``region`` lies."""
        last = int(self.scores.shape[0]) - 1, int(self.scores.shape[1]) - 1
        row, column = int(region.loop_start / self.step_samples), int(region.loop_end / self.step_samples)
        return min(row, last[0]), min(column, last[1])


@dataclass(frozen=True, eq=False, slots=True)
class LoopFindings:
    """Loop findings are the loop finder's answer: never empty, best first.

    Best joins how sure a loop is, which its score says, with what it is worth (``engine.loops.worth``): scores alone
    need not descend. ``best`` is the clip played through where no loop is sure enough.

    Attributes
    ----------
    facts
        As known or estimated.
    proof
        Of the best candidate's seam, rendered with the crossfade it needs.
    grid
        Beats and downbeats, or None for music in free time.
    score_map
        Where one was asked for.
    own_order
        Indices of the candidates in the finder's own order, where weights asked for another one; else empty.
    """

    algorithm: Algorithm
    candidates: tuple[LoopCandidate, ...]
    facts: MusicFacts
    proof: SeamProof | None = None
    grid: BeatGrid | None = None
    score_map: ScoreMap | None = None
    own_order: tuple[int, ...] = ()

    @property
    def in_own_order(self) -> tuple[LoopCandidate, ...]:
        """Return the candidates in the finder's own order, whatever the weights were."""
        return tuple(self.candidates[index] for index in self.own_order) or self.candidates

    @property
    def best(self) -> LoopCandidate:
        return self.candidates[0]
