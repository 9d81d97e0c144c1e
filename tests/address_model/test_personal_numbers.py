import pytest

from address_model.elements import standard_text
from address_model.gazetteer import load_gazetteer
from address_model.parsing import Verdict, parse
from address_model.personal_numbers import find_personal_numbers

GAZETTEER = load_gazetteer()
ADDRESS = "浙江省杭州市上城区永安路5号"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"{ADDRESS}13800001234", "手机号码"),
        (f"{ADDRESS}１３８００００１２３４", "手机号码"),
        (f"{ADDRESS}，电话138-0000-1234", "手机号码"),
        (f"{ADDRESS}(+86 13800001234)", "手机号码"),
        (f"{ADDRESS} 0571-28880000", "电话号码"),
        (f"{ADDRESS}联系电话：28880000", "电话号码"),
        (f"{ADDRESS} 330102199002300011", "身份证号码"),
        (f"{ADDRESS}身份证33010219900101001X", "身份证号码"),
        (f"310000{ADDRESS}", "邮政编码"),
        (f"{ADDRESS} 310000", "邮政编码"),
        (f"{ADDRESS}邮编：310000", "邮政编码"),
    ],
)
def test_a_number_of_a_person_is_never_an_element_and_said_so(text: str, kind: str) -> None:
    parsed = parse(text, GAZETTEER)
    assert parsed.verdict is Verdict.OK
    assert standard_text(parsed.plates[0]) == ADDRESS
    assert f"原文含{kind}，不属于地址，已略去" in parsed.reasons
    left = text
    found = find_personal_numbers(text)
    for one in reversed(found):
        left = left[: one.start] + left[one.end :]
    assert [one.kind for one in found] == [kind]
    assert not any(mark in left for mark in ("1380000", "2888", "330102", "3100"))


@pytest.mark.parametrize(
    "text",
    [
        "上城区永安路13800号",
        "上城区永安路5号310室",
        "上城区永安市场2幢310021号",
        "上城区永安路5号2幢1单元1201室",
        "海宁市104国道1380号",
        "浙江省杭州市上城区",
    ],
)
def test_numbers_of_an_address_are_none_of_a_person(text: str) -> None:
    assert find_personal_numbers(text) == []


@pytest.mark.parametrize(
    "number",
    ["13800001234", "138 0000 1234", "330102199002300011", "0571-28880000", "电话28880000"],
)
@pytest.mark.parametrize("road", ["", "永安路"])
@pytest.mark.parametrize("behind", ["号", "号2幢", ""])
def test_a_number_of_a_person_is_no_house_number(number: str, road: str, behind: str) -> None:
    text = f"浙江省杭州市上城区{road}{number}{behind}"
    parsed = parse(text, GAZETTEER)
    digits = number.removeprefix("电话").replace(" ", "").replace("-", "")
    for plate in parsed.plates:
        assert digits not in standard_text(plate).replace("-", "")
        assert plate.number is None
    assert any("不属于地址，已略去" in reason for reason in parsed.reasons)
