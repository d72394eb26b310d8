# SPDX-License-Identifier: GPL-3.0-or-later
"""This module speaks the person's language: Qt Linguist ``.ts`` files are read as they are, not compiled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLibraryInfo, QLocale, QObject, Qt, QTranslator

from widgets.figures import Figure, key_name

if TYPE_CHECKING:
    from engine.errors import StudioError
    from engine.session.options import Happening
    from engine.values import Phrase

LANGUAGES = ("en", "it")
"""Languages of the studio. To add one: ``resources/translations/CODE.ts``, its code here, its name in the settings."""


# What errors name as their cause, where the words are known beforehand; others stay in English.
DETAILS = (
    QT_TRANSLATE_NOOP(
        "StudioError",
        "get it from https://github.com/gabotechs/MusicGPT and put it on the PATH, "
        "or name its file in SETUP or in INFINILOOP_MUSICGPT",
    ),
    QT_TRANSLATE_NOOP(
        "StudioError",
        "say in SETUP, or with --set addresses=… at a terminal, where it is, as 192.168.1.20:8420; "
        "“infiniloop serve” is what runs there",
    ),
    QT_TRANSLATE_NOOP("StudioError", "“infiniloop models setup musicgen” installs what it runs on"),
    QT_TRANSLATE_NOOP("StudioError", "“infiniloop models setup diffusion” installs what it runs on"),
    QT_TRANSLATE_NOOP("StudioError", "it gave the clip up"),
    QT_TRANSLATE_NOOP("StudioError", "it is shorter than 16 characters"),
    QT_TRANSLATE_NOOP("StudioError", "it holds more than one word of letters, digits and signs"),
    QT_TRANSLATE_NOOP("StudioError", "the system names no default output"),
    QT_TRANSLATE_NOOP("StudioError", "the system lists none"),
    QT_TRANSLATE_NOOP("StudioError", "it is gone or no longer takes sound"),
    QT_TRANSLATE_NOOP("StudioError", "the folder is read-only"),
    QT_TRANSLATE_NOOP("StudioError", "its audio file is cut short"),
    QT_TRANSLATE_NOOP("StudioError", "its audio file is empty"),
    QT_TRANSLATE_NOOP("StudioError", "instead of an audio file it left a link"),
    QT_TRANSLATE_NOOP("StudioError", "instead of an audio file it left a folder"),
    QT_TRANSLATE_NOOP("StudioError", "instead of an audio file it left a pipe, a socket or a device"),
    QT_TRANSLATE_NOOP("StudioError", "its audio file cannot be read (it is no WAV file)"),
    QT_TRANSLATE_NOOP("StudioError", "it wrote more than 256 MB of messages and was stopped"),
    QT_TRANSLATE_NOOP("StudioError", "no starter loop was found"),
    QT_TRANSLATE_NOOP("StudioError", "FluidSynth’s library is not installed"),
    QT_TRANSLATE_NOOP("StudioError", "it is no SoundFont, or it is damaged"),
    QT_TRANSLATE_NOOP("StudioError", "no kit is called like its folder"),
    QT_TRANSLATE_NOOP("StudioError", "no drum is called so"),
    QT_TRANSLATE_NOOP("StudioError", "it is silent"),
    QT_TRANSLATE_NOOP("StudioError", "there are no drums in it"),
    QT_TRANSLATE_NOOP("StudioError", "it has too many sounds for a folder of drums"),
    QT_TRANSLATE_NOOP("StudioError", "more of its sounds cannot be played as drums"),
    QT_TRANSLATE_NOOP("StudioError", "it cannot be read"),
    QT_TRANSLATE_NOOP("StudioError", "there is no sound in it"),
    QT_TRANSLATE_NOOP("StudioError", "it is shorter than the loop of its recipe"),
    QT_TRANSLATE_NOOP("StudioError", "it is a folder"),
    QT_TRANSLATE_NOOP("StudioError", "it is a file, not a folder"),
    QT_TRANSLATE_NOOP("StudioError", "there is no user of that name"),
    QT_TRANSLATE_NOOP("StudioError", "it holds what no path can hold"),
    QT_TRANSLATE_NOOP("StudioError", "it is too long"),
    QT_TRANSLATE_NOOP("StudioError", "it does not begin with “/” or “~”"),
    QT_TRANSLATE_NOOP("StudioError", "it is not a regular file"),
    QT_TRANSLATE_NOOP("StudioError", "it holds no settings"),
    QT_TRANSLATE_NOOP("StudioError", "the data folder"),
    QT_TRANSLATE_NOOP("StudioError", "the music folder"),
    QT_TRANSLATE_NOOP("StudioError", "the models folder"),
    QT_TRANSLATE_NOOP("StudioError", "the folder of fragments"),
    QT_TRANSLATE_NOOP("StudioError", "no network"),
    QT_TRANSLATE_NOOP("StudioError", "it does not answer"),
    QT_TRANSLATE_NOOP("StudioError", "it answers something else"),
    QT_TRANSLATE_NOOP("StudioError", "the connection was cut"),
    QT_TRANSLATE_NOOP("StudioError", "it cannot be written"),
    QT_TRANSLATE_NOOP("StudioError", "it is the system's own Python"),
    QT_TRANSLATE_NOOP("StudioError", "Permission denied"),
    QT_TRANSLATE_NOOP("StudioError", "No space left on device"),
    QT_TRANSLATE_NOOP("StudioError", "No such file or directory"),
    QT_TRANSLATE_NOOP("StudioError", "Read-only file system"),
    QT_TRANSLATE_NOOP("StudioError", "Not a directory"),
    QT_TRANSLATE_NOOP("StudioError", "Input/output error"),
    QT_TRANSLATE_NOOP(
        "StudioError", "made again it sounds different, as its generator, a style, a SoundFont or a drum has changed"
    ),
    QT_TRANSLATE_NOOP("StudioError", "it cannot be made again from its recipe"),
    QT_TRANSLATE_NOOP("StudioError", "its generator stopped"),
    QT_TRANSLATE_NOOP("StudioError", "its parts do not sum to it"),
    QT_TRANSLATE_NOOP("StudioError", "its generator gave no parts"),
    QT_TRANSLATE_NOOP("StudioError", "nothing is heard in it"),
    # The processes that end and are started again; the audio's is called the same everywhere.
    QT_TRANSLATE_NOOP("StudioError", "analysis"),
    QT_TRANSLATE_NOOP("StudioError", "library"),
    QT_TRANSLATE_NOOP("StudioError", "composer"),
    QT_TRANSLATE_NOOP("StudioError", "musicgpt"),
    QT_TRANSLATE_NOOP("StudioError", "part maker"),
    QT_TRANSLATE_NOOP("StudioError", "sounds"),
    QT_TRANSLATE_NOOP("StudioError", "models"),
)
KEYS = ("key", "asked_key")
"""Names of fields that hold musical keys."""
KNOWN_WORDS = ("detail", "hint", "worker", "name", "generator")
"""Names of fields, of errors and of console lines, that may hold words which have a translation."""


def read_ts(path: Path) -> dict[str, str]:
    """Return source texts with their translations from a Qt Linguist file, without unfinished entries."""
    words: dict[str, str] = {}
    for message in ET.parse(path).getroot().iter("message"):
        source, translation = message.findtext("source"), message.find("translation")
        if source and translation is not None and translation.get("type") is None and translation.text:
            words[source] = translation.text
    return words


class TsTranslator(QTranslator):
    """This translator looks up a ``.ts`` file, whatever the context: one source text has one translation."""

    def __init__(self, words: dict[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words

    def isEmpty(self) -> bool:
        return not self._words

    def translate(self, _context: str, source: str, _disambiguation: str | None = None, _n: int = -1) -> str | None:
        # No answer (an empty one would be shown) tells Qt to ask the next translator, and at last to use the source.
        return self._words.get(source)


def language_of(setting: str) -> str:
    """Return the language to speak: the setting's, or the system's when that is one of ours, or English."""
    if setting in LANGUAGES:
        return setting
    for name in QLocale.system().uiLanguages():
        code = name.partition("-")[0]
        if code in LANGUAGES:
            return code
    return "en"


def spoken_language() -> str:
    """Return the language that the application speaks."""
    return QLocale().name().partition("_")[0]


def install(application: QCoreApplication, folder: Path, language: str) -> None:
    """Make the application speak ``language`` from now on; what is shown already stays as it is."""
    for one in application.findChildren(QTranslator, options=Qt.FindChildOption.FindDirectChildrenOnly):
        application.removeTranslator(one)
        one.deleteLater()
    QLocale.setDefault(QLocale(language))
    if language != "en":
        # Qt's own words: file dialogs, the menu of a text field.
        own = QTranslator(application)
        if own.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            application.installTranslator(own)
        application.installTranslator(TsTranslator(read_ts(folder / f"{language}.ts"), application))


def sentence(error: StudioError) -> str:
    """Return an error in the person's language, its cause too where that is known."""
    return QCoreApplication.translate("StudioError", error.template).format(**_written(error.fields))


def line(happening: Happening) -> str:
    """Return a console line in the person's language."""
    return QCoreApplication.translate("Happening", happening.template).format(**_written(happening.fields))


def spoken(phrase: Phrase) -> str:
    """Return a phrase in the person's language, and the names in it."""
    names = ", ".join(QCoreApplication.translate("Reading", name) for name in phrase.names)
    said = phrase.said
    if "bpm" in phrase.template:
        said = f"{Figure(said):g}"
    return QCoreApplication.translate("Reading", phrase.template).format(said=said, names=names)


def _written(fields: dict[str, object]) -> dict[str, object]:
    """Return the fields as they are read: figures in the person's way, words in the person's language."""
    written = {name: Figure(value) if isinstance(value, float) else value for name, value in fields.items()}
    for name in KEYS:
        if isinstance(key := written.get(name), str):
            written[name] = key_name(key)
    for name in KNOWN_WORDS:
        if isinstance(words := written.get(name), str) and words:
            written[name] = QCoreApplication.translate("StudioError", words)
    return written
