# SPDX-License-Identifier: GPL-3.0-or-later
"""The studio starts with anything in the settings file's place: what cannot be used is told and kept aside."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.choices import studio_options
from app.settings import Settings, load_settings, read_settings, save_settings
from app.settings_file import MAX_BYTES
from app.translations import LANGUAGES
from engine.errors import SettingsOdd, SettingsUnreadable
from engine.library.audiofile import WRITTEN_FORMATS
from engine.values import TRANSITION_LENGTHS, options
from engine.values.options import OPTIONS
from engine.values.save_options import SAVE_FORMAT

NAMES = [one.name for one in fields(Settings)]
DEEP = "[" * 100_000 + "]" * 100_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def kept_beside(path: Path) -> list[Path]:
    return [one for one in path.parent.iterdir() if one != path]


def test_the_choices_are_those_of_the_dialogs() -> None:
    assert SAVE_FORMAT.choices == tuple(WRITTEN_FORMATS)
    assert set(options.LANGUAGE.choices) == {"system", *LANGUAGES}


@pytest.mark.parametrize(
    "odd",
    [
        '"duration_s": ' + "9" * 400,
        '"duration_s": ' + "9" * 100_000,
        '"duration_s": -1e400',
        '"latency_ms": NaN',
        '"volume_db": Infinity',
        f'"device": {DEEP}',
        f'"window_state": {DEEP}',
        '"language": {"a": [[[{"b": "]}"}]]]}',
        '"musicgpt_path": "~musicgpt"',
        '"musicgpt_path": "nul\\u0000inside"',
        '"data_folder": "raw \0 nul"',
        '"data_folder": "~nosuchuser/takes"',
        '"save_folder": "relative/folder"',
        '"save_folder": "/' + "x" * 256 + '"',
        '"save_folder": "/' + "x/" * 3000 + '"',
        '"loop_words": "half a surrogate \\ud800"',
        '"language": "xx"',
        '"generator": "orchestra"',
        '"model": "huge"',
        '"save_format": ".mp3"',
        '"device": ["ALSA", "nul\\u0000"]',
        '"device": ["ALSA"]',
        '"loop_words": "' + "x" * 5000 + '"',
        '"window_geometry": "città"',
        '"window_state": "' + "A" * 100_000 + '"',
        '"transition_bars": true',
        '"add_loop_words": 1',
    ],
)
def test_one_value_that_cannot_be_costs_only_itself(path: Path, odd: str) -> None:
    content = f'{{"prompt": "jazz", {odd}, "overlap_ms": 250}}'.encode()
    path.write_bytes(content)
    loaded = read_settings(path, aside=True)
    assert loaded.settings == replace(Settings(), prompt="jazz", overlap_ms=250.0)
    assert isinstance(loaded.trouble, SettingsOdd)
    told = str(loaded.trouble)
    assert odd.partition(":")[0].strip('"') in told
    assert len(told) < 500
    assert told.isprintable()
    (kept,) = kept_beside(path)
    assert kept.name.startswith("settings.json.bad-")
    assert kept.read_bytes() == content
    assert str(kept) in told
    # The next start before anything was written finds it kept already.
    assert read_settings(path, aside=True) == loaded or str(kept) in str(read_settings(path, aside=True).trouble)
    assert kept_beside(path) == [kept]


def test_several_are_told_in_one_sentence(path: Path) -> None:
    path.write_text('{"language": 7, "prompt": [], "volume_db": "loud"}')
    trouble = read_settings(path).trouble
    assert "prompt = [], volume_db = 'loud', language = 7; the file" in str(trouble)
    assert kept_beside(path) == [], "who only reads keeps nothing"


def test_bytes_that_are_no_text_cost_only_their_value(path: Path) -> None:
    path.write_bytes('{"prompt": "citt\xe0", "save_folder": "/home/M\xfcsic", "overlap_ms": 250}'.encode("latin-1"))
    loaded = read_settings(path)
    assert loaded.settings.prompt == Settings().prompt
    assert loaded.settings.overlap_ms == 250.0
    # A folder's name is bytes.
    assert os.fsencode(loaded.settings.save_folder) == b"/home/M\xfcsic"
    save_settings(path, loaded.settings)
    assert load_settings(path) == loaded.settings
    path.write_bytes("\ufeff".encode() + b'{"prompt": "jazz"}')
    assert read_settings(path).settings.prompt == "jazz"


def test_a_folder_may_begin_with_the_home_folder(path: Path, home: Path) -> None:
    path.write_text('{"data_folder": "~/takes", "musicgpt_path": "~/musicgpt"}')
    assert load_settings(path) == replace(
        Settings(), data_folder=f"{home}/takes", generator_parameters={"musicgpt": {"path": "~/musicgpt"}}
    )


NO_SETTINGS = (
    *(b"", b"{", b"[]", b"null", b"7", b"\xff\xfe{\0}\0", b'{"a": 1}}'),
    *(DEEP.encode(), b"{" * 100_000, b'{"a"' * 50_000, b" " * (MAX_BYTES + 1)),
)


@pytest.mark.parametrize("content", NO_SETTINGS)
def test_what_is_no_settings_is_set_aside_as_it_was(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    loaded = read_settings(path, aside=True)
    assert loaded.settings == Settings()
    assert isinstance(loaded.trouble, SettingsUnreadable)
    (kept,) = kept_beside(path)
    assert not path.exists()
    assert kept.read_bytes() == content
    save_settings(path, loaded.settings)
    assert read_settings(path, aside=True).trouble is None


@pytest.mark.parametrize("what", ["folder", "pipe", "link to a device", "link to itself", "huge", "not ours to read"])
def test_what_is_no_file_is_set_aside(path: Path, what: str) -> None:
    if what == "folder":
        (path / "inner").mkdir(parents=True)
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "link to a device":
        path.symlink_to("/dev/zero")
    elif what == "link to itself":
        path.symlink_to(path)
    elif what == "huge":
        path.touch()
        os.truncate(path, 2**40)
    else:
        path.write_text('{"prompt": "jazz"}')
        path.chmod(0)
        if os.access(path, os.R_OK):
            pytest.skip("root reads everything")
    began_s = time.monotonic()
    assert load_settings(path) == Settings()
    loaded = read_settings(path, aside=True)
    assert time.monotonic() - began_s < 5.0
    assert loaded.settings == Settings()
    assert isinstance(loaded.trouble, SettingsUnreadable)
    (kept,) = kept_beside(path)
    assert str(kept) in str(loaded.trouble)
    save_settings(path, replace(Settings(), prompt="jazz"))
    assert load_settings(path).prompt == "jazz"


def test_what_cannot_be_kept_aside_is_told_where_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path.write_text("{")
    monkeypatch.setattr(Path, "rename", refuse)
    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert f"what was there is “{path}”" in str(read_settings(path, aside=True).trouble)
    path.write_text('{"prompt": 7}')
    assert f"the file as it was is “{path}”" in str(read_settings(path, aside=True).trouble)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
STORED = st.dictionaries(st.sampled_from([*NAMES, "gone"]), ANYTHING, max_size=8)


def is_usable(value: Settings) -> bool:
    stored = asdict(value)
    right_types = [isinstance(stored[name], type(default)) for name, default in asdict(Settings()).items() if default]
    return (
        all(right_types)
        and all(option.checked(stored[name]) == stored[name] for name, option in OPTIONS.items())
        and stored["transition_bars"] in TRANSITION_LENGTHS
    )


@given(stored=STORED)
@example(stored={"duration_s": 10**400, "prompt": "\ud800\0"})
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_gives_settings_that_can_be_used_and_written(path: Path, stored: dict[str, Any]) -> None:
    path.write_text(json.dumps(stored), encoding="utf-8")
    loaded = read_settings(path)
    assert is_usable(loaded.settings)
    studio_options(loaded.settings)
    odd = [
        name
        for name in stored
        if name in NAMES and stored[name] is not None and getattr(loaded.settings, name) == getattr(Settings(), name)
    ]
    if loaded.trouble is not None:
        assert odd
        assert str(loaded.trouble).isprintable()
    save_settings(path, loaded.settings)
    again = read_settings(path)
    assert again.settings == loaded.settings
    assert again.trouble is None


@given(content=st.binary(max_size=200) | st.binary(max_size=80).map(lambda tail: b'{"prompt": "jazz", ' + tail))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_settings_that_can_be_used(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert is_usable(load_settings(path))


@given(cut=st.integers(0, 2000), at=st.integers(0, 2000), byte=st.integers(0, 255))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_gives_settings_that_can_be_used(path: Path, cut: int, at: int, byte: int) -> None:
    content = bytearray(json.dumps(asdict(Settings())).encode())
    content[at % len(content)] = byte
    path.write_bytes(content[: len(content) - cut % len(content)])
    assert is_usable(load_settings(path))
