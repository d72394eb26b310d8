# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that cross between the window and the session: what the person set, and what is shown of the music."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import IO

from engine.errors import StudioError, UnknownChoice
from engine.generators.base import GeneratorSettings
from engine.generators.registry import default_generator, generator_named
from engine.generators.standard import all_parameters
from engine.values import (
    Algorithm,
    Entry,
    LoopCandidate,
    LoopRegion,
    LoopSearch,
    MetricWeights,
    Misfit,
    MusicFacts,
    MusicFit,
    OverlapLimit,
    Parameters,
    PeakPyramid,
    PlayedScore,
    Recipe,
    Room,
    SeamProof,
    SpectrogramImage,
    SpectrogramWindow,
    TransitionWish,
    options,
)
from engine.values.judging_options import MEND_SEAMS, MISFIT, VARIATIONS
from engine.values.pace_options import KEEP_UP
from engine.values.picture_options import SPECTROGRAM_WINDOW

_ALGORITHM = Algorithm(options.ALGORITHM.default_text)
_MISFIT = Misfit(MISFIT.default_text)
_WINDOW = SpectrogramWindow(SPECTROGRAM_WINDOW.default_text)


@dataclass(frozen=True, slots=True)
class StudioOptions:
    """Everything that the session needs to know of what the person set; defaults are declared in ``engine.values``.

    Attributes
    ----------
    min_play_s
        How long a loop plays at least before the next takes over, 10 to 300.
    max_loop_s
        How long a loop is at most; 0 is no limit.
    weights
        How much each metric counts in the order of a clip's candidates.
    make_again
        Whether a clip whose loop is worse than usual is made again, once, while there is time for that.
    keep_up
        Whether clips are made no longer than keeps the music in hand, by the pace of this machine.
    misfit
        What becomes of a clip whose tempo or key is not the one that was asked for.
    variations
        How many clips are made at once of the same words.
    max_play_s
        How long a loop plays at most: then, with nothing new in hand, one made before comes back; 0 is no limit.
    recycles
        Whether loops that were made before follow while the chosen generator makes none, before another one makes any.
    transition
        How one loop gives way to the next; its ``overlap_ms`` is also that of every seam.
    target_lufs
        Integrated loudness that every loop is brought to.
    sleep_fade_s
        How long the sleep timer's fade takes, at most a third of its time.
    volume
        Linear gain in [0, 1].
    device
        ``(host_api, name)``, or None for the system's default.
    is_unheard
        Whether it plays to no device, on a clock in real time: for those who hear the tape.
    latency_s
        Output latency asked of the device.
    library_folder
        Where takes are kept.
    keep_dropped
        Whether sounds that the person brings are kept there at once.
    is_library_known
        Whether it was there before: then it is not made if it is not.
    room
        How much of the disk they may take.
    spectrogram_window
        How long a moment spectrograms measure at once.
    generators
        What is set of each generator; a seed is that of the first clip, and each further one has the next.
    """

    prompt: str
    algorithm: Algorithm = _ALGORITHM
    generator: str = field(default_factory=lambda: default_generator().name)
    model: str = ""
    duration_s: float = options.DURATION.default_number
    min_loop_s: float = options.MIN_LOOP.default_number
    max_loop_s: float = options.MAX_LOOP.default_number
    weights: MetricWeights = field(default_factory=MetricWeights)
    min_play_s: float = options.MIN_PLAY.default_number
    max_play_s: float = options.MAX_PLAY.default_number
    recycles: bool = False
    make_again: bool = options.MAKE_AGAIN.default_flag
    keep_up: bool = KEEP_UP.default_flag
    misfit: Misfit = _MISFIT
    mend_seams: bool = MEND_SEAMS.default_flag
    variations: int = VARIATIONS.default_whole
    transition: TransitionWish = field(default_factory=TransitionWish)
    target_lufs: float = options.TARGET_LUFS.default_number
    sleep_fade_s: float = options.SLEEP_FADE.default_number
    volume: float = 1.0
    device: tuple[str, str] | None = None
    is_unheard: bool = False
    latency_s: float = options.LATENCY.default_number / 1000.0
    library_folder: str = ""
    keep_dropped: bool = options.KEEP_DROPPED.default_flag
    is_library_known: bool = False
    room: Room = field(default_factory=Room)
    spectrogram_window: SpectrogramWindow = _WINDOW
    generators: GeneratorSettings = field(default_factory=GeneratorSettings)

    @property
    def overlap_ms(self) -> float:
        """Crossfade across seams and between loops, 1 to 5000."""
        return self.transition.overlap_ms

    @property
    def least_play_s(self) -> float:
        """How long a loop plays at least, which is never longer than it plays at most."""
        return min(self.min_play_s, self.max_play_s or self.min_play_s)

    def search(self, facts: MusicFacts) -> LoopSearch:
        """Return what the loop finder is asked for in a clip of which this is known."""
        longest_s = max(self.max_loop_s, self.min_loop_s) if self.max_loop_s else None
        return LoopSearch(
            self.algorithm,
            self.min_loop_s,
            longest_s,
            facts=facts,
            overlap_ms=self.overlap_ms,
            weights=self.weights,
        )

    def asks_for_other_music(self, other: StudioOptions) -> bool:
        """Whether a clip made for ``other`` is not what these options ask for."""
        return self.asks_for_other_clips(other) or self._differs(
            other, "prompt", "algorithm", "min_loop_s", "max_loop_s"
        )

    def asks_for_other_clips(self, other: StudioOptions) -> bool:
        """Whether clips are to be made in another way, whatever they are to sound like."""
        return self._differs(other, "generator", "model", "duration_s") or _lasting(self.generators) != _lasting(
            other.generators
        )

    def _differs(self, other: StudioOptions, *names: str) -> bool:
        return any(getattr(self, name) != getattr(other, name) for name in names)


