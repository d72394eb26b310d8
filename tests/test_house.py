# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests hold the house rules that a linter cannot see."""

from __future__ import annotations

import ast
import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import engine
from app import VERSION

ROOT = Path(__file__).parent.parent
MAX_LINES = 400
LONGER: dict[str, str] = {}


def test_the_top_level_has_its_rooms_and_nothing_else() -> None:
    """A library, or what a try leaves in the folder it was started in, is not the project's."""
    rooms = {"app", "widgets", "engine", "resources", "tests"}
    papers = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile"}
    made = {"build", "dist", "__pycache__"}
    there = {path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.suffix != ".egg-info"}
    assert there - made == rooms | papers


def test_the_engine_needs_no_qt_no_librosa_no_device() -> None:
    modules = [
        one.name
        for one in pkgutil.walk_packages(engine.__path__, "engine.")
        if not one.name.startswith("engine.qt") and not one.name.endswith("__main__")
    ]
    assert len(modules) > 20
    code = (
        f"import sys, importlib\nfor name in {modules!r}: importlib.import_module(name)\n"
        "print([name for name in ('PySide6', 'librosa', 'torch', 'ray', 'sounddevice', 'numba', 'scipy.signal') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_opening_the_window_loads_no_librosa() -> None:
    heavy = ("librosa", "numba", "scipy.signal", "sounddevice", "widgets.visualiser.window")
    code = f"import sys, app.studio; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_version_is_told_once_and_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION


def test_no_file_is_too_long_to_explain() -> None:
    long = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for folder in ("app", "widgets", "engine", "tests")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {name: lines for name, lines in long.items() if lines > MAX_LINES and name not in LONGER} == {}


def test_the_engine_thread_connects_nothing_while_the_window_lives() -> None:
    """PySide's connect can wait for the GUI thread, and that for it: see ``engine.qt.links.Watch``."""
    of_session = ("session.", "jam.", "keeper.", "recorder.", "controls.", "takes.", "follower.", "live.", "looper.")
    before_the_thread_starts = {"__init__", "_build", "_connect", "_hand_on", "_timer"}
    late = [
        f"{path.name}:{call.lineno} in {function.name}"
        for path in (ROOT / "engine/qt").glob("*.py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef) and function.name not in before_the_thread_starts
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("connect", "disconnect")
        # The session's own signals are psygnal's, which know no such lock.
        if not (function.name == "attach" and ast.unparse(call.func).startswith(of_session))
    ]
    assert late == []


def test_every_pin_is_a_version_and_nothing_else() -> None:
    lines = (ROOT / "resources/setup/constraints.txt").read_text(encoding="utf-8").split()
    assert len(lines) > 20
    assert [line for line in lines if line.count("==") != 1 or "/" in line] == []


def test_every_source_names_its_licence() -> None:
    missing = [
        str(path.relative_to(ROOT))
        for folder in ("app", "widgets", "engine", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if "SPDX-License-Identifier: GPL-3.0-or-later" not in path.read_text(encoding="utf-8")[:200]
    ]
    assert missing == []


def test_what_loads_torch_is_collected_by_one_process() -> None:
    """Each process that collects it takes seconds and most of a gigabyte: see MODEL_TESTS in the Makefile."""
    (places,) = re.findall(r"^MODEL_TESTS := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    elsewhere = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("*.py")
        if re.search(r"^(import|from) (torch|transformers|diffusers)\b", path.read_text(encoding="utf-8"), re.MULTILINE)
        if not any(path.is_relative_to(ROOT / place) for place in (*places.split(), "tests/benchmarks", "tests/soak"))
    ]
    assert len(places.split()) == 2
    assert elsewhere == []
