"""How a plate stands to its address, and what work follows: one table for every case.

A plate is made once and its address goes on living. So what a plate says is compared with what its
address is now, wherever a plate is shown, hung or counted; only the work that follows is written.
"""

from dataclasses import dataclass
from enum import StrEnum

from address_model.lifecycle import GONE, PlateStatus
from address_model.work import WorkKind


class Standing(StrEnum):
    """How a plate stands to its address."""

    SOUND = "sound"
    OTHER_TEXT = "other_text"
    ADDRESS_ENDED = "address_ended"


STANDING_NAMES = dict(zip(Standing, ("相符", "文字不符", "地址已终止"), strict=True))


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows for a plate: the open work that ends, the work there must be, its state."""

    ends: tuple[WorkKind, ...] = ()
    work: WorkKind | None = None
    after: PlateStatus | None = None


P = PlateStatus
_ALL = tuple(WorkKind)
_NOTHING = Consequence()
_CLOSED = Consequence(_ALL)
_TAKE_DOWN = Consequence(
    tuple(kind for kind in WorkKind if kind is not WorkKind.TAKE_DOWN), WorkKind.TAKE_DOWN
)
_REPLACE = Consequence((WorkKind.INSTALL,), WorkKind.REPLACE)

CONSEQUENCES: dict[Standing, dict[PlateStatus, Consequence]] = {
    # What a text that differed had opened ends with its cause.
    Standing.SOUND: dict.fromkeys(P, _NOTHING),
    Standing.ADDRESS_ENDED: {
        P.TO_MAKE: Consequence(_ALL, after=P.VOID),
        P.MAKING: _CLOSED,
        P.TO_INSTALL: _CLOSED,
        P.IN_USE: _TAKE_DOWN,
        P.DAMAGED: _TAKE_DOWN,
        # Where a lost plate is, nobody knows: there is nothing to send a crew for.
        P.LOST: _CLOSED,
        P.REPLACED: _NOTHING,
        P.VOID: _NOTHING,
    },
    Standing.OTHER_TEXT: {
        # What is not made yet is printed again.
        P.TO_MAKE: _NOTHING,
        P.MAKING: _REPLACE,
        P.TO_INSTALL: _REPLACE,
        P.IN_USE: _REPLACE,
        P.DAMAGED: _REPLACE,
        P.LOST: _NOTHING,
        P.REPLACED: _NOTHING,
        P.VOID: _NOTHING,
    },
}


def standing_of(address_status: str, printed: str | None, face: str) -> Standing:
    """How a plate stands to its address.

    ``printed`` is what stands on the plate, None where nothing else than what the address says;
    ``face`` is what a plate made now would say.
    """
    if address_status in GONE:
        return Standing.ADDRESS_ENDED
    return Standing.OTHER_TEXT if printed and printed != face else Standing.SOUND
