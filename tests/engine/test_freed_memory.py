# SPDX-License-Identifier: GPL-3.0-or-later
"""Freed memory is given back to the system, though something that is in use lies above it."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import psutil
import engine.freed_memory

def mib():
    return psutil.Process().memory_info().rss / 2**20

freed = engine.freed_memory.FreedMemory()
freed.give_back()
held = [bytearray(60_000) for _ in range(2000)]
last = bytearray(60_000)
for one in held:
    one[::1000] = b"x" * 60
del held, one
before = mib()
freed.give_back()
soon = mib()
engine.freed_memory.EVERY_S = 0.0
freed.give_back()
print(before - soon, before - mib())
"""


def test_freed_memory_is_given_back_but_not_all_the_time() -> None:
    told = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=60)
    soon, later = map(float, told.stdout.split())
    assert abs(soon) < 5.0, "it was given back just before"
    assert later > 100.0
