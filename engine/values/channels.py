# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares the mixer's channels: how many there are, what each goes through, and what each tells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

MIXER_CHANNELS = 8
"""Number of channels of the mixer; each holds one loop that leads and what takes over from it."""
ENDLESS = 0
"""Number of the channel on which the endless studio plays."""
MIX = -1
"""Number by which the sum of all channels is set as a channel is: gain, mute, effects, oscillators, held effects."""
MOST_FEEDBACK = 0.95
"""Largest feedback of a delay: with more its echoes would hardly end."""
LFO_RETURN_MS = 80.0
"""Time in which a parameter returns to where it was set when its oscillator is taken away."""

LOWEST_HZ, HIGHEST_HZ = 20.0, 20_000.0
"""Corner frequencies between which filters are set."""
_WAH_OCTAVES = 6.0


@dataclass(frozen=True, slots=True)
class Effects:
    """The effects of a channel, in the order in which they are heard; what is None or 0 is not there.

    Attributes
    ----------
    highpass_hz
        Corner frequency of a first-order filter, 20 to 20 000.
    lowpass_hz, resonance
        Corner frequency of a second-order filter, 20 to 20 000 (there it is off), and how much of it rings at the
        corner, in [0, 1].
    delay
        How much is sent into a delay that comes after the filters, in [0, 1].
    delay_beats
        Its time in beats, above 0; one longer than 4 s is halved until it is not.
    delay_feedback
        How much of each echo comes again, in [0, ``MOST_FEEDBACK``].
    reverb
        How much of a room is added to the sound, in [0, 1].
    room
        How large the room is, in [0, 1].
    """

    highpass_hz: float | None = None
    lowpass_hz: float | None = None
    reverb: float = 0.0
    room: float = 0.5
    resonance: float = 0.0
    delay: float = 0.0
    delay_beats: Fraction = Fraction(3, 4)
    delay_feedback: float = 0.4

    def __post_init__(self) -> None:
        if self.delay_beats <= 0 or not 0.0 <= self.delay_feedback <= MOST_FEEDBACK:
            raise ValueError(f"a delay of {self.delay_beats} beats with a feedback of {self.delay_feedback}")


BOUNDS = {
    "gain": (0.0, 1.0),
    "highpass_hz": (20.0, 20_000.0),
    "lowpass_hz": (20.0, 20_000.0),
    "resonance": (0.0, 1.0),
    "reverb": (0.0, 1.0),
    "room": (0.0, 1.0),
    "delay": (0.0, 1.0),
    "delay_beats": (1 / 16, 16.0),
    "delay_feedback": (0.0, MOST_FEEDBACK),
}
"""Least and largest value of each effect that can be set, and of the gain, by the names of their fields."""


class ChannelParameter(StrEnum):
    """A channel parameter is one that an ``Lfo`` or a ``Curve`` can move."""

    GAIN = "gain"
    HIGHPASS_HZ = "highpass_hz"
    LOWPASS_HZ = "lowpass_hz"
    RESONANCE = "resonance"
    DELAY = "delay"
    DELAY_FEEDBACK = "delay_feedback"
    REVERB = "reverb"
    ROOM = "room"


class LfoShape(StrEnum):
    """The course of a low-frequency oscillator over one of its cycles, which begins at its low end."""

    SINE = "sine"
    TRIANGLE = "triangle"
    SAW = "saw"
    SQUARE = "square"
    WAH = "wah"
    """Closed for the first half, then quickly open (12 % of the cycle), and quickly closed again (6 %)."""


@dataclass(frozen=True, slots=True)
class Lfo:
    """A low-frequency oscillator in step with the bar clock.

    Attributes
    ----------
    low, high
        The parameter's values between which it goes; frequencies (Hz) are gone through by ratio.
    bars
        Length of a cycle in bars, above 0; ``Fraction(1, 4)`` is a beat of four-four time.
    phase
        The part of a cycle that is over where a bar with a number divisible by ``bars`` begins, in [0, 1).
    """

    low: float
    high: float
    bars: Fraction = Fraction(1)
    shape: LfoShape = LfoShape.SINE
    phase: float = 0.0

    def __post_init__(self) -> None:
        if self.bars <= 0:
            raise ValueError(f"a cycle of {self.bars} bars")


