# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipe of several loops comes back from its text, is short for hours of music, and says what it leaves out."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.library import mixtext
from engine.library.carried import COMMENT, Carried, Made, read_carried, said_of
from engine.library.mixtext import MixWriter, mix_of, mix_text
from engine.library.recipe_lines import compared, lines_of, loop_of, nearest_loop
from engine.recording.growing import MOST_COMMENT_BYTES
from engine.values import (
    Asked,
    Family,
    Lead,
    LoopRegion,
    MixKind,
    MixRecipe,
    MusicFacts,
    PlayedChord,
    Recipe,
    leads_within,
)
from engine.values.mixes import named_as, with_change, with_lead, with_rest
from tests.widgets.recipes import a_recipe

RATE = 44_100


def family(number: int) -> Family:
    seeds = {name: number // (place + 1) for place, name in enumerate(("progression", "motif", "groove", "drum"))}
    memory = json.dumps({"style": "lofi", "tonic": number % 12, "seeds": seeds}, separators=(",", ":"))
    return Family("5aff317a", number, memory)


def of_a_piece(number: int) -> Recipe:
    """Return the recipe of a loop that goes on from the one before, as the composer makes them."""
    chords = tuple(PlayedChord(place * 22_050, name) for place, name in enumerate(("Am7", "Dm7", "G7", "Cmaj7")))
    return a_recipe(
        seed=3_000_000_000 + 7919 * number,
        title=f"Velvet Antenna {number}",
        artist=f"The Paper Lanterns {number}",
        created_utc=f"2026-01-01T{number % 24:02}:00:00.123456+00:00",
        asked=Asked(follows=family(number - 1) if number else None),
        family=family(number),
        chords=chords[: 2 + number % 3],
    )


def mix(n_loops: int, every_s: float = 30.0) -> MixRecipe:
    leads = tuple(Lead(round(every_s * RATE * n), of_a_piece(n)) for n in range(n_loops))
    return MixRecipe(MixKind.RECORDED, RATE, round(every_s * RATE * n_loops), leads)


def test_a_mix_comes_back_from_its_text() -> None:
    told = mix(12)
    # Loop 3 comes back after loop 7, and 8 is of a file.
    leads = list(told.leads)
    leads[8] = Lead(leads[8].frame, leads[3].recipe)
    leads[9] = Lead(
        leads[9].frame, a_recipe(generator="file", seed=None, facts=MusicFacts(), title="", versions={"a": "1"})
    )
    told = replace(told, leads=tuple(leads), order={"prompt": "lofi", "seeds": [1, 2]})
    carried = read_carried(mix_text(told))
    assert carried == told
    assert json.loads(mix_text(told))["loops"][8] == {"at": leads[8].frame, "as": 3}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(-(2**60), 2**60)),
            st.text(max_size=5),
            st.sampled_from([None, 4, 7]),
            st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
            st.sampled_from(
                ["", "x", '{"a":1}', '{"a": 1}', '{"b":{"c":null}}', '{"b":2,"a":1}', '{"a":1,"b":2}', "[1]"]
            ),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_any_recipes_come_back(
    many: list[tuple[int | None, str, int | None, dict[str, str], str]],
) -> None:
    leads = tuple(
        Lead(
            100 * number,
            a_recipe(
                seed=seed,
                title=title,
                facts=MusicFacts(None, None, beats, None),
                versions=versions,
                family=Family("f", number, memory) if memory else None,
            ),
        )
        for number, (seed, title, beats, versions, memory) in enumerate(many)
    )
    told = MixRecipe(MixKind.HEARD, RATE, 1000, leads)
    assert mix_of(json.loads(mix_text(told))) == told


