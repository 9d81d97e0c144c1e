from itertools import pairwise

from address_model.heritage.catalogue import NameForm
from address_model.heritage.claims import Claim
from service.core.words import WORDS, Language
from service.heritage.name_spans import list_spans, list_ticks
from tests.factories.heritage import entry_of, place_of

ZH, EN = WORDS[Language.ZH], WORDS[Language.EN]
HAIYAN = entry_of(
    place_of(
        standard_name="海盐县",
        forms=(
            NameForm("展武县", year_from=14, year_to=22, citation="新莽改名"),
            NameForm("海盐州", year_from=1295, year_to=1368),
        ),
    ),
    claims=(Claim("name", year=-222, precision="year"),),
    settlement_since=-222,
    name_since=-222,
    name_precision="year",
)


def test_the_present_name_pauses_while_another_was_in_force() -> None:
    _, spans = list_spans(HAIYAN, 2026, ZH)
    assert [span.name for span in spans] == ["海盐县", "展武县", "海盐州"]
    present, zhanwu, _ = spans
    assert present.years == "公元前222年至今"
    assert len(present.strips) == 3
    assert present.strips[-1].left + present.strips[-1].width == 100
    assert zhanwu.strips[0].left > present.strips[0].left + present.strips[0].width - 0.9
    assert (zhanwu.years, zhanwu.citation) == ("14年—22年", "新莽改名")


def test_a_span_of_unknown_beginning_fades_and_one_without_years_has_no_strip() -> None:
    forms = (NameForm("乌墩", year_to=1189), NameForm("乌戍"), NameForm("青镇", year_from=1300))
    entry = entry_of(place_of(forms=forms), name_since=1190, name_precision="circa")
    _, spans = list_spans(entry, 2026, ZH)
    looks = {span.name: [strip.look for strip in span.strips] for span in spans}
    assert looks == {"示例县": ["circa"], "乌墩": ["faded"], "乌戍": [], "青镇": ["faded"]}
    assert spans[-1].years == "年代未考"


def test_an_undated_present_name_says_so() -> None:
    _, (span,) = list_spans(entry_of(), 2026, EN)
    assert (span.years, span.strips) == ("first use not dated", ())


def test_dynasties_on_the_axis_leave_each_other_room() -> None:
    axis, _ = list_spans(HAIYAN, 2026, ZH)
    ticks = list_ticks(axis, ZH)
    assert ticks[0].at == 0
    assert {"清", "明"} & {tick.word for tick in ticks}
    for before, after in pairwise(ticks):
        assert after.at - before.at >= 5.5 * len(before.word)
