# SPDX-License-Identifier: GPL-3.0-or-later
"""A place says where a step happens and who does it, and checks how the typed commands end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.bare.desk import Desk
from tests.bare.system import BareError, Person, System

SOUND_LIMIT_S = 60.0
INFINILOOP = ".venv/bin/infiniloop"


@dataclass(frozen=True, slots=True)
class Place:
    """A place is a person in a system, at a desk; ``logs`` is a folder."""

    system: System
    person: Person
    desk: Desk
    logs: Path

    def log(self, name: str) -> Path:
        return self.logs / f"{self.person.name}-{name}.log"

    def must(self, command: str, log: Path, *, told: str = "", has_network: bool = True) -> None:
        """Have a command typed at the desk, which must succeed and say ``told``."""
        status, said = self._does(command, log, has_network=has_network)
        if status:
            raise BareError(f"“{command}” ended with {status}", log)
        if told not in said:
            raise BareError(f"“{command}” does not say “{told}”", log)

    def fails(self, command: str, told: str, log: Path, *, has_network: bool = True, is_read_only: bool = False) -> str:
        """Have a command typed that must fail and say why, and return all that it said."""
        status, said = self._does(command, log, has_network=has_network, is_read_only=is_read_only)
        if not status:
            raise BareError(f"“{command}” succeeded", log)
        if told not in said:
            raise BareError(f"“{command}” does not say “{told}”", log)
        return said

    def as_root(self, command: str, log: Path) -> None:
        """Have an administrator run a command that must succeed."""
        if self.system.ended(self.system.start(Person("root"), command, log=log)):
            raise BareError(f"“{command}” failed", log)

    def _does(self, command: str, log: Path, *, has_network: bool, is_read_only: bool = False) -> tuple[int, str]:
        with log.open("a") as file:
            file.write(f"$ {command}\n")
        n_before = log.stat().st_size
        process = self.system.start(
            self.person,
            command,
            log=log,
            environment=self.desk.environment,
            shown=self.desk.shown,
            has_network=has_network,
            is_read_only=is_read_only,
        )
        return self.system.ended(process), log.read_bytes()[n_before:].decode(errors="replace")
