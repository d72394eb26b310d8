# SPDX-License-Identifier: GPL-3.0-or-later
"""This program draws the README's clip with its loop: ``python -m tests.benchmarks.loopreport.picture [OUT.png]``."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.generators.base import GeneratorSettings, finished
from engine.generators.composer.composer import Composer
from engine.library.atomic import write_bytes
from engine.loops.finder import find_loops
from engine.units import ms_to_samples, seconds_to_samples
from engine.values import Clip, ClipRequest, LoopFindings, LoopSearch
from tests.benchmarks.warm_peer import PYTHON, ROOT

OUT = ROOT / "resources" / "pictures" / "loop.png"
PROMPT, SEED = "funk, 108 bpm", 11
FIRST_S, LAST_S = 1.3, 25.1  # cut somewhere, as a recording is
MAP_SIZE = 320
N_PEAKS = 1600
N_MELS = 160
HOP = 512
SEAM_MS = 60.0  # shown on each side


def main() -> None:
    clip = recorded()
    findings = find_loops(clip, LoopSearch(map_size=MAP_SIZE))
    with tempfile.TemporaryDirectory() as folder:
        arrays, told, drawn = (Path(folder) / name for name in ("data.npz", "data.json", "plot.png"))
        np.savez(arrays, allow_pickle=False, **_arrays(clip, findings))
        told.write_text(json.dumps({"arrays": str(arrays), **_facts(clip, findings)}), encoding="utf-8")
        script = str(Path(__file__).with_name("plots.py"))
        subprocess.run([str(PYTHON), script, "loop", str(told), str(drawn)], check=True)
        write_bytes(sys.argv[1] if len(sys.argv) > 1 else OUT, drawn.read_bytes())


def recorded() -> Clip:
    """Return a piece by the built-in composer, cut without regard to its bars."""
    asked = ClipRequest(1, PROMPT, "composer", "", 30.0, seed=SEED)
    result = finished(Composer().generate(asked, GeneratorSettings()))
    rate = result.clip.sample_rate
    first, last = (seconds_to_samples(at, rate) for at in (FIRST_S, LAST_S))
    return Clip(result.clip.samples[first:last], rate)


def _arrays(clip: Clip, findings: LoopFindings) -> dict[str, npt.NDArray[np.floating]]:
    import librosa

    mono = clip.samples.mean(axis=1)
    edges = np.linspace(0, mono.size, N_PEAKS + 1).astype(int)[:-1]
    mel = librosa.feature.melspectrogram(y=mono, sr=clip.sample_rate, n_mels=N_MELS, hop_length=HOP, fmax=12_000)
    region, beside = findings.best.region, ms_to_samples(SEAM_MS, clip.sample_rate)
    arrays = {
        "low": np.minimum.reduceat(mono, edges),
        "high": np.maximum.reduceat(mono, edges),
        "mel_db": librosa.power_to_db(mel, ref=np.max, top_db=72.0),
        "before_end": mono[region.loop_end - beside : region.loop_end],
        "after_end": mono[region.loop_end : region.loop_end + beside],
        "after_start": mono[region.loop_start : region.loop_start + beside],
    }
    if findings.score_map is not None:
        arrays["map"] = findings.score_map.scores
    return arrays


def _facts(clip: Clip, findings: LoopFindings) -> dict[str, object]:
    rate, best, proof = clip.sample_rate, findings.best, findings.proof
    step_s = findings.score_map.step_samples / rate if findings.score_map else 0.0
    return {
        "duration_s": clip.duration_s,
        "seam_ms": SEAM_MS,
        "map_step_s": step_s,
        "candidates": [
            (one.region.loop_start / rate, one.region.loop_end / rate, one.score) for one in findings.candidates
        ],
        "score": best.score,
        "bars": best.bars,
        "tempo_bpm": best.tempo_bpm,
        "metrics": best.metrics.as_dict(),
        "quieter_than": proof.quieter_than if proof else None,
        "downbeats": [float(beat / rate) for beat in findings.grid.downbeats] if findings.grid else [],
    }


if __name__ == "__main__":
    main()
