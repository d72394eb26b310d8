# SPDX-License-Identifier: GPL-3.0-or-later
"""Hands on knobs are recorded in step with the bars, heard again turn by turn, and take over from what they did."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from engine.errors import OutOfRange
from engine.session.jam.acting import act
from engine.session.jam.automating import STEPS_PER_BAR
from engine.session.jam.script import read_script
from engine.values import ChannelParameter, Curve, Effects, Lfo
from engine.values import jam_acts as acts
from engine.values.audio import STUDIO_SAMPLE_RATE as RATE
from engine.values.channels import MIX
from engine.values.held import Gate
from engine.values.jam import LayerName, Wah
from tests.engine.session.jam.jamming import Stage

DRUMS = LayerName.DRUMS
GAIN, LOWPASS, REVERB = ChannelParameter.GAIN, ChannelParameter.LOWPASS_HZ, ChannelParameter.REVERB
BAR_S = 2.0
COLD_S = 0.18


class Played(Stage):
    """A jam of one bar of clicks on the drums, which has run up to its first bar."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.said = self.player.automated
        self.jam.set_bars(1)
        self.jam.make(DRUMS)
        act(self.jam, acts.Start())
        self.play(COLD_S)
        self.said.clear()

    def curve(self, parameter: ChannelParameter, layer: LayerName | None = DRUMS) -> Curve:
        mix = self.jam.mix.whole if layer is None else self.jam.layers[layer].mix
        return mix.curves[parameter]

    def at(self, parameter: ChannelParameter, bars: float) -> float:
        """Return what is recorded at a place of the curve, bars."""
        curve = self.curve(parameter)
        return curve.values[int(bars * STEPS_PER_BAR) % len(curve.values)]

    def turn(self, parameter: ChannelParameter, *values: float, seconds: float = 0.25) -> None:
        """Move a knob through these values, one after the other."""
        for value in values:
            effects = self.jam.layers[DRUMS].mix.effects
            if parameter is GAIN:
                act(self.jam, acts.SetGain(DRUMS, value))
            elif parameter is LOWPASS:
                act(self.jam, acts.SetEffects(DRUMS, replace(effects, lowpass_hz=value)))
            else:
                act(self.jam, acts.SetEffects(DRUMS, replace(effects, reverb=value)))
            self.play(seconds)


@pytest.fixture
def stage() -> Played:
    return Played()


def test_moves_are_written_where_they_were_made_and_each_turn_writes_over_them(stage: Played) -> None:
    stage.play(0.5 * BAR_S)
    act(stage.jam, acts.ArmAutomation(is_armed=True))
    assert stage.jam.state().is_armed
    # Four moves in the third quarter of the bar; the knob is left a beat after the last.
    act(stage.jam, acts.Touch(DRUMS, REVERB, is_held=True))
    stage.turn(REVERB, 0.2, 0.4, seconds=0.25)
    act(stage.jam, acts.Touch(DRUMS, REVERB, is_held=False))
    curve = stage.curve(REVERB)
    assert (curve.bars, len(curve.values)) == (Fraction(1), STEPS_PER_BAR)
    assert stage.at(REVERB, 0.25) == 0.0, "where it was not moved it stays as it was"
    assert stage.at(REVERB, 0.6) == pytest.approx(0.2, abs=0.05)
    assert stage.at(REVERB, 0.7) == pytest.approx(0.4, abs=0.05)
    assert stage.said[-1] == (DRUMS.channel, REVERB, curve)
    # The next turn writes over its beginning, and leaves the rest.
    stage.play(0.25 * BAR_S)
    stage.turn(REVERB, 0.9, seconds=0.1)
    act(stage.jam, acts.ArmAutomation(is_armed=False))
    stage.play(BAR_S)
    assert stage.at(REVERB, 0.02) == pytest.approx(0.9, abs=0.05)
    assert stage.at(REVERB, 0.7) == pytest.approx(0.4, abs=0.05)
    assert stage.said[-1] == (DRUMS.channel, REVERB, stage.curve(REVERB))


def test_a_hand_is_heard_instead_of_the_curve_while_it_holds_the_knob(stage: Played) -> None:
    curve = Curve((500.0, 8000.0), Fraction(1))
    act(stage.jam, acts.SetAutomation(DRUMS, LOWPASS, curve))
    assert stage.said.pop() == (DRUMS.channel, LOWPASS, curve)
    stage.turn(LOWPASS, 900.0, seconds=0.3)
    assert stage.said == [(DRUMS.channel, LOWPASS, Curve((900.0,)))]
    stage.play(0.3)
    assert stage.said[1:] == [(DRUMS.channel, LOWPASS, curve)], "a beat after the last move it is the curve's again"
    act(stage.jam, acts.Touch(DRUMS, LOWPASS, is_held=True))
    stage.turn(LOWPASS, 700.0, seconds=1.5)
    assert stage.said[2:] == [(DRUMS.channel, LOWPASS, Curve((700.0,)))], "as long as a hand is on it"
    act(stage.jam, acts.Touch(DRUMS, LOWPASS, is_held=False))
    assert stage.said[3:] == [(DRUMS.channel, LOWPASS, curve)]
    assert stage.curve(LOWPASS) == curve, "nothing is recorded that is not armed"
    act(stage.jam, acts.SetAutomation(DRUMS, LOWPASS, None))
    assert stage.said[4:] == [(DRUMS.channel, LOWPASS, None)]
    assert LOWPASS not in stage.jam.layers[DRUMS].mix.curves


