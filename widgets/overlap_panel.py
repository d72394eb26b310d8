# SPDX-License-Identifier: GPL-3.0-or-later
"""The overlap panel says where one loop gives way to the next, for how long they blend, and by which gains."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from engine.values import TRANSITION_LENGTHS, Entry, FadeCurve, OverlapLimit, TransitionWish
from engine.values.options import BASS_SWAP, BEAT_MATCH, OVERLAP, TRANSITION_BARS, TRANSITION_CURVE, TRANSITION_ENTRY
from widgets.controls import Combo, Slider, describe, focus_by, set_role, text_width, with_mnemonic
from widgets.figures import Figure
from widgets.number_spin import NumberSpin
from widgets.panel import ControlPanel
from widgets.parameter_rows import words
from widgets.timeline.gain_curves import GainCurves

STEP_RATIO = 1.05
"""Ratio of the overlaps of neighbouring steps of the slider, about."""
N_STEPS = round(math.log(OVERLAP.high / OVERLAP.low) / math.log(STEP_RATIO))
STEPS_PER_PAGE = 14
"""Steps of PageUp and PageDown: they double or halve the overlap, about."""
CHANGING_EVERY_MS = 60
"""Least milliseconds between two ``overlap_changing`` while a hand moves the slider."""
SETTLED_AFTER_MS = 250
"""Milliseconds after the last key or wheel step after which the change counts as made."""


def step_to_ms(step: int) -> float:
    """Return the overlap at a step of the slider, milliseconds: equal steps are equal ratios."""
    ms = OVERLAP.low * (OVERLAP.high / OVERLAP.low) ** (step / N_STEPS)
    return round(ms, 1) if ms < 20 else float(round(ms))


def ms_to_step(overlap_ms: float) -> int:
    """Return the step of the slider nearest to an overlap in milliseconds."""
    return round(N_STEPS * math.log(overlap_ms / OVERLAP.low) / math.log(OVERLAP.high / OVERLAP.low))


class OverlapSpin(NumberSpin):
    """The overlap's field shows exact milliseconds. Its arrows step by ratio, as the slider does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(OVERLAP.low, OVERLAP.high)
        self.setDecimals(1)
        self.setSuffix(" ms")
        self.setKeyboardTracking(False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # The style sheet takes the buttons away: there is a slider below.
        set_role(self, "inline")
        self.lineEdit().setTextMargins(4, 0, 4, 0)
        self.setFixedWidth(text_width(self, "5000.0 ms") + 20)

    def textFromValue(self, value: float) -> str:
        return (
            self.locale()
            .toString(value, "f", 0 if value == round(value) else 1)
            .replace(self.locale().groupSeparator(), "")
        )

    def stepBy(self, steps: int) -> None:
        self.setValue(max(step_to_ms(min(max(ms_to_step(self.value()) + steps, 0), N_STEPS)), OVERLAP.low))


class OverlapPanel(ControlPanel):
    """The overlap panel has a slider, its exact value, the gains of the crossfade, and how a takeover is made.

    ``overlap_changing`` tells of a change on its way, at most every ``CHANGING_EVERY_MS``; ``overlap_changed`` tells
    once when it is made: the slider is let go, the keys rest, or a number is entered. ``wish_changed`` tells of the
    rest, as a TransitionWish.
    """

    overlap_changing = Signal(float)
    overlap_changed = Signal(float)
    wish_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(words(OVERLAP.title))
        self._overlap_ms = self._told_ms = OVERLAP.low
        self._changing_due = False
        self._own_ms: float | None = None
        self._used_ms = OVERLAP.low
        self._limit: OverlapLimit | None = None
        self._wish = TransitionWish()
        self._build_length()
        self._build_curves()
        self._build_transition()
        self.rows.addStretch()
        self._changing_timer = self._timer(CHANGING_EVERY_MS, self._on_changing_due)
        self._settled_timer = self._timer(SETTLED_AFTER_MS, self._settle)
        self.slider.moved.connect(self._on_slider_moved)
        self.slider.sliderPressed.connect(self._settled_timer.stop)
        self.slider.sliderReleased.connect(self._settle)
        self.spin.valueChanged.connect(self._on_spin_changed)
        self.spin.editingFinished.connect(self._settle)
        self.set_correlation(None)
        self._show_spin()
        self.set_wish(self._wish)

    # --- parts --------------------------------------------------------------------------------------------------------

    def _timer(self, interval_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(slot)
        return timer

    def _build_length(self) -> None:
        label = self.tr("&Length")
        tip = words(OVERLAP.tooltip)
        self.slider = Slider(N_STEPS, STEPS_PER_PAGE, self)
        self.slider.setObjectName("overlap_slider")
        self.slider.speak_of(OVERLAP.low, OVERLAP.high, 0.1, ms_to_step)
        describe(self.slider, words(OVERLAP.title), with_mnemonic(tip, label))
        self.caption = QLabel(label, self)
        set_role(self.caption, "dim")
        self.caption.setBuddy(self.slider)
        self.spin = OverlapSpin(self)
        describe(self.spin, self.tr("Overlap in milliseconds"), self.tr("The exact overlap: type a number and Enter"))
        row = self.add_row()
        row.addWidget(self.caption)
        row.addStretch(1)
        row.addWidget(self.spin)
        self.rows.addWidget(self.slider)

    def _build_curves(self) -> None:
        self.curves = GainCurves(self)
        self.curves.setAccessibleName(self.tr("Gains of the crossfade"))
        self.rows.addWidget(self.curves, 1)

    def _build_transition(self) -> None:
        """Build two rows that read as a sentence: at the loop's end over 480 ms, matched, with beats and bass."""
        self.entry_combo = self._combo(
            words(TRANSITION_ENTRY.title),
            words(TRANSITION_ENTRY.tooltip),
            "Alt+E",
        )
        for entry, text in (
            (Entry.LOOP_END, self.tr("At loop's end")),
            (Entry.NEXT_BAR, self.tr("At next bar")),
            (Entry.NOW, self.tr("At once")),
        ):
            self.entry_combo.addItem(text, entry)
        self.bars_combo = self._combo(
            words(TRANSITION_BARS.title),
            words(TRANSITION_BARS.tooltip),
            "Alt+O",
        )
        for bars in TRANSITION_LENGTHS:
            text = self.tr("1 bar") if bars == 1 else self.tr("{n} bars").format(n=bars)
            self.bars_combo.addItem(text if bars else "", bars)
        self.curve_combo = self._combo(
            words(TRANSITION_CURVE.title),
            words(TRANSITION_CURVE.tooltip),
            "Alt+U",
        )
        for curve, text in (
            (FadeCurve.MATCHED, self.tr("Matched")),
            (FadeCurve.EQUAL_POWER, self.tr("Equal power")),
            (FadeCurve.EQUAL_GAIN, self.tr("Equal gain")),
            (FadeCurve.SMOOTH, self.tr("Smooth")),
        ):
            self.curve_combo.addItem(text, curve)
        self.beats_button = self._toggle(
            self.tr("Tempo"),
            words(BEAT_MATCH.title),
            words(BEAT_MATCH.tooltip),
            "Alt+B",
        )
        self.bass_button = self._toggle(
            self.tr("Bass"),
            words(BASS_SWAP.title),
            words(BASS_SWAP.tooltip),
            "Alt+S",
        )
        first, second = self.add_row(), self.add_row()
        first.addWidget(self.entry_combo, 4)
        first.addWidget(self.bars_combo, 3)
        second.addWidget(self.curve_combo, 1)
        second.addWidget(self.beats_button)
        second.addWidget(self.bass_button)
        for combo in (self.entry_combo, self.bars_combo, self.curve_combo):
            combo.activated.connect(self._on_wish_touched)
        for button in (self.beats_button, self.bass_button):
            button.clicked.connect(self._on_wish_touched)

    def _combo(self, name: str, tip: str, key: str) -> Combo:
        combo = Combo(self)
        set_role(combo, "inline")
        focus_by(combo, key)
        describe(combo, name, f"{tip} ({key})")
        return combo

    def _toggle(self, text: str, name: str, tip: str, key: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setCheckable(True)
        set_role(button, "inline")
        describe(button, name, tip, shortcut=key)
        return button

    # --- values -------------------------------------------------------------------------------------------------------

    def overlap_ms(self) -> float:
        return self._overlap_ms

    def set_overlap(self, overlap_ms: float) -> None:
        """Show an overlap, clamped to its range, without a signal. A slider held in the hand stays in the hand."""
        if self.slider.isSliderDown():
            return
        self._stop_timers()
        self._overlap_ms = self._told_ms = min(max(overlap_ms, OVERLAP.low), OVERLAP.high)
        self.slider.set_step(ms_to_step(self._overlap_ms))
        self._show_spin()

    def wish(self) -> TransitionWish:
        """Return how a takeover is to be made."""
        return replace(self._wish, overlap_ms=self._overlap_ms)

    def set_wish(self, wish: TransitionWish) -> None:
        """Show how a takeover is to be made, without a signal; the overlap has a setter of its own."""
        self._wish = wish
        for combo, value in (
            (self.entry_combo, wish.entry),
            (self.bars_combo, wish.bars),
            (self.curve_combo, wish.curve),
        ):
            combo.setCurrentIndex(combo.findData(value))
        self.beats_button.setChecked(wish.beat_match)
        self.bass_button.setChecked(wish.bass_swap)
        self._show_curve()

    def set_correlation(self, correlation: float | None) -> None:
        """Show how alike the two sides of the seam are, in [-1, 1], and the gains that follow; None while unknown."""
        self._correlation = correlation
        self._show_curve()

    def set_own_overlap(self, overlap_ms: float | None) -> None:
        """Tell how long the crossfade at the seam that plays is where it is longer than asked; None where it is not."""
        self._own_ms = overlap_ms
        self._show_curve()

    def set_seam(self, correlation: float, overlap_ms: float, limit: OverlapLimit | None) -> None:
        """Show the seam as it is: how alike its sides are, and its overlap where that cannot be as asked."""
        self._used_ms, self._limit = overlap_ms, limit
        self.set_correlation(correlation)

    def set_progress(self, progress: float | None) -> None:
        """Show how much of a takeover was heard, in [0, 1]; None between takeovers."""
        self.curves.set_progress(progress)

    # --- showing ------------------------------------------------------------------------------------------------------

    def _show_curve(self) -> None:
        correlation = self._correlation
        self.curves.set_curve(self._wish.curve)
        self.curves.set_correlation(correlation or 0.0)
        told = self.tr("The gains along the overlap: grey goes out, green comes in")
        facts = []
        if self._own_ms is not None:
            seconds = Figure(self._own_ms / 1000.0)
            facts.append(self.tr("this seam {seconds:.1f} s").format(seconds=seconds))
            own = self.tr(
                "The loop that plays was chosen with a seam of {seconds:.1f} s, which it has, longer than asked."
            )
            told += "\n" + own.format(seconds=seconds)
        if correlation is None:
            likeness = self.tr("likeness not known yet")
        else:
            number = f"{Figure(correlation):z.2f}"
            facts.append(self.tr("likeness {likeness}").format(likeness=number))
            likeness = self.tr("likeness {likeness} → {law}").format(likeness=number, law=self._law(correlation))
        if correlation is not None and self._limit is not None and self._own_ms is None:
            used = self.tr("at the seam {n} ms").format(n=f"{Figure(self._used_ms):.0f}")
            facts.insert(0, used)
            likeness = f"{used}: {self._why(self._limit)}\n{likeness}"
        self.header.set_info(" · ".join(facts))
        self.curves.setToolTip(f"{told}\n{likeness}")
        self.curves.setAccessibleDescription(likeness)

    def _why(self, limit: OverlapLimit) -> str:
        """Return why the overlap is shorter than was asked for."""
        match limit:
            case OverlapLimit.LOOP:
                return self.tr("the loop is no longer")
            case OverlapLimit.MUSIC:
                return self.tr("there is no more music before or after the loop")
            case OverlapLimit.WHOLE:
                return self.tr("the loop is the whole clip, and only the step at its end is smoothed")

    def _law(self, correlation: float) -> str:
        """Return the gains in words: the curve that was chosen, or where between the two laws the music puts it."""
        if self._wish.curve is not FadeCurve.MATCHED:
            return self.curve_combo.currentText().lower()
        if correlation < 0.1:
            return self.tr("equal power")
        if correlation < 0.5:
            return self.tr("near equal power")
        if correlation < 0.9:
            return self.tr("near equal gain")
        return self.tr("equal gain")

    def _show_spin(self) -> None:
        with QSignalBlocker(self.spin):
            self.spin.setValue(self._overlap_ms)
        self.slider.tell(self._overlap_ms, self.spin.text())
        self.bars_combo.setItemText(0, self.spin.text())

    # --- slots --------------------------------------------------------------------------------------------------------

    def _on_wish_touched(self) -> None:
        wish = replace(
            self._wish,
            entry=Entry(self.entry_combo.currentData()),
            bars=int(self.bars_combo.currentData()),
            curve=FadeCurve(self.curve_combo.currentData()),
            beat_match=self.beats_button.isChecked(),
            bass_swap=self.bass_button.isChecked(),
        )
        if wish != self._wish:
            self._wish = wish
            self._show_curve()
            self.wish_changed.emit(self.wish())

    def _stop_timers(self) -> None:
        self._changing_due = False
        self._changing_timer.stop()
        self._settled_timer.stop()

    def _settle(self) -> None:
        """Tell of a change once, as it is made, if it is one."""
        self._stop_timers()
        if self._overlap_ms != self._told_ms:
            self._told_ms = self._overlap_ms
            self.overlap_changed.emit(self._overlap_ms)

    def _on_slider_moved(self, step: int) -> None:
        self._overlap_ms = step_to_ms(step)
        self._show_spin()
        if not self._changing_timer.isActive():
            self._changing_timer.start()
            self.overlap_changing.emit(self._overlap_ms)
        else:
            self._changing_due = True
        if not self.slider.isSliderDown():
            self._settled_timer.start()

    def _on_changing_due(self) -> None:
        if self._changing_due:
            self._changing_due = False
            self._changing_timer.start()
            self.overlap_changing.emit(self._overlap_ms)

    def _on_spin_changed(self, overlap_ms: float) -> None:
        self._overlap_ms = overlap_ms
        self.slider.set_step(ms_to_step(overlap_ms))
        self._show_spin()
        self._settled_timer.start()
