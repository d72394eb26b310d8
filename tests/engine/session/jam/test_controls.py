# SPDX-License-Identifier: GPL-3.0-or-later
"""MIDI becomes a jam’s acts: knobs take hold where values are, pads are held, tapped and released."""

from __future__ import annotations

import pytest

from engine.errors import MidiWordsUnknown, OutOfRange
from engine.session.jam.controls import LONG_PRESS_S, SETTLE_S, JamControls
from engine.session.jam.knobs import KNOBS, gain_at, position_of_gain
from engine.session.jam.midi_words import Deed, Pressed, read_words
from engine.values import jam_acts as acts
from engine.values.channels import MIX
from engine.values.held import BeatRepeat, Stutter
from engine.values.jam import LayerMix, LayerName
from engine.values.midi import MidiControl, MidiMap, MidiMessage
from tests.engine.session.jam.jamming import Stage

DRUMS, BASS = LayerName.DRUMS, LayerName.BASS


class Hands:
    """A performer at a controller with this map, and the jam that is played."""

    def __init__(self, **bindings: str) -> None:
        self.stage = Stage()
        self.jam = self.stage.jam
        self.controls = JamControls(self.jam, self.stage.clock)
        self.failed: list[Exception] = []
        self.asked: list[Deed] = []
        self.controls.failed.connect(self.failed.append)
        self.controls.asked.connect(self.asked.append)
        self.held = self.stage.player.held
        usual = {MidiControl.read(one.replace("_", " ")): does for one, does in bindings.items()}
        self.controls.set_map(MidiMap(usual))
        self.at_s = 0.0

    def move(self, control: str, *values: float, port: str = "pads") -> None:
        for value in values:
            one = MidiControl.read(f"{control} channel 1")
            self.controls.hear(MidiMessage(one, value, self.at_s, port))

    def tap(self, control: str, seconds: float = 0.1) -> None:
        self.move(control, 1.0)
        self.at_s += seconds
        self.move(control, 0.0)


def test_a_knob_takes_hold_where_the_value_is_and_nothing_jumps() -> None:
    hands = Hands(cc_20="gain drums")
    mix = hands.jam.layers[DRUMS].mix
    hands.move("cc 20", 0.2, 0.3)
    assert hands.jam.layers[DRUMS].mix == mix, "the level is at the top, and the knob is not"
    hands.move("cc 20", 0.9, 1.0, 0.5)
    assert hands.jam.layers[DRUMS].mix.gain == gain_at(0.5)
    # Moved in the window meanwhile, the level is not the knob's any more, until that passes it.
    hands.jam.mix.set_gain(DRUMS, gain_at(0.8))
    hands.move("cc 20", 0.45)
    assert hands.jam.layers[DRUMS].mix.gain == gain_at(0.8)
    hands.move("cc 20", 0.85)
    assert hands.jam.layers[DRUMS].mix.gain == gain_at(0.85)
    hands.move("cc 20", 0.0)
    assert hands.jam.layers[DRUMS].mix.gain == 0.0
    assert position_of_gain(0.0) == 0.0


@pytest.mark.parametrize("name", KNOBS)
def test_each_knob_sets_what_it_reads_at_both_ends_and_between(name: str) -> None:
    hands = Hands(cc_20=f"{name} bass", cc_21=f"{name} mix")
    for place, control in ((BASS, "cc 20"), (None, "cc 21")):
        start = KNOBS[name].read(hands.jam.mix.whole if place is None else hands.jam.layers[place].mix)
        hands.move(control, start)
        for position in (0.0, 0.25, 1.0):
            hands.move(control, position)
            mix: LayerMix = hands.jam.mix.whole if place is None else hands.jam.layers[place].mix
            assert KNOBS[name].read(mix) == pytest.approx(position, abs=1e-9)
    assert hands.failed == []


def test_an_effect_is_held_while_its_pad_is_down_and_the_last_one_counts() -> None:
    hands = Hands(note_44="hold mix stutter 1/4", note_45="hold mix repeat 1/2", note_46="hold drums stutter")
    hands.move("note 44", 0.9)
    hands.move("note 46", 0.9)
    hands.move("note 45", 0.9)
    hands.move("note 44", 0.0)
    assert hands.held == [(MIX, Stutter()), (DRUMS.channel, Stutter()), (MIX, BeatRepeat(BeatRepeat().beats / 2))]
    hands.move("note 45", 0.0)
    assert hands.held[3:] == [(MIX, None)]
    hands.controls.let_go()
    assert hands.held[4:] == [(DRUMS.channel, None)], "its port is gone"
    hands.move("note 46", 0.0)
    assert len(hands.held) == 5


