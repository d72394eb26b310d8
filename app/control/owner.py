# SPDX-License-Identifier: GPL-3.0-or-later
"""The owner of the settings is asked to take others over, by those who are told so in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.settings import Settings


class SettingsOwner(Protocol):
    """The owner of the settings tells the engine of them, and shows them where there is something to show them."""

    @property
    def settings(self) -> Settings:
        """Return the settings as they are set now."""

    def take(self, settings: Settings, /) -> None:
        """Take over other settings: they are heard, and written a little later."""
