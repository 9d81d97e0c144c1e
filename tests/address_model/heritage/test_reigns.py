import csv
from pathlib import Path

import pytest

from address_model.heritage.reigns import (
    DateRule,
    UnclearDate,
    list_reign_years,
    list_reigns,
    parse_reign_date,
)

COUNTED_FROM_NEW_YEAR = {("建文", 1399), ("永乐", 1403)}
"""Proclaimed in the autumn before: the table has the year of the proclamation."""
NOT_IN_TABLE = {("永憙", 145), ("天宝", 908)}
"""永憙 stands there as 永嘉 (two readings of the inscriptions), 天宝 of 吴越 not at all."""

YEARS = [*range(-140, 0), *range(1, 1912)]


def test_row_4_tang_xiantong_13_is_872_and_back() -> None:
    date = parse_reign_date("唐咸通十三年")
    assert (date.first, date.rule) == (872, DateRule.YEAR)
    assert list_reign_years(872) == ["唐咸通十三年"]


@pytest.mark.parametrize(
    ("text", "first", "last", "rule"),
    [
        ("唐", 618, 907, DateRule.DYNASTY),
        ("宋", 960, 1279, DateRule.PAN_DYNASTY),
        ("唐咸通年间", 860, 874, DateRule.REIGN),
        ("唐天宝三载", 744, 744, DateRule.YEAR),
        ("清光绪三年五月", 1877, 1877, DateRule.MONTH),
        ("清光绪三年五月初五", 1877, 1877, DateRule.DAY),
        ("西晋永嘉二年", 308, 308, DateRule.YEAR),
        ("西汉元鼎二年", -115, -115, DateRule.YEAR),
        ("元至元三年(1337年)", 1337, 1337, DateRule.YEAR),
        ("元至元十三年", 1276, 1276, DateRule.YEAR),
        ("蜀汉建兴五年", 227, 227, DateRule.YEAR),
        ("吴越天宝三年", 910, 910, DateRule.YEAR),
    ],
)
def test_a_date_is_as_exact_as_its_text(text: str, first: int, last: int, rule: DateRule) -> None:
    date = parse_reign_date(text)
    assert (date.first, date.last, date.rule) == (first, last, rule)


@pytest.mark.parametrize("text", ["", "胡说", "唐咸通九十年", "建武三年", "元至元三年", "872"])
def test_what_is_no_date_or_two_is_said_so(text: str) -> None:
    with pytest.raises(UnclearDate):
        parse_reign_date(text)


def test_every_reign_year_comes_back_to_its_year() -> None:
    for year in YEARS:
        for said in list_reign_years(year):
            assert parse_reign_date(said).first == year


def test_every_reign_begins_in_the_year_that_the_table_of_sanmiao_gives() -> None:
    """``sanmiao_eras.csv``: names and first years of Sanmiao 0.2.12 (D. P. Morgan, CNRS, MIT)."""
    with Path(__file__).with_name("sanmiao_eras.csv").open(encoding="utf-8") as file:
        table = {(row["name"], int(row["first"])) for row in csv.DictReader(file)}
    ours = {(reign.name, reign.first) for reign in list_reigns()}
    assert len(ours) > 370
    assert ours - table == COUNTED_FROM_NEW_YEAR | NOT_IN_TABLE
