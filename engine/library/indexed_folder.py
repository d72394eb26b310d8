# SPDX-License-Identifier: GPL-3.0-or-later
"""This module keeps the library's folder, its files and its index in step whatever state they are in.

``engine.library.takes`` says what lies where. The index is a convenience: one that is locked, damaged or another
program's is done without or made anew.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TypeVar

from engine.errors import CannotRead, CannotWrite, DiskFull, LibraryBusy, LibraryGone, StudioError, cannot_write
from engine.library import unwritten
from engine.library.atomic import is_temporary
from engine.library.index import Row, TakeIndex, WrongIndex, is_locked
from engine.library.locking import Presence, alone_in
from engine.library.recipefile import RecipeFile, parse, read_text
from engine.library.trash import Trash
from engine.values import Take

logger = logging.getLogger(__name__)

INDEX_NAME = "library.sqlite3"
TAKES_NAME = "takes"
DAMAGED_KEPT = 3
"""Number of damaged indices that are left beside the one in use."""
LOCK_WAIT_S = 4.0
"""Seconds for which one studio waits for another that has the folder to itself, which takes a tenth of a second."""
STALE_AFTER_S = 3600.0
"""Age in seconds from which an unfinished file is left over: a running studio touches its own as it writes."""
READING_S = 0.1
"""Seconds for which opening goes on reading recipes that the index lacks; ``settle`` reads the others."""

TAKE_ID = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{8}")
ID_TIME = "%Y%m%dT%H%M%S%fZ"
"""Beginning of a take's identifier: when it was made."""
_T = TypeVar("_T")


