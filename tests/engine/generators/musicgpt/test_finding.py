# SPDX-License-Identifier: GPL-3.0-or-later
"""MusicGPT is found where it should be, and a name that leads nowhere is told with its place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.errors import GeneratorMissing
from engine.generators.base import GeneratorSettings
from engine.generators.musicgpt import MusicGPT
from engine.generators.musicgpt.finding import find_musicgpt
from tests.standins import install_musicgpt, musicgpt_settings


def test_it_is_looked_for_in_the_promised_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, on_path, release = tmp_path / "data", tmp_path / "path", tmp_path / "path release"
    in_data = install_musicgpt(data, "musicgpt-x86_64-unknown-linux-gnu")
    in_bin = install_musicgpt(data / "bin")
    release_on_path = install_musicgpt(release, "musicgpt-x86_64-unknown-linux-gnu")
    plain_on_path = install_musicgpt(on_path)
    by_environment = install_musicgpt(tmp_path / "environment", "any-name")
    by_setting = install_musicgpt(tmp_path / "setting", "another-name")
    # A release stands earlier on the PATH than the plain name, which is found first all the same.
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "not there"), str(release), str(on_path)]))
    monkeypatch.setenv("INFINILOOP_MUSICGPT", str(by_environment))
    settings = musicgpt_settings(str(by_setting), data_folder=str(data))
    assert find_musicgpt(settings) == by_setting
    settings = GeneratorSettings(data_folder=str(data))
    assert find_musicgpt(settings) == by_environment
    monkeypatch.delenv("INFINILOOP_MUSICGPT")
    for expected in (plain_on_path, release_on_path, in_bin, in_data):
        assert find_musicgpt(settings) == expected
        expected.unlink()
    with pytest.raises(GeneratorMissing, match=r"https://github\.com/gabotechs/MusicGPT"):
        find_musicgpt(settings)
    with pytest.raises(GeneratorMissing):
        MusicGPT().check(GeneratorSettings())


def test_the_release_for_this_machine_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    install_musicgpt(tmp_path, "musicgpt-aarch64-unknown-linux-gnu")
    ours = install_musicgpt(tmp_path, "musicgpt-x86_64-unknown-linux-gnu")
    (tmp_path / "musicgpt-x86_64.tar.gz").write_bytes(b"not executable")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_musicgpt(GeneratorSettings()) == ours


def test_a_tilde_and_a_name_on_the_path_are_understood(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_home = install_musicgpt(home / "apps", "mgpt-1")
    assert find_musicgpt(musicgpt_settings("~/apps/mgpt-1")) == in_home
    monkeypatch.setenv("PATH", str(home / "apps"))
    assert find_musicgpt(musicgpt_settings("mgpt-1")) == in_home


@pytest.mark.parametrize("source", ["the settings", "INFINILOOP_MUSICGPT"])
def test_a_wrong_setting_is_named_and_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    install_musicgpt(tmp_path / "path")
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    plain = tmp_path / "not-executable"
    plain.write_text("")
    unreadable = tmp_path / "unreadable"
    unreadable.mkdir(mode=0)
    for wrong, words in [
        (tmp_path / "gone", "there is no “"),
        ("~nosuchuser/musicgpt", "there is no user whose home is meant"),
        (tmp_path / ("x" * 256), "cannot be looked for (File name too long)"),
        (tmp_path, "is a folder"),
        (plain, "is not executable: allow it with “chmod +x”"),
        (unreadable / "musicgpt", "“"),
    ]:
        settings = musicgpt_settings(str(wrong) if source == "the settings" else "")
        if source != "the settings":
            monkeypatch.setenv("INFINILOOP_MUSICGPT", str(wrong))
        with pytest.raises(GeneratorMissing) as caught:
            find_musicgpt(settings)
        assert words in str(caught.value)
        assert str(wrong)[:150] in str(caught.value)
        assert source in str(caught.value)


def test_a_download_without_the_right_to_run_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    (tmp_path / "musicgpt-x86_64-unknown-linux-gnu").write_bytes(b"")
    with pytest.raises(GeneratorMissing, match=r"chmod \+x"):
        find_musicgpt(GeneratorSettings(data_folder=str(tmp_path)))


def test_a_name_that_cannot_be_is_told(tmp_path: Path) -> None:
    for wrong in ("nul\0inside", "half a surrogate \ud83c", "~\0", "x" * 5000):
        with pytest.raises(GeneratorMissing, match="which is named in the settings"):
            find_musicgpt(musicgpt_settings(wrong))
        with pytest.raises(GeneratorMissing):
            find_musicgpt(GeneratorSettings(data_folder=wrong))