MOST_CURVE_VALUES = 8192
"""Largest number of values of a curve."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve is the course of a parameter over some bars, in step with the bar clock, again and again.

    Attributes
    ----------
    values
        At equal distances, the first where a bar with a number divisible by ``bars`` begins; 1 to
        ``MOST_CURVE_VALUES`` of them. Between them it goes straight, frequencies (Hz) by ratio, and from the last
        to the first. A curve of the gain is the whole gain while it lasts.
    bars
        Their length in bars, above 0.
    """

    values: tuple[float, ...]
    bars: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        if not 1 <= len(self.values) <= MOST_CURVE_VALUES or self.bars <= 0:
            raise ValueError(f"a curve of {len(self.values)} values in {self.bars} bars")

    def at(self, over: float, *, by_ratio: bool) -> float:
        """Return its value where so much of it is over, in [0, 1)."""
        n_values = len(self.values)
        if n_values == 1:
            return self.values[0]
        place = over * n_values
        index = int(place)
        before, after = self.values[index % n_values], self.values[(index + 1) % n_values]
        if before == after:
            return before
        share = place - index
        return before * (after / before) ** share if by_ratio else before + (after - before) * share


Automation = Lfo | Curve
"""These move a parameter in step with the bars."""

BY_RATIO = (ChannelParameter.HIGHPASS_HZ, ChannelParameter.LOWPASS_HZ)
"""Parameters that are moved by ratio, as pitch is heard."""


def wah(
    cutoff_hz: float,
    depth: float,
    *,
    beats: Fraction = Fraction(1),
    shape: LfoShape = LfoShape.SINE,
    beats_per_bar: int = 4,
    phase: float = 0.0,
) -> Lfo:
    """Return the oscillator that sweeps a low-pass around its corner: it opens upwards, wherever the corner is.

    Parameters
    ----------
    cutoff_hz
        The corner as it was set. The sweep is as wide at both ends of the range as in its middle, and stays within:
        near an end it lies beside the corner.
    depth
        How wide the sweep is, in [0, 1]: 1 is six octaves.
    beats
        Length of a cycle, above 0.
    """
    half = 2.0 ** (0.5 * _WAH_OCTAVES * min(max(depth, 0.0), 1.0))
    middle = min(max(cutoff_hz, LOWEST_HZ * half), HIGHEST_HZ / half)
    low, high = max(LOWEST_HZ, middle / half), min(HIGHEST_HZ, middle * half)
    return Lfo(low, high, beats / beats_per_bar, shape, phase)


@dataclass(frozen=True, slots=True)
class BarLock:
    """A bar lock has a loop begin with a line of the bar clock and go on in step with it; lines are counted in bars.

    Attributes
    ----------
    bars
        Length of the loop, at least 1. Each of its turns begins with the clock's own sample.
    every, first
        It begins at a line whose bars, less ``first``, are a multiple of ``every`` (above 0): ``Fraction(1, 4)`` is
        every beat of four-four time.
    anchor
        The line at which a turn of it begins, before or after it is heard: between turns it comes in at the place
        where it would be. None is the line with which it begins to be heard.
    fade_ms
        Length of the crossfade that ends with the line.
    not_before
        It begins at no line before this one; None is any that comes.
    """

    bars: int
    every: Fraction = Fraction(1)
    first: Fraction = Fraction(0)
    anchor: Fraction | None = None
    fade_ms: float = 10.0
    not_before: Fraction | None = None

    def __post_init__(self) -> None:
        if self.bars < 1 or self.every <= 0:
            raise ValueError(f"a loop of {self.bars} bars that begins every {self.every}")


@dataclass(frozen=True, slots=True)
class ChannelSnapshot:
    """A channel snapshot tells what is heard on a channel.

    Attributes
    ----------
    loop_id
        Of the loop that leads (the incoming one from the middle of a takeover), or None when nothing plays.
    position_samples
        Of the playhead within that baked loop, at the moment it is heard (device latency taken off).
    turns
        Whole turns of that loop since it came in.
    incoming_id, fade
        Of the loop that is coming in, and how much of its crossfade was heard, in [0, 1]; None and 0 between takeovers.
    is_paused
        Whether the channel stands still.
    """

    loop_id: int | None = None
    position_samples: int = 0
    turns: int = 0
    incoming_id: int | None = None
    fade: float = 0.0
    is_paused: bool = False


SILENT_CHANNEL = ChannelSnapshot()
"""Snapshot of a channel on which nothing plays."""
