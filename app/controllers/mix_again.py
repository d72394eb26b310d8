# SPDX-License-Identifier: GPL-3.0-or-later
"""This module has a whole mix made again by ``infiniloop recipe FILE --again``, in a process beside the music."""

from __future__ import annotations

from app.controllers.beside import CommandBeside


class MixAgain(CommandBeside):
    """One mix at a time is made again."""

    def make(self, source: str, target: str) -> None:
        """Make the mix of the file ``source`` again, into ``target``, which a person chose; not while one is made."""
        self.run(["recipe", source, "--again", "-o", target, "--force"], target)
