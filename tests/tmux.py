# SPDX-License-Identifier: GPL-3.0-or-later
"""A tmux session is a terminal with a screen, of a server of its own: real keys in, the screen's text out."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

COMMAND_S = 20.0
PROMPT = "ready> "
"""The shell's prompt in these sessions."""


class Tmux:
    """A tmux session runs a shell, whose prompt is ``PROMPT``, and is a context: left, it is ended.

    Parameters
    ----------
    folder
        For its server's socket.
    term
        What ``TERM`` says within.
    """

    def __init__(
        self,
        folder: Path,
        columns: int = 80,
        n_rows: int = 24,
        *,
        term: str = "tmux-256color",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        assert shutil.which("tmux"), "tmux is not installed: see resources/setup/apt-test.txt"
        self._socket = folder / "tmux"
        self._size = columns, n_rows
        self._environment = {**os.environ, **(environment or {}), "ENV": "", "TERM": "xterm-256color"}
        self._environment.pop("TMUX", None)
        self._term = term

    def __enter__(self) -> Self:
        columns, n_rows = self._size
        self._do("-f", os.devnull, "new-session", "-d", "-s", "t", "-x", str(columns), "-y", str(n_rows), "sh")
        self._do("set-option", "-t", "t", "status", "off")
        self._do("set-option", "-t", "t", "window-size", "manual")
        self.resize(columns, n_rows)
        # A shell has a prompt of its own, whatever its environment says.
        self.until("[#$] *$")
        self.run(f"PS1='{PROMPT}' TERM={self._term}; export TERM; clear")
        self.until(f"^{PROMPT.strip()}$")
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the terminal, whatever runs in it; once more does nothing."""
        subprocess.run(["tmux", "-S", str(self._socket), "kill-server"], check=False, capture_output=True, timeout=20)

    def run(self, line: str) -> None:
        """Type a line to the shell."""
        self.type(line)
        self.press("Enter")

    def start(self, command: Sequence[str]) -> None:
        """Type a command to the shell, which says its exit code behind it."""
        self.run(f"{shlex.join(command)}; echo left with $?.")

    def type(self, text: str) -> None:
        """Type letters."""
        self._do("send-keys", "-t", "t", "-l", text)

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names for them."""
        self._do("send-keys", "-t", "t", *keys)

    def paste(self, text: str) -> None:
        """Paste a text, bracketed where the program asks for that."""
        self._do("set-buffer", text)
        self._do("paste-buffer", "-p", "-t", "t")

    def resize(self, columns: int, n_rows: int) -> None:
        """Give the terminal another size."""
        self._do("resize-window", "-t", "t", "-x", str(columns), "-y", str(n_rows))

    @property
    def lines(self) -> list[str]:
        """Return what is on the screen, without blanks at the ends of rows."""
        return self._do("capture-pane", "-p", "-t", "t").split("\n")[:-1]

    @property
    def text(self) -> str:
        """Return what is on the screen."""
        return "\n".join(self.lines)

    @property
    def scrolled(self) -> str:
        """Return what is on the screen and what went out of it, with wrapped lines joined."""
        return self._do("capture-pane", "-p", "-J", "-S", "-", "-t", "t")

    @property
    def codes(self) -> str:
        """Return what is on the screen with the codes of its colours."""
        return self._do("capture-pane", "-p", "-e", "-t", "t")

    def shows(self, what: str) -> str:
        """Return one of tmux's variables, as ``cursor_flag`` or ``alternate_on``."""
        return self._do("display-message", "-p", "-t", "t", f"#{{{what}}}").strip()

    def until(self, pattern: str, limit_s: float = 60.0) -> re.Match[str]:
        """Wait until the screen shows what a pattern describes."""
        give_up = time.monotonic() + limit_s
        while True:
            text = self.text
            if found := re.search(pattern, text, re.MULTILINE):
                return found
            assert time.monotonic() < give_up, f"{pattern!r} is not shown:\n{text}"
            time.sleep(0.05)

    def until_left(self, limit_s: float = 60.0) -> int:
        """Wait until what was started has ended; return its exit code."""
        return int(self.until(r"left with (\d+)\.$", limit_s)[1])

    def _do(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", str(self._socket), *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_S,
        )
        assert done.returncode == 0, (arguments, done.stderr)
        return done.stdout
