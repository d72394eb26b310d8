# SPDX-License-Identifier: GPL-3.0-or-later
"""The verbs are what a studio can be told in words, the same at ``infiniloop ctl`` and in the shell of ``term``.

To have another one: a verb in ``VERBS``, and a method ``do_NAME`` in the module of its group (``transport_verbs``, …).
Nothing heavy is imported here: ``ctl`` starts at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.errors import UnknownVerb


class Takes(StrEnum):
    """This says what a verb takes after its name, by which a shell completes it."""

    NOTHING = ""
    TEXT = "text"
    FILE = "file"
    FILES = "files"
    SWITCH = "switch"
    NUMBER = "number"
    SETTING = "setting"
    SETTING_AND_VALUE = "setting and value"
    PRESET = "preset"
    VERB = "verb"


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb is one thing that a studio can be told.

    Attributes
    ----------
    usage
        What follows its name, as help shows it, or "".
    help
        What it does: a sentence without its full stop.
    is_local
        Whether the shell itself answers it, so that no other process can be told so.
    """

    name: str
    usage: str
    help: str
    takes: Takes = Takes.NOTHING
    is_local: bool = False


VERBS: dict[str, Verb] = {
    one.name: one
    for one in (
        Verb(
            "start", "[PROMPT]", "start the music, with these words if there are some; what plays goes on", Takes.TEXT
        ),
        Verb("stop", "", "fade out and stop, as FERMA does"),
        Verb("status", "", "tell what plays, what comes and what is set"),
        Verb("save", "[FILE]", "write the loop that plays to a file: .wav, .flac or .ogg", Takes.FILE),
        Verb("next", "", "go on to the next loop; said again, sooner"),
        Verb("previous", "", "go back to the loop that played before"),
        Verb("hold", "[on|off]", "stay on this loop until it is let go", Takes.SWITCH),
        Verb("pause", "[on|off]", "stand still, or go on", Takes.SWITCH),
        Verb("favourite", "[on|off]", "make the loop that plays a favourite, or no favourite any more", Takes.SWITCH),
        Verb("never", "", "go on at once, and never play this loop again"),
        Verb("keep", "[FILE]", "write what was heard in the last ten minutes, as FLAC", Takes.FILE),
        Verb("record", "[FILE|off]", "record what is heard from now on, as FLAC; “record off” finishes", Takes.FILE),
        Verb("candidates", "", "list the loops that were found in the clip that plays, best first"),
        Verb("candidate", "N", "play another of them", Takes.NUMBER),
        Verb("overlap", "MS", "set the crossfade, 1–5000 milliseconds", Takes.NUMBER),
        Verb("set", "NAME VALUE", "set something; “get” lists the names", Takes.SETTING_AND_VALUE),
        Verb("get", "[NAME]", "tell how something is set, or everything", Takes.SETTING),
        Verb("presets", "", "list the presets"),
        Verb("preset", "NAME", "take a preset: its prompt and its settings", Takes.PRESET),
        Verb("add", "FILE…", "play these sounds, or the sounds in these folders, one after the other", Takes.FILES),
        Verb("sleep", "MINUTES|off", "fade out slowly and stop, so many minutes from now", Takes.NUMBER),
        Verb("validate", "", "tell whether a fault is heard in what plays, and in what is ready"),
        Verb("devices", "", "list where sound can go"),
        Verb("show", "", "bring the window to the front"),
        Verb("debug", "on|off", "tell also what the log is told, or no longer", Takes.SWITCH, is_local=True),
        Verb("help", "[COMMAND]", "tell what can be said, or about one of these words", Takes.VERB, is_local=True),
        Verb("quit", "", "fade out, finish what is recorded, and leave"),
    )
}

SYNONYMS = {
    "exit": "quit",
    "q": "quit",
    "?": "help",
    "n": "next",
    "p": "previous",
    "prev": "previous",
    "favorite": "favourite",
}
"""Other words for verbs, as people type them."""


def verb_named(word: str) -> Verb:
    """Return the verb of a word, in whatever case. Raises UnknownVerb, which names the nearest one."""
    plain = word.strip().lower()
    found = VERBS.get(SYNONYMS.get(plain, plain))
    if found is None:
        raise UnknownVerb(value=word.strip()[:40], hint=_hint(plain))
    return found


def _hint(plain: str) -> str:
    import difflib

    near = difflib.get_close_matches(plain, VERBS, 1, 0.6) or [
        name for name in VERBS if plain and name.startswith(plain)
    ]
    return f"perhaps “{near[0]}”" if near else "“help” lists what can be said"


def help_lines(name: str = "") -> list[str]:
    """Return what help says of a verb, or of all. Raises UnknownVerb."""
    verbs = [verb_named(name)] if name else list(VERBS.values())
    width = max(len(f"{one.name} {one.usage}".strip()) for one in verbs)
    return [f"{f'{one.name} {one.usage}'.strip():<{width}}  {one.help}" for one in verbs]
