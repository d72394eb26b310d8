# SPDX-License-Identifier: GPL-3.0-or-later
"""A small menu chooses what makes a layer's loops, with which model, by which seed, and whether they hear the mix."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from engine.values import ParameterValue
from engine.values.jam import LayerMix, LayerName, LayerPrompt, LayerState, usual_style
from widgets.controls import describe
from widgets.generator_choice import GeneratorChoice
from widgets.jam.fingers import FingerIcon
from widgets.jam.words import layer_words


class GeneratorButton(FingerIcon):
    """A generator button opens the menu, and tells by its tooltip what is chosen.

    Signals
    -------
    chosen(LayerPrompt)
        The same words, made otherwise.
    styled(strength), valued(tuple)
        As of a ``LayerDialog``.
    reseeded()
        The endless layer is to go on from the mix.
    """

    chosen = Signal(object)
    styled = Signal(object)
    valued = Signal(object)
    reseeded = Signal()

    def __init__(self, name: LayerName, parent: QWidget | None = None) -> None:
        super().__init__("menu", parent)
        self._state = LayerState(name, LayerPrompt(""), LayerMix())
        self._values: Mapping[str, Mapping[str, ParameterValue]] = {}
        self._choices: Sequence[GeneratorChoice] = ()
        self._usual = ""
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self._say()

    def set_generators(self, choices: Sequence[GeneratorChoice], usual: str) -> None:
        """Offer these; ``usual`` is the name of the one that is used where none is chosen."""
        self._choices, self._usual = choices, usual
        self._say()

    def set_values(self, values: Mapping[str, Mapping[str, ParameterValue]]) -> None:
        """Take note of what is set of generators in the Generate panel, by their names."""
        self._values = values

    def set_state(self, state: LayerState) -> None:
        """Show what is chosen for a layer."""
        before, self._state = self._state, state
        if state.prompt != before.prompt:
            self._say()

    @property
    def _prompt(self) -> LayerPrompt:
        return self._state.prompt

    def _fill(self) -> None:
        self._menu.clear()
        ways = QActionGroup(self._menu)
        usual = self.tr("usual ({generator})").format(generator=self._title(self._usual) or self._usual)
        self._add(self._menu, ways, usual, "", "")
        for one in self._choices:
            into, title = self._menu, f"{one.title} · {one.note}" if one.note else one.title
            if len(one.models) > 1:
                into = self._menu.addMenu(title.replace("&", "&&"))
                for model in one.models:
                    self._add(into, ways, model, one.name, model)
            else:
                self._add(into, ways, title, one.name, "")
        if self._prompt.seed is not None:
            self._menu.addSeparator()
            again = QAction(self.tr("another seed each time (now {seed})").format(seed=self._prompt.seed), self._menu)
            again.triggered.connect(lambda: self.chosen.emit(replace(self._prompt, seed=None)))
            self._menu.addAction(again)
        self._menu.addSeparator()
        tip = self.tr("The next loops sound like what plays: its sound, or its key, brightness and density")
        style = self._deed(self.tr("Style from the mix"), tip, self._on_style)
        style.setCheckable(True)
        style.setChecked(self._state.style is not None)
        if self._state.wander is not None:
            tip = self.tr("The next part goes on from all that plays now, not from the last part")
            self._deed(self.tr("Go on from the mix"), tip, lambda _is_on: self.reseeded.emit())
        tip = self.tr("How far the next loops go from the mix, and what is set of their generator")
        self._deed(self.tr("&Style and values…"), tip, lambda _is_on: self.show_dialog())

    def _deed(self, words: str, tip: str, deed: Callable[[bool], None]) -> QAction:
        action = QAction(words, self._menu)
        action.setToolTip(tip)
        action.triggered.connect(deed)
        self._menu.addAction(action)
        return action

    def _on_style(self, is_on: bool) -> None:
        self.styled.emit(usual_style(self._state.name) if is_on else None)

    def show_dialog(self) -> None:
        """Show what else can be set of the layer's next loops."""
        # Loaded when it is asked for first.
        from widgets.jam.layer_dialog import LayerDialog

        name = self._prompt.generator or self._usual
        parameters = next((one.parameters for one in self._choices if one.name == name), ())
        dialog = LayerDialog(self._state, self._title(name), parameters, self._values.get(name, {}), self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.styled.connect(self.styled)
        dialog.valued.connect(self.valued)
        dialog.open()

    def _add(self, menu: QMenu, ways: QActionGroup, title: str, generator: str, model: str) -> None:
        action = QAction(title.replace("&", "&&"), ways)
        action.setCheckable(True)
        mine = self._prompt
        is_default = generator == mine.generator and not mine.model and model == self._default_model(generator)
        action.setChecked((generator, model) == (mine.generator, mine.model) or is_default)
        action.triggered.connect(
            lambda: self.chosen.emit(replace(self._prompt, generator=generator, model=model)),
        )
        menu.addAction(action)

    def _title(self, generator: str) -> str:
        return next((one.title for one in self._choices if one.name == generator), generator)

    def _default_model(self, generator: str) -> str:
        one = next((one for one in self._choices if one.name == generator), None)
        return "" if one is None else one.default_model or next(iter(one.models), "")

    def _say(self) -> None:
        mine = self._prompt
        chosen = " ".join(filter(None, (self._title(mine.generator or self._usual), mine.model)))
        if mine.seed is not None:
            chosen = self.tr("{generator}, seed {seed}").format(generator=chosen, seed=mine.seed)
        tip = self.tr("Which generator makes the next loop")
        name = self.tr("Generator of {layer}").format(layer=layer_words(self._state.name))
        describe(self, name, f"{tip}: {chosen}" if chosen else tip)
