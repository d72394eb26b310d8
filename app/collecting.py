# SPDX-License-Identifier: GPL-3.0-or-later
"""Python's garbage collector stays out of the way: of a start, and of the window for what the start has loaded.

Modules are a million objects that never become garbage. The collector looks through all of them several times while
they are loaded (110 ms of a start), and then every now and then, 50 ms at once, while the window should answer.
"""

from __future__ import annotations

import gc


def hold_off() -> None:
    """Collect nothing until ``go_on``."""
    gc.disable()


def spare_what_is_loaded() -> None:
    """Have the collector never look at what there is now: to be called before there is a window, which may go."""
    gc.freeze()


def go_on() -> None:
    """Collect from now on."""
    gc.enable()
