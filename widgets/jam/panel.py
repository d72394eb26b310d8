# SPDX-License-Identifier: GPL-3.0-or-later
"""The jam panel: two layers or more in step with one clock, each on a strip of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget

from engine.values import ChannelSnapshot, ParameterValue
from engine.values import jam_acts as acts
from engine.values.channels import SILENT_CHANNEL
from engine.values.jam import JamState, LayerName, new_jam
from engine.values.jam_options import PadChoice
from engine.values.jam_recording import JamRecordingState
from widgets.controls import GAP_PX, describe, set_role
from widgets.figures import Figure
from widgets.generator_choice import GeneratorChoice
from widgets.jam.effects_pane import EffectsPane
from widgets.jam.fingers import FINGER_PX, Flow
from widgets.jam.groove_bar import GrooveBar
from widgets.jam.holding import Holding, holds
from widgets.jam.knob_words import HoldKey, hold_keys
from widgets.jam.mix_hand import MixHand
from widgets.jam.strip import N_FOLDABLE, LayerStrip
from widgets.panel import PANEL_MARGIN_PX, ControlPanel

ALWAYS = (LayerName.DRUMS, LayerName.INSTRUMENTS)
"""Layers that are always shown."""
LEAST_PX = 64
"""Least height of what scrolls, pixels."""
NEEDED_PX = 312
"""Width in pixels in which all of it can be reached: that of a column beside the pictures."""
NEEDED_LINES = 6
"""Number of lines of text that the panel needs at least in a window in which all is shown."""
SCAN_CODE_1 = 10
"""Number of the key “1” on Linux: with Shift held, its letter is another in each language."""
MIX_ACTS = (acts.SetGain, acts.SetMute, acts.SetSolo, acts.SetEffects, acts.SetWah, acts.Hold, acts.SetGate, acts.Touch)


class JamPanel(ControlPanel):
    """The jam panel shows a jam's state, and tells what a performer does.

    Signals
    -------
    acted(JamAct)
    record_toggled(bool)
        The jam is to be recorded, or no longer.
    open_requested(), save_requested()
        Another jam is to be opened from a folder; this one is to be kept in one.
    recordings_requested()
        What was recorded is to be shown.
    midi_requested()
        The dialog of MIDI is to be shown.
    pad_chosen(PadChoice)
        The pad of the effects is to move this from now on.

    Attributes
    ----------
    log
        What was written last of what was done, or was not.
    """

    acted = Signal(object)
    record_toggled = Signal(bool)
    open_requested = Signal()
    save_requested = Signal()
    recordings_requested = Signal()
    midi_requested = Signal()
    pad_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Jam"))
        self._state = new_jam()
        self.log, self._is_warning = "", False
        self._wanted: set[LayerName] = set()
        self.more_button = QPushButton(self.tr("More"))
        set_role(self.more_button, "inline")
        tip = self.tr("Open and keep jams, what was recorded, and who plays with you")
        describe(self.more_button, self.tr("More of the jam"), tip)
        menu = QMenu(self.more_button)
        menu.setToolTipsVisible(True)
        self.more_button.setMenu(menu)
        self.header.add_control(self.more_button)
        self.open_action = self._entry(
            menu,
            self.tr("&Open…"),
            self.tr("Open a jam from its folder, in the place of this one"),
            self.open_requested,
        )
        self.save_action = self._entry(
            menu,
            self.tr("&Save as…"),
            self.tr("Keep the jam in a folder; this one is here again at the next start by itself"),
            self.save_requested,
        )
        menu.addSeparator()
        self.recordings_action = self._entry(
            menu,
            self.tr("&Recordings…"),
            self.tr("Hear, cut, name and share what was recorded, and say how jams are recorded"),
            self.recordings_requested,
        )
        self.midi_action = self._entry(
            menu,
            self.tr("&MIDI…"),
            self.tr("Play the jam by a controller or a keyboard: what each control does"),
            self.midi_requested,
        )
        self.groove_bar = GrooveBar(self)
        self.strips_flow = Flow(self, is_even=True)
        self.strips = {name: LayerStrip(name, at, self) for at, name in enumerate(LayerName, start=1)}
        self.holding = Holding(self)
        # Made when it is first asked for: a window is there sooner without it.
        self._pane: EffectsPane | None = None
        self._pad = PadChoice()
        self._hold_keys = {one.key: one for one in hold_keys()}
        self.rows.setSpacing(GAP_PX)
        self.rows.addWidget(self.groove_bar)
        self.rows.addWidget(self.strips_flow, 1)
        for strip in self.strips.values():
            self.strips_flow.add(strip)
            strip.acted.connect(self._on_acted)
        self.groove_bar.acted.connect(self._on_acted)
        self.holding.acted.connect(self._on_acted)
        self.groove_bar.effects_toggled.connect(self._on_effects_toggled)
        self.groove_bar.record_toggled.connect(self.record_toggled)
        self.groove_bar.layer_toggled.connect(self._on_layer_toggled)
        if self._scroller is not None:
            # What scrolls shows at least a whole row, and what is around it.
            self._scroller.setMinimumHeight(LEAST_PX)
        self.set_state(self._state)

    @staticmethod
    def _entry(menu: QMenu, words: str, tip: str, asked: SignalInstance) -> QAction:
        action = menu.addAction(words)
        action.setToolTip(tip)
        action.triggered.connect(lambda _checked: asked.emit())
        return action

    # --- what is shown ------------------------------------------------------------------------------------------------

    def set_choices(self, keys: Sequence[str], metres: Sequence[str]) -> None:
        """Offer these keys, beside none, and these metres."""
        self.groove_bar.set_choices(keys, metres)
        self.groove_bar.set_state(self._state)

    def set_generators(self, choices: Sequence[GeneratorChoice], usual: str) -> None:
        """Offer these generators; ``usual`` is the name of the one that is used where none is chosen."""
        for strip in self.strips.values():
            strip.set_generators(choices, usual)

    def set_generator_values(self, values: Mapping[str, Mapping[str, ParameterValue]]) -> None:
        """Take note of what is set of generators in the Generate panel, by their names."""
        for strip in self.strips.values():
            strip.generator_button.set_values(values)

    def set_pad(self, choice: PadChoice) -> None:
        """Have the pad of the effects move this."""
        self._pad = choice
        if self._pane is not None:
            self._pane.pad.set_choice(choice)

    def set_state(self, state: JamState) -> None:
        """Show a jam's state."""
        before, self._state = self._state, state
        self.groove_bar.set_state(state)
        has_solo = any(one.mix.is_solo for one in state.layers)
        for one in state.layers:
            is_heard = not one.mix.is_muted and (one.mix.is_solo or not has_solo)
            self.strips[one.name].set_state(one, state.groove, is_heard=is_heard, is_armed=state.is_armed)
        if before.is_running and not state.is_running:
            self.set_heard(None, ())
        self.header.set_info(self._coming_words(state))
        self._show_layers()
        if _loops(state) - _loops(before):
            self.forget_warning()

    def set_heard(self, bars: float | None, channels: Sequence[ChannelSnapshot]) -> None:
        """Show the place in the bars, and what is heard on each of the mixer's channels."""
        if not self._state.is_running:
            bars, channels = None, ()
        self.groove_bar.show_counter(bars)
        if self._pane is not None and self._pane.isVisible():
            self._pane.set_bars(bars)
        for name, strip in self.strips.items():
            channel = channels[name.channel] if name.channel < len(channels) else SILENT_CHANNEL
            strip.set_heard(bars, channel)

    def set_recording(self, state: JamRecordingState) -> None:
        """Show whether the jam is recorded, or about to be."""
        self.groove_bar.set_recording(is_recording=bool(state.path))

    def set_recorded_elsewhere(self, is_recorded: bool) -> None:
        """Show whether all that is heard is recorded by the studio, which the jam's recording would end."""
        self.groove_bar.set_recorded_elsewhere(is_recorded)

    def set_log(self, text: str, role: str = "dim") -> None:
        """Write the last line of what was done, or was not."""
        self.log = text
        self.groove_bar.set_note(text, role)
        self._is_warning = role == "warning"

    def forget_warning(self) -> None:
        """Put away what could not be done, as something else was."""
        if self._is_warning:
            self.set_log("")

    def _coming_words(self, state: JamState) -> str:
        if state.coming is None:
            return ""
        bpm = f"{Figure(state.coming.bpm):g}"
        return self.tr("{bpm} bpm, {metre}: comes when all loops are ready").format(bpm=bpm, metre=state.coming.metre)

    # --- what is done -------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        layer = self._layer_of(event)
        keys: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_Space: self.groove_bar.toggle,
            Qt.Key.Key_T: self.groove_bar.tap,
            Qt.Key.Key_R: self.groove_bar.record_button.click,
            Qt.Key.Key_A: self.groove_bar.automate_button.click,
            Qt.Key.Key_F: self._on_effects_key,
            Qt.Key.Key_S: self.groove_bar.scenes_button.showMenu,
            Qt.Key.Key_W: self._on_wah_key,
        }
        if layer is not None:
            if not event.isAutoRepeat():
                strip = self.strips[layer]
                (strip.mute_button if is_plain else strip.solo_button).click()
        elif is_plain and (held := self._hold_keys.get(Qt.Key(event.key()))) is not None:
            if not event.isAutoRepeat():
                self._hold(held)
        elif is_plain and (deed := keys.get(Qt.Key(event.key()))) is not None:
            if not event.isAutoRepeat():
                deed()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.isAutoRepeat() or not self.holding.release(key):
            super().keyReleaseEvent(event)
        elif self._pane is not None:
            self._pane.show_key(key, is_down=False)

    def hideEvent(self, event: QHideEvent) -> None:
        self.holding.release_all()
        for hand in self.findChildren(MixHand):
            hand.rest()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    @property
    def effects_pane(self) -> EffectsPane:
        """The pane with the effects of a layer, or of the mix."""
        if self._pane is None:
            self._pane = EffectsPane(self.holding, self)
            self._pane.hide()
            self.rows.addWidget(self._pane)
            self._pane.acted.connect(self._on_acted)
            self._pane.pad.set_choice(self._pad)
            self._pane.pad.chosen.connect(self.pad_chosen)
            self._pane.set_state(self._state, self._shown)
        return self._pane

    @property
    def _focused(self) -> LayerName | None:
        """The layer whose strip has the keyboard, or None."""
        now = QApplication.focusWidget()
        return next((name for name, one in self.strips.items() if holds(one, now)), None)

    def _hold(self, held: HoldKey) -> None:
        """Hold an effect by its key: on the layer that has the keyboard, else on what the effects are shown of."""
        target = self._focused or self.effects_pane.target
        self.holding.press_key(held.key, target, held.effect)
        if target is self.effects_pane.target:
            self.effects_pane.show_key(held.key, is_down=True)

    def _layer_of(self, event: QKeyEvent) -> LayerName | None:
        """Return the layer that a key of the row of digits, with or without Shift, stands for."""
        shift = Qt.KeyboardModifier.ShiftModifier
        if event.modifiers() & ~(shift | Qt.KeyboardModifier.KeypadModifier):
            return None
        number = event.key() - Qt.Key.Key_1
        if not 0 <= number < len(self.strips) and event.modifiers() & shift:
            number = event.nativeScanCode() - SCAN_CODE_1
        if not 0 <= number < len(self.strips):
            return None
        name = list(self.strips)[number]
        return name if not self.strips[name].isHidden() else None

    def first_stop(self) -> QWidget:
        """Return the button that starts the jam: Space presses it, and the keys of the panel work there."""
        return self.groove_bar.start_button

    def needed_size(self) -> QSize:
        """Return the least size, of a few lines: all of it scrolls, and is given more room where it matters."""
        whole = super().needed_size()
        height = min(whole.height(), NEEDED_LINES * self.fontMetrics().lineSpacing())
        return QSize(min(whole.width(), NEEDED_PX), height)

    def _on_acted(self, act: acts.JamAct) -> None:
        if not isinstance(act, MIX_ACTS):
            self.forget_warning()
        self.acted.emit(act)

    def _on_effects_key(self) -> None:
        """Show the effects of the layer that has the keyboard, or no effects any more."""
        layer, pane, button = self._focused, self.effects_pane, self.groove_bar.effects_button
        if layer is None or (button.isChecked() and pane.target is layer):
            button.toggle()
            return
        pane.turn_to(layer)
        button.setChecked(True)

    def _on_wah_key(self) -> None:
        self.effects_pane.wah.button.click()

    def _on_effects_toggled(self, is_wanted: bool) -> None:
        has_keyboard = holds(self.effects_pane, QApplication.focusWidget())
        self.effects_pane.setVisible(is_wanted)
        if has_keyboard and not is_wanted:
            self.groove_bar.effects_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._fold()

    def _fold(self) -> None:
        """Have strips show only what plays where the effects leave no room for all of them."""
        n_parts = 0
        if self._pane is not None and not self._pane.isHidden():
            width = self.width() - 2 * PANEL_MARGIN_PX
            fixed = (self.groove_bar, self._pane)
            room = self.height() - self.rows.contentsMargins().bottom() - 2
            room -= sum(one.heightForWidth(width) + GAP_PX for one in fixed)
            if not self.header.isHidden() and self.header.parent() is self:
                room -= self.header.height()
            n_rows = self.strips_flow.rows_of(width)
            seen = [one for one in self.strips.values() if not one.isHidden()]

            def overhang(n_parts: int) -> int:
                highest = max(one.height_folded(n_parts) for one in seen)
                return n_rows * (highest + GAP_PX) - GAP_PX - room

            while n_parts < N_FOLDABLE and overhang(n_parts) > 0:
                n_parts += 1
            # Where most would scroll all the same, the picture of what plays stays.
            if n_parts == N_FOLDABLE and overhang(n_parts) > FINGER_PX:
                n_parts -= 1
        for strip in self.strips.values():
            strip.fold(n_parts)

    def _on_layer_toggled(self, name: LayerName, is_shown: bool) -> None:
        (self._wanted.add if is_shown else self._wanted.discard)(name)
        self._show_layers()
        if is_shown:
            self.strips[name].setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _shown(self) -> set[LayerName]:
        return {*ALWAYS, *self._wanted}

    def _show_layers(self) -> None:
        empty = {name for name, strip in self.strips.items() if strip.is_empty}
        # One that came with its loops stays when they go: nothing jumps.
        self._wanted |= set(LayerName) - empty
        shown = self._shown
        for name, strip in self.strips.items():
            if strip.isHidden() is (name in shown):
                strip.setVisible(name in shown)
        self.groove_bar.set_layers(shown, empty)
        if self._pane is not None:
            self._pane.set_state(self._state, self._shown)
        self._fold()


def _loops(state: JamState) -> set[int]:
    """Return what plays or waits, by number."""
    found = (loop for layer in state.layers for loop in (layer.playing, layer.waiting))
    return {loop.loop_id for loop in found if loop is not None}
