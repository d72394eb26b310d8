# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says how one loop follows another, what the audio process tells, and which devices there are."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.values.arrays import FloatArray, IntArray, read_only
from engine.values.channels import ENDLESS, ChannelSnapshot
from engine.values.inputs import InputSnapshot
from engine.values.options import (
    BASS_SWAP,
    BEAT_MATCH,
    OVERLAP,
    TEMPO_REACH,
    TRANSITION_BARS,
    TRANSITION_CURVE,
    TRANSITION_ENTRY,
)
from engine.values.transitions import Entry, FadeCurve

_ENTRY, _CURVE = Entry(TRANSITION_ENTRY.default_text), FadeCurve(TRANSITION_CURVE.default_text)


@dataclass(frozen=True, slots=True)
class TransitionWish:
    """This value says how the person has one loop follow another: where, for how long, and by which gains.

    Attributes
    ----------
    overlap_ms
        Length of the crossfade where ``bars`` is 0 or the leading loop has no known bars, 1 to 5000.
    bars
        Length in bars of the leading loop: one of ``TRANSITION_LENGTHS``, or as a person dragged it for one transition.
    beat_match
        Whether the incoming loop starts at the leading one's tempo, downbeat on downbeat, and eases to its own.
    reach
        How far the tempos may lie apart for that, as a share of the leading one (0.08 is 8 %), 0 to 0.25.
    bass_swap
        Whether the low bands are exchanged in the middle rather than blended.
    at_samples
        Place in the leading loop where this one transition begins, whatever ``entry`` says; None is by ``entry``.
    """

    entry: Entry = _ENTRY
    overlap_ms: float = OVERLAP.default_number
    bars: int = TRANSITION_BARS.default_whole
    curve: FadeCurve = _CURVE
    beat_match: bool = BEAT_MATCH.default_flag
    reach: float = TEMPO_REACH.default_number
    bass_swap: bool = BASS_SWAP.default_flag
    at_samples: int | None = None


@dataclass(frozen=True, slots=True)
class BarGrid:
    """A bar grid has the bars of a baked loop: bar ``i`` begins at ``first_samples + i * bar_samples``, whole or not.

    Attributes
    ----------
    first_samples
        Of the first downbeat at or after the loop's first sample, in [0, bar_samples).
    bar_samples
        Length of a bar, above 0.
    """

    first_samples: float
    bar_samples: float
    beats_per_bar: int

    def tempo_bpm(self, sample_rate: int) -> float:
        """Return the beats per minute at ``sample_rate`` Hz."""
        return 60.0 * self.beats_per_bar * sample_rate / self.bar_samples

    def phase_at(self, position_samples: float) -> float:
        """Return how much of its bar is over at a place in the loop, in [0, 1)."""
        phase: float = (position_samples - self.first_samples) / self.bar_samples % 1.0
        return phase if phase < 1.0 else 0.0


PLACE_HOP_SAMPLES = 1024
"""Samples between the places that ``TransitionPlan.lead_in_places`` tells."""


@dataclass(frozen=True, eq=False, slots=True)
class TransitionPlan:
    """A transition plan is a takeover made ready for the mixer: every array and position is at the mixer's rate.

    Attributes
    ----------
    n_samples
        Length of the crossfade, at least 1. Loops shorter than it are repeated.
    entries
        Places in the leading loop where it may begin, ascending; empty is at once, wherever the loop is.
    correlations
        For each entry, of what overlaps from there on, in [-1, 1].
    bars
        Of the leading and of the incoming loop, where the takeover begins at once and both are known: the incoming loop
        comes in at the phase of its bar that the leading loop has then. ``lead_in`` begins with a leading bar, and is
        entered as much later as is over of that; ``start_at`` holds where the loop that was planned for sounds no more.
    lead_in
        What the incoming loop plays before its own samples: itself, stretched to the leading tempo and eased to its
        own; float32, shape ``(n_lead_in_samples, n_channels)``; None for a loop that plays as it is from the start.
    lead_in_places
        The incoming loop's position at every ``PLACE_HOP_SAMPLES``-th sample of ``lead_in``.
    start_at
        The incoming loop's position at its first sample after ``lead_in``.
    bass, lead_in_bass, lead_bass
        The low bands of the incoming loop, of ``lead_in`` and of the leading loop, with their shapes; all None for no
        bass swap. A loop less its low band and its low band make up the loop exactly.
    tempos_bpm
        Tempo at which the incoming loop starts, and its own, where it is beat-matched.
    """

    n_samples: int
    curve: FadeCurve = FadeCurve.MATCHED
    entries: tuple[int, ...] = (0,)
    correlations: tuple[float, ...] = (0.0,)
    bars: tuple[BarGrid, BarGrid] | None = None
    lead_in: FloatArray | None = None
    lead_in_places: IntArray | None = None
    start_at: int = 0
    bass: FloatArray | None = None
    lead_in_bass: FloatArray | None = None
    lead_bass: FloatArray | None = None
    tempos_bpm: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        for name in ("lead_in", "lead_in_places", "bass", "lead_in_bass", "lead_bass"):
            array = getattr(self, name)
            if array is not None:
                object.__setattr__(self, name, read_only(array))


