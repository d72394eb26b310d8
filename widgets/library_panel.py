# SPDX-License-Identifier: GPL-3.0-or-later
"""The library panel lists the takes kept, newest first; Enter or a double click plays one, Del deletes some."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import (
    QLabel,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from engine.values import Recipe, Take
from widgets import icons, theme
from widgets.controls import describe, is_enter, plain_tip, set_role
from widgets.dragging import DragSource
from widgets.panel import ControlPanel
from widgets.take_actions import TakeActions

AnyIndex = QModelIndex | QPersistentModelIndex

TITLE_ROLE = Qt.ItemDataRole.UserRole
PROMPT_ROLE = Qt.ItemDataRole.UserRole + 1
ID_ROLE = Qt.ItemDataRole.UserRole + 2
RATING_ROLE = Qt.ItemDataRole.UserRole + 3
PIECE_ROLE = Qt.ItemDataRole.UserRole + 4
"""Role of the name of the piece that a take belongs to, or ""."""
FAVOURITE, NEVER = "favourite", "never"
"""Ratings of takes but the neutral one."""
PADDING_PX = 4
PIECE_PX = 2
"""Width of the line beside the takes of one piece, pixels."""
PIECE_PROPERTY = "piece"
PAGES_AHEAD = 3
"""Number of views of the list that are read ahead of what is in sight, and behind it."""


class TakesModel(QAbstractListModel):
    """The model of all takes in the order given; of those not read yet, only the ids are known.

    Attributes
    ----------
    ids
        Of the rows.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ids: tuple[str, ...] = ()
        self._known: dict[str, Take] = {}
        self._unreadable: set[str] = set()

    def set_takes(self, takes: tuple[Take, ...], ids: tuple[str, ...]) -> None:
        """Show the takes of ``ids``, of which ``takes`` are known."""
        self.beginResetModel()
        before = self._known
        self._known = {take_id: before[take_id] for take_id in ids if take_id in before}
        self._known.update((take.take_id, take) for take in takes)
        self._unreadable.intersection_update(ids)
        self.ids = ids
        self.endResetModel()

    def add_takes(self, ids: tuple[str, ...], takes: tuple[Take, ...]) -> None:
        """Fill in ``takes``; any other of ``ids`` cannot be read."""
        rows = {take_id: row for row, take_id in enumerate(self.ids)}
        found = {take.take_id: take for take in takes}
        self._known.update((take_id, take) for take_id, take in found.items() if take_id in rows)
        self._unreadable.difference_update(found)
        self._unreadable.update(take_id for take_id in ids if take_id in rows and take_id not in found)
        changed = [rows[take_id] for take_id in ids if take_id in rows]
        if changed:
            self.dataChanged.emit(self.index(min(changed)), self.index(max(changed)))

    def unknown(self, first: int, last: int) -> tuple[str, ...]:
        """Return the ids of rows from the first to the last that were not read yet."""
        rows = self.ids[max(first, 0) : last + 1]
        return tuple(take_id for take_id in rows if take_id not in self._known and take_id not in self._unreadable)

    def recipe_at(self, row: int) -> Recipe | None:
        """Return the recipe of a row; None where it is not read."""
        take = self._known.get(self.ids[row])
        return None if take is None else take.recipe

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.ids)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        take_id = self.ids[index.row()]
        take = self._known.get(take_id)
        if take is None:
            words = self.tr("This take cannot be read") if take_id in self._unreadable else "…"
            title, prompt, rating, name, piece = words, "", "", "", ""
        else:
            title = " — ".join(filter(None, (take.recipe.title, take.recipe.artist)))
            prompt, rating = " ".join(take.recipe.prompt.split()), take.rating
            name, piece = "", ""
            if (family := take.recipe.family) is not None:
                name = family.name
                piece = self.tr("Piece {name}, clip {n}").format(name=family.label, n=family.age + 1)
        said = {FAVOURITE: self.tr("Favourite"), NEVER: self.tr("Never again")}.get(rating, "")
        return {
            int(Qt.ItemDataRole.DisplayRole): title,
            int(Qt.ItemDataRole.ToolTipRole): plain_tip("\n".join(filter(None, (title, prompt, piece, said)))),
            int(Qt.ItemDataRole.AccessibleTextRole): ". ".join(filter(None, (title, said, prompt, piece))),
            int(TITLE_ROLE): title,
            int(PROMPT_ROLE): prompt,
            int(ID_ROLE): take_id,
            int(RATING_ROLE): rating,
            int(PIECE_ROLE): name,
        }.get(int(role))


