from address_model.heritage.catalogue import NameForm, Scheme
from address_model.heritage.claims import Claim
from service.core.words import WORDS, Language
from service.heritage.age_tests import find_scheme, list_tests
from service.heritage.seed import Seed
from tests.factories.heritage import entry_of, place_of

ZH, EN = WORDS[Language.ZH], WORDS[Language.EN]


def test_the_engine_tells_both_ages_by_the_scheme_of_the_class(seed: Seed) -> None:
    wuzhen = next(one for one in seed.entries if one.id == "ZJH-0048")
    assert find_scheme(wuzhen.heritage_class, seed.schemes).code == "ZJ-QNGZ"
    assert find_scheme("street_lane", seed.schemes).name == "双千年"
    told = list_tests(wuzhen, seed.schemes, 2026, ZH)
    assert [(one.verdict, one.why) for one in told] == [
        ("met", "872年起，1154 年"),
        ("unmet", "1190年起，836 年；此前名乌墩"),
    ]
    assert list_tests(wuzhen, seed.schemes, 2026, EN)[1].why.endswith("before that named 乌墩")


def test_a_short_break_is_forgiven_as_the_scheme_says_and_no_longer() -> None:
    entry = entry_of(
        place_of(forms=(NameForm("展武县", year_from=14, year_to=22),)),
        heritage_class="ancient_county",
        claims=(Claim("name", year=-222, precision="year"),),
    )
    assert list_tests(entry, [], 2026, ZH)[1].why == "公元前222年起，2247 年"
    rule = {"id": "name_age", "kind": "name_years", "min": 1000, "max_break_years": 5}
    strict = Scheme("CN-QNGX", "2", "千年古县", {"criteria": [rule]})
    assert [one.why for one in list_tests(entry, [strict], 2026, ZH)] == [
        "23年起，2003 年；此前名展武县"
    ]


def test_without_evidence_an_age_is_unknown() -> None:
    told = list_tests(entry_of(name_since=900), [], 2026, ZH)
    assert [(one.verdict, one.why) for one in told] == [("unknown", "始年待考")] * 2
