# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam's loops lie on the clock to the sample, swap where they are asked to, and follow a change of tempo."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from engine.errors import EmptyPrompt, OutOfRange, UnknownChoice
from engine.playback.mix.clock import BarClock
from engine.values import Effects
from engine.values.audio import STUDIO_SAMPLE_RATE as RATE
from engine.values.jam import Groove, LayerName, SwapAt, Wah
from tests.engine.session.jam.jamming import Stage, Studio, failing, onsets

DRUMS, PIANO = LayerName.DRUMS, LayerName.INSTRUMENTS


def lines(clock: BarClock, beats: range, beats_per_bar: int = 4) -> list[int]:
    return [clock.line_of(Fraction(beat, beats_per_bar)) for beat in beats]


def near(found: list[int], expected: list[int]) -> None:
    assert len(found) == len(expected)
    assert max(abs(one - other) for one, other in zip(found, expected, strict=True)) <= 1


@pytest.mark.parametrize(("bpm", "metre"), [(93.7, "4/4"), (161.0, "3/4")])
def test_beats_lie_on_the_clock(bpm: float, metre: str) -> None:
    studio = Studio()
    groove = Groove(bpm, metre)
    out = studio.render("0 bars 2\n0 make drums clicks", 9, groove)
    clock = BarClock(RATE, groove.exact_bpm, groove.beats_per_bar)
    assert len(out) == clock.line_of(9)
    beats = 9 * groove.beats_per_bar
    near(onsets(out)[: beats - 3], lines(clock, range(beats - 3), groove.beats_per_bar))


def test_layers_sound_together_and_each_can_be_silenced_and_heard_alone() -> None:
    script = "0 make drums a\n0 make instruments b\n4 mute drums\n8 solo drums\n12 solo drums off\n12 mute drums off"
    studio = Studio()
    out = studio.render(script, 16)
    bar = 2 * RATE

    def levels(bars: float) -> list[float]:
        part = out[round(bars * bar) + 2000 : round((bars + 3) * bar), 0]
        spectrum = np.abs(np.fft.rfft(part))
        hz = np.fft.rfftfreq(len(part), 1.0 / RATE)
        return [float(np.sqrt(np.sum(spectrum[np.abs(hz - one) < 60.0] ** 2))) for one in (2000.0, 2700.0)]

    both, piano, none = levels(0.1), levels(4.1), levels(8.1)
    assert piano[0] < 0.15 * both[0]
    assert piano[1] == pytest.approx(both[1], rel=0.1)
    # Solo, and muted by hand: what is solo is muted all the same, the other is not solo.
    assert max(none) < 0.01 * min(both)
    assert levels(12.1) == pytest.approx(both, rel=0.1)


def test_a_swap_waits_for_the_bar_the_beat_or_the_loops_end() -> None:
    studio = Studio()
    script = """
        0 make drums a
        1.1 swap bar
        1.1 make drums b       # comes with bar 2
        2.6 swap beat 4
        2.6 make drums c       # comes with the beat at 2.75
        3.1 swap loop-end
        3.1 make drums d       # comes with the end of the loop whose turn began at 2
    """
    studio.render(script, 8)
    bar = 2 * RATE
    assert [frame for _, frame in studio.began] == [0, 2 * bar, round(2.75 * bar), 6 * bar]


def test_tempo_changes_with_one_bar_and_the_bars_go_on() -> None:
    studio = Studio()
    out = studio.render("0 make drums a\n0 make instruments b\n2.5 tempo 140", 8)
    line = 3 * 2 * RATE
    assert [(loop.layer, frame) for loop, frame in studio.began[2:]] == [(DRUMS, line), (PIANO, line)]
    clock = BarClock(RATE, Fraction(120)).retimed(Fraction(140), 4, line)
    assert len(out) == clock.line_of(8)
    found = [one for one in onsets(out, 0.05) if one > line - 1000]
    expected = lines(clock, range(12, 30))
    # Attacks of stretched loops: Rubber Band puts them within a millisecond.
    assert len(found) >= len(expected)
    assert max(min(abs(one - other) for other in found) for one in expected) < 0.003 * RATE
    assert len(studio.asked) == 2


def test_what_is_queued_comes_with_the_change_of_tempo() -> None:
    studio = Studio()
    studio.render("0 make drums a\n3.9 make drums b\n4 tempo 140", 8)
    # The second loop begins at bar 4, where the first ends, and changes with bar 5.
    assert [(loop.groove.bpm, frame) for loop, frame in studio.began] == [
        (120.0, 0),
        (120.0, 4 * 2 * RATE),
        (140.0, 5 * 2 * RATE),
    ]
    assert studio.began[2][0].clip is studio.began[1][0].clip


