# SPDX-License-Identifier: GPL-3.0-or-later
"""The library's worker: a process of its own for whatever waits on a disk, so that no loop search waits behind it."""

from __future__ import annotations

from engine.pipe import child_connection
from engine.worker.process import serve

if __name__ == "__main__":
    serve(child_connection())
