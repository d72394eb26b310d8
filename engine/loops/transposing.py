# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays a sound in another key, as long and as fast as it was, by what stretches loops."""

from __future__ import annotations

import numpy as np

from engine.dsp.features import Listener
from engine.dsp.key import estimate_key
from engine.dsp.keynames import key_parts
from engine.dsp.stretch import stretch_clip
from engine.loops.shaped import stretched
from engine.values import Clip

RELATIVE_SEMITONES = 3
"""Semitones from the tonic of a minor key up to that of its relative major."""
MOST_AT_ONCE = 4
"""Semitones that are stretched at once, at most: by more the stretch would be too far."""


def key_of(clip: Clip) -> str | None:
    """Return the key that is heard in a clip, or None. Raises BadClip for samples that cannot be measured."""
    return estimate_key(Listener(clip).whole.chroma)


def semitones_between(own: str, wanted: str) -> int:
    """Return by how many semitones a key is moved to have the notes of another one, the nearer way: in [-6, 5].

    A major key and its relative minor have the same. Of a name that is no key, 0.
    """
    parts = key_parts(own), key_parts(wanted)
    if parts[0] is None or parts[1] is None:
        return 0
    before, after = (tonic + (RELATIVE_SEMITONES if is_minor else 0) for tonic, is_minor in (parts[0], parts[1]))
    return (after - before + 6) % 12 - 6


def moved_key(own: str, semitones: int) -> str:
    """Return the name of a key so many semitones above. Raises ValueError for a name that is no key."""
    from engine.dsp.keynames import key_name

    parts = key_parts(own)
    if parts is None:
        raise ValueError(own)
    return key_name((parts[0] + semitones) % 12, is_minor=parts[1])


def transposed(clip: Clip, semitones: int) -> Clip:
    """Return a clip so many semitones higher, in [-6, 6], of the same length; one that goes round still does."""
    if abs(semitones) > MOST_AT_ONCE:
        half = semitones // 2
        return transposed(transposed(clip, half), semitones - half)
    if not semitones:
        return clip
    from scipy.signal import resample

    # Slower, pitch kept; then as fast as before, and higher.
    speed = 2.0 ** (-semitones / 12.0)
    slower = stretched(clip.samples, clip.sample_rate, speed) if clip.wraps else stretch_clip(clip, speed).samples
    samples = np.ascontiguousarray(resample(slower, clip.n_samples, axis=0), dtype=np.float32)
    return Clip(samples, clip.sample_rate, wraps=clip.wraps)
