# SPDX-License-Identifier: GPL-3.0-or-later
"""The library of takes keeps every generated clip with its recipe, as plain files, found through an index.

In the library's folder::

    takes/<take_id>.flac     the clip, 24 bits; it carries the recipe as it was made
    takes/<take_id>.json     the recipe, under "rating" what a person thinks of it, under "marks" what a person did with
                             it; there only once the FLAC is: a take with a recipe is complete
    trash/                   takes that a person deleted (``engine.library.trash``)
    library.sqlite3          an index of the recipes, rebuilt from them whenever it has to be

The files are the truth. A process killed at any moment leaves at most a file of its own that the next opening removes,
and a take whose row is missing, which the next opening adds.

Nothing here waits for another process for longer than a second or two: what is locked is done without, or refused.
"""

from __future__ import annotations

import contextlib
import logging
import math
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from engine.errors import (
    CannotWrite,
    FileMissing,
    LibraryBusy,
    LibraryReadOnly,
    UnknownChoice,
)
from engine.library.atomic import write_bytes
from engine.library.audiofile import read_clip, write_clip
from engine.library.carried import said_of, with_recipe
from engine.library.index import Row, TakeIndex
from engine.library.indexed_folder import (
    ID_TIME,
    LOCK_WAIT_S,
    TAKE_ID,
    IndexedFolder,
    new_take_id,
)
from engine.library.locking import alone_in
from engine.library.metadata import Metadata
from engine.library.recipefile import RecipeFile, parse, read_text, text_of, with_loop, with_marks, with_rating
from engine.values import FAVOURITE, RATINGS, Clip, LoopCandidate, Mark, Recipe, Take

logger = logging.getLogger(__name__)

REMOVED_AT_ONCE = 16
"""Number of takes that are removed together."""
ROOM_MADE = 0.05
"""Share of the limit that is made free once it is passed, so that not each new take removes an old one."""
NEWEST_KEPT = 10
"""Number of newest takes without a rating or a mark that are not removed for want of room."""


@dataclass(frozen=True, slots=True)
class Purge:
    """The result of ``TakeLibrary.purge``: the takes that went, and whether more have to."""

    removed: tuple[str, ...]
    is_done: bool


