"""Address drafts along 河坊街."""

from dataclasses import replace

from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from service.addresses.drafts import AddressDraft
from tests.factories.divisions import Place

BASE = Elements(
    province="浙江省",
    city="杭州市",
    county="上城区",
    township="清波街道",
    thoroughfare="河坊街",
    number=Numbered("88", "号"),
)


def make_elements(number: str = "88", **changes: object) -> Elements:
    """One door of 河坊街."""
    return BASE._replace(number=Numbered(number, "号"), **changes)  # type: ignore[arg-type]


def make_draft(place: Place, number: str = "88", **changes: object) -> AddressDraft:
    """A draft of one door of 河坊街 in 上城区."""
    draft = AddressDraft(
        county="330102",
        division_id=place.township_id,
        division_code="330102001000",
        elements=make_elements(number),
        point=Point(120.165, 30.24),
        source="test",
    )
    return replace(draft, **changes)  # type: ignore[arg-type]
