"""Makes the card of a scan from what was fetched, without what its areas add to it."""

from collections.abc import Sequence

from address_model.codes import AddressCode
from address_model.pinyin import romanise_address, spell_address, spell_name
from service.scans.card import AddressState, ScanCard
from service.scans.hot.queries import Scanned
from service.scans.queries import SHOWN_STATE, SHOWN_STATUS
from service.scans.sketch import Door, door_at, draw_sketch


def card_of(scanned: Scanned, doors: Sequence[Door] | None) -> ScanCard:
    """Return the card of a plate that nothing came in place of, among the doors about it."""
    point, elements = scanned.point, scanned.elements
    street, sketch = elements.street, None
    if point is not None:
        others = [door for door in doors or () if door.point != point]
        sketch = draw_sketch(door_at(point, elements), others)
    return ScanCard(
        code=AddressCode(scanned.code),
        standard_text=scanned.standard_text,
        elements=elements,
        status=SHOWN_STATUS[scanned.plate_status],
        token=scanned.token,
        pinyin=spell_name(street).upper() if street else "",
        romanised=romanise_address(elements),
        spelled=spell_address(elements),
        division=scanned.division,
        payload=scanned.payload_prefix + scanned.token,
        address_state=SHOWN_STATE.get(scanned.address_status, AddressState.CURRENT),
        reason=scanned.plate_reason,
        point=point,
        sketch=sketch,
        is_demo=scanned.is_sample,
    )
