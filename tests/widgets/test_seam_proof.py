# SPDX-License-Identifier: GPL-3.0-or-later
"""The proof of the seam says in words what its figures say, and nothing moves as it changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.values import SeamProof
from tests.widgets.pictures import a_candidate, show_together
from tests.widgets.test_fit import themed
from widgets.seam_proof import SeamProofView

__all__ = ["themed"]

pytestmark = pytest.mark.gui

LOOP = replace(a_candidate(0, 1000), tempo_bpm=120.0)
QUIET = SeamProof(step=0.21, slope=0.34, dip_db=0.12, onset=0.4, quieter_than=0.971)
WORST = SeamProof(step=12.3, slope=45.6, dip_db=78.9, onset=9.0, quieter_than=0.0)


@pytest.fixture
def view(qtbot: QtBot) -> SeamProofView:
    out = SeamProofView()
    show_together(qtbot, out, size=(275, 100))
    return out


def figures(view: SeamProofView) -> list[str]:
    return [one.label.text() for one in view.figures.values()]


def warned(view: SeamProofView) -> set[str]:
    """Return the names of the figures in the warning colour; ``"words"`` when the sentence is."""
    out = {name for name, one in view.figures.items() if one.label.property("role") == "warning"}
    return out | ({"words"} if view.sentence.property("role") == "warning" else set())


def test_a_quiet_seam_is_a_sentence_and_three_figures(view: SeamProofView) -> None:
    view.set_proof(LOOP, QUIET)
    assert view.sentence.text() == "Seam quieter than 97 % of its own beats"
    assert figures(view) == ["dip 0.1 dB", "step 0.2", "slope 0.3"]
    assert warned(view) == set()
    view.set_proof(LOOP, replace(QUIET, quieter_than=1.0))
    assert view.sentence.text() == "Seam quieter than all of its own beats"
    view.set_proof(replace(LOOP, tempo_bpm=None), QUIET)
    assert "notes" in view.sentence.text()


@pytest.mark.parametrize(
    ("fault", "figure", "words"),
    [
        ({"dip_db": 3.1}, {"dip_db"}, "Seam quieter than 97 % of its own beats, but its level dips"),
        ({"step": 1.1}, {"step"}, "Seam quieter than 97 % of its own beats, but its wave jumps"),
        ({"quieter_than": 0.38}, set(), "Seam louder than 62 % of its own beats"),
        ({"quieter_than": 0.2, "dip_db": 9.0}, {"dip_db"}, "Seam louder than 80 % of its own beats, its level dips"),
    ],
)
def test_what_is_bad_is_said_plainly(
    view: SeamProofView, fault: dict[str, float], figure: set[str], words: str
) -> None:
    view.set_proof(LOOP, replace(QUIET, **fault))
    assert view.sentence.text() == words
    assert warned(view) == {"words", *figure}
    # What rounds to the limit is as good as the limit.
    view.set_proof(LOOP, replace(QUIET, dip_db=3.04, step=1.04, quieter_than=0.5))
    assert warned(view) == set()


def test_unknown_is_a_dash_and_is_spoken(view: SeamProofView) -> None:
    view.set_proof(LOOP, None)
    assert view.sentence.text() == "–"
    assert figures(view) == ["dip –", "step –", "slope –"]
    assert "not measured" in view.sentence.accessibleName()
    view.set_proof(None, None)
    assert view.sentence.text() not in ("", "–")


def test_everything_is_explained_and_spoken(view: SeamProofView) -> None:
    view.set_proof(LOOP, QUIET)
    labels = [view.sentence, *(one.label for one in view.figures.values())]
    assert len({one.toolTip() for one in labels} - {""}) == len(labels)
    assert len({one.accessibleDescription() for one in labels} - {""}) == len(labels)
    assert "97 %" in view.sentence.accessibleName()
    assert [value in one.accessibleName() for value, one in zip(("0.1 dB", "0.2", "0.3"), labels[1:], strict=True)]


def test_a_weak_loop_is_said_to_be_so_beside_its_proof(view: SeamProofView) -> None:
    weak = replace(LOOP, weak=True)
    view.set_proof(weak, QUIET)
    assert view.sentence.text() == "Weak: the music does not come again here; the seam itself is quiet"
    assert "97 %" in view.sentence.toolTip()
    assert warned(view) == {"words"}
    # Nothing is said of a seam that is not measured, and nothing good of one that is heard.
    view.set_proof(weak, None)
    assert view.sentence.text() == "Weak: it may be noticed. –"
    view.set_proof(weak, replace(QUIET, quieter_than=0.2))
    assert view.sentence.text() == "Seam louder than 80 % of its own beats"


def test_a_clip_played_through_is_said_to_be_so_calmly(view: SeamProofView) -> None:
    through = replace(LOOP, weak=True, played_through=True)
    view.set_proof(through, QUIET)
    assert view.sentence.text().startswith("Played through. ")
    assert "Weak" not in view.sentence.text()
    assert warned(view) == set()
    view.set_proof(through, WORST)
    assert "words" in warned(view), "a seam that is heard is told all the same"


def test_nothing_moves_and_nothing_is_cut(themed: object, qtbot: QtBot) -> None:
    view = SeamProofView()
    # The width that it has in the smallest window.
    view.setFixedWidth(251)
    show_together(qtbot, view, size=(275, 100))

    def places() -> list[object]:
        parts: list[QWidget] = [view, view.sentence, *(one.label for one in view.figures.values())]
        return [one.geometry() for one in parts]

    before = places()
    weak, through = replace(LOOP, weak=True), replace(LOOP, weak=True, played_through=True)
    shown = [(one, proof) for one in (LOOP, weak, through) for proof in (QUIET, WORST, None)]
    for candidate, proof in (*shown, (None, None)):
        view.set_proof(candidate, proof)
        view.grab()
        assert places() == before
        # The whole, where a longer language has no room for it.
        assert candidate is None or proof is None or view.sentence.text() in view.sentence.toolTip()
        for one in view.figures.values():
            words = one.label.fontMetrics().horizontalAdvance(one.label.text())
            assert words <= one.label.width(), one.label.text()
