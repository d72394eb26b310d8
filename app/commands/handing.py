# SPDX-License-Identifier: GPL-3.0-or-later
"""A second start hands what it was asked to play to the studio that runs already."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from app.control.client import connected
from engine.errors import NoStudioRuns, StudioBusy, StudioLeft, StudioRefused, StudioSilent, StudioSpeaksOther

ANSWER_S = 10.0
"""Seconds in which a studio that runs already says that it plays what it is told to."""


def handed_over(prompt: str, sounds: Sequence[str] = ()) -> str:
    """Have a studio that runs play these; return in words which one does, or "" where none could be told so.

    One that runs and cannot be told is told of on stderr.

    Parameters
    ----------
    prompt
        May be "" where there are sounds.
    sounds
        Whole paths.

    Raises
    ------
    StudioRefused
    """
    try:
        with connected() as studio:
            for verb, words in (("start", (prompt,) if prompt else ()), ("add", sounds)):
                if words:
                    told = studio.ask(verb, words, limit_s=ANSWER_S)
                    if not told.get("ok"):
                        raise StudioRefused(pid=studio.pid, detail=told.get("error", {}).get("message", ""))
            # One in a terminal has no window to show.
            studio.ask("show", (), limit_s=ANSWER_S)
            kind = "the studio in a terminal" if studio.greeting.get("kind") == "terminal" else "the studio"
            return f"{kind} that runs already (process {studio.pid})"
    except NoStudioRuns:
        return ""
    except (StudioSilent, StudioBusy, StudioLeft, StudioSpeaksOther) as error:
        print(f"infiniloop: {error} Another one is opened.", file=sys.stderr)
        return ""
