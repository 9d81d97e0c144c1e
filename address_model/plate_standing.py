"""Whether a plate still matches its address, and the work that follows: one table for all cases.

A plate is made once, while its address keeps changing. So its text is compared with the current
address whenever a plate is shown, hung or counted; only the resulting work is stored.
"""

from dataclasses import dataclass
from enum import StrEnum

from address_model.lifecycle import GONE, PlateStatus
from address_model.work import WorkKind


class Standing(StrEnum):
    """Whether a plate matches its address."""

    SOUND = "sound"
    OTHER_TEXT = "other_text"
    ADDRESS_ENDED = "address_ended"


STANDING_NAMES = dict(zip(Standing, ("相符", "文字不符", "地址已终止"), strict=True))


@dataclass(frozen=True, slots=True)
class Consequence:
    """The consequence for a plate: open work to end, work required, new state."""

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
    # Work opened for a differing text ends with its cause.
    Standing.SOUND: dict.fromkeys(P, _NOTHING),
    Standing.ADDRESS_ENDED: {
        P.TO_MAKE: Consequence(_ALL, after=P.VOID),
        P.MAKING: _CLOSED,
        P.TO_INSTALL: _CLOSED,
        P.IN_USE: _TAKE_DOWN,
        P.DAMAGED: _TAKE_DOWN,
        # Nobody knows where a lost plate is: there is no work for a crew.
        P.LOST: _CLOSED,
        P.REPLACED: _NOTHING,
        P.VOID: _NOTHING,
    },
    Standing.OTHER_TEXT: {
        # A plate not made yet is printed with the new text.
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
    """Compare a plate with its address.

    ``printed`` is the text on the plate, None when only that of the address is known;
    ``face`` is the text of a plate made now.
    """
    if address_status in GONE:
        return Standing.ADDRESS_ENDED
    return Standing.OTHER_TEXT if printed and printed != face else Standing.SOUND
