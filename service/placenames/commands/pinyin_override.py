"""Sets the reading of a name manually: audited, with its source, and kept by later loads."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from address_model.heritage.catalogue import PlaceNameRecord
from address_model.pinyin import plain_pinyin
from address_model.readings import is_reading, load_readings
from address_model.tables import PlaceName
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.core.errors import BadRequest
from service.core.records import Record
from service.placenames.commands.name_locks import hold_names
from service.placenames.pinyin_reading import BY_HAND
from service.placenames.queries import find_versions, get_record


def set_reading(
    session: Session,
    number: str,
    toned: str,
    *,
    source: str,
    actor: Actor,
    seen: int | None = None,
) -> PlaceNameRecord:
    """Set the reading of a name in its division, and its source; return the updated record.

    ``seen`` is the version the caller saw; None skips the check.

    Raises:
        Outdated: it has changed since.
        PlaceNameNotFound: there is no such place name.
        BadRequest: a syllable is no reading of its character, or the source is missing.
    """
    hold_names(session, [number])
    held = get_record(session, number)
    version = find_versions(session, [held.number])[held.number]
    facts = {"名称": held.standard_name, "读音": held.pinyin, "依据": held.pinyin_source}
    stands = Record("place_names", held.number, f"地名 {held.number}", version, facts)
    require_seen(session, stands, seen)
    spelled, cited = " ".join(toned.split()), " ".join(source.split())
    _require_reading(held.standard_name, spelled, cited)
    session.execute(
        update(PlaceName)
        .where(PlaceName.number == number)
        .values(
            pinyin=spelled,
            pinyin_plain=plain_pinyin(spelled),
            pinyin_source=BY_HAND + cited,
            needs_review=False,
        )
    )
    changes.announce(session, Subject.PLACE_NAME, Action.CHANGED, [number])
    audit.record(
        session,
        actor=actor,
        action="place_names:spell",
        subject=number,
        name=held.standard_name,
        before=held.pinyin,
        after=spelled,
        source=cited,
    )
    return get_record(session, number)


def _require_reading(name: str, spelled: str, cited: str) -> None:
    if not cited:
        raise BadRequest(
            "no source is named for the reading",
            hint="name the document or person that confirms it",
        )
    if not is_reading(name, spelled):
        table = load_readings()
        known = "; ".join(
            f"{one} {'/'.join(table.list_readings(one))}" for one in dict.fromkeys(name)
        )
        raise BadRequest(
            f"{spelled!r} does not read {name}: {known}",
            hint="write it with tone marks, as in Tiāntāi Xiàn",
        )
