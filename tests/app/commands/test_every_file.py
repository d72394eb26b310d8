# SPDX-License-Identifier: GPL-3.0-or-later
"""Every file that a command writes carries its recipe, which says nothing of the machine, and opens elsewhere."""

from __future__ import annotations

import getpass
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from app.commands.recipe import SAME_DB
from engine.library.carried import COMMENT, Carried, recipe_of
from engine.library.filerecipe import FILE
from engine.units import amplitude_to_db
from engine.values import MixKind, MixRecipe
from tests.app.commands.running import fails, infiniloop, music, read, tells, works, write
from tests.sampling import some

PROMPT = "drums, 2 bars, 180 bpm"
RENDER = ("render", PROMPT, "--min-play", "10", "--seed", "3", "--set", "sounds=synthesised")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a generated clip and a foreign file, in a place with a telling name."""
    place = tmp_path_factory.mktemp("private-home") / "of somebody"
    write(place / "foreign.wav", music(n_bars=4.0))
    works(
        "generate",
        PROMPT,
        "--seed",
        "5",
        "-o",
        place / "clip.flac",
        "--midi",
        place / "clip.mid",
        "--stems",
        place / "stems",
    )
    return place


def files_in(place: Path) -> list[Path]:
    return sorted(path for path in place.rglob("*") if path.suffix in {".wav", ".flac", ".ogg", ".mid"})


def carried_by_all(paths: Iterable[Path]) -> list[Carried]:
    """Return what each of these files carries: one clip's recipe, and nothing private."""
    found = []
    for path in paths:
        carried = recipe_of(path)
        assert isinstance(carried, Carried), path
        assert_nothing_private(path)
        found.append(carried)
    assert found
    return found


def assert_nothing_private(path: Path) -> None:
    content = path.read_bytes()
    for encoding in ("utf-8", "utf-16-le"):
        at = content.find(COMMENT.encode(encoding))
        if at >= 0:
            said = content[at : at + (1 << 20)]
            for private in (str(Path.home()), str(path.parent), "private-home", "of somebody", f"/{getpass.getuser()}"):
                assert private.encode(encoding) not in said, (path, private)
            return
    raise AssertionError(f"no recipe in {path}")


@pytest.mark.soak
def test_generate_with_notes_and_parts(folder: Path) -> None:
    found = carried_by_all([folder / "clip.flac", folder / "clip.mid", *files_in(folder / "stems")])
    assert {one.recipe.seed for one in found} == {5}
    assert {one.made.part for one in found} > {"", "drums"} or len({one.made.part for one in found}) > 1


@pytest.mark.soak
@pytest.mark.parametrize("source", some(["clip.flac", "foreign.wav"], every=2))
def test_what_is_cut_of_a_file(folder: Path, tmp_path: Path, source: str) -> None:
    path, out = folder / source, tmp_path / "private-home"
    out.mkdir()
    region = ("--loop", "0", "1")
    for ending in ("wav", "flac", "ogg"):
        works("export", path, *region, "-o", out / f"loop.{ending}")
    works("export", path, *region, "--mono", "-o", out / "mono.wav")
    for pack in ("game", "daw", "video"):
        works(
            "export",
            path,
            *region,
            "--pack",
            pack,
            *(("--minutes", "0.1") if pack == "video" else ()),
            "-o",
            out / pack,
        )
    works("split", path, *region, "-o", out / "split")
    works("extend", path, *region, "--turns", "2", "-o", out / "long.flac")
    found = carried_by_all(files_in(out))
    generator = "composer" if source == "clip.flac" else FILE
    assert {one.recipe.generator for one in found} == {generator}
    assert len({one.made.plan.kind for one in found if one.made.plan is not None}) == 6
    works("tag", out / "loop.flac", "--loop", "0", "0.5", "-o", out / "tagged.flac")
    assert recipe_of(out / "tagged.flac") == recipe_of(out / "loop.flac"), "its loop tags alone are other ones"


