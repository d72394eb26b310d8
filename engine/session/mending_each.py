# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam of each new loop is mended while it plays, where that is set and the seam is heard."""

from __future__ import annotations

from engine.session.made_again import MENDED_BY
from engine.session.mending import Mending
from engine.session.options import LoopView
from engine.session.presenter import LoopPresenter
from engine.session.running import Running
from engine.values import SeamProof
from engine.values.seams import MOST_DIP_DB, MOST_STEP, QUIET


def is_heard(proof: SeamProof) -> bool:
    """Return whether a seam is louder than nearly all beats of its own music, dips or clicks."""
    return proof.quieter_than < QUIET or proof.dip_db > MOST_DIP_DB or proof.step > MOST_STEP


class MendingEach:
    """Mending each seam begins once a loop: a loop that comes back, or is chosen anew by hand, stays as it is."""

    def __init__(self, running: Running, presenter: LoopPresenter, mending: Mending) -> None:
        self._running, self._presenter, self._mending = running, presenter, mending
        self._tried: set[int] = set()
        presenter.loop_changed.connect(self._on_loop_changed)

    def _on_loop_changed(self, view: LoopView) -> None:
        now, options = self._presenter.now_playing, self._mending.options
        if options is None or not options.mend_seams or not self._running.is_on or now is None or view.proof is None:
            return
        loop = now.playing
        if loop.is_growing or view.loop_id in self._tried or self._mending.state.is_working:
            return
        self._tried.add(view.loop_id)
        if MENDED_BY not in loop.recipe.versions and not loop.is_starter and is_heard(view.proof):
            self._mending.begin(by_itself=True)