class TakeDelegate(QStyledItemDelegate):
    """The delegate draws two lines: title and artist, and below them the prompt, small and dim, both cut to fit.

    A favourite has a heart before its title; a take that is never to play again is dim. At the left edge a thin line
    joins the takes of the piece that the current take belongs to.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hearts: dict[tuple[float, str], QPixmap] = {}
        """Pictures of the heart, by device pixels to a pixel and colour."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        widget: QWidget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        rect: QRect = option.rect
        palette: QPalette = option.palette
        rect = rect.adjusted(6, PADDING_PX, -6, -PADDING_PX)
        font, small = self._fonts(option)
        rating = index.data(RATING_ROLE)
        ink, dim = palette.color(QPalette.ColorRole.Text), QColor(theme.DIM)
        if rating == NEVER:
            ink = dim = QColor(theme.DISABLED)
        painter.save()
        if (piece := index.data(PIECE_ROLE)) and piece == widget.property(PIECE_PROPERTY):
            line = QRect(option.rect.left(), option.rect.top(), PIECE_PX, option.rect.height())
            painter.fillRect(line, QColor(theme.ACCENT))
        upper = rect
        if rating == FAVOURITE:
            middle = rect.top() + QFontMetrics(font).height() / 2.0
            heart = self._heart(painter.device().devicePixelRatioF())
            painter.drawPixmap(QPointF(rect.left(), middle - icons.SIDE_PX / 2.0), heart)
            upper = rect.adjusted(icons.SIDE_PX + PADDING_PX, 0, 0, 0)
        for line_font, colour, role, room, where in (
            (font, ink, TITLE_ROLE, upper, Qt.AlignmentFlag.AlignTop),
            (small, dim, PROMPT_ROLE, rect, Qt.AlignmentFlag.AlignBottom),
        ):
            painter.setFont(line_font)
            painter.setPen(colour)
            metrics = painter.fontMetrics()
            text = metrics.elidedText(str(index.data(role)), Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(where | Qt.AlignmentFlag.AlignLeft), text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        self.initStyleOption(option, index)
        font, small = self._fonts(option)
        return QSize(60, QFontMetrics(font).height() + QFontMetrics(small).height() + 2 * PADDING_PX + 1)

    def _heart(self, scale: float) -> QPixmap:
        key = scale, theme.ACCENT
        if key not in self._hearts:
            self._hearts[key] = icons.drawn("favourite_on", theme.ACCENT, scale)
        return self._hearts[key]

    @staticmethod
    def _fonts(option: QStyleOptionViewItem) -> tuple[QFont, QFont]:
        font: QFont = option.font
        small = QFont(font)
        small.setPointSizeF(max(font.pointSizeF() - 1.0, 6.0))
        return font, small


class TakeList(QListView):
    """A list that tells when a line is chosen, when those selected are to be deleted, and which lines it shows."""

    chosen = Signal(QModelIndex)
    delete_pressed = Signal()
    shown = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(TakeDelegate(self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.doubleClicked.connect(self.chosen)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        area = self.viewport().rect()
        first, last = self.indexAt(area.topLeft()), self.indexAt(area.bottomLeft())
        if first.isValid():
            self.shown.emit(first.row(), last.row() if last.isValid() else self.model().rowCount() - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and self.currentIndex().isValid():
            if not event.isAutoRepeat():
                self.chosen.emit(self.currentIndex())
            event.accept()
            return
        if event.matches(QKeySequence.StandardKey.Delete):
            if not event.isAutoRepeat():
                self.delete_pressed.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        super().currentChanged(current, previous)
        self.mark_piece()

    def dataChanged(self, top_left: AnyIndex, bottom_right: AnyIndex, roles: Sequence[int] = ()) -> None:
        super().dataChanged(top_left, bottom_right, roles)
        self.mark_piece()

    def mark_piece(self) -> None:
        """Mark the takes of the piece that the current one belongs to."""
        self.setProperty(PIECE_PROPERTY, self.currentIndex().data(PIECE_ROLE) or "")
        self.viewport().update()


class TakesDragSource(DragSource):
    """A drag of takes takes all that are selected: a press on one of several leaves the others selected."""

    def __init__(self, takes: TakeList) -> None:
        super().__init__(takes.viewport(), takes)
        self._takes = takes
        self._held: QModelIndex | None = None

    def _follow(self, event: QMouseEvent) -> bool:
        index = self._takes.indexAt(event.position().toPoint())
        if event.type() is QEvent.Type.MouseButtonPress and event.button() is Qt.MouseButton.LeftButton:
            chosen = self._takes.selectionModel().selectedIndexes()
            self._held = None
            if index in chosen and len(chosen) > 1 and self._may_begin(event):
                super()._follow(event)
                self._held = index
                return True
        if event.type() is QEvent.Type.MouseButtonRelease and self._held is not None:
            held, self._held = self._held, None
            if not super()._follow(event):
                # It was a click after all.
                self._takes.setCurrentIndex(held)
            return True
        return super()._follow(event)


class LibraryPanel(ControlPanel):
    """The library panel shows the takes kept so far.

    Signals
    -------
    take_chosen(id), delete_requested(tuple of ids), takes_wanted(tuple of ids): takes come into sight of which only the
    ids are known; answered with ``add_takes``
    """

    take_chosen = Signal(str)
    delete_requested = Signal(object)
    takes_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, scrolls=False)
        self.set_title(self.tr("Library"))
        self.model = TakesModel(self)
        self.list = TakeList(self)
        self.list.setModel(self.model)
        describe(
            self.list,
            self.tr("Takes, newest first"),
            self.tr(
                "Enter or a double click plays a take, and new music goes on from it. Shift and Ctrl select several, "
                "Del deletes them, Ctrl+Z brings them back; drag takes out, or copy them, as WAV "
                "files (Ctrl+B comes here)"
            ),
        )
        self.take_actions = TakeActions(self.list, self.model.recipe_at)
        self.take_actions.delete_requested.connect(self._on_delete_pressed)
        self.list.selectionModel().currentChanged.connect(self.take_actions.follow)
        self.delete_action = self.take_actions.delete
        self.drag_source = TakesDragSource(self.list)
        self.empty_label = QLabel(self)
        self.empty_label.setWordWrap(True)
        self.empty_label.setAlignment(Qt.AlignmentFlag.AlignTop)
        set_role(self.empty_label, "dim")
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.empty_label)
        self.stack.addWidget(self.list)
        self.rows.addWidget(self.stack, 1)
        self.list.chosen.connect(self._on_chosen)
        self.list.shown.connect(self._on_shown)
        self.list.delete_pressed.connect(self._on_delete_pressed)
        self._asked: tuple[str, ...] = ()

    @Slot(object, object)
    def set_takes(self, takes: tuple[Take, ...], ids: tuple[str, ...]) -> None:
        """Show the takes that have these ids, newest first, of which ``takes`` are known already.

        The current take stays current, and the list stays where it was scrolled.
        """
        # Not said before it is known.
        self.empty_label.setText(self.tr("No takes yet: every clip that is made is kept here."))
        current, row = self.list.currentIndex().data(ID_ROLE), self.list.currentIndex().row()
        selected = self.selected_ids()
        bar = self.list.verticalScrollBar()
        at_top, from_end = bar.value() == 0, bar.maximum() - bar.value()
        self.model.set_takes(takes, ids)
        if current in ids:
            self._select(selected, ids.index(current))
        elif row >= 0 and ids:
            # Deleted: the keyboard goes on where it was.
            self._select((), min(row, len(ids) - 1))
        self.list.mark_piece()
        self.stack.setCurrentWidget(self.list if ids else self.empty_label)
        n = len(ids)
        self.header.set_info("" if not n else self.tr("1 take") if n == 1 else self.tr("{n} takes").format(n=n))
        # New takes come in at the top: what is being read stays under the eye.
        self.list.doItemsLayout()
        bar.setValue(0 if at_top else bar.maximum() - from_end)

    @Slot(object, object)
    def add_takes(self, ids: tuple[str, ...], takes: tuple[Take, ...]) -> None:
        """Show ``takes`` that were asked for."""
        if ids == self._asked:
            self._asked = ()
        self.model.add_takes(ids, takes)

    def _on_shown(self, first: int, last: int) -> None:
        # Some more than is in sight, in both directions: the next wheel's turn finds them there.
        around = (last - first + 1) * PAGES_AHEAD
        if self.model.unknown(first, last):
            wanted = self.model.unknown(first - around, last + around)
            if wanted != self._asked:
                self._asked = wanted
                self.takes_wanted.emit(wanted)

    def _on_delete_pressed(self) -> None:
        if ids := self.selected_ids():
            self.delete_requested.emit(ids)

    def selected_ids(self) -> tuple[str, ...]:
        """Return the ids of the takes that are selected, from the top."""
        selection, ids = self.list.selectionModel().selection(), self.model.ids
        ranges = sorted((one.top(), one.bottom()) for one in map(selection.at, range(selection.count())))
        return tuple(take_id for top, bottom in ranges for take_id in ids[top : bottom + 1])

    def _select(self, ids: Collection[str], current: int) -> None:
        """Make a row current, and select the takes that have these ids; where none has, the current one."""
        wanted, chosen, flag = set(ids), QItemSelection(), QItemSelectionModel.SelectionFlag
        rows = [row for row, take_id in enumerate(self.model.ids) if take_id in wanted] or [current]
        # Rows that follow one another are one range: there may be thousands.
        for _, run in itertools.groupby(enumerate(rows), lambda one: one[1] - one[0]):
            found = [row for _, row in run]
            chosen.select(self.model.index(found[0]), self.model.index(found[-1]))
        selection = self.list.selectionModel()
        selection.select(chosen, flag.ClearAndSelect)
        selection.setCurrentIndex(self.model.index(current), flag.NoUpdate)

    def _on_chosen(self, index: QModelIndex) -> None:
        self.take_chosen.emit(str(index.data(ID_ROLE)))
