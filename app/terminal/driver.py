# SPDX-License-Identifier: GPL-3.0-or-later
"""The screen's driver hears the keyboard as Textual's does, but bytes that are no UTF-8 are no reason to end.

Terminals of other encodings send them for every letter beyond ASCII, and a paste may bring half a letter.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from functools import partial
from typing import Any

from textual.drivers import linux_driver


def _forgiving(encoding: str) -> Any:
    return partial(getincrementaldecoder(encoding), errors="replace")


# Textual's own takes no other: one such byte would be the last that is heard, told with a traceback.
linux_driver.getincrementaldecoder = _forgiving  # type: ignore[attr-defined]


class TerminalDriver(linux_driver.LinuxDriver):
    """The driver tells the screen's app what failed; a terminal that is gone is left in silence."""

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except OSError:
            self._app.call_later(self._app.panic)
        except Exception as error:  # noqa: BLE001 - the thread's boundary: told in a sentence by who runs the screen
            self._app.call_later(self._app._handle_exception, error)
