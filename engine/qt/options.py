# SPDX-License-Identifier: GPL-3.0-or-later
"""What the person set, as one value the engine works from, and what the engine shows of the loop that plays."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.errors import StudioError
from engine.generators.base import GeneratorSettings
from engine.values import Algorithm, LoopCandidate, LoopRegion, PeakPyramid, Recipe, SpectrogramImage


@dataclass(frozen=True, slots=True)
class StudioOptions:
    """Everything the conductor needs to know of the person's wishes.

    Attributes
    ----------
    overlap_ms
        Crossfade across seams and between loops, 1 to 5000.
    min_play_s
        How long a loop plays at least before the next takes over, 10 to 300.
    volume
        Linear gain in [0, 1].
    device
        ``(host_api, name)``, or None for the system's default.
    latency_s
        Output latency asked of the device.
    library_folder
        Where takes are kept.
    """

    prompt: str
    algorithm: Algorithm = Algorithm.ADVANCED
    generator: str = "composer"
    model: str = ""
    duration_s: float = 20.0
    overlap_ms: float = 480.0
    min_loop_s: float = 2.0
    min_play_s: float = 30.0
    volume: float = 1.0
    device: tuple[str, str] | None = None
    latency_s: float = 0.1
    library_folder: str = ""
    generators: GeneratorSettings = field(default_factory=GeneratorSettings)

    def asks_for_other_music(self, other: StudioOptions) -> bool:
        """Whether a clip made for ``other`` is not what these options ask for."""
        return any(
            getattr(self, name) != getattr(other, name)
            for name in ("prompt", "algorithm", "generator", "model", "duration_s", "min_loop_s", "generators")
        )


@dataclass(frozen=True, eq=False, slots=True)
class LoopView:
    """The loop that plays, as the panels show it.

    Attributes
    ----------
    candidates
        The loop finder's, best first; empty until they are known.
    candidate
        What plays: one of the candidates or the person's own region.
    current
        Index of ``candidate`` among ``candidates``, or None for the person's own region.
    overlap_ms, correlation
        Of the seam as baked.
    peaks, spectrogram
        None until they are drawn.
    """

    loop_id: int
    recipe: Recipe
    is_starter: bool
    n_samples: int
    sample_rate: int
    candidates: tuple[LoopCandidate, ...]
    candidate: LoopCandidate
    current: int | None
    overlap_ms: float
    correlation: float
    peaks: PeakPyramid | None
    spectrogram: SpectrogramImage | None

    @property
    def region(self) -> LoopRegion:
        return self.candidate.region


@dataclass(frozen=True, slots=True)
class Happening:
    """A line for the console: what happened, with the values it names.

    ``template`` is an English sentence with ``{fields}``, translated where it is shown.
    """

    template: str
    fields: dict[str, object] = field(default_factory=dict)
    level: str = "info"

    def __str__(self) -> str:
        return self.template.format(**self.fields)


@dataclass(frozen=True, slots=True)
class NextState:
    """How the next loop is coming along.

    Attributes
    ----------
    kind
        ``"idle"``, ``"making"``, ``"ready"`` or ``"failed"``.
    title
        Of the loop that is ready.
    retry_s, error
        After a failure: seconds until the next try, and what failed.
    """

    kind: str
    title: str = ""
    retry_s: float = 0.0
    error: StudioError | None = None
