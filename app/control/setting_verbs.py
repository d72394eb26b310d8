# SPDX-License-Identifier: GPL-3.0-or-later
"""The verbs of what is set: settings by name, presets, and where the sound goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.control.drivers import device_for
from app.control.named_settings import DRIVER, SHORT, field_of, names_of, value_of, with_setting, words_of
from app.control.waiting import DEVICES
from app.control.wire import Answer
from engine.errors import NeedsWords, StudioError

if TYPE_CHECKING:
    from app.control.facts import StudioFacts
    from app.control.owner import SettingsOwner
    from app.control.waiting import Reply, Waiting
    from engine.qt.studio import StudioEngine

_LATE = "the devices are not listed yet"


class SettingVerbs(QObject):
    """These verbs change the settings, which their owner shows and remembers, and tell them."""

    devices_wanted = Signal()

    def __init__(
        self, engine: StudioEngine, facts: StudioFacts, owner: SettingsOwner, waiting: Waiting, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._facts, self._owner, self._waiting = facts, owner, waiting
        self.devices_wanted.connect(engine.output.list_devices)

    def do_overlap(self, words: Sequence[str], reply: Reply) -> Answer | None:
        if not words:
            raise NeedsWords(verb="overlap", usage="overlap MS")
        return self.do_set(("overlap", *words), reply)

    def do_set(self, words: Sequence[str], reply: Reply) -> Answer | None:
        if not words:
            raise NeedsWords(verb="set", usage="set NAME VALUE")
        name, text = words[0], " ".join(words[1:])
        settings = self._owner.settings
        field = field_of(name, settings)
        if not text:
            raise NeedsWords(verb=f"set {name}", usage=f"set {name} VALUE")
        if field == DRIVER:
            self._waiting.wait(DEVICES, lambda told: reply(self._with_driver(text, told)), _LATE)
            self.devices_wanted.emit()
            return None
        self._owner.take(with_setting(settings, name, text))
        return self._told(name)

    def _with_driver(self, driver: str, told: Answer | StudioError) -> Answer | StudioError:
        if isinstance(told, StudioError):
            return told
        try:
            device = device_for(driver, self._facts.devices)
        except StudioError as error:
            return error
        self._owner.take(replace(self._owner.settings, device=device))
        return self._told(DRIVER)

    def _told(self, name: str) -> Answer:
        settings = self._owner.settings
        return Answer(f"{name} is {words_of(name, settings)}", {name: value_of(name, settings)})

    def do_get(self, words: Sequence[str], _reply: Reply) -> Answer:
        settings = self._owner.settings
        if words:
            return self._told(" ".join(words))
        names = names_of(settings)
        width = max(map(len, names))
        lines = [f"{name:<{width}}  {words_of(name, settings)}" for name in names]
        return Answer("\n".join(lines), {name: value_of(name, settings) for name in names})

    def do_presets(self, _words: Sequence[str], _reply: Reply) -> Answer:
        from app.presets import known_presets

        found = known_presets()
        width = max(map(len, found.usable), default=0)
        lines = [f"{one.name:<{width}}  {one.told().title}" for one in found.usable.values()]
        lines += [str(one) for one in found.problems.values()]
        return Answer("\n".join(lines), {"presets": [one.as_dict() for one in found.usable.values()]})

    def do_preset(self, words: Sequence[str], _reply: Reply) -> Answer:
        if not words:
            raise NeedsWords(verb="preset", usage="preset NAME; “presets” lists them")
        from app.presets import known_presets, with_preset

        preset = known_presets().named(" ".join(words))
        self._owner.take(with_preset(self._owner.settings, preset))
        short = {field: name for name, field in SHORT.items()}
        names = ["generator", *(["model"] if preset.model else []), *preset.options, *preset.parameters]
        told = [f"{short.get(name, name)} {words_of(name, self._owner.settings)}" for name in names]
        return Answer(f"preset {preset.name}: “{preset.prompt}”, {', '.join(told)}", preset.as_dict())

    def do_devices(self, _words: Sequence[str], reply: Reply) -> None:
        self._waiting.wait(DEVICES, lambda told: reply(self._devices_told(told)), _LATE)
        self.devices_wanted.emit()

    def _devices_told(self, told: Answer | StudioError) -> Answer | StudioError:
        if isinstance(told, StudioError):
            return told
        every = self._facts.devices
        lines = [f"{'*' if one.is_default else ' '} {one.host_api}: {one.name}" for one in every]
        data = [{"host_api": one.host_api, "name": one.name, "default": one.is_default} for one in every]
        return Answer("\n".join(lines) or "no sound output was found", {"devices": data})
