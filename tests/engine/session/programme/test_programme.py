# SPDX-License-Identifier: GPL-3.0-or-later
"""The programme has no gap, keeps to its hours whatever the clocks do, and takes what listeners ask for."""

from __future__ import annotations

import itertools
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.session.programme.programme import (
    MADE_S,
    MOST_REQUESTS,
    REQUEST_MINUTES,
    SHORTEST_S,
    UNDISTURBED_S,
    Programme,
)
from engine.session.programme.rotation import Rotation
from engine.session.programme.timetable import Timetable
from engine.session.programme.votes import MOST, Votes
from engine.values.programme import Hours, Journey, Mood, Slot, Station

ROME = ZoneInfo("Europe/Rome")
WEEK_S = 7 * 86_400.0
TITLES = ("a", "b", "c", "d")
MOODS = tuple(Mood(title, (f"{title} one", f"{title} two"), minutes=10.0) for title in TITLES)


def seconds(text: str, zone: ZoneInfo = ROME) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


def slots(programme: Programme, until_s: float) -> list[Slot]:
    """Return what is on until a time, as it is found by asking whenever a slot ends."""
    found = [programme.on]
    while found[-1].ends_s < until_s:
        found.append(programme.at(found[-1].ends_s))
    return found


@st.composite
def stations(draw: st.DrawFn) -> Station:
    titles = TITLES[: draw(st.integers(1, 4))]
    minutes, weights = st.floats(4.0, 200.0), st.floats(0.05, 20.0)
    moods = tuple(Mood(title, (title,), minutes=draw(minutes), weight=draw(weights)) for title in titles)
    some = st.lists(st.sampled_from(titles), min_size=1, unique=True)
    steps = st.lists(st.tuples(st.sampled_from(titles), st.floats(4.0, 100.0)), min_size=1, max_size=4)
    journeys = (Journey("walk", tuple(draw(steps)), draw(st.booleans())),)
    hours = []
    for _ in range(draw(st.integers(0, 4))):
        days = frozenset(draw(st.sets(st.integers(0, 6), min_size=1)))
        begin, end = draw(st.integers(0, 1439)), draw(st.integers(1, 1440))
        walks = draw(st.booleans())
        which: dict[str, tuple[str, ...] | str] = {"journey": "walk"} if walks else {"moods": tuple(draw(some))}
        hours.append(Hours("then", days, begin, end, **which))  # type: ignore[arg-type]
    return Station("s", "S", moods, tuple(hours), journeys, seed=draw(st.none() | st.integers(0, 9)))


WEEKS = st.sampled_from([seconds("2026-01-12 05:17:33"), seconds("2026-03-26 11:00"), seconds("2026-10-22 23:59:59")])
"""Begins of a week: a plain one, and those in which clocks are put forward and back."""


@given(stations(), WEEKS)
def test_a_week_has_no_gap_and_keeps_to_its_hours(station: Station, begins_s: float) -> None:
    table = Timetable(station.hours, ROME)
    found = slots(Programme(station, begins_s, zone=ROME), begins_s + WEEK_S)
    assert found[0].begins_s == begins_s
    for before, one in itertools.pairwise(found):
        assert one.begins_s == before.ends_s
    for one in found:
        assert one.ends_s > one.begins_s
        [mood] = [mood for mood in station.moods if mood.title == one.title]
        assert one.prompt in mood.prompts
        holds = table.at(one.begins_s).hours
        if holds.journey:
            assert mood.title in [title for title, _ in station.journeys[0].steps]
        else:
            assert mood.title in (holds.moods or TITLES)
            assert one.ends_s - one.begins_s <= 60.0 * mood.minutes + SHORTEST_S
        # Other hours never begin unnoticed in the middle of a slot.
        assert table.change_after(one.begins_s, one.ends_s - 1e-3) is None


