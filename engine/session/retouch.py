# SPDX-License-Identifier: GPL-3.0-or-later
"""Retouching changes the clip that plays, at its place: a knob is turned, its seam mended, or it is varied."""

from __future__ import annotations

from engine.session.clip_maker import ClipMaker
from engine.session.knob_turns import KnobTurns
from engine.session.mending import Mending
from engine.session.mending_each import MendingEach
from engine.session.options import StudioOptions
from engine.session.ports import NextId, Ports
from engine.session.presenter import LoopPresenter
from engine.session.remaking import Remaking
from engine.session.running import Running
from engine.session.up_next import UpNext
from engine.session.varying import Varying


class Retouch:
    """Retouching has clips made again, one at a time; knobs go before variety.

    Parameters
    ----------
    maker
        Makes the music that comes, which goes first.

    Attributes
    ----------
    remaking, knobs, varying, mending
        Its parts.
    """

    def __init__(
        self,
        ports: Ports,
        next_id: NextId,
        running: Running,
        presenter: LoopPresenter,
        *,
        up_next: UpNext,
        maker: ClipMaker,
        options: StudioOptions,
    ) -> None:
        self.remaking = Remaking(ports, next_id, lambda: maker.is_busy)
        self.knobs = KnobTurns(ports, running, presenter, self.remaking)
        self.varying = Varying(
            ports, running, presenter, self.remaking, lambda: up_next.coming is not None or self.knobs.is_busy
        )
        self.mending = Mending(ports, next_id, presenter, maker.is_making_by)
        self._mending_each = MendingEach(running, presenter, self.mending)
        self._up_next, self._maker = up_next, maker
        self.knobs.settled.connect(self._on_knobs_settled)
        self.use(options)

    def _on_knobs_settled(self) -> None:
        """Drop what comes and sounds as the knobs were; it is made anew once what plays was made again."""
        self._up_next.drop_ready()
        self._maker.cancel()

    def use(self, options: StudioOptions) -> None:
        """Work from these options from now on."""
        self.knobs.use(options)
        self.varying.options = self.mending.options = options

    def close(self) -> None:
        """Stop every timer, and wait for nothing any more."""
        self.knobs.close()
        self.mending.close()
        self.remaking.give_up()
