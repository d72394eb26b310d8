# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a gate: sixteen buttons, each of which lets a sixteenth of the bar be heard, or not."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.values.held import GATE_STEPS, Gate
from widgets.controls import describe, set_role
from widgets.jam.fingers import FingerButton, Flow


class GateSteps(Flow):
    """The steps stand in one row where there is room, else in rows of as many.

    Signals
    -------
    changed(Gate)
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, is_even=True)
        self.buttons = [FingerButton(str(number), parent=self) for number in range(1, GATE_STEPS + 1)]
        for number, one in enumerate(self.buttons, 1):
            one.setCheckable(True)
            set_role(one, "step")
            describe(
                one,
                self.tr("Step {n} of the gate").format(n=number),
                self.tr("Lets this part of the bar be heard while the gate is held"),
            )
            one.clicked.connect(lambda _on: self.changed.emit(self.gate))
            self.add(one)
        self.show_gate(Gate())

    @property
    def gate(self) -> Gate:
        """The gate that is shown."""
        return Gate(tuple(float(one.isChecked()) for one in self.buttons))

    def show_gate(self, gate: Gate) -> None:
        """Show a gate."""
        for one, level in zip(self.buttons, gate.levels, strict=True):
            one.setChecked(level > 0.0)
