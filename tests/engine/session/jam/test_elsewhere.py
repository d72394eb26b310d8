# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam has an endless layer played by a server elsewhere: its parts are heard in their order, and it is told what is.

The server is a stand-in on loopback; all between is the real thing.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
import soundfile

from engine.errors import RemoteBusy
from engine.generators.base import GeneratorSettings, finished
from engine.generators.jobs import GenerateJob
from engine.generators.service import make_clip
from engine.session.jam.endless import AGAIN_S
from engine.values import ClipResult, ParameterValue
from engine.values.jam import LayerName, LayerPrompt
from tests.engine.session.jam.jamming import Stage, Studio
from tests.standins.magenta import MagentaServer, hz_of, pitch_of

DRUMS, PIANO, BASS = LayerName.DRUMS, LayerName.INSTRUMENTS, LayerName.BASS
CHUNK_S = 4.8
"""Four bars at 200 beats a minute."""


class Elsewhere(Studio):
    """A studio whose machine elsewhere is asked by the whole way."""

    def make(self, job: GenerateJob) -> ClipResult:
        if job.request.generator != "remote":
            return super().make(job)
        self.asked.append(job.request)
        return finished(make_clip(job.request, job.settings))


@pytest.fixture
def server() -> Iterator[MagentaServer]:
    with MagentaServer() as server:
        yield server


@pytest.fixture
def stage(server: MagentaServer) -> Iterator[Stage]:
    """Return a jam with a piano, whose drums are to come from the server."""
    values: dict[str, ParameterValue] = {"protocol": "magentart", "addresses": server.url, "connect_s": 2.0}
    stage = Stage(Elsewhere(), settings=GeneratorSettings().with_values("remote", values))
    stage.jam.set_tempo(200.0)
    stage.jam.make(PIANO)
    stage.jam.set_prompt(DRUMS, LayerPrompt("techno: 0.5, dub", "remote"))
    yield stage
    stage.jam.close()


def pitches(stage: Stage) -> list[float]:
    """Return the pitch of each part of the drums that began."""
    loops = [loop for loop, _ in stage.studio.began if loop.layer is DRUMS]
    return [pitch_of(one.clip.samples, one.clip.sample_rate) for one in loops]


def test_parts_are_heard_in_order_and_the_server_hears_of_each(stage: Stage, server: MagentaServer) -> None:
    jam = stage.jam
    jam.start()
    jam.set_endless(DRUMS, 0.25)
    stage.play(3.5 * CHUNK_S)
    assert stage.studio.failed == []
    assert pitches(stage) == pytest.approx([hz_of(n) for n in range(len(pitches(stage)))], abs=3.0)
    assert len(pitches(stage)) >= 3
    begun = server.asked_for("/jam/start")[0]
    assert (begun.fields["styles"], begun.fields["style_weights"]) == ("techno,dub drum loop", "0.5,1")
    assert begun.fields["loop_weight"] == "0.75"
    # What plays, from the piano, is what it goes on from.
    assert soundfile.info(io.BytesIO(begun.files["loop_audio"])).duration == pytest.approx(CHUNK_S, abs=0.001)
    heard = [int(one.fields["chunk_index"]) for one in server.asked_for("/jam/consume")]
    assert heard == list(range(len(server.asked_for("/jam/next")) - 2))
    jam.set_endless(DRUMS, None)
    assert not server.jams


def test_words_values_and_the_mix_are_told_while_it_plays(stage: Stage, server: MagentaServer) -> None:
    jam = stage.jam
    jam.start()
    jam.set_endless(DRUMS, 0.25)
    jam.sources.set_values(DRUMS, {"temperature": "2.5"})
    stage.play(1.5 * CHUNK_S)
    assert server.asked_for("/jam/update")[0].fields == {"session_id": "jam-1", "temperature": "2.5"}
    jam.set_prompt(DRUMS, LayerPrompt("acid: 0.3, house", "remote"))
    told = server.asked_for("/jam/update")[-1].fields
    assert told["style_weights"] == "0.3,1"
    jam.endless.reseed(DRUMS)
    assert len(server.asked_for("/jam/reseed_splice")) == 1
    jam.set_prompt(DRUMS, LayerPrompt("clicks"))
    assert not server.jams, "another generator plays on"


def test_a_server_that_fails_is_asked_again_and_given_up_in_the_end(stage: Stage, server: MagentaServer) -> None:
    jam = stage.jam
    jam.start()
    server.misdeeds.status = 500
    jam.set_endless(DRUMS, 0.25)
    assert len(stage.studio.failed) == 1
    server.misdeeds.status = 0
    stage.play(AGAIN_S + 0.1)
    assert len(server.asked_for("/jam/next")) == 2
    server.misdeeds.status = 500
    stage.play(4 * CHUNK_S)
    assert len(stage.studio.failed) == 1 + 3
    assert jam.state().layers[0].wander is None
    # The part that was heard last repeats.
    assert stage.play(CHUNK_S).any()


def test_only_one_layer_plays_there_at_a_time(stage: Stage, server: MagentaServer) -> None:
    jam = stage.jam
    jam.start()
    jam.set_endless(DRUMS, 0.25)
    jam.set_prompt(BASS, LayerPrompt("acid bass", "remote"))
    jam.set_endless(BASS, 0.25)
    assert isinstance(stage.studio.failed[0], RemoteBusy)
    jam.set_endless(DRUMS, None)
    stage.play(AGAIN_S + 0.1)
    assert list(server.jams) == ["jam-2"]


@pytest.mark.soak
def test_a_change_of_tempo_goes_on_at_the_new_one(stage: Stage, server: MagentaServer) -> None:
    jam = stage.jam
    jam.start()
    jam.set_endless(DRUMS, 0.25)
    stage.play(1.2 * CHUNK_S)
    jam.set_tempo(180.0)
    stage.play(3 * CHUNK_S)
    assert jam.groove.bpm == 180.0
    assert {one.bpm for one in server.jams.values()} == {180.0}
    assert stage.studio.failed == []
