# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check the style files that come with the studio, and what is said of files that cannot be used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.generators.base import GeneratorSettings, finished
from engine.generators.composer import Composer
from engine.generators.composer.grooves import FILL_KINDS, shared_fills, shared_grooves
from engine.generators.composer.making import styles_folder
from engine.generators.composer.progressions import in_mode
from engine.generators.composer.prompt import read_prompt
from engine.generators.composer.styles import (
    STYLES_FOLDER,
    WRITTEN_ROLES,
    Style,
    StyleError,
    read_style,
    style_problems,
    styles,
)
from engine.generators.composer.theory import Key, chord
from engine.values import ClipRequest, MusicFacts

WORDS = [
    "lofi", "boom bap", "trap", "house", "deep house", "techno", "minimal", "trance", "drum and bass", "jungle",
    "dubstep", "ambient", "drone", "synthwave", "vaporwave", "chillwave", "synthpop", "italo disco", "funk", "soul",
    "disco", "reggae", "dub", "ska", "rock", "surf", "punk", "metal", "country", "folk", "jazz trio", "swing",
    "bossa nova", "samba", "afrobeat", "cumbia", "reggaeton", "tango", "waltz", "baroque", "minimalism",
    "cinematic", "horror", "chiptune", "music box",
]  # fmt: skip

STYLE = """\
title = "mine"
words = ["mine", "my own"]
hints = []
moods = ["calm"]
tempo = [80, 90]
swing = 0.1
human_ms = 5
modes = ["minor"]
colour = "triad"
bright = 1.0
minor = ["i iv V7 i", "i bVI iim7b5,V7/iv i"]
major = ["I V^3 IV V7"]

[lead]
notes = 4
rest = 0.3
scale = "full"

[mix]
room_s = 1.0
room_hz = 5000
drive = 0.5

[drums]
kit = "acoustic"
fill = "snare"
[[drums.pattern]]
kick = "X...x... X...x..."
snare = "....X... ....X..."

[[part]]
role = "bass"
instruments = ["upright bass"]
patterns = ["R---5--- R---a---"]
[[part]]
role = "chords"
instruments = ["accordion of glass|piano"]
patterns = ["X---x---x---x---"]
[part.metres]
"3/4" = ["X---x---x---"]
"""


def test_each_style_word_has_a_style_of_its_own() -> None:
    assert len(WORDS) == 45
    every = styles()
    for word in WORDS:
        assert read_prompt(word).style == word
    sounds = {repr((every[word].parts, every[word].drums)) for word in WORDS}
    assert len(sounds) == 45


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("dnb 174", "drum and bass"),
        ("drum'n'bass", "drum and bass"),
        ("d&b", "drum and bass"),
        ("valzer", "waltz"),
        ("musica barocca", "baroque"),
        ("un carillon", "music box"),
        ("synth pop", "synthpop"),
        ("minimal techno", "minimal"),
        ("deep house", "deep house"),
        ("surf rock", "surf"),
        ("nu disco", "disco"),
        ("italo disco", "italo disco"),
        ("dub reggae", "dub"),
        ("punk rock", "punk"),
        ("colonna sonora", "cinematic"),
    ],
)
def test_other_names_of_styles(prompt: str, name: str) -> None:
    assert read_prompt(prompt).style == name


def test_no_word_names_two_styles() -> None:
    for key in ("words", "hints"):
        words = [word for style in styles().values() for word in getattr(style, key)]
        assert len(words) == len(set(words))


def _numerals(progression: str) -> list[str]:
    return [numeral for bar in progression.split() for numeral in bar.split(",")]


@pytest.mark.parametrize("name", list(styles()))
def test_progressions_say_their_key(name: str) -> None:
    """A progression begins on the tonic, and no other chord is heard longer."""
    style = styles()[name]
    for is_minor, progressions in ((True, style.minor), (False, style.major)):
        key = Key(0, "minor" if is_minor else "major")
        for progression in progressions:
            shares: dict[int, float] = {}
            for bar in progression.split():
                chords = bar.split(",")
                for numeral in chords:
                    root = chord(numeral, key, style.colour).root
                    shares[root] = shares.get(root, 0.0) + 1.0 / len(chords)
            assert chord(_numerals(progression)[0], key, style.colour).root == 0, progression
            assert shares[0] >= max(shares.values()), progression


@pytest.mark.parametrize("name", list(styles()))
def test_each_mode_of_a_style_has_a_progression_in_that_mode(name: str) -> None:
    style = styles()[name]
    for mode in style.modes:
        key = Key(0, mode)
        for progression in in_mode(style.minor if key.is_minor else style.major, key):
            # A dominant brings its leading note along in every mode.
            own = [one for one in _numerals(progression) if "/" not in one and not one.startswith("V")]
            pitches = {pitch for one in own for pitch in chord(one, key, "triad").pitch_classes[:3]}
            assert pitches <= set(key.pitch_classes), mode


