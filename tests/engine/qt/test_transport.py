# SPDX-License-Identifier: GPL-3.0-or-later
"""The transport with real processes makes what a listener presses heard, and is never silent."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from engine.session.options import StudioOptions
from engine.values import FAVOURITE, NEVER, Entry, PlaybackSnapshot
from tests.engine.qt.conftest import SPEED, Listener, Opened
from tests.standins import install_musicgpt, musicgpt_settings

pytestmark = pytest.mark.gui


@pytest.fixture
def expected_logs() -> list[str]:
    return ["Nothing was heard", "process stopped (exit code -9)"]


def with_no_generator(options: StudioOptions, folder: Path) -> StudioOptions:
    """Open a studio whose generator never answers."""
    settings = musicgpt_settings(str(install_musicgpt(folder, misdeed="hang")))
    return replace(options, generator="musicgpt", model="small", generators=settings)


@pytest.mark.soak
def test_next_and_previous_go_along_the_loops_that_led(studio: Listener) -> None:
    studio.change(entry=Entry.NOW)
    studio.start()
    first = studio.until_takeover()
    studio.until(lambda: studio.transport.has_previous, "there is one before it")
    studio.until_next()
    studio.next_wanted.emit()
    second = studio.until_takeover()
    studio.previous_wanted.emit()
    assert studio.until_takeover().loop_id == first.loop_id
    studio.next_wanted.emit()
    assert studio.until_takeover().loop_id == second.loop_id, "what was left comes again"
    studio.previous_wanted.emit()
    assert studio.until_takeover().loop_id == first.loop_id
    studio.previous_wanted.emit()
    assert studio.until_takeover().is_starter
    studio.until(lambda: not studio.transport.has_previous, "there is nothing before it")
    # The person went back to it: it plays its time.
    studio.until_it_plays()
    assert studio.view.is_starter
    assert studio.failures == []


@pytest.mark.soak
def test_a_loop_is_drawn_whichever_way_it_comes(studio: Listener) -> None:
    studio.change(entry=Entry.NOW)
    studio.start()
    seen = {studio.until_takeover().loop_id}
    studio.until_next()
    studio.next_wanted.emit()
    seen.add(studio.until_takeover().loop_id)
    studio.until(lambda: studio.view.peaks is not None, "a loop that was just made is drawn")
    # Back, there and back again; then, by itself, what was left once more.
    for wanted in (studio.previous_wanted, studio.next_wanted, studio.previous_wanted):
        wanted.emit()
        assert studio.until_takeover().loop_id in seen
        assert studio.view.peaks is not None, "what led before is drawn when it leads again"
        assert studio.view.spectrogram is not None
        assert len(studio.view.candidates) > 1
    studio.change(min_play_s=10.0)
    assert studio.until_takeover().loop_id in seen
    assert studio.view.peaks is not None
    studio.until(lambda: studio.takes, "a take is kept")
    studio.take_wanted.emit(studio.takes[-1].take_id)
    assert studio.until_takeover().loop_id not in seen
    studio.until(lambda: studio.view.peaks is not None, "a take is drawn")
    studio.stop()
    studio.start()
    assert studio.view.peaks is not None, "after a stop too"
    assert studio.failures == []


@pytest.mark.soak
def test_a_transition_is_prepared_and_heard(studio: Listener) -> None:
    # Slow enough for many snapshots within a crossfade, whatever else the machine does.
    studio.speed_wanted.emit(SPEED / 2.0)
    studio.change(min_play_s=10.0, overlap_ms=5000.0, beat_match=True, bass_swap=True)
    studio.start()
    studio.until_takeover()
    studio.snapshots.clear()
    view = studio.until_takeover()
    studio.until(lambda: studio.snapshots[-1].endless.incoming_id is None, "the crossfade is over")
    coming = [one for one in studio.snapshots if one.endless.incoming_id == view.loop_id]
    fades = [one.endless.fade for one in coming]
    assert fades == sorted(fades)
    assert fades[0] < 0.5 < fades[-1]
    studio.until(lambda: studio.hands and studio.hands[-1].making_s is not None, "the making time is known")
    assert studio.hands[-1].prepared_s > 0.0
    assert studio.failures == []


@pytest.mark.soak
def test_whatever_is_pressed_with_nothing_ready_something_else_comes(
    opened: Opened, options: StudioOptions, tmp_path: Path
) -> None:
    with opened(with_no_generator(options, tmp_path / "bin")) as studio:
        studio.speed_wanted.emit(SPEED)
        studio.change(entry=Entry.NOW)
        studio.start()
        seen = [studio.view.recipe.title]
        for wish in (studio.next_wanted, studio.never_wanted, studio.next_wanted):
            assert studio.transport.has_next
            wish.emit()
            seen.append(studio.until_takeover().recipe.title)
            assert seen[-1] != seen[-2]
        # An interlude, by itself.
        studio.change(max_play_s=12.0, min_play_s=10.0)
        assert studio.until_takeover().recipe.title != seen[-1]
        assert studio.failures == []


@pytest.mark.soak
def test_a_loop_is_held_until_it_is_let_go(studio: Listener) -> None:
    studio.start()
    view = studio.until_takeover()
    studio.until_state("ready")
    studio.hold_wanted.emit(True)
    studio.until(lambda: studio.transport.is_held, "it is held")
    studio.change(min_play_s=10.0, prompt="techno, 130 bpm")
    studio.until_state("ready")
    played = studio.snapshots[-1].endless.turns
    studio.until(lambda: studio.snapshots[-1].endless.turns > played + 4, "it plays on")
    assert studio.view.loop_id == view.loop_id
    studio.hold_wanted.emit(False)
    assert studio.until_takeover().recipe.prompt == "techno, 130 bpm"


@pytest.mark.soak
def test_a_take_may_be_a_favourite_or_never_come_again(opened: Opened, options: StudioOptions, tmp_path: Path) -> None:
    with opened(options) as studio:
        studio.speed_wanted.emit(SPEED)
        studio.start()
        assert not studio.transport.can_rate
        studio.until_takeover()
        studio.until(lambda: studio.transport.can_rate, "it can be rated")
        studio.favourite_wanted.emit(True)
        studio.until(lambda: studio.transport.is_favourite, "it is a favourite")
        studio.until_next()
        studio.change(entry=Entry.NOW)
        studio.next_wanted.emit()
        unwanted = studio.until_takeover()
        studio.until(lambda: not studio.transport.is_favourite, "another leads")
        studio.until(lambda: studio.states[-1].title not in ("", unwanted.recipe.title), "another is ready")
        # Perhaps before it is in the library.
        studio.never_wanted.emit()
        studio.until_takeover()
        studio.until(
            lambda: {FAVOURITE, NEVER} <= {one.rating for one in studio.takes}, "both are rated in the library"
        )
        favourite = next(one for one in studio.takes if one.rating == FAVOURITE)
        never = next(one for one in studio.takes if one.rating == NEVER)
        assert never.recipe == unwanted.recipe
        studio.previous_wanted.emit()
        assert studio.until_takeover().recipe == favourite.recipe
        # What the files say comes when every job is done.
        studio.save_wanted.emit(str(tmp_path / "loop.wav"))
        studio.until(lambda: studio.saved, "all was done")
    kept = json.loads(Path(never.audio_path).with_suffix(".json").read_text())
    assert kept["rating"] == NEVER
    with opened(with_no_generator(options, tmp_path / "bin")) as studio:
        studio.speed_wanted.emit(SPEED)
        studio.change(entry=Entry.NOW)
        studio.start()
        studio.until(lambda: studio.takes, "the library is listed")
        studio.next_wanted.emit()
        assert studio.until_takeover().recipe == favourite.recipe


@pytest.mark.soak
def test_a_pause_keeps_the_place(studio: Listener) -> None:
    studio.start()
    studio.until_takeover()
    studio.until_it_plays()
    studio.pause_wanted.emit(True)
    studio.until(lambda: studio.transport.is_paused and studio.snapshots[-1].endless.is_paused, "it is paused")

    def played_s(one: PlaybackSnapshot) -> float:
        return (
            one.endless.turns * studio.view.region.n_samples + one.endless.position_samples
        ) / studio.view.sample_rate

    studio.qtbot.wait(300)
    place_s = played_s(studio.snapshots[-1])
    studio.qtbot.wait(300)
    assert played_s(studio.snapshots[-1]) == place_s
    # A new process stands still where the old one did.
    studio.until_another("audio", studio.kill("audio"))
    studio.snapshots.clear()
    studio.until(
        lambda: (
            studio.snapshots
            and studio.snapshots[-1].endless.is_paused
            and studio.snapshots[-1].endless.loop_id is not None
        ),
        "it is paused still",
    )
    stood_s = played_s(studio.snapshots[-1])
    assert -0.01 < stood_s - place_s < 0.2 * SPEED
    asked_s = time.monotonic()
    studio.pause_wanted.emit(False)
    studio.until_it_plays()
    moved_s = [played_s(one) - stood_s for one in studio.snapshots]
    assert moved_s == sorted(moved_s)
    assert 0.0 <= moved_s[0] <= moved_s[-1] < SPEED * (time.monotonic() - asked_s + 0.1)
    # Whoever goes on goes on to sound.
    studio.pause_wanted.emit(True)
    studio.until(lambda: studio.transport.is_paused, "it is paused")
    studio.start_wanted.emit()
    studio.until(lambda: not studio.transport.is_paused, "it goes on")
    studio.until_it_plays()


@pytest.mark.soak
def test_the_music_falls_asleep_unless_it_is_woken(studio: Listener) -> None:
    studio.start()
    studio.sleep_wanted.emit(10.0)
    studio.until(lambda: 600.0 in [one.sleep_left_s for one in studio.transports], "the timer is told")
    studio.sleep_wanted.emit(0.0)
    studio.until(lambda: studio.transport.sleep_left_s is None, "it is off")
    studio.sleep_wanted.emit(0.05)
    studio.until(lambda: not studio.running[-1], "the music is over", 10.0)
    assert studio.transport.sleep_left_s is None
    loudest_db = [max(one.peak_db) for one in studio.snapshots[-8:]]
    assert min(loudest_db) < -20.0, "it faded"
    studio.snapshots.clear()
    studio.start()
    studio.until(lambda: any(max(one.peak_db) > -20.0 for one in studio.snapshots), "it is as loud as ever")


@pytest.mark.soak
def test_what_was_heard_is_kept_and_what_is_to_come_is_recorded(
    opened: Opened, options: StudioOptions, tmp_path: Path
) -> None:
    kept, recorded = tmp_path / "kept.flac", tmp_path / "recorded.flac"
    with opened(options) as studio:
        studio.keep_wanted.emit(str(kept))
        studio.until(lambda: studio.failures, "nothing was heard yet")
        studio.start()
        studio.recording_wanted.emit(str(recorded))
        studio.until(lambda: studio.transport.recording == str(recorded), "it records")
        title = studio.view.recipe.title
        studio.until_takeover()
        studio.until(lambda: any(one.true_peak_db > -20.0 for one in studio.meters), "the meters move")
        studio.qtbot.wait(700)
        studio.keep_wanted.emit(str(kept))
        studio.until(lambda: str(kept) in studio.saved, "it is kept")
        studio.end_of_recording_wanted.emit()
        studio.until(lambda: str(recorded) in studio.saved and not studio.transport.recording, "it is recorded")
        titles = [title, studio.view.recipe.title]
    for path in (kept, recorded):
        assert soundfile.info(path).duration > 1.0
        assert abs(soundfile.read(path)[0]).max() > 0.1
    sheet = kept.with_suffix(".cue").read_text(encoding="utf-8")
    assert [title for title in titles if title in sheet] == titles


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2])
def test_whoever_presses_everything_at_once_still_hears_music_that_goes_on(studio: Listener, seed: int) -> None:
    rng = random.Random(seed)
    deeds: list[Callable[[], object]] = [
        *[studio.next_wanted.emit] * 4,
        *[studio.previous_wanted.emit] * 4,
        *[lambda: studio.hold_wanted.emit(rng.random() < 0.3)] * 3,
        *[lambda: studio.pause_wanted.emit(rng.random() < 0.5)] * 2,
        lambda: studio.favourite_wanted.emit(True),
        lambda: studio.never_wanted.emit() if rng.random() < 0.3 else None,
        lambda: studio.take_wanted.emit(rng.choice(studio.takes).take_id) if studio.takes else None,
        lambda: studio.change(entry=rng.choice(list(Entry)), bars=rng.choice([0, 0, 1, 2])),
        lambda: studio.change(overlap_ms=rng.choice([100.0, 500.0, 3000.0])),
        lambda: studio.region_wanted.emit(studio.region(0.1, rng.uniform(0.4, 0.95))),
        lambda: studio.kill("audio") if rng.random() < 0.2 else None,
    ]
    studio.change(min_play_s=10.0, max_play_s=30.0)
    studio.start()
    for _ in range(80):
        rng.choice(deeds)()
        studio.qtbot.wait(rng.choice([0, 0, 20, 100, 400, 800]))
    studio.pause_wanted.emit(False)
    studio.hold_wanted.emit(False)
    studio.change(entry=Entry.NEXT_BAR)
    studio.until_it_plays()
    for _ in range(3):
        studio.next_wanted.emit()
        studio.until_takeover()
    # And by itself.
    studio.until_takeover()
