"""Whom to call about an address, as rows that a phone dials at one touch."""

from functools import lru_cache

from service.core.html import Html, joined
from service.core.words import mark
from service.scans.card import Contact, DutyRole
from service.scans.phones import dial, write
from service.scans.reader import Reader
from service.scans.site import Site
from service.scans.template_parts import EMPTY, PageParts, parts_of

_ROLES = {
    DutyRole.GRID_WORKER: mark("网格员"),
    DutyRole.COMMUNITY_OFFICER: mark("社区民警"),
    DutyRole.POLICE_STATION: mark("派出所"),
    DutyRole.COMMUNITY_OFFICE: mark("社区"),
}
_UNSURE, _DOT = Html(' class="unsure"'), Html(" · ")


@lru_cache(maxsize=4096)
def contact_list(contacts: tuple[Contact, ...], site: Site, reader: Reader) -> Html:
    """Contacts in the order they are given; the public hotline where one may be out of date.

    All plates of a grid show the same ones, so what was made for one is kept for the others.
    """
    kit = parts_of(site, reader)
    rows = [_row(contact, kit) for contact in contacts]
    if not contacts or any(contact.is_unconfirmed for contact in contacts):
        rows.append(kit.parts["hotline"]())
    _ = kit.words
    nobody = _("这里暂时没有公布网格员和民警的电话。")
    note = EMPTY if contacts else kit.parts["note"](nobody)
    return kit.parts["contacts"](note, joined(*rows))


def _row(contact: Contact, kit: PageParts) -> Html:
    parts, name, role = kit.parts, kit.parts["name"], kit.words(_ROLES[contact.role])
    title = name(contact.display_name)
    if contact.is_person:
        title = parts["person"](role, title)
        below = [name(contact.organisation)] if contact.organisation else []
    else:
        below = [parts["plain"](role)]
    if contact.hours:
        below.append(name(contact.hours))
    detail = parts["line"](Html(_DOT.join(below))) if below else EMPTY
    lines = joined(detail, _number_line(contact, kit))
    tone = _UNSURE if contact.is_unconfirmed else EMPTY
    return parts["contact"](tone, dial(contact.phone, kit.reader.language), title, lines)


def _number_line(contact: Contact, kit: PageParts) -> Html:
    """The number, and when it was last made sure of; a warning when that is long ago."""
    _, parts, day = kit.words, kit.parts, contact.confirmed_at
    number = write(contact.phone, kit.reader.language)
    if not contact.is_unconfirmed:
        checked = [_("{day}核对", day=_.near_day(day))] if day else []
        return parts["line"](" · ".join([number, *checked]))
    warning = _("{day}核对，可能已变动", day=_.day(day)) if day else _("还没有核对，可能打不通")
    return joined(parts["line"](number), parts["old"](warning))
