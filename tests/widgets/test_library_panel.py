# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of takes shows, chooses and rates."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QColor, QTextDocument
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from engine.values import Family, Take
from tests.widgets.recipes import a_take
from tests.widgets.showing import shown_alone
from widgets import theme
from widgets.library_panel import ID_ROLE, LibraryPanel

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton


def takes(*numbers: int) -> tuple[Take, ...]:
    return tuple(a_take(f"take-{i}", title=f"Title {i}") for i in numbers)


def show(panel: LibraryPanel, takes: tuple[Take, ...]) -> None:
    """Show all takes there are, each known."""
    panel.set_takes(takes, tuple(take.take_id for take in takes))


@pytest.fixture
def panel(qtbot: QtBot) -> LibraryPanel:
    return shown_alone(qtbot, LibraryPanel(), 250, 220)


def told(spy: QSignalSpy) -> list[str]:
    return [spy.at(i)[0] for i in range(spy.count())]


def test_the_model_keeps_qts_rules(panel: LibraryPanel) -> None:
    model: QAbstractItemModel = panel.model
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    show(panel, takes(3, 2, 1))
    show(panel, takes(4, 3, 2, 1))
    show(panel, ())
    assert tester.model() is model


def test_a_double_click_and_enter_choose(panel: LibraryPanel, qtbot: QtBot) -> None:
    show(panel, takes(3, 2, 1))
    chosen = QSignalSpy(panel.take_chosen)
    where = panel.list.visualRect(panel.model.index(1)).center()
    viewport = panel.list.viewport()
    QTest.mouseClick(viewport, LEFT, pos=where)
    assert told(chosen) == [], "a look is no choice"
    QTest.mouseDClick(viewport, LEFT, pos=where)
    assert told(chosen) == ["take-2"]
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert told(chosen) == ["take-2", "take-1"]


def test_the_current_take_stays_when_new_ones_come(panel: LibraryPanel) -> None:
    show(panel, takes(3, 2, 1))
    panel.list.setCurrentIndex(panel.model.index(1))
    chosen = QSignalSpy(panel.take_chosen)
    show(panel, takes(5, 4, 3, 2, 1))
    assert panel.list.currentIndex().data(ID_ROLE) == "take-2"
    assert told(chosen) == []


def test_what_is_read_stays_under_the_eye(panel: LibraryPanel) -> None:
    show(panel, takes(*range(100, 0, -1)))
    bar = panel.list.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    place = panel.list.visualRect(panel.model.index(50)).top()
    show(panel, takes(*range(103, 0, -1)))
    assert panel.list.visualRect(panel.model.index(53)).top() == place
    bar.setValue(0)
    show(panel, takes(*range(104, 0, -1)))
    assert bar.value() == 0, "at the top, the newest take shows"


def test_it_counts_and_says_when_it_is_empty(panel: LibraryPanel) -> None:
    assert panel.empty_label.isVisible()
    show(panel, takes(1))
    assert panel.list.isVisible()
    assert panel.header.info == "1 take"
    show(panel, takes(*range(38)))
    assert panel.header.info == "38 takes"
    show(panel, ())
    assert panel.empty_label.isVisible()


def test_ten_thousand_takes_are_no_burden(panel: LibraryPanel) -> None:
    many = takes(*range(10_000))
    show(panel, many)
    panel.list.scrollToBottom()
    assert panel.list.indexAt(panel.list.viewport().rect().center()).isValid()


def test_it_is_read_aloud_with_its_prompt(panel: LibraryPanel) -> None:
    show(panel, (a_take("x", prompt="slow\njazz"),))
    index = panel.model.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Velvet Antenna — The Paper Lanterns. slow jazz"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "Velvet Antenna — The Paper Lanterns\nslow jazz"


def test_a_prompt_that_looks_like_markup_is_shown_as_it_was_typed(panel: LibraryPanel) -> None:
    show(panel, (a_take("x", prompt="slow <b>jazz</b> & soul"),))
    shown = QTextDocument()
    shown.setHtml(panel.model.index(0).data(Qt.ItemDataRole.ToolTipRole))
    assert shown.toPlainText() == "Velvet Antenna — The Paper Lanterns\nslow <b>jazz</b> & soul"


def test_a_sound_of_ones_own_may_have_no_artist(panel: LibraryPanel) -> None:
    panel.set_takes((a_take("20260101T000000-0000000a", artist=""),), ("20260101T000000-0000000a",))
    assert panel.model.index(0).data() == "Velvet Antenna"


def test_favourites_and_what_is_never_to_play_are_told_apart(panel: LibraryPanel) -> None:
    rated = {rating: replace(a_take("x"), rating=rating) for rating in ("", "favourite", "never")}
    pictures, spoken = [], []
    for take in rated.values():
        show(panel, (take,))
        pictures.append(panel.list.grab().toImage())
        spoken.append(panel.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]
    assert [". Favourite. " in text for text in spoken] == [False, True, False]
    assert [". Never again. " in text for text in spoken] == [False, False, True]


def ids_of(*numbers: int) -> tuple[str, ...]:
    return tuple(f"take-{i}" for i in numbers)


