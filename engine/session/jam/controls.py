# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam's controls turn what MIDI says into acts, by a map; a knob takes hold where the value is, so nothing jumps."""

from __future__ import annotations

from dataclasses import dataclass

from psygnal import Signal

from engine.errors import StudioError
from engine.session.jam.acting import act
from engine.session.jam.jam import Jam
from engine.session.jam.knobs import KNOBS, TEMPO, Place, position_of_tempo, tempo_at
from engine.session.jam.midi_words import (
    Deed,
    Held,
    Played,
    Pressed,
    Switch,
    Switched,
    Tapped,
    Turned,
    Words,
    read_words,
    switched,
)
from engine.session.ports import Clock
from engine.values import jam_acts as acts
from engine.values.jam import JamState, LayerMix, LayerName
from engine.values.midi import MidiControl, MidiKind, MidiMap, MidiMessage

LONG_PRESS_S = 0.5
"""Seconds after which a press is a long one, as in the window."""
NEAR = 1.5 / 127
"""How near a knob must come to a value to take hold of it."""
SETTLE_S = 0.35
"""Seconds in which a tempo that is turned comes to rest before it is asked for: all loops follow it."""

_Key = tuple[str, MidiControl]
"""A control of a port."""


@dataclass(slots=True)
class _Hand:
    """A hand on a knob: where that stood last, and the value that it set last, which it has a hold of."""

    position: float
    value: float | None = None


class JamControls:
    """The controls hear each message of MIDI.

    Attributes
    ----------
    map
        What each control does.

    Signals
    -------
    asked(Deed)
        What is no act of the jam is to be done.
    moved(MidiMessage, words)
        A control was moved, or pressed; the words that it is bound to, or "".
    learned(MidiMap)
        The map has another control: it is to be kept.
    failed(StudioError)
    """

    asked = Signal(object)
    moved = Signal(object, str)
    learned = Signal(object)
    failed = Signal(object)

    def __init__(self, jam: Jam, clock: Clock) -> None:
        self._jam = jam
        self.map = MidiMap()
        self._words: dict[str, Words] = {}
        self._learning = ""
        self._hands: dict[_Key, _Hand] = {}
        self._down: dict[_Key, float] = {}
        # Which control holds an effect at a place: another one may have taken it over.
        self._holding: dict[Place, _Key] = {}
        self._tempo: float | None = None
        self._settling = clock.timer(self._on_tempo_settled)

    def set_map(self, midi_map: MidiMap) -> None:
        """Go by this map; words of it that say nothing are told, and passed over."""
        self.map, self._words = midi_map, {}
        for words in dict.fromkeys(midi_map.bindings().values()):
            try:
                self._words[words] = read_words(words)
            except StudioError as error:
                self.failed.emit(error)

    def learn(self, words: str) -> None:
        """Bind the next control that is moved to these words; "" learns nothing any more."""
        self._learning = words

    def forget(self, control: MidiControl) -> None:
        """Have a control do nothing."""
        self._keep(self.map.unbound(control))

    def let_go(self) -> None:
        """End all that is held: the port that held it is gone."""
        for place in list(self._holding):
            self._act(acts.Hold(place, None))
        self._holding, self._down, self._hands = {}, {}, {}

    def close(self) -> None:
        """Do nothing more."""
        self._settling.stop()

    def hear(self, message: MidiMessage) -> None:
        """Do what a control that was moved is bound to."""
        if self._learning and message.value > 0.0:
            words, self._learning = self._learning, ""
            self._keep(self.map.bound(message.control, words))
            self.moved.emit(message, words)
            # What it was learned with is not done: a knob has first to be turned to its value.
            self._down[(message.port, message.control)] = message.at_s
            return
        found = self.map.found(message.control)
        text = found[1] if found is not None else ""
        if message.value > 0.0 or message.control.kind is not MidiKind.NOTE:
            self.moved.emit(message, text)
        words_read = self._words.get(text)
        if words_read is None:
            return
        key = (message.port, message.control)
        if isinstance(words_read, Turned):
            self._turn(key, words_read, message.value)
        else:
            self._press(key, words_read, message)

    # --- within -------------------------------------------------------------------------------------------------------

    def _keep(self, midi_map: MidiMap) -> None:
        self.set_map(midi_map)
        self.learned.emit(midi_map)

    def _press(self, key: _Key, words: Words, message: MidiMessage) -> None:
        is_down = message.is_down
        began_s = self._down.get(key)
        if is_down and began_s is None:
            self._down[key] = message.at_s
            self._on_down(key, words)
        elif not is_down and began_s is not None:
            del self._down[key]
            self._on_up(key, words, message.at_s - began_s)

    def _on_down(self, key: _Key, words: Words) -> None:
        match words:
            case Pressed(deeds):
                for one in deeds:
                    self._act(one)
            case Switched(switch, layer):
                self._act(switched(switch, layer, is_on=not self._is_on(switch, self._jam.state(), layer)))
            case Held(place, effect):
                self._holding[place] = key
                self._act(acts.Hold(place, effect))
            case Played():
                self._act(acts.Stop() if self._jam.is_running else acts.Start())
            case Deed():
                self.asked.emit(words)

    def _on_up(self, key: _Key, words: Words, held_s: float) -> None:
        if isinstance(words, Tapped):
            is_long = held_s >= LONG_PRESS_S
            self._act((acts.Assign if is_long else acts.QueueSlot)(words.layer, words.slot))
        elif isinstance(words, Held) and self._holding.get(words.place) == key:
            del self._holding[words.place]
            self._act(acts.Hold(words.place, None))

    @staticmethod
    def _is_on(switch: Switch, state: JamState, name: LayerName) -> bool:
        layer = next(one for one in state.layers if one.name is name)
        if switch is Switch.ENDLESS:
            return layer.wander is not None
        return layer.mix.is_muted if switch is Switch.MUTE else layer.mix.is_solo

    def _turn(self, key: _Key, words: Turned, position: float) -> None:
        now = self._value(words)
        hand = self._hands.get(key)
        if hand is None:
            hand = self._hands[key] = _Hand(position)
        before, hand.position = hand.position, position
        has_hold = hand.value is not None and abs(now - hand.value) < NEAR
        passes = abs(position - now) <= NEAR or min(before, position) <= now <= max(before, position)
        if not has_hold and not passes:
            hand.value = None
            return
        if words.name == TEMPO:
            self._tempo = tempo_at(position)
            self._settling.start(SETTLE_S)
        else:
            self._act(KNOBS[words.name].act(words.place, self._mix(words.place), position))
        hand.value = self._value(words)

    def _value(self, words: Turned) -> float:
        """Return where a knob's value is, in [0, 1]."""
        if words.name == TEMPO:
            groove = self._jam.state().coming or self._jam.groove
            return position_of_tempo(groove.bpm if self._tempo is None else self._tempo)
        return KNOBS[words.name].read(self._mix(words.place))

    def _mix(self, place: Place) -> LayerMix:
        return self._jam.mix.whole if place is None else self._jam.layers[place].mix

    def _on_tempo_settled(self) -> None:
        bpm, self._tempo = self._tempo, None
        if bpm is not None:
            self._act(acts.SetTempo(bpm))

    def _act(self, one: acts.JamAct) -> None:
        try:
            act(self._jam, one)
        except StudioError as error:
            self.failed.emit(error)
