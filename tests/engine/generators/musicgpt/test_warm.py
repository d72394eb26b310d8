# SPDX-License-Identifier: GPL-3.0-or-later
"""A MusicGPT that is kept warm makes clip after clip in one process, tells how far it is, and stops when it is to."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from engine.errors import GeneratorError
from engine.generators.musicgpt import folder
from engine.generators.musicgpt.client import Chats, Connection
from engine.generators.musicgpt.declared import CAPABILITIES, MODELS, seconds_to_ask
from tests.engine.generators.musicgpt.conftest import Bench, servers


def test_clips_come_from_one_process_with_honest_progress(warm: Bench) -> None:
    (before,) = servers()
    seen, result = warm.make(secs=2.5)
    assert servers() == [before]
    assert (result.job_id, result.seed, result.versions) == (7, None, {"MusicGPT": "0.3.28 (stand-in)"})
    assert (result.clip.sample_rate, result.clip.n_channels) == (32_000, 1)
    assert result.clip.n_samples == round((3 - 0.06) * 32_000)
    told = [one.fraction for one in seen if one.stage == "generating" and one.fraction is not None]
    assert told == sorted(told)
    assert len(set(told)) > 100, "one for each token"
    assert told[0] < 0.1
    assert told[-1] == pytest.approx(146 / 150)
    (decoding, *_) = [one for one in seen if one.stage == "finishing"]
    assert decoding.fraction == pytest.approx(147 / 150)
    left_s = [one.left_s for one in seen if one.left_s is not None]
    assert left_s[-1] < left_s[0]


def test_nothing_is_left_where_musicgpt_keeps_its_clips_and_chats(warm: Bench) -> None:
    warm.make()
    assert warm.files() == warm.kept


def test_a_cancel_ends_the_clip_and_the_next_is_made_at_once(warm: Bench) -> None:
    (before,) = servers()
    for n_tokens in (1, 40):
        steps = warm.steps("cancelled", secs=29.0)
        while (next(steps).fraction or 0.0) * 1500 < n_tokens:
            pass
        steps.close()
        assert warm.files() == warm.kept, "it has ended: nothing of it comes later"
        _, result = warm.make(secs=1.0)
        assert result.clip.duration_s == pytest.approx(1.94)
    assert servers() == [before]


def test_a_cancel_at_each_early_step_harms_nothing(warm: Bench) -> None:
    (before,) = servers()
    for n_steps in range(4):
        steps = warm.steps()
        for _ in range(n_steps):
            next(steps)
        steps.close()
    _, result = warm.make(secs=1.0)
    assert result.clip.duration_s == pytest.approx(1.94)
    assert servers() == [before]
    assert warm.files() == warm.kept


def test_a_failure_is_told_and_the_server_stays(warm: Bench) -> None:
    (before,) = servers()
    with pytest.raises(GeneratorError, match=r"^MusicGPT made no clip: Failed at 5\.$"):
        warm.make("fail at 5")
    warm.make()
    assert servers() == [before]


def test_its_port_is_this_machines_alone_and_its_chat_is_not_kept(warm: Bench) -> None:
    (server,) = servers()
    (listening,) = [one.laddr for one in server.net_connections("tcp") if one.status == psutil.CONN_LISTEN]
    assert listening.ip == "127.0.0.1"
    connection = Connection(listening.port)
    told = connection.receive(5.0)
    connection.close()
    assert isinstance(told, Chats)
    assert folder.CHAT_ID not in told.chat_ids
    assert len(told.chat_ids) == 1, "a person's own stays"


def test_all_models_have_a_card_that_tells_their_licence() -> None:
    assert [one.name for one in CAPABILITIES.cards] == list(MODELS)
    assert len(MODELS) == 7
    for one in CAPABILITIES.cards:
        assert (one.is_commercial, one.fetched_by) == (False, "MusicGPT")
        assert one.licence.startswith("CC-BY-NC-4.0")


def test_seconds_are_whole_and_never_beyond_what_the_server_takes() -> None:
    assert [seconds_to_ask(one) for one in (-5.0, 0.0, 1.0, 1.94, 1.95, 29.9, 30.0, 500.0)] == [
        *(1, 1, 2, 2, 3, 30, 30, 30),
    ]


def test_where_it_keeps_its_data(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert folder.data_folder() == home / ".local/share/musicgpt"
    monkeypatch.setattr("sys.platform", "darwin")
    assert folder.data_folder() == home / "Library/Application Support/com.gabotechs.musicgpt"
