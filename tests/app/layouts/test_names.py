# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check layouts as values: the studio's are whole, and a person's own are kept as they were saved."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import layouts
from app.layout_names import name_refusal
from app.layouts import DEFAULT, FACTORY, INSPECT, LISTEN, MAX_NAME_CHARACTERS, MAX_OWN, States
from app.settings import Settings, read_settings, save_settings

names = st.text(min_size=1, max_size=MAX_NAME_CHARACTERS).filter(layouts.is_name)
states_of_few = st.lists(
    st.tuples(names, st.just("abc;def")), max_size=MAX_OWN, unique_by=lambda one: one[0].casefold()
)
FULL: States = tuple((f"mine {at}", "") for at in range(MAX_OWN))


@pytest.mark.parametrize("layout", FACTORY.values(), ids=list(FACTORY))
def test_every_arrangement_of_a_layout_shows_the_same_panels_once(layout: layouts.Layout) -> None:
    shown = set(layout.arrangements[0].docks)
    for one in layout.arrangements:
        assert sorted(one.docks) == sorted(shown)
    assert set(layout.panels) <= set(DEFAULT.panels), "the default says where each stands"


def test_a_listener_is_shown_less_than_who_inspects() -> None:
    assert set(LISTEN.panels) < set(INSPECT.panels)
    assert {"now_playing", "next", "library", "output"} <= set(LISTEN.panels)


def test_a_layout_of_some_panels_has_no_empty_places() -> None:
    few = INSPECT.only(("waveform", "next", "console"))
    assert few.panels == ("waveform", "console", "next")
    for one in few.arrangements:
        assert sorted(one.docks) == ["console", "next"]
        assert all(group for groups in (one.left, one.right, one.bottom) for group in groups)


def test_with_no_picture_in_the_middle_nothing_stands_below_it() -> None:
    bare = INSPECT.only([name for name in INSPECT.panels if name not in INSPECT.pictures])
    for one, whole in zip(bare.arrangements, INSPECT.arrangements, strict=True):
        assert not one.bottom
        assert sorted(one.docks) == sorted(whole.docks)
    assert bare.arrangements[0].right[-1] == ("metrics", "live", "transition", "console", "score_map", "seam_scope")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "The name is empty: type what the layout is to be called."),
        ("x" * 41, "The name has 41 characters and may have 40: shorten it."),
        ("Evening", "There is already a layout named “Evening”: choose another name."),
        ("EVENING", "There is already a layout named “EVENING”: choose another name."),
        ("Listen", "There is already a layout named “Listen”: choose another name."),
        ("inspect", "There is already a layout named “inspect”: choose another name."),
        ("a\u200bb\x07", "The name holds what cannot be shown: type it by hand."),
        ("Evening & morning", ""),
        ("夕方", ""),
        ("x" * 40, ""),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_one_sentence(name: str, words: str) -> None:
    assert name_refusal(name, (("Evening", "abc"), ("inspect", "def"))) == words


def test_a_layout_can_keep_its_name_and_change_its_case_but_not_take_anothers() -> None:
    states: States = (("Evening", ""), ("Morning", ""))
    assert name_refusal("Evening", states, instead_of="Evening") == ""
    assert name_refusal("EVENING", states, instead_of="Evening") == ""
    assert "Morning" in name_refusal("Morning", states, instead_of="Evening")


def test_there_is_room_for_so_many_and_no_more() -> None:
    assert name_refusal("one more", FULL[:-1]) == ""
    assert name_refusal("one more", FULL).startswith(f"You have {MAX_OWN} layouts of your own")
    assert name_refusal("another name", FULL, instead_of="mine 3") == "", "a name is changed, none is added"


@given(states_of_few, names)
def test_what_is_saved_is_there_until_it_is_deleted(kept: list[tuple[str, str]], name: str) -> None:
    before = layouts.without(tuple(kept), name)
    after = layouts.with_state(before, name, "state")
    assert layouts.state_of(after, name) == "state"
    assert after[: len(before)] == before
    assert layouts.without(after, name) == before
    assert layouts.state_of(layouts.with_state(after, name, "another"), name) == "another"
    assert len(layouts.with_state(after, name, "another")) == len(after)


@given(states_of_few)
@settings(deadline=None)
def test_settings_keep_layouts_as_they_are(home: Path, kept: list[tuple[str, str]]) -> None:
    path = home / "kept layouts" / "settings.json"
    stored = replace(Settings(), layouts=tuple(kept), layout=kept[0][0] if kept else "listen")
    save_settings(path, stored)
    loaded = read_settings(path)
    assert loaded.trouble is None
    assert loaded.settings == stored


@pytest.mark.parametrize(
    "stored",
    [
        7,
        "Evening",
        {"Evening": "abc"},
        [["Evening"]],
        [["Evening", 7]],
        [["", "abc"]],
        [["x" * 41, "abc"]],
        [[" Evening", "abc"]],
        [["Evening", "abc"], ["EVENING", "abc"]],
        [["Evening", "a b"]],
        [["Evening", "a" * 70_000]],
        [[f"mine {at}", ""] for at in range(MAX_OWN + 1)],
        [[["Evening"], "abc"]],
    ],
    ids=lambda stored: str(stored)[:30],
)
def test_layouts_that_cannot_be_are_told_and_left_out(tmp_path: Path, stored: object) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"prompt": "rain", "layouts": stored}))
    loaded = read_settings(path, aside=True)
    assert loaded.settings == replace(Settings(), prompt="rain")
    assert loaded.trouble is not None
    assert "layouts = " in str(loaded.trouble)


def test_a_layout_that_is_gone_gives_way_to_the_default() -> None:
    assert layouts.in_use("Evening", (("Evening", ""),)) == "Evening"
    assert layouts.in_use("Evening", ()) == DEFAULT.name
    assert layouts.in_use("listen", ()) == "listen"
