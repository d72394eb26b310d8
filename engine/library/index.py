# SPDX-License-Identifier: GPL-3.0-or-later
"""The index of takes is an SQLite table of what the recipe files say, so that thousands are listed in a moment.

It can be made anew from the files at any time. One that is damaged, of another shape or another program's raises
``WrongIndex``, for its owner to set aside; one that cannot be written or is locked is stood in for by a copy in memory.
"""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import CannotRead
from engine.values import FAVOURITE

SCHEMA_VERSION = 2
APPLICATION_ID = 0x494C5450
"""Number that marks the file as ours: "ILTP"."""
BUSY_WAIT_S = 1.0
"""Seconds for which one studio waits for another's transaction, which takes milliseconds."""

# SQLITE_ERROR is what a table that is missing gives.
_NOTHING_OURS = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_ERROR)
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
# number: what a full-text table refers to. is_settled: 0 while the file is being changed, so that the next opening
# reads it again should this process be killed.
_TABLE = """CREATE TABLE takes (
    number INTEGER PRIMARY KEY,
    take_id TEXT NOT NULL UNIQUE,
    recipe TEXT NOT NULL,
    rating TEXT NOT NULL,
    is_marked INTEGER NOT NULL,
    n_bytes INTEGER NOT NULL,
    is_settled INTEGER NOT NULL
) STRICT"""
# Everything but the recipe: what looks at every take reads a twentieth of the file.
_SHORT = "CREATE INDEX takes_short ON takes (take_id, rating, is_marked, n_bytes, is_settled)"
_COLUMNS = ["number", "take_id", "recipe", "rating", "is_marked", "n_bytes", "is_settled"]
_COLUMNS_BEFORE = ["take_id", "recipe"]
_MOST_PARAMETERS = 500


class WrongIndex(Exception):
    """A file is no index of ours, or a damaged one: it is to be set aside and made anew."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row holds what the index knows of a take; ``recipe`` is the text of its recipe file."""

    take_id: str
    recipe: str
    rating: str
    is_marked: bool
    n_bytes: int
    is_settled: bool = True


@dataclass(frozen=True, slots=True)
class Ageing:
    """An ageing take is one that may be removed to make room."""

    take_id: str
    n_bytes: int


