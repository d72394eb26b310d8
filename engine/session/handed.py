# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds values about the loop that comes next: as it is foreseen, and as it was handed over."""

from __future__ import annotations

from dataclasses import dataclass

from engine.session.baking import LoopInHand
from engine.session.transition_planner import Transition
from engine.values import Entry, TransitionPlan


@dataclass(frozen=True, eq=False, slots=True)
class Handed:
    """A handed takeover was given to the audio process.

    Attributes
    ----------
    asked
        By the person, to come in at this entry; None in its time.
    goes_back
        It led before the one that leads.
    plan
        How it was handed over.
    """

    loop: LoopInHand
    transition: Transition
    asked: Entry | None
    hurried: bool
    goes_back: bool
    plan: TransitionPlan

    @property
    def loop_id(self) -> int:
        return self.loop.loop_id


@dataclass(frozen=True, eq=False, slots=True)
class Foreseen:
    """A foreseen takeover is the one that comes next, handed over or not.

    Attributes
    ----------
    plan
        None while it is not worked out.
    due_samples
        Sample of the leading loop, since that came in, from which on it may be handed over; None while it is held.
    is_handed, is_sounding
        Whether the audio process has it, and whether it is heard already.
    """

    loop: LoopInHand
    transition: Transition
    plan: TransitionPlan | None
    due_samples: int | None
    is_handed: bool = False
    is_sounding: bool = False
