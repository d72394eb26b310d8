# SPDX-License-Identifier: GPL-3.0-or-later
"""A loop that a person chose belongs to its take from then on: in its recipe, when it plays again, in what is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.paths import RESOURCES
from engine.session.options import LoopView, StudioOptions
from engine.values import Entry, LoopOrigin, LoopRegion, Mark, Take
from tests.engine.qt.conftest import SPEED, Listener, Opened

pytestmark = pytest.mark.gui


def take_that_leads(studio: Listener) -> Take:
    """Return the first take that was made, once it plays and is kept."""
    studio.change(entry=Entry.NOW)
    studio.start()
    title = studio.until_takeover().recipe.title
    studio.until(lambda: title in [one.recipe.title for one in studio.takes], "the take is kept")
    return next(one for one in studio.takes if one.recipe.title == title)


def written(take: Take) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(Path(take.audio_path).with_suffix(".json").read_text(encoding="utf-8"))
    return said


def region_written(take: Take) -> LoopRegion:
    loop = written(take)["loop"]
    return LoopRegion(loop["loop_start"], loop["loop_end"])


def played_again(studio: Listener, take: Take) -> LoopView:
    """Play another loop, then ask for the take in the library."""
    studio.until_next()
    studio.next_wanted.emit()
    studio.until_takeover()
    studio.take_wanted.emit(take.take_id)
    view = studio.until_takeover()
    assert view.recipe.title == take.recipe.title
    return view


@pytest.mark.soak
def test_a_dragged_loop_is_the_takes_from_then_on(studio: Listener) -> None:
    take = take_that_leads(studio)
    dragged = studio.region(0.1, 0.63)
    studio.region_wanted.emit(studio.region(0.1, 0.5))
    studio.region_wanted.emit(dragged)
    studio.until(lambda: studio.view.region == dragged and studio.view.proof is not None, "it is judged")
    judged = studio.view.candidate
    assert judged.origin is LoopOrigin.HAND
    studio.until(lambda: written(take)["loop"]["score"] == judged.score, "it is written as it was judged")
    assert region_written(take) == dragged
    assert written(take)["loop"]["origin"] == "hand"
    studio.until(lambda: written(take).get("marks") == [str(Mark.REGION)], "the take is marked")
    again = played_again(studio, take)
    assert again.region == dragged
    assert again.candidate.origin is LoopOrigin.HAND
    studio.until(lambda: len(studio.view.candidates) > 1, "what was found in it is offered again")
    assert studio.view.region == dragged
    assert studio.failures == []


@pytest.mark.soak
def test_a_chosen_candidate_is_the_takes_from_then_on(studio: Listener) -> None:
    take = take_that_leads(studio)
    chosen = studio.view.candidates[1].region
    studio.candidate_wanted.emit(1)
    studio.until(lambda: region_written(take) == chosen, "it is written")
    assert written(take)["loop"]["origin"] == "found"
    assert "marks" not in written(take), "what was only chosen may go when there is no room"
    assert played_again(studio, take).region == chosen
    assert studio.failures == []


@pytest.mark.soak
def test_a_loop_dragged_just_before_the_studio_closes_is_there_when_it_opens_again(
    opened: Opened, options: StudioOptions
) -> None:
    with opened(options) as studio:
        studio.speed_wanted.emit(SPEED)
        take = take_that_leads(studio)
        regions = [studio.region(0.1, end) for end in (0.5, 0.55, 0.6, 0.65)]
        for region in regions:
            studio.region_wanted.emit(region)
    assert region_written(take) == regions[-1]
    studio.until(lambda: written(take).get("marks") == [str(Mark.REGION)], "the take is marked")
    with opened(options) as studio:
        studio.until(lambda: take.take_id in [one.take_id for one in studio.takes], "the takes are listed")
        studio.take_wanted.emit(take.take_id)
        studio.until(lambda: studio.view.recipe.title == take.recipe.title, "the take leads")
        assert studio.view.region == regions[-1]
        assert studio.view.candidate.origin is LoopOrigin.HAND
        assert studio.failures == []


@pytest.mark.soak
def test_a_starter_stays_as_it_ships_whatever_is_dragged(opened: Opened, options: StudioOptions) -> None:
    folder = RESOURCES / "starters"
    shipped = {path: path.read_bytes() for path in folder.iterdir()}
    with opened(options) as studio:
        before, dragged = studio.view.region, studio.region(0.2, 0.8)
        studio.region_wanted.emit(dragged)
        studio.until(lambda: studio.view.region == dragged and studio.view.proof is not None, "it is set and judged")
        assert studio.view.is_starter
        assert studio.takes == ()
        assert studio.failures == []
    assert {path: path.read_bytes() for path in folder.iterdir()} == shipped
    with opened(options) as studio:
        assert studio.view.region == before


@pytest.mark.soak
def test_what_is_kept_names_the_loops_that_were_heard(opened: Opened, options: StudioOptions, tmp_path: Path) -> None:
    kept = tmp_path / "kept.flac"
    with opened(options) as studio:
        # Before it is heard, and while it is.
        before, while_heard = studio.region(0.2, 0.8), studio.region(0.1, 0.5)
        studio.region_wanted.emit(before)
        studio.until(lambda: studio.view.region == before, "it is set")
        studio.start()
        studio.hold_wanted.emit(True)
        studio.until_it_plays()
        studio.region_wanted.emit(while_heard)
        studio.until(lambda: studio.view.region == while_heard and studio.view.proof is not None, "it is judged")
        studio.until_it_plays()
        studio.keep_wanted.emit(str(kept))
        studio.until(lambda: str(kept) in studio.saved, "it is kept")
        assert studio.view.is_starter
    sheet = kept.with_suffix(".cue").read_text(encoding="utf-8").splitlines()
    starts = [line.split()[-1] for line in sheet if "REM LOOP_START" in line]
    ends = [line.split()[-1] for line in sheet if "REM LOOP_END" in line]
    heard = [LoopRegion(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]
    assert heard == [before, while_heard]
