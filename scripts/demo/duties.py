"""The demo duties: fictitious people (演示…) and telephone numbers that are never assigned."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scripts.demo.areas import DemoArea

VALID_FROM = "2026-01-01"
CONFIRMED_AT = "2026-11-20"
ROLES = {
    "grid": ("grid_worker",),
    "community": ("community_office",),
    "police_beat": ("community_officer", "police_station"),
}
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
AREA_CODES = {
    "3301": "0571", "3302": "0574", "3303": "0577", "3304": "0573", "3305": "0572",
    "3306": "0575", "3307": "0579", "3308": "0570", "3309": "0580", "3310": "0576",
    "3311": "0578",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoDuty:
    """One row of the duties file."""

    area: str
    role: str
    display_name: str
    organisation: str
    phone: str


def list_duties(areas: Sequence[DemoArea]) -> Iterator[DemoDuty]:
    """Assign grids a worker, communities an office, beats an officer and a police station."""
    people = 0
    posts = [(area, role) for area in areas for role in ROLES[area.kind]]
    for number, (area, role) in enumerate(posts, start=1):
        # Of a grid and its community the service centre is responsible, of a beat the station.
        organisation = f"{area.parent or area.name} 服务中心"
        if area.kind == "police_beat":
            organisation = area.name.replace("警务区", "派出所")
        if role in ("community_office", "police_station"):
            name = organisation
        else:
            # 演示甲 … 演示癸, then the sixty pairs 演示甲子 … 演示癸亥, then again with a number.
            turn, place = divmod(people - len(STEMS), 60)
            given = STEMS[people] if turn < 0 else STEMS[place % 10] + BRANCHES[place % 12]
            name = f"演示{given}{turn + 1 if turn > 0 else ''}"
            people += 1
        phone = f"{AREA_CODES[area.division[:4]]}-{number:08d}"
        yield DemoDuty(area.name, role, name, organisation, phone)
