# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs may be lines of JSON, for programs that collect them: those of this process, and of all that it starts.

Nothing but the standard library is imported here: a child process begins with it.
"""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from typing import IO

VARIABLE = "INFINILOOP_LOG"
"""Variable of the environment that tells child processes how to log: “json”, or nothing."""
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
