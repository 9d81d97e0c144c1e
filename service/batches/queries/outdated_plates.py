"""Reads the plates in the files of batches that no longer say what the register says."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.elements import elements_from_plain
from address_model.lifecycle import (
    ADDRESS_STATUS_NAMES,
    ENDED,
    NOT_HUNG,
    PLATE_STATUS_NAMES,
    AddressStatus,
    BatchStatus,
    PlateStatus,
)
from address_model.plate_standing import Standing, standing_of
from service.plates.faces import face_text

DRAWN = (
    BatchStatus.PROVEN,
    BatchStatus.READY,
    BatchStatus.ISSUED,
    BatchStatus.HANDED_OVER,
    BatchStatus.RECEIVED,
)
"""The states from which on the files of a batch can be outdated; in others they are made anew."""

_CHANGED = text(
    "select p.batch_id, p.token, p.code, p.status, p.status_reason, p.printed_text, "
    "a.standard_text, a.status as address_status, a.status_reason as address_reason, a.elements, "
    "coalesce(i.file, '') as file, coalesce(i.page, 0) as page "
    "from plate_batch b join plate p on p.batch_id = b.id join address a on a.code = p.code "
    "left join run r on r.id = b.run_id "
    "left join plate_batch_item i on i.batch_id = b.id and i.token = p.token "
    "where b.id = any(:batches) and b.status = any(:drawn) and coalesce(i.left_out, '') = '' "
    "and (p.printed_text is not null or i.file <> '') "
    "and (p.status = any(:not_hung) and a.updated_at >= coalesce(r.created_at, b.created_at) "
    "or p.status = any(:ended) and b.status <> 'received') "
    "order by p.batch_id, i.place, p.token"
)
"""A run locks the addresses after it was created and before it draws: earlier changes are in."""


@dataclass(frozen=True, slots=True)
class OutdatedPlate:
    """A plate in the files of a batch that should not be made as it is drawn there.

    ``file`` and ``page`` are where it stands, "" and 0 if its file was drawn without a list.
    """

    token: str
    code: str
    text: str
    file: str
    page: int
    why: str


def find_outdated(session: Session, batch_ids: Sequence[int]) -> dict[int, list[OutdatedPlate]]:
    """By batch the plates in its files that differ from the register, in the order of its list.

    A plate differs while it does not hang and bears another text, or its address has ended, or it
    was voided or replaced itself. Batches without one, and without files, are left out.
    """
    values = {
        "batches": list(batch_ids),
        "drawn": list(DRAWN),
        "not_hung": list(NOT_HUNG),
        "ended": list(ENDED),
    }
    found: dict[int, list[OutdatedPlate]] = {}
    for row in session.execute(_CHANGED, values):
        face = face_text(elements_from_plain(row.elements))
        standing = standing_of(row.address_status, row.printed_text, face)
        if standing is Standing.ADDRESS_ENDED:
            name = ADDRESS_STATUS_NAMES[AddressStatus(row.address_status)]
            why = f"地址已终止（{name}）"
            why += f"：{row.address_reason}" if row.address_reason else ""
        elif row.status in ENDED:
            why = f"门牌{PLATE_STATUS_NAMES[PlateStatus(row.status)]}"
            why += f"：{row.status_reason}" if row.status_reason else ""
        elif standing is Standing.OTHER_TEXT:
            why = f"文件里是“{row.printed_text}”，地址现在是“{face}”"
        else:
            continue
        plate = OutdatedPlate(row.token, row.code, row.standard_text, row.file, row.page, why)
        found.setdefault(row.batch_id, []).append(plate)
    return found
