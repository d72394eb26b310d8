# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that hand music on tell, once each, which licences forbid selling it."""

from __future__ import annotations

import sys


class LicenceNotes:
    """Notes on licences are told on stderr, each once however many sounds it is of."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def tell(self, path: str) -> None:
        """Tell what the recipe that the sound at ``path`` carries forbids."""
        from engine.library.carried import recipe_of
        from engine.session.licences import limits_of

        carried = recipe_of(path)
        for one in () if carried is None else limits_of(carried):
            if one.words not in self._told:
                self._told.add(one.words)
                print(f"infiniloop: made with a model whose licence is {one.words}", file=sys.stderr)
