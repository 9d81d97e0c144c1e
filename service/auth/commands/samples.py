"""Sample accounts of a demo (演示); production refuses to serve with them."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from address_model.tables import StaffAccount
from service.audit import commands as audit
from service.auth.commands.accounts import create_account
from service.auth.members import Assignment
from service.auth.passwords import draw_password, hash_password
from service.auth.permissions import ROLE_NAMES, Role
from service.core.actor import Actor

SAMPLES = {
    "demo-officer": Role.OFFICER,
    "demo-approver": Role.APPROVER,
    "demo-crew": Role.CREW,
    "demo-admin": Role.ADMINISTRATOR,
    "demo-auditor": Role.AUDITOR,
}
"""Name and role of each."""


def renew_sample_accounts(session: Session, division: str, actor: Actor) -> str:
    """Give the sample accounts a new shared password; return it.

    Missing ones are created, with their role in ``division``.
    """
    password = draw_password()
    present = set(session.scalars(select(StaffAccount.name).where(StaffAccount.name.in_(SAMPLES))))
    for name, role in SAMPLES.items():
        if name not in present:
            shown = f"{ROLE_NAMES[role]}（演示）"
            where = Assignment(role, division)
            create_account(session, name, where, actor, display_name=shown, is_sample=True)
    session.execute(
        update(StaffAccount)
        .where(StaffAccount.name.in_(SAMPLES), StaffAccount.is_sample)
        .values(
            password_hash=hash_password(password),
            must_change_password=False,
            password_issued_at=None,
        )
    )
    audit.record(session, actor=actor, action="accounts:renew_samples", subject=" ".join(SAMPLES))
    return password
