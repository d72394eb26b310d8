# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand has a station of fragments at a terminal: lines that are typed are done, and each fragment is told."""

from __future__ import annotations

import queue
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import streams
from app.commands import endings, terminal
from engine.errors import StudioError, WrongKind
from engine.values.fragments import FragmentFact, FragmentFailed, FragmentMode, FragmentReady, FragmentSilent

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from engine.fragments.station import Station

LOOK_S = 0.2
"""Seconds between two looks at whether the command is asked to end."""
_MOST_WAITING = 8


class Stand:
    """A stand tells what becomes of a station's fragments, and how many of those that were asked for are there."""

    def __init__(self, station: Station, arguments: argparse.Namespace) -> None:
        self._station, self._arguments = station, arguments
        self._facts: queue.SimpleQueue[FragmentFact] = queue.SimpleQueue()
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._n_told = self._n_failed = self._n_asked = 0
        self._is_read = True
        """Whether all lines were read, as there are none to come."""
        self._is_typed = sys.stdin is not None and sys.stdin.isatty()
        self._is_left = False
        """Whether a line said that this is the end."""

    def run(self, prompts: Sequence[str]) -> int:
        """Work until there is nothing to wait for any more; return the exit code. Raises StudioError."""
        station, arguments = self._station, self._arguments
        station.told.connect(self._facts.put)
        self._prepare()
        station.open()
        mode = self._set_mode()
        if arguments.once is not None:
            return self._make_once(arguments.once)
        if mode is FragmentMode.BY_HAND:
            for _ in prompts:
                self._ask("")
        if self._is_typed or mode is FragmentMode.BY_HAND:
            self._is_read = False
            threading.Thread(target=self._read, name="lines", daemon=True).start()
        if self._is_typed:
            tell("a line is a prompt, Enter alone the next one; “/freeze 3”, “/clear 3”, “/every 30”, “/quit”")
        while not self._is_over(mode):
            endings.checkpoint()
            self._hear()
        self._tell_all()
        # At a terminal a slip of the hand was told, and mended or not.
        return 1 if self._n_failed and mode is FragmentMode.BY_HAND and not self._is_typed else 0

    def _prepare(self) -> None:
        """Do what is asked of single slots. Raises StudioError."""
        arguments, station = self._arguments, self._station
        for one in arguments.release:
            station.freeze(one, is_frozen=False)
            tell(f"slot {one} is in the circle")
        for one in arguments.clear:
            station.clear(one)
            tell(f"slot {one} is empty")
        for one in arguments.freeze:
            station.freeze(one)
            tell(f"slot {one} is left out of the circle")
        for one, prompt in slot_prompts(arguments).items():
            station.set_prompt(one, prompt)
            tell(f"slot {one} keeps the prompt “{prompt}”" if prompt else f"slot {one} keeps no prompt")

    def _set_mode(self) -> FragmentMode:
        arguments = self._arguments
        if arguments.every is not None:
            self._station.set_mode(FragmentMode.EVERY, arguments.every)
            return FragmentMode.EVERY
        if arguments.when_taken:
            self._station.set_mode(FragmentMode.WHEN_TAKEN)
            return FragmentMode.WHEN_TAKEN
        return FragmentMode.BY_HAND

    def _make_once(self, n_wanted: int) -> int:
        for _ in range(n_wanted):
            self._ask("")
            while self._n_told < self._n_asked:
                endings.checkpoint()
                self._hear()
        return 1 if self._n_failed else 0

    def _is_over(self, mode: FragmentMode) -> bool:
        arguments = self._arguments
        if mode is not FragmentMode.BY_HAND or arguments.http is not None or arguments.osc_in is not None:
            return self._is_left
        return self._is_read and self._n_told >= self._n_asked

    def _hear(self) -> None:
        """Do what was typed, and tell what there is to tell, waiting a moment for it."""
        try:
            while not self._lines.empty():
                self._do(self._lines.get_nowait())
            self._told(self._facts.get(timeout=LOOK_S))
        except queue.Empty:
            return

    def _tell_all(self) -> None:
        while not self._facts.empty():
            self._told(self._facts.get_nowait())

    def _read(self) -> None:
        try:
            for line in sys.stdin:
                self._lines.put(line)
        except (OSError, ValueError):
            pass
        self._lines.put(None)

    def _do(self, line: str | None) -> None:
        from engine.fragments.verbs import perform

        if line is None:
            self._is_read = True
            return
        try:
            if line.startswith("/"):
                verb, *words = line[1:].split() or [""]
                if verb in ("quit", "q"):
                    self._is_read = self._is_left = True
                    self._n_told = self._n_asked
                    return
                perform(self._station, verb, words)
                self._n_asked += verb == "generate"
                if self._is_typed and verb != "generate":
                    tell(f"done: {line.strip()}")
            elif line.strip() or self._station.state().prompts:
                self._ask(line.strip())
        except StudioError as error:
            self._failed(error)

    def _ask(self, prompt: str) -> None:
        """Have one made. Raises StudioError."""
        while self._station.state().n_waiting >= _MOST_WAITING:
            endings.checkpoint()
            time.sleep(LOOK_S)
        self._station.generate(prompt)
        self._n_asked += 1

    def _failed(self, error: Exception, **where: str) -> None:
        self._n_failed += 1
        if self._arguments.json:
            terminal.print_failure(error, **where)
        tell(str(error))

    def _told(self, fact: FragmentFact) -> None:
        self._n_told += 1
        if isinstance(fact, FragmentFailed):
            self._failed(fact.error, prompt=fact.prompt)
        elif self._arguments.json:
            terminal.print_json(as_dict(fact))
            sys.stdout.flush()
        elif isinstance(fact, FragmentSilent):
            tell(f"nothing is heard in what “{fact.prompt}” gave, after {fact.making_s:.1f} s: no slot is used up")
        else:
            tell(in_words(fact))


def slot_prompts(arguments: argparse.Namespace) -> dict[int, str]:
    """Return the prompts of single slots by number. Raises WrongKind."""
    found = {}
    for text in arguments.slot_prompt:
        slot, separator, prompt = text.partition("=")
        if not separator or not (slot.strip().isascii() and slot.strip().isdecimal() and len(slot) < 10):
            raise WrongKind(name="--slot-prompt", value=text[:40], kind="a slot’s number and a prompt as 3=rain")
        found[int(slot)] = " ".join(prompt.split())
    return found


def in_words(fact: FragmentReady) -> str:
    """Return seconds, slot and archive name of a fragment."""
    where = "all slots are frozen" if fact.slot is None else Path(fact.slot.path).name
    lasts = "" if fact.slot is None else f", {fact.slot.duration_s:.2f} s long"
    return f"{fact.making_s:.1f} s → {where} (archive/{fact.archived}){lasts}: “{fact.prompt}”"


def as_dict(fact: FragmentReady | FragmentSilent) -> dict[str, Any]:
    """Return a fact, ready for JSON."""
    if isinstance(fact, FragmentSilent):
        return {"silent": True, "prompt": fact.prompt, "making_s": round(fact.making_s, 3)}
    slot = fact.slot
    return {
        "slot": None if slot is None else slot.number,
        "file": None if slot is None else slot.path,
        "archived": fact.archived,
        "prompt": fact.prompt,
        "duration_s": None if slot is None else slot.duration_s,
        "making_s": round(fact.making_s, 3),
    }


def tell(line: str) -> None:
    """Tell the person a line, on stderr."""
    print(f"infiniloop: {streams.harmless(line)}", file=sys.stderr, flush=True)