@given(stations(), WEEKS)
def test_no_mood_comes_twice_in_a_row_where_there_is_another(station: Station, begins_s: float) -> None:
    table = Timetable(station.hours, ROME)
    found = slots(Programme(station, begins_s, zone=ROME), begins_s + WEEK_S)
    for before, one in itertools.pairwise(found):
        holds = table.at(one.begins_s).hours
        if not holds.journey and len(holds.moods or station.moods) > 1:
            assert one.title != before.title


@given(stations(), WEEKS)
def test_what_follows_is_told_before_it_comes(station: Station, begins_s: float) -> None:
    programme = Programme(station, begins_s, zone=ROME)
    while programme.on.ends_s < begins_s + 86_400.0:
        told = programme.next
        assert programme.at(told.begins_s) == told


@given(st.dictionaries(st.sampled_from(TITLES), st.floats(0.05, 1.0), min_size=3), st.none() | st.integers())
def test_a_mood_comes_as_often_as_its_weight_says(weights: dict[str, float], seed: int | None) -> None:
    rotation, last, n = Rotation(seed), "", 400
    taken = dict.fromkeys(weights, 0)
    for _ in range(n):
        last = rotation.take(weights, last)
        taken[last] += 1
    shares = {title: weight / sum(weights.values()) for title, weight in weights.items()}
    if max(shares.values()) <= 0.45:
        for title, share in shares.items():
            assert taken[title] / n == pytest.approx(share, abs=0.02)
    else:
        # It can come every second time at most.
        assert max(taken.values()) <= n / 2
        assert min(taken.values()) > 0


def test_without_a_seed_moods_take_turns_as_they_stand() -> None:
    rotation, last, found = Rotation(None), "", []
    for _ in range(8):
        last = rotation.take(dict.fromkeys(TITLES, 1.0), last)
        found.append(last)
    assert found == [*TITLES, *TITLES]


def test_prompts_of_a_mood_take_turns() -> None:
    programme = Programme(Station("s", "S", MOODS[:1]), 0.0)
    assert [one.prompt for one in slots(programme, 2400.0)][:4] == ["a one", "a two", "a one", "a two"]


def hours(when: str, begin: int, end: int, days: str = "0123456", **which: object) -> Hours:
    return Hours(when, frozenset(map(int, days)), 60 * begin, 60 * end, **which)  # type: ignore[arg-type]


def test_hours_over_midnight_belong_to_the_day_they_begin_on() -> None:
    table = Timetable([hours("22-02 fri", 22, 2, "4", moods=("a",))], ROME)
    held = {text: bool(table.at(seconds(f"2026-01-{text}")).hours.moods) for text in ("16 21:59", "16 22:00")}
    assert held == {"16 21:59": False, "16 22:00": True}, "the 16th is a Friday"
    assert table.at(seconds("2026-01-17 01:59:59")).hours.moods == ("a",)
    assert not table.at(seconds("2026-01-17 02:00")).hours.moods
    assert not table.at(seconds("2026-01-17 23:00")).hours.moods
    assert table.begin_of(seconds("2026-01-17 01:00")) == seconds("2026-01-16 22:00")


@pytest.mark.parametrize(("day", "hours_long"), [("2026-03-29", 2.0), ("2026-10-25", 4.0), ("2026-01-18", 3.0)])
def test_hours_are_those_of_the_wall_when_clocks_change(day: str, hours_long: float) -> None:
    """On the 29th of March 02:00 to 03:00 is not there, on the 25th of October it comes twice."""
    table = Timetable([hours("01-04", 1, 4, moods=("a",))], ROME)
    begin_s = seconds(f"{day} 01:00")
    end_s = table.change_after(begin_s, begin_s + 86_400.0)
    assert end_s == seconds(f"{day} 04:00") == begin_s + 3600.0 * hours_long


WALK = Journey("walk", (("a", 20.0), ("b", 10.0), ("c", 30.0)))


