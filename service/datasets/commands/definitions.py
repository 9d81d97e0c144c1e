"""Registers, changes and withdraws datasets, each within the caller's transaction."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from address_model.datasets.definition import DatasetDefinition, DatasetState
from address_model.datasets.fields import fields_to_plain
from address_model.tables import Client, Dataset
from service.approvals import commands as approvals
from service.approvals.drafts import RequestDraft
from service.audit import commands as audit
from service.auth.members import StaffMember
from service.changes.commands import Action, Subject, announce
from service.core.actor import Actor
from service.core.errors import BadRequest, Conflict
from service.datasets.commands.hold import hold_dataset
from service.datasets.policies import KIND, require_sound
from service.service_items.links import require_link


def register_dataset(
    session: Session,
    division: str,
    definition: DatasetDefinition,
    actor: Actor,
    *,
    code_hosts: Collection[str] = (),
) -> int:
    """Register a dataset for a division (12 digits; "" is everywhere) as a draft; its number.

    ``code_hosts`` may be given address codes in links.

    Raises:
        BadRequest: a field may not be, such as a public one that could hold something of a person;
            or name, owner, link, program or days are invalid.
        Conflict: a dataset has this name.
    """
    values = _judge(session, definition, None, code_hosts)
    statement = insert(Dataset).values(**values, division=division).on_conflict_do_nothing()
    number: int | None = session.scalar(statement.returning(Dataset.id))
    if number is None:  # somebody has just taken the name
        raise _taken(definition.name)
    announce(session, Subject.DATASET, Action.NEW, [number])
    audit.record(
        session,
        actor=actor,
        action="datasets:register",
        subject=str(number),
        name=definition.name,
        division=division,
        digest=definition.digest,
    )
    return number


def change_dataset(
    session: Session,
    number: int,
    definition: DatasetDefinition,
    member: StaffMember,
    *,
    seen: int | None,
    code_hosts: Collection[str] = (),
) -> None:
    """Replace what a dataset says; it is a draft again, shown to nobody until it is approved.

    Raises:
        DatasetNotFound, Conflict: there is none, it was withdrawn, or another has this name.
        Outdated: it has changed since the caller saw version ``seen``.
        BadRequest: as for a new one.
    """
    approvals.hold_request(session, KIND, str(number))
    held = hold_dataset(session, number, seen)
    values = _judge(session, definition, number, code_hosts) | {"state": DatasetState.DRAFT}
    approvals.withdraw(session, KIND, str(number), member)
    session.execute(update(Dataset).where(Dataset.id == number).values(**values))
    announce(session, Subject.DATASET, Action.CHANGED, [number])
    before = {
        name: str(getattr(held.definition, name))
        for name in ("name", "owner", "standard", "retention_days", "destroy_by", "link", "client")
        if getattr(held.definition, name) != getattr(definition, name)
    }
    if held.fields != definition.fields:
        before["fields"] = "、".join(field.label for field in held.fields)
    audit.record(
        session,
        actor=member.actor,
        action="datasets:change",
        subject=str(number),
        name=definition.name,
        digest=definition.digest,
        before=before,
    )


def withdraw_dataset(
    session: Session, number: int, reason: str, member: StaffMember, *, seen: int | None
) -> None:
    """Take a dataset from all pages and calls at once; its rows are destroyed later.

    Raises:
        DatasetNotFound, Conflict: there is none, or it was withdrawn already.
        Outdated: it has changed since the caller saw version ``seen``.
    """
    approvals.hold_request(session, KIND, str(number))
    held = hold_dataset(session, number, seen)
    approvals.withdraw(session, KIND, str(number), member)
    gone = {"state": DatasetState.WITHDRAWN, "withdrawn_at": func.clock_timestamp()}
    session.execute(update(Dataset).where(Dataset.id == number).values(**gone))
    announce(session, Subject.DATASET, Action.WITHDRAWN, [number])
    audit.record(
        session,
        actor=member.actor,
        action="datasets:withdraw",
        subject=str(number),
        name=held.name,
        reason=reason,
    )


def load_datasets(
    session: Session,
    definitions: Sequence[tuple[str, DatasetDefinition]],
    actor: Actor,
    *,
    code_hosts: Collection[str] = (),
) -> dict[str, int]:
    """Register those of a file (with their divisions) that are not there yet; numbers by name.

    Examples that the system itself loads are approved at once: there is nobody beside it yet.

    Raises:
        BadRequest: one of them may not be; nothing is registered then.
    """
    author = approvals.hold_author(session, actor)
    found: dict[str, int] = {}
    for division, definition in definitions:
        held = _find_named(session, definition.name)
        if held is not None:
            found[definition.name] = held
            continue
        number = register_dataset(session, division, definition, actor, code_hosts=code_hosts)
        found[definition.name] = number
        if author.is_system and definition.is_sample:
            draft = RequestDraft(KIND, str(number), division, 1, definition.digest)
            approvals.go_on_alone(session, draft, author, approval_above=0)
            approved = update(Dataset).where(Dataset.id == number)
            session.execute(approved.values(state=DatasetState.APPROVED))
    return found


def _find_named(session: Session, name: str) -> int | None:
    """The number of the dataset with a name that was not withdrawn, or None."""
    named = select(Dataset.id).where(Dataset.name == name, Dataset.state != DatasetState.WITHDRAWN)
    return session.scalar(named)


def _taken(name: str) -> Conflict:
    return Conflict(
        f"another dataset is called {name}",
        hint="choose another name",
        zh=f"已有数据集叫“{name}”，请换一个名称。",
        field="name",
    )


def _judge(
    session: Session,
    definition: DatasetDefinition,
    number: int | None,
    code_hosts: Collection[str],
) -> dict[str, object]:
    """The columns of a definition that may be registered."""
    require_sound(definition)
    require_link(definition.link, code_hosts)
    other = _find_named(session, definition.name)
    if other is not None and other != number:
        raise _taken(definition.name)
    client = None
    if definition.client:
        client = session.scalar(select(Client.id).where(Client.name == definition.client))
        if client is None:
            raise BadRequest(
                f"there is no program {definition.client!r}", zh="没有这个程序。", field="client"
            )
    return {
        "name": definition.name,
        "owner": definition.owner,
        "standard": definition.standard,
        "fields": fields_to_plain(definition.fields),
        "retention_days": definition.retention_days,
        "destroy_by": definition.destroy_by,
        "link": definition.link,
        "client_id": client,
        "is_sample": definition.is_sample,
    }