class TakeLibrary(IndexedFolder):
    """The takes in a folder; several studios may have the same one open.

    To be used from the thread that opened it, and closed, by ``close`` or as a context manager. A folder that cannot be
    written is opened too: its takes are listed and loaded, and whatever would change it raises ``LibraryReadOnly``.

    Parameters
    ----------
    folder
        Of the library.
    make
        Whether the folder is made if it is not there.
    stale_after_s
        Age in seconds from which an unfinished file is removed.
    reading_s
        How long to go on reading recipes that the index lacks, seconds: a new index of thousands of takes is filled by
        and by, through ``settle``. What is not read yet is listed and loaded all the same.

    Raises
    ------
    CannotWrite
        The folder is not there and cannot be made, or something else has its name.
    LibraryGone
        The folder is not there, and is not to be made.
    CannotRead
        It cannot be looked into, or the index was written by a newer version of the program.
    """

    # --- takes --------------------------------------------------------------------------------------------------------

    def add(self, clip: Clip, recipe: Recipe, metadata: Metadata | None = None) -> Take:
        """Keep a clip with its recipe and, of a sound that was a file, what that says of itself: tags and cover.

        Samples are kept with 24 bits and held at full scale; whether the clip wraps is kept in ``recipe.wraps``.

        Raises
        ------
        CannotWrite, NonFiniteClip
            Nothing is kept then.
        """
        self._refuse_read_only()
        take_id = new_take_id()
        text = text_of(recipe)
        audio, description = self._audio_path(take_id), self._recipe_path(take_id)
        try:
            write_clip(audio, clip, metadata=said_of(recipe) if metadata is None else with_recipe(metadata, recipe))
            write_bytes(description, text.encode("ascii"))
            with self._telling():
                self._list(Row(take_id, text, "", is_marked=False, n_bytes=self._n_bytes(take_id, text)))
        except BaseException:
            for path in (description, audio):  # the recipe first: without it there is no take
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
            raise
        return Take(take_id, recipe, str(audio))

    def ids(self) -> list[str]:
        """Return the ids of all takes, newest first. Raises CannotRead."""
        with self._telling():
            listed = self._ask(TakeIndex.ids)
        return listed if not self._unread else sorted(self._unread.union(listed), reverse=True)

    def read(self, take_ids: Sequence[str]) -> tuple[Take, ...]:
        """Return these takes, in this order, but for missing and unreadable ones. Raises CannotRead."""
        with self._telling():
            rows = self._ask(lambda index: index.rows(take_ids))
        found = (self._take_of(rows.get(take_id), take_id) for take_id in take_ids)
        return tuple(take for take in found if take is not None)

    def takes(self, limit: int = 200) -> tuple[Take, ...]:
        """Return the newest ``limit`` takes, newest first. Raises CannotRead."""
        found: list[Take] = []
        left = self.ids()
        while left and len(found) < limit:
            n = limit - len(found)
            found += self.read(left[:n])
            left = left[n:]
        return tuple(found)

    def favourites(self) -> tuple[Take, ...]:
        """Return every favourite, newest first, as far as takes were read. Raises CannotRead."""
        with self._telling():
            listed = self._ask(TakeIndex.favourites)
        return tuple(take for take in self.read(listed) if take.rating == FAVOURITE)

    @property
    def n_takes(self) -> int:
        """Return how many takes there are."""
        if self._unread:
            return len(self.ids())
        with self._telling():
            return self._ask(TakeIndex.count)

    def load(self, take_id: str) -> tuple[Take, Clip]:
        """Return a take and its clip. Raises FileMissing for one not in the library, and what ``read_clip`` does."""
        found = self.read([take_id]) if TAKE_ID.fullmatch(take_id) else ()
        if not found:
            raise FileMissing(path=str(self._audio_path(take_id)))
        return found[0], read_clip(found[0].audio_path, wraps=found[0].recipe.wraps)

    def rate(self, take_id: str, rating: str) -> Take:
        """Keep what a person thinks of a take, one of ``RATINGS``, beside its recipe.

        Raises
        ------
        UnknownChoice
            No such rating.
        FileMissing
            The take is not in the library.
        CannotWrite, LibraryBusy
            The take is then rated as it was.
        """
        if rating not in RATINGS:
            raise UnknownChoice(name="rating", value=rating, choices=", ".join(filter(None, RATINGS)))
        return self._change(take_id, lambda text, _: with_rating(text, rating))

    def mark(self, take_id: str, mark: Mark, *, is_on: bool = True) -> Take:
        """Keep what a person did with a take, beside its recipe, or that it was undone. Raises what ``rate`` does."""
        change = frozenset.union if is_on else frozenset.difference
        return self._change(take_id, lambda text, said: with_marks(text, change(said.marks, {mark})))

    def set_loop(self, take_id: str, loop: LoopCandidate) -> Take:
        """Keep which loop of a take a person chose, in its recipe: it plays that. Raises what ``rate`` does."""
        return self._change(take_id, lambda text, said: with_loop(text, said.recipe, loop))

    def remove(self, take_id: str) -> None:
        """Delete a take for good; one that is not there is no error. Raises CannotWrite, LibraryBusy."""
        if not TAKE_ID.fullmatch(take_id):
            return
        self._refuse_read_only()
        with self._telling(), self._alone():
            self._remove_files([take_id])

    # --- the trash ----------------------------------------------------------------------------------------------------

    def discard(self, take_ids: Sequence[str]) -> tuple[str, ...]:
        """Move takes to the trash, and return the ids of those moved; one that is not in the library is none.

        Raises CannotWrite, LibraryBusy where none could be.
        """
        self._refuse_read_only()
        with self._telling(), self._alone():
            there = [one for one in take_ids if TAKE_ID.fullmatch(one) and self._both_there(one)]
            moved = self._trash.take_in(there)
            self._ask(lambda index: index.drop(moved))
        self._unread.difference_update(moved)
        return tuple(moved)

    def restore(self, take_ids: Sequence[str]) -> tuple[str, ...]:
        """Bring takes back from the trash, and return the ids of those that are back; the others are gone for good.

        Raises CannotWrite, LibraryBusy where none could be.
        """
        self._refuse_read_only()
        with self._telling(), self._alone():
            back = self._trash.give_back(take_ids)
            for read in map(self._read_file, back):
                if read is not None:
                    self._list(read[0])
        return tuple(back)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold back other studios. Raises LibraryBusy."""
        with alone_in(self.folder, LOCK_WAIT_S) as alone:
            if not alone:
                raise LibraryBusy(path=str(self.folder))
            yield

    # --- room ---------------------------------------------------------------------------------------------------------

    def used_bytes(self) -> int:
        """Return the bytes that all takes hold together, as far as they were read, and those in the trash."""
        with self._telling():
            return self._ask(TakeIndex.used_bytes) + self._trash.n_bytes

    def purge(
        self,
        limit_bytes: float,
        *,
        oldest: datetime | None = None,
        spared: Collection[str] = (),
        is_disk_low: bool = False,
        budget_s: float | None = None,
    ) -> Purge:
        """Remove the oldest takes until what is left holds at most ``limit_bytes``, and those made before ``oldest``.

        First the trash is emptied, of what is too old there and as far as the room needs it. Of takes that hold more,
        some more go (``ROOM_MADE``). What a person likes, set by hand or saved stays, and so do ``spared``; nothing
        goes before every recipe was read (``settle``), nor while another studio is at the folder.

        Parameters
        ----------
        oldest
            A moment, UTC, or None to remove none for their age.
        is_disk_low
            Whether the trash is emptied in any case, but for what was deleted just now.
        budget_s
            How long to go on at most, seconds; None is to the end.

        Raises
        ------
        CannotWrite
        """
        self._refuse_read_only()
        deadline_s = None if budget_s is None else time.monotonic() + budget_s
        before_id = "" if oldest is None else f"{oldest:{ID_TIME}}"
        removed: list[str] = []
        with self._telling(), alone_in(self.folder, 0.0) as alone:
            if self._unread or not alone or (self._presence is not None and not self._presence.is_only_one()):
                return Purge((), is_done=False)
            excess_bytes = self._ask(TakeIndex.used_bytes) + self._trash.n_bytes - limit_bytes
            self._trash.make_room(math.inf if is_disk_low else excess_bytes)
            victims = self._victims(limit_bytes, before_id, self._stuck.union(spared))
            while victims:
                if deadline_s is not None and removed and time.monotonic() >= deadline_s:
                    return Purge(tuple(removed), is_done=False)
                removed += self._remove_files(victims[:REMOVED_AT_ONCE])
                victims = victims[REMOVED_AT_ONCE:]
        return Purge(tuple(removed), is_done=True)

    def _victims(self, limit_bytes: float, before_id: str, spared: Collection[str]) -> list[str]:
        used = self._ask(TakeIndex.used_bytes) + self._trash.n_bytes
        aim = limit_bytes if used <= limit_bytes else (1.0 - ROOM_MADE) * limit_bytes
        victims = []
        ageing = self._ask(lambda index: list(index.ageing()))
        for n_older, one in enumerate(ageing):
            # Where favourites alone hold more, each new take would else be the next to go.
            is_too_much = used > aim and n_older < len(ageing) - NEWEST_KEPT
            if not is_too_much and one.take_id >= before_id:
                break
            if one.take_id not in spared and not self._is_spared(one.take_id):
                victims.append(one.take_id)
                used -= one.n_bytes
        return victims

    def _is_spared(self, take_id: str) -> bool:
        """Return whether the take's file, which is the truth, says that it stays; the index is then put right."""
        try:
            said = parse(read_text(self._recipe_path(take_id)))
        except FileNotFoundError:
            return False
        except (OSError, ValueError, RecursionError):  # a later studio's, perhaps: nobody knows what it says
            return True
        if said.rating != FAVOURITE and not said.marks:
            return False
        self._unread.add(take_id)
        return True

    def _remove_files(self, take_ids: Sequence[str]) -> list[str]:
        """Delete these takes and return those that are gone; call it alone in the folder."""
        removed = []
        for take_id in take_ids:
            try:
                # The recipe first: without it there is no take, and the next opening removes whatever a kill left.
                self._recipe_path(take_id).unlink(missing_ok=True)
            except OSError as error:
                if len(take_ids) == 1:
                    raise
                logger.warning("The take %s cannot be removed (%s)", take_id, error)
                self._stuck.add(take_id)
            else:
                removed.append(take_id)
        self._ask(lambda index: index.drop(removed))
        for take_id in removed:
            self._unread.discard(take_id)
            self._audio_path(take_id).unlink(missing_ok=True)
        return removed

    def _refuse_read_only(self) -> None:
        if self.is_read_only:
            raise LibraryReadOnly(path=str(self.folder), detail="the folder is read-only")

    def _change(self, take_id: str, changed: Callable[[str, RecipeFile], str]) -> Take:
        """Write another text in place of a take's recipe file, and keep the index in step."""
        self._refuse_read_only()
        missing = FileMissing(path=str(self._audio_path(take_id)))
        # Alone: a take that another studio removes meanwhile would come back, and one that opens would settle the row
        # before the file is written.
        with self._telling(), alone_in(self.folder, LOCK_WAIT_S) as alone:
            if not alone or self.is_locked:
                raise LibraryBusy(path=str(self.folder))
            if self.is_provisional:
                # The file's row would go on saying what was, and nothing would tell the next opening to read it again.
                raise CannotWrite(path=str(self._index_path), detail="it cannot be opened for writing")
            if not TAKE_ID.fullmatch(take_id) or not self._both_there(take_id):
                raise missing
            before = self._read_file(take_id)
            if before is None:
                raise missing
            text = changed(before[0].recipe, before[1])
            self._unsettle(take_id)
            write_bytes(self._recipe_path(take_id), text.encode("ascii"))
            said = parse(text)
            self._list(self._row(take_id, text, said))
        return self._as_take(take_id, said)


def made_before(days: float) -> datetime | None:
    """Return the hour before which takes are older than so many days; None for 0 days, which is no bound.

    A whole hour: takes of one hour go together, not one whenever a new one comes.
    """
    if days <= 0.0:
        return None
    return (datetime.now(UTC) - timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
