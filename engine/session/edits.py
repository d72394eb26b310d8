# SPDX-License-Identifier: GPL-3.0-or-later
"""An edit is something that a person did to a loop or to takes, with what was before: it can be undone and done again.

Edits hold no samples: a history of hundreds of them takes no room.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.values import LoopCandidate, TransitionEdit


@dataclass(frozen=True, slots=True)
class LoopRef:
    """A loop reference names a loop wherever it is: by its id while it is in memory, by its take in the library.

    Attributes
    ----------
    take_id
        Of its take, or "" while there was none.
    folder
        Of the library that was open.
    """

    loop_id: int
    take_id: str
    folder: str
    title: str


@dataclass(frozen=True, slots=True)
class RegionEdit:
    """Another region of a loop's clip was chosen.

    Attributes
    ----------
    by_hand
        It was dragged, or else chosen among the candidates.
    was_marked
        The take was noted to be set by hand before that.
    """

    loop: LoopRef
    before: LoopCandidate
    after: LoopCandidate
    by_hand: bool
    was_marked: bool


@dataclass(frozen=True, slots=True)
class RatingEdit:
    """A loop was rated, with one of ``engine.values.RATINGS`` before and after."""

    loop: LoopRef
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DeletionEdit:
    """Takes were deleted; ``title`` is that of the first, or its id where that cannot be read."""

    folder: str
    take_ids: tuple[str, ...]
    title: str


@dataclass(frozen=True, slots=True)
class TransitionChange:
    """The transition that comes was to be made otherwise; ``title`` is the incoming loop's."""

    before: TransitionEdit
    after: TransitionEdit
    title: str


Edit = RegionEdit | RatingEdit | DeletionEdit | TransitionChange
