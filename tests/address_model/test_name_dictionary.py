import ast
import os
import subprocess
import sys

import pytest

from address_model.name_dictionary import build_dictionary, kind_of_slip

NAMES = ("文三路", "文二路", "文三西路", "河坊街", "凤凰山脚路", "翠苑新村", "河阳村", "东新路")


@pytest.mark.parametrize(
    ("written", "name", "kind"),
    [
        ("文三路", "文三路", "exact"),
        ("河纺街", "河坊街", "homophone"),
        ("河阳", "河阳村", "suffix"),
        ("凤凰山却路", "凤凰山脚路", "character"),
        ("风凰山脚路", "凤凰山脚路", "homophone"),
        ("凤山凰脚路", "凤凰山脚路", "transposed"),
        ("翠苑薪村", "翠苑新村", "homophone"),
    ],
)
def test_a_slip_leads_to_the_name_that_was_meant(written: str, name: str, kind: str) -> None:
    best = build_dictionary(NAMES).find_similar(written)[0]
    assert (best.name, best.kind) == (name, kind)
    assert best.is_safe


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("文一路", "文三路"),
        ("文三路", "文三西路"),
        ("东新路", "西新路"),
        ("河坊路", "河坊街"),
        ("钱塘南街", "钱塘大街"),
    ],
)
def test_a_character_that_tells_neighbours_apart_is_no_slip(written: str, name: str) -> None:
    assert kind_of_slip(written, name) == "contrast"
    found = build_dictionary([name]).find_similar(written)
    assert not any(match.is_safe for match in found)


def test_an_invented_name_finds_nothing() -> None:
    assert build_dictionary(NAMES).find_similar("箬溪栖霞路") == []


def test_names_that_sound_alike_are_all_found() -> None:
    found = build_dictionary(["兴业路", "星叶路"]).find_pinyin("Xingye Lu")
    assert found == ("兴业路", "星叶路")


def test_every_process_gives_the_same_names_in_the_same_order() -> None:
    other = "丁丙乙介从仓付仲任伍伏优伙会传"
    names = [f"清河{one}村" for one in other] + [f"清{one}新村" for one in other]
    code = (
        "from address_model.name_dictionary import build_dictionary as build\n"
        f"print([m.name for m in build({names!r}).find_similar('清河新村', limit=30)])"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1
    assert len(ast.literal_eval(told.pop().decode())) > 5
