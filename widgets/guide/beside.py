# SPDX-License-Identifier: GPL-3.0-or-later
"""This module finds room beside things: for a sheet that explains a panel, for a bubble that points at some."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize


def column_beside(room: QRect, subject: QRect, *, least_px: int, width_px: int, at_left: bool = False) -> QRect:
    """Return where a column as high as ``room`` stands at its right or left edge, beside ``subject``.

    Parameters
    ----------
    least_px, width_px
        Least width at which the column is of use, and the width that it takes where there is room, pixels.
    at_left
        Whether it stands at the left where both sides have room, as it did before.

    Where neither side has room it covers as little of the subject as it can.
    """
    left, right = subject.left() - room.left(), room.right() - subject.right()
    if min(left, right) < least_px:
        at_left = left > right
    width = min(max(min(left if at_left else right, width_px), least_px), room.width())
    x = room.left() if at_left else room.right() + 1 - width
    return QRect(x, room.top(), width, room.height())


def box_beside(room: QRect, subjects: Sequence[QRect], size: QSize, *, gap_px: int) -> QRect:
    """Return where a box of this size, within ``room``, stands beside the subjects and covers least of them.

    It stands in the middle of ``room`` where there is no subject.
    """
    box = QRect(QPoint(), size.boundedTo(room.size()))
    box.moveCenter(room.center())
    if not subjects:
        return box
    whole = subjects[0]
    for one in subjects[1:]:
        whole = whole.united(one)
    places = [_within(room, place) for one in (whole, *subjects) for place in _around(one, box.size(), gap_px)]
    # The first of those that cover as little: beside all of them comes before beside one.
    return min(places, key=lambda place: sum(_area(place.intersected(one)) for one in subjects))


def _around(subject: QRect, size: QSize, gap_px: int) -> tuple[QRect, ...]:
    """Return boxes below, above, at the right and at the left of a subject."""
    below, above, right, left = (QRect(QPoint(), size) for _ in range(4))
    for one in (below, above, right, left):
        one.moveCenter(subject.center())
    below.moveTop(subject.bottom() + 1 + gap_px)
    above.moveBottom(subject.top() - 1 - gap_px)
    right.moveLeft(subject.right() + 1 + gap_px)
    left.moveRight(subject.left() - 1 - gap_px)
    return below, above, right, left


def _within(room: QRect, box: QRect) -> QRect:
    x = min(max(box.left(), room.left()), room.right() + 1 - box.width())
    y = min(max(box.top(), room.top()), room.bottom() + 1 - box.height())
    return QRect(QPoint(x, y), box.size())


def _area(rect: QRect) -> int:
    return max(rect.width(), 0) * max(rect.height(), 0)
