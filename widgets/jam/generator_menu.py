# SPDX-License-Identifier: GPL-3.0-or-later
"""A small menu chooses what makes a layer's loops, with which model, by which seed, and whether they hear the mix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from engine.values.jam import LayerPrompt
from widgets.controls import describe
from widgets.generator_choice import GeneratorChoice
from widgets.jam.fingers import FingerIcon


class GeneratorButton(FingerIcon):
    """A generator button opens the menu, and tells by its tooltip what is chosen.

    Signals
    -------
    chosen(LayerPrompt)
        The same words, made otherwise.
    styled(bool), reseeded()
        The next loops are to take their style from the mix, or not; the endless layer is to go on from it.
    """

    chosen = Signal(object)
    styled = Signal(bool)
    reseeded = Signal()

    def __init__(self, layer: str, parent: QWidget | None = None) -> None:
        super().__init__("menu", parent)
        self._layer = layer
        self._prompt = LayerPrompt("")
        self._choices: Sequence[GeneratorChoice] = ()
        self._usual = ""
        self._has_style = self._is_endless = False
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self._say()

    def set_generators(self, choices: Sequence[GeneratorChoice], usual: str) -> None:
        """Offer these; ``usual`` is the name of the one that is used where none is chosen."""
        self._choices, self._usual = choices, usual
        self._say()

    def set_prompt(self, prompt: LayerPrompt) -> None:
        """Show what is chosen for a layer."""
        if prompt != self._prompt:
            self._prompt = prompt
            self._say()

    def set_mix(self, *, has_style: bool, is_endless: bool) -> None:
        """Show whether a layer's loops take their style from the mix, and whether it goes on for ever."""
        self._has_style, self._is_endless = has_style, is_endless

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
        style = QAction(self.tr("Style from the mix"), self._menu)
        style.setToolTip(self.tr("The next loops sound like what plays: its sound, or its key, brightness and density"))
        style.setCheckable(True)
        style.setChecked(self._has_style)
        style.triggered.connect(self._on_style)
        self._menu.addAction(style)
        if self._is_endless:
            reseed = QAction(self.tr("Go on from the mix"), self._menu)
            reseed.setToolTip(self.tr("The next part goes on from all that plays now, not from the last part"))
            reseed.triggered.connect(lambda _is_on: self.reseeded.emit())
            self._menu.addAction(reseed)

    def _on_style(self, is_on: bool) -> None:
        self.styled.emit(is_on)

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
        name = self.tr("Generator of {layer}").format(layer=self._layer)
        describe(self, name, f"{tip}: {chosen}" if chosen else tip)
