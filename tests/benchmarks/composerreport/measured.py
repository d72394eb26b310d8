# SPDX-License-Identifier: GPL-3.0-or-later
"""A clip is made, measured and forgotten, in one of two processes; what is kept are figures."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import soxr

from tests.benchmarks.composerreport import colour as colours
from tests.benchmarks.composerreport import harmony, keys, likeness, rhythm, score_access, seams, tempo
from tests.benchmarks.composerreport.colour import Colour
from tests.benchmarks.composerreport.corpus import CONTRASTS, SEEDS, Ask
from tests.benchmarks.composerreport.levels import Levels, levels
from tests.benchmarks.composerreport.notes import Written, chroma_of
from tests.benchmarks.composerreport.seams import Join
from tests.benchmarks.loopcases.cases import DoubleArray

HEARD_RATE = 22_050
"""Sample rate in Hz of what librosa hears."""

WRITTEN_S = 20.0
"""Least length in seconds of the scores that are measured: in a few bars there is no form."""

PROCESSES = 2
"""Number of clips that are made at once."""

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Sound:
    """These measures are taken of any clip, composed or not."""

    levels: Levels
    colour: Colour
    motion: float
    onset_rate: float


@dataclass(frozen=True, slots=True)
class OnNotes:
    """These measures are taken on the notes of a composed clip.

    Attributes
    ----------
    keys
        Named by Krumhansl's profiles, and by Albrecht's and Shanahan's.
    """

    style: str
    keys: tuple[str, str]
    leads_back: bool | None
    inverted: int
    bass_bars: int
    mean_step: float
    rising: int
    falling: int
    bar_likeness: float
    timing_memory: float


@dataclass(frozen=True, slots=True)
class Found:
    """One clip's findings are figures, names and small arrays.

    Attributes
    ----------
    claimed_key, claimed_bpm, bars, beats_per_bar
        As the composer says.
    keys
        Heard, by the two sets of profiles.
    major_by
        How much better the best major key fits than the best minor one.
    bpm, brightness_hz, percussion_db
        Heard; NaN where they were not asked for.
    whole_bars
        What the loop finder says, where it was asked.
    """

    ask: Ask
    claimed_key: str
    claimed_bpm: float
    bars: int
    beats_per_bar: int
    duration_s: float
    sound: Sound
    join: Join
    notes: OnNotes
    keys: tuple[str, str]
    major_by: float
    bpm: float
    brightness_hz: float
    percussion_db: float
    whole_bars: bool | None
    statistics: DoubleArray = field(repr=False)
    picture: DoubleArray = field(repr=False)


def found(ask: Ask) -> Found:
    """Make and measure a clip."""
    request = score_access.request_of(ask.prompt, ask.seed, ask.duration_s)
    result = score_access.compose(request)
    clip, facts = result.clip, result.facts
    assert facts.key is not None
    assert facts.tempo_bpm is not None
    assert facts.bars is not None
    assert facts.beats_per_bar is not None
    mono = heard(clip.samples, clip.sample_rate)
    chroma = keys.heard_chroma(mono)
    major = keys.fits(chroma, "albrecht")
    is_contrast = ask.group in CONTRASTS
    is_struck = ask.group in {"no drums", "solo piano"}
    asks_finder = ask.group == "style" and ask.seed == SEEDS[0]
    return Found(
        ask=ask,
        claimed_key=facts.key,
        claimed_bpm=facts.tempo_bpm,
        bars=facts.bars,
        beats_per_bar=facts.beats_per_bar,
        duration_s=clip.duration_s,
        sound=sound_of(clip.samples, clip.sample_rate, mono),
        join=seams.join(clip.samples, clip.sample_rate, facts.bars),
        notes=on_notes(score_access.written(replace(request, duration_s=max(ask.duration_s, WRITTEN_S)))),
        keys=(keys.named(chroma, "krumhansl"), keys.named(chroma, "albrecht")),
        major_by=float(major[:12].max() - major[12:].max()),
        bpm=tempo.heard_tempo(mono) if ask.group == "tempo" else float("nan"),
        brightness_hz=colours.brightness_hz(mono) if is_contrast else float("nan"),
        percussion_db=colours.percussion_db(mono) if is_struck else float("nan"),
        whole_bars=seams.finds_whole_bars(clip.samples, clip.sample_rate, clip.duration_s / facts.bars)
        if asks_finder
        else None,
        statistics=colours.statistics(mono),
        picture=likeness.picture(mono),
    )


def on_notes(piece: Written) -> OnNotes:
    """Measure a score."""
    chroma = chroma_of(piece.of())
    inverted, bass_bars = harmony.inversions(piece)
    step, rising, falling = harmony.mean_step(piece)
    return OnNotes(
        style=piece.style,
        keys=(keys.named(chroma, "krumhansl"), keys.named(chroma, "albrecht")),
        leads_back=harmony.leads_back(piece),
        inverted=inverted,
        bass_bars=bass_bars,
        mean_step=step,
        rising=rising,
        falling=falling,
        bar_likeness=rhythm.bar_likeness(piece.strokes, piece.bar_s, piece.bars, piece.steps_per_bar),
        timing_memory=rhythm.timing_memory(piece.strokes, piece.bar_s, piece.steps_per_bar),
    )


def sound_of(samples: npt.NDArray[np.floating], rate: int, mono: npt.NDArray[np.floating]) -> Sound:
    """Measure the sound of a clip, which librosa hears as ``mono``."""
    return Sound(
        levels(samples, rate), colours.colour(samples, rate), colours.timbre_motion(mono), colours.onset_rate(mono)
    )


def heard(samples: npt.NDArray[np.floating], rate: int) -> npt.NDArray[np.float32]:
    """Return a clip as librosa hears it: one channel at 22 050 Hz."""
    mono = np.asarray(samples, dtype=np.float32).mean(axis=1)
    return np.asarray(soxr.resample(mono, rate, HEARD_RATE), dtype=np.float32)


def every(asks: list[Ask]) -> Iterator[Found]:
    """Yield what is found of each clip, in order, from two processes that use one core each."""
    for name in _ONE_THREAD:
        os.environ[name] = "1"
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(found, asks, chunksize=2)
