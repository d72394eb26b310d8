# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialog of MIDI shows which ports are heard and what each control does; a control is bound by being moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from engine.values.jam import LayerName
from engine.values.midi import MidiKind, MidiMap, MidiMessage, MidiPorts
from engine.values.midi_words import bindable
from engine.values.together import TogetherState
from engine.values.together_options import JAM_MIDI, TOGETHER_OPTIONS
from widgets.controls import GAP_PX, describe, set_role
from widgets.dialogs.settings_pages.rows import Rows
from widgets.figures import Figure
from widgets.form import PAGE_MARGIN_PX, ROOM_AROUND_PX, align_fields, button, form_of
from widgets.guide.explained import explain_by
from widgets.jam.words import layer_words
from widgets.parameter_rows import ParameterRows
from widgets.parameter_rows import words as in_language

SIZE: Final = QSize(620, 640)
_ROLE: Final = Qt.ItemDataRole.UserRole


class TogetherDialog(QDialog):
    """The dialog changes things at once; closing it ends what is being learned.

    Parameters
    ----------
    values
        As they are set, by the options' names.

    Signals
    -------
    option_changed(name, value)
    learn_requested(words)
        The next control that is moved is to be bound to these words; "" learns nothing any more.
    forget_requested(MidiControl)
        A control is to do nothing.
    """

    option_changed = Signal(str, object)
    learn_requested = Signal(str)
    forget_requested = Signal(object)

    def __init__(self, values: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("MIDI and Link"))
        explain_by(self, "midi")
        self._map = MidiMap()
        self._learning = ""
        self._is_on, self._ports = bool(values[JAM_MIDI.name]), MidiPorts()
        self._items: dict[str, QTreeWidgetItem] = {}
        self._places: dict[str, QTreeWidgetItem] = {}
        form = form_of(None)
        self.rows = ParameterRows()
        self.rows.add(TOGETHER_OPTIONS, self, Rows(form).place)
        self.rows.show_values(values)
        self.rows.changed.connect(self._on_option_changed)
        align_fields(form)
        self.ports = self._line(self.tr("Ports"))
        self.together = self._line(self.tr("In step"))
        self.moved = self._line(self.tr("What is heard"))
        self.tree = self._made_tree()
        self.learn_button = button(
            self.tr("&Learn"), self.tr("Learn"), self.tr("Bind the row to the control that you move next"), self
        )
        self.learn_button.setCheckable(True)
        self.forget_button = button(
            self.tr("&Remove"), self.tr("Remove"), self.tr("Have the row's controls do nothing"), self
        )
        close = button(self.tr("Close"), self.tr("Close"), self.tr("Close this window; all is kept as it is"), self)
        self.learn_button.toggled.connect(self._on_learn)
        self.forget_button.clicked.connect(self._on_forget)
        close.clicked.connect(self.accept)
        self.tree.currentItemChanged.connect(lambda *_: self._on_row())
        self.tree.itemActivated.connect(lambda *_: self.learn_button.setChecked(self.learn_button.isEnabled()))
        page = QVBoxLayout(self)
        page.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX)
        page.setSpacing(GAP_PX)
        page.addLayout(form)
        page.addWidget(self.together)
        page.addWidget(self.ports)
        page.addWidget(self.tree, 1)
        page.addWidget(self.moved)
        row = QHBoxLayout()
        row.addWidget(self.learn_button)
        row.addWidget(self.forget_button)
        row.addStretch(1)
        row.addWidget(close)
        page.addLayout(row)
        self.finished.connect(lambda _code: self.learn_button.setChecked(False))
        self.resize(SIZE.boundedTo(self.screen().availableSize() - ROOM_AROUND_PX))
        self.set_ports(MidiPorts())
        self.set_together(TogetherState())
        self._on_row()

    def _line(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setWordWrap(True)
        set_role(label, "dim")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setAccessibleName(name)
        return label

    def _made_tree(self) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setColumnCount(2)
        tree.setHeaderLabels([self.tr("Does"), self.tr("Control")])
        tip = self.tr("What can be played by MIDI, in the words of a map, and the control that does it")
        describe(tree, self.tr("Controls of MIDI"), tip)
        for place, all_words in bindable().items():
            above = self._places[place] = QTreeWidgetItem(tree, [self._place(place), ""])
            above.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for words in all_words:
                item = self._items[words] = QTreeWidgetItem(above, [words, ""])
                item.setData(0, _ROLE, words)
        self._places[""].setExpanded(True)
        tree.setColumnWidth(0, SIZE.width() // 2)
        return tree

    def _place(self, place: str) -> str:
        if not place:
            return self.tr("The jam")
        return self.tr("All layers together") if place == "mix" else layer_words(LayerName(place))

    # --- what is shown ------------------------------------------------------------------------------------------------

    def set_ports(self, ports: MidiPorts) -> None:
        """Show which ports are heard, or why there are none."""
        self._ports = ports
        if ports.trouble:
            text = in_language(ports.trouble)
        elif not ports.own and not ports.inputs:
            # Those that are on are opened by a process of their own, which takes a moment.
            text = self.tr("No port is open yet.") if self._is_on else self.tr("MIDI is off.")
        elif ports.inputs:
            text = self.tr("Heard: {ports}.").format(ports=", ".join(ports.inputs))
        else:
            text = self.tr("No instrument is plugged in.")
        if ports.own:
            text += " " + self.tr("Other programs connect to the port “{name}”.").format(name=ports.own)
        set_role(self.ports, "warning" if ports.trouble else "dim")
        self.ports.setText(text)

    @Slot(str, object)
    def _on_option_changed(self, name: str, value: object) -> None:
        if name == JAM_MIDI.name:
            self._is_on = bool(value)
            self.set_ports(self._ports)
        self.option_changed.emit(name, value)

    def set_together(self, state: TogetherState) -> None:
        """Show whom the jam follows, and how far its bars are off."""
        leader = state.leader
        if not leader.source:
            text = self.tr("The jam follows nobody.")
        elif not leader.n_peers:
            text = self.tr("Nobody is there yet to be in step with.")
        elif leader.refused_bpm is not None:
            text = self.tr("{bpm} bpm is no tempo of a jam: 60 to 200.").format(bpm=f"{Figure(leader.refused_bpm):g}")
        elif leader.bpm is None:
            text = self.tr("Somebody is there; the tempo has not settled yet.")
        else:
            text = self.tr("In step with {n}: {bpm} bpm.").format(n=leader.n_peers, bpm=f"{Figure(leader.bpm):g}")
            if state.off_ms is not None:
                text += " " + self.tr("The bars are {ms} ms off.").format(ms=f"{Figure(abs(state.off_ms)):g}")
        self.together.setText(text)

    def set_map(self, midi_map: MidiMap) -> None:
        """Show what each control does."""
        self._map = midi_map
        bindings = midi_map.bindings()
        for words, item in self._items.items():
            item.setText(1, ", ".join(str(one) for one, does in bindings.items() if does == words))
        for words in dict.fromkeys(bindings.values()):
            if words not in self._items:
                # The person's own words: what a script can say.
                controls = ", ".join(map(str, midi_map.of(words)))
                item = self._items[words] = QTreeWidgetItem(self._places[""], [words, controls])
                item.setData(0, _ROLE, words)
        self._on_row()

    def set_moved(self, message: MidiMessage, words: str) -> None:
        """Show a control that was moved; the one that was learned is learned."""
        value = round(message.value * (100 if message.control.kind is MidiKind.PITCH else 127))
        text = f"{message.port}: {message.control} = {value}"
        self.moved.setText(f"{text} → {words}" if words else text)
        if self._learning and words == self._learning:
            self._learning = ""
            self.learn_button.setChecked(False)
            self.moved.setText(text + " → " + words)

    # --- what is done -------------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> str:
        """Return the words of the row that is chosen, or ""."""
        item = self.tree.currentItem()
        return "" if item is None else str(item.data(0, _ROLE) or "")

    def choose(self, words: str) -> None:
        """Choose the row of these words."""
        self.tree.setCurrentItem(self._items[words])

    def _on_row(self) -> None:
        if self._learning and self.chosen != self._learning:
            self.learn_button.setChecked(False)
        self.learn_button.setEnabled(bool(self.chosen))
        self.forget_button.setEnabled(bool(self.chosen) and any(self._map.of(self.chosen)))

    def _on_learn(self, is_wanted: bool) -> None:
        if is_wanted:
            self._learning = self.chosen
            self.moved.setText(self.tr("Move the control that is to do “{words}”.").format(words=self.chosen))
            self.learn_requested.emit(self.chosen)
        elif self._learning:
            self._learning = ""
            self.moved.setText("")
            self.learn_requested.emit("")

    def _on_forget(self) -> None:
        for control in list(self._map.of(self.chosen)):
            self.forget_requested.emit(control)
