# SPDX-License-Identifier: GPL-3.0-or-later
"""A script says every act in a line of its own; a line that says none is named."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import get_args

import pytest

from engine.errors import JamScriptLineWrong, JamScriptValueWrong, JamScriptWrong, OutOfRange
from engine.session.jam.acting import act
from engine.session.jam.jam import Jam
from engine.session.jam.looper import Looper
from engine.session.jam.script import _VERBS, read_script
from engine.session.ports import Jobs, NextId, Player
from engine.session.rendering import ImmediateJobs
from engine.values import Effects
from engine.values import jam_acts as acts
from engine.values.jam import Groove, LayerName, LayerPrompt, SwapAt
from engine.values.jam_forms import FORMS
from tests.engine.session.jam.jamming import Stage

DRUMS = LayerName.DRUMS


def test_a_script_is_read_in_the_order_of_its_bars() -> None:
    script = read_script("4 tempo 90 # slower\n\n# a remark\n0.25 make drums 'soft brushes'\n8 swap beat 12\n")
    assert [(one.number, one.bars, one.acts) for one in script] == [
        (4, Fraction(1, 4), (acts.SetWords(DRUMS, "soft brushes"), acts.Make(DRUMS))),
        (1, Fraction(4), (acts.SetTempo(90.0),)),
        (5, Fraction(8), (acts.SetSwap(SwapAt.BEAT, 12.0),)),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("0 key F# minor # sad", acts.SetKey("F# minor")),
        ("0 key a minor", acts.SetKey("A minor")),
        ("0 key Am", acts.SetKey("A minor")),
        ("0 key", acts.SetKey("")),
        ("0 words drums don't stop # they won't", acts.SetWords(DRUMS, "don't stop")),
        ("0 words drums F# pads, drummers' choice", acts.SetWords(DRUMS, "F# pads, drummers' choice")),
        ("0 words drums 'soft # brushes'", acts.SetWords(DRUMS, "soft # brushes")),
        ("0 bring drums my\\ loop.wav", acts.Bring(DRUMS, "my loop.wav")),
        ("0 set drums a='b c' d=\"e'f g\"", acts.SetValues(DRUMS, (("a", "b c"), ("d", "e'f g")))),
    ],
)
def test_sharps_and_apostrophes_are_letters_and_quotes_hold_together(line: str, said: acts.JamAct) -> None:
    assert read_script(line)[0].acts == (said,)


class NotingLooper(Looper):
    """A looper that notes what it is told."""

    def __init__(self, jam: Jam, player: Player, jobs: Jobs, next_id: NextId) -> None:
        super().__init__(jam, player, jobs, next_id)
        self.done: list[str] = []

    def record(self, name: LayerName) -> None:
        self.done.append(f"record {name}")

    def overdub(self, name: LayerName) -> None:
        self.done.append(f"overdub {name}")

    def halve(self, name: LayerName) -> None:
        self.done.append(f"halve {name}")

    def double(self, name: LayerName) -> None:
        self.done.append(f"double {name}")

    def cancel(self) -> None:
        self.done.append("cancel")


def test_every_act_has_a_line_and_is_done() -> None:
    text = """
        0 tempo 100
        0 metre 3/4
        0 key A minor
        0 bars 1
        0 swap bar
        0 make drums
        0 endless drums 0.5
        0 reseed drums
        0 style drums
        0 generator bass remote
        0 generator bass musicgen small
        0 words bass techno, dub: 0.4
        0 generator lead usual
        0 bring drums nothing.wav slot 3 transposed
        0 set drums energy=0.5 density=-1
        0.5 endless drums off
        1 make drums clicks
        2 back drums
        3 forward drums
        3 assign drums 2
        4 name drums 2 The one with the fill
        4 slot drums 2 beat
        4 scene 2 bar
        4.5 call-off drums
        4.5 make-together drums instruments
        4.5 gain drums 0.5
        4.5 mute drums
        4.5 solo drums off
        4.5 effects drums lowpass_hz=500
        4.6 effects mix off
        4.5 wah drums 0.6 1/2
        4.5 wah mix off
        4.5 hold mix stutter 1/8
        4.5 wah bass 0.6 2 triangle
        4.5 hold drums gate
        4.6 arm
        4.6 touch drums reverb
        4.6 automate drums lowpass_hz 4 300 8000 500
        4.6 automate mix gain off
        4.6 gate drums x...x...x...x...
        4.6 hold drums gate xx..xx..xx..xx..
        4.7 hold mix off
        4.7 gain mix 0.9
        4.8 record bass
        4.8 record-cancel
        4.8 overdub bass
        4.8 half bass
        4.8 double bass
        5 silence drums
    """
    script = read_script(text)
    stage = Stage()
    looper = NotingLooper(stage.jam, stage.player, ImmediateJobs(), itertools.count(1).__next__)
    stage.jam.looper = looper
    for line in script:
        for one in line.acts:
            act(stage.jam, one)
    assert looper.done == ["record bass", "cancel", "overdub bass", "halve bass", "double bass"]
    assert stage.jam.groove == Groove(100.0, "3/4", "A minor")
    drums = stage.jam.state().layers[0]
    assert drums.style == 0.8
    assert stage.jam.layers[LayerName.BASS].prompt == LayerPrompt("techno, dub: 0.4", "musicgen", "small")
    assert stage.jam.layers[LayerName.LEAD].prompt.generator == ""
    assert stage.jam.layers[DRUMS].values == {"energy": "0.5", "density": "-1"}
    assert (drums.playing, drums.slots[1] != "", drums.mix.gain, drums.mix.is_muted) == (None, True, 0.5, True)
    act(stage.jam, acts.Start())
    act(stage.jam, acts.CancelMaking(DRUMS))
    act(stage.jam, acts.Stop())
    said = {type(one) for line in script for one in line.acts}
    assert said | {acts.Start, acts.Stop, acts.CancelMaking, acts.SetPrompt} == set(get_args(acts.JamAct))


def test_a_line_changes_only_the_effects_that_it_names() -> None:
    stage = Stage()

    def done(text: str) -> Effects:
        for line in read_script(text):
            for one in line.acts:
                act(stage.jam, one)
        return stage.jam.state().layers[0].mix.effects

    assert done("0 effects drums lowpass_hz=500 resonance=0.4") == Effects(lowpass_hz=500.0, resonance=0.4)
    before = Effects(lowpass_hz=500.0, resonance=0.4, reverb=0.3, delay_beats=Fraction(1, 2))
    assert done("1 effects drums reverb=0.3 delay_beats=1/2") == before
    with pytest.raises(OutOfRange):
        done("2 effects drums reverb=3")
    assert done("3 effects mix reverb=0.5\n4 effects mix off") == before
    assert done("5 effects drums off") == Effects()
    assert stage.jam.mix.whole.effects == Effects()


@pytest.mark.parametrize(
    "text", ["x tempo 90", "1", "1 nothing", "-1 tempo 90", "1 make 'drums", "1/0 tempo 9", "1e999999999 tempo 9"]
)
def test_a_line_that_is_none_is_named(text: str) -> None:
    with pytest.raises(JamScriptWrong, match="Line 2 of the script"):
        read_script(f"\n{text}")


@pytest.mark.parametrize(
    "text",
    [
        "0 make guitars",
        "0 tempo fast",
        "0 slot drums",
        "0 mute drums maybe",
        "0 effects drums x=1",
        "0 effects drums",
        "0 effects drums delay_feedback=2",
        "0 effects drums reverb=0.3 off",
        "0 swap never",
        "0 hold mix x",
        "0 wah x",
        "0 style drums most",
        "0 set drums loud",
        "0 set drums",
        "0 bring drums",
        "0 bring drums a.wav slot",
        "0 bring drums a.wav b.wav",
        "0 automate drums pitch 4 1",
        "0 automate drums gain 4",
        "0 gate drums xoxo",
        "0 hold mix stutter 1e999999999",
        "0 hold mix stutter 1" + 40 * "0",
        "0 hold mix stutter 65",
        "0 wah mix 0.5 1e999999999",
        "0 automate mix gain 1e999999999 1",
        "0 effects mix delay_beats=1e999999999",
        "0 tempo 92 bpm",
        "0 mute drums on please",
        "0 back drums bass",
    ],
)
def test_words_that_a_verb_does_not_know_are_named(text: str) -> None:
    with pytest.raises(JamScriptWrong, match="Line 1 of the script"):
        read_script(text)


def test_a_line_whose_verb_is_known_is_told_how_it_reads() -> None:
    with pytest.raises(JamScriptLineWrong, match=r"“BAR hold PLACE stutter\|repeat"):
        read_script("0 hold mix stuter 1/4")


def test_a_value_that_cannot_be_is_told_with_its_line() -> None:
    with pytest.raises(JamScriptValueWrong, match=r"Line 2 of the script: There is no key called “H minor”"):
        read_script("0 tempo 90\n0 key H minor")


def test_every_verb_has_a_form() -> None:
    assert list(FORMS) == list(_VERBS)
