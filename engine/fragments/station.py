# SPDX-License-Identifier: GPL-3.0-or-later
"""The station fills the slots of a folder with fragments: when it is asked to, every so often, or when one is taken.

Its commands may come from any thread; they return at once, or raise what a person has to be told. What becomes of them
is told by its two signals, from the thread that did it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from psygnal import EmitLoopError, Signal, SignalInstance

from engine.errors import (
    AllSlotsFrozen,
    Cancelled,
    EmptyPrompt,
    GeneratorError,
    OutOfRange,
    SilentClip,
    SlotFrozen,
    StudioError,
)
from engine.fragments.folder import SlotFolder
from engine.fragments.making import FragmentMaker
from engine.fragments.orders import Order
from engine.fragments.prompts import Rotation
from engine.values import Progress
from engine.values.fragments import (
    FragmentFact,
    FragmentFailed,
    FragmentMaking,
    FragmentMode,
    FragmentReady,
    FragmentSilent,
    FragmentsState,
    written_last,
)

_log = logging.getLogger(__name__)

MOST_WAITING = 16
"""Number of fragments that may wait for the one that is made."""
LEAST_EVERY_S, MOST_EVERY_S = 1.0, 86_400.0
"""Seconds, at least and at most, between two that are made by themselves."""
FIRST_PAUSE_S, LAST_PAUSE_S = 2.0, 60.0
"""Seconds without a try after a first failure, and after many."""
PROGRESS_INTERVAL_S = 0.2
"""Seconds between two reports of how far a fragment is, at least."""


class Station:
    """A station works in a thread of its own from ``open`` to ``close``.

    Parameters
    ----------
    folder, maker
        Of the station from now on: closed with it.
    prompts
        The rotation, to begin with.
    usual_prompt
        Asked for where no slot has its own, and none takes turns, until another one was made.

    Signals
    -------
    changed(FragmentsState), told(FragmentFact)
    """

    changed = Signal(object)
    told = Signal(object)

    def __init__(
        self,
        folder: SlotFolder,
        maker: FragmentMaker,
        *,
        prompts: Sequence[str] = (),
        usual_prompt: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._maker, self._clock = folder, maker, clock
        self._rotation = Rotation(prompts)
        self._due = threading.Condition(threading.RLock())
        self._telling = threading.RLock()
        self._waiting: deque[Order] = deque()
        self._order: Order | None = None
        self._making: FragmentMaking | None = None
        self._mode, self._every_s = FragmentMode.BY_HAND, 0.0
        self._next_s, self._pause_s = 0.0, 0.0
        self._is_closed = False
        self._n_taken = 0
        """Number of sounds that were taken and are not made up for yet."""
        self._newest: int | None = None
        self._usual_prompt = usual_prompt.strip()
        self._told_progress_s = 0.0
        self._thread = threading.Thread(target=self._work, name="fragments", daemon=True)

    # --- commands -----------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Begin to work."""
        self._thread.start()

    def close(self) -> None:
        """Give up what is being made, end all that runs, and let the folder be another's."""
        with self._due:
            self._is_closed = True
            self._give_up()
            self._due.notify_all()
        self._maker.close()
        if self._thread.is_alive():
            self._thread.join()
        self._folder.close()

    def generate(self, prompt: str = "", slot: int | None = None) -> None:
        """Have a fragment made, after those that wait already.

        Parameters
        ----------
        prompt
            Perhaps with choices; "" takes the slot's own, or the next of the rotation.
        slot
            The slot that it is for; None takes the next of the circle when it is there.

        Raises
        ------
        EmptyPrompt
            There is no prompt at all.
        AllSlotsFrozen, SlotFrozen, CannotWrite, OutOfRange
            It would have no place, or too many wait.
        """
        with self._due:
            self._folder.place_for(slot)
            if len(self._waiting) >= MOST_WAITING:
                raise OutOfRange(name="number of fragments that wait", value=MOST_WAITING + 1, low=0, high=MOST_WAITING)
            order = Order(prompt.strip(), slot)
            if not self._has_prompt(order):
                raise EmptyPrompt
            self._waiting.append(order)
            self._due.notify_all()
        self._tell_changed()

    def stop(self) -> None:
        """Give up what is being made and what waits; the mode stays."""
        with self._due:
            self._give_up()
        self._tell_changed()

    def freeze(self, number: int, *, is_frozen: bool = True) -> None:
        """Leave a slot out of the circle, or no longer. Raises OutOfRange, CannotWrite."""
        with self._due:
            self._folder.freeze(number, is_frozen=is_frozen)
            self._try_again()
        self._tell_changed()

    def clear(self, number: int) -> None:
        """Empty a slot. Raises OutOfRange, SlotFrozen, CannotWrite."""
        with self._due:
            self._folder.clear(number)
            self._try_again()
        self._tell_changed()

    def set_prompt(self, number: int, prompt: str) -> None:
        """Keep a prompt for a slot; "" keeps none. Raises OutOfRange, CannotWrite."""
        with self._due:
            self._folder.set_prompt(number, " ".join(prompt.split()))
            self._try_again()
        self._tell_changed()

    def set_prompts(self, prompts: Sequence[str]) -> None:
        """Have other prompts take turns."""
        with self._due:
            self._rotation.set(prompts)
            self._try_again()
        self._tell_changed()

    def set_usual_prompt(self, prompt: str) -> None:
        """Have a prompt asked for where no other is; "" changes nothing."""
        with self._due:
            self._usual_prompt = prompt.strip() or self._usual_prompt
            self._try_again()

    def set_mode(self, mode: FragmentMode, every_s: float = 0.0) -> None:
        """Have fragments made by themselves, or no longer. Raises OutOfRange for ``every_s`` of the mode ``EVERY``."""
        if mode is FragmentMode.EVERY and not LEAST_EVERY_S <= every_s <= MOST_EVERY_S:
            raise OutOfRange(
                name="time between two fragments",
                value=f"{every_s:g} s",
                low=f"{LEAST_EVERY_S:g} s",
                high=f"{MOST_EVERY_S:g} s",
            )
        with self._due:
            if mode is FragmentMode.WHEN_TAKEN and self._mode is not mode:
                # What was taken before is not made up for: it counts from here on, and once more.
                self._n_taken = 0
                self._folder.forget_taken()
            self._mode, self._every_s = mode, every_s if mode is FragmentMode.EVERY else 0.0
            self._next_s = self._pause_s = 0.0
            self._due.notify_all()
        self._tell_changed()

    def take(self, number: int) -> None:
        """Note that the performer took a slot's sound: once for each that is written. Raises OutOfRange."""
        with self._due:
            if not self._folder.take(number):
                return
            self._n_taken += 1
            self._due.notify_all()
        self._tell_changed()

    # --- what there is ------------------------------------------------------------------------------------------------

    @property
    def folder(self) -> SlotFolder:
        """Return the folder, whose slots only the station writes."""
        return self._folder

    @property
    def usual_prompt(self) -> str:
        """Return what is asked for where no other prompt is: the last one that was made; "" where there is none."""
        return self._usual_prompt

    @property
    def is_idle(self) -> bool:
        """Return whether nothing is made, and nothing waits."""
        with self._due:
            return self._order is None and not self._waiting

    def asked(self) -> tuple[tuple[str, int | None], ...]:
        """Return prompt and slot, as for ``generate``, of each that was asked for by hand and is not there yet."""
        with self._due:
            orders = (self._order, *self._waiting)
            return tuple((one.prompt, one.slot) for one in orders if one and one.is_by_hand and one.is_wanted)

    def state(self) -> FragmentsState:
        """Return all that is shown."""
        with self._due:
            slots = self._folder.slots()
            # The files' times are another clock's; they tell what was written before this station.
            knows_newest = self._newest is not None and slots[self._newest - 1].is_filled
            return FragmentsState(
                folder=str(self._folder.folder),
                slots=slots,
                next_slot=self._folder.next_slot,
                mode=self._mode,
                every_s=self._every_s,
                prompts=self._rotation.prompts,
                making=self._making,
                n_waiting=len(self._waiting),
                newest=self._newest if knows_newest else written_last(slots),
                is_loops=self._maker.making.shape is not None,
            )

    # --- the thread ---------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._due:
                while not self._is_closed and (order := self._next_order()) is None:
                    self._due.wait(self._wait_s())
                if self._is_closed:
                    return
                assert order is not None
                self._order = order
            self._serve(order)

    def _next_order(self) -> Order | None:
        """Return what is to be made now, or None."""
        if self._waiting:
            return self._waiting.popleft()
        if self._mode is FragmentMode.BY_HAND or self._clock() < self._next_s:
            return None
        slot = None
        if self._mode is FragmentMode.WHEN_TAKEN:
            slot = self._folder.next_empty()
            if slot is None and not self._n_taken:
                return None
            self._n_taken -= slot is None
        return Order(slot=slot, is_by_hand=False)

    def _wait_s(self) -> float | None:
        if self._mode is FragmentMode.BY_HAND:
            return None
        left_s = self._next_s - self._clock()
        if self._mode is FragmentMode.WHEN_TAKEN and left_s <= 0.0:
            return None
        return max(0.0, left_s)

    def _serve(self, order: Order) -> None:
        begun_s, prompt = self._clock(), order.prompt
        fact: FragmentFact | None = None
        try:
            prompt = self._prompt_of(order)
            fact = self._made(order, prompt, begun_s)
        except SilentClip:
            fact = FragmentSilent(prompt, self._clock() - begun_s)
        except Cancelled:
            pass
        except StudioError as error:
            fact = FragmentFailed(prompt, error)
        except Exception as error:  # noqa: BLE001 - the thread's boundary: whatever went wrong is told, and the station lives on
            _log.exception("a fragment was not made")
            detail = f"{type(error).__name__}: {error}".rstrip(": .")
            fact = FragmentFailed(prompt, GeneratorError(generator="The station", detail=detail))
        with self._due:
            self._order = self._making = None
            self._settle(order, fact, begun_s)
        if fact is not None:
            self._tell(self.told, fact)
        self._tell_changed()

    def _settle(self, order: Order, fact: FragmentFact | None, begun_s: float) -> None:
        """Say when the next one is begun by itself."""
        if isinstance(fact, FragmentReady):
            self._pause_s = 0.0
        elif fact is not None and not order.is_by_hand:
            self._pause_s = min(max(FIRST_PAUSE_S, 2.0 * self._pause_s), LAST_PAUSE_S)
        if not order.is_by_hand:
            every_s = self._every_s if self._mode is FragmentMode.EVERY else 0.0
            self._next_s = max(begun_s + every_s, self._clock() + self._pause_s)
            if (
                self._mode is FragmentMode.WHEN_TAKEN
                and order.slot is None
                and not isinstance(fact, FragmentReady | None)
            ):
                # What was taken has not been replaced yet.
                self._n_taken += 1

    def _made(self, order: Order, prompt: str, begun_s: float) -> FragmentReady:
        # What has no place is not made, or the archive would grow by it again and again.
        self._folder.place_for(order.slot)
        request = self._maker.request_for(prompt, self._folder.archive.last + 1)
        self._show(FragmentMaking(prompt, order.slot))

        def tell(progress: Progress) -> None:
            if (now_s := self._clock()) - self._told_progress_s >= PROGRESS_INTERVAL_S:
                self._told_progress_s = now_s
                self._show(FragmentMaking(prompt, order.slot, progress.stage, progress.fraction, progress.left_s))

        made = self._maker.make(request, tell, lambda: order.is_wanted)
        # First the archive, which nothing can take away again.
        archived = self._folder.archive.keep(made.delivered, made.recipe)
        with self._due:
            self._usual_prompt = order.lasting or self._usual_prompt
            try:
                slot = self._folder.put(made.fragment, archived, order.slot)
                self._newest = slot.number
            except (AllSlotsFrozen, SlotFrozen):
                slot = None
        return FragmentReady(slot, prompt, archived, self._clock() - begun_s)

    def _prompt_of(self, order: Order) -> str:
        """Return what is to be heard. Raises EmptyPrompt."""
        with self._due:
            number = self._folder.next_slot if order.slot is None else order.slot
            own = "" if number is None else self._folder.slot(number).own_prompt
            order.lasting = order.prompt or ("" if own else self._rotation.next() or self._usual_prompt)
        prompt = order.lasting or own
        if not prompt:
            raise EmptyPrompt
        return self._rotation.chosen(prompt)

    def _has_prompt(self, order: Order) -> bool:
        number = self._folder.next_slot if order.slot is None else order.slot
        own = "" if number is None else self._folder.slot(number).own_prompt
        return bool(order.prompt or own or self._rotation.prompts or self._usual_prompt)

    def _show(self, making: FragmentMaking) -> None:
        with self._due:
            self._making = making
        self._tell_changed()

    def _give_up(self) -> None:
        self._waiting.clear()
        if self._order is not None:
            self._order.is_wanted = False

    def _try_again(self) -> None:
        """Begin at once where a failure is waited out: a change may have mended what failed."""
        if self._pause_s > 0.0:
            self._next_s = self._pause_s = 0.0
        self._due.notify_all()

    def _tell_changed(self) -> None:
        # One after the other, so that the last that is told is the last there was.
        with self._telling:
            self._tell(self.changed, self.state())

    def _tell(self, signal: SignalInstance, value: object) -> None:
        with self._telling:
            try:
                signal.emit(value)
            except EmitLoopError:
                # Whoever listens may fail; the station lives on.
                _log.exception("a listener failed")
