# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten minutes of a session are rendered by the studio's own rules, and each transition is measured.

What ``infiniloop render PROMPT --minutes 10 --min-play 30 --seed 1`` makes, with the moments at which a loop gives way
to the next, as the session's console tells them.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import soxr

from engine.generators.base import GeneratorSettings, finished
from engine.generators.composer import Composer
from engine.generators.jobs import GenerateJob
from engine.generators.service import make_clip
from engine.session.options import Happening, StudioOptions
from engine.session.rendering import render_music
from engine.units import seconds_to_samples
from engine.values import ClipRequest, ClipResult, FloatArray, MusicFacts
from engine.values.audio import STUDIO_SAMPLE_RATE
from tests.benchmarks.composerreport import keys, likeness, score_access
from tests.benchmarks.composerreport.measured import HEARD_RATE
from tests.benchmarks.loopcases.cases import DoubleArray

PROMPT, SEED = "lofi", 1
MINUTES, QUICK_MINUTES = 10.0, 4.0
MIN_PLAY_S = 30.0

_LISTEN_S = 8.0
_GUARD_S = 1.0  # the crossfade itself, and how exactly its moment is known
_TEMPO_WITHIN = 0.02
_UNRELATED = 12


@dataclass(slots=True)
class Heard:
    """The music of a session is kept, with what was made in order and when each loop began."""

    blocks: list[FloatArray] = field(default_factory=list)
    n_samples: int = 0
    requests: list[ClipRequest] = field(default_factory=list)
    facts: list[MusicFacts] = field(default_factory=list)
    began_s: list[float] = field(default_factory=list)

    def write(self, block: FloatArray) -> None:
        """Keep a block of music."""
        self.blocks.append(block.mean(axis=1))
        self.n_samples += len(block)

    def make(self, job: GenerateJob) -> ClipResult:
        """Make the clip of a job, and keep what it was."""
        result = finished(make_clip(job.request, job.settings))
        self.requests.append(replace(job.request, seed=result.seed))
        self.facts.append(result.facts)
        return result

    def tell(self, happening: Happening) -> None:
        """Note that a loop began to play."""
        if happening.template.startswith("Playing"):
            self.began_s.append(self.n_samples / STUDIO_SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class Transitions:
    """Transitions of a session are counted and compared.

    Attributes
    ----------
    n, same_key, same_tempo
        Transitions; those into the same or a related key, and to a tempo within 2 %.
    chroma, chroma_within
        Mean likeness of 8 s before and after a transition, and about the middle of each loop's stay.
    motif, motif_unrelated
        Mean likeness of a clip's melody to the next one's, and of takes that have nothing to do with each other.
    keys, tempos_bpm
        Of the clips in order.
    """

    n: int
    same_key: int
    same_tempo: int
    chroma: float
    chroma_within: float
    motif: float
    motif_unrelated: float
    keys: tuple[str, ...]
    tempos_bpm: tuple[float, ...]


def session(minutes: float) -> Transitions:
    """Render a session and measure it."""
    return measured(listen(minutes))


def listen(minutes: float) -> Heard:
    """Render a session. Raises RuntimeError where its console told of no loop that plays."""
    told = Heard()
    options = StudioOptions(
        prompt=PROMPT,
        generator=Composer.name,
        model="",
        min_play_s=MIN_PLAY_S,
        generators=GeneratorSettings().with_values(Composer.name, {"seed": SEED, "evolve": 0.0}),
    )
    n_samples = seconds_to_samples(minutes * 60.0, STUDIO_SAMPLE_RATE)
    for _ in render_music(options, told.make, total_samples=n_samples, write=told.write, on_happening=told.tell):
        pass
    if not told.began_s:
        raise RuntimeError("The session told of no loop that plays: see Heard.tell")
    return told


def measured(told: Heard) -> Transitions:
    """Measure the transitions of a session that was heard."""
    mono = soxr.resample(np.concatenate(told.blocks), STUDIO_SAMPLE_RATE, HEARD_RATE)
    # What was made last may not have been played any more.
    n = min(len(told.began_s), len(told.facts))
    facts, pairs = told.facts[:n], list(zip(told.facts[:n], told.facts[1:n], strict=False))
    ends_s = [*told.began_s[1:n], mono.size / HEARD_RATE]
    middles_s = [0.5 * (start + end) for start, end in zip(told.began_s[:n], ends_s, strict=True)]
    pieces = [score_access.written(request) for request in told.requests[:n]]
    motifs = [likeness.motif_likeness(a, b) for a, b in itertools.pairwise(pieces)]
    return Transitions(
        n=len(pairs),
        same_key=sum(keys.are_related(a.key or "", b.key or "") for a, b in pairs),
        same_tempo=sum(_is_near(a.tempo_bpm, b.tempo_bpm) for a, b in pairs),
        chroma=_mean([_goes_on(mono, at) for at in told.began_s[1:n]]),
        chroma_within=_mean([_goes_on(mono, at) for at in middles_s]),
        motif=_mean(motifs),
        motif_unrelated=unrelated_motifs(),
        keys=tuple(one.key or "" for one in facts),
        tempos_bpm=tuple(one.tempo_bpm or 0.0 for one in facts),
    )


def unrelated_motifs() -> float:
    """Return how alike the melodies of takes by other seeds are, which know nothing of one another."""
    pieces = [score_access.written(score_access.request_of(PROMPT, 9000 + i, 20.0)) for i in range(_UNRELATED)]
    return _mean([likeness.motif_likeness(a, b) for i, a in enumerate(pieces) for b in pieces[:i]])


def _is_near(one: float | None, other: float | None) -> bool:
    return bool(one and other) and abs(float(other or 0) / float(one or 1) - 1.0) <= _TEMPO_WITHIN


def _goes_on(mono: npt.NDArray[np.floating], at_s: float) -> float:
    before = _chroma(mono, at_s - _GUARD_S - _LISTEN_S)
    after = _chroma(mono, at_s + _GUARD_S)
    return float("nan") if before is None or after is None else likeness.chroma_likeness(before, after)


def _chroma(mono: npt.NDArray[np.floating], start_s: float) -> DoubleArray | None:
    start, n = round(start_s * HEARD_RATE), round(_LISTEN_S * HEARD_RATE)
    return keys.heard_chroma(mono[start : start + n]) if 0 <= start <= mono.size - n else None


def _mean(values: list[float]) -> float:
    some = [value for value in values if np.isfinite(value)]
    return float(np.mean(some)) if some else float("nan")
