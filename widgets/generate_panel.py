# SPDX-License-Identifier: GPL-3.0-or-later
"""The generate panel says how clips are made: algorithm, generator, model, parameters, duration, minimum play time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.values import Algorithm, Parameter, ParameterValue
from engine.values.judging_options import VARIATIONS
from engine.values.options import DURATION, MIN_PLAY
from engine.values.pace_options import KEEP_UP
from widgets.clip_time import ClipTime, seconds_in_words
from widgets.controls import GAP_PX, ROW_GAP_PX, Combo, LabelledSlider, describe, plain, set_role, with_mnemonic
from widgets.generator_choice import GeneratorChoice
from widgets.panel import ControlPanel
from widgets.parameter_rows import ParameterControl, ParameterRows, degree_in_words, words
from widgets.variations_slider import variations_slider

# The names of the two algorithms are the studio's own, the same in every language.
ADVANCED_TEXT, CLASSIC_TEXT = "Avanzato", "Classico"


class GeneratePanel(ControlPanel):
    """The generate panel shows how the next clip is made. Setters are silent; a signal tells a person's change, once.

    ``parameter_changed(name, value)`` is of the chosen generator. What can be set of it, its generator declares.

    Attributes
    ----------
    parameters
        The controls of the chosen generator's parameters.
    sliders
        Those of them that stand in the panel itself, by name.
    keep_up_button
        Has clips be no longer than keeps up with the music; it is there where that is pressed or makes a difference.
    variations
        How many clips are made at once.
    more_button
        Shows and hides them. They are shown at first where one of them is set.
    """

    algorithm_changed = Signal(Algorithm)
    generator_changed = Signal(str)
    model_changed = Signal(str)
    duration_changed = Signal(float)
    min_play_changed = Signal(float)
    variations_changed = Signal(int)
    parameter_changed = Signal(str, object)
    keep_up_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Generate"))
        self._choices: tuple[GeneratorChoice, ...] = ()
        self._last_models: dict[str, str] = {}
        self._parameter_values: dict[str, dict[str, ParameterValue]] = {}
        self._shown_algorithm = Algorithm.ADVANCED
        self._shown_generator = self._shown_model = ""

        self.advanced_button = self._algorithm_button(
            ADVANCED_TEXT, self.tr("Judge a loop by spectrum, waveform, beat and phase together"), "Alt+A"
        )
        self.classic_button = self._algorithm_button(
            CLASSIC_TEXT, self.tr("Judge a loop by how alike the spectrum is at its two ends"), "Alt+C"
        )
        self.keep_up_button = self._header_button(words(KEEP_UP.title), words(KEEP_UP.title), words(KEEP_UP.tooltip))
        self.more_button = self._header_button(
            self.tr("More"), self.tr("More to set"), self.tr("Show what else can be set of this generator")
        )
        self._algorithms = QButtonGroup(self)
        self._algorithms.addButton(self.advanced_button)
        self._algorithms.addButton(self.classic_button)
        self.advanced_button.setChecked(True)
        algorithm_row = self.add_row()
        algorithm_row.addWidget(self.advanced_button, 1)
        algorithm_row.addWidget(self.classic_button, 1)

        self._grid = self._new_grid()
        self.rows.addLayout(self._grid)
        self._captions: dict[str, QLabel] = {}
        self.generator_combo = self._combo(
            "generator_combo", self.tr("&Generator"), self.tr("What makes the clips"), row=0
        )
        self.model_combo = self._combo(
            "model_combo", self.tr("&Model"), self.tr("Which of the generator's models makes the clips"), row=1
        )
        self.duration = LabelledSlider(
            self.tr("&Duration"),
            words(DURATION.tooltip),
            low=DURATION.low,
            high=DURATION.high,
            step=1.0,
            page=5.0,
            words=seconds_in_words,
            parent=self,
        )
        self.variations = variations_slider(self)
        self.min_play = LabelledSlider(
            self.tr("M&inimum play"),
            words(MIN_PLAY.tooltip),
            low=MIN_PLAY.low,
            high=MIN_PLAY.high,
            step=5.0,
            page=30.0,
            words=seconds_in_words,
            parent=self,
        )
        self.rows.addWidget(self.duration)
        self._slider_slot, self._parameter_slot = QVBoxLayout(), QVBoxLayout()
        self.rows.addLayout(self._slider_slot)
        self.rows.addWidget(self.variations)
        self.rows.addLayout(self._parameter_slot)
        self._parameter_holder, self._parameter_grid = self._new_holder()
        self.parameters = ParameterRows()
        self.sliders: dict[str, LabelledSlider] = {}
        self.rows.addWidget(self.min_play)
        self.rows.addStretch(1)
        self._show_models()

        self._algorithms.buttonClicked.connect(self._on_algorithm_clicked)
        self.generator_combo.activated.connect(self._on_generator_activated)
        self.model_combo.activated.connect(self._on_model_activated)
        self.duration.moved.connect(self.duration_changed)
        self.min_play.moved.connect(self.min_play_changed)
        self.keep_up_button.clicked.connect(self.keep_up_changed)
        self.variations.moved.connect(lambda value: self.variations_changed.emit(round(value)))
        self.parameters.changed.connect(self._on_parameter_changed)
        self.more_button.toggled.connect(self._on_more_toggled)

    # --- values in ----------------------------------------------------------------------------------------------------

    def set_generators(self, choices: tuple[GeneratorChoice, ...]) -> None:
        """Offer these generators; the chosen generator and model stay chosen where they still exist."""
        name, model = self.generator(), self.model()
        self._choices = choices
        with QSignalBlocker(self.generator_combo):
            self.generator_combo.clear()
            for choice in choices:
                self.generator_combo.addItem(choice.title, choice.name)
        self.set_generator(name)
        if self.generator() == name:
            self.set_model(model)

    def set_generator(self, name: str) -> None:
        """Choose the generator called ``name``; an unknown name chooses nothing new."""
        index = self.generator_combo.findData(name)
        if index >= 0:
            self.generator_combo.setCurrentIndex(index)
        self._show_models()
        self._shown_generator, self._shown_model = self.generator(), self.model()

    def set_model(self, model: str) -> None:
        """Choose the model called ``model``; an unknown name chooses nothing new."""
        index = self.model_combo.findData(model)
        if index >= 0:
            self.model_combo.setCurrentIndex(index)
            self._last_models[self.generator()] = model
        self._shown_model = self.model()

    def set_parameter_values(self, values: Mapping[str, Mapping[str, ParameterValue]]) -> None:
        """Show what is set of each generator; what is missing has its default."""
        self._parameter_values = {name: dict(each) for name, each in values.items()}
        self.parameters.show_values(self._parameter_values.get(self.generator(), {}))
        self._show_slider_values()
        self._show_what_is_set()

    def set_algorithm(self, algorithm: Algorithm) -> None:
        self._shown_algorithm = algorithm
        (self.advanced_button if algorithm is Algorithm.ADVANCED else self.classic_button).setChecked(True)

    def set_duration(self, duration_s: float) -> None:
        self.duration.set_value(duration_s)

    def set_variations(self, n: int) -> None:
        self.variations.set_value(float(n))
        self._show_what_is_set()

    def set_min_play(self, min_play_s: float) -> None:
        self.min_play.set_value(min_play_s)

    def set_clip_time(self, time: ClipTime | None, *, is_kept: bool) -> None:
        """Show how long the next clips will take, None where nothing is known, and whether they are to keep up."""
        is_late = time is not None and time.is_late
        note, more = ("", "") if time is None else (time.note(), time.sentences())
        self.duration.set_note(note, more, "warning" if is_late else "dim")
        self.keep_up_button.setChecked(is_kept)
        self.keep_up_button.setVisible(is_kept or is_late)

    # --- values out ---------------------------------------------------------------------------------------------------

    def algorithm(self) -> Algorithm:
        return Algorithm.ADVANCED if self.advanced_button.isChecked() else Algorithm.CLASSIC

    def generator(self) -> str:
        """Return the chosen generator's name, or "" while none is offered."""
        return str(self.generator_combo.currentData() or "")

    def model(self) -> str:
        """Return the chosen model's name, or "" for a generator without models."""
        return str(self.model_combo.currentData() or "")

    def duration_s(self) -> float:
        return self.duration.value()

    def min_play_s(self) -> float:
        return self.min_play.value()

    # --- parts --------------------------------------------------------------------------------------------------------

    def _algorithm_button(self, text: str, tip: str, shortcut: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setCheckable(True)
        button.setProperty("segment", True)
        describe(button, self.tr("Algorithm: {name}").format(name=text), tip, shortcut=shortcut)
        return button

    def _header_button(self, text: str, name: str, tip: str) -> QPushButton:
        """Return a button that stays down, in the header, which shows it where there is something for it to do."""
        button = QPushButton(text, self.header)
        button.setCheckable(True)
        set_role(button, "inline")
        describe(button, name, tip)
        self.header.add_control(button)
        button.hide()
        return button

    def _combo(self, name: str, label: str, tip: str, *, row: int) -> Combo:
        combo = Combo(self)
        combo.setObjectName(name)
        describe(combo, plain(label), with_mnemonic(tip, label))
        caption = self._captions[name] = QLabel(label, self)
        set_role(caption, "dim")
        caption.setBuddy(combo)
        self._grid.addWidget(caption, row, 0)
        self._grid.addWidget(combo, row, 1)
        return combo

    @staticmethod
    def _new_grid() -> QGridLayout:
        """Return a new grid: captions at the left, controls at the right."""
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP_PX + 2)
        grid.setVerticalSpacing(ROW_GAP_PX)
        grid.setColumnStretch(1, 1)
        return grid

    def _new_holder(self) -> tuple[QWidget, QGridLayout]:
        holder, grid = QWidget(self), self._new_grid()
        holder.setLayout(grid)
        holder.hide()
        self._parameter_slot.addWidget(holder)
        return holder, grid

    def _show_parameters(self) -> None:
        """Show a row for each thing that can be set of the chosen generator's music."""
        choice, values = self._choice(), self._parameter_values.get(self.generator(), {})
        musical = tuple(one for one in choice.parameters if not one.setup) if choice else ()
        self._show_sliders(tuple(one for one in musical if one.ends))
        # What is turned while the music plays stands at the top.
        declared = tuple(sorted((one for one in musical if not one.ends), key=lambda one: not one.slides))
        if declared == tuple(one.parameter for one in self.parameters.controls.values()):
            self.parameters.show_values(values)
            self._show_what_is_set()
            return
        self._parameter_holder.hide()
        # It goes from its layout by itself when it goes.
        self._parameter_holder.deleteLater()
        self._parameter_holder, self._parameter_grid = self._new_holder()
        self.parameters.build(declared, values, self._parameter_holder, self._place)
        self.more_button.setVisible(bool(declared))
        self._parameter_holder.setVisible(bool(declared) and self.more_button.isChecked())
        sliders = (one.slider for one in self.sliders.values())
        own = (self.variations.slider, *self._parameter_stops())
        stops = (self.duration.slider, *sliders, *own, self.min_play.slider)
        for before, after in itertools.pairwise(stops):
            QWidget.setTabOrder(before, after)
        self._show_what_is_set()
        self.tell_needs()

    def _show_sliders(self, declared: tuple[Parameter, ...]) -> None:
        """Show a slider for each parameter that stands in the panel itself."""
        if list(self.sliders) != [one.name for one in declared]:
            for slider in self.sliders.values():
                slider.hide()
                slider.deleteLater()
            self.sliders = {one.name: self._slider(one) for one in declared}
        self._show_slider_values()

    def _slider(self, parameter: Parameter) -> LabelledSlider:
        slider = LabelledSlider(
            words(parameter.title),
            words(parameter.tooltip),
            low=parameter.low,
            high=parameter.high,
            step=parameter.step,
            page=4.0 * parameter.step,
            words=partial(degree_in_words, parameter),
            one_line=True,
            parent=self,
        )
        slider.moved.connect(partial(self._on_parameter_changed, parameter.name))
        self._slider_slot.addWidget(slider)
        slider.show()
        return slider

    def _show_slider_values(self) -> None:
        choice, values = self._choice(), self._parameter_values.get(self.generator(), {})
        for one in choice.parameters if choice else ():
            if one.name in self.sliders:
                self.sliders[one.name].set_value(float(values.get(one.name, one.default)))

    def _show_what_is_set(self) -> None:
        """Show the row of parameters from the start if any of them is set."""
        if self.parameters.changes() or self.variations.value() > VARIATIONS.low:
            self.more_button.setChecked(True)

    def _parameter_stops(self) -> Iterator[QWidget]:
        """Yield what the Tab key goes through, in its order."""
        for control in self.parameters.controls.values():
            yield control.widget
            if control.browse is not None:
                yield control.browse

    def _place(self, control: ParameterControl) -> None:
        row, parameter = self._parameter_grid.rowCount(), control.parameter
        title = words(parameter.title)
        describe(control.widget, title, words(parameter.tooltip))
        set_role(control.widget, "inline")
        if isinstance(control.widget, QCheckBox):
            control.widget.setText(title)
            self._parameter_grid.addWidget(control.widget, row, 0, 1, 2)
            return
        caption = QLabel(title, self._parameter_holder)
        set_role(caption, "dim")
        caption.setBuddy(control.widget)
        self._parameter_grid.addWidget(caption, row, 0)
        beside = control.browse or control.figure
        self._parameter_grid.addWidget(control.widget, row, 1, 1, 2 if beside is None else 1)
        if beside is not None:
            self._parameter_grid.addWidget(beside, row, 2)

    def _choice(self) -> GeneratorChoice | None:
        return next((choice for choice in self._choices if choice.name == self.generator()), None)

    def _show_models(self) -> None:
        """Show the chosen generator's models, note and range of durations."""
        choice = self._choice()
        models = choice.models if choice else ()
        self.model_combo.clear()
        for model in models:
            self.model_combo.addItem(model, model)
        self.model_combo.setVisible(bool(models))
        self._captions["model_combo"].setVisible(bool(models))
        self._show_parameters()
        if choice:
            self.set_model(self._last_models.get(choice.name, choice.default_model))
            low = max(DURATION.low, choice.min_duration_s)
            self.duration.set_range(low, max(low, min(DURATION.high, choice.max_duration_s)))
        self.header.set_info(choice.note if choice else "")

    # --- slots --------------------------------------------------------------------------------------------------------

    def _on_algorithm_clicked(self) -> None:
        if self.algorithm() is not self._shown_algorithm:
            self._shown_algorithm = self.algorithm()
            self.algorithm_changed.emit(self._shown_algorithm)

    def _on_generator_activated(self) -> None:
        if self.generator() == self._shown_generator:
            return
        self._shown_generator = self.generator()
        old_model, old_duration_s = self._shown_model, self.duration_s()
        self._show_models()
        self._shown_model = self.model()
        self.generator_changed.emit(self._shown_generator)
        # What the new generator could not keep is told too.
        if self._shown_model != old_model:
            self.model_changed.emit(self._shown_model)
        if self.duration_s() != old_duration_s:
            self.duration_changed.emit(self.duration_s())

    def _on_model_activated(self) -> None:
        if self.model() != self._shown_model:
            self.set_model(self.model())
            self.model_changed.emit(self._shown_model)

    def _on_more_toggled(self, shows: bool) -> None:
        self._parameter_holder.setVisible(shows and bool(self.parameters.controls))
        self.variations.setVisible(shows)
        self.tell_needs()

    def _on_parameter_changed(self, name: str, value: ParameterValue) -> None:
        self._parameter_values.setdefault(self.generator(), {})[name] = value
        self.parameter_changed.emit(name, value)
