# SPDX-License-Identifier: GPL-3.0-or-later
"""Transition edits are what a person changed of the one transition that comes; the one after it is as ever."""

from __future__ import annotations

from dataclasses import replace

from engine.session.baking import Part
from engine.values import Entry, LoopRegion, TransitionEdit, TransitionWish


class TransitionEdits:
    """This holds the newest edit, which counts until the transition is heard, if the same two loops follow each other.

    A place in the leading loop counts as long as the same region of it plays, and until it is passed.
    """

    def __init__(self) -> None:
        self._edit: TransitionEdit | None = None
        self._region: LoopRegion | None = None

    def take(self, edit: TransitionEdit, lead: Part) -> None:
        """Have the transition from ``lead`` made like this from now on."""
        self._edit = None if edit.is_empty else edit
        self._region = lead.key.region

    def of(self, lead: Part, incoming_id: int) -> TransitionEdit | None:
        """Return what was changed of the transition between these loops; None where nothing was."""
        edit = self._edit
        if edit is None or (edit.lead_id, edit.incoming_id) != (lead.loop_id, incoming_id):
            return None
        if edit.entry_samples is not None and lead.key.region != self._region:
            edit = replace(edit, entry_samples=None)
        return None if edit.is_empty else edit

    def forget(self) -> None:
        """Have the next transition be as ever, also where the same two loops follow each other once more."""
        self._edit = None

    def forget_entry(self) -> None:
        """Have it begin by the rule after all, as the person asked for the next loop in another way."""
        if self._edit is not None:
            self._edit = replace(self._edit, entry_samples=None)

    def wish(self, lead: Part, incoming_id: int, wish: TransitionWish, played_samples: int) -> TransitionWish:
        """Return how the transition between these loops is to be made, ``played_samples`` after the lead came in."""
        edit = self.of(lead, incoming_id)
        if edit is None:
            return wish
        if edit.bars is not None:
            wish = replace(wish, bars=edit.bars)
        if edit.overlap_ms is not None:
            wish = replace(wish, bars=0, overlap_ms=edit.overlap_ms)
        if edit.entry_samples is None:
            return wish
        if edit.entry_samples <= played_samples:
            # It came too late to be handed over: now the rule says when.
            self.forget_entry()
            return wish
        return replace(wish, entry=Entry.NEXT_BAR, at_samples=edit.entry_samples % lead.baked.n_samples)

    def is_near(self, lead: Part, incoming_id: int, played_samples: int) -> bool:
        """Return whether the place that was chosen is the next of its kind, within one turn of the leading loop."""
        edit = self.of(lead, incoming_id)
        if edit is None or edit.entry_samples is None:
            return False
        return played_samples > edit.entry_samples - lead.baked.n_samples
