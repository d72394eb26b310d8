# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests judge which loop comes next, without a process: a link that was not started drops commands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.session import up_next as timing
from engine.session.baking import Baker, LoopInHand
from engine.session.playtime import turns_through
from engine.values import ChannelSnapshot, Entry, TransitionEdit, TransitionWish
from tests.engine.session.scenes import Scene

LONG = 200
"""Number of turns after which a loop has played for long."""


def test_loops_come_in_turn_each_after_the_minimum_time(scene: Scene) -> None:
    for loop in scene.loops[1:4]:
        scene.up_next.add(loop)
    assert scene.up_next.n_ahead == 3
    scene.consider()
    assert scene.handed == []
    for loop_id in (1, 2, 3):
        scene.consider(LONG)
        scene.consider(LONG)
        assert scene.handed[-1] == loop_id
        assert scene.player.takeovers[-1].lead_id == loop_id - 1
        scene.consider(LONG, incoming_id=loop_id)
        scene.take_over(loop_id)
    assert scene.handed == [1, 2, 3]
    assert scene.up_next.n_ahead == 0
    assert scene.up_next.took_over(3) is None


def test_after_a_starter_the_next_comes_at_once_at_a_bar(scene: Scene) -> None:
    scene.now_playing.lead(replace(scene.loops[0], is_starter=True))
    scene.up_next.add(scene.loops[1])
    scene.consider()
    assert scene.handed == [1]
    assert len(scene.player.takeovers[0].plan.entries) > 1


