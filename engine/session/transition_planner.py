# SPDX-License-Identifier: GPL-3.0-or-later
"""The transition planner has the analysis worker plan transitions before they are needed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.playback.plan.bars import aligned_start, at_once, entries_of
from engine.session.baking import Part, PartKey
from engine.session.ports import Jobs, NextId
from engine.units import ms_to_samples
from engine.values import Entry, JobFailed, TransitionPlan, TransitionWish
from engine.worker.jobs import Prepared, PrepareJob

_log = logging.getLogger(__name__)

KEPT_PLANS = 3
"""Number of plans that are kept; one may hold stretched music and low bands, tens of megabytes."""


@dataclass(frozen=True, eq=False, slots=True)
class Transition:
    """A transition leads from one loop to another, in the way that the person chose."""

    lead: Part
    incoming: Part
    wish: TransitionWish

    @property
    def key(self) -> tuple[PartKey, PartKey, TransitionWish]:
        return self.lead.key, self.incoming.key, self.wish


class TransitionPlanner:
    """The transition planner has transitions planned, one at a time, the most urgent first; others are dropped."""

    def __init__(self, jobs: Jobs, next_id: NextId) -> None:
        self._jobs = jobs
        self._next_id = next_id
        self._plans: dict[tuple[PartKey, PartKey, TransitionWish], TransitionPlan] = {}
        self._asked: object = None
        self._wanted: list[Transition] = []

    def plan(self, transition: Transition) -> TransitionPlan | None:
        """Return the plan of a transition, or None while it is not worked out."""
        return self._plans.get(transition.key)

    def want(self, transitions: Sequence[Transition]) -> None:
        """Plan transitions to these loops, which come in this order."""
        self._wanted = list(transitions[:KEPT_PLANS])
        for one in self._wanted:
            self._have_at_once(one)
        keys = {one.key for one in self._wanted}
        for key in self._plans.keys() - keys:
            del self._plans[key]
        missing = next((one for one in self._wanted if one.key not in self._plans), None)
        if missing is None or missing.key == self._asked:
            return
        self._asked = missing.key
        job = PrepareJob(
            self._next_id(),
            missing.lead.baked,
            missing.lead.grid,
            missing.incoming.baked,
            missing.incoming.grid,
            missing.wish,
        )
        # Of several that wait only the last; before other work, for it is heard.
        self._jobs.submit(job, lambda result: self._on_prepared(missing, result), instead=True, first=True)

    def _have_at_once(self, transition: Transition) -> None:
        """Have a transition that is urgent reuse what was prepared for another entry, as it cannot wait."""
        if transition.wish.entry is not Entry.NOW or transition.key in self._plans:
            return
        for (lead, incoming, wish), plan in self._plans.items():
            if (lead, incoming, replace(wish, entry=Entry.NOW, at_samples=None)) == transition.key:
                self._plans[transition.key] = at_once(plan, transition.lead.grid, transition.incoming.grid)
                return

    def clear(self) -> None:
        """Forget all transitions that were to come."""
        self._plans, self._wanted, self._asked = {}, [], None

    def _on_prepared(self, transition: Transition, result: Prepared | JobFailed) -> None:
        if self._asked == transition.key:
            self._asked = None
        if isinstance(result, JobFailed):
            _log.info("a transition could not be prepared: %s", result.error)
        if any(one.key == transition.key for one in self._wanted):
            plan = plain_plan(transition) if isinstance(result, JobFailed) else result.plan
            self._plans[transition.key] = plan
            self.want(self._wanted)


def plain_plan(transition: Transition) -> TransitionPlan:
    """Return a crossfade that needs no preparation: bars meet where known, nothing is stretched, no bass swapped."""
    lead, incoming, wish = transition.lead, transition.incoming, transition.wish
    n_samples = ms_to_samples(wish.overlap_ms, lead.baked.sample_rate)
    if wish.bars and lead.grid is not None:
        n_samples = round(wish.bars * lead.grid.bar_samples)
    entries = entries_of(wish, lead.baked.n_samples, lead.grid)
    bars, start_at = None, 0
    if lead.grid is not None and incoming.grid is not None:
        bars = None if entries else (lead.grid, incoming.grid)
        first = entries[0] if entries else lead.grid.first_samples
        start_at = round(aligned_start(lead.grid, first, incoming.grid)) % incoming.baked.n_samples
    return TransitionPlan(max(1, n_samples), wish.curve, entries, (0.0,) * len(entries), bars, start_at=start_at)
