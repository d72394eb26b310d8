# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain words: what can be checked of them by a machine, in docstrings and in the record of decisions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("app", "engine", "tests", "widgets")
"""Folders whose docstrings are held to the rules, with all that lies below them."""

MOST_CHARACTERS = 120
"""Number of characters that a first line has at most."""

RIDDLES = re.compile(r"\b(whoever|whomever|nobody|let go|lets go|lets? .{1,12} go of|wish(es|ed)?)\b", re.IGNORECASE)
"""Words that say less than the field's own, and are not used as technical terms."""

FRAGMENTS = re.compile(r"(Of|So|What|Whatever|Who|Whose|Whom|Which|It|Its|They|Their|Those|Such|The same)\b")
"""Openings of a line that only the line before it, or the code around it, could complete."""


HAVE_BODIES = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def docstrings(source: str) -> Iterator[tuple[int, str]]:
    """Yield line number and text of the docstrings of modules, classes, functions, constants and attributes."""
    for node in ast.walk(ast.parse(source)):
        body: list[ast.stmt] = node.body if isinstance(node, HAVE_BODIES) else []
        for at, one in enumerate(body):
            documents = at == 0 or isinstance(body[at - 1], ast.Assign | ast.AnnAssign)
            if documents and isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant):
                text = one.value.value
                if isinstance(text, str):
                    yield one.lineno, text


def complaint(text: str) -> str:
    """Return what is wrong with a docstring's first line, or ""."""
    line = text.split("\n", 1)[0]
    if not re.match(r"[A-Z0-9`“\"]", line):
        return "does not start with a capital letter or a code literal"
    if not line.endswith((".", "?", ":", '."', ".”")):
        return "is not a whole sentence"
    if len(line) > MOST_CHARACTERS:
        return "is too long"
    if riddle := RIDDLES.search(line):
        return f"says “{riddle[0]}”"
    if fragment := FRAGMENTS.match(line):
        return f"is a fragment: “{fragment[0]} …”"
    return ""


@pytest.mark.parametrize("room", ROOMS)
def test_first_lines_are_sentences_that_stand_alone(room: str) -> None:
    paths = sorted((ROOT / room).rglob("*.py"))
    found = {path: list(docstrings(path.read_text(encoding="utf-8"))) for path in paths}
    assert any(found.values())
    wrong = [
        f"{path.relative_to(ROOT)}:{line} {reason}: {text.splitlines()[0]}"
        for path, some in found.items()
        for line, text in some
        if (reason := complaint(text))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Number of past loops whose pictures are kept.", ""),
        ("``infiniloop render`` is the session on music time.\n\nMore.", ""),
        ("of so many loops", "capital"),
        ("What is heard at\nan instant.", "whole sentence"),
        ("Seconds for which nobody waits.", "“nobody”"),
        ("The device that the person wished for.", "“wished”"),
        ("Of so many loops that led last, what the panels showed is kept.", "fragment"),
        ("It is always there.", "fragment"),
        ("A" * 120 + ".", "long"),
    ],
)
def test_a_first_line_that_breaks_a_rule_is_told(text: str, said: str) -> None:
    assert said in complaint(text) if said else complaint(text) == ""


def test_decisions_point_at_files_that_are_there() -> None:
    text = (ROOT / "resources/decisions.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^## \d+\.", text, re.MULTILINE)) == 10
    places = set(re.findall(r"`((?:app|engine|resources|tests|widgets)/[^`]*)`", text))
    assert len(places) > 15
    assert [one for one in sorted(places) if not (ROOT / one).exists()] == []