def test_takes_beyond_the_newest_are_read_when_they_come_into_sight(panel: LibraryPanel, qtbot: QtBot) -> None:
    everyone = ids_of(*range(20_000, 0, -1))
    wanted = QSignalSpy(panel.takes_wanted)
    panel.set_takes(takes(*range(20_000, 19_800, -1)), everyone)
    panel.list.repaint()
    assert panel.header.info == "20000 takes"
    assert wanted.count() == 0, "what is known is not asked for"
    panel.list.scrollToBottom()
    panel.list.repaint()
    ids = wanted.at(wanted.count() - 1)[0]
    assert ids[-1] == "take-1"
    assert len(ids) < 200, "not all at once"
    last = panel.model.index(19_999)
    assert (last.data(), last.data(ID_ROLE)) == ("…", "take-1")
    panel.list.repaint()
    n_asked = wanted.count()
    panel.add_takes(ids, tuple(one for one in takes(*range(20_000, 0, -1)) if one.take_id in ids[:-1]))
    panel.list.repaint()
    assert panel.model.index(19_998).data().startswith("Title 2")
    assert last.data() == "This take cannot be read"
    assert wanted.count() == n_asked, "what came and what cannot be read is not asked for again"
    chosen = QSignalSpy(panel.take_chosen)
    panel.list.setCurrentIndex(panel.model.index(19_998))
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert told(chosen) == ["take-2"]


def test_what_was_read_stays_known_until_its_take_goes(panel: LibraryPanel) -> None:
    panel.set_takes(takes(3), ids_of(3, 2, 1))
    panel.add_takes(ids_of(2, 1), takes(2, 1))
    panel.set_takes(takes(4, 3), ids_of(4, 3, 2))
    assert panel.model.unknown(0, 9) == ()
    assert panel.model.rowCount() == 3
    panel.add_takes(ids_of(1), takes(1))
    panel.set_takes(takes(4, 3), ids_of(4, 3, 2, 1))
    assert panel.model.unknown(0, 9) == ids_of(1), "one that came too late was of no list"


def test_takes_of_the_current_piece_are_marked(panel: LibraryPanel) -> None:
    one, other = Family("3f2ab9", 0, "{}"), Family("77", 4, "{}")
    families = {"take-4": one, "take-3": other, "take-2": None, "take-1": replace(one, age=1)}
    show(panel, tuple(a_take(name, family=family) for name, family in families.items()))
    tip = Qt.ItemDataRole.ToolTipRole
    assert "Piece 3f2a, clip 1" in str(panel.model.index(0).data(tip))
    assert "Piece 3f2a, clip 2" in str(panel.model.index(3).data(tip))
    assert "Piece 3f2a, clip 2" in str(panel.model.index(3).data(Qt.ItemDataRole.AccessibleTextRole))
    assert "Piece" not in str(panel.model.index(2).data(tip))

    def marked() -> list[bool]:
        picture = panel.list.viewport().grab().toImage()
        rows = [panel.list.visualRect(panel.model.index(row)) for row in range(4)]
        return [picture.pixelColor(row.left(), row.center().y()) == QColor(theme.ACCENT) for row in rows]

    assert marked() == [False] * 4, "no take is current"
    panel.list.setCurrentIndex(panel.model.index(0))
    assert marked() == [True, False, False, True]
    panel.list.setCurrentIndex(panel.model.index(1))
    assert marked() == [False, True, False, False]
    panel.list.setCurrentIndex(panel.model.index(2))
    assert marked() == [False] * 4
    panel.list.setCurrentIndex(panel.model.index(0))
    show(panel, tuple(a_take(name, family=families[name]) for name in ("take-3", "take-2", "take-1")))
    panel.set_takes((), ())
    assert panel.list.property("piece") == "", "the current take is gone"


def test_del_asks_to_delete_what_is_selected_and_the_keyboard_goes_on_there(panel: LibraryPanel) -> None:
    show(panel, takes(5, 4, 3, 2, 1))
    wanted, chosen = QSignalSpy(panel.delete_requested), QSignalSpy(panel.take_chosen)
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert told(wanted) == [], "nothing is selected"
    panel.list.setCurrentIndex(panel.model.index(1))
    QTest.keyClick(panel.list, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    show(panel, takes(6, 5, 4, 3, 2, 1))
    assert panel.selected_ids() == ("take-4", "take-3"), "they stay selected when a new one comes"
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert [wanted.at(0)[0]] == [("take-4", "take-3")]
    show(panel, takes(6, 5, 2, 1))
    assert panel.selected_ids() == ("take-1",), "the row that was current"
    panel.delete_action.trigger()
    assert [wanted.at(1)[0]] == [("take-1",)]
    show(panel, takes(6, 5, 2))
    assert panel.selected_ids() == ("take-2",), "the last, where no row is left below"
    panel.list.selectAll()
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert [wanted.at(2)[0]] == [("take-6", "take-5", "take-2")]
    show(panel, ())
    assert panel.empty_label.isVisible()
    assert told(chosen) == []
