# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares a jam: its layers, its loops, when they swap, and what is shown of all that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from engine.values.audio import BakedLoop, Clip
from engine.values.channels import ChannelParameter, Curve, Effects, LfoShape
from engine.values.held import Gate
from engine.values.layers import LAYERS, Layer
from engine.values.loops import MusicFacts
from engine.values.takes import Recipe

LOWEST_JAM_BPM, HIGHEST_JAM_BPM = 60.0, 200.0
"""Tempos of a jam, beats a minute."""
JAM_BARS = (1, 2, 4, 8)
"""Lengths in bars of what is made for a jam."""
USUAL_BARS = 4
"""Length with which a jam begins."""
SHORTEST_SWAP_MS, USUAL_SWAP_MS, LONGEST_SWAP_MS = 4.0, 10.0, 40.0
"""Lengths of the crossfade of a swap, milliseconds."""
USUAL_STYLE, USUAL_STYLE_OF_DRUMS = 0.65, 0.8
"""How far a layer's loops, and those of drums, may go from the mix whose style they take, in [0, 1] (jerry4loops's)."""
USUAL_WANDER = 0.3
"""How far each part of an endless layer moves from the one before, in [0, 1]."""
SLOTS_PER_PAGE, SLOT_PAGES = 4, 4
N_SLOTS = SLOTS_PER_PAGE * SLOT_PAGES
"""Number of slots of a layer, on some pages."""


class LayerName(StrEnum):
    """The layers of a jam, each on a channel of its own."""

    DRUMS = "drums"
    INSTRUMENTS = "instruments"
    BASS = "bass"
    CHORDS = "chords"
    LEAD = "lead"
    NOISE = "noise"

    @property
    def channel(self) -> int:
        """Return the number of its channel of the mixer."""
        return 1 + list(LayerName).index(self)

    @property
    def heard(self) -> Layer:
        """Return the parts of the music that are heard on it."""
        return LAYERS[self.value]


def usual_style(name: LayerName) -> float:
    """Return how far a layer's loops may go from the mix whose style they take, where nothing else is said."""
    return USUAL_STYLE_OF_DRUMS if name is LayerName.DRUMS else USUAL_STYLE


class SwapAt(StrEnum):
    """A loop is swapped in at one of these places."""

    BAR = "bar"
    """The next bar: the loop begins with its first one."""
    LOOP_END = "loop-end"
    """The end of the loop that plays on the layer."""
    BEAT = "beat"
    """The next beat: the loop goes on at the place where the one before is."""


@dataclass(frozen=True, slots=True)
class Groove:
    """A groove is what all layers of a jam keep to.

    Attributes
    ----------
    bpm
        Beats a minute, in [60, 200], of two decimals at most.
    metre
        As “4/4”; the tempo counts its beats.
    key
        As “A minor”; "" leaves it to the generators.
    """

    bpm: float = 120.0
    metre: str = "4/4"
    key: str = ""

    @property
    def beats_per_bar(self) -> int:
        return int(self.metre.partition("/")[0])

    @property
    def exact_bpm(self) -> Fraction:
        """Return the tempo as the bar clock takes it."""
        return Fraction(str(self.bpm))


@dataclass(frozen=True, slots=True)
class LayerPrompt:
    """A layer's prompt is what it is made of: words, generator and model ("" is the default), and perhaps a seed."""

    prompt: str
    generator: str = ""
    model: str = ""
    seed: int | None = None


USUAL_PROMPTS = {
    LayerName.DRUMS: LayerPrompt("hard hitting trap drums"),
    LayerName.INSTRUMENTS: LayerPrompt("ambient piano chords"),
    LayerName.BASS: LayerPrompt("warm round bass"),
    LayerName.CHORDS: LayerPrompt("soft electric piano chords"),
    LayerName.LEAD: LayerPrompt("gentle bell melody"),
    LayerName.NOISE: LayerPrompt("vinyl crackle and tape air"),
}
"""Prompts with which a jam begins."""


@dataclass(frozen=True, slots=True)
class Character:
    """The character of a loop: where the middle of its spectrum lies, Hz, and how many onsets it has in a second."""

    centre_hz: float
    onsets_per_s: float


