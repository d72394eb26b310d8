# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests cover what ``make test-bare`` decides before it builds anything."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.bare import system
from tests.bare.__main__ import chosen
from tests.bare.desk import sounding_share
from tests.soundserver import SAMPLE_RATE


def test_words_choose_who_does_what() -> None:
    assert chosen(["run", "root", "short"]) == [("root", "run"), ("root", "short")]
    assert chosen(["short"]) == [("root", "short"), ("user", "short")]
    assert chosen([]) == [("root", "run"), ("root", "whole"), ("user", "run"), ("user", "short")]
    with pytest.raises(
        ValueError, match=r"“shot” is no step: choose some of root, user, run, short, faults, desktop, whole"
    ):
        chosen(["root", "shot"])


def test_what_leads_to_the_registries_goes_along_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_INDEX_URL", "https_proxy", "NO_PROXY", "SSL_CERT_FILE", "PYTHONPATH", "MY_PIP_TOKEN", "LANG"):
        monkeypatch.setenv(name, "x")
    leading = system.leading_variables()
    assert {"PIP_INDEX_URL", "https_proxy", "NO_PROXY", "SSL_CERT_FILE"} <= set(leading)
    assert not {"PYTHONPATH", "MY_PIP_TOKEN", "LANG", "HOME", "PATH"} & set(leading)


def test_folders_that_pip_takes_packages_from_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("index/simple", "wheels"):
        (tmp_path / name).mkdir(parents=True)
    config = tmp_path / "pip.conf"
    config.write_text(f"[global]\nfind-links = elsewhere file://{tmp_path}/index/simple\ntimeout = 5\n")
    monkeypatch.setattr(system, "pip_files", lambda: [config])
    monkeypatch.setenv("PIP_FIND_LINKS", f"{tmp_path}/wheels {tmp_path}/gone")
    assert {tmp_path / "index", tmp_path / "wheels"} == {
        one for one in system.local_indexes() if one.is_relative_to(tmp_path)
    }


def test_music_with_a_hole_sounds_for_its_share() -> None:
    heard = np.full((SAMPLE_RATE, 2), 0.1, np.float32)
    assert sounding_share(heard) == 1.0
    heard[: SAMPLE_RATE // 2] = 0.0
    assert sounding_share(heard) == 0.5
    assert sounding_share(heard[:0]) == 0.0
