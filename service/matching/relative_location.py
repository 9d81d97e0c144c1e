"""Relative locations: beside a plate (88号对面), or at its door (88号门口)."""

from dataclasses import replace

from address_model.parsing import Parse, Verdict
from service.matching.classification import doubt
from service.matching.resolution import Resolution


def names_beside(reading: Parse) -> bool:
    """Whether a reading names a numbered plate only as a reference for another place."""
    is_numbered = reading.place.number is not None or reading.place.building is not None
    located = any(element.level == "locator" for element in reading.elements)
    return not reading.plates and is_numbered and located


def read_beside(reading: Parse) -> Parse:
    """The reading of the reference plate of such a text; any other is unchanged."""
    if not names_beside(reading):
        return reading
    return reading._replace(plates=(reading.place,), verdict=Verdict.AMBIG)


def doubt_beside(reading: Parse, answer: Resolution) -> Resolution:
    """Downgrade the result of a text that means a place beside its plate.

    Words after a full number that are not part of the address (门口) are reported as a reason.
    """
    where = "、".join(e.text for e in reading.elements if e.level == "locator")
    if not names_beside(reading):
        if not where or answer.address is None:
            return answer
        return replace(answer, reasons=(*answer.reasons, f"另有说明：{where}"))
    why = f"原文写的是旁边的地点（{where}），不是门牌本身"
    if answer.address is None:
        return replace(answer, reasons=(*answer.reasons, why))
    return doubt(answer, why)