def test_loops_on_layers_come_back_with_those_that_begin_with_the_same_sample() -> None:
    one, other = of_a_piece(0), of_a_piece(1)
    leads = (Lead(0, one, "drums", 700), Lead(0, other, "bass"), Lead(500, one, "bass"), Lead(500, other, "lead"))
    for kind in (MixKind.JAM, MixKind.CUT):
        told = MixRecipe(kind, RATE, 1000, leads)
        assert read_carried(mix_text(told)) == told
    writer = MixWriter()
    writer.text(MixRecipe(MixKind.JAM, RATE, 600, (replace(leads[0], until=None), *leads[1:])))
    assert read_carried(writer.text(MixRecipe(MixKind.JAM, RATE, 1000, leads))) == MixRecipe(
        MixKind.JAM, RATE, 1000, leads
    ), "told anew when it fell silent"


def test_what_leads_within_a_part_is_found_for_each_layer() -> None:
    one, other = of_a_piece(0), of_a_piece(1)
    leads = [
        Lead(0, other, until=150),
        Lead(100, one, "drums"),
        Lead(100, other, "bass"),
        Lead(200, one, "lead", 250),
        Lead(400, other, "drums"),
        Lead(400, one, "bass"),
        Lead(400, one, "lead", 500),
        Lead(450, other, "drums", 800),
    ]
    assert leads_within(leads, 300, 600) == (
        Lead(0, one, "drums"),
        Lead(0, other, "bass"),
        Lead(100, other, "drums"),
        Lead(100, one, "bass"),
        Lead(100, one, "lead", 200),
    ), "none that was silent by then; one that leads on is one"
    assert with_rest(with_lead(leads[1:3], 300, one, "drums"), 350, "bass") == [
        leads[1],
        replace(leads[2], until=350),
        Lead(300, one, "drums"),
    ]
    assert with_change(leads[1:3], 300, one) == leads[1:3], "a layer is not the studio"


def test_ten_hours_of_loops_fit_where_a_recording_has_room() -> None:
    told = mix(1200)
    assert told.n_samples == 10 * 3600 * RATE
    text = mix_text(told, MOST_COMMENT_BYTES)
    assert len(text) <= MOST_COMMENT_BYTES
    back = mix_of(json.loads(text))
    assert (len(back.leads), back.n_left_out) == (1200, 0)
    for one, other in zip(back.leads, told.leads, strict=True):
        # All by which a loop is made again.
        assert one.frame == other.frame
        assert (one.recipe.seed, one.recipe.title, one.recipe.asked, one.recipe.loop.region) == (
            other.recipe.seed,
            other.recipe.title,
            other.recipe.asked,
            other.recipe.loop.region,
        )


def test_what_has_no_room_is_counted() -> None:
    told = mix(400)
    text = mix_text(told, 20_000)
    assert len(text) <= 20_000
    back = mix_of(json.loads(text))
    assert len(back.leads) > 50
    assert len(back.leads) + back.n_left_out == 400
    assert ("loops", "400") in {(one.name, one.left) for one in lines_of(back)}
    assert ("loops that are not listed", str(back.n_left_out)) in {(one.name, one.left) for one in lines_of(back)}


def test_a_text_that_grows_is_the_text_of_all() -> None:
    told, writer = mix(20), MixWriter(9_000)
    for n_loops in (1, 2, 5, 5, 19, 20):
        part = replace(told, leads=told.leads[:n_loops])
        assert mix_of(json.loads(writer.text(part))) == mix_of(json.loads(mix_text(part, 9_000)))
    changed = replace(told, leads=(*told.leads[:7], Lead(told.leads[7].frame, a_recipe())))
    assert mix_of(json.loads(writer.text(changed))).leads[-1].recipe.seed == a_recipe().seed


@pytest.mark.parametrize(
    "damage",
    [
        {"loops": [{"at": 5, "recipe": {}}]},
        {"loops": [{"at": 0, "as": 0}]},
        {"loops": "none"},
        {"mix": "a song"},
        {"sample_rate": 0},
        {"n_samples": -1},
        {"order": []},
    ],
)
def test_what_is_no_mix_is_none(damage: dict[str, object]) -> None:
    data = {**json.loads(mix_text(mix(2))), **damage}
    assert read_carried(json.dumps(data)) is None
    data = json.loads(mix_text(mix(2)))
    data["loops"][1]["at"] = 0
    assert read_carried(json.dumps(data)) is None


