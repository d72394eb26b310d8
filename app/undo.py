# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of the window's history: each can be undone and done again, and is called by a name of one table.

To have something else undone: a name in ``NAMES``, and a step of a kind of its own or an edit of the engine's.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtGui import QUndoCommand

from app.session_settings import Values, title_of
from engine.session.edits import DeletionEdit, Edit, RatingEdit, RegionEdit, TransitionChange
from engine.values import FAVOURITE, NEVER
from widgets.parameter_rows import words

MERGE_S = 1.0
"""Seconds within which steps of one kind become one: keys that are pressed again, a knob that is turned on."""
AT_ONCE_S = 0.05
"""Seconds within which settings that change together become one step: another generator has another model."""
MOST_TITLE_CHARACTERS = 40

NAMES: dict[str, Any] = {
    "setting": QT_TRANSLATE_NOOP("Step", "change “{title}”"),
    "settings": QT_TRANSLATE_NOOP("Step", "change {n} settings"),
    "start": QT_TRANSLATE_NOOP("Step", "move the loop's start"),
    "end": QT_TRANSLATE_NOOP("Step", "move the loop's end"),
    "region": QT_TRANSLATE_NOOP("Step", "move the loop"),
    "candidate": QT_TRANSLATE_NOOP("Step", "choose another loop of “{title}”"),
    FAVOURITE: QT_TRANSLATE_NOOP("Step", "make “{title}” a favourite"),
    "": QT_TRANSLATE_NOOP("Step", "make “{title}” no favourite any more"),
    NEVER: QT_TRANSLATE_NOOP("Step", "never play “{title}” again"),
    "take": QT_TRANSLATE_NOOP("Step", "delete “{title}”"),
    "takes": QT_TRANSLATE_NOOP("Step", "delete {n} takes"),
    "transition": QT_TRANSLATE_NOOP("Step", "change the transition to “{title}”"),
}
"""Names of steps, as they go on after “Undo:”; ratings have theirs by what the rating became."""


now_s = time.monotonic
"""Clock of the steps, in seconds."""


class Kind(IntEnum):
    """A kind of step is what may become one with others of it."""

    SETTINGS = 1
    EDIT = 2


def step_name(name: str, title: str = "", n: int = 0) -> str:
    """Return a step's name in the person's language."""
    if len(title) > MOST_TITLE_CHARACTERS:
        title = title[: MOST_TITLE_CHARACTERS - 1].rstrip() + "…"
    return QCoreApplication.translate("Step", NAMES[name]).format(title=title, n=n)


def name_of(edit: Edit) -> str:
    """Return the name of what was done to a loop or to takes."""
    if isinstance(edit, DeletionEdit):
        n = len(edit.take_ids)
        return step_name("take" if n == 1 else "takes", edit.title, n)
    if isinstance(edit, RatingEdit):
        return step_name(edit.after, edit.loop.title)
    if isinstance(edit, TransitionChange):
        return step_name("transition", edit.title)
    if not edit.by_hand:
        return step_name("candidate", edit.loop.title)
    before, after = edit.before.region, edit.after.region
    if before.loop_end == after.loop_end:
        return step_name("start")
    return step_name("end" if before.loop_start == after.loop_start else "region")


class Step(QUndoCommand):
    """A step was made already when it enters the history, so that entering it does nothing."""

    kind: Kind

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._is_new = True
        self._made_s = now_s()

    def id(self) -> int:
        return self.kind

    def redo(self) -> None:
        if self._is_new:
            self._is_new = False
        else:
            self.put(undone=False)

    def undo(self) -> None:
        self.put(undone=True)

    def put(self, *, undone: bool) -> None:
        """Put back what was before, or do it again."""
        raise NotImplementedError

    def rest(self) -> None:
        """Let no step that follows become one with this."""
        self._made_s = -math.inf

    def _follows_within(self, other: Step, seconds: float) -> bool:
        """Return whether another step follows this one so soon, and take over its time if so."""
        if other._made_s - self._made_s > seconds:
            return False
        self._made_s = other._made_s
        return True


class SettingsStep(Step):
    """A settings step changed settings of the session.

    Parameters
    ----------
    apply
        Sets these values, and shows them.
    gesture
        Number of the press of a mouse button that it was made with; steps of one press are one. 0 is none.
    """

    kind = Kind.SETTINGS

    def __init__(self, before: Values, after: Values, apply: Callable[[Values], None], gesture: int = 0) -> None:
        self.before, self.after = dict(before), dict(after)
        self._apply = apply
        self._gesture = gesture
        super().__init__(self._text())

    def _text(self) -> str:
        first, n = next(iter(self.after)), len(self.after)
        if n > 1 and "generator" not in self.after:
            return step_name("settings", n=n)
        # With another generator come its model and its durations.
        return step_name("setting", words(title_of("generator" if n > 1 else first)))

    def put(self, *, undone: bool) -> None:
        self._apply(self.before if undone else self.after)

    def mergeWith(self, other: QUndoCommand) -> bool:
        assert isinstance(other, SettingsStep)
        is_same = set(other.after) <= set(self.after)
        goes_on = is_same and self._gesture != 0 and self._gesture == other._gesture
        if not self._follows_within(other, MERGE_S if is_same else AT_ONCE_S) and not goes_on:
            return False
        self._made_s = other._made_s
        self.before = other.before | self.before
        self.after |= other.after
        changed = [name for name in self.after if self.after[name] != self.before[name]]
        self.before, self.after = ({name: one[name] for name in changed} for one in (self.before, self.after))
        self.setObsolete(not changed)
        if changed:
            self.setText(self._text())
        return True


class EditStep(Step):
    """An edit step is something done to a loop or to takes, which the engine puts back.

    Parameters
    ----------
    wish
        Asks the engine to put the edit back, or to do it again.
    """

    kind = Kind.EDIT

    def __init__(self, edit: Edit, wish: Callable[[Edit, bool], None]) -> None:
        self.edit = edit
        self._wish = wish
        super().__init__(name_of(edit))

    def put(self, *, undone: bool) -> None:
        self._wish(self.edit, undone)

    def mergeWith(self, other: QUndoCommand) -> bool:
        assert isinstance(other, EditStep)
        one = joined(self.edit, other.edit)
        if one is None or not self._follows_within(other, MERGE_S):
            return False
        self.edit = one
        self.setText(name_of(one))
        if isinstance(one, RegionEdit):
            self.setObsolete(one.before.region == one.after.region)
        elif isinstance(one, RatingEdit | TransitionChange):
            self.setObsolete(one.before == one.after)
        return True


def joined(first: Edit, second: Edit) -> Edit | None:
    """Return two edits of the same thing as one, or None where they are of different things."""
    if isinstance(first, RegionEdit) and isinstance(second, RegionEdit):
        is_same = (first.loop.loop_id, first.by_hand) == (second.loop.loop_id, second.by_hand)
        return replace(first, after=second.after) if is_same else None
    if isinstance(first, RatingEdit) and isinstance(second, RatingEdit):
        return replace(first, after=second.after) if first.loop.loop_id == second.loop.loop_id else None
    if isinstance(first, TransitionChange) and isinstance(second, TransitionChange):
        return replace(first, after=second.after) if first.after == second.before else None
    return None
