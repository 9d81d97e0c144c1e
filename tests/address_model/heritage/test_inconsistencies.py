"""Each rule of what does not fit together, with an entry that breaks it and one that does not."""

import pytest

from address_model.heritage.catalogue import CatalogueEntry, Listing
from address_model.heritage.claims import Citation, Claim
from address_model.heritage.inconsistencies import list_inconsistencies
from tests.factories.heritage import entry_of

HISTORY = Citation(
    "《宋史》", published="1345", kind="standard_history", seen_as="transcription_read"
)


def told(entry: CatalogueEntry) -> str:
    return "\n".join(list_inconsistencies(entry, {}, 2026))


def dated(year: int, **more: object) -> Claim:
    return Claim("name", year=year, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ((dated(872), Claim("settlement", year=900)), "早于聚落"),
        ((dated(872), Claim("settlement", year=900, not_after=True)), ""),
        ((dated(900), Claim("settlement", year=872)), ""),
        ((dated(1195, calendar_text="南宋庆元三年"),), "南宋庆元三年是公元1197年"),
        ((dated(1197, calendar_text="南宋庆元三年"),), ""),
        ((dated(1194, calendar_text="南宋庆元年间"),), "登记为1194年"),
        ((dated(1400, citations=(HISTORY,)),), "早于它所证的1400年"),
        ((dated(199, citations=(HISTORY,)),), "晚出 1146 年"),
        ((dated(199, not_after=True, citations=(HISTORY,)),), ""),
        ((dated(1121, citations=(HISTORY,)),), ""),
        ((dated(1288), Claim("origin", "相传刘基在此读书。", "legend")), "提到刘基"),
        ((dated(1400), Claim("origin", "相传刘基在此读书。", "legend")), ""),
        ((dated(1268), Claim("origin", "民间说清乾隆时淤成沙地。", "legend")), "提到乾隆"),
    ],
)
def test_what_does_not_fit_is_told(claims: tuple[Claim, ...], said: str) -> None:
    found = told(entry_of(claims=claims))
    assert said.replace("公元", "") in found if said else not found


def test_a_recognition_needs_a_source_that_is_more_than_a_mirror() -> None:
    listing = Listing("X", "千年古镇", "recognized", year=2017)
    mirror = Citation("转载", kind="mirror", seen_as="quoted_in_mirror")
    press = Citation("报", kind="press", seen_as="page_read")
    weak = entry_of(recognitions=(listing,), claims=(Claim("list_status", citations=(mirror,)),))
    sound = entry_of(recognitions=(listing,), claims=(Claim("list_status", citations=(press,)),))
    assert "千年古镇已认定，但公布文件或报道未见" in told(weak)
    assert told(sound) == ""
