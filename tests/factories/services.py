"""Services and facilities of 河坊街, marked as examples."""

from address_model.coordinates import Point
from address_model.facility_kinds import FacilityKind
from service.core.actor import COMMAND_LINE
from service.core.clock import today
from service.service_items.commands import add_facility, add_service_item
from service.service_items.draft import FacilityDraft, ServiceDraft
from service.service_items.nearby import KnownFacility, NearFacility
from service.service_items.register import OfferedService
from tests.factories.office import COUNTIES, Office

RESIDENCE = ServiceDraft(
    name="演示：居住登记",
    name_en="Demo: residence registration",
    office="示例便民服务中心",
    hours="工作日 8:30—17:00",
    phone="0571-00000011",
    link="https://service.example.org/residence",
)
DEFIBRILLATOR = FacilityDraft(FacilityKind.AED, "演示AED", hours="全天", note="门口墙上")
CENTRE = FacilityDraft(
    FacilityKind.SERVICE_CENTRE,
    "演示便民服务中心",
    hours="工作日 8:30—17:00",
    phone="0571-00000012",
)
OFFERED = (
    OfferedService(
        1,
        "330102000000",
        RESIDENCE.name,
        RESIDENCE.name_en,
        RESIDENCE.office,
        RESIDENCE.hours,
        RESIDENCE.phone,
        RESIDENCE.link,
    ),
    OfferedService(2, "330100000000", "演示：咨询", phone="0571-00000014"),
)
NEARBY = tuple(
    NearFacility(
        KnownFacility(n, kind, f"演示{kind}", str(n), f"河坊街{n}号", None, "全天", phone, note),
        metres,
    )
    for n, (kind, metres, phone, note) in enumerate(
        (
            (FacilityKind.AED, 118.0, "", "门口墙上"),
            (FacilityKind.SERVICE_CENTRE, 96.0, "0571-00000012", ""),
            (FacilityKind.ELDER_CARE, 240.0, "0571-00000013", "二楼"),
            (FacilityKind.SHELTER, 1530.0, "", ""),
            (FacilityKind.CULTURE_HALL, None, "", ""),
        ),
        start=1,
    )
)
"""As full as the list can be."""


def known(
    number: int, kind: FacilityKind, lon: float | None = None, *communities: str
) -> KnownFacility:
    """A facility on the parallel of 30.24° N, or one without a point."""
    point = None if lon is None else Point(lon, 30.24)
    return KnownFacility(
        number, kind, f"演示{number}", str(number), "河坊街1号", point, communities=communities
    )


def make_service(office: Office, side: str) -> dict[str, str]:
    """A service of a county of the office."""
    with office.database.session() as session:
        number = add_service_item(session, COUNTIES[side], RESIDENCE, COMMAND_LINE, today())
    return {"number": str(number)}


def make_facility(office: Office, side: str) -> dict[str, str]:
    """A facility at the address of a county of the office."""
    with office.database.session() as session:
        number = add_facility(session, office.codes[side], CENTRE, COMMAND_LINE, today())
    return {"number": str(number)}
