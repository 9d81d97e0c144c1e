import pytest

from address_model.elements import local_text
from address_model.gazetteer import load_gazetteer
from address_model.parsing import Verdict, parse

GAZETTEER = load_gazetteer()


@pytest.mark.parametrize(
    ("local", "plates"),
    [
        ("永安路5号601室、602室", ["永安路5号601室", "永安路5号602室"]),
        ("永安路5号601、602室", ["永安路5号601室", "永安路5号602室"]),
        ("永安路5号19-20楼", ["永安路5号19楼", "永安路5号20楼"]),
        ("永安路5号3-5层", ["永安路5号3层", "永安路5号4层", "永安路5号5层"]),
        ("永安路5号一、二层", ["永安路5号1层", "永安路5号2层"]),
        ("永安路5号二楼至四楼", ["永安路5号2楼", "永安路5号3楼", "永安路5号4楼"]),
        ("东方中心E01、E03", ["东方中心E01室", "东方中心E03室"]),
        ("望江苑1-3幢", ["望江苑1幢", "望江苑2幢", "望江苑3幢"]),
        ("望江苑A、C幢", ["望江苑A幢", "望江苑C幢"]),
        ("望江苑2幢101室、5幢201室", ["望江苑2幢101室", "望江苑5幢201室"]),
        ("永安路4号2层、6号1层", ["永安路4号2层", "永安路6号1层"]),
        ("永安路6-8号1-2层", ["永安路6号1层", "永安路6号2层", "永安路8号1层", "永安路8号2层"]),
        ("永安路2号401-403室", ["永安路2号401室", "永安路2号402室", "永安路2号403室"]),
        ("永安路5号2-1、2-3室", ["永安路5号2-1室", "永安路5号2-3室"]),
        ("永安路112-5、6号", ["永安路112-5号", "永安路112-6号"]),
        ("望江苑1-3号", ["望江苑1号", "望江苑2号", "望江苑3号"]),
        ("永安路54号-56号", ["永安路54号", "永安路56号"]),
        ("永安路临7、9号", ["永安路临7号", "永安路临9号"]),
        ("望江苑2幢3-4号店面", ["望江苑2幢3号店面", "望江苑2幢4号店面"]),
    ],
)
def test_lists_and_ranges_of_every_level_are_several_plates(local: str, plates: list[str]) -> None:
    parsed = parse(f"上城区{local}", GAZETTEER)
    assert [local_text(plate) for plate in parsed.plates] == plates
    assert parsed.verdict is Verdict.LIST


@pytest.mark.parametrize(
    "local",
    [
        "永安路7、9号2701室",
        "望江苑1、2幢301室",
        "望江苑1幢3幢",
        "永安路5号底层-6层",
        "望江苑1-3单元",
    ],
)
def test_what_may_be_meant_of_one_or_all_is_left_to_a_person(local: str) -> None:
    assert parse(f"上城区{local}", GAZETTEER).verdict is Verdict.AMBIG


def test_a_range_of_too_many_plates_is_left_to_a_person() -> None:
    parsed = parse("上城区永安路1-60号1-9层", GAZETTEER)
    assert parsed.verdict is Verdict.AMBIG


def test_what_may_be_meant_of_one_or_of_all_names_each() -> None:
    parsed = parse("上城区示例路8-14号2幢301室", GAZETTEER)
    assert parsed.verdict is Verdict.AMBIG
    assert [str(plate.number) for plate in parsed.plates] == ["8号", "10号", "12号", "14号"]


@pytest.mark.parametrize(
    "local",
    [
        "永安路5号6幢502-1、502-2",
        "永安路5号3幢(1-6),(2-6)",
        "永安路5号13-42、43",
        "永安路259-12号、13号、15号",
    ],
)
def test_members_of_two_forms_are_left_to_a_person(local: str) -> None:
    parsed = parse(f"上城区{local}", GAZETTEER)
    assert parsed.verdict is Verdict.AMBIG
    assert any("写法不一" in reason for reason in parsed.reasons)


@pytest.mark.parametrize("local", ["永安路22-1、24号", "永安路8-1、8-2号", "永安路5号(1-1)(1-2)"])
def test_members_of_one_form_are_two_plates(local: str) -> None:
    parsed = parse(f"上城区{local}", GAZETTEER)
    assert parsed.verdict is Verdict.LIST
    assert len(parsed.plates) == 2
