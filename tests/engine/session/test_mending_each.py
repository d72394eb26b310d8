# SPDX-License-Identifier: GPL-3.0-or-later
"""A seam that is heard is mended once, by itself, where that is set; silently where nothing paints."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import GeneratorFailed, NothingPaints
from engine.session.baking import LoopInHand
from engine.session.made_again import MENDED_BY
from engine.session.mending_each import MendingEach, is_heard
from engine.session.running import Running
from engine.values import LoopRegion, SeamProof
from engine.worker.mending_jobs import Painter
from tests.engine.loops.test_mending import REGION, bad, perfect
from tests.engine.session.test_mending import OPTIONS, Bench, broken_loop

FINE = SeamProof(step=0.6, slope=0.5, dip_db=1.0, onset=0.1, quieter_than=0.99)


@pytest.mark.parametrize(
    ("proof", "heard"),
    [
        (FINE, False),
        (replace(FINE, quieter_than=0.9), True),
        (replace(FINE, dip_db=4.0), True),
        (replace(FINE, step=1.4), True),
    ],
)
def test_what_is_heard(proof: SeamProof, heard: bool) -> None:
    assert is_heard(proof) is heard


class Alone(Bench):
    """A bench whose seams are mended by themselves."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.running, self.mended = Running(), list[LoopInHand]()
        self.mending.mended.connect(self.mended.append)
        self.each = MendingEach(self.running, self.presenter, self.mending)
        self.running.begin()
        self.set(wanted=True)

    def set(self, *, wanted: bool) -> None:
        self.mending.options = replace(OPTIONS, mend_seams=wanted)

    def lead(self, loop: LoopInHand) -> None:
        self.presenter.lead(loop, OPTIONS)
        self.presenter.prove()


def test_a_seam_that_is_heard_is_mended_once_and_kept() -> None:
    bench = Alone()
    bench.lead(broken_loop(8))
    assert len(bench.asked) == 1
    bench.paint(perfect)
    assert [one.loop_id for one in bench.mended] == [8]
    assert bench.mended[0] is not broken_loop(8)
    assert bench.playing.recipe.versions[MENDED_BY] == "Stable Audio 3 small"
    bench.lead(broken_loop(8))
    assert len(bench.asked) == 1, "it was tried"
    bench.lead(broken_loop(9))
    assert len(bench.asked) == 2
    bench.paint(bad)
    assert len(bench.mended) == 1
    assert "painted no better seam" in bench.told[-1]


def test_it_is_left_alone_where_that_is_not_wished_or_not_played() -> None:
    bench = Alone()
    bench.set(wanted=False)
    bench.lead(broken_loop(8))
    bench.set(wanted=True)
    bench.running.end()
    bench.lead(broken_loop(9))
    bench.running.begin()
    bench.lead(replace(broken_loop(10), is_starter=True))
    mended = broken_loop(11)
    bench.lead(replace(mended, recipe=replace(mended.recipe, versions={MENDED_BY: "Stable Audio 3 small"})))
    bench.lead(replace(broken_loop(12), is_growing=True))
    assert bench.asked == []
    bench.lead(broken_loop(12))
    assert len(bench.asked) == 1, "it is whole now"


def test_nobody_is_told_that_nobody_paints_and_what_fails_is_a_line() -> None:
    bench = Alone()
    bench.shelf.painter = Painter(0)
    bench.lead(broken_loop(8))
    assert (bench.errors, bench.told, bench.asked) == ([], [], [])
    bench.shelf.painter = Painter(0, "stableaudio3", "Stable Audio 3", "small")
    bench.lead(broken_loop(9))
    bench.fail(GeneratorFailed(generator="Stable Audio 3", exit_code=1, detail="no room"))
    assert bench.errors == []
    assert "is not mended" in bench.told[-1]
    assert "Stable Audio 3" in bench.told[-1]
    bench.shelf.painter = Painter(0)
    bench.mending.begin()
    assert [type(one) for one in bench.errors] == [NothingPaints], "who asks is answered"


def test_a_short_loop_is_passed_over() -> None:
    bench = Alone()
    bench.lead(broken_loop(8, LoopRegion(REGION.loop_start, REGION.loop_start + 4_000)))
    assert (bench.errors, bench.told, bench.asked) == ([], [], [])
