# SPDX-License-Identifier: GPL-3.0-or-later
"""Each verb that is declared has one handler, each handler a verb, and a word that is none is told the nearest."""

from __future__ import annotations

from collections import Counter

import pytest

from app.control.file_verbs import FileVerbs
from app.control.setting_verbs import SettingVerbs
from app.control.steering import Steering
from app.control.transport_verbs import TransportVerbs
from app.control.verbs import SYNONYMS, VERBS, help_lines, verb_named
from engine.errors import UnknownVerb


def test_every_verb_has_a_handler_in_one_group_and_no_group_another() -> None:
    groups = (Steering, TransportVerbs, FileVerbs, SettingVerbs)
    handlers = Counter(name.removeprefix("do_") for group in groups for name in vars(group) if name.startswith("do_"))
    told = {name for name, verb in VERBS.items() if not verb.is_local}
    assert handlers == Counter(told)


def test_synonyms_mean_verbs_and_hide_none() -> None:
    assert set(SYNONYMS.values()) <= set(VERBS)
    assert not set(SYNONYMS) & set(VERBS)
    for word, name in SYNONYMS.items():
        assert verb_named(f" {word.upper()} ").name == name


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("nxt", "perhaps “next”"),
        ("STAR", "perhaps “start”"),
        ("candidat", "perhaps “candidate”"),
        ("sl", "perhaps “sleep”"),
        ("fly", "“help” lists"),
        ("", "“help” lists"),
    ],
)
def test_a_word_that_is_none_is_told_the_nearest(word: str, hint: str) -> None:
    with pytest.raises(UnknownVerb, match=hint):
        verb_named(word)


def test_help_has_a_line_for_each() -> None:
    lines = help_lines()
    assert len(lines) == len(VERBS)
    assert all(verb.help in line for verb, line in zip(VERBS.values(), lines, strict=True))
    assert not any(verb.help.endswith(".") or not verb.help[0].islower() for verb in VERBS.values())
    assert help_lines("q") == [f"quit  {VERBS['quit'].help}"]
    with pytest.raises(UnknownVerb):
        help_lines("fly")
