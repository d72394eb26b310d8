# SPDX-License-Identifier: GPL-3.0-or-later
"""Each panel has a page of help in each language; what the pages name is there, and the keys do something."""

from __future__ import annotations

import re

import pytest

from app.layouts import DEFAULT
from app.paths import RESOURCES
from tests.app.guide.reading import HELP, LANGUAGES, headings, levels, links, pages, panels_by_key

ROOT = RESOURCES.parent
BESIDE_PANELS = (
    *("index", "prompt_bar", "transport_bar", "notice_bar"),
    *("setup", "save", "recipe", "statistics", "window", "welcome"),
)
"""Pages of what is no panel and takes the keyboard."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_panel_has_a_page_and_the_index_lists_it_with_its_key(language: str) -> None:
    texts = pages(language)
    assert {*DEFAULT.panels, *BESIDE_PANELS} <= set(texts)
    assert set(panels_by_key(texts["index"])) == set(DEFAULT.panels)
    linked = {link.removesuffix(".md") for link in links(texts["index"])}
    assert linked == set(texts) - {"index"}, "the index leads to every page"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_to_a_page(language: str) -> None:
    found = [(name, link) for name, text in pages(language).items() for link in links(text)]
    assert len(found) > 60
    assert [one for one in found if not (HELP / language / one[1]).is_file()] == []


def test_both_languages_tell_the_same_in_the_same_order() -> None:
    english, italian = pages("en"), pages("it")
    assert set(english) == set(italian)
    for name, text in english.items():
        assert levels(text) == levels(italian[name]), name
        assert links(text) == links(italian[name]), name
        assert text.count("\n|") == italian[name].count("\n|"), f"{name}: as many rows"
    untold = [name for name in english if headings(english[name])[1:] == headings(italian[name])[1:]]
    assert untold == [], "none is left in English"


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_short_enough_to_be_read_beside_the_panel(language: str) -> None:
    lengths = {name: len(re.findall(r"[^\W_]+", text)) for name, text in pages(language).items()}
    # How a session is composed, and what a prompt may say, is read once; in the list of all one looks something up.
    del lengths["composer"], lengths["index"]
    assert {name: n for name, n in lengths.items() if not 100 <= n <= 480} == {}


def test_files_that_the_pages_name_are_there() -> None:
    places = {place for text in pages("en").values() for place in re.findall(r"`(resources/[^`]*)`", text)}
    assert places
    assert [one for one in places if not (ROOT / one).exists()] == []


def test_the_readme_leads_to_the_pages() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\(resources/help/en/(\w+)\.md\)", readme))
    assert {"index", "composer", "own_sounds", "save", "library", "next", "output", "metrics"} <= linked
    assert "resources/help/it/index.md" in readme
    assert linked <= set(pages("en"))
