# SPDX-License-Identifier: GPL-3.0-or-later
"""The library of takes: every generated clip with its recipe, kept as plain files and found through an index.

In the library's folder::

    takes/<take_id>.flac     the clip, 24 bits
    takes/<take_id>.json     the recipe, and under "rating" what a person thinks of it; there only once the FLAC is: a
                             take with a recipe is complete
    library.sqlite3          an index of the recipes, rebuilt from them whenever it has to be

The files are the truth. A process killed at any moment leaves at most a file of its own that the next opening removes,
and a take whose row is missing, which the next opening adds.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import re
import secrets
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from engine.errors import CannotRead, CannotWrite, FileMissing, UnknownChoice
from engine.library.atomic import is_temporary, write_bytes
from engine.library.audiofile import read_clip, write_clip
from engine.values import FAVOURITE, RATINGS, Clip, Recipe, Take

logger = logging.getLogger(__name__)

INDEX_NAME = "library.sqlite3"
TAKES_NAME = "takes"
RATING_KEY = "rating"
SCHEMA_VERSION = 1
BUSY_TIMEOUT_S = 30.0
"""How long one studio waits for another's transaction, which takes milliseconds."""

STALE_AFTER_S = 3600.0
"""How old an unfinished file must be to be nobody's: a running studio touches its own as it writes."""

