# SPDX-License-Identifier: GPL-3.0-or-later
"""A strip is one layer of a jam: what it is made of, what plays, what comes, how it is heard, and its slots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.values import MAX_TEXT_CHARACTERS, ChannelParameter, ChannelSnapshot
from engine.values import jam_acts as acts
from engine.values.jam import (
    USUAL_PROMPTS,
    USUAL_WANDER,
    Groove,
    LayerMix,
    LayerName,
    LayerPrompt,
    LayerState,
)
from engine.values.jam_dice import diced_prompt
from widgets.bar.prompt_bar import PromptEdit
from widgets.controls import GAP_PX, ElidedLabel, describe, set_role
from widgets.generator_choice import GeneratorChoice
from widgets.jam.dropping import SoundDrops
from widgets.jam.fingers import FingerButton, FingerIcon
from widgets.jam.generator_menu import GeneratorButton
from widgets.jam.knob_words import knob_slider
from widgets.jam.mix_hand import MixHand
from widgets.jam.slots import SlotRow
from widgets.jam.strip_head import StripHead
from widgets.jam.wave import LoopWave
from widgets.jam.words import coming_words, layer_words, strip_words
from widgets.spoken import announce

PAD_PX = 9
N_FOLDABLE = 4
"""Number of parts of a strip that give way to the effects."""
N_UNTOLD = 3
"""Number of folded parts from which on what comes is told below the name, and without the wave what plays."""
LEAST_PX = 276
"""Least width of a strip, pixels: two stand beside each other in a small window."""


class LayerStrip(QFrame):
    """A strip has keys that do what its controls do: M makes, Esc calls off, Left and Right go through versions.

    Signals
    -------
    acted(JamAct)
    """

    acted = Signal(object)

    def __init__(self, name: LayerName, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self._number = number
        self._words = layer_words(name)
        self._state = LayerState(name, USUAL_PROMPTS[name], LayerMix())
        self._groove = Groove()
        self._bars: float | None = None
        self._n_folded = 0
        self._random = Random()
        set_role(self, "strip")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.hand = MixHand(name, self)
        self.hand.acted.connect(self.acted)
        self.hand.rested.connect(self._show_mix)
        self._make_controls()
        self._lay_out()
        self._connect()
        self._show_waiting()
        self._say()

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(LEAST_PX, 0))

    def _make_controls(self) -> None:
        layer = self._words
        self.head = head = StripHead(layer, self._number, self)
        self.title, self.told_label, self.endless_button = head.title, head.told_label, head.endless_button
        self.mute_button, self.solo_button = head.mute_button, head.solo_button
        self.prompt_edit = PromptEdit(self)
        self.prompt_edit.setMaxLength(MAX_TEXT_CHARACTERS)
        self.prompt_edit.setMinimumWidth(80)
        set_role(self.prompt_edit, "finger")
        tip = self.tr("What the next loop is to be; Enter makes it")
        describe(self.prompt_edit, self.tr("Prompt of {layer}").format(layer=layer), tip)
        self.dice_button = FingerIcon("dice", self)
        describe(self.dice_button, self.tr("Throw the dice for {layer}").format(layer=layer), self.tr("Another prompt"))
        self.generator_button = GeneratorButton(self.name, self)
        self.make_button = FingerButton(self.tr("Make"), self.tr("Cancel"), parent=self)
        self.wave = LoopWave(self)
        self.back_button = FingerIcon("previous", self)
        describe(
            self.back_button,
            self.tr("The loop of {layer} before").format(layer=layer),
            self.tr("Queue the loop that played before (Left)"),
        )
        self.forward_button = FingerIcon("next", self)
        describe(
            self.forward_button,
            self.tr("The loop of {layer} after").format(layer=layer),
            self.tr("Queue the loop that played after (Right)"),
        )
        self.next_label, self.comes_label = ElidedLabel("dim", self), ElidedLabel("dim", self)
        self.call_off_button = FingerIcon("clear", self)
        describe(
            self.call_off_button,
            self.tr("Call off what comes on {layer}").format(layer=layer),
            self.tr("Have what is queued not come (Esc)"),
        )
        self.level = knob_slider(ChannelParameter.GAIN, layer, self)
        self.lowpass = knob_slider(ChannelParameter.LOWPASS_HZ, layer, self)
        self.reverb = knob_slider(ChannelParameter.REVERB, layer, self)
        self.send = knob_slider(ChannelParameter.DELAY, layer, self)
        self.sliders = self.level, self.lowpass, self.reverb, self.send
        self.slots = SlotRow(layer, self)

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(PAD_PX, PAD_PX - 2, PAD_PX, PAD_PX)
        rows.setSpacing(GAP_PX)
        told = QVBoxLayout()
        told.setSpacing(0)
        told.addStretch(1)
        told.addWidget(self.next_label)
        told.addWidget(self.comes_label)
        told.addStretch(1)
        rows.addWidget(self.head)
        prompt, versions, sliders = QWidget(self), QWidget(self), QWidget(self)
        buttons = self.dice_button, self.generator_button, self.make_button
        asked = _row((self.prompt_edit, 1), *((one, 0) for one in buttons))
        row = _row((self.back_button, 0), (self.forward_button, 0))
        row.addLayout(told, 1)
        row.addWidget(self.call_off_button)
        column = QVBoxLayout()
        column.setSpacing(0)
        widest = max(one.label_width for one in self.sliders)
        widest_value = max(one.value_label.minimumWidth() for one in self.sliders)
        for one in self.sliders:
            one.label.setMinimumWidth(widest)
            one.value_label.setMinimumWidth(widest_value)
            column.addWidget(one)
        for part, layout in ((prompt, asked), (versions, row), (sliders, column)):
            layout.setContentsMargins(0, 0, 0, 0)
            part.setLayout(layout)
        for part in (prompt, self.wave, versions, sliders, self.slots):
            rows.addWidget(part, part is self.wave)
        self._foldable = sliders, prompt, versions, self.wave

    def height_folded(self, n_parts: int) -> int:
        """Return the least height of it, pixels, with so many parts folded, from 0 to ``N_FOLDABLE``."""
        hidden = [one for one in self._foldable if one.isHidden()]
        shown = self._foldable[n_parts:]
        parts = [(1, one) for one in shown if one in hidden] + [
            (-1, one) for one in self._foldable[:n_parts] if one not in hidden
        ]
        return self.minimumSizeHint().height() + sum(
            sign * (one.minimumSizeHint().height() + GAP_PX) for sign, one in parts
        )

    def fold(self, n_parts: int) -> None:
        """Show all of it but so many parts: the sliders, the prompt, the versions, at last the wave; slots stay."""
        for at, one in enumerate(self._foldable):
            one.setVisible(at >= n_parts)
        self._n_folded = n_parts
        self.told_label.setVisible(n_parts >= N_UNTOLD)
        self._show_waiting()

    def _connect(self) -> None:
        name = self.name
        self.endless_button.clicked.connect(
            lambda on: self.acted.emit(acts.SetEndless(name, USUAL_WANDER if on else None))
        )
        self.mute_button.clicked.connect(lambda on: self.acted.emit(acts.SetMute(name, on)))
        self.solo_button.clicked.connect(lambda on: self.acted.emit(acts.SetSolo(name, on)))
        self.prompt_edit.enter_pressed.connect(self.make)
        self.prompt_edit.editingFinished.connect(self._on_prompt_left)
        self.dice_button.clicked.connect(self._on_dice)
        self.generator_button.chosen.connect(self._on_generator)
        self.generator_button.styled.connect(lambda strength: self.acted.emit(acts.SetStyle(name, strength)))
        self.generator_button.valued.connect(lambda values: self.acted.emit(acts.SetValues(name, values)))
        self.generator_button.reseeded.connect(lambda: self.acted.emit(acts.Reseed(name)))
        self.make_button.clicked.connect(self._on_make)
        self.back_button.clicked.connect(lambda: self.acted.emit(acts.GoBack(name, -1)))
        self.forward_button.clicked.connect(lambda: self.acted.emit(acts.GoBack(name, 1)))
        self.call_off_button.clicked.connect(lambda: self.acted.emit(acts.CallOff(name)))
        self.hand.drive(self.sliders)
        self.slots.queued.connect(lambda number: self.acted.emit(acts.QueueSlot(name, number)))
        self.slots.assigned.connect(lambda number: self.acted.emit(acts.Assign(name, number)))
        # What is dropped comes in the jam's key, where one is set.
        self.slots.named.connect(lambda number, title: self.acted.emit(acts.NameSlot(name, number, title)))
        self.slots.brought.connect(lambda number, path: self.acted.emit(acts.Bring(name, path, number, True)))
        SoundDrops(self, lambda path: self.acted.emit(acts.Bring(name, path, None, True)))

    def set_generators(self, choices: Sequence[GeneratorChoice], usual: str) -> None:
        """Offer these generators; ``usual`` is the name of the one that is used where none is chosen."""
        self.generator_button.set_generators(choices, usual)

    # --- what is shown ------------------------------------------------------------------------------------------------

    @property
    def is_empty(self) -> bool:
        """Whether nothing plays on it, comes, is made, or lies in its slots."""
        state = self._state
        return state.playing is None and not coming_words(state, None, self._groove) and not any(state.slots)

    def set_state(self, state: LayerState, groove: Groove, *, is_heard: bool, is_armed: bool = False) -> None:
        """Show a layer's state.

        ``is_heard`` is whether it is neither muted nor left out for one that is solo, ``is_armed`` whether what is done
        to its knobs is recorded.
        """
        self._state, self._groove = state, groove
        if not self.prompt_edit.isModified() and self.prompt_edit.text() != state.prompt.prompt:
            self.prompt_edit.setText(state.prompt.prompt)
            self.prompt_edit.setCursorPosition(0)
        self.generator_button.set_state(state)
        self.wave.set_loop(state.playing)
        self.wave.set_making(state.making)
        self.wave.set_dimmed(not is_heard)
        is_making = state.making is not None
        self.make_button.setText(self.tr("Cancel") if is_making else self.tr("Make"))
        self.back_button.setEnabled(state.n_versions > 0)
        self.forward_button.setEnabled(state.n_later > 0)
        self.slots.set_titles(state.slots, state.playing_slots, state.waiting_slots)
        self.endless_button.setChecked(state.wander is not None)
        self.mute_button.setChecked(state.mix.is_muted)
        self.solo_button.setChecked(state.mix.is_solo)
        self.hand.take(state.mix, is_armed=is_armed)
        if not self.hand.is_moving:
            self._show_mix()
        self._show_waiting()
        self._say()

    def set_heard(self, bars: float | None, channel: ChannelSnapshot) -> None:
        """Show what is heard of the layer now, and how many bars are over."""
        self._bars = bars
        self.wave.set_place(channel.loop_id, channel.position_samples)
        if not self.hand.is_moving:
            for slider in self.sliders:
                slider.show_bars(bars)
        if self._state.waiting is not None:
            self._show_waiting()

    def _show_mix(self) -> None:
        for slider in self.sliders:
            slider.show_mix(self.hand.mix)

    def _show_waiting(self) -> None:
        waiting = self._state.waiting
        self.call_off_button.setEnabled(waiting is not None)
        self.next_label.setText("" if waiting is None else self.tr("Next: {title}").format(title=waiting.title))
        coming = coming_words(self._state, self._bars, self._groove)
        self.comes_label.setText(coming)
        playing = self._state.playing
        # A wave that is seen tells it.
        title = "" if self._n_folded < N_FOLDABLE else self.tr("empty") if playing is None else playing.title
        self.told_label.setText(coming or title)
        self.wave.set_nothing(f"{coming[0].upper()}{coming[1:]}" if coming else self.tr("Nothing plays here yet: Make"))

    def _say(self) -> None:
        words = strip_words(self._state)
        changed = words != self.accessibleName()
        self.setAccessibleName(words)
        tip = self.tr(
            "{key} mutes it, Shift+{key} is solo, M makes another loop, Left and Right go through what played, "
            "Esc calls off what comes"
        ).format(key=self._number)
        self.setAccessibleDescription(tip)
        self.setToolTip(tip)
        if changed:
            announce(self, words)
        make_tip = (
            self.tr("Make nothing more") if self._state.making is not None else self.tr("Make a loop by the prompt (M)")
        )
        name = self.tr("Cancel making {layer}") if self._state.making is not None else self.tr("Make {layer}")
        describe(self.make_button, name.format(layer=self._words), make_tip)

    # --- what is done -------------------------------------------------------------------------------------------------

    def make(self) -> None:
        """Have a loop made by what the prompt's line says."""
        self._take_prompt()
        self.acted.emit(acts.Make(self.name))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_M: self.make,
            Qt.Key.Key_E: self.endless_button.click,
            Qt.Key.Key_Escape: self._call_off,
        }
        if self.hasFocus():
            keys |= {Qt.Key.Key_Left: self.back_button.click, Qt.Key.Key_Right: self.forward_button.click}
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if is_plain and (deed := keys.get(Qt.Key(event.key()))) is not None:
            if not event.isAutoRepeat():
                deed()
        else:
            super().keyPressEvent(event)

    def _call_off(self) -> None:
        if self._state.waiting is not None:
            self.acted.emit(acts.CallOff(self.name))
        elif self._state.making is not None:
            self.acted.emit(acts.CancelMaking(self.name))

    def _on_make(self) -> None:
        if self._state.making is not None:
            self.acted.emit(acts.CancelMaking(self.name))
        else:
            self.make()

    def _on_dice(self) -> None:
        self.prompt_edit.change_to(diced_prompt(self.name, self._random))
        self.prompt_edit.setCursorPosition(0)
        self._take_prompt()

    def _on_prompt_left(self) -> None:
        if self.prompt_edit.isModified():
            self._take_prompt()

    def _take_prompt(self) -> None:
        prompt = self.prompt_edit.text().strip()
        self.prompt_edit.setModified(False)
        if not prompt:
            # Without words nothing can be made: those from before stay.
            self.prompt_edit.setText(self._state.prompt.prompt)
        elif prompt != self._state.prompt.prompt:
            self._ask_by(replace(self._state.prompt, prompt=prompt))

    def _on_generator(self, prompt: LayerPrompt) -> None:
        self._ask_by(prompt)
        self._on_prompt_left()

    def _ask_by(self, prompt: LayerPrompt) -> None:
        self._state = replace(self._state, prompt=prompt)
        self.generator_button.set_state(self._state)
        self.acted.emit(acts.SetPrompt(self.name, prompt))


def _row(*parts: tuple[QWidget, int]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GAP_PX)
    for widget, stretch in parts:
        row.addWidget(widget, stretch)
    return row
