# SPDX-License-Identifier: GPL-3.0-or-later
"""This module keeps what listeners' votes made of the moods of stations, as one JSON file."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import StudioError
from engine.library.atomic import free_name, write_bytes

_log = logging.getLogger(__name__)


def read_votes(path: Path) -> dict[str, dict[str, Any]]:
    """Return the factors of moods, by station and by title; nothing where the file is not there, or is damaged.

    A damaged one is set aside.
    """
    try:
        found = {**json.loads(path.read_text(encoding="utf-8"))}
        # Half a letter could be read, and never written again.
        json.dumps(found, ensure_ascii=False).encode()
    except FileNotFoundError:
        return {}
    except OSError as error:
        _log.warning("%s cannot be read, and no vote counts: %s", path, error)
        return {}
    except (ValueError, TypeError, RecursionError) as error:
        _log.warning("%s is damaged, and votes begin anew: %s", path, error)
        with contextlib.suppress(OSError):
            # It may be worth a look: nothing is written over it.
            path.replace(free_name(path.with_stem(f"{path.stem} (damaged)")))
        return {}
    return {name: moods for name, moods in found.items() if isinstance(moods, dict)}


def write_votes(path: Path, station: str, factors: Mapping[str, float]) -> None:
    """Keep the factors of a station's moods; what cannot be written is told in the log."""
    every = {**read_votes(path), station: dict(factors)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, json.dumps(every, ensure_ascii=False, indent=1).encode())
    except (OSError, StudioError) as error:
        _log.warning("the votes are not kept: %s", error)
