# SPDX-License-Identifier: GPL-3.0-or-later
"""This generator is other machines: what asks them is imported when a clip is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import GeneratorMissing
from engine.generators.base import Capabilities, Generation, GeneratorSettings
from engine.generators.remote.declared import WIDEST
from engine.values import ClipRequest

if TYPE_CHECKING:
    from engine.generators.remote.making import Making


class Remote:
    """This generator asks every machine what it can do, and has the best of them make the clip."""

    name = "remote"
    title = "Another machine"

    def __init__(self) -> None:
        self._making: Making | None = None

    def capabilities(self) -> Capabilities:
        return WIDEST

    def check(self, settings: GeneratorSettings) -> str:
        from engine.generators.remote.machines import machines_of

        if not machines_of(settings.of(self.name)):
            hint = (
                "say in SETUP, or with --set addresses=… at a terminal, where it is, as 192.168.1.20:8420; "
                "“infiniloop serve” is what runs there"
            )
            raise GeneratorMissing(generator=self.title, hint=hint)
        return ""

    def problems(self, _settings: GeneratorSettings, /) -> tuple[str, ...]:
        return ()

    def understand(self, _prompt: str, _settings: GeneratorSettings, /) -> tuple[str, ...]:
        return ()

    def generate(self, request: ClipRequest, _settings: GeneratorSettings) -> Generation:
        from engine.generators.remote.making import Making

        if self._making is None:
            self._making = Making()
        return (yield from self._making.generate(request))

    def leave(self, music: str, /) -> None:
        if self._making is not None:
            self._making.leave(music)
