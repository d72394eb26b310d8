# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine with real processes shows what plays, whatever a person does in what order."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.session.session import KNOWN_PAST
from engine.session.up_next import LOOPS_AHEAD
from engine.values import Algorithm, LoopRegion, SeamProof
from tests.engine.qt.conftest import Listener

pytestmark = pytest.mark.gui


@pytest.fixture
def expected_logs() -> list[str]:
    return ["cannot be written", "There is no file"]


def test_the_first_clip_takes_over_and_is_kept_and_the_next_is_made(studio: Listener) -> None:
    studio.start()
    assert studio.view.is_starter
    view = studio.until_takeover()
    assert not view.is_starter
    assert view.recipe.prompt == studio.options.prompt
    studio.until(lambda: studio.view.peaks is not None and studio.view.spectrogram is not None, "it is drawn")
    assert len(studio.view.candidates) > 1
    studio.until(lambda: view.recipe in [take.recipe for take in studio.takes], "the take is kept")
    studio.until_it_plays()
    studio.until_state("ready")
    assert studio.failures == []


@pytest.mark.soak
def test_starting_and_stopping_quickly_leaves_one_loop_playing(studio: Listener) -> None:
    for _ in range(20):
        studio.start_wanted.emit()
        studio.stop_wanted.emit()
    studio.until(lambda: studio.running == [True, False] * 20, "every click is heard")
    studio.until_state("idle")
    studio.start()
    studio.until_takeover()
    studio.until_it_plays()
    assert {one.endless.loop_id for one in studio.snapshots[-3:]} == {studio.view.loop_id}
    assert [studio.process(name).is_running() for name in ("audio", "analysis", "composer")] == [True] * 3
    assert studio.failures == []


@pytest.mark.soak
def test_after_a_stop_the_same_prompt_resumes_and_another_begins_with_a_starter(studio: Listener) -> None:
    studio.start()
    made = studio.until_takeover()
    studio.stop()
    studio.start()
    assert studio.view.loop_id == made.loop_id
    studio.stop()
    studio.change(prompt="ambient, slow")
    studio.start_wanted.emit()
    studio.until(lambda: studio.view.is_starter, "a starter is shown")
    studio.until_it_plays()
    assert studio.until_takeover().recipe.prompt == "ambient, slow"


@pytest.mark.soak
def test_another_prompt_drops_the_loop_that_was_ready(studio: Listener) -> None:
    studio.start()
    studio.until_takeover()
    studio.until_state("ready")
    studio.change(prompt="techno, 130 bpm")
    # Not forgotten by what changes next.
    studio.change(min_loop_s=1.5)
    assert studio.until_takeover(30.0).recipe.prompt == "techno, 130 bpm"


@pytest.mark.soak
def test_only_the_region_dragged_last_is_judged(studio: Listener) -> None:
    studio.start()
    # On a busy machine the first clip may be ready before the hand is.
    studio.hold_wanted.emit(True)
    studio.until(lambda: studio.transport.is_held, "it is held")
    assert studio.view.is_starter
    ends = [0.5 + step / 100 for step in range(30)]
    for end in ends:
        studio.region_wanted.emit(studio.region(0.1, end))
    last = studio.region(0.1, ends[-1])
    score = studio.views[0].candidate.score
    studio.until(lambda: studio.view.region == last and studio.view.proof is not None, "the last region is judged")
    assert studio.view.current is None
    assert studio.view.candidate.score != score
    judged = [view.region for view in studio.views if view.candidate.score not in {score, studio.view.candidate.score}]
    assert len(set(judged)) < len(ends) / 2
    studio.until_it_plays()


def proofs_of(studio: Listener) -> dict[tuple[int, LoopRegion, float], set[SeamProof]]:
    """Return the proof of each seam that was shown, with its loop, region and overlap."""
    told: dict[tuple[int, LoopRegion, float], set[SeamProof]] = {}
    for view in studio.views:
        proofs = told.setdefault((view.loop_id, view.region, view.overlap_ms), set())
        proofs.update({view.proof} if view.proof is not None else ())
    return told


@pytest.mark.soak
def test_the_seam_that_plays_is_proved(studio: Listener) -> None:
    studio.until(lambda: studio.view.proof is not None, "the starter's seam is proved")
    studio.start()
    view = studio.until_takeover()
    # It came with the loop: there is no moment without it.
    assert view.proof is not None
    studio.until(lambda: len(studio.view.candidates) > 1, "there are others")
    studio.candidate_wanted.emit(1)
    studio.until(lambda: studio.view.current == 1 and studio.view.proof is not None, "the candidate's seam is proved")
    assert studio.view.candidate == studio.view.candidates[1]
    studio.region_wanted.emit(studio.region(0.2, 0.7))
    studio.until(lambda: studio.view.current is None and studio.view.proof is not None, "the person's seam is proved")
    for overlap_ms in range(100, 400, 10):
        studio.change(overlap_ms=float(overlap_ms))
    studio.until(
        lambda: abs(studio.view.overlap_ms - 390.0) < 1.0 and studio.view.proof is not None, "the new overlap is proved"
    )
    studio.candidate_wanted.emit(0)
    studio.until(lambda: studio.view.current == 0 and studio.view.proof is not None, "the winner with its new overlap")
    told = proofs_of(studio)
    assert all(len(proofs) <= 1 for proofs in told.values()), "a seam was told two proofs"
    shown = [proof for proofs in told.values() for proof in proofs]
    assert len(set(shown)) == len(shown) >= 5, "two seams were told the same proof"
    # Of the overlaps the slider passed over hardly any was measured.
    passed = [proofs for (_, _, overlap_ms), proofs in told.items() if 100.0 < overlap_ms < 389.0]
    assert sum(map(len, passed)) <= 2
    assert studio.failures == []