class TakeIndex:
    """The index of takes is to be closed after use.

    Attributes
    ----------
    is_durable
        Whether it is the file, or else a copy in memory that nobody else sees and that ends with this process.
    """

    def __init__(self, connection: sqlite3.Connection, *, is_durable: bool) -> None:
        self._connection = connection
        self.is_durable = is_durable

    @classmethod
    def open(cls, path: Path) -> TakeIndex:
        """Open the index in a file, made if there is none.

        Raises
        ------
        WrongIndex
            What is there is not, or no longer, an index of takes.
        CannotRead
            A newer version of the program wrote it.
        sqlite3.Error
            It cannot be read or written, or another program has locked it.
        """
        with contextlib.suppress(FileNotFoundError):
            if not stat.S_ISREG(path.stat().st_mode):
                raise WrongIndex("it is not a regular file")
        # A rollback journal, not WAL: writes are few and small, and it also works in folders on a network.
        connection = sqlite3.connect(path, timeout=BUSY_WAIT_S, isolation_level=None)
        try:
            with _telling_wrong_ones():
                _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
        return cls(connection, is_durable=True)

    @classmethod
    def stand_in(cls, path: Path) -> TakeIndex:
        """Return an index in memory, with what the file says where that can be read."""
        connection = sqlite3.connect(":memory:", isolation_level=None)
        with contextlib.suppress(sqlite3.Error, WrongIndex, CannotRead, OSError):
            if stat.S_ISREG(path.stat().st_mode):
                source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0.0)
                try:
                    if _is_ours(source, path):
                        _copy(source, connection)
                finally:
                    source.close()
        with contextlib.suppress(sqlite3.Error, WrongIndex):
            if _is_ours(connection, path):
                return cls(connection, is_durable=False)
        connection.close()
        connection = sqlite3.connect(":memory:", isolation_level=None)
        _create(connection)
        return cls(connection, is_durable=False)

    def close(self) -> None:
        """End the use of the index. Closing twice does no harm."""
        self._connection.close()

    def check(self) -> None:
        """Look through the whole file for damage. Raises WrongIndex."""
        with _telling_wrong_ones():
            (verdict,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise WrongIndex(str(verdict))

    # --- looking up: each method raises WrongIndex for a damaged file, sqlite3.Error for one that is locked or gone ---

    def ids(self) -> list[str]:
        """Return the ids of all takes, newest first."""
        return [take_id for (take_id,) in self._all("SELECT take_id FROM takes ORDER BY take_id DESC")]

    def unsettled(self) -> set[str]:
        """Return takes whose files were being changed when this studio or another was ended."""
        return {take_id for (take_id,) in self._all("SELECT take_id FROM takes WHERE is_settled = 0")}

    def rows(self, take_ids: Sequence[str]) -> dict[str, Row]:
        """Return the rows by id, of those of these takes that are known."""
        found = {}
        for some in _parts(take_ids):
            where = f"take_id IN ({','.join('?' * len(some))})"
            for values in self._all(f"SELECT {', '.join(_COLUMNS[1:])} FROM takes WHERE {where}", some):
                take_id, recipe, rating, is_marked, n_bytes, is_settled = values
                row = Row(take_id, recipe, rating, bool(is_marked), n_bytes, bool(is_settled))
                found[row.take_id] = row
        return found

    def favourites(self) -> list[str]:
        """Return the ids of takes that are rated as favourites, newest first."""
        query = "SELECT take_id FROM takes WHERE rating = ? ORDER BY take_id DESC"
        return [take_id for (take_id,) in self._all(query, (FAVOURITE,))]

    def used_bytes(self) -> int:
        """Return the bytes that all takes hold together."""
        return int(self._all("SELECT coalesce(sum(n_bytes), 0) FROM takes")[0][0])

    def count(self) -> int:
        """Return how many takes there are."""
        return int(self._all("SELECT count(*) FROM takes")[0][0])

    def ageing(self) -> Iterator[Ageing]:
        """Return takes without a rating or a mark, oldest first."""
        query = "SELECT take_id, n_bytes FROM takes WHERE rating <> ? AND is_marked = 0 ORDER BY take_id"
        yield from (Ageing(take_id, n_bytes) for take_id, n_bytes in self._all(query, (FAVOURITE,)))

    # --- changing: the same errors, and sqlite3.Error on a full disk --------------------------------------------------

    def put(self, rows: Iterable[Row]) -> None:
        """Add these rows, in place of older ones; all or none."""
        values = [(one.take_id, one.recipe, one.rating, one.is_marked, one.n_bytes, one.is_settled) for one in rows]
        names = ", ".join(_COLUMNS[1:])
        with self._transaction() as connection:
            connection.executemany(f"INSERT OR REPLACE INTO takes ({names}) VALUES (?, ?, ?, ?, ?, ?)", values)

    def unsettle(self, take_id: str) -> None:
        """Note that the take's file is about to be changed."""
        with _telling_wrong_ones():
            self._connection.execute("UPDATE takes SET is_settled = 0 WHERE take_id = ?", (take_id,))

    def drop(self, take_ids: Iterable[str]) -> None:
        """Forget these takes; all or none."""
        with self._transaction() as connection:
            connection.executemany("DELETE FROM takes WHERE take_id = ?", [(one,) for one in take_ids])

    def _all(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with _telling_wrong_ones():
            return self._connection.execute(query, values).fetchall()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with _telling_wrong_ones():
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def is_locked(error: sqlite3.Error) -> bool:
    """Return whether another program's lock is the reason."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _LOCKED


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables in an empty file or in place of an earlier version's."""
    if _is_ours(connection, path):
        return
    connection.execute("BEGIN IMMEDIATE")
    # Another studio may have made them while this one waited for its turn.
    if not _is_ours(connection, path):
        connection.execute("DROP TABLE IF EXISTS takes")
        _create(connection)
    connection.execute("COMMIT")


def _create(connection: sqlite3.Connection) -> None:
    connection.execute(_TABLE)
    connection.execute(_SHORT)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _is_ours(connection: sqlite3.Connection, path: Path) -> bool:
    """Return whether the tables are there; False for an empty or an earlier file. Raises WrongIndex, CannotRead."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    made_by = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    if not made_by and version == 0:
        return False
    if application == APPLICATION_ID and version > SCHEMA_VERSION:
        raise CannotRead(path=str(path), detail="a newer version of the program wrote it")
    if application == APPLICATION_ID and version == SCHEMA_VERSION:
        if made_by == {"takes": _TABLE, "takes_short": _SHORT}:
            return True
        raise WrongIndex("its tables are not as they should be")
    columns = [column for _, column, *_ in connection.execute("PRAGMA table_info(takes)")]
    if application == 0 and version == 1 and columns == _COLUMNS_BEFORE and set(made_by) == {"takes"}:
        return False
    raise WrongIndex("another program made it")


def _copy(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Copy everything in ``source``. Raises sqlite3.Error, at once where another program has locked it."""

    def refuse(status: int, _left: int, _all: int) -> None:
        if status in _LOCKED:
            raise sqlite3.OperationalError("it is locked")

    source.backup(target, progress=refuse, sleep=0.0)


@contextlib.contextmanager
def _telling_wrong_ones() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NOTHING_OURS:
            raise WrongIndex(str(error)) from error
        raise


def _parts(take_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(take_ids), _MOST_PARAMETERS):
        yield take_ids[start : start + _MOST_PARAMETERS]