def test_a_journey_is_walked_once_and_its_last_mood_stays() -> None:
    station = Station("s", "S", MOODS, (Hours(journey="walk"),), (WALK,))
    found = slots(Programme(station, 1000.0), 1000.0 + 7200.0)
    assert [(one.title, round((one.begins_s - 1000.0) / 60.0)) for one in found][:4] == [
        ("a", 0),
        ("b", 20),
        ("c", 30),
        ("c", 60),
    ]
    assert {one.title for one in found[3:]} == {"c"}


def test_a_journey_goes_round_and_is_joined_where_it_is_by_the_clock() -> None:
    walk = Journey("walk", WALK.steps, goes_round=True)
    station = Station("s", "S", MOODS, (hours("20-24", 20, 24, journey="walk"),), (walk,))
    programme = Programme(station, seconds("2026-01-12 21:25"), zone=ROME)
    found = slots(programme, seconds("2026-01-12 23:00"))
    assert [(one.title, round((one.ends_s - one.begins_s) / 60.0)) for one in found[:5]] == [
        ("b", 5),
        ("c", 30),
        ("a", 20),
        ("b", 10),
        ("c", 30),
    ]


def test_a_request_is_next_and_lasts_from_when_it_is_heard() -> None:
    programme = Programme(Station("s", "S", MOODS), 0.0)
    before = programme.on
    assert programme.request("whales", 300.0)
    assert not programme.request("whales", 300.0), "it waits already"
    assert (programme.next.prompt, programme.next.is_requested) == ("whales", True)
    assert programme.on.ends_s == 300.0
    on = programme.at(300.0)
    assert (on.prompt, on.is_requested, on.ends_s - on.begins_s) == ("whales", True, MADE_S)
    programme.heard(on.begins_s + 40.0)
    programme.heard(on.begins_s + 90.0)
    assert programme.on.ends_s == on.begins_s + 40.0 + 60.0 * REQUEST_MINUTES
    after = programme.at(programme.on.ends_s)
    assert not after.is_requested
    # What was left of the mood's turn goes on, and then it is another one's.
    assert (after.title, after.prompt, after.ends_s - after.begins_s) == (before.title, before.prompt, 300.0)
    assert programme.at(after.ends_s).title != before.title


def test_a_mood_is_on_for_a_while_before_a_request_is_and_between_two() -> None:
    programme = Programme(Station("s", "S", MOODS), 0.0)
    assert programme.request("whales", 10.0)
    assert programme.request("bells", 500.0)
    assert programme.at(UNDISTURBED_S - 1.0) == programme.on
    assert not programme.on.is_requested
    assert programme.at(UNDISTURBED_S).prompt == "whales"
    assert programme.play("c", 200.0)
    assert (programme.on.title, programme.on.ends_s) == ("c", 200.0 + UNDISTURBED_S)
    assert programme.at(200.0 + UNDISTURBED_S).prompt == "bells"


def test_a_request_outlasts_other_hours_of_the_station() -> None:
    begins_s = seconds("2026-01-12 09:10")
    programme = Programme(Station("s", "S", MOODS), begins_s, zone=ROME)
    assert programme.request("whales", begins_s)
    assert programme.request("bells", begins_s)
    on = programme.at(begins_s + UNDISTURBED_S)
    programme.heard(on.begins_s + 5.0)
    changed = Station("s", "S", MOODS, (hours("8-12", 8, 12, moods=("c",)),))
    programme.reload(changed, on.begins_s + 9.0)
    assert (programme.on.prompt, programme.on.ends_s) == ("whales", on.begins_s + 5.0 + 60.0 * REQUEST_MINUTES)
    assert programme.at(programme.on.ends_s).prompt == "bells"
    programme.heard(programme.on.begins_s)
    assert programme.at(programme.on.ends_s).title == "c"


def test_a_little_that_is_left_of_a_turn_does_not_come_again() -> None:
    programme = Programme(Station("s", "S", MOODS), 0.0)
    title = programme.on.title
    assert programme.request("whales", 550.0)
    assert programme.at(550.0).prompt == "whales"
    programme.heard(550.0)
    after = programme.at(programme.on.ends_s)
    # Fifty seconds that were left are not worth a turn.
    assert after.title != title


