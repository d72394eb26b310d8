# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that has the window's station of fragments: it never waits for the music, nor the music for it.

It reads ``engine.fragments.messages`` and tells what becomes of them. The generator has a process below this one. When
the channel closes, what is being made is given up, and the process exits: the folder is another's from then on.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import threading
import time
from collections import deque
from dataclasses import replace
from pathlib import Path

from engine.errors import CannotRead, StudioError, cannot_write
from engine.fragments.folder import SlotFolder
from engine.fragments.links import linked
from engine.fragments.making import FragmentMaker
from engine.fragments.messages import (
    Clear,
    CloseStation,
    Command,
    CopySlot,
    Freeze,
    Generate,
    OpenStation,
    Question,
    ReadSlot,
    SetMode,
    SetPrompts,
    SetSlotPrompt,
    SetUsualPrompt,
    SlotCopied,
    SlotSound,
    StationOpened,
    StationPlan,
    StationRefused,
    Stop,
    Taking,
)
from engine.fragments.planned import LINKS, making_of, places_of
from engine.fragments.station import Station
from engine.fragments.trimming import faded
from engine.library.atomic import write_bytes
from engine.library.audiofile import read_clip
from engine.library.importing import admitted
from engine.library.names import fitting, plain
from engine.owner import Owner, OwnerGone
from engine.pipe import Pipe, child_connection
from engine.serving.maker import HostMaker
from engine.values import Clip
from engine.values.fragments import FragmentsState

_log = logging.getLogger(__name__)

STATE_INTERVAL_S = 0.1
"""Seconds between two states that are told, at least: of those in between the last counts."""
PROMPT_CHARACTERS = 40
"""Number of letters of its prompt in the name of a copy, at most."""
Asked = tuple[tuple[str, int | None], ...]
"""Prompts and slots of what was asked for."""


class Teller(threading.Thread):
    """A teller tells the owner from a thread of its own, so that no thread of the station waits for the channel."""

    def __init__(self, owner: Owner) -> None:
        super().__init__(name="teller", daemon=True)
        self._owner = owner
        self._due = threading.Condition()
        self._waiting: deque[object] = deque()
        self._state: FragmentsState | None = None
        self._told_s = -STATE_INTERVAL_S
        self._is_closed = False

    def tell(self, message: object) -> None:
        """Tell this soon, after what was to be told before."""
        with self._due:
            self._waiting.append(message)
            self._due.notify()

    def show(self, state: FragmentsState) -> None:
        """Tell this state, unless another comes before it is due."""
        with self._due:
            self._state = state
            self._due.notify()

    def forget_state(self) -> None:
        """Tell no state that is not told yet: its station is gone."""
        with self._due:
            self._state = None

    def close(self) -> None:
        """Tell nothing more."""
        with self._due:
            self._is_closed = True
            self._due.notify()

    def run(self) -> None:
        """Tell all, until the owner is gone."""
        with contextlib.suppress(OwnerGone):
            while (message := self._next()) is not None:
                self._owner.send(message)

    def _next(self) -> object | None:
        with self._due:
            while not self._is_closed:
                if self._waiting:
                    return self._waiting.popleft()
                left_s = self._told_s + STATE_INTERVAL_S - time.monotonic()
                if self._state is not None and left_s <= 0.0:
                    state, self._state = self._state, None
                    self._told_s = time.monotonic()
                    return state
                self._due.wait(None if self._state is None else left_s)
        return None


class OpenedStation:
    """An opened station works by a plan, of which most can change while it works.

    Raises StudioError; FragmentsBusy where another station has the folder.
    """

    def __init__(self, plan: StationPlan, teller: Teller) -> None:
        self._plan, self._teller = plan, teller
        making = making_of(plan)
        self._linked = contextlib.ExitStack()
        folder = SlotFolder(plan.folder, plan.n_slots)
        self._host = HostMaker(making.generator, making.settings)
        self._maker = FragmentMaker(making, self._host)
        self.station = Station(folder, self._maker, prompts=plan.prompts, usual_prompt=plan.usual_prompt)
        try:
            self.station.set_mode(plan.mode, plan.every_s)
        except StudioError:
            self.station.close()
            raise
        self.station.changed.connect(teller.show)
        self.station.told.connect(teller.tell)
        self.station.open()
        self._link()
        teller.show(self.station.state())

    def becomes(self, plan: StationPlan) -> bool:
        """Change the station to be of that plan, and return True; False where that takes another station.

        Raises StudioError, and the station is as it was.
        """
        mine = self._plan
        if (plan.folder, plan.n_slots, plan.generator) != (mine.folder, mine.n_slots, mine.generator):
            return False
        making = making_of(plan)
        self._plan = plan
        # Of what is asked for from now on: the generator's process stays warm.
        self._maker.making, self._host.settings = making, making.settings
        if places_of(plan) != places_of(mine):
            self._linked.close()
            self._link()
        self._teller.show(self.station.state())
        return True

    def going_on(self, plan: StationPlan) -> tuple[StationPlan, Asked]:
        """Return a plan by which another station of the same folder goes on as this one does now, and its orders."""
        if plan.folder != self._plan.folder:
            return plan, ()
        state = self.station.state()
        usual = self.station.usual_prompt or plan.usual_prompt
        going = replace(plan, prompts=state.prompts, mode=state.mode, every_s=state.every_s, usual_prompt=usual)
        return going, self.station.asked()

    def close(self) -> None:
        """End all that runs, and let the folder be another's."""
        self._linked.close()
        self.station.close()
        self._teller.forget_state()

    def _link(self) -> None:
        """Let others reach the station; a link that fails is told, and the others stand."""
        url = osc_in = ""
        for links_of in LINKS:
            try:
                one = linked(self.station, links_of(self._plan), self._refuse)
                where = self._linked.enter_context(one)
                url = where.url or url
                if where.osc_in is not None:
                    host, port = where.osc_in
                    osc_in = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            except StudioError as error:
                self._refuse(error)
        self._teller.tell(StationOpened(str(self.station.folder.folder), url, osc_in))

    def _refuse(self, error: StudioError) -> None:
        self._teller.tell(StationRefused(None, error))


