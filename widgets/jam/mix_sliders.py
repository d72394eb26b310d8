# SPDX-License-Identifier: GPL-3.0-or-later
"""The sliders of a mix, one for each of its parameters: what each shows of a mix, and what a hand makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from engine.values import ChannelParameter, Curve
from engine.values.channels import HIGHEST_HZ, LOWEST_HZ, MOST_FEEDBACK
from engine.values.jam import LayerMix
from engine.values.knob_travel import SILENT_DB, gain_of, hz_at, level_of, position_of_hz
from widgets import theme
from widgets.controls import LabelledSlider, set_role, text_width
from widgets.jam.words import (
    highpass_words,
    level_words,
    lowpass_words,
    share_words,
    tr,
)

N_HZ_STEPS = 200
MARK = "∿"
"""Sign of a knob that a curve moves."""


@dataclass(frozen=True, slots=True)
class Knob:
    """A knob is a parameter of a mix as a hand moves it, between ``low`` and ``high`` by steps of ``step``.

    Attributes
    ----------
    words
        Writes its value as people read it.
    is_pitch
        Whether its values are places from 0 to 1 that stand for frequencies, evenly by pitch.
    read, put
        Take its value from a mix; return a mix with another value.
    shown
        Returns its value where the parameter itself is moved there, as by a curve.
    """

    parameter: ChannelParameter
    words: Callable[[float], str]
    read: Callable[[LayerMix], float]
    put: Callable[[LayerMix, float], LayerMix]
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    page: float = 0.1
    is_pitch: bool = False
    shown: Callable[[float], float] = float

    def place_of(self, mix: LayerMix) -> float:
        """Return where between its ends it is, in [0, 1]."""
        return (self.read(mix) - self.low) / (self.high - self.low)

    def value_at(self, place: float) -> float:
        """Return its value at this place between its ends, in [0, 1]."""
        return self.low + min(max(place, 0.0), 1.0) * (self.high - self.low)


def _with_effects(mix: LayerMix, **values: Any) -> LayerMix:
    return replace(mix, effects=replace(mix.effects, **values))


def _share(parameter: ChannelParameter, high: float = 1.0) -> Knob:
    """Return the knob of one of the effects that is a share."""
    name = parameter.value

    def put(mix: LayerMix, value: float) -> LayerMix:
        return _with_effects(mix, **{name: value})

    return Knob(parameter, share_words, lambda mix: float(getattr(mix.effects, name)), put, high=high)


def _lowpass_at(position: float) -> str:
    return lowpass_words(hz_at(position))


def _highpass_at(position: float) -> str:
    return highpass_words(hz_at(position))


def _read_lowpass(mix: LayerMix) -> float:
    hz = mix.effects.lowpass_hz
    return 1.0 if hz is None else position_of_hz(hz)


def _read_highpass(mix: LayerMix) -> float:
    hz = mix.effects.highpass_hz
    return 0.0 if hz is None else position_of_hz(hz)


def _put_lowpass(mix: LayerMix, place: float) -> LayerMix:
    return _with_effects(mix, lowpass_hz=None if place >= 1.0 else hz_at(place))


def _put_highpass(mix: LayerMix, place: float) -> LayerMix:
    return _with_effects(mix, highpass_hz=None if place <= 0.0 else hz_at(place))


_PITCH: dict[str, Any] = {"step": 1.0 / N_HZ_STEPS, "is_pitch": True, "shown": position_of_hz}

_ALL = (
    Knob(
        ChannelParameter.GAIN,
        level_words,
        lambda mix: level_of(mix.gain),
        lambda mix, level_db: replace(mix, gain=gain_of(level_db)),
        low=SILENT_DB,
        high=0.0,
        step=0.5,
        page=6.0,
        shown=level_of,
    ),
    Knob(
        ChannelParameter.LOWPASS_HZ,
        _lowpass_at,
        _read_lowpass,
        _put_lowpass,
        step=1.0 / N_HZ_STEPS,
        is_pitch=True,
        shown=position_of_hz,
    ),
    _share(ChannelParameter.RESONANCE),
    Knob(
        ChannelParameter.HIGHPASS_HZ,
        _highpass_at,
        _read_highpass,
        _put_highpass,
        step=1.0 / N_HZ_STEPS,
        is_pitch=True,
        shown=position_of_hz,
    ),
    _share(ChannelParameter.REVERB),
    _share(ChannelParameter.ROOM),
    _share(ChannelParameter.DELAY),
    _share(ChannelParameter.DELAY_FEEDBACK, MOST_FEEDBACK),
)
KNOBS = {one.parameter: one for one in _ALL}
"""The knobs of a mix, in the order in which they stand."""


class KnobSlider(LabelledSlider):
    """A knob's slider shows a mix; a frequency's goes evenly by pitch, and screen readers are told of hertz.

    One that a curve moves is marked, and goes with it.

    Signals
    -------
    touched(is_held), cleared()
        A hand is on it, or leaves it; its automation is to go.
    """

    touched = Signal(bool)
    cleared = Signal()

    def __init__(self, knob: Knob, label: str, tip: str, parent: QWidget | None = None) -> None:
        self.knob = knob
        self._label, self._of = label, ""
        self._curve: Curve | None = None
        # Where it is set, and whether it goes with the curve instead.
        self._set_to, self._goes = knob.low, False
        super().__init__(
            label,
            tip,
            low=knob.low,
            high=knob.high,
            step=knob.step,
            page=knob.page,
            words=knob.words,
            one_line=True,
            parent=parent,
        )
        set_role(self.slider, "finger")
        if knob.is_pitch:
            self.value_label.setMinimumWidth(self.value_label.fontMetrics().horizontalAdvance("20.0 kHz"))
        self.slider.sliderPressed.connect(lambda: self.touched.emit(True))
        self.slider.sliderReleased.connect(lambda: self.touched.emit(False))
        self.slider.installEventFilter(self)

    @property
    def parameter(self) -> ChannelParameter:
        return self.knob.parameter

    @property
    def label_width(self) -> int:
        """The width of its label at most, pixels: with the mark of a curve."""
        return text_width(self.label, f"{self._label} {MARK}") + 4

    def name_by(self, of: str) -> None:
        """Name it for screen readers by whose it is."""
        self._of = of
        name = f"{self._label}, {of}"
        self.slider.setAccessibleName(name if self._curve is None else tr("{name}, automated").format(name=name))

    def show_mix(self, mix: LayerMix) -> None:
        """Show where it is in a mix, and whether a curve moves it there."""
        curve = mix.curves.get(self.parameter)
        if (curve is None) != (self._curve is None):
            set_role(self.label, "dim" if curve is None else "automated")
            self.label.setText(self._label if curve is None else f"{self._label} {MARK}")
        self._curve, self._set_to = curve, self.knob.read(mix)
        self.name_by(self._of)
        if curve is None or not self._goes:
            self.set_value(self._set_to)

    def show_bars(self, bars: float | None) -> None:
        """Go with the curve, with so many bars over; None while the jam stands."""
        before, self._goes = self._goes, bars is not None and self._curve is not None and not theme.is_still()
        if before and not self._goes:
            self.set_value(self._set_to)
        if bars is None or self._curve is None or not self._goes or self.slider.isSliderDown():
            return
        over = bars / float(self._curve.bars) % 1.0
        value = self.knob.shown(self._curve.at(over, by_ratio=self.knob.is_pitch))
        self.slider.set_step(round((value - self.knob.low) / self.knob.step))
        self.value_label.setText(self.knob.words(value))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_delete = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Delete
        if self._curve is not None and is_delete and event.type() is QEvent.Type.KeyPress:
            self.cleared.emit()
            return True
        if self._curve is not None and isinstance(event, QContextMenuEvent):
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(tr("Clear its automation")).triggered.connect(self.cleared)
            menu.popup(event.globalPos())
            return True
        return super().eventFilter(watched, event)

    def _speak(self) -> None:
        if self.knob.is_pitch:
            self.slider.speak_of(LOWEST_HZ, HIGHEST_HZ, 1.0, _step_at_hz)
        else:
            super()._speak()

    def _show(self) -> None:
        if self.knob.is_pitch:
            words = self.knob.words(self.value())
            self.value_label.setText(words)
            self.slider.tell(hz_at(self.value()), words)
        else:
            super()._show()


def _step_at_hz(hz: float) -> int:
    return round(N_HZ_STEPS * position_of_hz(hz))