def test_a_clock_that_is_put_back_ends_what_is_on() -> None:
    programme = Programme(Station("s", "S", MOODS), 10_000.0)
    on = programme.on
    assert programme.at(9_990.0) == on
    later = programme.at(3_000.0)
    assert (later.begins_s, later.ends_s, later.title != on.title) == (3_000.0, 3_600.0, True)


def test_only_so_many_requests_wait() -> None:
    programme = Programme(Station("s", "S", MOODS), 0.0)
    assert sum(programme.request(f"number {n}", 0.0) for n in range(100)) == MOST_REQUESTS == len(programme.requests)


def test_what_follows_comes_now_when_it_is_skipped_to() -> None:
    programme = Programme(Station("s", "S", MOODS), 0.0)
    told = programme.next.title
    programme.skip(30.0)
    assert (programme.on.title, programme.on.begins_s, programme.on.ends_s) == (told, 30.0, 630.0)


def test_a_mood_is_on_when_it_is_asked_for() -> None:
    programme = Programme(Station("s", "S", MOODS), 0.0)
    assert programme.play(" C ", 60.0)
    assert (programme.on.title, programme.on.begins_s, programme.on.ends_s) == ("c", 60.0, 660.0)
    assert programme.next.title != "c"
    assert not programme.play("no such", 61.0)


@given(st.lists(st.booleans(), max_size=300))
def test_votes_move_a_weight_within_limits(votes: list[bool]) -> None:
    kept = Votes()
    for is_more in votes:
        before = kept.factor("a")
        kept.cast("a", is_more=is_more)
        assert 1.0 / MOST <= kept.factor("a") <= MOST
        assert (kept.factor("a") >= before) == is_more or kept.factor("a") == before
    assert kept.factor("b") == 1.0
    assert Votes(kept.factors).factors == kept.factors


def test_votes_that_cannot_be_are_left_out() -> None:
    assert Votes({"a": 1e9, "b": "x", "c": float("nan"), "d": -1.0, "e": 2}).factors == {"e": 2.0}


def test_what_listeners_want_more_of_comes_more_often() -> None:
    programme = Programme(Station("s", "S", MOODS), 0.0)
    for _ in range(20):
        programme.vote("a", is_more=True)
        programme.vote("nothing of this station", is_more=True)
    found = [one.title for one in slots(programme, 400 * 600.0)]
    assert found.count("a") > 1.6 * found.count("b")
    assert programme.votes.factors == {"a": MOST}


def test_another_station_leaves_what_is_on_where_it_has_it_too() -> None:
    programme = Programme(Station("s", "S", MOODS[:2]), 0.0)
    on = programme.on
    programme.reload(Station("s", "S", (*MOODS[:2], Mood("new", ("n",)))), 100.0)
    assert programme.on == on
    assert "new" in [one.title for one in slots(programme, 3000.0)]
    programme.reload(Station("s", "S", (Mood("other", ("o",)),)), 3000.0)
    assert (programme.on.title, programme.on.begins_s) == ("other", 3000.0)


def test_blanks_around_a_title_are_none_of_it() -> None:
    station = Station("s", "S", (Mood(" Rain ", ("rain",)), Mood("night", ("night",))), (Hours(moods=(" Rain ",)),))
    programme = Programme(station, 0.0)
    assert programme.on.title == " Rain "
    assert programme.play(" NIGHT", 60.0)
    assert programme.play("rain", 120.0)
    assert programme.on.title == " Rain "
    assert not programme.play("snow", 180.0)


def test_a_station_of_thousands_of_moods_goes_on_as_fast() -> None:
    """Each turn costs what it costs for the moods once, not once for each mood."""
    station = Station("s", "S", tuple(Mood(f"mood {n}", (f"prompt {n}",)) for n in range(20_000)), seed=None)
    found = slots(Programme(station, 0.0), 600.0 * 20)
    assert [one.title for one in found] == [f"mood {n}" for n in range(len(found))]
