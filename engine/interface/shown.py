# SPDX-License-Identifier: GPL-3.0-or-later
"""This module shows a sound as HTML: a player of the browser's, the sound inside, and words below it."""

from __future__ import annotations

import base64
import io
import wave
from collections.abc import Iterable
from html import escape

from engine.dsp.mixdown import mix_down
from engine.dsp.pcm import to_pcm16
from engine.values import FloatArray

MOST_BYTES = 6_000_000
"""Number of bytes of sound that one player holds at most: half a minute of a clip."""


def html_of(samples: FloatArray, sample_rate: int, title: str, facts: Iterable[str], *, is_loop: bool = False) -> str:
    """Return a ``<figure>`` that plays samples of shape ``(n_samples, n_channels)``; ``is_loop``: again and again.

    Of a sound that is longer than ``MOST_BYTES`` only the beginning is heard, which then is said.
    """
    heard = mix_down(samples[: MOST_BYTES // (2 * min(2, samples.shape[1]))])
    told = [one for one in facts if one]
    if len(heard) < len(samples):
        told.append(f"the first {len(heard) / sample_rate:.0f} s are heard here")
        is_loop = False
    sound = base64.b64encode(_wav(heard, sample_rate)).decode("ascii")
    loop = " loop" if is_loop else ""
    return (
        f'<figure><audio controls{loop} src="data:audio/wav;base64,{sound}"></audio>'
        f"<figcaption><b>{escape(title)}</b>: {escape(', '.join(told))}</figcaption></figure>"
    )


def _wav(samples: FloatArray, sample_rate: int) -> bytes:
    held = io.BytesIO()
    with wave.open(held, "wb") as out:
        out.setparams((samples.shape[1], 2, sample_rate, len(samples), "NONE", "not compressed"))
        out.writeframes(to_pcm16(samples).astype("<i2").tobytes())
    return held.getvalue()
