# SPDX-License-Identifier: GPL-3.0-or-later
"""The preparation of transitions: the analysis worker works them out before they are wanted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.qt.baking import Part, PartKey
from engine.qt.worker_queue import WorkerQueue
from engine.units import ms_to_samples
from engine.values import Entry, JobFailed, TransitionPlan, TransitionWish
from engine.worker.jobs import Prepared, PrepareJob

_log = logging.getLogger(__name__)

KEPT_PLANS = 3
"""A plan may hold stretched music and low bands: tens of megabytes."""


@dataclass(frozen=True, eq=False, slots=True)
class Transition:
    """From one loop to another, as wished."""

    lead: Part
    incoming: Part
    wish: TransitionWish

    @property
    def key(self) -> tuple[PartKey, PartKey, TransitionWish]:
        return self.lead.key, self.incoming.key, self.wish


class Preparation:
    """Has transitions planned, one at a time, those that are wanted first; plans for others are let go."""

    def __init__(self, worker: WorkerQueue, next_id: Callable[[], int]) -> None:
        self._worker = worker
        self._next_id = next_id
        self._plans: dict[object, TransitionPlan] = {}
        self._asked: object = None
        self._wanted: list[Transition] = []

    def plan(self, transition: Transition) -> TransitionPlan | None:
        """How it goes, or None while that is not worked out."""
        return self._plans.get(transition.key)

    def want(self, transitions: Sequence[Transition]) -> None:
        """These are to come, in this order."""
        self._wanted = list(transitions[:KEPT_PLANS])
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
        self._worker.submit(job, lambda result: self._on_prepared(missing, result), instead=True, first=True)

    def clear(self) -> None:
        """Nothing is to come."""
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
    """A crossfade as it comes, which needs no preparation: nothing is stretched, no bass swapped."""
    lead, wish = transition.lead, transition.wish
    n_samples = ms_to_samples(wish.overlap_ms, lead.baked.sample_rate)
    if wish.bars and lead.grid is not None:
        n_samples = round(wish.bars * lead.grid.bar_samples)
    entries = entry_places(lead, wish.entry)
    return TransitionPlan(max(1, n_samples), wish.curve, entries, (0.0,) * len(entries))


def entry_places(lead: Part, entry: Entry) -> tuple[int, ...]:
    """Where in the leading loop a takeover may begin; empty is anywhere."""
    if entry is Entry.NOW:
        return ()
    grid, n_samples = lead.grid, lead.baked.n_samples
    if entry is Entry.LOOP_END or grid is None or grid.first_samples >= n_samples:
        return (0,)
    places, at = set(), grid.first_samples
    while at < n_samples:
        places.add(round(at) % n_samples)
        at += grid.bar_samples
    return tuple(sorted(places))
