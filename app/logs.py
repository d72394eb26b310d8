# SPDX-License-Identifier: GPL-3.0-or-later
"""This module keeps one log file for tracebacks, Qt's messages and the child processes' words."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import IO

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from engine.log_lines import keep_short

_log = logging.getLogger("infiniloop")

_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def open_log(path: Path) -> IO[str] | None:
    """Log to ``path`` from now on, kept short; return None, and log to stderr, when it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("a", encoding="utf-8", buffering=1)
    except OSError as error:
        _log.warning("the log %s cannot be written (%s): logging to stderr", path, error)
        return None
    keep_short(stream)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    return stream


def catch_everything() -> None:
    """Send uncaught exceptions and Qt's messages to the log, not to the terminal."""
    sys.excepthook = _on_exception
    threading.excepthook = lambda hooked: _on_exception(
        hooked.exc_type, hooked.exc_value or hooked.exc_type(), hooked.exc_traceback
    )
    qInstallMessageHandler(_on_qt_message)


def _on_exception(kind: type[BaseException], value: BaseException, traceback: TracebackType | None) -> None:
    _log.critical("uncaught", exc_info=(kind, value, traceback))


def _on_qt_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    _log.log(_QT_LEVELS.get(kind, logging.WARNING), "Qt: %s", text)
