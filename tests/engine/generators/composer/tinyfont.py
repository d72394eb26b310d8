# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes the smallest SoundFont that plays: one looped wave, in the presets that are asked for."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

ROOT_KEY = 69
RATE = 44_100
_CYCLE = 100
_SILENCE = 46  # samples that the standard wants after each one
_RELEASE_TIMECENTS = -3000
_SAMPLE_MODES, _INSTRUMENT, _SAMPLE_ID, _RELEASE = 54, 41, 53, 38


def write_tiny_font(path: Path, presets: Sequence[tuple[int, int]] = ((0, 0),)) -> Path:
    """Write a SoundFont whose presets, each a bank and a program, all play the same wave at 441 Hz."""
    n = 40 * _CYCLE
    turn = 2 * np.pi * np.arange(n) / _CYCLE
    # One partial is high enough for a filter to reach it.
    wave = (10_000 * (np.sin(turn) + 0.4 * np.sin(2 * turn) + 0.3 * np.sin(24 * turn))).astype("<i2")
    samples = wave.tobytes() + bytes(2 * _SILENCE)
    tuning = round(-1200 * np.log2((RATE / _CYCLE) / 440.0))
    headers = b"".join(
        struct.pack("<20sHHHIII", f"tiny {bank} {program}".encode(), program, bank, i, 0, 0, 0)
        for i, (bank, program) in enumerate(presets)
    )
    n_presets = len(presets)
    headers += struct.pack("<20sHHHIII", b"EOP", 0, 0, n_presets, 0, 0, 0)
    generators = [(_RELEASE, _RELEASE_TIMECENTS), (_SAMPLE_MODES, 1), (_SAMPLE_ID, 0)]
    chunks = {
        b"phdr": headers,
        b"pbag": b"".join(struct.pack("<HH", i, 0) for i in range(n_presets + 1)),
        b"pmod": bytes(10),
        b"pgen": b"".join(struct.pack("<HH", _INSTRUMENT, 0) for _ in presets) + bytes(4),
        b"inst": struct.pack("<20sH", b"tiny", 0) + struct.pack("<20sH", b"EOI", 1),
        b"ibag": struct.pack("<HHHH", 0, 0, len(generators), 0),
        b"imod": bytes(10),
        b"igen": b"".join(struct.pack("<Hh", *one) for one in generators) + bytes(4),
        b"shdr": struct.pack("<20sIIIIIBbHH", b"wave", 0, n, _CYCLE, n - _CYCLE, RATE, ROOT_KEY, tuning, 0, 1)
        + struct.pack("<20sIIIIIBbHH", b"EOS", 0, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    information = (
        _chunk(b"ifil", struct.pack("<HH", 2, 1)) + _chunk(b"isng", b"EMU8000\0") + _chunk(b"INAM", b"tiny\0\0")
    )
    body = b"sfbk" + _list(b"INFO", information) + _list(b"sdta", _chunk(b"smpl", samples))
    body += _list(b"pdta", b"".join(_chunk(name, data) for name, data in chunks.items()))
    path.write_bytes(_chunk(b"RIFF", body))
    return path


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def _list(name: bytes, data: bytes) -> bytes:
    return _chunk(b"LIST", name + data)