@pytest.mark.soak
def test_takes_keep_their_own_tags_and_where_they_are_from(folder: Path, tmp_path: Path) -> None:
    works("export", folder / "clip.flac", "--loop", "0", "1", "-o", tmp_path / "mine.flac")
    from mutagen.flac import FLAC, Picture

    file, picture = FLAC(tmp_path / "mine.flac"), Picture()
    picture.data, picture.mime, picture.type = b"\x89PNG", "image/png", 3
    file["ALBUM"], file["TITLE"] = "My own album", "My own title"
    file.add_picture(picture)
    file.save()
    library = tmp_path / "private-home"
    (told,) = tells("add", tmp_path / "mine.flac", "--library", library)
    take = Path(told["output"])
    (carried,) = carried_by_all([take])
    assert (carried.recipe.generator, carried.recipe.title) == (FILE, "My own title")
    assert carried.recipe.made_from is not None
    assert (carried.recipe.made_from.seed, carried.recipe.made_from.prompt) == (5, PROMPT)
    assert FLAC(take)["ALBUM"] == ["My own album"]
    assert FLAC(take).pictures[0].data == picture.data
    done = infiniloop("recipe", take, "--again", "-o", tmp_path / "again.flac")
    assert done.returncode == 0, done.stderr
    apart = np.abs(read(tmp_path / "again.flac") - read(folder / "clip.flac")).max()
    assert amplitude_to_db(float(apart)) <= SAME_DB, "the clip that it came from"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("private-home") / "mix.flac"
    works(*RENDER, "--minutes", "0.45", "-o", path)
    return path


@pytest.mark.soak
def test_a_render_is_made_again_as_a_whole_and_loop_by_loop(rendered: Path, tmp_path: Path) -> None:
    mix = recipe_of(rendered)
    assert isinstance(mix, MixRecipe)
    assert (mix.kind, mix.n_samples, len(mix.leads), mix.leads[0].frame) == (MixKind.RENDERED, 1_190_700, 3, 0)
    assert [lead.recipe.seed for lead in mix.leads] == [3, 4, 5]
    assert_nothing_private(rendered)
    done = infiniloop("recipe", rendered, "--again", "-o", tmp_path / "again.wav")
    assert (done.returncode, "the same as" in done.stderr) == (0, True), done.stderr
    assert np.array_equal(read(rendered), read(tmp_path / "again.wav"))
    assert recipe_of(tmp_path / "again.wav") == mix
    (told,) = tells("recipe", rendered, tmp_path / "again.wav")
    assert [one for one in told["lines"] if one["differs"]] == []
    works("recipe", rendered, "--loop", "2", "--again", "-o", tmp_path / "second.flac")
    (second,) = carried_by_all([tmp_path / "second.flac"])
    assert second.recipe.seed == 4
    fails("recipe", rendered, "--loop", "4", words=("--loop", "3"))
    fails("recipe", tmp_path / "second.flac", "--loop", "1", words=("one loop alone",))
    shown = works("recipe", rendered).splitlines()
    assert sum(line.startswith("loop ") for line in shown) == 3


@pytest.mark.soak
def test_a_part_of_a_mix_names_the_loops_in_it_and_says_why_it_is_not_made_again(
    rendered: Path, tmp_path: Path
) -> None:
    mix = recipe_of(rendered)
    assert isinstance(mix, MixRecipe)
    works("export", rendered, "--loop", "12", "13", "--overlap", "0", "-o", tmp_path / "part.wav")
    part = recipe_of(tmp_path / "part.wav")
    assert isinstance(part, MixRecipe)
    assert (part.kind, part.n_samples) == (MixKind.CUT, 44_100)
    assert [lead.recipe for lead in part.leads] == [mix.leads[1].recipe]
    fails(
        "recipe", tmp_path / "part.wav", "--again", "-o", tmp_path / "no.wav", words=("part of another mix", "--loop")
    )
    fails("recipe", tmp_path / "nothing.wav", words=("nothing.wav",))


@pytest.mark.soak
@pytest.mark.parametrize("name", ["mix.flac", "mix.wav", "mix.ogg"])
def test_other_programs_open_what_carries_a_recipe(rendered: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == rendered.name:
        shutil.copy(rendered, path)
    else:
        works(*RENDER, "--minutes", "0.2", "-o", path)
    assert isinstance(recipe_of(path), MixRecipe)
    for words in (["sox", path, "-n", "stat"], ["ffprobe", "-v", "error", path]):
        program = shutil.which(str(words[0]))
        if program is not None:
            done = subprocess.run([program, *map(str, words[1:])], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            assert "WARN" not in done.stderr
