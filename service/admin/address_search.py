"""Finds what a member of staff means by a text: an address, a division, or places by name.

Takes whatever stands on a plate or in a list: code or its beginning, token, identifier of another
scheme, present or former text, pinyin, the name of a street, estate, village or division. Only
what lies in the person's divisions is found.
"""

from collections.abc import Callable
from dataclasses import dataclass

from address_model.codes import InvalidCode
from address_model.normal_form import normalise
from address_model.plate_text import LONGEST, read_plate_text
from service.addresses.queries import (
    AddressRow,
    find_addresses,
    find_by_any_identifier,
    list_addresses,
)
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.database import Session
from service.core.errors import Conflict, DivisionNotFound
from service.divisions.queries import find_names, get_division_by_text, list_divisions
from service.matching.queries import complete, resolve
from service.placenames.queries import search_places
from service.plates.queries import find_plate
from service.scans.pages import WRONG_DIGITS

READ = Permission.ADDRESSES_READ
_MOST_DIVISIONS = 1000
_CITY_DIGITS = 4
_CODE_DIGITS = range(8, 16)
"""So many digits are the beginning of a code; fewer would name a number, or half a county."""
_MOST_CODES = 20
NOTHING = "您的区划内没有找到。可以换一个写法：街路或小区名、门牌号、16 位编码、10 位短码、拼音。"
NEAREST = "没有完全相同的地址，以下是最接近的。"


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a text means; empty fields mean nothing of the kind.

    ``code`` is the one address meant, ``division`` the one division; ``places`` are keys of place
    names, ``codes`` addresses of which a person must choose. ``divisions`` are namesakes (code,
    name), ``names`` names that begin like the text.
    """

    code: str = ""
    division: str = ""
    places: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    divisions: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    note: str = ""


def search(session: Session, member: StaffMember, written: str) -> SearchResult:
    """What a text means in the divisions of a person."""
    text = written.strip()[:LONGEST]
    try:
        plate, wrong = read_plate_text(text), ""
    except InvalidCode:
        plate, wrong = None, WRONG_DIGITS
    found = None
    if plate is not None:
        hung = find_plate(session, plate.token) if plate.token else None
        code = (hung.code if hung else "") if plate.token else plate.code
        own = _own(session, member, [code])
        found = SearchResult(code=own[0].code) if own else None
    finders: tuple[Callable[[Session, StaffMember, str], SearchResult | None], ...]
    finders = (_of_division, _of_identifier) if wrong else _FINDERS
    for find in finders:
        found = found or find(session, member, text)
    if found:
        return found
    # Names that begin like the text, also in initials; only below a city, because the names of
    # more counties are not held for this.
    names: dict[str, None] = {}
    for scope in member.scopes(READ):
        if text and len(scope) >= _CITY_DIGITS:
            names.update(dict.fromkeys(complete(session, text, scope[:6]).names))
    return SearchResult(note=wrong or NOTHING, names=tuple(names)[:10])


def _of_division(session: Session, member: StaffMember, text: str) -> SearchResult | None:
    """The division of a code or name; of several of one name, those the person may read."""
    try:
        codes = [get_division_by_text(session, text).code]
    except DivisionNotFound:
        return None
    except Conflict:
        named = list_divisions(session, name=text, limit=_MOST_DIVISIONS)
        codes = [row.code for row in named if row.name == text]
    own = [code for code in codes if may(member, READ, code)]
    if len(own) < 2:
        return SearchResult(division=own[0]) if own else None
    above = {code: (f"{code[:6]}000000", f"{code[:9]}000", code) for code in own}
    names = find_names(session, [part for path in above.values() for part in path])
    spelt = tuple(
        (code, "".join(names.get(part, "") for part in dict.fromkeys(path)))
        for code, path in above.items()
    )
    return SearchResult(divisions=spelt, note=f"有 {len(own)} 个区划叫“{text}”，请选一个。")


def _of_identifier(session: Session, member: StaffMember, text: str) -> SearchResult | None:
    """The address with this identifier in any scheme."""
    own = _own(session, member, find_by_any_identifier(session, text))
    return _chosen(own, f"有 {len(own)} 个地址的标识是“{text}”。") if own else None


def _of_code_beginning(session: Session, member: StaffMember, text: str) -> SearchResult | None:
    """The addresses whose codes begin with these digits, in any spacing."""
    digits = "".join(text.split())
    if not (digits.isascii() and digits.isdigit() and len(digits) in _CODE_DIGITS):
        return None
    found = [
        row
        for scope in member.scopes(READ)
        for row in list_addresses(session, division=scope, beginning=digits, limit=_MOST_CODES)
    ]
    return (
        _chosen(found, f"编码以 {digits} 开头的地址，最多列出 {_MOST_CODES} 个。")
        if found
        else None
    )


def _of_places(session: Session, member: StaffMember, text: str) -> SearchResult | None:
    """The streets, estates and villages of a name."""
    rows = search_places(session, text, member.scopes(READ))
    return SearchResult(places=tuple(row.id for row in rows)) if rows else None


def _of_text(session: Session, member: StaffMember, text: str) -> SearchResult | None:
    """The address of a text, or those it may mean."""
    answer = resolve(session, text)
    means = [answer.address] if answer.address else [c.address for c in answer.candidates]
    if answer.historic is not None:
        means.insert(0, answer.historic)
    own = _own(session, member, [address.code for address in means])
    if not own:
        return None
    if answer.historic is not None:
        return _chosen(own, f"“{text}”已终止；有后继地址的一并列出。")
    # Whether the one address found has this text, now or formerly.
    is_sure = answer.category == "A" or answer.matched_name is not None
    one = answer.address
    if one is not None and (is_sure or one.standard_text.endswith(normalise(text).text)):
        return SearchResult(code=own[0].code)
    return SearchResult(codes=tuple(row.code for row in own), note=NEAREST)


_FINDERS = (_of_division, _of_identifier, _of_code_beginning, _of_places, _of_text)


def _chosen(rows: list[AddressRow], note: str) -> SearchResult:
    """The one address, or several with a note."""
    if len(rows) == 1:
        return SearchResult(code=rows[0].code)
    return SearchResult(codes=tuple(row.code for row in rows), note=note)


def _own(session: Session, member: StaffMember, codes: list[str]) -> list[AddressRow]:
    """The addresses of these codes that the person may read, in the order of the codes."""
    held = find_addresses(session, [code for code in codes if code])
    rows = [held[code] for code in dict.fromkeys(codes) if code in held]
    return [row for row in rows if may(member, READ, row.division_code)]
