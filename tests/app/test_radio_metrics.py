# SPDX-License-Identifier: GPL-3.0-or-later
"""The metrics of a radio that runs are those that resources/operating.md lists, and say what is."""

from __future__ import annotations

import re
from pathlib import Path

from app.paths import RESOURCES
from tests.app.radio_listening import RadioListener
from tests.app.radios import on_air
from tests.engine.serving.running import until


def test_metrics_are_those_of_the_page_and_say_what_is(tmp_path: Path) -> None:
    page = (RESOURCES / "operating.md").read_text(encoding="utf-8")
    settings = {"duration_s": 6.0, "min_play_s": 10.0}
    with on_air(tmp_path, "lofi, 90 bpm", "--hls", str(tmp_path / "hls"), settings=settings) as run:
        until(lambda: run.metrics()["infiniloop_radio_made_music_seconds_total"] > 0.0)
        until(lambda: run.metrics()["infiniloop_radio_prepared_seconds"] > 0.0)
        with RadioListener(run.url) as listener:
            until(lambda: listener.heard_s > 0.0)
            told, current, health = run.metrics(), run.get("/current"), run.get("/health")
        until(lambda: run.metrics()["infiniloop_radio_listeners"] == 0.0)
    listed = set(re.findall(r"^\| `(infiniloop_[^`]+)` \|", page, re.MULTILINE))
    assert listed - {"infiniloop_radio_icecast_connected{mount}"} == set(told)
    assert told["infiniloop_radio_listeners"] == told["infiniloop_radio_stream_listeners{form}"] == 1.0
    assert current["listeners"] == 1
    # The composer makes music faster than it plays, or there would be none.
    assert told["infiniloop_radio_making_seconds_total"] > 0.0
    assert told["infiniloop_radio_made_music_seconds_total"] >= 5.0
    assert told["infiniloop_radio_longest_dead_air_seconds"] <= health["most_dead_air_s"] + 0.001
    assert told["infiniloop_radio_streamed_seconds_total"] > 0.0
    # A name in a query of the page is one of the table's.
    assert set(re.findall(r"infiniloop_radio_\w+", page)) <= {one.partition("{")[0] for one in listed}
