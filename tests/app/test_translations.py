# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sentence the window can show has its Italian, and no Italian stays of a sentence that is gone."""

from __future__ import annotations

import ast
import re
import string
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.choices import in_words, readings_of
from app.layouts import FACTORY
from app.paths import RESOURCES
from app.settings import Settings
from app.translations import TsTranslator, language_of, line, read_ts, sentence
from engine import errors
from engine.generators.base import GeneratorSettings
from engine.generators.composer import theory
from engine.generators.composer.drums import PIECES
from engine.generators.composer.instruments import INSTRUMENTS
from engine.generators.composer.reading.figures import BARS_REFUSAL, METRE_REFUSAL, SWING_REFUSAL, TEMPO_REFUSAL
from engine.generators.composer.reading.reader import LEFT_OUT
from engine.generators.composer.reading.wordlists import word_lists
from engine.generators.composer.styles import styles
from engine.generators.registry import generators
from engine.generators.standard import KEYS, METRES, STANDARD, all_parameters
from engine.session.options import Happening
from engine.values import ReadingKind
from engine.values.along_options import ALONG_PLACES
from engine.values.options import OPTIONS
from widgets import figures

# Other distributions bring words of their own, in the language that they have.
OURS = [one for one in generators() if type(one).__module__.startswith("engine.")]
BARE = {"{names}", "{said}", "{said}?", "{said} → {names}", "{names}{said}"}
SAME_IN_ITALIAN = {
    *re.split(
        r",\s+",
        """swing, shuffle, grave, largo, larghetto, adagio, andante, andantino, moderato, allegretto, allegro, vivace,
        presto, prestissimo, ride, crash, tabla, taiko, timbales, surdo, cabasa, agogo, pandeiro, shaker, claves,
        boom, breakbeats, clavinet, bandoneon, ukulele, banjo, sitar, oud, koto, dulcimer, sub bass, 808, marimba,
        kalimba, glockenspiel, celesta, steel drum, pizzicato, viola, sax, oboe, trombone, tuba, synth, chip,
        theremin, drone, clap, tom, conga, timbale, clave, timpani, arpeggio, afrobeat, ambient, boom bap, bossa nova,
        chillwave, chiptune, country, cumbia, deep house, disco, drum and bass, dub, dubstep, folk, funk, hip hop,
        horror, house, italo disco, jazz, jazz trio, jungle, lofi, metal, minimal, punk, reggae, reggaeton, rock,
        samba, ska, soul, surf, synthpop, synthwave, tango, techno, trance, trap, vaporwave""",
    )
}
"""Names of tempos, instruments and styles that Italian musicians use as they are."""
ROOT = RESOURCES.parent
TRANSLATIONS = RESOURCES / "translations"
REFUSALS = (TEMPO_REFUSAL, METRE_REFUSAL, BARS_REFUSAL, SWING_REFUSAL, LEFT_OUT)
CALLS = {"tr": 0, "translate": 1, "QT_TRANSLATE_NOOP": 1, "Happening": 0, "Phrase": 0}
"""Calls that name a text to translate, and which argument it is."""


def spoken_texts() -> set[str]:
    """Return every text the sources hand to Qt's translation, every error's sentence, all that a generator declares."""
    texts = set()
    for folder in ("app", "widgets", "engine/session", "engine/generators/composer/reading"):
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
        ALONG_PLACES,
        STANDARD,
        *(all_parameters(one.capabilities()) for one in OURS),
    ):
        for parameter in parameters:
            texts |= {parameter.title, parameter.tooltip, parameter.unit, parameter.unset}
            # Keys are put into words one by one; metres are figures.
            is_option = parameter.name in OPTIONS
            texts |= {*parameter.titles, *parameter.ends}
            texts |= {choice for choice in parameter.choices if choice not in (*KEYS, *METRES) and not is_option}
    for short, reason in REFUSALS:
        texts |= {short, f"{short}: {reason}"}
    return {text for text in texts | read_names() - SAME_IN_ITALIAN if text.strip() and text not in BARE}


def read_names() -> set[str]:
    """Return every name that the composer may give to what it reads in a prompt."""
    lists = word_lists()
    found = {one.name for one in lists.feelings.values()}
    found |= {one.name for one in (*lists.sounds.values(), *lists.absent.values())}
    found |= {one.tag for one in INSTRUMENTS.values()} | {name.partition("_")[0] for name in PIECES}
    return found | {one.title for one in styles().values()}


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


@pytest.mark.gui
def test_what_is_read_in_a_prompt_is_told_in_italian(qapp: object, italian: dict[str, str]) -> None:
    from PySide6.QtCore import QCoreApplication, QLocale

    before = QLocale()
    application = QCoreApplication.instance()
    assert application is not None
    translator = TsTranslator(italian)
    application.installTranslator(translator)
    try:
        prompt = "dark lofi, no drums, 400 bpm, 8 bars, in F#, half time, electric piano, zyx, thunderstorm, less calm"
        QLocale.setDefault(QLocale("it"))
        said = in_words(readings_of(replace(Settings(), prompt=prompt)))
        others = in_words(readings_of(replace(Settings(), prompt="funk, 87.5 bpm, in a minor key, D dorian")))
    finally:
        QLocale.setDefault(before)
        application.removeTranslator(translator)
    assert {one.text for one in others} == {"funk", "87,5 bpm", "minore", "Re dorico"}
    assert {one.text for one in said} >= {
        "cupo", "lofi", "senza batteria", "400 bpm è fuori dai limiti", "8 battute", "Fa#", "tempo dimezzato",
        "piano elettrico", "zyx?", "meno calmo",
    }  # fmt: skip
    (near,) = (one.text for one in said if one.kind is ReadingKind.NEAREST)
    assert near.startswith("thunderstorm → cupo, acquazzone, grezzo")
    (refused,) = (one for one in said if one.kind is ReadingKind.REFUSED)
    assert refused.note == "400 bpm è fuori dai limiti: 30–300; si usa il tempo dello stile"
    # A click takes the word out of the prompt as it was typed.
    (calm,) = (one for one in said if one.text == "meno calmo")
    assert calm.without is not None
    assert "less calm" not in calm.without


def test_every_mode_that_the_composer_knows_has_a_name() -> None:
    assert {"major", "minor", *theory.MODES} == set(figures.MODES)


def test_every_model_has_its_licence_in_italian(italian: dict[str, str]) -> None:
    licences = {card.licence for one in generators() for card in one.capabilities().cards}
    assert len(licences) > 2
    assert licences - set(italian) == set()


def test_why_a_generator_is_missing_is_told_in_the_persons_language(
    italian: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("torch", "transformers", "diffusers"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setenv("PATH", str(tmp_path))
    hints = {}
    for one in OURS:
        try:
            one.check(GeneratorSettings())
        except errors.GeneratorMissing as error:
            hints[one.name] = error.fields["hint"]
    assert set(hints) >= {"musicgpt", "musicgen", "acestep", "stableaudio", "stableaudio3", "remote"}
    assert [name for name, hint in hints.items() if hint not in italian] == []
