# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench-composer``, or ``python -m tests.benchmarks.composerreport``: the report on the built-in composer.

Judged from outside: by librosa, pyloudnorm and the loop finder; what is measured on the notes says so. Nothing is
asserted. What is printed is also written to ``report.md``, with the pictures beside it. ``--quick`` asks for some sixty
clips instead of more than three hundred.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from functools import cached_property
from pathlib import Path

from engine.library.atomic import write_bytes
from tests.benchmarks.composerreport import corpus, measured, obeyed, session, sounding, speed, understood
from tests.benchmarks.composerreport.measured import Found
from tests.benchmarks.composerreport.pictures import pictures
from tests.benchmarks.composerreport.references import References, references
from tests.benchmarks.composerreport.table import Line, figure, table
from tests.benchmarks.warm_peer import PeerMissing

_SESSION = """Ten minutes (four, quick) of “{prompt}”, each loop for at least {stay:.0f} s, rendered as `infiniloop
render` does. Keys: {keys}. Tempos: {tempos}."""

_REFERENCE_PIECES, _QUICK_PIECES = 12, 5


class Report:
    """A report measures what its parts need, once."""

    def __init__(self, out: Path, parts: list[str], *, quick: bool) -> None:
        self._out = out
        self._parts = parts
        self._quick = quick

    @cached_property
    def found(self) -> list[Found]:
        """Every clip of the corpus is made and measured here."""
        asks = corpus.asks(quick=self._quick)
        if not {"heard", "notes", "sound", "seams"} & set(self._parts):
            asks = [ask for ask in asks if ask.group in obeyed.HEARD]
        _say(f"{len(asks)} clips …")
        out = []
        for number, one in enumerate(measured.every(asks), 1):
            out.append(one)
            if number % 20 == 0:
                _say(f"  {number} of {len(asks)}")
        return out

    @cached_property
    def others(self) -> References:
        """The references are measured here."""
        _say("references …")
        return references(most=_QUICK_PIECES if self._quick else _REFERENCE_PIECES)

    def obeyed(self) -> str:
        return f"## What it obeys\n\n{table(obeyed.lines(self.found))}"

    def heard(self) -> str:
        return f"## What is heard of it\n\n{table(understood.lines(self.found, self.others))}"

    def notes(self) -> str:
        return f"## As it is written\n\n{table(sounding.note_lines(self.found, self.others))}"

    def sound(self) -> str:
        missing = "".join(f"\n\n{one[0].upper()}{one[1:]}." for one in self.others.missing)
        return f"## As it sounds\n\n{table(sounding.sound_lines(self.found, self.others))}{missing}"

    def seams(self) -> str:
        return f"## The seam of the whole clip\n\n{table(sounding.seam_lines(self.found))}"

    def session(self) -> str:
        told = session.session(session.QUICK_MINUTES if self._quick else session.MINUTES)
        words = _SESSION.format(
            prompt=session.PROMPT,
            stay=session.MIN_PLAY_S,
            keys=", ".join(told.keys),
            tempos=", ".join(f"{bpm:.1f}" for bpm in told.tempos_bpm),
        )
        lines = [
            Line("next clip in the same or a related key", "≥ 95 %", f"{told.same_key} of {told.n}"),
            Line("its tempo within 2 %", "≥ 95 %", f"{told.same_tempo} of {told.n}"),
            Line(
                "chroma of 8 s before against after a transition",
                "≥ 0.6",
                figure(told.chroma, 2),
                f"within a loop {figure(told.chroma_within, 2)}",
            ),
            Line(
                "likeness of a clip's melody to the next one's (intervals and rhythm)",
                "≥ 0.4 at “stay”",
                figure(told.motif, 2),
                f"unrelated takes {figure(told.motif_unrelated, 2)}",
            ),
        ]
        return f"## A session\n\n{words}\n\n{table(lines)}"

    def speed(self) -> str:
        words = list(corpus.PICTURED if self._quick else corpus.STYLE_WORDS)
        told = speed.speed(words)
        slowest, least = told.slowest
        lines = [
            Line("speed, one core, 30 s clips: median of the styles", "≥ 60 ×", f"{told.median:.0f} × real time"),
            Line("slowest style", "≥ 30 ×", f"{least:.0f} × ({slowest})"),
            Line("first 30 s clip of a fresh process, Python's start included", "≤ 1.5 s", f"{told.first_s:.2f} s"),
        ]
        return f"## Speed (the processor's own time)\n\n{table(lines)}"

    def pictures(self) -> str:
        try:
            shown = pictures(self._out, _say)
        except PeerMissing as missing:
            shown = f"{missing}."
        return f"## Pictures: what is heard, and what is written\n\n{shown}"


PARTS = ("obeyed", "heard", "notes", "sound", "seams", "session", "speed", "pictures")
"""Names of the report's parts, which are methods of ``Report``."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="folder for report.md and the pictures (default: a temporary one)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="some sixty clips, and shorter")
    asked = parser.parse_args()
    out: Path = asked.out or Path(tempfile.mkdtemp(prefix="infiniloop-composer-"))
    out.mkdir(parents=True, exist_ok=True)
    report = Report(out, asked.only, quick=asked.quick)
    started_s = time.monotonic()
    texts = [_head(quick=asked.quick)]
    print(texts[0], flush=True)
    for name in (part for part in PARTS if part in asked.only):
        _say(f"{name} …")
        texts.append(str(getattr(report, name)()))
        print(f"\n{texts[-1]}", flush=True)
        write_bytes(out / "report.md", ("\n\n".join(texts) + "\n").encode())
    _say(f"written to {out} in {(time.monotonic() - started_s) / 60.0:.1f} minutes")
    return 0


def _head(*, quick: bool) -> str:
    told = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    n = len(corpus.asks(quick=quick)) + len(corpus.NEGATIONS) + sum(len(others) for _, others in corpus.CHANGED)
    return f"# The built-in composer\n\n{time.strftime('%Y-%m-%d')}, {told}; {n} prompts."


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