class StationProcess:
    """A station process serves one channel until it closes."""

    def __init__(self, connection: Pipe) -> None:
        self._owner = Owner(connection)
        self._teller = Teller(self._owner)
        self._opened: OpenedStation | None = None

    def serve(self) -> None:
        """Do what is asked until the other end closes the channel, then give up what is being made."""
        self._teller.start()
        try:
            while True:
                self._take(self._owner.receive())
        except OwnerGone:
            _log.debug("the connection closed")
        finally:
            self._teller.close()
            self._close()

    def _take(self, message: object) -> None:
        if not isinstance(message, OpenStation | CloseStation | Command | Question):
            _log.error("not a message: %r", message)
            return
        try:
            if isinstance(message, OpenStation):
                self._open(message.plan)
            elif isinstance(message, CloseStation):
                self._close()
            elif self._opened is not None:
                self._do(self._opened.station, message)
        except StudioError as error:
            self._refuse(message, error)
        except Exception as error:  # noqa: BLE001 - the process boundary: whatever went wrong is told, and the station lives on
            _log.exception("%s failed", type(message).__name__)
            self._refuse(message, StudioError(detail=f"{type(error).__name__}: {error}".rstrip(": .")))

    def _refuse(self, message: OpenStation | CloseStation | Command | Question, error: StudioError) -> None:
        # A plan that an open station cannot be changed to leaves it as it was.
        stays = isinstance(message, CloseStation) or (isinstance(message, OpenStation) and self._opened is not None)
        self._teller.tell(StationRefused(None if stays else message, error))  # type: ignore[arg-type]

    def _open(self, plan: StationPlan) -> None:
        asked: Asked = ()
        if self._opened is not None:
            if self._opened.becomes(plan):
                return
            # What cannot be made at all takes no station away.
            making_of(plan)
            plan, asked = self._opened.going_on(plan)
            self._close()
        self._opened = OpenedStation(plan, self._teller)
        for prompt, slot in asked:
            try:
                self._opened.station.generate(prompt, slot)
            except StudioError as error:
                self._teller.tell(StationRefused(None, error))

    def _close(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    def _do(self, station: Station, message: Command | Question) -> None:
        match message:
            case ReadSlot(slot):
                self._teller.tell(SlotSound(slot, sound_of(station.folder, slot)))
            case CopySlot(slot, folder):
                self._teller.tell(SlotCopied(slot, copied(station.folder, slot, Path(folder))))
                station.take(slot)
            case _:
                _do(station, message)


def _do(station: Station, command: Command) -> None:
    """Have a station do what is asked. Raises StudioError."""
    match command:
        case Generate(prompt, slot):
            station.generate(prompt, slot)
        case Stop():
            station.stop()
        case Freeze(slot, is_frozen):
            station.freeze(slot, is_frozen=is_frozen)
        case Clear(slot):
            station.clear(slot)
        case Taking(slot):
            station.take(slot)
        case SetSlotPrompt(slot, prompt):
            station.set_prompt(slot, prompt)
        case SetPrompts(prompts):
            station.set_prompts(prompts)
        case SetUsualPrompt(prompt):
            station.set_usual_prompt(prompt)
        case SetMode(mode, every_s):
            station.set_mode(mode, every_s)


def sound_of(folder: SlotFolder, number: int) -> Clip:
    """Return a slot's sound as it is heard beside the music: as all sounds that enter the studio, silent at both ends.

    Raises StudioError.
    """
    with folder.quietly(number) as path:
        if not path.exists():
            raise CannotRead(path=str(folder.path_of(number)), detail="the slot is empty")
        clip = admitted(read_clip(path, max_channels=2))
    return Clip(faded(clip.samples, clip.sample_rate), clip.sample_rate)


def copied(slots: SlotFolder, number: int, folder: Path) -> str:
    """Return a new file with what lies in a slot, its recipe within. Raises StudioError."""
    with slots.opened(number) as file:
        content = file.read()
    prompt = plain(slots.slot(number).prompt, PROMPT_CHARACTERS)
    # A folder for each content, a name for people: see ``engine.worker.drag_jobs``, which tidies up.
    place = folder / hashlib.sha256(content).hexdigest()[:12]
    path = place / fitting(" ".join(filter(None, ("fragment", f"{number:02}", prompt))), ".wav")
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(place, error) from error
    write_bytes(path, content)
    return str(path)


def main() -> None:
    """Run the process."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    StationProcess(child_connection()).serve()


if __name__ == "__main__":
    main()