@pytest.mark.soak
def test_the_overlap_moved_while_a_clip_is_made_is_proved(studio: Listener) -> None:
    studio.start()
    studio.until_state("ready")
    studio.change(overlap_ms=150.0)
    view = studio.until_takeover()
    studio.until(
        lambda: studio.view.loop_id == view.loop_id and studio.view.proof is not None, "the seam that plays is proved"
    )
    assert studio.view.overlap_ms == pytest.approx(150.0, abs=1.0)


@pytest.mark.soak
def test_classic_judges_a_dragged_region_as_it_ranks(studio: Listener) -> None:
    studio.change(algorithm=Algorithm.CLASSIC)
    studio.start()
    studio.until_takeover()
    assert studio.view.algorithm is Algorithm.CLASSIC
    studio.region_wanted.emit(studio.region(0.1, 0.83))
    studio.until(lambda: studio.view.current is None and studio.view.proof is not None, "it is judged")
    shown = [*studio.view.candidates, studio.view.candidate]
    assert [one.score for one in shown] == [one.metrics.spectral for one in shown]


@pytest.mark.soak
def test_the_overlap_is_heard_of_wherever_it_moves(studio: Listener) -> None:
    studio.change(overlap_ms=900.0)
    studio.until(lambda: abs(studio.view.overlap_ms - 900.0) < 1.0, "it applies while nothing plays")
    studio.start()
    for overlap_ms in range(100, 1000, 10):
        studio.change(overlap_ms=float(overlap_ms))
    studio.until(lambda: abs(studio.view.overlap_ms - 990.0) < 1.0, "the last position applies")
    studio.until_takeover()
    assert studio.view.overlap_ms == pytest.approx(990.0, abs=1.0)


@pytest.mark.soak
def test_a_take_plays_next_and_a_missing_one_is_told(studio: Listener) -> None:
    studio.start()
    first = studio.until_takeover()
    studio.until(lambda: first.recipe in [one.recipe for one in studio.takes], "the take is kept")
    take = next(one for one in studio.takes if one.recipe == first.recipe)
    studio.stop()
    studio.change(prompt="ambient, slow")
    studio.start()
    assert studio.view.is_starter
    studio.take_wanted.emit(take.take_id)
    studio.until(lambda: studio.view.recipe == first.recipe, "the take plays")
    studio.until(lambda: len(studio.view.candidates) > 1 and studio.view.peaks is not None, "its candidates are shown")
    studio.until_next()
    studio.next_wanted.emit()
    after, piece = studio.until_takeover().recipe.family, first.recipe.family
    assert after is not None
    assert piece is not None
    assert (after.name, after.age) == (piece.name, piece.age + 1), "what was ready was of another piece"

    Path(take.audio_path).unlink()
    studio.take_wanted.emit(take.take_id)
    studio.until(lambda: studio.failures, "the missing take is told")
    assert take.audio_path in studio.sentences[0]
    studio.until_it_plays()


@pytest.mark.soak
def test_a_take_asked_for_before_a_stop_does_not_start_the_music(studio: Listener) -> None:
    studio.start()
    studio.until_takeover()
    studio.until(lambda: studio.takes, "the take is kept")
    studio.take_wanted.emit(studio.takes[0].take_id)
    studio.stop_wanted.emit()
    studio.until(lambda: not studio.running[-1], "it stops")
    studio.save_wanted.emit(str(Path(studio.options.library_folder) / "after.wav"))
    studio.until(lambda: studio.saved, "what was asked for after the take is done")
    assert studio.running == [True, False]


@pytest.mark.soak
def test_a_bad_place_to_save_to_is_told_each_time(studio: Listener, tmp_path: Path) -> None:
    for count in (1, 2):
        studio.save_wanted.emit(str(tmp_path / "nowhere" / "loop.wav"))
        studio.until(lambda count=count: len(studio.failures) == count, "it is told")  # type: ignore[misc]
    studio.save_wanted.emit(str(tmp_path / "loop.wav"))
    studio.until(lambda: studio.saved == [str(tmp_path / "loop.wav")], "it is saved")


@pytest.mark.soak
def test_ten_loops_on_a_hastened_clock_leave_no_pictures_behind(studio: Listener) -> None:
    studio.speed_wanted.emit(20.0)
    studio.change(min_play_s=10.0)
    studio.start()
    for _ in range(10):
        studio.until_takeover()
    now = studio.engine.on_thread.session.presenter.now_playing
    assert now is not None
    # Of what plays, what is coming and what led last.
    assert max(now.n_known()) <= LOOPS_AHEAD + KNOWN_PAST + 2
    studio.until(lambda: len(studio.takes) >= 9, "they are kept")
    assert studio.failures == []