def test_pads_switch_press_tap_and_ask() -> None:
    hands = Hands(
        note_36="slot drums 2", note_40="mute drums", note_41="solo bass", note_42="play", note_43="studio save",
        cc_64="make drums", note_44="swap bar 20", note_45="endless drums", note_46="assign drums 9",
    )  # fmt: skip
    hands.move("cc 64", 0.1, 0.7, 1.0, 0.2)
    assert len(hands.stage.studio.asked) == 1, "a button is down once, however far"
    hands.tap("note 36")
    assert hands.jam.layers[DRUMS].slots[1] is None
    hands.tap("note 36", LONG_PRESS_S)
    assert hands.jam.layers[DRUMS].slots[1] is hands.jam.layers[DRUMS].playing is not None
    hands.tap("note 40")
    hands.tap("note 41")
    assert (hands.jam.layers[DRUMS].mix.is_muted, hands.jam.layers[BASS].mix.is_solo) == (True, True)
    hands.tap("note 40")
    assert not hands.jam.layers[DRUMS].mix.is_muted
    hands.tap("note 42")
    assert hands.jam.is_running
    hands.stage.play(1.0)
    hands.tap("note 36")
    assert hands.jam.layers[DRUMS].waiting is not None
    hands.tap("note 42")
    assert not hands.jam.is_running
    hands.tap("note 43")
    assert hands.asked == [Deed.STUDIO_SAVE]
    hands.tap("note 44")
    assert hands.jam.fade_ms == 20.0
    hands.tap("note 45")
    assert hands.jam.state().layers[0].wander is not None
    hands.tap("note 45")
    assert hands.jam.state().layers[0].wander is None
    hands.tap("note 46")
    assert hands.jam.layers[DRUMS].slots[8] is hands.jam.layers[DRUMS].playing
    assert hands.failed == []


def test_a_tempo_that_is_turned_comes_to_rest_first() -> None:
    hands = Hands(cc_20="tempo")
    hands.move("cc 20", 60 / 140, 0.5, 0.6)
    assert hands.jam.groove.bpm == 120.0
    hands.stage.clock.pass_s(SETTLE_S)
    assert hands.jam.groove.bpm == 144.0


def test_a_control_is_learned_and_forgotten() -> None:
    hands = Hands(cc_20="gain drums")
    kept: list[MidiMap] = []
    moved: list[tuple[MidiMessage, str]] = []
    hands.controls.learned.connect(kept.append)
    hands.controls.moved.connect(lambda message, words: moved.append((message, words)))
    hands.controls.learn("make drums")
    hands.move("note 50", 0.0)
    hands.move("note 50", 0.8)
    hands.move("note 50", 0.0)
    pad = MidiControl.read("note 50 channel 1")
    assert kept[-1].own == {pad: "make drums"}
    assert hands.stage.studio.asked == [], "that it was learned with makes nothing"
    hands.tap("note 50")
    assert len(hands.stage.studio.asked) == 1
    assert [words for _, words in moved] == ["make drums", "make drums"]
    hands.controls.forget(pad)
    hands.tap("note 50")
    assert len(hands.stage.studio.asked) == 1
    assert kept[-1].own == {}


def test_words_that_say_nothing_are_told_and_what_cannot_be_is_too() -> None:
    hands = Hands(note_36="sing drums", note_37="tempo 500")
    assert [type(one) for one in hands.failed] == [MidiWordsUnknown]
    assert "sing drums" in str(hands.failed[0])
    hands.tap("note 36")
    hands.tap("note 37")
    assert [type(one) for one in hands.failed[1:]] == [OutOfRange]
    assert read_words("make drums boom bap") == Pressed((acts.SetWords(DRUMS, "boom bap"), acts.Make(DRUMS)))
    for text in ("", "gain", "gain piano", "mute mix", "hold drums", "slot drums x"):
        with pytest.raises(MidiWordsUnknown):
            read_words(text)