_TAKE_ID = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{8}")
_NOT_AN_INDEX = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class TakeLibrary:
    """The takes in a folder; several studios may have the same one open.

    To be used from the thread that opened it, and closed, by ``close`` or as a context manager.

    Parameters
    ----------
    folder
        Made if it is not there.
    stale_after_s
        Age in seconds from which an unfinished file is removed.

    Raises
    ------
    CannotWrite
        The folder or the index cannot be written.
    CannotRead
        The index was written by a newer version of the program.
    """

    def __init__(self, folder: Path, *, stale_after_s: float = STALE_AFTER_S) -> None:
        self.folder = Path(folder)
        self._takes_folder = self.folder / TAKES_NAME
        self._index_path = self.folder / INDEX_NAME
        try:
            self._takes_folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotWrite(path=str(self.folder), detail=error.strerror or str(error)) from error
        for place in (self.folder, self._takes_folder):
            # SQLite would open an index that it cannot write, and only the first take would tell.
            if not os.access(place, os.W_OK, effective_ids=True):
                raise CannotWrite(path=str(place), detail="the folder is read-only")
        with self._telling(), self._alone():
            self._index = self._open_index()
            try:
                self._repair(stale_after_s)
            except BaseException:
                self._index.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the use of the index. Closing twice does no harm."""
        self._index.close()

    # --- takes --------------------------------------------------------------------------------------------------------

    def add(self, clip: Clip, recipe: Recipe) -> Take:
        """Keep a clip with its recipe.

        Samples are kept with 24 bits and held at full scale; whether the clip wraps is kept in ``recipe.wraps``.

        Raises
        ------
        CannotWrite, NonFiniteClip
            Nothing is kept then.
        """
        take_id = _new_take_id()
        text = json.dumps(recipe.as_dict(), indent=2, allow_nan=False)
        audio, description = self._audio_path(take_id), self._recipe_path(take_id)
        try:
            write_clip(audio, clip)
            write_bytes(description, text.encode("ascii"))
            with self._telling():
                self._index.execute("INSERT OR REPLACE INTO takes VALUES (?, ?)", (take_id, text))
        except BaseException:
            for path in (description, audio):  # the recipe first: without it there is no take
                path.unlink(missing_ok=True)
            raise
        return Take(take_id, recipe, str(audio))

    def takes(self, limit: int = 200) -> tuple[Take, ...]:
        """The newest ``limit`` takes, newest first. Raises CannotRead."""
        with self._telling():
            rows = self._index.execute("SELECT * FROM takes ORDER BY take_id DESC LIMIT ?", (limit,)).fetchall()
        return tuple(take for row in rows if (take := self._take(*row)) is not None)

    def favourites(self) -> tuple[Take, ...]:
        """Every take that is rated as one, newest first. Raises CannotRead."""
        with self._telling():
            # Only what may be one is parsed; a prompt may hold the word, too.
            rows = self._index.execute(
                "SELECT * FROM takes WHERE recipe LIKE ? ORDER BY take_id DESC", (f"%{FAVOURITE}%",)
            ).fetchall()
        found = (take for row in rows if (take := self._take(*row)) is not None)
        return tuple(take for take in found if take.rating == FAVOURITE)

    @property
    def n_takes(self) -> int:
        with self._telling():
            return int(self._index.execute("SELECT count(*) FROM takes").fetchone()[0])

    def load(self, take_id: str) -> tuple[Take, Clip]:
        """A take and its clip. Raises FileMissing for one that is not in the library, and what ``read_clip`` does."""
        with self._telling():
            row = self._index.execute("SELECT * FROM takes WHERE take_id = ?", (take_id,)).fetchone()
        take = None if row is None else self._take(*row)
        if take is None:
            raise FileMissing(path=str(self._audio_path(take_id)))
        return take, read_clip(take.audio_path, wraps=take.recipe.wraps)

    def rate(self, take_id: str, rating: str) -> Take:
        """Keep what a person thinks of a take, one of ``RATINGS``, beside its recipe.

        Raises
        ------
        UnknownChoice
            No such rating.
        FileMissing
            The take is not in the library.
        CannotWrite
            The take is then rated as it was.
        """
        if rating not in RATINGS:
            raise UnknownChoice(name="rating", value=rating, choices=", ".join(filter(None, RATINGS)))
        path = self._recipe_path(take_id)
        missing = FileMissing(path=str(self._audio_path(take_id)))
        # Alone: a take that another studio removes meanwhile would come back, and one that opens would settle the row
        # before the file is written.
        with self._telling(), self._alone():
            if not _TAKE_ID.fullmatch(take_id) or not self._both_there(take_id):
                raise missing
            text = path.read_text(encoding="utf-8", errors="replace")
            take = self._take(take_id, text)
            if take is None:
                raise missing
            data = json.loads(text)
            data.pop(RATING_KEY, None)
            if rating:
                data[RATING_KEY] = rating
            text = json.dumps(data, indent=2)
            # A row that ends in a space is read from its file by the next opening, should this process be killed.
            self._index.execute("UPDATE takes SET recipe = recipe || ' ' WHERE take_id = ?", (take_id,))
            write_bytes(path, text.encode("ascii"))
            self._index.execute("INSERT OR REPLACE INTO takes VALUES (?, ?)", (take_id, text))
        return replace(take, rating=rating)

    def remove(self, take_id: str) -> None:
        """Delete a take for good; one that is not there is no error. Raises CannotWrite."""
        if not _TAKE_ID.fullmatch(take_id):
            return
        with self._telling(), self._alone():
            # The recipe first: without it there is no take, and the next opening removes whatever a kill left.
            self._recipe_path(take_id).unlink(missing_ok=True)
            self._index.execute("DELETE FROM takes WHERE take_id = ?", (take_id,))
            self._audio_path(take_id).unlink(missing_ok=True)

    def _take(self, take_id: str, text: str) -> Take | None:
        """The take of a row or a recipe's file, or None, with a word in the log, for one that is damaged."""
        path = self._recipe_path(take_id)
        try:
            data = json.loads(text)
            rating = data.get(RATING_KEY, "")
            # A newer studio's rating is none that is known here.
            known = rating if rating in RATINGS else ""
            return Take(take_id, Recipe.from_dict(data), str(self._audio_path(take_id)), known)
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
            logger.warning("The recipe %s cannot be read (%r): its take is left out", path, error)
            return None

    def _audio_path(self, take_id: str) -> Path:
        return self._takes_folder / f"{take_id}.flac"

    def _recipe_path(self, take_id: str) -> Path:
        return self._takes_folder / f"{take_id}.json"

    # --- the index ----------------------------------------------------------------------------------------------------

    def _open_index(self) -> sqlite3.Connection:
        """The index, new if there was none; one that is damaged is set aside first."""
        try:
            return self._connected()
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in _NOT_AN_INDEX:
                raise
            self._set_aside(error)
        return self._connected()

    def _connected(self) -> sqlite3.Connection:
        # A rollback journal, not WAL: writes are few and small, and it also works in folders on a network.
        index = sqlite3.connect(self._index_path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        try:
            if self._checked_version(index) < SCHEMA_VERSION:
                index.execute("BEGIN IMMEDIATE")
                index.execute("DROP TABLE IF EXISTS takes")
                index.execute("CREATE TABLE takes (take_id TEXT PRIMARY KEY, recipe TEXT NOT NULL) WITHOUT ROWID")
                index.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
                index.execute("COMMIT")
        except BaseException:
            index.close()
            raise
        return index

    def _checked_version(self, index: sqlite3.Connection) -> int:
        """The index's schema version, 0 for a new one. Raises sqlite3.DatabaseError for a damaged one."""
        (verdict,) = index.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            damage = sqlite3.DatabaseError(verdict)
            damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise damage
        (version,) = index.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA_VERSION:
            raise CannotRead(path=str(self._index_path), detail="a newer version of the program wrote it")
        return int(version)

    def _set_aside(self, error: sqlite3.DatabaseError) -> None:
        aside = self._index_path.with_name(f"{INDEX_NAME}.damaged-{_new_take_id()}")
        logger.warning("The index of takes is damaged (%s): set aside as %s, rebuilt from the recipes", error, aside)
        self._index_path.replace(aside)
        # Its journal would be played back into the new index.
        self._index_path.with_name(f"{INDEX_NAME}-journal").unlink(missing_ok=True)

    def _repair(self, stale_after_s: float) -> None:
        """Remove what killed processes left, add the rows that are missing, drop those whose files are gone."""
        now_s = time.time()
        entries = {entry.name: Path(entry.path) for entry in os.scandir(self._takes_folder)}
        # What has another name is somebody else's and left alone.
        with_audio = {name[:-5] for name in entries if name.endswith(".flac") and _TAKE_ID.fullmatch(name[:-5])}
        complete = {take_id for take_id in with_audio if f"{take_id}.json" in entries}
        # A FLAC still without its recipe may be another studio's, a moment before it writes the recipe.
        unfinished = [f"{take_id}.flac" for take_id in with_audio - complete] + [n for n in entries if is_temporary(n)]
        for name in unfinished:
            _remove_if_stale(entries[name], now_s - stale_after_s)
        try:
            self._index.execute("BEGIN IMMEDIATE")
            listed = {take_id for (take_id,) in self._index.execute("SELECT take_id FROM takes")}
            # Asked again one by one: another studio adds its files, then its row, and may have since we looked.
            gone = [take_id for take_id in listed - complete if not self._both_there(take_id)]
            self._index.executemany("DELETE FROM takes WHERE take_id = ?", [(take_id,) for take_id in gone])
            unsettled = {i for (i,) in self._index.execute("SELECT take_id FROM takes WHERE recipe LIKE '% '")}
            missing = complete - (listed - unsettled)
            self._index.executemany("INSERT OR REPLACE INTO takes VALUES (?, ?)", self._read_recipes(missing))
            self._index.execute("COMMIT")
        except BaseException:
            if self._index.in_transaction:
                self._index.execute("ROLLBACK")
            raise

    def _both_there(self, take_id: str) -> bool:
        return self._recipe_path(take_id).exists() and self._audio_path(take_id).exists()

    def _read_recipes(self, take_ids: set[str]) -> Iterator[tuple[str, str]]:
        for take_id in sorted(take_ids):
            path = self._recipe_path(take_id)
            with contextlib.suppress(FileNotFoundError):  # removed by another studio since we looked
                text = path.read_text(encoding="utf-8", errors="replace")
                if self._take(take_id, text) is not None:
                    yield take_id, text

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold back other studios that open the same library: only one may set a damaged index aside."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        """Errors of the index and its folder in our words."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            code = error.sqlite_errorcode & 0xFF
            kind = CannotRead if code in _NOT_AN_INDEX else CannotWrite
            raise kind(path=str(self._index_path), detail=str(error)) from error
        except OSError as error:
            raise CannotWrite(path=str(self.folder), detail=error.strerror or str(error)) from error


def _new_take_id() -> str:
    """Sorts by the time it was made (UTC, microseconds); the rest tells two studios' takes apart."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(4)}"


def _remove_if_stale(path: Path, older_than_s: float) -> None:
    with contextlib.suppress(FileNotFoundError):  # finished, or removed by another studio, since we looked
        if path.stat().st_mtime <= older_than_s:
            path.unlink()
