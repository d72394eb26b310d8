# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether this process may use as much memory as the numerical libraries take to load at all (``ulimit -v``)."""

from __future__ import annotations

import os

from engine.errors import LittleMemory

LEAST_BYTES = 700_000_000
"""Of address space. With less OpenBLAS hangs as it starts, or ends the process, or a library cannot be mapped."""
AMPLE_BYTES = 4_000_000_000
"""With less OpenBLAS is kept from reserving a buffer for each thread."""


def check_memory() -> None:
    """Refuse what could only hang or crash. Raises LittleMemory."""
    try:
        import resource
    except ImportError:  # not a Unix
        return
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return
    if limit < LEAST_BYTES:
        raise LittleMemory(limit=f"{limit / 1e6:.0f} MB", needed=f"{LEAST_BYTES / 1e6:.0f} MB")
    if limit < AMPLE_BYTES:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
