"""Opens work for many plates at once: yearly inspections, and hanging received plates."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.division_codes import division_prefix
from address_model.work import DAYS_ALLOWED, WorkKind
from service.audit import commands as audit
from service.changes.commands import Action, Subject, announce
from service.core.actor import Actor
from service.core.clock import today
from service.worklists.drafts import InspectionPlan

_INSPECT = text(
    "insert into work_item (kind, subject, key, code, division, area_id, campaign, due, assignee, "
    "opened_by) select 'inspect', 'plate', p.token, a.code, d.code, g.area_id, :campaign, :due, "
    ":assignee, :actor from (select token, code, generation from plate "
    "where token > :after and status = 'in_use' order by token limit :limit) p "
    "join address a on a.code = p.code and a.status not in ('replaced', 'retired', 'invalid') "
    "join division d on d.id = a.division_id "
    "left join lateral (select min(l.area_id) as area_id from address_area l "
    "where l.code = a.code and l.kind = 'grid') g on true "
    "where d.code like :division and (p.generation > 0 or a.is_sample) "
    "on conflict do nothing returning id"
)
_INSTALL = text(
    "insert into work_item (kind, subject, key, code, division, area_id, due, opened_by) "
    "select 'install', 'plate', p.token, a.code, d.code, g.area_id, :due, :actor "
    "from unnest(cast(:tokens as text[])) as t(token) join plate p on p.token = t.token "
    "join address a on a.code = p.code join division d on d.id = a.division_id "
    "left join lateral (select min(l.area_id) as area_id from address_area l "
    "where l.code = a.code and l.kind = 'grid') g on true "
    "where a.status not in ('replaced', 'retired', 'invalid') "
    "and not exists (select 1 from plate o join work_item w on w.key = o.token "
    "and w.kind = 'replace' and w.state = 'open' "
    "where o.replaced_by = p.token or o.token = p.token) "
    "order by p.token on conflict (key, kind) where state = 'open' do nothing returning id"
)
_HOLD_PAGE = text(
    "select a.code from (select code from plate "
    "where token > :after and status = 'in_use' order by token limit :limit) p "
    "join address a on a.code = p.code join division d on d.id = a.division_id "
    "where d.code like :division order by a.code for no key update of a"
)
_LAST_OF_PAGE = text(
    "select max(token) from (select token from plate "
    "where token > :after and status = 'in_use' order by token limit :limit) p"
)


def open_inspections(
    session: Session, plan: InspectionPlan, actor: Actor, *, after: str = "", limit: int = 20_000
) -> tuple[int, str | None]:
    """Open an inspection for the next plates in use; return the count and the next token.

    Plates are taken in order of token; the second value is None after the last one. Their
    addresses are locked, so that none ends meanwhile. Trial plates are inspected in a demo only.
    A plate gets one inspection per year, and none while one of an earlier year is open.
    """
    page = {"after": after, "limit": limit}
    last = session.scalar(_LAST_OF_PAGE, page)
    if last is None:
        return 0, None
    values = page | {
        "campaign": plan.campaign,
        "division": division_prefix(plan.division) + "%",
        "due": plan.due,
        "assignee": plan.assignee,
        "actor": str(actor),
    }
    session.execute(_HOLD_PAGE, values)
    opened = list(session.scalars(_INSPECT, values))
    if opened:
        announce(session, Subject.WORK_ITEM, Action.OPENED, opened)
        audit.record(
            session,
            actor=actor,
            action="work_items:open_inspections",
            subject=plan.campaign,
            division=plan.division,
            count=len(opened),
            last=last,
        )
    return len(opened), last


def open_installs(session: Session, tokens: Sequence[str], actor: Actor) -> int:
    """Open the hanging of plates received from the maker; return how many were opened.

    Skipped are blank plates, plates of ended addresses, plates that are to be replaced, and
    plates whose predecessor already has a replacement item.
    """
    due = today() + timedelta(days=DAYS_ALLOWED[WorkKind.INSTALL])
    values = {"tokens": list(tokens), "due": due, "actor": str(actor)}
    opened = list(session.scalars(_INSTALL, values))
    if opened:
        announce(session, Subject.WORK_ITEM, Action.OPENED, opened)
        audit.record(
            session,
            actor=actor,
            action="work_items:open_installs",
            subject=f"{tokens[0]} …",
            count=len(opened),
        )
    return len(opened)
