"""Stores placed rows of a list: compared with the register, then entered, changed or left."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from service.addresses import commands as addresses
from service.addresses.commands import SourceText
from service.addresses.queries import lock_addresses
from service.core.actor import Actor
from service.exchange.deciding import Decisions, PlacedRow, decide
from service.exchange.queries import find_known
from service.linking.commands import link_addresses, link_mentions
from service.plates.commands import follow_addresses


def store_rows(
    session: Session, rows: Sequence[PlacedRow], actor: Actor, *, reuse_texts: bool = False
) -> Decisions:
    """Store what is new or changed, in the caller's transaction; return what each row came to."""
    decisions = decide(find_known(session, rows, reuse_texts=reuse_texts), rows)
    known = (*decisions.changed, *decisions.identified, *decisions.gated)
    lock_addresses(session, [held.code for held, _ in known])
    fresh: dict[int, str] = {}
    if decisions.new:
        drafts = [replace(row.draft, code=row.code or row.draft.code) for row in decisions.new]
        entered = addresses.enter_addresses(session, drafts, actor)
        fresh = {id(row): code.digits for row, code in zip(decisions.new, entered, strict=True)}
    before = [
        addresses.correct_address(session, held, row.draft, actor)
        for held, row in decisions.changed
    ]
    for held, row in (*decisions.changed, *decisions.identified):
        given = ((held.code, identifier) for identifier in row.draft.identifiers)
        addresses.add_identifiers(session, given, actor)
    gated = {held.code: row.draft for held, row in decisions.gated}
    addresses.add_gates(session, gated, actor)
    addresses.keep_source_texts(session, _source_texts(decisions, fresh))
    follow_addresses(session, before, actor)
    codes = list(fresh.values())
    link_addresses(session, codes)
    link_mentions(session, [*codes, *(held.code for held in before)])
    return decisions


def _source_texts(decisions: Decisions, fresh: dict[int, str]) -> list[SourceText]:
    """How the source writes what it writes otherwise than the register."""
    pairs = [(fresh[id(row)], row) for row in decisions.new]
    known = (*decisions.changed, *decisions.identified, *decisions.gated)
    pairs += [(held.code, row) for held, row in known]
    pairs += [(one.code or fresh[id(one.first)], one.row) for one in decisions.same]
    return [
        SourceText(row.draft.key, code, row.text, row.draft.source, row.draft.source_id)
        for code, row in pairs
        if row.text and row.text != row.draft.text
    ]
