# SPDX-License-Identifier: GPL-3.0-or-later
"""The shell's history is kept from one terminal to the next, a line for each command."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

MOST_LINES = 1000
"""Number of lines that are kept."""


class History:
    """The history is gone through with the arrow keys; what is being typed comes after its last line.

    Parameters
    ----------
    path
        Its file, which only its user can read; one that cannot be read or written is done without.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.lines: list[str] = []
        with contextlib.suppress(OSError):
            text = path.read_text(encoding="utf-8", errors="replace")
            self.lines = [line for line in text.splitlines() if line.strip()][-MOST_LINES:]
        self._at = len(self.lines)
        self._typed = ""

    def add(self, line: str) -> None:
        """Keep a line, once where it is said again at once."""
        if not self.lines or self.lines[-1] != line:
            self.lines.append(line)
            self._write(line)
        self._at, self._typed = len(self.lines), ""

    def back(self, typed: str) -> str:
        """Return the line before the one that is shown; ``typed`` is what stands there now."""
        if self._at == len(self.lines):
            self._typed = typed
        self._at = max(self._at - 1, 0)
        return self.lines[self._at] if self.lines else typed

    def forth(self, typed: str) -> str:
        """Return the line after the one that is shown, at last what was being typed; ``typed`` stands there now."""
        if self._at == len(self.lines):
            return typed
        self._at = min(self._at + 1, len(self.lines))
        return self._typed if self._at == len(self.lines) else self.lines[self._at]

    def latest(self, begun: str) -> str:
        """Return the latest line that begins so, or ""."""
        return next((line for line in reversed(self.lines) if line.startswith(begun) and line != begun), "")

    def _write(self, line: str) -> None:
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if len(self.lines) >= 2 * MOST_LINES:
                from engine.library.atomic import write_bytes

                self.lines = self.lines[-MOST_LINES:]
                write_bytes(self._path, "".join(f"{one}\n" for one in self.lines).encode("utf-8", "replace"))
                return
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "ab") as file:
                file.write(f"{line}\n".encode("utf-8", "replace"))
