# SPDX-License-Identifier: GPL-3.0-or-later
"""An act is what a performer does in a jam: panels, keys, MIDI, scripts and commands all say it in these values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from engine.values.channels import ChannelParameter, Curve, Effects
from engine.values.held import Gate, Holdable
from engine.values.jam import LayerName, LayerPrompt, SwapAt, Wah


@dataclass(frozen=True, slots=True)
class Start:
    """Start the clock, with every layer that has a loop."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Fade all layers out."""


@dataclass(frozen=True, slots=True)
class RecordPhrase:
    """Record what comes in as a layer's loop, from the next bar on; once more ends it with a bar.

    In a jam that stands and has no loops it begins and ends at once, and says the tempo.
    """

    layer: LayerName


@dataclass(frozen=True, slots=True)
class Overdub:
    """Add what comes in to a layer's loop, from the next bar on; once more ends it with a bar."""

    layer: LayerName


@dataclass(frozen=True, slots=True)
class CancelPhrase:
    """Record no phrase: nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class HalveLoop:
    """Have a layer's loop be its first half."""

    layer: LayerName


@dataclass(frozen=True, slots=True)
class DoubleLoop:
    """Have a layer's loop be twice itself, for longer phrases over it."""

    layer: LayerName


@dataclass(frozen=True, slots=True)
class SetTempo:
    """Change the tempo, beats a minute in [60, 200], with the next bar for which all loops are ready."""

    bpm: float


@dataclass(frozen=True, slots=True)
class SetMetre:
    """Change the metre: every loop is made again."""

    metre: str


@dataclass(frozen=True, slots=True)
class SetKey:
    """Set the key of what is made from now on; "" leaves it to the generators."""

    key: str


@dataclass(frozen=True, slots=True)
class SetBars:
    """Set how many bars long what is made from now on is."""

    bars: int


@dataclass(frozen=True, slots=True)
class SetSwap:
    """Set where loops are swapped in, and the length of the crossfade, ms in [4, 40]; None leaves it."""

    at: SwapAt
    fade_ms: float | None = None


@dataclass(frozen=True, slots=True)
class SetPrompt:
    """Set what a layer's next loops are made of."""

    layer: LayerName
    prompt: LayerPrompt


@dataclass(frozen=True, slots=True)
class SetWords:
    """Set the words of a layer's next loops, which the same generator makes, by another seed each time."""

    layer: LayerName
    words: str


@dataclass(frozen=True, slots=True)
class SetGenerator:
    """Set which generator makes a layer's next loops, "" for the usual one, and with which model, "" for its own."""

    layer: LayerName
    generator: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class Make:
    """Have another loop made for a layer, which is queued when it is there."""

    layer: LayerName


@dataclass(frozen=True, slots=True)
class MakeTogether:
    """Have another loop made for each of these layers; they come together, as soon as all are there."""

    layers: tuple[LayerName, ...]


@dataclass(frozen=True, slots=True)
class SetEndless:
    """Have a layer go on for ever, from *stay* (``wander`` 0) to *wander* (1); None has it repeat what it plays."""

    layer: LayerName
    wander: float | None


@dataclass(frozen=True, slots=True)
class Reseed:
    """Have an endless layer go on from what all layers play together now."""

    layer: LayerName


@dataclass(frozen=True, slots=True)
class SetStyle:
    """Have a layer's next loops take their style from the mix, from which they may go as far as ``strength`` says.

    It is in [0, 1]: 0 stays, 1 takes nothing of it. None ends that.
    """

    layer: LayerName
    strength: float | None


@dataclass(frozen=True, slots=True)
class SetValues:
    """Set values of a layer's generator, as texts by their names, for its next loops; "" is as it is set elsewhere."""

    layer: LayerName
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CancelMaking:
    """Make nothing more for a layer."""

    layer: LayerName


@dataclass(frozen=True, slots=True)
class GoBack:
    """Queue the loop that played so many before on a layer (``by`` below 0), or after."""

    layer: LayerName
    by: int = -1


@dataclass(frozen=True, slots=True)
class CallOff:
    """Let what is queued on a layer not come."""

    layer: LayerName