def _lasting(settings: GeneratorSettings) -> GeneratorSettings:
    """Return the settings without what is only heard from the next clip on."""
    kept = {}
    for name, values in settings.parameters.items():
        easing = _easing(name)
        kept[name] = Parameters({key: value for key, value in values.items() if key not in easing})
    return replace(settings, parameters=kept)


@cache
def _easing(generator: str) -> frozenset[str]:
    try:
        declared = all_parameters(generator_named(generator).capabilities())
    except UnknownChoice:
        return frozenset()
    return frozenset(one.name for one in declared if one.eases)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the session finds and leaves things.

    Attributes
    ----------
    starters_folder
        The starter loops that ship with the studio.
    cache_folder
        Where the ring of what was just heard is kept; "" is a temporary folder that goes with the studio.
    pace_file
        Where it is kept how long clips took to make; "" is nowhere: then it is known as long as the studio runs.
    jam_folder
        Where the jam is kept as it was left; "" is nowhere.
    latencies_file
        Where measured latencies are kept; "" is nowhere.
    log
        Where child processes write their logs, or None for this process's stderr.
    """

    starters_folder: str
    log: IO[str] | None = None
    cache_folder: str = ""
    pace_file: str = ""
    jam_folder: str = ""
    latencies_file: str = ""


@dataclass(frozen=True, slots=True)
class ProvedSeam:
    """A seam that was measured: the region as a candidate, and the proof of its seam with this overlap."""

    candidate: LoopCandidate
    overlap_ms: float
    proof: SeamProof


@dataclass(frozen=True, eq=False, slots=True)
class LoopView:
    """The loop that plays, as the panels show it.

    Attributes
    ----------
    algorithm
        By which the candidates were scored.
    candidates
        The loop finder's, best first by the person's weights; empty until they are known.
    candidate
        What plays: one of the candidates or the person's own region.
    current
        Index of ``candidate`` among ``candidates``, or None for the person's own region.
    proof
        Of the seam of ``candidate`` with the overlap it is played with; None until it is measured.
    overlap_ms, correlation
        Of the seam as baked.
    overlap_limit
        Why its overlap is shorter than was asked for; None where it is not.
    peaks, spectrogram
        None until they are drawn.
    baked_samples
        Length of the loop as it is played, at the studio's rate; 0 is that of the region.
    score
        What is played in the clip, where its generator told it in this session; else None.
    found
        The best candidate by the finder's own order; None until one is known.
    fit
        How its measured tempo and key stand to those that were asked for.
    """

    loop_id: int
    recipe: Recipe
    is_starter: bool
    n_samples: int
    sample_rate: int
    algorithm: Algorithm
    candidates: tuple[LoopCandidate, ...]
    candidate: LoopCandidate
    current: int | None
    proof: SeamProof | None
    overlap_ms: float
    correlation: float
    peaks: PeakPyramid | None
    spectrogram: SpectrogramImage | None
    overlap_limit: OverlapLimit | None = None
    baked_samples: int = 0
    score: PlayedScore | None = None
    found: LoopCandidate | None = None
    fit: MusicFit = field(default_factory=MusicFit)

    @property
    def region(self) -> LoopRegion:
        return self.candidate.region

    def in_region(self, position_samples: int) -> int:
        """Samples of the clip from the region's start on, for a place in the loop as it is played, at its own rate."""
        n_samples = self.region.n_samples
        return round(position_samples * n_samples / (self.baked_samples or n_samples))


@dataclass(frozen=True, slots=True)
class Happening:
    """A line for the console: what happened, with the values it names.

    ``template`` is an English sentence with ``{fields}``, translated where it is shown; ``notice`` is the kind of the
    notice that says it too, or "".
    """

    template: str
    fields: dict[str, object] = field(default_factory=dict)
    level: str = "info"
    notice: str = ""

    def __str__(self) -> str:
        return self.template.format(**self.fields)

    @classmethod
    def of_found(cls, recipe: Recipe, n_samples: int) -> Happening:
        """The loop finder found this in a clip of that many samples."""
        best = recipe.loop
        fields: dict[str, object] = {"title": recipe.title, "score": int(100.0 * best.score), "bars": best.bars}
        if best.played_through:
            fields["share"] = round(100.0 * best.region.n_samples / n_samples)
            if best.overlap_ms is None:
                return Happening("“{title}” does not loop: {share} % of it is played through", fields)
            fields["seconds"] = best.overlap_ms / 1000.0
            return Happening(
                "“{title}” does not loop: {share} % of it is played through, with a seam of {seconds:.1f} s", fields
            )
        if best.weak:
            return Happening("“{title}” hardly loops: score {score} %, the best there is", fields, "warning")
        if best.bars == 1:
            return Happening("Loop found in “{title}”: 1 bar, score {score} %", fields)
        if best.bars:
            return Happening("Loop found in “{title}”: {bars} bars, score {score} %", fields)
        return Happening("Loop found in “{title}”: score {score} %", fields)


@dataclass(frozen=True, slots=True)
class NextState:
    """How the next loop is coming along.

    Attributes
    ----------
    kind
        ``"idle"``, ``"making"``, ``"ready"`` or ``"failed"``.
    title
        Of the loop that is ready.
    entry
        Where it comes in, if the person asked for it and it is not heard yet; otherwise None.
    retry_s, error
        After a failure: seconds until the next try, and what failed.
    """

    kind: str
    title: str = ""
    entry: Entry | None = None
    retry_s: float = 0.0
    error: StudioError | None = None
