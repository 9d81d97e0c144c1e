"""Which fields of a response hold a record, or a list of records, of another kind."""

from collections.abc import Mapping
from types import MappingProxyType

PARTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "scan": {
            "successor": "scan.successor",
            "successors": "scan.successor",
            "contacts": "scan.contact",
            "position": "scan.position",
            "story": "scan.story",
            "services": "scan.service",
            "nearby": "scan.facility",
            "maps": "maps",
            "point": "point",
        },
        "address": {
            "elements": "elements",
            "geometry": "point",
            "position": "position",
            "successors": "successor",
            "place": "place",
            "positions": "position",
            "names": "name",
            "identifiers": "identifier",
            "areas": "area",
            "plates": "plate",
            "parent": "kin",
            "children": "kin",
        },
        "history": {
            "names": "name",
            "positions": "position",
            "identifiers": "identifier",
            "predecessors": "kin",
            "successors": "kin",
            "events": "event",
        },
        "elements": dict.fromkeys(
            ("lanes", "group", "number", "building", "unit", "floor", "room", "thing"), "numbered"
        ),
        "position": {"geometry": "point"},
    }
)
"""Fields that hold a record, or a list of records, of another kind."""
