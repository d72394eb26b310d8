# SPDX-License-Identifier: GPL-3.0-or-later
"""This module turns what a generator delivers into a studio clip: held against the request, then let in by the gate."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import ConstantClip, GeneratorClipLength, GeneratorOutputBad, NonFiniteClip, SilentClip
from engine.library.importing import admitted_with
from engine.values import Clip

MIN_DURATION_SHARE = 0.5
"""Share of the requested duration below which a clip is not what was asked for."""
MAX_DURATION_SHARE, MAX_SURPLUS_S = 1.5, 2.0
"""Share of the requested duration, and seconds more: a clip beyond both together is not what was asked for either."""

MAX_CHANNELS = 2


def longest_s(requested_s: float) -> float:
    """Return how long a clip may be, in seconds, of which so many seconds were asked for."""
    return MAX_DURATION_SHARE * requested_s + MAX_SURPLUS_S


def conform(clip: Clip, *, generator: str, requested_s: float) -> Clip:
    """Return a generator's clip as the studio's gate lets it in: see ``conform_with``."""
    return conform_with(clip, {}, generator=generator, requested_s=requested_s)[0]


def conform_with(
    clip: Clip, stems: Mapping[str, Clip], *, generator: str, requested_s: float
) -> tuple[Clip, dict[str, Clip]]:
    """Return a generator's clip and its stems as the studio's gate lets them in.

    See ``engine.library.importing.admitted_with``.

    Parameters
    ----------
    clip
        What the generator delivered: any sample rate, one or two channels, any level. When it wraps, so does the
        result: its period stays whole.
    stems
        By name, what the clip is the sum of.
    generator
        The generator's title, for the error.
    requested_s
        What was asked for, seconds.

    Raises
    ------
    GeneratorOutputBad
        The clip has more than two channels, is shorter than half of ``requested_s`` or longer than ``longest_s``, holds
        NaN or infinite samples, or is silent; or a stem is of another shape.
    """
    check_shape(duration_s=clip.duration_s, n_channels=clip.n_channels, generator=generator, requested_s=requested_s)
    if any(one.samples.shape != clip.samples.shape or one.sample_rate != clip.sample_rate for one in stems.values()):
        raise GeneratorOutputBad(generator=generator, detail="its stems are not as long as its clip")
    try:
        return admitted_with(clip, stems)
    except NonFiniteClip as error:
        detail = f"{error.fields['n_bad']} samples are not numbers (NaN or infinite)"
    except ConstantClip as error:
        detail = f"it is silent (its samples stand still at {error.fields['offset']:.2g} of full scale)"
    except SilentClip as error:
        detail = f"it is silent (its peak is {error.fields['peak_db']:.0f} dBFS)"
    raise GeneratorOutputBad(generator=generator, detail=detail)


def check_shape(*, duration_s: float, n_channels: int, generator: str, requested_s: float) -> None:
    """Refuse what can be told of a clip before its samples are read. Raises GeneratorOutputBad."""
    if n_channels > MAX_CHANNELS:
        raise GeneratorOutputBad(generator=generator, detail=f"it has {n_channels} channels, not one or two")
    if not MIN_DURATION_SHARE * requested_s <= duration_s <= longest_s(requested_s):
        raise GeneratorClipLength(generator=generator, duration_s=duration_s, requested_s=requested_s)
