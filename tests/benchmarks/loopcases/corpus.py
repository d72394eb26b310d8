# SPDX-License-Identifier: GPL-3.0-or-later
"""The corpus holds every case by its kind, split and number, made once and kept."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import soundfile

from engine.values import Clip
from tests.benchmarks.loopcases.cases import Case, Kind, Split, Truth, cache_folder

CORPUS_VERSIONS: dict[Kind, int] = {"planted": 2, "performed": 2, "real": 1, "none": 1}
"""Versions by kind; one changes when the same split and number would give another case."""

USUAL_COUNT: dict[Kind, int] = {"planted": 45, "performed": 24, "real": 29, "none": 30}
"""Number of cases that a table of the benchmark has, by kind."""


def corpus(kind: Kind, split: Split = "dev", n: int | None = None) -> Iterator[Case]:
    """Yield the first ``n`` cases (or the usual count) of a kind and split, one at a time.

    The splits share neither seeds nor pieces of music. Raises MaterialMissing where music or the synth is missing.
    """
    for index in range(USUAL_COUNT[kind] if n is None else n):
        yield case_at(kind, split, index)


def case_at(kind: Kind, split: Split, index: int) -> Case:
    """Return case ``index`` of a kind and split, from the cache when it was made before."""
    folder = cache_folder() / f"{kind}-v{CORPUS_VERSIONS[kind]}"
    folder.mkdir(exist_ok=True)
    notes, audio = (folder / f"{kind}-{split}-{index:03d}.{ending}" for ending in ("json", "flac"))
    if not notes.exists():
        case = _make(kind, split, index)
        part = audio.with_name(f"{audio.stem}.{os.getpid()}.part")
        soundfile.write(part, case.clip.samples, case.clip.sample_rate, format="FLAC", subtype="PCM_16")
        part.replace(audio)
        truth = case.truth
        answer = None if truth is None else [truth.period_samples, truth.first, truth.last]
        part.write_text(json.dumps({"story": case.story, "truth": answer}), encoding="utf-8")
        part.replace(notes)
    # Read even when it was just made: the same 16 bits on every run.
    samples, rate = soundfile.read(audio, dtype="float32", always_2d=True)
    known = json.loads(notes.read_text(encoding="utf-8"))
    truth = Truth(*known["truth"]) if known["truth"] else None
    return Case(audio.stem, kind, Clip(samples, rate), truth, known["story"])


def _make(kind: Kind, split: Split, index: int) -> Case:
    if kind == "planted":
        from tests.benchmarks.loopcases.planted import planted_case

        return planted_case(split, index)
    if kind == "performed":
        from tests.benchmarks.loopcases.performed import performed_case

        return performed_case(split, index)
    if kind == "real":
        from tests.benchmarks.loopcases.real import real_case

        return real_case(split, index)
    from tests.benchmarks.loopcases.none import none_case

    return none_case(split, index)