def nested(depth: int) -> dict[str, object]:
    return {"deeper": nested(depth - 1)} if depth else {}


@pytest.mark.parametrize(
    "order", [{"min_play_s": float("nan")}, {"a": [float("inf")]}, nested(20), {"a": [[[[nested(6)]]]]}]
)
def test_an_order_that_cannot_be_shown_or_sent_on_is_none(order: dict[str, object]) -> None:
    data = {**json.loads(mix_text(mix(2))), "order": order}
    assert read_carried(json.dumps(data)) is None
    assert read_carried(json.dumps({**data, "order": {"transition": {"entry": "now"}, "seeds": [1, None]}})) is not None


def test_few_letters_that_stand_for_endless_recipes_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.loads(mix_text(mix(1)))
    data["loops"] += [{"at": 1 + number, "recipe": {}} for number in range(20)]
    text, long = json.dumps(data), len(json.dumps(data["loops"][0]["recipe"]))
    assert read_carried(text) is not None
    monkeypatch.setattr(mixtext, "MOST_WHOLE_CHARACTERS", 5 * long)
    assert read_carried(text) is None
    # What is written is never more than what is read.
    monkeypatch.setattr(mixtext, "MOST_LEADS", 3)
    assert len(mix_of(json.loads(mix_text(mix(5)))).leads) == 3
    back = mix_of(json.loads(mix_text(mix(20))))
    assert (len(back.leads) < 6, len(back.leads) + back.n_left_out) == (True, 20)


def test_what_a_stranger_writes_is_told_on_one_line() -> None:
    odd = a_recipe(title="a\x1b[2J\nb\ud800", artist="\udcff", versions={"x\x07": "\r"})
    told = [(one.name, one.left) for one in lines_of(Carried(odd)) + lines_of(replace(mix(1), leads=(Lead(0, odd),)))]
    assert ("title", "a [2J b ") in told
    assert all((name + value).isprintable() for name, value in told)
    assert said_of(odd).texts["TITLE"] == ("a [2J b ",)
    assert read_carried(said_of(odd).texts[COMMENT][0]) == Carried(odd)


def test_two_mixes_are_held_against_each_other_loop_by_loop() -> None:
    left = mix(4)
    leads = list(left.leads)
    leads[2] = Lead(leads[2].frame, a_recipe(title="Another"))
    right = replace(left, leads=(*leads, Lead(leads[3].frame + RATE, of_a_piece(9))))
    lines = compared(left, right)
    assert [one.number for one in lines if one.number] == [1, 2, 3, 4, 5]
    assert [one.label for one in lines if one.differs] == ["loops", "loop 3", "loop 5"]
    assert lines[-1].left == ""
    assert [one for one in compared(left, left) if one.differs] == []


def test_a_clip_is_held_against_the_loop_that_is_most_like_it() -> None:
    told = mix(4)
    one = Carried(of_a_piece(2), Made())
    assert nearest_loop(told, one) == 3
    assert loop_of(told, 3) == one
    assert [line for line in compared(one, told) if line.differs] == []
    assert loop_of(told, 0) is loop_of(told, 5) is None
    empty = replace(told, leads=())
    assert compared(one, empty)


def test_leads_are_changed_and_named_again() -> None:
    one, other = of_a_piece(1), of_a_piece(2)
    leads = with_lead(with_lead([], 0, one), 500, other)
    known = replace(other, facts=MusicFacts(99.0))
    assert with_change(leads, 700, known) == [Lead(0, one), Lead(500, known)]
    moved = replace(other, loop=replace(other.loop, region=LoopRegion(5, 50)))
    assert with_change(leads, 700, moved)[-1] == Lead(700, moved)
    assert with_lead(leads, 400, one) == [Lead(0, one), Lead(400, one)], "what was to come was not heard"
    again = [Lead(0, replace(one, title="New", created_utc="now")), Lead(500, replace(other, seed=5))]
    assert [lead.recipe.title for lead in named_as(again, leads)] == [one.title, other.title]
    assert named_as(again, leads)[0].recipe == one
