# SPDX-License-Identifier: GPL-3.0-or-later
"""The music of the STAND-IN for MusicGPT, for tests: a plain groove that loops, in the format of its files."""

from __future__ import annotations

import hashlib
import io
import struct
from array import array
from typing import TYPE_CHECKING

# The heavy imports wait until there is something to play: --version and most misdeeds answer at once.
if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mono = npt.NDArray[np.float64]

SAMPLE_RATE = 32_000
SHORT_BY_S = 0.06
TEMPO_BPM = 120.0
FLOAT = bytes.fromhex("0300000000001000800000aa00389b71")
"""The name of floating point numbers in WAVE_FORMAT_EXTENSIBLE."""


def place(out: Mono, sound: Mono, at_s: float) -> None:
    start = round(at_s * SAMPLE_RATE)
    room = max(0, min(len(sound), len(out) - start))
    out[start : start + room] += sound[:room]


def tone(frequency_hz: float, length_s: float, decay_s: float, harmonics: int) -> Mono:
    import numpy as np

    t = np.arange(round(length_s * SAMPLE_RATE)) / SAMPLE_RATE
    wave = sum(np.sin(2 * np.pi * frequency_hz * k * t) / k**1.5 for k in range(1, harmonics + 1))
    edge = np.minimum(1.0, np.minimum(t / 0.004, (length_s - t) / 0.02))
    faded: Mono = wave * np.exp(-t / decay_s) * edge
    return faded


def groove(prompt: str, secs: int) -> Mono:
    """Return a two-bar groove at 120 bpm, in a key chosen by the prompt: kick, snare, hats, bass and chords."""
    import numpy as np

    digest = hashlib.sha256(prompt.encode()).digest()
    rng = np.random.default_rng(list(digest))
    root_hz = 55.0 * 2 ** (digest[0] % 12 / 12)
    t = np.arange(round(0.25 * SAMPLE_RATE)) / SAMPLE_RATE
    kick = 0.9 * np.sin(2 * np.pi * (45 * t + 6 * (1 - np.exp(-t / 0.03)))) * np.exp(-t / 0.08)
    snare = 0.35 * rng.standard_normal(len(t)) * np.exp(-t / 0.05)
    hat = 0.12 * np.diff(rng.standard_normal(len(t)), prepend=0.0) * np.exp(-t / 0.02)
    beat_s = 60.0 / TEMPO_BPM
    bar = np.zeros((2, round(4 * beat_s * SAMPLE_RATE)))
    for which, steps in enumerate((0, 5)):  # the second bar a fourth higher
        step_hz = root_hz * 2 ** (steps / 12)
        for beat in range(4):
            place(bar[which], kick, beat * beat_s)
            place(bar[which], hat, beat * beat_s)
            place(bar[which], hat, (beat + 0.5) * beat_s)
            place(bar[which], 0.45 * tone(step_hz, 0.9 * beat_s, 0.3, 4), beat * beat_s)
            if beat % 2:
                place(bar[which], snare, beat * beat_s)
        for third in (0, 3, 7):
            place(bar[which], 0.12 * tone(4 * step_hz * 2 ** (third / 12), 4 * beat_s, 2.0, 3), 0.0)
    loop = bar.reshape(-1)
    return np.resize(loop, round((secs - SHORT_BY_S) * SAMPLE_RATE))


def beep(secs: int) -> bytes:
    """Return the bytes of a clip of one dull tone, in the same format, without a library: for tests by the dozen."""
    n_samples = round((secs - SHORT_BY_S) * SAMPLE_RATE)
    period = array("f", [at / 160 - 1.0 for at in range(320)])
    data = (period * (n_samples // 320 + 1))[:n_samples].tobytes()
    # WAVE_FORMAT_EXTENSIBLE, one channel, 32 bits, of which all count, as floating point numbers.
    form = struct.pack("<HHIIHHHHI", 0xFFFE, 1, SAMPLE_RATE, 4 * SAMPLE_RATE, 4, 32, 22, 32, 4) + FLOAT
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks


def wav_bytes(samples: Mono, sample_rate: int = SAMPLE_RATE) -> bytes:
    import numpy as np
    import soundfile

    memory = io.BytesIO()
    soundfile.write(memory, samples.astype(np.float32), sample_rate, format="WAVEX", subtype="FLOAT")
    return memory.getvalue()