def test_what_is_not_prepared_in_time_stays_away_a_turn_longer_unless_it_is_awaited(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.worker.is_busy = True
    scene.up_next.add(scene.loops[1])
    scene.consider(LONG)
    assert scene.handed == []
    scene.up_next.ask_next(scene.wish)
    scene.consider()
    assert scene.handed == [], "its preparation is waited for"
    monkeypatch.setattr(timing, "PATIENCE_S", 0.0)
    scene.consider()
    assert scene.handed == [1]
    plan = scene.player.takeovers[0].plan
    assert (plan.entries, plan.lead_in, plan.bass) == ((0,), None, None)
    assert plan.n_samples == pytest.approx(0.4 * 44_100, abs=1)


@pytest.mark.parametrize(
    ("entry", "n_entries"), [(Entry.LOOP_END, {1}), (Entry.NEXT_BAR, {4, 8, 16}), (Entry.NOW, {0})]
)
def test_the_next_comes_by_the_persons_rule(scene: Scene, entry: Entry, n_entries: set[int]) -> None:
    scene.wish = replace(scene.wish, entry=entry)
    scene.up_next.add(scene.loops[1])
    scene.up_next.ask_next(scene.wish)
    scene.consider()
    assert scene.handed == [1]
    assert len(scene.player.takeovers[0].plan.entries) in n_entries


@pytest.mark.parametrize("is_prepared", [True, False])
def test_at_once_nothing_is_waited_for_and_what_was_prepared_for_another_entry_is_taken(
    scene: Scene, is_prepared: bool
) -> None:
    scene.wish = replace(scene.wish, overlap_ms=1500.0)
    scene.worker.is_busy = not is_prepared
    scene.up_next.add(scene.loops[1])
    scene.consider()
    scene.worker.is_busy = True
    scene.up_next.ask_at(Entry.NOW)
    scene.consider()
    assert scene.handed == [1]
    plan = scene.player.takeovers[0].plan
    # In phase either way; low bands are there where they were prepared.
    assert (plan.entries, plan.bars is not None, plan.bass is not None) == ((), True, is_prepared)


def test_asked_for_again_it_comes_sooner(scene: Scene) -> None:
    scene.up_next.add(scene.loops[1])
    assert scene.up_next.awaits is None
    lengths: list[int] = []
    for entry in (Entry.LOOP_END, Entry.NEXT_BAR, Entry.NOW):
        scene.up_next.ask_next(scene.wish)
        assert scene.up_next.awaits is entry
        scene.settle()
        assert scene.up_next.awaits is entry, "handed over, it still waits"
        lengths.append(len(scene.player.takeovers[-1].plan.entries))
    assert set(scene.handed) == {1}
    assert lengths[0] == 1
    assert lengths[1] > 1
    assert lengths[2] == 0
    scene.consider(incoming_id=1)
    assert scene.up_next.awaits is None, "it is heard"


def ask_during_a_takeover(scene: Scene) -> None:
    """Ask for the next loop while the one before it is coming in."""
    scene.up_next.add(scene.loops[1])
    scene.up_next.add(scene.loops[2])
    scene.consider(LONG)
    scene.consider(LONG, incoming_id=1)
    scene.up_next.ask_next(scene.wish)
    scene.consider(LONG, incoming_id=1)


def test_asked_for_during_a_takeover_the_one_after_comes_by_the_rule(scene: Scene) -> None:
    ask_during_a_takeover(scene)
    assert scene.handed == [1], "it waits until that one leads"
    scene.take_over(1)
    scene.consider()
    assert scene.handed == [1, 2]
    assert scene.player.takeovers[-1].lead_id == 1


def test_asked_for_now_during_a_takeover_the_one_after_comes_at_once(scene: Scene) -> None:
    scene.wish = replace(scene.wish, entry=Entry.NOW)
    ask_during_a_takeover(scene)
    assert scene.handed == [1, 2]
    assert scene.player.takeovers[-1].plan.entries == ()
    # Its middle is still heard, then the other's.
    scene.take_over(1)
    scene.take_over(2)
    assert scene.up_next.n_ahead == 0


def test_what_is_held_stays_until_it_is_let_go_or_the_person_asks(scene: Scene) -> None:
    scene.up_next.add(scene.loops[1])
    scene.consider(LONG)
    scene.up_next.hold(True)
    assert scene.player.n_called_off == 1
    assert scene.ready == [1]
    scene.up_next.hurry = True
    scene.settle(LONG)
    assert scene.handed == [1]
    scene.up_next.hold(False)
    scene.settle(LONG)
    assert scene.handed == [1, 1]
    scene.up_next.hold(True)
    scene.up_next.ask_next(scene.wish)
    scene.settle()
    assert scene.handed == [1, 1, 1]
    assert scene.up_next.is_held


def test_hold_calls_off_what_was_asked_for_before_it(scene: Scene) -> None:
    scene.up_next.add(scene.loops[1])
    scene.up_next.ask_back(scene.loops[2], scene.wish)
    scene.consider()
    scene.up_next.ask_next(scene.wish)
    scene.settle()
    assert scene.handed == [2, 1]
    scene.up_next.hold(True)
    scene.settle(LONG)
    assert scene.handed == [2, 1]
    scene.up_next.hold(False)
    scene.settle(LONG)
    assert scene.handed == [2, 1, 1]


def test_a_take_that_is_chosen_while_it_is_ready_comes_once(scene: Scene) -> None:
    scene.up_next.add(scene.loops[1])
    scene.up_next.add(scene.loops[2])
    again = LoopInHand.of_recipe(9, scene.loops[2].clip, scene.loops[2].recipe)
    scene.up_next.put_first(again)
    assert scene.ready == [9, 1]


def test_a_takeover_called_off_too_late_is_heard_all_the_same(scene: Scene) -> None:
    scene.up_next.add(scene.loops[1])
    scene.up_next.add(scene.loops[2])
    scene.consider(LONG)
    scene.up_next.put_first(scene.loops[3])
    assert scene.ready == [3, 1, 2]
    scene.take_over(1)
    assert scene.ready == [3, 2], "it does not come twice"
    assert scene.up_next.took_over(1) is None


def test_a_loop_that_was_handed_over_twice_with_another_between_leads_in_that_order(scene: Scene) -> None:
    """Pressed quickly, all three were on their way before the first was heard."""
    scene.up_next.add(scene.loops[1])
    scene.consider(LONG)
    for again in (2, 1):
        scene.up_next.hurry = True
        scene.up_next.put_first(scene.loops[again])
        scene.settle(LONG)
    assert scene.handed == [1, 2, 1]
    for loop_id in (1, 2, 1):
        scene.take_over(loop_id)
        assert scene.now_playing.playing.loop_id == loop_id
        scene.consider()


def test_going_back_keeps_what_is_ready(scene: Scene) -> None:
    scene.up_next.add(scene.loops[2])
    scene.up_next.ask_back(scene.loops[1], scene.wish)
    scene.consider()
    assert scene.handed == [1]
    assert scene.ready == [2]
    handed = scene.up_next.took_over(1)
    assert handed is not None
    assert handed.goes_back
    # A starter that the person went back to plays its time.
    scene.now_playing.lead(replace(scene.loops[1], is_starter=True))
    scene.consider()
    assert scene.handed == [1]


def test_what_an_audio_process_took_with_it_is_ready_again(scene: Scene) -> None:
    scene.up_next.add(scene.loops[1])
    scene.up_next.hurry = True
    scene.consider(incoming_id=1)
    scene.consider(incoming_id=1)
    scene.up_next.recall(died=True)
    assert scene.ready == [1]
    scene.consider()
    assert scene.handed == [1, 1], "still in a hurry"


def test_another_overlap_sends_what_waits_anew(scene: Scene) -> None:
    scene.up_next.add(scene.loops[1])
    scene.consider(LONG)
    scene.wish = replace(scene.wish, overlap_ms=900.0)
    scene.up_next.recall()
    scene.settle(LONG)
    assert [one.plan.n_samples for one in scene.player.takeovers] == [17_640, 39_690]


def test_with_few_snapshots_what_was_called_off_is_settled_by_the_clock(scene: Scene) -> None:
    scene.up_next.add(scene.loops[1])
    scene.consider(LONG)
    scene.up_next.recall()
    scene.consider(LONG)
    assert scene.handed == [1], "it may be heard all the same"
    scene.clock.pass_s(0.2)
    scene.consider(LONG)
    assert scene.handed == [1, 1]


def test_what_was_changed_of_one_transition_is_over_with_it(scene: Scene) -> None:
    first, second = scene.loops[:2]
    scene.up_next.add(second)
    scene.consider()
    assert scene.up_next.edit(TransitionEdit(first.loop_id, second.loop_id, overlap_ms=900.0), scene.now_playing)
    scene.settle(LONG)
    scene.consider(LONG, incoming_id=second.loop_id)
    scene.take_over(second.loop_id)
    for back_or_on in (first, second):
        # Back, and then the same two loops follow each other once more.
        scene.up_next.come_again(back_or_on)
        scene.settle(LONG)
        scene.consider(LONG, incoming_id=back_or_on.loop_id)
        scene.take_over(back_or_on.loop_id)
    assert [one.plan.n_samples for one in scene.player.takeovers] == [39_690, 17_640, 17_640]


def test_nothing_comes_after_a_stop(scene: Scene) -> None:
    scene.up_next.add(scene.loops[1])
    scene.up_next.hurry = True
    scene.consider()
    scene.up_next.add(scene.loops[2])
    scene.up_next.clear()
    assert scene.up_next.n_ahead == 0
    assert scene.up_next.took_over(1) is None
    assert not scene.up_next.hurry
    scene.settle(LONG)
    assert scene.handed == [1]


def test_a_loop_does_not_take_over_from_itself(scene: Scene) -> None:
    scene.up_next.add(scene.loops[1])
    scene.up_next.ask_back(scene.loops[1], scene.wish)
    scene.consider()
    scene.consider(incoming_id=1)
    scene.take_over(1)
    scene.up_next.ask_next(scene.wish)
    scene.settle(LONG)
    assert scene.ready == []
    assert scene.handed == [1]
    scene.up_next.add(scene.loops[2])
    scene.consider()
    assert scene.handed == [1, 2]


def through(loop: LoopInHand, *, overlap_ms: float | None = None) -> LoopInHand:
    """Return the same loop, of a clip in which nothing loops."""
    candidate = replace(loop.recipe.loop, weak=True, bars=None, played_through=True, overlap_ms=overlap_ms)
    return LoopInHand.of_recipe(loop.loop_id, loop.clip, replace(loop.recipe, loop=candidate))


def test_a_clip_played_through_gives_way_at_its_end_and_need_not_turn(scene: Scene) -> None:
    scene.now_playing.lead(through(scene.loops[0]))
    scene.wish = replace(scene.wish, entry=Entry.NEXT_BAR)
    scene.up_next.add(scene.loops[1])
    n = scene.now_playing.baked.n_samples
    turns = turns_through(scene.now_playing.turn_s, 30.0)
    playing = scene.now_playing.playing.loop_id

    def at(turn: int, share: float) -> None:
        heard = ChannelSnapshot(playing, round(share * n), turn)
        scene.up_next.consider(scene.now_playing, heard, scene.wish, min_play_s=30.0)

    for turn in range(turns):
        at(turn, 0.1)
    assert scene.handed == [], "it is heard to its end"
    at(turns - 1, 0.6)
    assert scene.handed == [1]
    assert scene.player.takeovers[0].plan.entries == (0,), "at the loop's end, whatever the rule"


def test_with_nothing_ready_a_clip_played_through_turns(scene: Scene) -> None:
    scene.now_playing.lead(through(scene.loops[0], overlap_ms=1500.0))
    for turn in range(5):
        scene.consider(turn)
    assert scene.handed == []
    assert scene.now_playing.overlap_ms == 1500.0
    assert scene.now_playing.baked.overlap_samples <= round(1.5 * scene.now_playing.baked.sample_rate)
    assert scene.now_playing.view().overlap_ms > 400.0, "by its own seam, which is longer than asked"


def test_a_longer_overlap_than_its_own_is_the_persons(scene: Scene) -> None:
    baker = Baker(3000.0, -16.0)
    assert baker.key(through(scene.loops[0], overlap_ms=1500.0)).overlap_ms == 3000.0
    assert Baker(400.0, -16.0).key(through(scene.loops[0])).overlap_ms == 400.0


def test_a_region_of_ones_own_is_not_played_through(scene: Scene) -> None:
    scene.now_playing.lead(through(scene.loops[0], overlap_ms=1500.0))
    region = scene.now_playing.candidate.region
    scene.now_playing.choose(replace(region, loop_end=region.loop_end - 1000))
    scene.now_playing.bake_again()
    assert not scene.now_playing.candidate.played_through
    assert scene.now_playing.overlap_ms == 400.0


def test_what_was_called_off_and_comes_in_all_the_same_is_not_the_next_one(scene: Scene) -> None:
    scene.up_next.add(scene.loops[1])
    scene.up_next.ask_next(TransitionWish(entry=Entry.NOW))
    scene.settle()
    # What plays was baked anew just then.
    scene.up_next.recall()
    assert (scene.up_next.has_next, scene.up_next.coming) == (True, None)
    scene.consider(incoming_id=1)
    assert scene.up_next.coming is scene.loops[1]
    assert not scene.up_next.has_next, "who asks for the next one means the one after it"
    assert len(scene.up_next.plays_s(30.0)) == 1
    scene.up_next.ask_next(TransitionWish(entry=Entry.NOW))
    scene.up_next.put_first(scene.loops[2])
    scene.settle(incoming_id=1)
    assert scene.handed == [1]
    scene.take_over(1)
    scene.settle()
    assert scene.handed == [1, 2]