@dataclass(frozen=True, slots=True)
class PlaybackSnapshot:
    """A playback snapshot says what is heard, as the audio process tells it tens of times a second.

    Attributes
    ----------
    channels
        What is heard on each channel of the mixer.
    peak_db, rms_db
        Of the left and right output since the last snapshot, dBFS.
    xruns
        Under- and overflows since the audio process began.
    load
        Share of real time the callback used, in [0, 1].
    latency_s
        Output latency the device reports.
    device
        Name of the device, or "" on the silent clock.
    tape_frame
        Which frame of the tape is heard.
    bars
        Bars of the bar clock that are over, with the fraction of the present one.
    heard_at_s
        When all that is heard, by the monotonic clock; 0 where that is not known.
    input
        What comes in; None where no input is open.
    """

    channels: tuple[ChannelSnapshot, ...]
    peak_db: tuple[float, float]
    rms_db: tuple[float, float]
    xruns: int
    load: float
    latency_s: float
    device: str
    tape_frame: int = 0
    bars: float = 0.0
    heard_at_s: float = field(default=0.0, compare=False)
    input: InputSnapshot | None = None

    @property
    def endless(self) -> ChannelSnapshot:
        """Return what is heard on the channel of the endless studio."""
        return self.channels[ENDLESS]


@dataclass(frozen=True, slots=True)
class Meters:
    """Meters hold what the output measures now, as it is heard.

    Attributes
    ----------
    true_peak_db
        Highest true peak of either channel since the last reading, dBTP (ITU-R BS.1770-4, annex 2).
    short_term_lufs
        Loudness of the last 3 s (EBU Tech 3341); -120 is silence.
    """

    true_peak_db: float
    short_term_lufs: float


@dataclass(frozen=True, slots=True)
class MusicInHand:
    """Music in hand is how long the music lasts if nothing more is made, against how long making takes.

    Attributes
    ----------
    prepared_s
        What is left of the minimum play of the loop that plays, and that of every loop that is ready.
    n_ready
        Loops that are ready or coming.
    making_s
        How long a loop took to make lately; None until one was made.
    """

    prepared_s: float
    n_ready: int
    making_s: float | None


@dataclass(frozen=True, slots=True)
class TransportState:
    """A transport state is what the transport's buttons show.

    Attributes
    ----------
    is_held
        The loop that plays stays until it is let go.
    has_next, has_previous
        Whether there is a loop to go to.
    is_favourite
        Of the take that plays; ``can_rate`` tells whether it is one, or can be (starter loops cannot).
    is_unkept
        Whether what plays is a sound that was brought and is not in the library: as a favourite it is kept there.
    recording
        Path of the file that is being recorded to, or "".
    sleep_left_s
        Seconds until the sleep timer has faded the music out, or None when it is off.
    """

    is_running: bool = False
    is_paused: bool = False
    is_held: bool = False
    has_next: bool = False
    has_previous: bool = False
    is_favourite: bool = False
    can_rate: bool = False
    is_unkept: bool = False
    recording: str = ""
    sleep_left_s: float | None = None


@dataclass(frozen=True, slots=True)
class OutputDevice:
    """An output device is a place sound can go to, named by host API and device name (indices change between runs)."""

    host_api: str
    name: str
    n_channels: int
    default_sample_rate: int
    is_default: bool
