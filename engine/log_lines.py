# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs may be lines of JSON, for programs that collect them: those of this process, and of all that it starts.

A log that is a file is kept short. Nothing but the standard library is imported here: a child process begins with it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

VARIABLE = "INFINILOOP_LOG"
"""Variable of the environment that tells child processes how to log: “json”, or nothing."""
MOST_BYTES = 1 << 20
"""Number of bytes from which on a log file is begun anew; what it said last is kept beside it, as much at most."""
LOOK_S = 10.0
"""Seconds between two looks at how long a log file is: any process may write to it."""
_JSON = "json"
_OURS = ("engine", "app")


class JsonLines(logging.Formatter):
    """This formatter makes a JSON object of each record: what it always has, and the fields of ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        always = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "pid": record.process,
            "message": record.getMessage(),
        }
        if record.exc_info:
            always["exception"] = self.formatException(record.exc_info)
        # What is always there comes first, and is what it says, whatever fields there are.
        return json.dumps({**always, **getattr(record, "fields", {}), **always}, ensure_ascii=False, default=str)


def is_json() -> bool:
    """Return whether this process logs lines of JSON."""
    return os.environ.get(VARIABLE) == _JSON


def log_json(stream: IO[str] | None = None) -> None:
    """Log lines of JSON from now on, as do processes that are started later; to stderr unless told otherwise."""
    os.environ[VARIABLE] = _JSON
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Libraries talk a lot, and may name addresses with all that is in them.
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)


def note(logger: logging.Logger, words: str, **fields: object) -> None:
    """Log what happened, with its fields, where lines of JSON are logged: other logs say what went wrong alone."""
    if is_json():
        logger.info(words, extra={"fields": fields})


def keep_short(log: IO[str]) -> None:
    """Begin a log file anew that has become long, for all who have it open to append to it."""
    with contextlib.suppress(OSError):
        if os.fstat(log.fileno()).st_size <= MOST_BYTES:
            return
        path = Path(log.name)
        # Where the disk is full, there is room afterwards.
        with contextlib.suppress(OSError), path.open("rb") as before:
            before.seek(-MOST_BYTES, os.SEEK_END)
            path.with_name(f"{path.name}.1").write_bytes(before.read(MOST_BYTES))
        os.ftruncate(log.fileno(), 0)
