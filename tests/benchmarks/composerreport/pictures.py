# SPDX-License-Identifier: GPL-3.0-or-later
"""Twelve styles are drawn: what is heard (a mel spectrogram) beside what is written (a piano roll and the drums)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.benchmarks.composerreport import corpus, score_access
from tests.benchmarks.composerreport.notes import Written
from tests.benchmarks.drawing import draw
from tests.benchmarks.warm_peer import PYTHON, PeerMissing

DURATION_S = 20.0
"""Length of the clips that are drawn, in seconds."""

_N_MELS = 128
_HOP = 1024
_RANGE_DB = 72.0


def pictures(out: Path, say: Callable[[str], None]) -> str:
    """Draw every picture into a folder and return the part of the report that shows them. Raises PeerMissing."""
    if not PYTHON.exists():
        raise PeerMissing("No pictures are drawn: “make bench-composer” makes the environment that has matplotlib")
    shown = []
    for word in corpus.PICTURED:
        say(f"  {word}")
        name = word.replace(" ", "-")
        draw(PYTHON, Path(__file__).with_name("plots.py"), name, _data(word), out)
        shown.append(f"![{word}]({name}.png)")
    return "\n\n".join(shown)


def _data(word: str) -> dict[str, object]:
    import librosa

    request = score_access.request_of(word, corpus.SEEDS[0], DURATION_S)
    result, piece = score_access.compose(request), score_access.written(request)
    mono, rate = result.clip.samples.mean(axis=1), result.clip.sample_rate
    mel = librosa.feature.melspectrogram(y=mono, sr=rate, n_fft=4096, hop_length=_HOP, n_mels=_N_MELS, fmax=16_000)
    mel_db = librosa.power_to_db(mel, ref=np.max, top_db=_RANGE_DB)
    facts = result.facts
    return {
        "title": f"{word}: {facts.key}, {facts.tempo_bpm or 0.0:.0f} bpm, {facts.bars} bars",
        "duration_s": result.clip.duration_s,
        "bar_s": piece.bar_s,
        "mel_db": np.round(mel_db, 1).tolist(),
        "mel_hz": librosa.mel_frequencies(_N_MELS, fmin=0.0, fmax=16_000).tolist(),
        "lines": _lines(piece),
        "strokes": [(one.at_s % piece.duration_s, one.piece, one.force) for one in piece.strokes],
    }


def _lines(piece: Written) -> list[dict[str, object]]:
    return [
        {
            "name": f"{line.role}: {line.instrument}",
            "notes": [(note.at_s % piece.duration_s, note.length_s, note.midi, note.force) for note in line.notes],
        }
        for line in piece.lines
    ]
