# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can be set in words is told, set and refused by the name that was typed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.choices import studio_options
from app.control.named_settings import (
    DRIVER,
    OTHERS,
    SHORT,
    choices_of,
    field_of,
    names_of,
    value_of,
    with_setting,
    words_of,
)
from app.generator_parameters import declared
from app.session_settings import FIELDS
from app.settings import Settings
from engine.errors import EmptyPrompt, OutOfRange, UnknownChoice, UnknownSetting, UserError, WrongKind
from engine.generators.registry import generator_named, generators
from engine.values import Kind
from engine.values.options import OPTIONS

GENERATORS = [one.name for one in generators()]


def of_generator(name: str) -> Settings:
    return with_setting(Settings(), "generator", name)


@pytest.mark.parametrize("generator", GENERATORS)
def test_every_name_can_be_got_and_what_is_told_can_be_set_again(generator: str) -> None:
    settings = of_generator(generator)
    names = names_of(settings)
    assert len(names) == len(set(names))
    assert {field_of(name, settings) for name in names} == {*FIELDS, DRIVER, *declared()[generator]}
    for name in names:
        assert words_of(name, settings)
        if name == DRIVER or value_of(name, settings) == "":
            continue
        value = value_of(name, settings)
        text = {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)
        option = declared()[generator].get(name) or OPTIONS.get(field_of(name, settings))
        if option is not None and option.unset and option.kind in (Kind.NUMBER, Kind.INTEGER):
            text = str(option.default)
        assert value_of(name, with_setting(settings, name, text)) == value


@pytest.mark.parametrize("generator", GENERATORS)
def test_a_wrong_value_is_refused_in_a_sentence_that_names_what_was_typed(generator: str) -> None:
    settings = of_generator(generator)
    tried = 0
    for name in names_of(settings):
        field = field_of(name, settings)
        option = declared()[generator].get(field) or OPTIONS.get(field)
        if field == "generator":
            wrong, words = ["abba"], ["abba", "composer"]
        elif field == "model" and option is None:
            wrong, words = ["gpt-9"], ["gpt-9"]
        elif option is None or option.kind in (Kind.FILE, Kind.FOLDER):
            continue
        elif option.kind in (Kind.NUMBER, Kind.INTEGER):
            wrong, words = ["loud", "nan", "inf"], [name, "must be"]
            if option.high < 1e12:
                wrong.append(f"{option.high + 1000:g}")
        elif option.kind is Kind.SWITCH:
            wrong, words = ["perhaps"], [name, "on or off"]
        elif option.kind in (Kind.CHOICE, Kind.SEVERAL):
            wrong, words = ["abba"], ["abba", option.choices[-1]]
        else:
            wrong, words = ["x" * 3000, "half \ud800"], [name, "a text of up to"]
        for text in wrong:
            with pytest.raises(UserError) as told:
                with_setting(settings, name, text)
            assert [word for word in words if word not in str(told.value)] == [], str(told.value)
            assert "\n" not in str(told.value)
            tried += 1
    assert tried > 20


def test_bounds_are_told_and_no_setting_of_the_machine_is_set_so() -> None:
    with pytest.raises(OutOfRange, match="overlap is 9999, and must be from 1 to 5000"):
        with_setting(Settings(), "overlap", "9999")
    with pytest.raises(OutOfRange, match="min-play is 5, and must be from 10 to 300"):
        with_setting(Settings(), "Min-Play", "5")
    with pytest.raises(OutOfRange, match="duration is 500"):
        with_setting(Settings(), "duration", "500")
    for name in ("data_folder", "language", "device_", "loudnes", "", "__class__"):
        with pytest.raises(UnknownSetting):
            field_of(name, Settings())
    with pytest.raises(UnknownSetting, match="perhaps “overlap”"):
        value_of("overlop", Settings())
    with pytest.raises(EmptyPrompt):
        with_setting(Settings(), "prompt", "   ")
    with pytest.raises(WrongKind, match="one of"):
        with_setting(Settings(), "transition_bars", "3")


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("volume", "-6", "volume_db", -6.0),
        ("VOLUME", "-6,5 dB", "volume_db", -6.5),
        ("overlap", "250ms", "overlap_ms", 250.0),
        ("minplay", "45 s", "min_play_s", 45.0),
        ("min_play_s", "45", "min_play_s", 45.0),
        ("maxplay", "300", "max_play_s", 300.0),
        ("maxplay", "300 s", "max_play_s", 300.0),
        ("maxplay", "5 min", "max_play_s", 300.0),
        ("maxplay", "0", "max_play_s", 0.0),
        ("tempo-reach", "0.1", "tempo_reach", 0.1),
        ("tempo-reach", "10 %", "tempo_reach", 0.1),
        ("algorithm", "Classico", "algorithm", "classic"),
        ("beat-match", "no", "beat_match", False),
        ("variations", "2", "variations", 2),
        ("prompt", "  warm house  ", "prompt", "warm house"),
    ],
)
def test_values_are_read_as_people_write_them(name: str, text: str, field: str, value: object) -> None:
    settings = with_setting(Settings(), name, text)
    assert getattr(settings, field) == pytest.approx(value)
    assert settings == replace(Settings(), **{field: getattr(settings, field)}), "nothing else is set"


def test_what_is_told_has_the_unit_that_people_see() -> None:
    settings = replace(Settings(), max_play_s=300.0, tempo_reach=0.1, volume_db=-6.0, beat_match=False)
    told = {name: words_of(name, settings) for name in ("maxplay", "tempo_reach", "volume", "beat_match", "maxloop")}
    assert told == {
        "maxplay": "5 min",
        "tempo_reach": "10 %",
        "volume": "-6 dB",
        "beat_match": "off",
        "maxloop": "no limit",
    }
    for name, words in told.items():
        if name != "maxloop":
            assert value_of(name, with_setting(Settings(), name, words)) == value_of(name, settings)


@pytest.mark.parametrize("generator", GENERATORS)
def test_another_generator_gets_its_own_model_and_a_duration_that_it_can_make(generator: str) -> None:
    able = generator_named(generator).capabilities()
    for duration_s in (5.0, 30.0):
        before = replace(Settings(), model="large", duration_s=duration_s)
        after = with_setting(before, "generator", generator.upper())
        assert after.generator == generator
        assert able.min_duration_s <= after.duration_s <= able.max_duration_s or generator == before.generator
        assert after.model == (before.model if generator == before.generator else "")
        studio_options(after)
    for model in able.models:
        assert with_setting(of_generator(generator), "model", model).model == model
    if "model" not in declared()[generator]:
        with pytest.raises(UnknownChoice, match="gpt-9"):
            with_setting(of_generator(generator), "model", "gpt-9")


def test_choices_are_those_that_can_be_set() -> None:
    for generator in GENERATORS:
        settings = of_generator(generator)
        for name in names_of(settings):
            for choice in choices_of(name, settings):
                if field_of(name, settings) != DRIVER:
                    with_setting(settings, name, choice)
    assert choices_of("generator", Settings()) == tuple(GENERATORS)
    assert choices_of("algorithm", Settings()) == ("advanced", "classic")
    assert choices_of("beat_match", Settings()) == ("on", "off")
    assert choices_of("overlap", Settings()) == ()
    assert set(SHORT) & set(OTHERS) == set()
