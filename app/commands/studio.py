# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``studio`` opens the window, as plain infiniloop does."""

from __future__ import annotations

import argparse
import os
import re
import socket
import sys
from pathlib import Path

from app.collecting import hold_off
from app.commands.loading import load_qt
from app.program import program_name
from engine.errors import EmptyPrompt, FileMissing, NoDisplay


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("sounds", nargs="*", metavar="FILE", help="sounds, or folders of sounds, to play first")
    parser.add_argument(
        "--prompt",
        metavar="TEXT",
        help="start the music at once, with these words; a studio that runs already is told them, and the sounds",
    )
    parser.add_argument("--new", action="store_true", help="open another window, even if a studio runs already")


def run(arguments: argparse.Namespace) -> int:
    """Open the window and stay until it is closed, or hand what is to be played to a studio that runs.

    Raises NoDisplay, FileMissing for a sound that is not there, UserError for a prompt that cannot be one.
    """
    for name in arguments.sounds:
        if not Path(name).exists():
            raise FileMissing(path=name)
    sounds = tuple(str(Path(name).absolute()) for name in arguments.sounds)
    prompt = ""
    if arguments.prompt is not None:
        from engine.values.options import PROMPT

        prompt = str(PROMPT.checked(arguments.prompt)).strip()
        if not prompt:
            raise EmptyPrompt
    if (sounds or prompt) and not arguments.new:
        from app.commands.handing import handed_over

        if told := handed_over(prompt, sounds):
            print(f"{told} plays it; --new opens another one")
            return 0
    check_display()
    hold_off()
    load_qt()
    from app.studio import run_studio

    return run_studio(sounds, prompt)


def check_display() -> None:
    """Raise NoDisplay where Qt would abort the whole process for want of a screen."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM", "").startswith(
        ("offscreen", "minimal", "vnc", "eglfs", "linuxfb")
    ):
        return
    if os.environ.get("WAYLAND_DISPLAY"):
        return
    name = os.environ.get("DISPLAY", "")
    if not name:
        raise NoDisplay(detail="neither DISPLAY nor WAYLAND_DISPLAY is set", program=program_name())
    if not _answers(name):
        raise NoDisplay(detail=f"nothing answers at DISPLAY “{name}”", program=program_name())


def _answers(name: str) -> bool:
    """Return whether an X server listens where ``DISPLAY`` points (X(7), "DISPLAY NAMES")."""
    match = re.fullmatch(r"(?:unix:|unix/[^:]*:)?(?P<host>.*?):(?P<number>\d+)(?:\.\d+)?", name)
    if match is None:
        return False
    host, number = match["host"], int(match["number"])
    if host:
        try:
            with socket.create_connection((host, 6000 + number), timeout=3.0):
                return True
        except OSError:
            return False
    for path in (f"/tmp/.X11-unix/X{number}", f"\0/tmp/.X11-unix/X{number}"):
        with socket.socket(socket.AF_UNIX) as server:
            try:
                server.connect(path)
            except OSError:
                continue
            return True
    return False
