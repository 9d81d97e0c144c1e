"""Measures the correction of a door with many rooms that all have plates, and its way back.

Usage: python -m benchmarks.renumbering [ROOMS]
"""

import sys
import time
from dataclasses import replace

from sqlalchemy import text

from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from benchmarks.databases import bench_database
from service.addresses.commands import correct_address, enter_addresses
from service.addresses.drafts import AddressDraft, draft_of
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.plates.commands import follow_addresses, issue_plates, open_batch

DOOR = Elements(
    "浙江省", "杭州市", "上城区", "清波街道", thoroughfare="示例路", number=Numbered("2", "号")
)


def main(rooms: int) -> None:
    """Print seconds for the correction alone, with its plates, and back again."""
    with bench_database() as database:
        code = _enter(database, rooms)
        for number in ("4", "2"):
            start = time.perf_counter()
            with database.session() as session:
                door = get_address(session, code)
                elements = door.elements._replace(number=Numbered(number, "号"))
                draft = replace(draft_of(door), elements=elements)
                changed = correct_address(session, door, draft, COMMAND_LINE)
                corrected = time.perf_counter() - start
                follow_addresses(session, changed, COMMAND_LINE)
            whole = time.perf_counter() - start
            print(
                f"to {number}号: {len(changed):,} texts {corrected:.1f} s, "
                f"with plates {whole:.1f} s"
            )


def _enter(database: Database, rooms: int) -> str:
    """A door with buildings of 100 rooms, all with hung plates; return its code."""
    with database.session() as session:
        division_id = session.execute(
            text(
                "insert into division (code, code_system, edition, level, name) "
                "values ('330102001000', 'nbs', '2023', 4, '清波街道') returning id"
            )
        ).scalar_one()
        elements = [DOOR]
        for number in range(rooms):
            building = Numbered(str(number // 100 + 1), "幢")
            if number % 100 == 0:
                elements.append(DOOR._replace(building=building))
            room = Numbered(str(number % 100 + 101), "室")
            elements.append(DOOR._replace(building=building, room=room))
        point = Point(120.165, 30.24)
        drafts = [
            AddressDraft("330102", division_id, "330102001000", one, point, source="bench")
            for one in elements
        ]
        codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
        batch = open_batch(
            session,
            name="bench",
            design="room",
            payload_prefix="https://CITY.EXAMPLE/",
            actor=COMMAND_LINE,
        )
        issue_plates(session, batch, codes, COMMAND_LINE, status="in_use")
    return codes[0]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
