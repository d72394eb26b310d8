# SPDX-License-Identifier: GPL-3.0-or-later
"""The shell's completion: what may follow where the cursor stands."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.control.named_settings import choices_of, names_of
from app.control.verbs import VERBS, Takes, Verb, verb_named
from engine.errors import StudioError

if TYPE_CHECKING:
    from app.settings import Settings

MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class Completion:
    """A completion says where the word that is completed begins, and all that it may become."""

    start: int
    words: tuple[str, ...]

    def common(self) -> str:
        """Return what all of them begin with."""
        return os.path.commonprefix(list(self.words))  # noqa: RUF071 - letters, not parts of a path, are completed


class Completer:
    """The completer knows the verbs, the settings, the presets and the files.

    Parameters
    ----------
    n_candidates
        Tells how many loops were found in the clip that plays.
    """

    def __init__(self, settings: Callable[[], Settings], n_candidates: Callable[[], int]) -> None:
        self._settings, self._n_candidates = settings, n_candidates
        self._presets: tuple[str, ...] | None = None

    def complete(self, line: str) -> Completion:
        """Return what may stand at the end of a line."""
        begun = line.lstrip()
        word, space, rest = begun.partition(" ")
        offset = len(line) - len(begun)
        if not space:
            return _matching(offset, word, VERBS)
        try:
            verb = verb_named(word)
        except StudioError:
            return Completion(len(line), ())
        start = offset + len(word) + 1
        if verb.takes is Takes.SETTING_AND_VALUE:
            return self._setting(start, rest)
        if verb.takes in (Takes.FILE, Takes.FILES):
            return _files(start, rest)
        return _matching(start, rest, self._words_of(verb))

    def _words_of(self, verb: Verb) -> Iterable[str]:
        match verb.takes:
            case Takes.SWITCH:
                return ("on", "off")
            case Takes.VERB:
                return VERBS
            case Takes.PRESET:
                return self._preset_names()
            case Takes.SETTING:
                return names_of(self._settings())
            case Takes.NUMBER if verb.name == "candidate":
                return [str(n + 1) for n in range(self._n_candidates())]
            case _:
                return ()

    def _setting(self, start: int, rest: str) -> Completion:
        name, space, value = rest.partition(" ")
        settings = self._settings()
        if not space:
            return _matching(start, name, names_of(settings))
        try:
            choices = choices_of(name, settings)
        except StudioError:
            choices = ()
        return _matching(start + len(name) + 1, value, choices)

    def _preset_names(self) -> tuple[str, ...]:
        if self._presets is None:
            from app.presets import known_presets

            self._presets = tuple(known_presets().usable)
        return self._presets


def _matching(start: int, begun: str, words: Iterable[str]) -> Completion:
    plain = begun.lower()
    return Completion(start, tuple(one for one in words if one.lower().startswith(plain)))


def _files(start: int, begun: str) -> Completion:
    folder, slash, name = begun.rpartition("/")
    place = Path(os.path.expanduser(folder + slash) or ".")  # noqa: PTH111 - “~” alone is no path yet
    try:
        with os.scandir(place) as entries:
            named = [one for one in entries if one.name.startswith(name) and (name or not one.name.startswith("."))]
            found = sorted(folder + slash + one.name + ("/" if one.is_dir() else "") for one in named)
    except OSError:
        return Completion(start, ())
    return Completion(start, tuple(found[:MOST_FILES]))
