# SPDX-License-Identifier: GPL-3.0-or-later
"""The jam has layers in step with one clock: loops are made for them, swapped at the bar, and follow its tempo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from psygnal import Signal

from engine.errors import EmptyPrompt, StudioError
from engine.generators.base import GeneratorSettings
from engine.playback.commands import Began
from engine.session.jam.bringing import Bringing
from engine.session.jam.checks import checked_bars, checked_fade_ms, checked_share, with_key, with_metre, with_tempo
from engine.session.jam.endless import EndlessLayers
from engine.session.jam.layer import JamLayer
from engine.session.jam.locks import lock_of
from engine.session.jam.loop_making import LoopMaker
from engine.session.jam.mixing import JamMix
from engine.session.jam.retiming import Retiming
from engine.session.jam.scenes import Scenes
from engine.session.jam.sending import LoopSender
from engine.session.jam.shaping import Shaper, unless_failed
from engine.session.jam.slots import JamSlots
from engine.session.jam.sources import Sources
from engine.session.ports import NextId, Ports
from engine.values import BarLock, PlaybackSnapshot
from engine.values.jam import (
    USUAL_BARS,
    USUAL_SWAP_MS,
    Groove,
    JamLoop,
    JamState,
    LayerName,
    LayerPrompt,
    SwapAt,
)
from engine.values.jam_recording import JamTake

if TYPE_CHECKING:
    from engine.session.jam.looper import Looper

COLD_START_S = 0.18
"""Seconds from a start to its first bar."""
FIRST_LAYERS = (LayerName.DRUMS, LayerName.INSTRUMENTS)
"""Layers that are made where a jam starts with nothing."""


class Jam:
    """A jam is told what a performer does; its loops swap on the bar, and the clock never stops until ``stop``.

    Attributes
    ----------
    mix
        How its layers are heard.
    shaper, sender
        Turns clips into its loops; has them begin.
    scenes
        Has loops of several layers come with one sample.
    slots
        Keeps loops at hand.
    endless
        Has layers go on for ever.
    sources
        What loops are made of besides their prompts.
    bringing
        Has files played.
    looper
        Records phrases; None where nothing can come in.

    Signals
    -------
    changed(JamState), failed(StudioError), began(JamLoop, tape_frame): it is heard from that frame of the tape on,
    heard(bars, channels): bars over on the clock, and the snapshots of the mixer's channels

    Parameters
    ----------
    settings
        Tells what is set of the generators.
    target_lufs
        Integrated loudness of the studio's music.
    open_output
        Has what plays go to a device.
    """

    changed = Signal(object)
    failed = Signal(object)
    began = Signal(object, int)
    heard = Signal(float, object)

    def __init__(
        self,
        ports: Ports,
        next_id: NextId,
        settings: Callable[[], GeneratorSettings],
        *,
        target_lufs: float,
        groove: Groove | None = None,
        bars: int = USUAL_BARS,
        open_output: Callable[[], None] = lambda: None,
    ) -> None:
        self._player, self._open_output = ports.player, open_output
        self.layers = {name: JamLayer(name) for name in LayerName}
        self.groove = groove or Groove()
        self.bars, self.swap_at, self.fade_ms = bars, SwapAt.LOOP_END, USUAL_SWAP_MS
        self.is_running = False
        # From a start to its first bar; who follows a leader waits for its bar.
        self.lead_in_s: Callable[[], float] = lambda: COLD_START_S
        self.takes: tuple[JamTake, ...] = ()
        self.looper: Looper | None = None
        self.mix = JamMix(ports.player, self.layers, lambda: self.groove.beats_per_bar, lambda: self.bars, self._tell)
        self.sources = Sources(self.layers, self.mix, lambda: self.groove, self._tell)
        self.sender = LoopSender(ports.player, self.layers)
        self.shaper = Shaper(ports.analysis, next_id, target_lufs)
        layout, failed = lambda: (self.groove, self.bars), self.failed.emit
        self.bringing = Bringing(ports, next_id, self.shaper, layout=layout, take=self.take, failed=failed)
        self._maker = LoopMaker(ports, next_id, self.shaper, settings, lambda: self._retiming.groove or self.groove)
        leave = self._maker.leave
        self.endless = EndlessLayers(self._make_part, self._queue_part, self.sources.mixed, leave, ports.clock)
        self._retiming = Retiming(self.shaper, self._make_again, self.sources.coming, self._retime)
        self.slots = JamSlots(self.layers, self.swap, self._tell)
        self.scenes = Scenes(self.layers, self.shaper, lambda: self.groove, self._put_in_together, failed)
        self.shaper.changed.connect(self._tell)
        self._maker.made.connect(self._on_made)
        self._maker.progressed.connect(self._on_progress)
        self._maker.failed.connect(self._on_failed)
        ports.player.received.connect(self._on_received)
        ports.player.snapshot_taken.connect(self._on_snapshot)

    # --- the clock ----------------------------------------------------------------------------------------------------

    def start(self, *, count_in: bool = False, lead_in_s: float | None = None, anchor: Fraction | None = None) -> None:
        """Start the clock with every layer that has a loop; with none at all, have drums and instruments made.

        With a count-in the first bar begins after another one, in which nothing plays. ``lead_in_s`` is the time to
        the first bar; with an ``anchor`` the loops begin with it where they would be, had a turn begun at that line.
        """
        if self.is_running:
            return
        self.is_running = True
        self._open_output()
        groove = self.groove
        self.sender.hold_clock(groove)
        playing = [layer.playing for layer in self.layers.values() if layer.playing is not None]
        for loop in playing:
            # With bar 0, or should it come late (a device that opens), with its next turn.
            every = Fraction(loop.bars if anchor is None else 1)
            lock = BarLock(loop.bars, every, anchor=anchor, fade_ms=self.fade_ms, not_before=Fraction(0))
            self.sender.send(loop, lock, groove)
        lead_in = (
            self.lead_in_s() if lead_in_s is None else lead_in_s
        ) * groove.bpm / 60.0 / groove.beats_per_bar + count_in
        self.sender.start_clock(groove, -Fraction(lead_in).limit_denominator(10**6))
        if not playing:
            for name in FIRST_LAYERS:
                self.make(name)
        self._tell()

    def stop(self) -> None:
        """Fade all layers out and stop; their loops stay, to begin again."""
        self.is_running = False
        for layer in self.layers.values():
            layer.stand(self.groove)
            self._player.stop(channel=layer.channel)
        self._tell()

    def close(self) -> None:
        """Make nothing more."""
        self._retiming.cancel()
        self.endless.clear()
        self._maker.close()

    # --- the groove ---------------------------------------------------------------------------------------------------

    def set_tempo(self, bpm: float) -> None:
        """Change the tempo: loops are stretched, or made again, and all change with one bar. Raises OutOfRange."""
        self._set_groove(with_tempo(self._retiming.groove or self.groove, bpm))

    def set_metre(self, metre: str) -> None:
        """Change the metre: every loop is made again, and all change with one bar. Raises UnknownChoice."""
        self._set_groove(with_metre(self._retiming.groove or self.groove, metre))

    def set_key(self, key: str) -> None:
        """Set the key of what is made from now on; "" leaves it to the generators. Raises UnknownChoice."""
        self.groove = with_key(self.groove, key)
        self._tell()

    def lay_out(self, groove: Groove, bars: int) -> None:
        """Begin anew, while the jam stands: with this groove, and no loops."""
        self.close()
        self.groove, self.bars = groove, bars
        for name in LayerName:
            self.layers[name].clear()
        self._tell()

    def set_bars(self, bars: int) -> None:
        """Set how many bars long what is made from now on is. Raises UnknownChoice."""
        self.bars = checked_bars(bars)
        self._tell()

    def set_swap(self, at: SwapAt, fade_ms: float | None = None) -> None:
        """Set where loops are swapped, and how long the crossfade is, milliseconds. Raises OutOfRange."""
        self.fade_ms = self.fade_ms if fade_ms is None else checked_fade_ms(fade_ms)
        self.swap_at = at
        self._tell()

    # --- loops --------------------------------------------------------------------------------------------------------

    def set_prompt(self, name: LayerName, prompt: LayerPrompt) -> None:
        """Set what a layer's next loops are made of. Raises EmptyPrompt."""
        if not prompt.prompt.strip():
            raise EmptyPrompt
        self.layers[name].prompt = prompt
        self.endless.anew(name)
        self._tell()

    def make(self, name: LayerName) -> None:
        """Have another loop made for a layer, which is queued when it is there. Raises UserError."""
        self._maker.make(
            name,
            self.layers[name].prompt,
            self.groove,
            self.bars,
            lambda request: self.sources.completed(name, self.endless.going_on(name, request)),
        )

    def make_together(self, names: Sequence[LayerName]) -> None:
        """Have another loop made for each of these layers, to come together; endless ones go on. Raises UserError."""
        repeating = [name for name in names if self.endless.wander_of(name) is None]
        self.scenes.await_loops(repeating)
        for name in repeating:
            self.make(name)

    def set_endless(self, name: LayerName, wander: float | None) -> None:
        """Have a layer go on for ever, each part as far from the one before as ``wander`` (in [0, 1]) says; None ends.

        Raises OutOfRange, and what ``make`` raises.
        """
        if wander is None:
            self.endless.end(name)
            self.cancel_making(name)
        else:
            self.endless.begin(self.layers[name], checked_share("wandering", wander))
        self._tell()

    def cancel_making(self, name: LayerName) -> None:
        """Make nothing more for a layer."""
        self._maker.cancel(name)
        self._retiming.call_off(name)
        self.scenes.leave_out(name)

    def take(self, name: LayerName, loop: JamLoop, slot: int | None = None) -> None:
        """Lay a loop that is ready into a slot, or queue it."""
        if slot is None:
            self.swap(name, loop)
        else:
            self.layers[name].assign(slot, loop)
            self._tell()

    def swap(self, name: LayerName, loop: JamLoop, at: SwapAt | None = None) -> None:
        """Queue a loop; one of another tempo is stretched first. While the jam stands, it is what starts."""
        layer = self.layers[name]
        if not loop.fits(self.groove):
            self.shaper.again(loop, self.groove, unless_failed(self.failed.emit, lambda one: self.swap(name, one, at)))
            return
        if self.is_running:
            self.sender.send(loop, self._lock_of(loop, at), self.groove)
        else:
            layer.lead(loop)
        self._tell()

    def call_off(self, name: LayerName) -> None:
        """Let what is queued on a layer not come."""
        layer = self.layers[name]
        if layer.waiting is not None:
            layer.waiting = None
            self._player.call_off(channel=layer.channel)
            self._tell()

    def go_back(self, name: LayerName, by: int = -1) -> None:
        """Queue the loop that played before on a layer, or (``by`` above 0) the one after it, if there is one."""
        loop = self.layers[name].version(by)
        if loop is not None:
            self.swap(name, loop)

    def silence(self, name: LayerName) -> None:
        """Fade a layer out, and leave it empty."""
        layer = self.layers[name]
        layer.leave()
        self._player.stop(channel=layer.channel)
        self._tell()

    def state(self) -> JamState:
        """Return all that is shown."""
        wander, is_shaping, is_ready = self.endless.wander_of, self.shaper.is_shaping, self.scenes.is_ready
        layers = tuple(
            layer.state(wander(name), is_shaping=is_shaping(name), is_ready=is_ready(name))
            for name, layer in self.layers.items()
        )
        at, coming, mix, is_armed = self.swap_at, self._retiming.groove, self.mix.whole, self.mix.automating.is_armed
        return JamState(self.is_running, self.groove, self.bars, at, self.fade_ms, layers, coming, mix, is_armed)

    # --- within -------------------------------------------------------------------------------------------------------

    def _lock_of(self, loop: JamLoop, at: SwapAt | None) -> BarLock:
        layer, beats, bars_over = self.layers[loop.layer], self.groove.beats_per_bar, self.sender.bars_over
        return lock_of(layer, loop, at or self.swap_at, bars_over=bars_over, beats=beats, fade_ms=self.fade_ms)

    def _set_groove(self, groove: Groove) -> None:
        playing = self.sources.coming()
        if not self.is_running or not playing:
            self._retiming.cancel()
            self.groove = groove
            if self.is_running:
                self._player.set_clock(groove.exact_bpm, groove.beats_per_bar)
            else:
                for loop in playing:
                    self.swap(loop.layer, loop)
        else:
            self._retiming.prepare(groove)
        self._tell()

    def _retime(self, groove: Groove, loops: list[JamLoop]) -> None:
        """Change to a groove for which every layer's loop is ready; a jam that stopped meanwhile starts with it."""
        self.groove = replace(groove, key=self.groove.key)
        if not self.is_running:
            self._put_in_together(loops, None)
            return
        locks = [BarLock(one.bars, anchor=self.layers[one.layer].anchor, fade_ms=self.fade_ms) for one in loops]
        self.sender.send_together(loops, locks, BarLock(1, fade_ms=self.fade_ms), self.groove)
        self._tell()

    def _put_in_together(self, loops: Sequence[JamLoop], at: SwapAt | None) -> None:
        """Queue loops that fit, to come with one line."""
        if not self.is_running:
            for loop in loops:
                self.layers[loop.layer].lead(loop)
            self._tell()
            return
        locks = [self._lock_of(one, at) for one in loops]
        # The longest loop's end is the one that is waited for.
        self.sender.send_together(loops, locks, max(locks, key=lambda lock: lock.every), self.groove)
        self._tell()

    def _make_part(self, name: LayerName) -> None:
        """Have the next part of an endless layer made, unless one is being made."""
        if self._maker.is_making(name):
            return
        try:
            self.make(name)
        except StudioError as error:
            self.endless.end(name)
            self.failed.emit(error)

    def _queue_part(self, loop: JamLoop) -> None:
        self.swap(loop.layer, loop, SwapAt.LOOP_END)

    def _make_again(self, loop: JamLoop, groove: Groove) -> None:
        """Have a loop that cannot be stretched made again for a groove."""
        try:
            self._maker.make_again(loop, groove)
        except StudioError as error:
            self._retiming.fail(loop.layer)
            self.failed.emit(error)

    def _on_made(self, loop: JamLoop) -> None:
        if not any(take(loop) for take in (self._retiming.take, self.endless.take, self.scenes.take)):
            self.swap(loop.layer, loop)

    def _on_progress(self, name: LayerName, fraction: float | None) -> None:
        self.layers[name].making = fraction
        self._tell()

    def _on_failed(self, name: LayerName, error: StudioError) -> None:
        self._retiming.fail(name)
        self.scenes.leave_out(name)
        self.endless.fail(name)
        self.failed.emit(error)
        self._tell()

    def _on_received(self, message: object) -> None:
        loop = self.sender.begun_by(message) if isinstance(message, Began) else None
        if isinstance(message, Began) and loop is not None:
            self.began.emit(loop, message.tape_frame)
            self.endless.on_began(loop)
            self._tell()

    def _on_snapshot(self, snapshot: PlaybackSnapshot) -> None:
        if self.sender.take_bars(snapshot.bars):
            self.mix.automating.go_on(snapshot.bars if self.is_running else None)
            if self.is_running:
                self.heard.emit(snapshot.bars, snapshot.channels)

    def _tell(self) -> None:
        self.changed.emit(self.state())
