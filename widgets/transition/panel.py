# SPDX-License-Identifier: GPL-3.0-or-later
"""The transition panel shows how the next loop takes over before it is heard; entry and length are set in it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from engine.values import ComingTransition, TransitionPicture
from engine.values.options import OVERLAP
from widgets.controls import describe, set_role, text_width
from widgets.figures import Figure
from widgets.fitting_lines import FittingLines
from widgets.number_spin import NumberSpin
from widgets.panel import PANEL_MARGIN_PX, Panel
from widgets.seam_scope.layout import ControlGroup
from widgets.transition.hand import MOST_BARS, TransitionHand
from widgets.transition.item import Edge
from widgets.transition.plot import TransitionPlot
from widgets.transition.words import Words, percent_of, sentence

SETTLED_AFTER_MS: Final = 400
"""Milliseconds after the last change in a field when it counts as made."""
LEAST_PLOT_PX: Final = 200, 88
ROWS_GAP_PX: Final = 4
N_LINES: Final = 2
"""Number of lines that the sentence has room for."""
MS_STEP: Final = 50.0
"""Milliseconds by which arrows change the length of a crossfade that is not in bars."""
HIGHEST_NUMBER: Final = 99_999
TOLD_EVERY_S: Final = 10.0
"""Seconds until the entry between which assistive technology is told of it anew."""


class TransitionPanel(Panel):
    """The transition panel shows both loops around the takeover, with the gains, the stretch and the bass swap.

    Signals
    -------
    edited(TransitionEdit)
        The person chose another entry or length for this transition, or had it be as planned again.
    """

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Transition"))
        self._picture: TransitionPicture | None = None
        # Where in the leading loop the entry of the picture is, on over its turns.
        self._picture_entry = 0
        self._left_s: float | None = None
        self._said: tuple[object, ...] = ()
        self._told: tuple[str, int | None] = ("", 0)
        self.hand = TransitionHand(self)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLED_AFTER_MS)
        self._build_plot()
        self._build_controls()
        content = QWidget()
        rows = QVBoxLayout(content)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(ROWS_GAP_PX)
        # Without a transition only the hint is there.
        self._top = QWidget()
        top = QVBoxLayout(self._top)
        top.setContentsMargins(PANEL_MARGIN_PX, 0, PANEL_MARGIN_PX, 0)
        top.setSpacing(ROWS_GAP_PX)
        top.addWidget(self.line)
        top.addWidget(self._controls)
        rows.addWidget(self._top)
        rows.addWidget(self.plot, 1)
        self.hold(content)
        self._connect()
        self._follow()

    # --- parts --------------------------------------------------------------------------------------------------------

    def _build_plot(self) -> None:
        self.line = FittingLines(N_LINES, self)
        self.plot = TransitionPlot(self._hint(), self)
        self.plot.setMinimumSize(*LEAST_PLOT_PX)
        self.plot.setAccessibleName(self.tr("Path from this loop to the next"))
        self.plot.setToolTip(
            self.tr(
                "Above: the loop that plays; below: the one that comes in. Bright is what you will hear, pale is each "
                "at its own level; lines are the gains, dashed ones those of the bass. At the foot: how the tempo of "
                "what comes in glides to its own. 0 s is the entry.\n"
                "Drag the entry or the end of the crossfade: it counts for this transition only. Drag elsewhere to "
                "move, turn the wheel to zoom, double click or press 0 or A to see all.\n"
                "Keyboard: I and O (or [ and ]) choose entry or end, the arrows move it, with Shift by four; "
                "Backspace has it as planned; Home goes to the entry."
            )
        )
        self.setFocusProxy(self.plot)

    def _build_controls(self) -> None:
        self._controls = ControlGroup()
        self.entry_spin, self.length_spin = NumberSpin(), NumberSpin()
        for spin in (self.entry_spin, self.length_spin):
            set_role(spin, "inline")
            spin.setDecimals(0)
            spin.setKeyboardTracking(False)
            spin.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.entry_spin.setRange(1.0, HIGHEST_NUMBER)
        self._entry_words = self.tr("at bar {n}"), self.tr("at turn {n}")
        widest = max(text_width(self.entry_spin, words.format(n=9999)) for words in self._entry_words)
        self.entry_spin.setFixedWidth(widest + 20)
        self._length_words = self.tr("{n} bars"), self.tr("{n} bar")
        longest = text_width(self.length_spin, self._length_words[0].format(n=16), "5000 ms")
        self.length_spin.setFixedWidth(longest + 20)
        describe(
            self.entry_spin,
            self.tr("Entry of the next loop"),
            self.tr("Where the next loop comes in, for this transition only: the bar or turn of the loop that plays"),
        )
        describe(
            self.length_spin,
            self.tr("Length of the crossfade"),
            self.tr("How long both loops are heard together, for this transition only"),
        )
        self.reset_button = QPushButton(self.tr("As planned"), self.header)
        set_role(self.reset_button, "inline")
        describe(
            self.reset_button,
            self.tr("Make the transition as planned"),
            self.tr("Forget what was changed here: entry and length as the Overlap panel says (Backspace in the plot)"),
        )
        self._controls.row.addWidget(self.entry_spin)
        self._controls.row.addWidget(self.length_spin)
        self.header.add_control(self.reset_button)

    def _connect(self) -> None:
        hand, plot = self.hand, self.plot
        hand.shown.connect(self._follow)
        hand.settled.connect(self.edited)
        plot.edge_dragged.connect(self._on_edge_dragged)
        plot.stepped.connect(self._on_stepped)
        plot.released.connect(self._settle)
        plot.given_up.connect(hand.give_up)
        plot.reset_requested.connect(self._on_reset_clicked)
        self.reset_button.clicked.connect(self._on_reset_clicked)
        self.entry_spin.valueChanged.connect(self._on_entry_changed)
        self.length_spin.valueChanged.connect(self._on_length_changed)
        for spin in (self.entry_spin, self.length_spin):
            spin.editingFinished.connect(self._settle)
        self._settling.timeout.connect(self._settle)

    def needed_size(self) -> QSize:
        """Return the least size, without the header, at which the panel is whole, however wide it is now."""
        controls, plot = self._controls.minimumSizeHint(), self.plot.minimumSize()
        width = max(controls.width() + 2 * PANEL_MARGIN_PX, plot.width())
        needed = QSize(width, self.line.minimumHeight() + controls.height() + 2 * ROWS_GAP_PX + plot.height())
        return needed.grownBy(self.body.contentsMargins())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        # What the hand has chosen is told; nothing is awaited for what is not seen.
        self._settle()
        self.hand.give_up()

    # --- values -------------------------------------------------------------------------------------------------------

    def set_coming(self, coming: ComingTransition | None) -> None:
        """Show how the next loop takes over, as far as it is known; None where none comes."""
        before = self.hand.coming
        if coming is None or before is None or (before.lead_id, before.incoming_id) != _ids(coming):
            self._left_s = None
            self.plot.set_position(None)
            if self._picture is not None and (coming is None or _ids(self._picture) != _ids(coming)):
                self._show_picture(None)
        self.hand.set_coming(coming)
        self._place_picture()

    def set_picture(self, picture: TransitionPicture) -> None:
        """Show the picture of the transition that comes; one of another is dropped."""
        coming = self.hand.coming
        if coming is not None and _ids(coming) == _ids(picture):
            self._show_picture(picture)
            self._place_picture()

    def set_played(self, played_samples: int | None, fade: float = 0.0) -> None:
        """Move the playhead: how much of the leading loop was heard since it came in, or how much of the crossfade.

        Parameters
        ----------
        played_samples
            Samples of the leading loop; None where only ``fade``, in [0, 1], is known.
        """
        hand, coming, picture = self.hand, self.hand.coming, self._picture
        if coming is None:
            return
        if played_samples is None:
            after = fade * coming.fade_samples
            self._left_s = 0.0
        else:
            hand.set_played(played_samples)
            entry = hand.entry_samples
            after = played_samples - self._picture_entry
            self._left_s = None if entry is None else (entry - played_samples) / coming.sample_rate
        if picture is not None:
            row = picture.before_samples + after
            self.plot.set_position(row if 0.0 <= row <= picture.n_samples and hand.entry_samples is not None else None)
        self._say()

    # --- showing ------------------------------------------------------------------------------------------------------

    def _show_picture(self, picture: TransitionPicture | None) -> None:
        self._picture = picture
        item, coming = self.plot.item, self.hand.coming
        if picture is not None and coming is not None:
            item.names = coming.lead_title, coming.incoming_title
            item.bass_word = self.tr("bass")
            percent = percent_of(coming)
            item.tempo_word = "" if percent is None else f"{Figure(percent):+.1f} %"
        self.plot.set_picture(picture)
        labels = []
        if picture is not None:
            words = self.tr("out"), self.tr("in")
            labels = [((foot + top) / 2.0, word) for (foot, top), word in zip(item.lanes(), words, strict=False)]
        self.plot.left_axis.set_labels(labels)
        if picture is None:
            self.plot.set_position(None)

    def _place_picture(self) -> None:
        """Note where the picture's entry is in the leading loop, once it is the one that is told."""
        coming, picture = self.hand.coming, self._picture
        if coming is None or picture is None:
            return
        entry = coming.entry_samples
        if entry is None:
            self._picture_entry = picture.place
        elif entry % coming.turn_samples == picture.place:
            self._picture_entry = entry
        bars = picture.lead_bars
        if len(bars):
            # A bar is where it is, but for rounding.
            at = self._picture_entry + int(bars[0]) - picture.before_samples
            self.plot.item.first_number = self.hand.number_of(at + coming.sample_rate // 100)
        self._follow()

    def _follow(self) -> None:
        """Show where the hand has the transition."""
        hand, coming, picture = self.hand, self.hand.coming, self._picture
        can_move = hand.can_move_length
        self.entry_spin.setEnabled(hand.can_move_entry)
        self.length_spin.setEnabled(can_move)
        self.reset_button.setVisible(can_move and hand.is_edited)
        self._top.setVisible(coming is not None)
        self.plot.set_hint(self._hint())
        if coming is not None:
            self._show_fields(coming)
        if coming is not None and picture is not None:
            entry = hand.entry_samples
            row = picture.before_samples + (0 if entry is None else entry - self._picture_entry)
            movable = {Edge.END} if can_move else set()
            if hand.can_move_entry:
                movable.add(Edge.ENTRY)
            self.plot.set_edges(row, row + hand.fade_samples, frozenset(movable))
        self._say()

    def _hint(self) -> str:
        """Return what stands in the picture's place until there is one."""
        if self.hand.coming is not None:
            return self.tr("Its picture is being drawn.")
        return self.tr("When a next loop is ready, how it will take over is drawn here, before you hear it.")

    def _show_fields(self, coming: ComingTransition) -> None:
        hand, entry, length = self.hand, self.entry_spin, self.length_spin
        with QSignalBlocker(entry), QSignalBlocker(length):
            before, _, after = self._entry_words[coming.lead_grid is None].partition("{n}")
            entry.setPrefix(before)
            entry.setSuffix(after)
            if hand.entry_samples is not None:
                entry.setValue(hand.number_of(hand.entry_samples))
            if hand.bars:
                before, _, after = self._length_words[hand.bars == 1].partition("{n}")
                length.setRange(1.0, MOST_BARS)
                length.setSingleStep(1.0)
            else:
                before, after = "", " ms"
                length.setRange(OVERLAP.low, OVERLAP.high)
                length.setSingleStep(MS_STEP)
            length.setPrefix(before)
            length.setSuffix(after)
            length.setValue(hand.bars or hand.fade_ms)

    def _say(self) -> None:
        """Tell the transition in words; assistive technology hears of it when it is another, and now and then."""
        hand, left_s = self.hand, self._left_s
        said = (hand.coming, hand.entry_samples, hand.fade_samples, hand.is_edited, left_s and round(left_s))
        if said == self._said:
            return
        self._said = said
        told = sentence(hand, left_s)
        self.line.set_texts(tuple(sentence(hand, left_s, words) for words in Words))
        facts = sentence(hand, None), None if left_s is None else int(left_s // TOLD_EVERY_S)
        if facts != self._told:
            self._told = facts
            self.line.setAccessibleName(told)
            if self._picture is not None:
                self.plot.setAccessibleDescription(told)

    # --- slots --------------------------------------------------------------------------------------------------------

    def _on_edge_dragged(self, edge: Edge, row: float) -> None:
        picture = self._picture
        if picture is None:
            return
        if edge is Edge.ENTRY:
            self.hand.move_entry(self._picture_entry + row - picture.before_samples)
        else:
            self.hand.move_end(row - self.plot.item.entry_at)

    def _on_stepped(self, edge: Edge, n_steps: int) -> None:
        if edge is Edge.ENTRY:
            self.hand.step_entry(n_steps)
        elif self.hand.bars:
            self.hand.choose_bars(self.hand.bars + n_steps)
        else:
            self.hand.choose_ms(self.hand.fade_ms + MS_STEP * n_steps)

    def _on_entry_changed(self, number: float) -> None:
        self.hand.choose_entry(round(number))
        self._settling.start()

    def _on_length_changed(self, length: float) -> None:
        if self.hand.bars:
            self.hand.choose_bars(round(length))
        else:
            self.hand.choose_ms(length)
        self._settling.start()

    def _on_reset_clicked(self) -> None:
        self._settling.stop()
        self.hand.reset()

    def _settle(self) -> None:
        self._settling.stop()
        self.hand.settle()


def _ids(one: ComingTransition | TransitionPicture) -> tuple[int, int]:
    return one.lead_id, one.incoming_id