def test_what_cannot_be_stretched_is_made_again_with_the_same_seed() -> None:
    studio = Studio()
    out = studio.render("0 bars 1\n0 make drums a\n2.5 tempo 62", 5)
    assert [(one.bpm, one.seed) for one in studio.asked] == [(120.0, None), (62.0, 1)]
    clock = BarClock(RATE, Fraction(120)).retimed(Fraction(62), 4, 3 * 2 * RATE)
    near([one for one in onsets(out) if one >= clock.line_of(3)][:6], lines(clock, range(12, 18)))


def test_a_clip_of_another_tempo_is_brought_to_the_jams() -> None:
    studio = Studio(off=1.06)
    out = studio.render("0 make drums a", 4)
    assert not studio.failed
    found = onsets(out, 0.05)[:12]
    assert (
        max(abs(one - other) for one, other in zip(found, lines(BarClock(RATE, Fraction(120)), range(12)), strict=True))
        < 150
    )


def test_offline_is_the_same_whenever_it_is_rendered() -> None:
    script = "0 bars 1\n0 make drums a\n0.3 effects drums reverb=0.3\n0.5 tempo 97\n1.3 make drums c"
    np.testing.assert_array_equal(Studio().render(script, 4), Studio().render(script, 4))


# --- the jam's own rules ----------------------------------------------------------------------------------------------


def test_a_version_before_is_one_step_away_and_slots_hold_loops() -> None:
    stage = Stage()
    jam = stage.jam
    jam.set_swap(SwapAt.BAR)
    jam.make(DRUMS)
    first = jam.layers[DRUMS].playing
    assert first is not None
    jam.slots.assign(DRUMS, 3)
    jam.start()
    stage.play(1.0)
    jam.make(DRUMS)
    stage.play(2.5)
    second = jam.layers[DRUMS].playing
    assert second is not first
    jam.go_back(DRUMS)
    assert jam.state().layers[0].waiting is first
    stage.play(2.5)
    assert jam.layers[DRUMS].playing is first
    jam.go_back(DRUMS)  # there is none before
    assert jam.layers[DRUMS].waiting is None
    jam.go_back(DRUMS, by=1)
    stage.play(2.5)
    assert jam.layers[DRUMS].playing is second
    jam.slots.queue(DRUMS, 3)
    assert (jam.state().layers[0].playing_slots, jam.state().layers[0].waiting_slots) == (frozenset(), frozenset({3}))
    stage.play(2.5)
    assert jam.layers[DRUMS].playing is first
    assert jam.state().layers[0].slots[2] == first.title
    assert jam.state().layers[0].playing_slots == frozenset({3})
    with pytest.raises(OutOfRange):
        jam.slots.assign(DRUMS, 0)


def test_what_waits_can_be_called_off_and_says_when_it_comes() -> None:
    stage = Stage()
    jam = stage.jam
    jam.make(DRUMS)
    jam.start()
    stage.play(3.0)
    jam.make(DRUMS)
    state = jam.state().layers[0]
    assert state.comes_at == 4
    jam.call_off(DRUMS)
    assert jam.state().layers[0].waiting is None
    stage.play(8.0)
    assert len(stage.studio.began) == 1


def test_a_jam_that_starts_with_nothing_makes_drums_and_instruments() -> None:
    stage = Stage(is_late=True)
    stage.jam.start()
    assert [layer.making for layer in stage.jam.state().layers] == [-1.0, -1.0, None, None, None, None]
    silent = stage.play(3.0)
    assert not silent.any()
    stage.deliver()
    stage.deliver()
    assert stage.play(4.0).any()
    assert [
        (loop.layer, str(one.layer)) for (loop, _), one in zip(stage.studio.began, stage.studio.asked, strict=True)
    ] == [
        (DRUMS, "drums"),
        (PIANO, "instruments"),
    ]


def test_late_and_failing_makes_never_stop_the_clock() -> None:
    stage = Stage(is_late=True)
    jam = stage.jam
    jam.make(DRUMS)
    stage.deliver()
    jam.start()
    jam.make(DRUMS)
    played = stage.play(9.0)
    near(onsets(played)[:16], [one + onsets(played)[0] for one in lines(BarClock(RATE, Fraction(120)), range(16))])
    stage.studio.fails.append(failing())
    stage.deliver()
    assert [str(one) for one in stage.studio.failed] == [str(failing())]
    assert jam.state().layers[0].making is None
    jam.make(DRUMS)
    jam.cancel_making(DRUMS)
    assert jam.state().layers[0].making is None
    stage.deliver()
    assert stage.play(9.0).any()
    assert len(stage.studio.began) == 1


def test_of_two_changes_of_tempo_the_last_one_counts() -> None:
    stage = Stage()
    jam = stage.jam
    jam.set_bars(1)
    jam.make(DRUMS)
    jam.make(PIANO)
    jam.start()
    stage.play(1.0)
    jam.set_tempo(100.0)
    jam.set_tempo(130.0)
    stage.play(2.0)
    assert jam.groove.bpm == 130.0
    assert {loop.groove.bpm for loop in (jam.layers[DRUMS].playing, jam.layers[PIANO].playing) if loop} == {130.0}


