# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what is told and drawn of the transition that comes, and how a person changes it.

Places in the leading loop are counted in samples from where it came in, on over its turns, unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.values.arrays import FloatArray, IntArray, read_only
from engine.values.pictures import PeakPyramid
from engine.values.playback import BarGrid
from engine.values.transitions import Entry, FadeCurve


@dataclass(frozen=True, slots=True)
class TransitionEdit:
    """A transition edit says how a person has one transition be made otherwise than planned; the next is as ever.

    Attributes
    ----------
    lead_id, incoming_id
        Of the loops that it is between.
    entry_samples
        Where it begins; None is as planned.
    bars
        Its length in bars of the leading loop, at least 1; None or ``overlap_ms`` where that is set instead.
    overlap_ms
        Its length in milliseconds; None is as planned, or by ``bars``.
    """

    lead_id: int
    incoming_id: int
    entry_samples: int | None = None
    bars: int | None = None
    overlap_ms: float | None = None

    @property
    def is_empty(self) -> bool:
        """Return whether all is as planned."""
        return (self.entry_samples, self.bars, self.overlap_ms) == (None, None, None)


@dataclass(frozen=True, slots=True)
class ComingTransition:
    """A coming transition tells how the next loop is to take over from the one that leads, as far as it is known now.

    Attributes
    ----------
    entry
        By which rule it begins, where no place was chosen for it.
    entry_samples
        Where it begins, if nothing changes until then; None while the loop that plays is held.
    places
        Where in one turn of the leading loop a person can have it begin, ascending, in [0, turn_samples).
    turn_samples
        Length of the leading loop.
    fade_samples
        Length of the crossfade.
    bars
        The same in bars of the leading loop; 0 where it is as long as the overlap.
    lead_grid
        The leading loop's bars; None in free time.
    tempos_bpm
        Of the leading loop, at which the incoming one starts, and the incoming loop's own; None if not matched.
    swaps_bass
        Whether the low bands are exchanged in the middle.
    is_planned
        Whether it is worked out: until then tempos and bass are as wished, and it cannot be drawn.
    is_sounding
        Whether it has begun: nothing can be changed any more.
    edit
        What the person changed; None where it is as planned.
    """

    lead_id: int
    incoming_id: int
    lead_title: str
    incoming_title: str
    entry: Entry
    entry_samples: int | None
    places: tuple[int, ...]
    turn_samples: int
    fade_samples: int
    bars: int
    sample_rate: int
    lead_grid: BarGrid | None = None
    tempos_bpm: tuple[float, float] | None = None
    swaps_bass: bool = False
    is_planned: bool = True
    is_sounding: bool = False
    edit: TransitionEdit | None = None


@dataclass(frozen=True, eq=False, slots=True)
class TransitionExcerpt:
    """A transition excerpt is all of two loops and a plan that a picture of the transition is drawn from.

    Attributes
    ----------
    lead_id, incoming_id
        Of both loops.
    lead
        What the leading loop plays, float32, shape ``(before_samples + fade_samples, n_channels)``.
    incoming
        What the incoming loop plays from the entry on, its lead-in first, likewise.
    before_samples
        Row of ``lead`` at which the transition begins.
    place
        Place of the entry within one turn of the leading loop.
    correlation
        By which both sides are blended; None where that is measured when it begins.
    swaps_bass
        Whether the low bands are exchanged.
    incoming_places
        Place of the incoming loop at every ``PLACE_HOP_SAMPLES``-th row of ``incoming``, on over its turns, fractional.
    grids
        Bars of both loops, where they are known.
    """

    lead_id: int
    incoming_id: int
    lead: FloatArray
    incoming: FloatArray
    before_samples: int
    place: int
    fade_samples: int
    curve: FadeCurve
    correlation: float | None
    swaps_bass: bool
    incoming_places: FloatArray
    grids: tuple[BarGrid | None, BarGrid | None]
    tempos_bpm: tuple[float, float] | None
    sample_rate: int


@dataclass(frozen=True, eq=False, slots=True)
class TransitionPicture:
    """A transition picture shows both loops around a takeover on one time axis, with the gains that the mixer applies.

    Attributes
    ----------
    lead_id, incoming_id, place, fade_samples
        Of what it is the picture: see ``TransitionExcerpt``.
    before_samples
        Sample of the picture at which the transition begins.
    lead, incoming
        Peaks of either loop at its own level, over the picture's length.
    lead_heard, incoming_heard
        The same as it is heard, low bands at their own gains; silent where the loop is not heard.
    gains_at
        Samples after the entry for which the gains are told: int64, ascending from 0 to ``fade_samples - 1``.
    lead_gain, incoming_gain
        Linear gains there, float32, shape ``(n_points,)``.
    lead_bass_gain, incoming_bass_gain
        Gains of the low bands, likewise; None where they go with the rest.
    bass_swap
        First and last sample after the entry of the exchange of the low bands; None for no such.
    lead_bars, incoming_bars
        Samples of the picture at which bars of either loop begin, where it is heard: int64, ascending.
    speeds_at, speeds
        Samples after the entry, and the speed of the incoming loop there, 1 being its own; empty where not stretched.
    tempos_bpm
        Of the leading loop, at which the incoming one starts, and the incoming loop's own; None if not matched.
    correlation
        Of both sides, as they are blended, in [-1, 1].
    """

    lead_id: int
    incoming_id: int
    place: int
    fade_samples: int
    before_samples: int
    lead: PeakPyramid
    incoming: PeakPyramid
    lead_heard: PeakPyramid
    incoming_heard: PeakPyramid
    gains_at: IntArray
    lead_gain: FloatArray
    incoming_gain: FloatArray
    lead_bass_gain: FloatArray | None
    incoming_bass_gain: FloatArray | None
    bass_swap: tuple[int, int] | None
    lead_bars: IntArray
    incoming_bars: IntArray
    speeds_at: IntArray
    speeds: FloatArray
    tempos_bpm: tuple[float, float] | None
    correlation: float
    sample_rate: int

    def __post_init__(self) -> None:
        for name in (
            "gains_at", "lead_gain", "incoming_gain", "lead_bass_gain", "incoming_bass_gain",
            "lead_bars", "incoming_bars", "speeds_at", "speeds",
        ):  # fmt: skip
            array = getattr(self, name)
            if array is not None:
                object.__setattr__(self, name, read_only(array))

    @property
    def n_samples(self) -> int:
        """Return the picture's length."""
        return self.lead.n_samples
