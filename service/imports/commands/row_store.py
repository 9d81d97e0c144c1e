"""Stores placed rows of a list: new addresses, changes, identifiers and source texts."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from service.addresses import commands as addresses
from service.addresses.commands import PlaceGrowth, SourceText
from service.addresses.queries import AddressRow, lock_addresses
from service.core.actor import Actor
from service.core.errors import Conflict
from service.imports.commands.seen_rows import SeenRows
from service.imports.decisions import Decisions, PlacedRow, RowRefusal
from service.imports.queries import find_known
from service.imports.register_comparison import decide
from service.imports.rules import Rule
from service.linking.commands import link_addresses, link_mentions
from service.plates.commands import follow_addresses


def store_rows(
    session: Session,
    rows: Sequence[PlacedRow],
    actor: Actor,
    *,
    reuse_texts: bool = False,
    reach: str = "",
    growth: PlaceGrowth | None = None,
    seen: SeenRows | None = None,
) -> Decisions:
    """Store what is new or changed, in the caller's transaction; return the decisions.

    ``reach`` is the beginning of the codes of divisions whose addresses may be changed; ``growth``
    is as in ``enter_addresses``; ``seen`` records the rows that are now registered.
    """
    decisions = decide(find_known(session, rows, reuse_texts=reuse_texts), rows, reach=reach)
    known = (*decisions.changed, *decisions.identified, *decisions.gated)
    lock_addresses(session, [held.code for held, _ in known])
    codes: list[str] = []
    if decisions.new:
        drafts = [
            replace(row.draft, code=row.code) if row.code else row.draft for row in decisions.new
        ]
        given = addresses.enter_addresses(session, drafts, actor, growth=growth)
        codes = [code.digits for code in given]
        decisions.codes = codes
    before = _change_known(session, decisions, actor)
    entered = list(zip(codes, decisions.new, strict=True))
    known = (*decisions.changed, *decisions.identified, *decisions.gated)
    stored = [*entered, *((held.code, row) for held, row in known)]
    stored += [(one.code or codes[one.first], one.row) for one in decisions.same]
    source_texts = [
        SourceText(row.draft.key, code, row.text, row.draft.source, row.draft.source_id)
        for code, row in stored
        if row.text and row.text != row.draft.text
    ]
    addresses.keep_source_texts(session, source_texts)
    link_addresses(session, [code for code, row in entered if row.draft.point])
    mentioning = [code for code, row in entered if row.draft.elements.natural_village]
    link_mentions(session, [*mentioning, *(held.code for held in before)])
    if seen is not None:
        seen.keep(session, stored, codes)
    return decisions


def _change_known(session: Session, decisions: Decisions, actor: Actor) -> list[AddressRow]:
    """Change registered addresses and update their plates; return the addresses as they were.

    A change that the register refuses becomes a conflict of its row.
    """
    before: list[AddressRow] = []
    for held, row in decisions.changed.copy():
        try:
            with session.begin_nested():
                before.append(addresses.correct_address(session, held, row.draft, actor))
        except Conflict as refused:
            why = {"why": refused.detail, "how": refused.hint}
            fault = Rule.NOT_STORED.fault(row.number, "address", **why)
            decisions.changed.remove((held, row))
            decisions.conflicts.append(RowRefusal(row, fault))
    for held, row in (*decisions.changed, *decisions.identified):
        given = ((held.code, identifier) for identifier in row.draft.identifiers)
        addresses.add_identifiers(session, given, actor)
    gated = {held.code: row.draft for held, row in decisions.gated}
    addresses.add_gates(session, gated, actor)
    follow_addresses(session, before, actor)
    return before
