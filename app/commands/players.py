# SPDX-License-Identifier: GPL-3.0-or-later
"""This module starts the player of a command that plays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import paths

if TYPE_CHECKING:
    from engine.playback.player import Player
    from engine.shared import SharedBlock


def start_player(tape: SharedBlock | None = None) -> Player:
    """Start an audio process that writes its messages to the studio's log, not between a command's own words.

    What it plays is on the ``tape``, too, if there is one.
    """
    from engine.playback.player import Player

    path = paths.log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        log = path.open("a", encoding="utf-8")
    except OSError:
        return Player(tape=tape)
    with log:
        return Player(log=log, tape=tape)
