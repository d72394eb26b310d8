# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of one run are those of the studio, with what the command line says instead."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.settings_store import SettingsStore

if TYPE_CHECKING:
    from app.settings import Settings


class RunSettings(QObject):
    """The settings of a run: what the command line says holds until something else is said, and is not remembered.

    Parameters
    ----------
    remembered
        The studio's settings.
    given
        Those of the run.

    Signals
    -------
    changed(Settings)
        Something was set otherwise.
    failed(StudioError)
        The settings could not be written.
    """

    changed = Signal(object)
    failed = Signal(object)

    def __init__(self, remembered: Settings, given: Settings) -> None:
        super().__init__()
        self._given: dict[str, Any] = _differing(remembered, given)
        self._store = SettingsStore(remembered, self)
        self._settings = given
        self._store.failed.connect(self.failed)

    @property
    def settings(self) -> Settings:
        """Return the settings as they are set now."""
        return self._settings

    def take(self, settings: Settings) -> None:
        """Take over other settings: they are told, and those that are others than before are remembered."""
        said = _differing(self.settings, settings)
        for name in said:
            self._given.pop(name, None)
        if said:
            self._store.take(replace(self._store.settings, **said))
            # Kept, as it is read ten times a second.
            self._settings = replace(self._store.settings, **self._given)
            self.changed.emit(self.settings)

    def finish(self) -> None:
        """Write what is to be remembered, and wait for it."""
        self._store.finish()


def _differing(before: Settings, after: Settings) -> dict[str, Any]:
    """Return the settings that differ, as they are after."""
    return {
        one.name: getattr(after, one.name)
        for one in fields(before)
        if getattr(before, one.name) != getattr(after, one.name)
    }
