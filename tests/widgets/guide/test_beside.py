# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests ask that what explains a thing, or points at some, stands beside them where it can, and never outside."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize

from widgets.guide.beside import box_beside, column_beside

ROOM = QRect(8, 85, 1264, 627)
GAP = 14


@st.composite
def within(draw: st.DrawFn) -> QRect:
    """Return a place in the room."""
    x = draw(st.integers(ROOM.left(), ROOM.right() - 20))
    y = draw(st.integers(ROOM.top(), ROOM.bottom() - 20))
    width = draw(st.integers(20, ROOM.right() + 1 - x))
    return QRect(x, y, width, draw(st.integers(20, ROOM.bottom() + 1 - y)))


@given(subject=within(), at_left=st.booleans())
def test_a_column_covers_nothing_where_a_side_has_room(subject: QRect, at_left: bool) -> None:
    place = column_beside(ROOM, subject, least_px=300, width_px=350, at_left=at_left)
    assert ROOM.contains(place)
    assert place.height() == ROOM.height()
    assert 300 <= place.width() <= 350
    left, right = subject.left() - ROOM.left(), ROOM.right() - subject.right()
    if max(left, right) >= 300:
        assert not place.intersects(subject)
    if min(left, right) >= 300:
        assert (place.left() == ROOM.left()) is at_left, "it stays on its side"


@given(subjects=st.lists(within(), max_size=3), width=st.integers(100, 400), height=st.integers(60, 300))
def test_a_box_is_within_the_room_and_beside_one_thing_wherever_it_fits(
    subjects: list[QRect], width: int, height: int
) -> None:
    box = box_beside(ROOM, subjects, QSize(width, height), gap_px=GAP)
    assert ROOM.contains(box)
    assert (box.width(), box.height()) == (width, height)
    if len(subjects) == 1:
        (one,) = subjects
        across = max(one.left() - ROOM.left(), ROOM.right() - one.right()) >= width + GAP
        upright = max(one.top() - ROOM.top(), ROOM.bottom() - one.bottom()) >= height + GAP
        assert not box.intersects(one) or not (across or upright)


def test_a_box_larger_than_the_room_is_cut_to_it_and_without_a_place_it_is_in_the_middle() -> None:
    assert box_beside(ROOM, [], QSize(9_000, 9_000), gap_px=GAP) == ROOM
    middle = box_beside(ROOM, [], QSize(100, 100), gap_px=GAP)
    assert (middle.center() - ROOM.center()).manhattanLength() <= 2