@dataclass(frozen=True, slots=True)
class Bring:
    """Queue the loop in a file, or in a take of the library by its file, or lay it into a slot, counted from 1.

    ``is_transposed`` moves it to the jam's key, where there is one and the layer has pitches.
    """

    layer: LayerName
    path: str
    slot: int | None = None
    is_transposed: bool = False


@dataclass(frozen=True, slots=True)
class Silence:
    """Fade a layer out, and leave it empty."""

    layer: LayerName


@dataclass(frozen=True, slots=True)
class Assign:
    """Lay what plays on a layer into a slot, counted from 1; while nothing plays, empty that."""

    layer: LayerName
    slot: int


@dataclass(frozen=True, slots=True)
class NameSlot:
    """Give the loop in a slot another title."""

    layer: LayerName
    slot: int
    title: str


@dataclass(frozen=True, slots=True)
class QueueSlot:
    """Queue what lies in a slot, to come where loops are swapped in, or at another place."""

    layer: LayerName
    slot: int
    at: SwapAt | None = None


@dataclass(frozen=True, slots=True)
class QueueScene:
    """Queue a scene: what lies in the slot of this number of each layer comes together, with one sample."""

    slot: int
    at: SwapAt | None = None


@dataclass(frozen=True, slots=True)
class SetGain:
    """Set the gain of a layer, or of all together (None), linear in [0, 1]."""

    layer: LayerName | None
    gain: float


@dataclass(frozen=True, slots=True)
class SetMute:
    """Silence a layer, which goes on, or have it heard again."""

    layer: LayerName
    is_muted: bool


@dataclass(frozen=True, slots=True)
class SetSolo:
    """Have only the layers heard that are solo, while any is."""

    layer: LayerName
    is_solo: bool


@dataclass(frozen=True, slots=True)
class SetEffects:
    """Move the effects of a layer, or of all together (None), there."""

    layer: LayerName | None
    effects: Effects


@dataclass(frozen=True, slots=True)
class ChangeEffects:
    """Change effects by their names, of a layer or of all together (None); those that are not named stay."""

    layer: LayerName | None
    values: tuple[tuple[str, float | Fraction], ...]


@dataclass(frozen=True, slots=True)
class SetWah:
    """Have the low-pass of a layer, or of all together (None), swept in step with the beats; no wah ends it."""

    layer: LayerName | None
    wah: Wah | None


@dataclass(frozen=True, slots=True)
class Hold:
    """Hold an effect on a layer, or on all together (None); none lets it go."""

    layer: LayerName | None
    effect: Holdable | None


@dataclass(frozen=True, slots=True)
class SetGate:
    """Set the gate that is held on a layer, or on all together (None), by its key."""

    layer: LayerName | None
    gate: Gate


@dataclass(frozen=True, slots=True)
class SetAutomation:
    """Have a curve move a parameter of a layer, or of all together (None), turn by turn; no curve ends it."""

    layer: LayerName | None
    parameter: ChannelParameter
    curve: Curve | None


@dataclass(frozen=True, slots=True)
class ArmAutomation:
    """Record what is done to knobs from now on, in step with the bars, or no longer."""

    is_armed: bool


@dataclass(frozen=True, slots=True)
class Touch:
    """Tell that a hand is on a knob of a layer, or of all together (None), or leaves it: meanwhile it has it."""

    layer: LayerName | None
    parameter: ChannelParameter
    is_held: bool


JamAct = (
    Start
    | Stop
    | SetTempo
    | SetMetre
    | SetKey
    | SetBars
    | SetSwap
    | SetPrompt
    | SetWords
    | SetGenerator
    | Make
    | MakeTogether
    | SetEndless
    | Reseed
    | SetStyle
    | SetValues
    | CancelMaking
    | GoBack
    | CallOff
    | Bring
    | Silence
    | Assign
    | NameSlot
    | QueueSlot
    | QueueScene
    | SetGain
    | SetMute
    | SetSolo
    | SetEffects
    | ChangeEffects
    | SetWah
    | Hold
    | SetGate
    | SetAutomation
    | ArmAutomation
    | Touch
    | RecordPhrase
    | Overdub
    | CancelPhrase
    | HalveLoop
    | DoubleLoop
)