class IndexedFolder:
    """The library's folder with its index; ``TakeLibrary``, which knows what the parameters mean, does the rest."""

    def __init__(
        self,
        folder: Path,
        *,
        make: bool = True,
        stale_after_s: float = STALE_AFTER_S,
        reading_s: float = READING_S,
    ) -> None:
        self.folder = Path(folder)
        self._takes_folder = self.folder / TAKES_NAME
        self._index_path = self.folder / INDEX_NAME
        self._trash = Trash(self.folder, self._takes_folder, TAKE_ID.fullmatch)
        # Of takes whose files are to be read, as the index does not know them or not as they are now.
        self._unread: set[str] = set()
        self._unsettled: set[str] = set()
        self._left_out: set[str] = set()
        self._stuck: set[str] = set()
        self._find_folder(make)
        places = (self.folder, self._takes_folder)
        self.is_read_only = unwritten.is_on() or not all(
            os.access(place, os.W_OK | os.X_OK, effective_ids=True) for place in places
        )
        """Whether nothing can be kept here."""
        self.is_locked = False
        """Whether another program has locked the folder or the index, so that ratings cannot be changed."""
        with self._telling(), alone_in(self.folder, 0.0 if self.is_read_only else LOCK_WAIT_S) as alone:
            if not alone:
                self._note_lock("the folder")
            self._presence = None if self.is_read_only else Presence(self.folder)
            self._index = self._opened_index(alone)
            try:
                self._look(stale_after_s if alone and not self.is_read_only else None)
            except BaseException:
                self.close()
                raise
        self.settle(reading_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the use of the index. Closing twice does no harm."""
        self._index.close()
        if self._presence is not None:
            self._presence.close()

    # --- files --------------------------------------------------------------------------------------------------------

    def _find_folder(self, make: bool) -> None:
        try:
            if make and not unwritten.is_on():
                self._takes_folder.mkdir(parents=True, exist_ok=True)
            else:
                self._takes_folder.stat()
        except FileNotFoundError as error:
            if not make:
                raise LibraryGone(path=str(self.folder)) from error
            raise cannot_write(self.folder, error) from error
        except OSError as error:
            # A folder of another's that is there can be looked into, perhaps.
            if not self._takes_folder.is_dir():
                raise cannot_write(self.folder, error) from error

    def _unsettle(self, take_id: str) -> None:
        try:
            self._index.unsettle(take_id)
        except WrongIndex as error:
            self._replace_index(error)
            self._look(None)

    def _take_of(self, row: Row | None, take_id: str) -> Take | None:
        """Return the take of a row or, where that is not to be believed, of its file."""
        if row is not None and row.is_settled and take_id not in self._unread:
            with contextlib.suppress(ValueError, RecursionError):
                return self._as_take(take_id, parse(row.recipe))
        elif row is None and take_id not in self._unread:
            return None
        read = self._read_file(take_id)
        return None if read is None else self._as_take(take_id, read[1])

    def _as_take(self, take_id: str, said: RecipeFile) -> Take:
        return Take(take_id, said.recipe, str(self._audio_path(take_id)), said.rating, said.marks)

    def _read_file(self, take_id: str) -> tuple[Row, RecipeFile] | None:
        """Return what a take's recipe file says; None, with one line in the log, for one that is damaged."""
        path = self._recipe_path(take_id)
        try:
            text = read_text(path)
            said = parse(text)
            return self._row(take_id, text, said), said
        except FileNotFoundError:  # removed since we looked
            return None
        except (OSError, ValueError, RecursionError) as error:
            if take_id not in self._left_out:
                self._left_out.add(take_id)
                logger.warning("The recipe %s cannot be read (%s): its take is left out", path, error)
            return None

    def _row(self, take_id: str, text: str, said: RecipeFile) -> Row:
        n_bytes = self._n_bytes(take_id, text)
        return Row(take_id, text, said.rating, is_marked=bool(said.marks), n_bytes=n_bytes)

    def _n_bytes(self, take_id: str, text: str) -> int:
        return self._audio_path(take_id).stat().st_size + len(text)

    def _audio_path(self, take_id: str) -> Path:
        return self._takes_folder / f"{take_id}.flac"

    def _recipe_path(self, take_id: str) -> Path:
        return self._takes_folder / f"{take_id}.json"

    def _both_there(self, take_id: str) -> bool:
        return self._recipe_path(take_id).exists() and self._audio_path(take_id).exists()

    # --- the index ----------------------------------------------------------------------------------------------------

    def settle(self, budget_s: float | None = None) -> int:
        """Read recipes that the index does not know yet, newest first, and return how many are left.

        ``budget_s`` is how long to go on at most, seconds; None is to the end. Raises CannotRead.
        """
        if not self._unread:
            return 0
        deadline_s = None if budget_s is None else time.monotonic() + budget_s
        with self._telling(), alone_in(self.folder, 0.0) as alone:
            rows, seen = [], []
            for take_id in sorted(self._unread, reverse=True):
                read = self._read_file(take_id)
                if read is not None:
                    # Another studio may be about to write that file: only who is alone says that it is as it is.
                    rows.append(replace(read[0], is_settled=alone or take_id not in self._unsettled))
                seen.append(take_id)
                if deadline_s is not None and time.monotonic() >= deadline_s:
                    break
            self._ask(lambda index: index.put(rows))
            bad = set(seen) - {row.take_id for row in rows}
            if bad & self._unsettled:
                self._ask(lambda index: index.drop(bad))
            self._unread.difference_update(seen)
        return len(self._unread)

    @property
    def n_unread(self) -> int:
        """Return how many takes ``settle`` has left to read."""
        return len(self._unread)

    def check(self) -> None:
        """Look through the whole index for damage, and make it anew where there is some. Raises CannotRead."""
        with self._telling():
            self._ask(TakeIndex.check)

    @property
    def is_provisional(self) -> bool:
        """Return whether the index is a copy in memory, to be opened again: the file is locked or cannot be written."""
        return not self._index.is_durable

    def _opened_index(self, alone: bool) -> TakeIndex:
        """Return the index, new if there was none; one that is damaged or not ours is set aside first."""
        if self.is_read_only:
            return TakeIndex.stand_in(self._index_path)
        try:
            try:
                return TakeIndex.open(self._index_path)
            except WrongIndex as error:
                if not alone:
                    return TakeIndex.stand_in(self._index_path)
                self._set_aside(error)
            except sqlite3.Error as error:
                if is_locked(error) or os.access(self._index_path, os.R_OK | os.W_OK, effective_ids=True) or not alone:
                    raise
                self._set_aside(error)
            return TakeIndex.open(self._index_path)
        except (sqlite3.Error, WrongIndex, OSError) as error:
            return self._stand_in(error)

    def _stand_in(self, error: Exception) -> TakeIndex:
        if isinstance(error, sqlite3.Error) and is_locked(error):
            self._note_lock("the index")
        else:
            logger.warning("The index %s cannot be used (%s): done without", self._index_path, error)
        return TakeIndex.stand_in(self._index_path)

    def _note_lock(self, what: str) -> None:
        if not self.is_locked:
            logger.warning("Another program has locked %s of the library %s", what, self.folder)
        self.is_locked = True

    def _set_aside(self, error: Exception) -> None:
        aside = self._index_path.with_name(f"{INDEX_NAME}.damaged-{new_take_id()}")
        logger.warning("The index of takes is damaged (%s): set aside as %s, rebuilt from the recipes", error, aside)
        self._index_path.replace(aside)
        # Only the newest may still tell what went wrong; their names are in the order of time.
        for old in sorted(self.folder.glob(f"{INDEX_NAME}.damaged-*"))[:-DAMAGED_KEPT]:
            with contextlib.suppress(OSError):
                old.unlink()
        # Its journal would be played back into the new index.
        self._index_path.with_name(f"{INDEX_NAME}-journal").unlink(missing_ok=True)

    def _ask(self, deed: Callable[[TakeIndex], _T]) -> _T:
        """Return the index's answer; one that turns out to be damaged, locked or unusable is replaced first."""
        try:
            return deed(self._index)
        except WrongIndex as error:
            self._replace_index(error)
        except sqlite3.ProgrammingError:  # it was closed
            raise
        except sqlite3.Error as error:
            if not self._index.is_durable:
                raise
            self._index.close()
            self._index = self._stand_in(error)
        self._look(None)
        return deed(self._index)

    def _replace_index(self, error: WrongIndex) -> None:
        self._index.close()
        with alone_in(self.folder, LOCK_WAIT_S) as alone:
            if alone and not self.is_read_only:
                # Unless another studio has done it.
                with contextlib.suppress(WrongIndex, sqlite3.Error):
                    self._index = TakeIndex.open(self._index_path)
                    self._index.check()
                    return
                self._index.close()
                self._set_aside(error)
            self._index = self._opened_index(alone)

    def _list(self, row: Row) -> None:
        """Put a take that was just written in the index; while that is locked, the next opening will."""
        try:
            self._index.put([row])
        except WrongIndex as error:
            self._replace_index(error)
            self._look(None)
        except sqlite3.OperationalError as error:
            if not is_locked(error):
                raise
            self._note_lock("the index")
            self._unread.add(row.take_id)

    def _look(self, stale_after_s: float | None) -> None:
        """Compare the index with the folder: note takes that it lacks, drop those whose files are gone.

        Unfinished files that are older than ``stale_after_s`` are removed; None leaves them.
        """
        now_s = time.time()
        names = os.listdir(self._takes_folder)  # noqa: PTH208 - plain names: twice as fast for forty thousand
        with_audio = {name[:-5] for name in names if name[-5:] == ".flac"}
        with_recipe = {name[:-5] for name in names if name[-5:] == ".json"}
        # What has another name is somebody else's and left alone.
        complete = set(filter(TAKE_ID.fullmatch, with_audio & with_recipe))
        if stale_after_s is not None:
            # A FLAC still without its recipe may be another studio's, a moment before it writes the recipe.
            unfinished = [f"{take_id}.flac" for take_id in filter(TAKE_ID.fullmatch, with_audio - with_recipe)]
            temporary = [name for name in names if name[0] == "." and is_temporary(name)]
            for name in (*unfinished, *temporary):
                _remove_if_stale(self._takes_folder / name, now_s - stale_after_s)
            self._trash.tidy(stale_after_s)
        listed = set(self._ask_once(TakeIndex.ids))
        # Asked again one by one: another studio adds its files, then its row, and may have since we looked.
        gone = [take_id for take_id in listed - complete if not self._both_there(take_id)]
        if gone:
            self._ask_once(lambda index: index.drop(gone))
        self._unsettled = self._ask_once(TakeIndex.unsettled)
        self._unread = (complete - listed - self._left_out) | (self._unsettled - set(gone))

    def _ask_once(self, deed: Callable[[TakeIndex], _T]) -> _T:
        """Ask as ``_ask`` does, within a look at the folder, which a replaced index begins anew."""
        try:
            return deed(self._index)
        except WrongIndex as error:
            self._replace_index(error)
        except sqlite3.OperationalError as error:
            if not self._index.is_durable:
                raise
            self._index.close()
            self._index = self._stand_in(error)
        return deed(self._index)

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn errors of the index and its folder into our own."""
        try:
            yield
        except WrongIndex as error:
            raise CannotRead(path=str(self._index_path), detail=str(error)) from error
        except sqlite3.DatabaseError as error:
            if is_locked(error):
                raise LibraryBusy(path=str(self.folder)) from error
            is_full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
            raise (DiskFull if is_full else CannotWrite)(path=str(self._index_path), detail=str(error)) from error
        except OSError as error:
            raise self._told(error) from error

    def _told(self, error: OSError) -> StudioError:
        if self.is_read_only:
            return CannotRead(path=str(self.folder), detail=error.strerror or str(error))
        return cannot_write(self.folder, error)


def new_take_id() -> str:
    """Return an id that sorts by the time it was made (UTC, microseconds), and differs between two studios."""
    return f"{datetime.now(UTC):{ID_TIME}}-{secrets.token_hex(4)}"


def _remove_if_stale(path: Path, older_than_s: float) -> None:
    with contextlib.suppress(FileNotFoundError):  # finished, or removed by another studio, since we looked
        if path.stat().st_mtime <= older_than_s:
            path.unlink()
