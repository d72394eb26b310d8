# SPDX-License-Identifier: GPL-3.0-or-later
"""This module checks that this process may use the memory that the numerical libraries need to load (``ulimit -v``)."""

from __future__ import annotations

import os

from engine.errors import LittleMemory

LEAST_BYTES = 700_000_000
"""Least address space in bytes: with less OpenBLAS hangs or ends the process, or a library cannot be mapped."""
AMPLE_BYTES = 4_000_000_000
"""Address space in bytes below which OpenBLAS is kept from reserving a buffer for each thread."""


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
