# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sentence the window can show has its Italian, and no Italian stays of a sentence that is gone."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from app.layouts import FACTORY
from app.paths import RESOURCES
from app.translations import TsTranslator, language_of, line, read_ts, sentence
from engine import errors
from engine.generators.registry import generators
from engine.generators.standard import KEYS, METRES, STANDARD, all_parameters
from engine.session.options import Happening
from engine.values.options import OPTIONS

# Other distributions bring words of their own, in the language that they have.
OURS = [one for one in generators() if type(one).__module__.startswith("engine.")]
ROOT = RESOURCES.parent
TRANSLATIONS = RESOURCES / "translations"
CALLS = {"tr": 0, "translate": 1, "QT_TRANSLATE_NOOP": 1, "Happening": 0}
"""Calls that name a text to translate, and which argument it is."""


def spoken_texts() -> set[str]:
    """Return every text the sources hand to Qt's translation, every error's sentence, all that a generator declares."""
    texts = set()
    for folder in ("app", "widgets", "engine/session"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                    place = CALLS.get(name)
                    if place is not None and len(node.args) > place:
                        texts |= _texts_of(node.args[place])
    for value in vars(errors).values():
        if isinstance(value, type) and issubclass(value, errors.StudioError):
            texts.add(value.template)
    texts |= {one.title for one in OURS} | {one.title for one in FACTORY.values()}
    for parameters in (
        tuple(OPTIONS.values()),
        STANDARD,
        *(all_parameters(one.capabilities()) for one in OURS),
    ):
        for parameter in parameters:
            texts |= {parameter.title, parameter.tooltip, parameter.unit, parameter.unset}
            # Keys are put into words one by one; metres are figures.
            is_option = parameter.name in OPTIONS
            texts |= {*parameter.titles, *parameter.ends}
            texts |= {choice for choice in parameter.choices if choice not in (*KEYS, *METRES) and not is_option}
    return {text for text in texts if text.strip()}


def _texts_of(node: ast.expr) -> set[str]:
    """Return the literal, or both arms of a choice between literals."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return _texts_of(node.body) | _texts_of(node.orelse)
    return set()


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.fixture(scope="module")
def italian() -> dict[str, str]:
    return read_ts(TRANSLATIONS / "it.ts")


def test_every_text_has_its_italian(italian: dict[str, str]) -> None:
    missing = sorted(spoken_texts() - set(italian))
    assert not missing, "\n".join(missing)


def test_no_italian_is_left_over(italian: dict[str, str]) -> None:
    assert not sorted(set(italian) - spoken_texts())


def test_translations_name_the_same_values(italian: dict[str, str]) -> None:
    assert {source: text for source, text in italian.items() if fields(source) != fields(text)} == {}


def test_the_words_are_those_of_italian_musicians(italian: dict[str, str]) -> None:
    # Loudness is no sonority, a beat no heartbeat, a slope no edge of a table, a seed none to sow.
    wrong = re.compile(r"\b(sonorità|battit[oi]|spigol[oi]|sem[ei]\b|da solo|si disegna|si elencano)", re.IGNORECASE)
    texts = {source: text.replace("&", "") for source, text in italian.items()}
    assert {source: text for source, text in texts.items() if wrong.search(text)} == {}
    assert texts["Loudness"] == "Volume percepito"
    assert texts["seed {seed}"] == "seed {seed}"
    assert texts["slope {value}"] == "pendenza {value}"
    assert texts["Takes are kept"] == "Riprese conservate"


@pytest.mark.gui
def test_an_error_is_told_in_italian(qapp: object, italian: dict[str, str]) -> None:
    from PySide6.QtCore import QCoreApplication

    application = QCoreApplication.instance()
    assert application is not None
    translator = TsTranslator(italian)
    application.installTranslator(translator)
    try:
        words = sentence(errors.OutOfRange(name="durata", value=99, low=5, high=30))
        refused = sentence(errors.NotTaken(generator="Built-in composer", name="model", value="huge"))
        told = line(Happening("{generator} works again", {"generator": "Built-in composer"}))
    finally:
        application.removeTranslator(translator)
    assert refused.startswith("Compositore "), "it is called as the panel calls it"
    assert told.startswith("Compositore ")
    assert "99" in words
    assert "deve" in words
    assert sentence(errors.OutOfRange(name="duration", value=99, low=5, high=30)).endswith("must be from 5 to 30.")
    assert sentence(errors.OutOfRange(name="x", value=14400.0, low=0.05, high=1440.0)) == (
        "x is 14400, and must be from 0.05 to 1440."
    )


def test_the_setting_decides_the_language() -> None:
    assert language_of("it") == "it"
    assert language_of("en") == "en"
    assert language_of("system") in ("en", "it")


def test_only_languages_with_a_file_are_offered() -> None:
    from app.translations import LANGUAGES

    files = {path.stem for path in Path(TRANSLATIONS).glob("*.ts")}
    assert files | {"en"} == set(LANGUAGES)