def test_a_mode_takes_its_own_progressions() -> None:
    dorian, minor = Key(2, "dorian"), Key(2, "minor")
    assert in_mode(("i IV i i", "i iv V7 i"), dorian) == ("i IV i i",)
    assert in_mode(("i IV i i", "i iv V7 i"), minor) == ("i iv V7 i",)
    assert in_mode(("i IV i i",), minor) == ("i IV i i",)


@pytest.mark.parametrize("name", list(styles()))
def test_turns_lead_somewhere(name: str) -> None:
    style = styles()[name]
    for mode, turns in (("minor", style.turns_minor), ("major", style.turns_major)):
        assert turns
        for turn in turns:
            for numeral in _numerals(turn):
                chord(numeral, Key(0, mode), style.colour)


@pytest.mark.parametrize("name", list(styles()))
def test_parts(name: str) -> None:
    style = styles()[name]
    for part in style.parts:
        assert bool(part.patterns) != (part.role in WRITTEN_ROLES)
        own = part.metres.get(style.metre)
        assert style.metre == "4/4" or part.role in WRITTEN_ROLES or part.role == "pad" or own, part.role


def test_shared_grooves_and_fills() -> None:
    for kind in FILL_KINDS:
        metres = {groove.metre for groove in shared_grooves()[kind]}
        if kind != "none":
            assert {"3/4", "6/8", "5/4", "7/8", "12/8"} <= metres, kind
            assert len(shared_fills()[kind]) >= 4
        for fill in shared_fills()[kind]:
            assert all(set(line[: len(line) // 2]) == {"."} for line in fill.lines.values()), (
                "the half of a bar is free"
            )
            assert any(set(line) != {"."} for line in fill.lines.values())


def test_a_style_without_grooves_in_a_metre_takes_shared_ones_of_its_kind() -> None:
    every = styles()
    techno, jazz, rock = (every[name].drums for name in ("techno", "jazz trio", "rock"))
    assert techno is not None
    assert jazz is not None
    assert rock is not None
    assert techno.grooves_in("7/8") == tuple(one for one in shared_grooves()["hats"] if one.metre == "7/8")
    assert all(groove in jazz.patterns for groove in jazz.grooves_in("5/4"))
    assert {groove.metre for groove in rock.grooves_in("9/8")} == {"4/4"}
    assert rock.fills == shared_fills()["toms"]


def test_the_waltz_is_in_three_and_yields_to_the_metre_asked_for() -> None:
    assert _facts("a sad viennese walzer").beats_per_bar == 3
    assert _facts("walzer in 4/4").beats_per_bar == 4


def _facts(prompt: str, settings: GeneratorSettings | None = None) -> MusicFacts:
    asked = ClipRequest(1, prompt, "composer", "", 6.0, 1)
    return finished(Composer().generate(asked, settings or GeneratorSettings())).facts


# --- files of one's own -----------------------------------------------------------------------------------------------


def _written(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    style = read_style(_written(tmp_path, STYLE))
    assert style.name == "mine"
    assert (style.metre, style.arc, style.turns_minor) == ("4/4", "wave", ())
    assert style.parts[1].instruments == ("piano",)
    assert style.parts[1].metres == {"3/4": ("X---x---x---",)}


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('title = "mine"', "title = mine", 1, "not TOML"),
        ('role = "chords"', 'role = "chords', 36, "not TOML"),
        ("tempo = [80, 90]", "tempo = [90, 80]", 5, "goes from 90 down to 80"),
        ("tempo = [80, 90]", "tempo = [80, 900]", 5, "900"),
        ("tempo = [80, 90]", "tempo = 80", 5, "two numbers"),
        ("swing = 0.1", 'swing = "much"', 6, "must be a number"),
        ("swing = 0.1", "swing = 4", 6, "between 0 and 1"),
        ("swing = 0.1", "sving = 0.1", 6, "perhaps “swing”"),
        ("bright = 1.0\n", "", 1, "“bright” is missing"),
        ("rest = 0.3\n", "", 14, "“rest” is missing in [lead]"),
        ('modes = ["minor"]', 'modes = ["minor", "minr"]', 8, "the mode “minr” is not known: perhaps “minor”"),
        ('"i bVI iim7b5,V7/iv i"]', '\n  "i bVI Q i"]', 12, "the chord “Q” is not a numeral"),
        ("I V^3 IV V7", "I V^4 IV V7", 12, "V^4"),
        ("I V^3 IV V7", "I V,,V7 IV", 12, "the chord “” is not"),
        ('scale = "full"', 'scale = "all"', 17, "the scale “all”"),
        ('kit = "acoustic"', 'kit = "acustic"', 25, "perhaps “acoustic”"),
        ('fill = "snare"', 'fill = "snares"', 26, "the kind of fill “snares”"),
        ("X...x... X...x...", "X...x... X...x..", 28, "15 steps, and a bar of 4/4 has 16"),
        ("....X... ....X...", "....X... ....Z...", 29, "the character “Z” means nothing"),
        ("snare =", "snair =", 29, "the drum “snair” is not known: perhaps “snare”"),
        ("[[drums.pattern]]\n", '[[drums.pattern]]\nmetre = "4/5"\n', 28, "the metre “4/5”"),
        ('["upright bass"]', '["upright base"]', 33, "perhaps “upright bass”"),
        ("R---5--- R---a---", "R---5--- R---X---", 34, "“X” means nothing"),
        ('role = "chords"', 'role = "cords"', 36, "the role “cords” is not known: perhaps “chords”"),
        ("|piano", "", 37, "the instrument “accordion of glass”"),
        ('"X---x---x---"', '"X---x---x---x---"', 40, "16 steps, and a bar of 3/4 has 12"),
        ("[lead]", "[leed]", 1, "[lead]"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in STYLE
    path = _written(tmp_path, STYLE.replace(old, new, 1))
    with pytest.raises(StyleError) as caught:
        read_style(path)
    message = str(caught.value)
    assert words in message
    assert message.startswith(f"mine.toml, line {line}: "), message
    assert "\n" not in message
    assert message.endswith(".")
    assert style_problems(tmp_path) == (message,)
    assert list(styles(tmp_path)) == list(styles())


def test_files_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b'title = "x"\nwords = ["\xff"]\n')
    (tmp_path / "b.toml").write_bytes(b"#" * 300_000)
    (tmp_path / "c.toml").symlink_to(tmp_path / "nowhere")
    first, second = style_problems(tmp_path)
    assert first == "a.toml, line 2: the text is not UTF-8."
    assert second.startswith("b.toml, line 1: the file has 300000 bytes")
    assert style_problems(tmp_path / "nowhere") == (f"There is no folder of styles at “{tmp_path / 'nowhere'}”.",)
    assert styles(tmp_path / "nowhere") == styles()


def test_own_styles_come_over_the_built_in_ones(tmp_path: Path) -> None:
    _written(tmp_path, STYLE)
    _written(tmp_path, STYLE.replace('"mine", "my own"', '"lofi"'), "lofi.toml")
    _written(tmp_path, STYLE.replace('"mine", "my own"', '"ninna nanna"'), "cradle_song.toml")
    every = styles(tmp_path)
    assert style_problems(tmp_path) == ()
    assert set(every) == {*styles(), "mine", "cradle song"}
    assert every["lofi"].title == "mine"
    assert "ninna nanna" not in every["music box"].words
    assert read_prompt("ninna nanna", every).style == "cradle song"
    assert read_prompt("my own", every).style == "mine"
    assert read_prompt("my own").style is None


def test_two_own_files_with_one_word(tmp_path: Path) -> None:
    _written(tmp_path, STYLE, "a.toml")
    _written(tmp_path, STYLE.replace('"mine", "my own"', '"other", "my own"'), "b.toml")
    assert style_problems(tmp_path) == ("b.toml, line 2: the word “my own” is also one of the style “mine”.",)
    assert set(styles(tmp_path)) == {*styles(), "a"}


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    path = _written(tmp_path, STYLE)
    assert styles(tmp_path)["mine"].swing == 0.1
    path.write_text(STYLE.replace("swing = 0.1", "swing = 0.2"), "utf-8")
    os.utime(path, ns=(1, 1))
    assert styles(tmp_path)["mine"].swing == 0.2
    path.unlink()
    assert "mine" not in styles(tmp_path)


def test_the_composer_plays_own_styles(tmp_path: Path) -> None:
    _written(tmp_path, STYLE)
    settings = GeneratorSettings().with_values("composer", {"styles": str(tmp_path)})
    assert _facts("my own", settings).tags[0] == "mine"
    assert _facts("my own").tags[0] != "mine"


def test_a_built_in_file_that_is_wrong_is_refused() -> None:
    assert len(list(STYLES_FOLDER.glob("*.toml"))) == len(styles())
    assert all(isinstance(style, Style) for style in styles().values())


def test_a_folder_of_styles_that_cannot_be_is_none() -> None:
    settings = GeneratorSettings().with_values("composer", {"styles": "~nosuchuser/styles"})
    folder = styles_folder(settings)
    assert folder is not None
    assert styles(folder) == styles()
    assert "nosuchuser" in style_problems(folder)[0]
