# SPDX-License-Identifier: GPL-3.0-or-later
"""The values that cross rooms, threads and processes: frozen, arrays read-only, positions in samples.

Work goes out as a request and comes back as a result stamped with the request's ``job_id``; a stale id is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self, TypeVar

import numpy as np
import numpy.typing as npt

from engine.errors import EmptyClip
from engine.units import samples_to_seconds

FloatArray = npt.NDArray[np.float32]
ByteArray = npt.NDArray[np.uint8]


_DType = TypeVar("_DType", bound=np.generic)


def read_only(array: npt.NDArray[_DType]) -> npt.NDArray[_DType]:
    """The same array (C-contiguous), refusing writes."""
    out = np.ascontiguousarray(array)
    if out is array and out.flags.writeable:
        out = out.view()
    out.flags.writeable = False
    return out


class Algorithm(StrEnum):
    """How the loop finder judges a loop."""

    ADVANCED = "advanced"
    CLASSIC = "classic"


# --- audio ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, slots=True)
class Clip:
    """Immutable audio with its sample rate.

    Attributes
    ----------
    samples
        float32, C-contiguous, read-only, shape ``(n_samples, n_channels)``, nominal range [-1, 1].
    sample_rate
        Hz.
    wraps
        True when the material is periodic: what precedes sample 0 is the clip's own end (tails folded round).
    """

    samples: FloatArray
    sample_rate: int
    wraps: bool = False

    def __post_init__(self) -> None:
        samples = np.asarray(self.samples, dtype=np.float32)
        if samples.ndim != 2:
            raise ValueError(f"samples must have shape (n_samples, n_channels), not {samples.shape}")
        if samples.size == 0:
            raise EmptyClip
        object.__setattr__(self, "samples", read_only(samples))

    @property
    def n_samples(self) -> int:
        return int(self.samples.shape[0])

    @property
    def n_channels(self) -> int:
        return int(self.samples.shape[1])

    @property
    def duration_s(self) -> float:
        return samples_to_seconds(self.n_samples, self.sample_rate)


@dataclass(frozen=True, slots=True)
class LoopRegion:
    """Half-open ``[loop_start, loop_end)``, in samples of the clip."""

    loop_start: int
    loop_end: int

    def __post_init__(self) -> None:
        if not 0 <= self.loop_start < self.loop_end:
            raise ValueError(f"not a region: [{self.loop_start}, {self.loop_end})")

    @property
    def n_samples(self) -> int:
        return self.loop_end - self.loop_start


@dataclass(frozen=True, eq=False, slots=True)
class BakedLoop:
    """A loop region with its seam rendered: plays by repeating, for ever.

    Sample ``i`` of ``samples`` belongs to the clip's sample ``region.loop_start + i``.

    Attributes
    ----------
    samples
        float32, read-only, shape ``(n_samples, n_channels)``; ``n_samples == region.n_samples`` unless the clip had
        nothing on either side of the region.
    overlap_samples
        Length of the crossfade that was rendered.
    correlation
        Of the crossfade's two sides, in [-1, 1]; chooses the gain law.
    """

    samples: FloatArray
    sample_rate: int
    region: LoopRegion
    overlap_samples: int
    correlation: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "samples", read_only(np.asarray(self.samples, dtype=np.float32)))

    @property
    def n_samples(self) -> int:
        return int(self.samples.shape[0])


# --- loops ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LoopMetrics:
    """Why a region loops: four scores in [0, 1], 1 is best, explained in ``engine.loops.metrics``."""

    spectral: float
    waveform: float
    beat: float
    phase: float

    def as_dict(self) -> dict[str, float]:
        return {"spectral": self.spectral, "waveform": self.waveform, "beat": self.beat, "phase": self.phase}


@dataclass(frozen=True, slots=True)
class LoopCandidate:
    """A ranked proposal.

    Attributes
    ----------
    score
        Total in [0, 1], 1 is best.
    bars
        Whole bars the region lasts, or None when it lasts no whole number of bars.
    weak
        True when it is the best there is but a listener will notice the seam.
    """

    region: LoopRegion
    score: float
    metrics: LoopMetrics
    bars: int | None
    weak: bool


@dataclass(frozen=True, slots=True)
class MusicFacts:
    """What is known of the music: told by the generator that wrote it, or estimated by the loop finder.

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
    """What the loop finder is asked for.

    Attributes
    ----------
    min_loop_s, max_loop_s
        Bounds of the region's length in seconds; ``max_loop_s=None`` is the whole clip.
    top
        How many candidates at most.
    facts
        What the generator already knows, which then is not estimated.
    """

    algorithm: Algorithm
    min_loop_s: float
    max_loop_s: float | None = None
    top: int = 10
    facts: MusicFacts = field(default_factory=MusicFacts)


@dataclass(frozen=True, slots=True)
class LoopFindings:
    """The loop finder's answer: never empty, best first; ``facts`` as known or estimated."""

    algorithm: Algorithm
    candidates: tuple[LoopCandidate, ...]
    facts: MusicFacts

    @property
    def best(self) -> LoopCandidate:
        return self.candidates[0]


