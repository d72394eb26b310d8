# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check the word lists that come with the studio, and what is said of a list that is wrong."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from engine.generators.composer.drums import KITS
from engine.generators.composer.prompt import read_prompt
from engine.generators.composer.reading.lexicon import Lexicon, Meaning, lexicon, stem
from engine.generators.composer.reading.sounds import played
from engine.generators.composer.reading.text import PlainText, plain_phrase
from engine.generators.composer.reading.wordlists import WORDS_FOLDER, word_lists
from engine.generators.composer.styles import styles

SOUNDS = {sound.name: sound for sound in word_lists().sounds.values()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the word lists, in which a test writes."""
    return Path(shutil.copytree(WORDS_FOLDER, tmp_path / "words"))


@pytest.mark.parametrize("name", list(SOUNDS))
def test_every_sound_of_the_lists_is_played_by_something(name: str) -> None:
    sound = SOUNDS[name]
    assert sound.role or sound.kit in KITS or any(played(sound))


def test_every_word_of_the_lists_is_understood() -> None:
    lists = word_lists()
    near = [phrase for phrase in lists.near if " " not in phrase]
    for phrase in (*lists.feelings, *lists.sounds, *lists.absent, *lists.metres, *near):
        assert read_prompt(phrase).unknown == (), phrase


def test_the_thesaurus_has_some_hundreds_of_words() -> None:
    assert len(word_lists().near) > 500


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("moods.toml", '\n[odd]\nen = ["odd"]\nmoods = ["grumpy"]\n', "line 4: unknown mood: grumpy"),
        ("feel.toml", '\n[odd]\nen = ["odd"]\nenergy = 3\n', "line 2: “odd” has energy 3, which is not in -1 to 1"),
        ("feel.toml", '\n[odd]\nen = ["odd"]\nenergy = "x"\n', "line 2: “odd” has something that is not a number: x"),
        ("feel.toml", '\n[odd]\nen = ["odd"]\nsparkle = 1\n', "line 4: “odd” has an unknown field: sparkle"),
        ("feel.toml", '\n[odd]\nen = "odd"\n', "line 2: “odd” has something that is not a list of words"),
        ("feel.toml", '\n[odd]\nen = ["odd"]\n[even]\nit = ["odd"]\n', "line 5: “odd” is there twice"),
        ("drums.toml", '\n[odd]\nen = ["odd"]\nrole = "boss"\n', "line 4: unknown role: boss"),
        ("instruments.toml", '\nodd = 3\n', "line 2: “odd” is not a table, as in [odd]"),
        ("metres.toml", '\n[odd]\nen = ["odd"]\n', "line 2: “odd” is not a metre such as 3/4"),
        ("modes.toml", '\n[odd]\nen = ["odd"]\n', "line 2: unknown mode: odd"),
        ("grammar.toml", '\n[odd]\nen = ["odd"]\n', "line 2: unknown list: odd"),
        ("thesaurus.toml", '\n"calm, odd" = ["yurt"]\n', "line 2: unknown target: odd"),
        ("thesaurus.toml", '\n"calm" = ["yurt"]\n"calm" = ["igloo"]\n', "line 3"),
        ("extra.toml", '\n[odd]\nen = ["odd"]\n', "line 2: no such word list as “extra”: it would not be read"),
    ],
)  # fmt: skip
def test_a_wrong_list_is_told_with_file_and_line(folder: Path, file: str, text: str, sentence: str) -> None:
    (folder / file).write_text(text, "utf-8")
    with pytest.raises(ValueError, match=f"^word list {re.escape(file)}.*{re.escape(sentence)}"):
        word_lists(folder)


def test_a_word_is_added_without_python(folder: Path) -> None:
    path = folder / "moods.toml"
    path.write_text(path.read_text("utf-8") + '\n[jaunty]\nen = ["jaunty"]\nit = ["brioso"]\nenergy = 0.4\n', "utf-8")
    assert word_lists(folder).feelings["brioso"].energy == 0.4


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("guitar", "guitars"),
        ("chitarra", "chitarre"),
        ("calmo", "calma"),
        ("fabbrica", "fabbriche"),
        ("house", "houses"),
    ],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("brass", "bras"), ("bass", "bas"), ("trap", "traps tap"), ("808", "808s")])
def test_other_words_have_other_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("slip", "known"),
    [("tecno", "techno"), ("synthwve", "synthwave"), ("melnacholic", "melancholic"), ("agressive", "aggressive"),
     ("amient", "ambient"), ("vibraphon", "vibraphone")],
)  # fmt: skip
def test_slips_are_found(slip: str, known: str) -> None:
    found = lexicon(styles()).misspelt(slip)
    assert found is not None
    assert found.phrase == known


@pytest.mark.parametrize("word", ["horse", "sand", "jizz", "hose", "boss", "rocket", "zxqvwy"])
def test_a_word_of_its_own_is_no_slip(word: str) -> None:
    assert lexicon(styles()).misspelt(word) is None


def test_the_longest_phrase_wins() -> None:
    found = Lexicon([Meaning("piano", mode="short"), Meaning("electric piano", mode="long")])
    for prompt, count, mode in (("electric piano", 2, "long"), ("Electric-Pianos", 2, "long"), ("piano", 1, "short")):
        longest = found.longest(PlainText(prompt).words, 0)
        assert longest is not None
        assert (longest[0], longest[1].mode) == (count, mode)
    assert found.longest(PlainText("electric, piano").words, 0) is None


def test_accents_and_typography_make_no_difference() -> None:
    assert plain_phrase("Un po’ d’ÀRIA — più") == ("un", "po", "d", "aria", "piu")


@pytest.mark.parametrize("prompt", ["a — b", "ﬁne… “x”", "e\u0301\u0301a", "½ İ ß", "\u0301", "🎹 piano"])
def test_each_word_knows_its_place(prompt: str) -> None:
    text = PlainText(prompt)
    spans = [text.span(word.start, word.end) for word in text.words]
    assert all(0 <= start < end <= len(prompt) for start, end in spans)
    assert spans == sorted(spans)