def test_a_wah_sweeps_and_the_curve_is_back_after_it(stage: Played) -> None:
    curve = Curve((500.0, 20_000.0))
    act(stage.jam, acts.SetAutomation(DRUMS, LOWPASS, curve))
    act(stage.jam, acts.SetWah(DRUMS, Wah()))
    assert isinstance(stage.said[-1][2], Lfo)
    act(stage.jam, acts.SetWah(DRUMS, None))
    told = stage.said[-1][2]
    assert isinstance(told, Curve)
    assert told.values[0] == 500.0
    assert told.values[1] > 20_000.0, "at the top it is off"


def test_what_was_recorded_of_the_level_is_heard_in_every_turn(stage: Played) -> None:
    act(stage.jam, acts.ArmAutomation(is_armed=True))
    stage.play(2 * BAR_S - COLD_S % BAR_S)
    act(stage.jam, acts.Touch(DRUMS, GAIN, is_held=True))
    stage.turn(GAIN, 0.0, seconds=1.0)
    act(stage.jam, acts.Touch(DRUMS, GAIN, is_held=False))
    act(stage.jam, acts.ArmAutomation(is_armed=False))
    silent = np.array(stage.curve(GAIN).values) == 0.0
    assert 0.4 < silent.mean() < 0.6
    first, second = (np.abs(stage.play(BAR_S)) for _ in range(2))
    np.testing.assert_allclose(first, second, atol=1e-4)
    beats = [second[round(at * RATE) : round((at + 0.5) * RATE)].max() for at in np.arange(4) * 0.5]
    assert min(beats) < 1e-4
    assert max(beats) > 0.01
    # The hand's own level is back when it is cleared.
    act(stage.jam, acts.SetGain(DRUMS, 1.0))
    act(stage.jam, acts.SetAutomation(DRUMS, GAIN, None))
    stage.play(0.2)
    assert np.abs(stage.play(BAR_S)).max() > 0.01


def test_while_the_jam_stands_knobs_are_only_set(stage: Played) -> None:
    act(stage.jam, acts.ArmAutomation(is_armed=True))
    act(stage.jam, acts.Stop())
    stage.play(0.3)
    stage.turn(REVERB, 0.5)
    assert (dict(stage.jam.layers[DRUMS].mix.curves), stage.jam.layers[DRUMS].mix.effects) == ({}, Effects(reverb=0.5))


def test_a_hand_on_a_knob_leaves_it_when_the_jam_is_stopped(stage: Played) -> None:
    curve = Curve((0.2, 0.4))
    act(stage.jam, acts.SetAutomation(None, REVERB, curve))
    act(stage.jam, acts.Touch(None, REVERB, is_held=True))
    act(stage.jam, acts.SetEffects(None, Effects(reverb=0.9)))
    act(stage.jam, acts.Stop())
    stage.play(0.1)
    assert stage.said[-1][1:] == (REVERB, curve)


def test_a_curve_of_a_script_is_written_over_at_its_own_length(stage: Played) -> None:
    act(stage.jam, acts.SetAutomation(DRUMS, REVERB, Curve((0.0, 0.5), Fraction(2))))
    act(stage.jam, acts.ArmAutomation(is_armed=True))
    stage.turn(REVERB, 1.0, seconds=0.2)
    curve = stage.curve(REVERB)
    assert (curve.bars, len(curve.values)) == (Fraction(2), 2 * STEPS_PER_BAR)
    assert curve.values[STEPS_PER_BAR] == pytest.approx(0.5)
    assert max(curve.values) == 1.0


@pytest.mark.parametrize(
    ("parameter", "curve"),
    [(LOWPASS, Curve((10.0,))), (GAIN, Curve((0.5, 1.5))), (REVERB, Curve((0.5,), Fraction(65)))],
)
def test_a_curve_out_of_range_is_refused(stage: Played, parameter: ChannelParameter, curve: Curve) -> None:
    with pytest.raises(OutOfRange):
        act(stage.jam, acts.SetAutomation(DRUMS, parameter, curve))
    assert dict(stage.jam.layers[DRUMS].mix.curves) == {}


def test_the_gate_that_is_held_is_the_layers_own(stage: Played) -> None:
    """A script that names no steps holds what was set, as a key does."""
    for line in read_script("0 gate drums x...x...x...x...\n1 hold drums gate\n2 hold mix gate\n3 hold mix off"):
        for one in line.acts:
            act(stage.jam, one)
    gate = Gate((1.0, 0.0, 0.0, 0.0) * 4)
    assert stage.player.held == [(DRUMS.channel, gate), (MIX, Gate()), (MIX, None)]
