# SPDX-License-Identifier: GPL-3.0-or-later
"""A radio plays its station: moods, requests and votes reach what is heard, and its file is read again."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.main import main
from tests.app.radios import RadioRun, on_air
from tests.engine.serving.running import until

pytestmark = pytest.mark.started

STATION = """format = 1
title = "Two"
[[mood]]
title = "rain"
prompts = ["lofi rain, 96 bpm"]
minutes = 60
[[mood]]
title = "house"
preset = "velvet-receipts"
"""
TOKEN = "a-token-that-nobody-guesses"
CONTROL = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def radio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RadioRun]:
    folder = tmp_path_factory.mktemp("radio")
    (folder / "two.toml").write_text(STATION, "utf-8")
    (folder / "token").write_text(TOKEN, "ascii")
    (folder / "words").write_text("# none of it\npolka\n", "utf-8")
    access = ("--public", "--token-file", str(folder / "token"))
    words = ("--station", str(folder / "two.toml"), "--votes", "--requests", "--word-filter", str(folder / "words"))
    with on_air(folder, *words, *access, settings={"duration_s": 6.0, "transition_bars": 0}) as one:
        yield one


def current(radio: RadioRun, **wanted: object) -> dict[str, Any]:
    """Return what is told of what plays, once it is this."""
    found: dict[str, Any] = {}

    def is_so() -> bool:
        found.update(radio.get("/current"))
        return all(found[name] == value for name, value in wanted.items())

    until(is_so)
    return found


def test_a_loop_that_ships_with_the_studio_is_of_no_mood(radio: RadioRun) -> None:
    current(radio, mood="rain", recycled=False)
    began, first = radio.get("/history")[-1], radio.get("/history")[-2]
    assert (began["recycled"], began["mood"], first["mood"]) == (True, "", "rain")
    status, said = radio.post("/vote", {"value": "more", "number": began["number"]})
    assert (status, said["error"]["kind"]) == (409, "mood")


def test_what_listeners_ask_for_is_heard_and_what_follows_is_told(radio: RadioRun) -> None:
    first = current(radio, mood="rain", prompt="lofi rain, 96 bpm", recycled=False)
    assert not first["requested"]
    assert radio.post("/requests", {"prompt": "p0lka!"})[0] == 422
    assert radio.post("/requests", {"prompt": "ambient bells, 90 bpm"}) == (
        202,
        {"place": 1, "prompt": "ambient bells, 90 bpm"},
    )
    assert radio.post("/control/skip", {"what": "mood"})[0] == 401
    assert radio.post("/control/skip", {"what": "mood"}, **CONTROL)[0] == 202
    heard = current(radio, requested=True)
    assert (heard["prompt"], heard["mood"]) == ("ambient bells, 90 bpm", "")
    assert radio.get("/requests")["on"] == "ambient bells, 90 bpm"
    assert radio.get("/requests")["waiting"] == []
    assert heard["next"]["title"] or heard["next"]["mood"] == "house"
    assert radio.get("/health")["most_dead_air_s"] < 1.0


def test_a_mood_is_chosen_voted_for_and_kept(radio: RadioRun) -> None:
    assert radio.post("/control/mood", {"title": "House"}, **CONTROL)[0] == 202
    number = current(radio, mood="house", recycled=False)["number"]
    assert radio.post("/vote", {"value": "more", "number": number})[0] == 200
    assert radio.post("/vote", {"value": "more", "number": number})[0] == 409
    kept = radio.folder / "data" / "infiniloop" / "radio" / "votes.json"
    until(kept.exists)
    until(lambda: json.loads(kept.read_text("utf-8")) == {"two": {"house": 1.1}})


def test_the_stations_file_is_read_again_and_a_mistake_leaves_it_as_it_was(radio: RadioRun) -> None:
    path = radio.folder / "two.toml"
    path.write_text(STATION + '[[mood]]\ntitle = "waltz"\nprompts = ["waltz, 120 bpm"]\n', "utf-8")
    radio.process.send_signal(signal.SIGHUP)
    until(lambda: radio.post("/control/mood", {"title": "waltz"}, **CONTROL)[0] == 202)
    current(radio, mood="waltz", recycled=False)
    path.write_text(STATION + "[[mood]]\n", "utf-8")
    radio.process.send_signal(signal.SIGHUP)
    until(lambda: "the station stays as it was: two.toml, line 10: “title” is missing in [mood]" in radio.log)
    assert radio.post("/control/mood", {"title": "waltz"}, **CONTROL)[0] == 202
    assert radio.process.poll() is None


def day_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["radio", "--dry-run", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def slots_told(capsys: pytest.CaptureFixture[str]) -> list[tuple[datetime, str, str]]:
    """Return when what begins, as a dry run told it in JSON: the time, the mood and the prompt."""
    days = json.loads(capsys.readouterr().out)["days"]
    return [
        (datetime.strptime(f"{day['date']} {one['begins']}", "%Y-%m-%d %H:%M"), one["mood"], one["prompt"])
        for day in days
        for one in day["slots"]
    ]


def test_a_dry_run_prints_the_day(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    head, *lines = day_of(capsys)
    assert head == "Calm. Five quiet moods take turns, all day long."
    # As it would be if it began now.
    assert re.match(r"\d\d:\d\d  ", lines[0])
    assert len(lines) == pytest.approx(24 * 60 / 8, abs=10), "a day with a changed clock has an hour less, or more"
    path = tmp_path / "hours.toml"
    path.write_text(STATION + '[[hours]]\nwhen = "09:00-11:00"\nmoods = ["house"]\n', "utf-8")
    assert main(["radio", "--dry-run", "--json", "--station", str(path)]) == 0
    moods = [(time, mood) for time, mood, _ in slots_told(capsys)]
    ten = moods[0][0].replace(hour=10, minute=0)
    ten += timedelta(days=ten < moods[0][0])
    assert [mood for time, mood in moods if time <= ten][-1] == "house"
    assert {mood for time, mood in moods if ten.replace(hour=9) <= time < ten.replace(hour=11)} <= {"house"}
    # Where days differ there is a week of them, from today on.
    path.write_text(STATION + '[[hours]]\nwhen = "sat, sun"\nmoods = ["house"]\n', "utf-8")
    lines = day_of(capsys, "--station", str(path))
    heads = [at for at, line in enumerate(lines) if line.endswith("day:")]
    assert len(heads) in (7, 8)
    days = {lines[at]: lines[at + 1 : end] for at, end in pairwise([*heads, len(lines)])}
    # Turns of the same music are one line, in each day anew.
    assert [line.split()[1] for line in days["Sunday:"]] == ["house"]
    assert any(line.split()[1] == "rain" for line in days["Tuesday:"])


def test_prompts_are_a_station_made_on_the_spot(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "prompts").write_text("# two\nwaltz\npolka\n", "utf-8")
    assert (
        main(["radio", "--dry-run", "--json", "rain", "--prompts", str(tmp_path / "prompts"), "--minutes", "200"]) == 0
    )
    begins, _, prompts = zip(*slots_told(capsys), strict=True)
    assert abs(datetime.now() - begins[0]) < timedelta(minutes=3)
    # The first of a new day is told there once more.
    turns = [prompt for begin, prompt in zip(begins, prompts, strict=True) if (begin.hour, begin.minute) != (0, 0)]
    assert turns[:6] == ["rain", "waltz", "polka", "rain", "waltz", "polka"]
    assert max(later - one for one, later in pairwise(begins)) == timedelta(minutes=200)


def test_turns_of_the_same_music_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert {line.split()[1] for line in day_of(capsys, "rain")[1:]} == {"rain"}
    assert len(day_of(capsys, "rain")) in (2, 3), "the second line is that of the next day"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("lofi", " "), 2, "The prompt is empty"),
        (("--station", "dya"), 2, "There is no station called “dya”: perhaps “day”."),
        (("--station", "day", "rain"), 2, "what is played (by --station, and by prompts) is given twice"),
        (("--station", "./no.toml"), 2, "“./no.toml”: there is no such file; by their names there are calm, day"),
        (("--station", "calm", "--minutes", "5"), 2, "--minutes, which is for prompts, and by the station) is given"),
        (("--minutes", "5"), 1, "--minutes says how --prompts is done"),
        (("--public",), 2, "name a file for it with --token-file"),
        (("--hls", ""), 2, "--hls is “”, and must be a folder to write into"),
        (("--name", ""), 2, "name"),
        (("--host", "0.0.0.0"), 1, "Other machines could reach 0.0.0.0"),
        (("--allow-origin", "example.org"), 2, "“example.org” is no site’s origin"),
        (("--icecast", "icecast://127.0.0.1/a.wav", "--icecast-password-file", __file__), 1, "a.wav"),
        (("--token-file", __file__), 1, "at least 16 letters, digits and signs"),
        (("--requests", "--word-filter", "/no/words"), 1, "No such file or directory: name a text file"),
        (("--generator", "suno"), 2, "There is no generator called “suno”"),
        (("--word-filter", "words"), 1, "--word-filter says how --requests is done"),
    ],
)
def test_what_cannot_be_is_told(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, words: str
) -> None:
    assert main(["radio", "--dry-run", *arguments]) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert words in told.err