@dataclass(frozen=True, eq=False, slots=True)
class JamLoop:
    """A jam's loop is a clip, and the loop of whole bars that was shaped of it for a groove.

    Attributes
    ----------
    clip, facts
        Where it comes from, a clip that goes round, with its tempo, metre and bars.
    recipe
        How that was made.
    bars
        Its length.
    groove
        The groove that it was shaped for, of which tempo and metre count.
    baked
        Its samples: those of the longer turn (``engine.playback.mix.locked``).
    lufs
        How loud it was before.
    character
        How it sounds, or None where that was not measured.
    """

    loop_id: int
    layer: LayerName
    clip: Clip
    facts: MusicFacts
    recipe: Recipe
    bars: int
    groove: Groove
    baked: BakedLoop
    lufs: float
    character: Character | None = None

    @property
    def title(self) -> str:
        return self.recipe.title

    @property
    def n_samples(self) -> int:
        """Return how many samples it holds, those of its clip and its own."""
        own = 0 if self.baked.samples is self.clip.samples else len(self.baked.samples)
        return self.clip.n_samples + own

    def fits(self, groove: Groove) -> bool:
        """Return whether it is in step with this groove."""
        return (self.groove.bpm, self.groove.metre) == (groove.bpm, groove.metre)


@dataclass(frozen=True, slots=True)
class Wah:
    """A wah sweeps a low-pass around where it is set, in step with the beats.

    Attributes
    ----------
    depth
        How wide the sweep is, in [0, 1]: 1 is six octaves.
    beats
        Length of a cycle, in [1/16, 64].
    """

    depth: float = 0.5
    beats: Fraction = Fraction(1)
    shape: LfoShape = LfoShape.WAH


@dataclass(frozen=True, slots=True)
class LayerMix:
    """A layer's mix, or that of all layers, is how it is heard: gain (linear, in [0, 1]), mute, solo, effects, wah.

    ``gate`` is the gate that its key holds, ``curves`` what moves parameters in step with the bars.
    """

    gain: float = 1.0
    is_muted: bool = False
    is_solo: bool = False
    effects: Effects = field(default_factory=Effects)
    wah: Wah | None = None
    gate: Gate = field(default_factory=Gate)
    curves: Mapping[ChannelParameter, Curve] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True)
class LayerState:
    """A layer's state is what is shown of it.

    Attributes
    ----------
    playing, waiting
        The loop that plays, and the one that is queued; None where there is none.
    comes_at
        Bars that are over on the clock where the one that waits is to begin.
    n_versions, n_later
        How many loops were played before what plays, to which one can go back, and after it.
    making
        Fraction that is done of what is made, in [0, 1]; None while nothing is made, -1 where that cannot be told.
    is_shaping, is_ready
        Whether a loop is being shaped for it; whether one is ready, and waits for those of other layers.
    wander
        How far each part moves from the one before where it goes on for ever, in [0, 1]; None where it repeats.
    slots
        Titles of the loops in its slots, "" for an empty one.
    playing_slots, waiting_slots
        Numbers of the slots, from 1 on, in which the loop lies that plays, and the one that is queued.
    style, values
        As in ``KeptLayer``.
    """

    name: LayerName
    prompt: LayerPrompt
    mix: LayerMix
    playing: JamLoop | None = None
    anchor: Fraction | None = None
    waiting: JamLoop | None = None
    comes_at: Fraction | None = None
    n_versions: int = 0
    n_later: int = 0
    making: float | None = None
    is_shaping: bool = False
    is_ready: bool = False
    wander: float | None = None
    slots: tuple[str, ...] = ("",) * N_SLOTS
    playing_slots: frozenset[int] = frozenset()
    waiting_slots: frozenset[int] = frozenset()
    style: float | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True)
class JamState:
    """A jam's state is all that is shown of it but for the place in the bars, which goes by snapshots.

    Attributes
    ----------
    coming
        The groove that is being prepared, or None.
    mix
        How all of it together is heard; it has no mute and no solo.
    is_armed
        Whether what hands do to knobs is recorded.
    """

    is_running: bool
    groove: Groove
    bars: int
    swap_at: SwapAt
    fade_ms: float
    layers: tuple[LayerState, ...]
    coming: Groove | None = None
    mix: LayerMix = field(default_factory=LayerMix)
    is_armed: bool = False


def new_jam() -> JamState:
    """Return the state of a jam in which nothing was done yet."""
    layers = tuple(LayerState(name, prompt, LayerMix()) for name, prompt in USUAL_PROMPTS.items())
    return JamState(False, Groove(), USUAL_BARS, SwapAt.LOOP_END, USUAL_SWAP_MS, layers)