def test_while_it_stands_a_change_of_tempo_is_there_at_the_start() -> None:
    stage = Stage()
    jam = stage.jam
    jam.set_bars(1)
    jam.make(DRUMS)
    jam.set_tempo(100.0)
    jam.start()
    played = stage.play(5.0)
    found = onsets(played)
    assert np.diff(found).mean() == pytest.approx(0.6 * RATE, rel=0.01)
    jam.stop()
    stage.play(0.5)
    assert not stage.play(2.0).any()
    jam.start()
    assert stage.play(2.0).any()


def test_what_is_out_of_bounds_is_refused_in_a_sentence(stage: Stage) -> None:
    jam = stage.jam
    for bpm in (59.0, 201.0, float("nan")):
        with pytest.raises(OutOfRange):
            jam.set_tempo(bpm)
    with pytest.raises(OutOfRange):
        jam.set_swap(SwapAt.BAR, 3.0)
    with pytest.raises(OutOfRange):
        jam.mix.set_gain(DRUMS, 1.5)
    for effects in (Effects(lowpass_hz=5.0), Effects(resonance=2.0), Effects(delay_beats=Fraction(100))):
        with pytest.raises(OutOfRange):
            jam.mix.set_effects(DRUMS, effects)
    for wah in (Wah(2.0), Wah(0.5, Fraction(0))):
        with pytest.raises(OutOfRange):
            jam.mix.set_wah(None, wah)
    with pytest.raises(UnknownChoice):
        jam.set_bars(3)
    with pytest.raises(UnknownChoice):
        jam.set_metre("4/5")
    with pytest.raises(UnknownChoice):
        jam.set_key("H minor")
    with pytest.raises(EmptyPrompt):
        jam.set_prompt(DRUMS, replace(jam.layers[DRUMS].prompt, prompt=" "))


def test_the_mix_is_kept_and_told(stage: Stage) -> None:
    jam = stage.jam
    told: list[object] = []
    jam.changed.connect(told.append)
    jam.mix.set_effects(PIANO, Effects(lowpass_hz=500.0))
    jam.mix.set_gain(PIANO, 0.5)
    mix = jam.state().layers[1].mix
    assert (mix.gain, mix.effects.lowpass_hz) == (0.5, 500.0)
    assert len(told) == 2


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage()


def test_what_is_held_is_heard_on_all_and_lets_go_on_the_grid() -> None:
    studio = Studio()
    plain = Studio().render("0 bars 1\n0 make drums a", 4)
    held = studio.render("0 bars 1\n0 make drums a\n1.3 hold mix brake 1/2\n2.6 hold mix off", 4)
    bar = 2 * RATE
    np.testing.assert_array_equal(held[:bar], plain[:bar])
    assert np.abs(held[2 * bar : round(2.5 * bar)]).max() < 0.1 * np.abs(plain[:bar]).max(), "it stands"
    near([one for one in onsets(held) if one > 2.9 * bar], [one for one in onsets(plain) if one > 2.9 * bar])


# --- endless layers ---------------------------------------------------------------------------------------------------


def test_an_endless_layer_goes_on_from_part_to_part_two_ahead() -> None:
    studio = Studio()
    out = studio.render("0 bars 1\n0 make drums a\n0 endless drums 0.2", 9)
    clock = BarClock(RATE, Fraction(120))
    assert [frame for _, frame in studio.began] == [clock.line_of(bar) for bar in range(9)]
    assert len({id(loop.clip) for loop, _ in studio.began}) == 9
    near(onsets(out)[:32], lines(clock, range(32)))
    # Two ahead of the last one that began, with the end of the render or just before.
    assert len(studio.asked) in (9 + 2, 10 + 2)


def test_a_late_part_is_waited_for_while_the_last_one_repeats() -> None:
    stage = Stage(is_late=True)
    jam = stage.jam
    jam.set_bars(1)
    jam.make(DRUMS)
    stage.deliver()
    jam.set_endless(DRUMS, 0.5)
    assert len(stage.held) == 1
    jam.start()
    played = stage.play(7.0)
    first = onsets(played)[0]
    near(onsets(played)[:12], [first + one for one in lines(BarClock(RATE, Fraction(120)), range(12))])
    assert len(stage.studio.began) == 1
    stage.deliver()
    stage.play(2.2)
    assert len(stage.studio.began) == 2
    state = jam.state().layers[0]
    assert state.wander == 0.5
    jam.set_endless(DRUMS, None)
    assert jam.state().layers[0].wander is None
    assert jam.state().layers[0].making is None
