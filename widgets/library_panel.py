# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of takes kept, newest first. Enter or a double click chooses one to play."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPalette, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QLabel,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from engine.values import Take
from widgets import icons, theme
from widgets.controls import describe, is_enter, set_role
from widgets.panel import ControlPanel

AnyIndex = QModelIndex | QPersistentModelIndex

TITLE_ROLE = Qt.ItemDataRole.UserRole
PROMPT_ROLE = Qt.ItemDataRole.UserRole + 1
ID_ROLE = Qt.ItemDataRole.UserRole + 2
RATING_ROLE = Qt.ItemDataRole.UserRole + 3
FAVOURITE, NEVER = "favourite", "never"
"""What a take may be rated, but for nothing."""
PADDING_PX = 4


class TakesModel(QAbstractListModel):
    """Takes in the order given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.takes: tuple[Take, ...] = ()

    def set_takes(self, takes: tuple[Take, ...]) -> None:
        self.beginResetModel()
        self.takes = takes
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.takes)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        take = self.takes[index.row()]
        recipe, rating = take.recipe, take.rating
        prompt = " ".join(recipe.prompt.split())
        title = f"{recipe.title} — {recipe.artist}"
        said = {FAVOURITE: self.tr("Favourite"), NEVER: self.tr("Never again")}.get(rating, "")
        return {
            int(Qt.ItemDataRole.DisplayRole): title,
            int(Qt.ItemDataRole.ToolTipRole): "\n".join(filter(None, (title, prompt, said))),
            int(Qt.ItemDataRole.AccessibleTextRole): ". ".join(filter(None, (title, said, prompt))),
            int(TITLE_ROLE): title,
            int(PROMPT_ROLE): prompt,
            int(ID_ROLE): take.take_id,
            int(RATING_ROLE): rating,
        }.get(int(role))


class TakeDelegate(QStyledItemDelegate):
    """Two lines: title and artist, and below them the prompt, small and dim. Each is cut where the list ends.

    A favourite has a heart before its title; a take that is never to play again is dim.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hearts: dict[float, QPixmap] = {}
        """By device pixels to a pixel."""

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
        if scale not in self._hearts:
            self._hearts[scale] = icons.drawn("favourite_on", theme.ACCENT, scale)
        return self._hearts[scale]

    @staticmethod
    def _fonts(option: QStyleOptionViewItem) -> tuple[QFont, QFont]:
        font: QFont = option.font
        small = QFont(font)
        small.setPointSizeF(max(font.pointSizeF() - 1.0, 6.0))
        return font, small


class TakeList(QListView):
    """A list that tells when one of its lines is chosen, by Enter or a double click."""

    chosen = Signal(QModelIndex)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(TakeDelegate(self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.doubleClicked.connect(self.chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and self.currentIndex().isValid():
            if not event.isAutoRepeat():
                self.chosen.emit(self.currentIndex())
            event.accept()
            return
        super().keyPressEvent(event)


class LibraryPanel(ControlPanel):
    """The takes kept so far."""

    take_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, scrolls=False)
        self.set_title(self.tr("Library"))
        self.model = TakesModel(self)
        self.list = TakeList(self)
        self.list.setModel(self.model)
        describe(
            self.list,
            self.tr("Takes, newest first"),
            self.tr("Enter or a double click plays a take (Ctrl+B comes here)"),
        )
        shortcut = QShortcut(QKeySequence("Ctrl+B"), self)
        shortcut.activated.connect(self._on_focus_list)
        self.empty_label = QLabel(self)
        self.empty_label.setWordWrap(True)
        self.empty_label.setAlignment(Qt.AlignmentFlag.AlignTop)
        set_role(self.empty_label, "dim")
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.empty_label)
        self.stack.addWidget(self.list)
        self.rows.addWidget(self.stack, 1)
        self.list.chosen.connect(self._on_chosen)

    def set_takes(self, takes: tuple[Take, ...]) -> None:
        """Show these takes, newest first. The current take stays current, and the list stays where it was scrolled."""
        # Not said before it is known.
        self.empty_label.setText(self.tr("No takes yet: every clip that is made is kept here."))
        current = self.list.currentIndex().data(ID_ROLE)
        bar = self.list.verticalScrollBar()
        at_top, from_end = bar.value() == 0, bar.maximum() - bar.value()
        self.model.set_takes(takes)
        row = next((i for i, take in enumerate(takes) if take.take_id == current), None)
        if row is not None:
            self.list.setCurrentIndex(self.model.index(row))
        self.stack.setCurrentWidget(self.list if takes else self.empty_label)
        n = len(takes)
        self.header.set_info("" if not n else self.tr("1 take") if n == 1 else self.tr("{n} takes").format(n=n))
        # New takes come in at the top: what is being read stays under the eye.
        self.list.doItemsLayout()
        bar.setValue(0 if at_top else bar.maximum() - from_end)

    def _on_chosen(self, index: QModelIndex) -> None:
        self.take_chosen.emit(str(index.data(ID_ROLE)))

    def _on_focus_list(self) -> None:
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
