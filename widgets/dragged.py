# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads from what is dragged which files and folders it names."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDropEvent


def paths_in(event: QDropEvent) -> tuple[str, ...]:
    """Return the files and folders that another program drags here; nothing of what this one drags out."""
    return () if event.source() is not None else local_paths(event.mimeData())


def local_paths(data: QMimeData) -> tuple[str, ...]:
    """Return the paths that are named in what was dragged or copied, in their order, each once."""
    if not data.hasUrls():
        return ()
    return tuple(dict.fromkeys(url.toLocalFile() for url in data.urls() if url.isLocalFile()))