# --- pictures ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, slots=True)
class PeakPyramid:
    """Minimum and maximum of the clip's mono mix at halving resolutions: any zoom draws at most a few thousand points.

    Attributes
    ----------
    levels
        ``levels[k]`` has shape ``(n_bins, 2)`` (min, max), float32, each bin ``base_bin_samples * 2**k`` samples wide.
    base_bin_samples
        Bin width of level 0, samples.
    """

    levels: tuple[FloatArray, ...]
    base_bin_samples: int
    n_samples: int
    sample_rate: int


@dataclass(frozen=True, eq=False, slots=True)
class SpectrogramImage:
    """A log-frequency spectrogram ready to draw.

    Attributes
    ----------
    levels
        uint8, shape ``(n_rows, n_columns)``, row 0 the lowest frequency; 0 is ``floor_db``, 255 is 0 dB re the
        loudest cell.
    low_hz, high_hz
        Frequencies of the bottom edge of row 0 and the top edge of the last row, log-spaced between.
    """

    levels: ByteArray
    low_hz: float
    high_hz: float
    floor_db: float
    n_samples: int
    sample_rate: int


# --- jobs -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClipRequest:
    """What a generator is asked for. ``seed=None`` lets the generator choose; the recipe tells what it chose."""

    job_id: int
    prompt: str
    generator: str
    model: str
    duration_s: float
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    Attributes
    ----------
    fraction
        In [0, 1], or None when the job cannot tell.
    left_s
        Estimated seconds left, or None.
    stage
        Short English word for what is being done ("composing"), translated where it is shown.
    """

    job_id: int
    fraction: float | None
    stage: str
    left_s: float | None = None


@dataclass(frozen=True, eq=False, slots=True)
class ClipResult:
    """A generated clip with what its generator knows of it.

    Attributes
    ----------
    seed
        The seed that was used, or None for a generator that takes none.
    versions
        Names and versions of what made it, for the recipe.
    """

    job_id: int
    clip: Clip
    facts: MusicFacts
    seed: int | None
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class JobFailed:
    """A job's end without a result. ``error`` may be ``Cancelled``."""

    job_id: int
    error: Exception


# --- takes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything needed to know, and where possible to make again, a take."""

    prompt: str
    generator: str
    model: str
    duration_s: float
    seed: int | None
    versions: Mapping[str, str]
    title: str
    artist: str
    facts: MusicFacts
    wraps: bool
    algorithm: Algorithm
    loop: LoopCandidate
    created_utc: str
    """ISO 8601, UTC."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, in the units the field names say."""
        return {
            "prompt": self.prompt,
            "generator": self.generator,
            "model": self.model,
            "duration_s": self.duration_s,
            "seed": self.seed,
            "versions": dict(self.versions),
            "title": self.title,
            "artist": self.artist,
            "facts": {
                "tempo_bpm": self.facts.tempo_bpm,
                "key": self.facts.key,
                "beats_per_bar": self.facts.beats_per_bar,
                "bars": self.facts.bars,
                "tags": list(self.facts.tags),
            },
            "wraps": self.wraps,
            "algorithm": str(self.algorithm),
            "loop": {
                "loop_start": self.loop.region.loop_start,
                "loop_end": self.loop.region.loop_end,
                "score": self.loop.score,
                "metrics": self.loop.metrics.as_dict(),
                "bars": self.loop.bars,
                "weak": self.loop.weak,
            },
            "created_utc": self.created_utc,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of ``as_dict``. Raises KeyError, TypeError or ValueError on anything else."""
        facts, loop = data["facts"], data["loop"]
        return cls(
            prompt=data["prompt"],
            generator=data["generator"],
            model=data["model"],
            duration_s=data["duration_s"],
            seed=data["seed"],
            versions=dict(data["versions"]),
            title=data["title"],
            artist=data["artist"],
            facts=MusicFacts(**{**facts, "tags": tuple(facts["tags"])}),
            wraps=data["wraps"],
            algorithm=Algorithm(data["algorithm"]),
            loop=LoopCandidate(
                region=LoopRegion(loop["loop_start"], loop["loop_end"]),
                score=loop["score"],
                metrics=LoopMetrics(**loop["metrics"]),
                bars=loop["bars"],
                weak=loop["weak"],
            ),
            created_utc=data["created_utc"],
        )


@dataclass(frozen=True, slots=True)
class Take:
    """One generated attempt, kept in the library."""

    take_id: str
    recipe: Recipe
    audio_path: str


# --- playback ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlaybackSnapshot:
    """What the audio process tells the window, tens of times a second.

    Attributes
    ----------
    loop_id
        Of the loop that leads (the incoming one from the middle of a takeover), or None when nothing plays.
    position_samples
        Of the playhead within that baked loop, at the moment it is heard (device latency taken off).
    turns
        Whole turns of that loop since it came in.
    peak_db, rms_db
        Per channel (left, right) since the last snapshot, dBFS.
    xruns
        Under- and overflows since the stream opened.
    load
        Share of real time the callback used, in [0, 1].
    latency_s
        Output latency the device reports.
    device
        Name of the device, or "" on the silent clock.
    """

    loop_id: int | None
    position_samples: int
    turns: int
    peak_db: tuple[float, float]
    rms_db: tuple[float, float]
    xruns: int
    load: float
    latency_s: float
    device: str


@dataclass(frozen=True, slots=True)
class OutputDevice:
    """A place sound can go to, named by host API and device name (indices change between runs)."""

    host_api: str
    name: str
    n_channels: int
    default_sample_rate: int
    is_default: bool
