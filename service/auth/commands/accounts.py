"""Creates accounts of staff, grants and withdraws roles, sets passwords; all audited."""

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from address_model.division_codes import division_prefix
from address_model.tables import Division, RoleAssignment, StaffAccount
from service.audit import commands as audit
from service.auth.commands.sessions import close_sessions
from service.auth.commands.sign_in import Attempt
from service.auth.members import Assignment
from service.auth.names import require_name
from service.auth.passwords import draw_password, hash_password, is_password, require_good
from service.auth.permissions import Role
from service.auth.policies import require_separated
from service.auth.queries.accounts import AccountRow, hold_account
from service.core.actor import Actor
from service.core.errors import Conflict, DivisionNotFound


def create_account(
    session: Session,
    name: str,
    assignment: Assignment,
    actor: Actor,
    *,
    display_name: str = "",
    is_sample: bool = False,
) -> str:
    """Create an account with one role; return its first password, which is shown only once.

    Raises:
        BadRequest: the name is invalid.
        Conflict: there is an account of that name.
        DivisionNotFound: the register has no such division.
    """
    folded = require_name(name)
    password = draw_password()
    made = session.scalar(
        insert(StaffAccount)
        .values(
            name=folded,
            display_name=display_name.strip()[:64],
            password_hash=hash_password(password),
            password_issued_at=func.clock_timestamp(),
            password_issued_by=str(actor),
            is_sample=is_sample,
        )
        .on_conflict_do_nothing(index_elements=[StaffAccount.name])
        .returning(StaffAccount.id)
    )
    if made is None:
        raise Conflict(
            f"an account named {folded!r} exists already", hint="choose another name", field="name"
        )
    audit.record(session, actor=actor, action="accounts:create", subject=folded)
    assign_role(session, folded, assignment, actor)
    return password


def assign_role(session: Session, name: str, assignment: Assignment, actor: Actor) -> None:
    """Give an account a role in a division; no effect if it has it already.

    Raises:
        DivisionNotFound: the register has no such division.
        Conflict: one person may not combine it with a role that the account has.
    """
    account = hold_account(session, name)
    require_separated(session, account, assignment.role)
    division = ""  # the whole register
    if assignment.division:
        division = division_prefix(assignment.division).ljust(12, "0")
        if not session.scalar(select(Division.id).where(Division.code == division).limit(1)):
            raise DivisionNotFound(
                f"no division {assignment.division}",
                hint="find its code with `menpai divisions find NAME`",
            )
    session.execute(
        insert(RoleAssignment)
        .values(account_id=account.id, role=assignment.role, division=division)
        .on_conflict_do_nothing()
    )
    _note_role(session, actor, "accounts:assign_role", name, Assignment(assignment.role, division))


def withdraw_role(session: Session, name: str, assignment: Assignment, actor: Actor) -> None:
    """Withdraw a role from an account, with immediate effect on all its sessions.

    Raises:
        Conflict: it is the last administrator of the whole register.
    """
    account = hold_account(session, name)
    _keep_one_administrator(session, account, assignment)
    session.execute(
        delete(RoleAssignment).where(
            RoleAssignment.account_id == account.id,
            RoleAssignment.role == assignment.role,
            RoleAssignment.division == assignment.division,
        )
    )
    _note_role(session, actor, "accounts:withdraw_role", name, assignment)


def disable_account(session: Session, name: str, actor: Actor) -> None:
    """Disable an account and end all its sessions; it can be enabled again.

    Raises:
        Conflict: it is the last administrator of the whole register.
    """
    account = hold_account(session, name)
    for assignment in account.assignments:
        _keep_one_administrator(session, account, assignment)
    _set(session, account.id, is_active=False)
    audit.record(session, actor=actor, action="accounts:disable", subject=name)
    close_sessions(session, account.id, name, actor)


def enable_account(session: Session, name: str, actor: Actor) -> None:
    """Let a disabled account sign in again."""
    account = hold_account(session, name)
    _set(session, account.id, is_active=True)
    audit.record(session, actor=actor, action="accounts:enable", subject=name)


def reset_password(session: Session, name: str, actor: Actor) -> str:
    """Set a new first password and end all sessions; return the password.

    Whoever knows it could act as this person, so the account cannot approve for a day.
    """
    account = hold_account(session, name)
    password = draw_password()
    _set(
        session,
        account.id,
        password_hash=hash_password(password),
        must_change_password=True,
        password_issued_at=func.clock_timestamp(),
        password_issued_by=str(actor),
    )
    audit.record(session, actor=actor, action="accounts:reset_password", subject=name)
    close_sessions(session, account.id, name, actor)
    return password


def change_password(session: Session, attempt: Attempt, new: str) -> None:
    """Change the password of a person who has just confirmed the current one; all sessions end.

    Raises:
        Conflict: the new password is the current one, or was changed meanwhile.
        BadRequest: the new password is easy to guess.
    """
    require_good(new, attempt.name)
    if is_password(attempt.password_hash, new):
        raise Conflict("this is the current password", hint="choose another one")
    account = hold_account(session, attempt.name)
    changed = session.execute(
        update(StaffAccount)
        .where(StaffAccount.id == account.id, StaffAccount.password_hash == attempt.password_hash)
        .values(
            password_hash=hash_password(new),
            must_change_password=False,
            password_changed_at=func.clock_timestamp(),
        )
        .returning(StaffAccount.id)
    ).first()
    if changed is None:
        raise Conflict(
            "the password was changed meanwhile",
            hint="sign in with the new one",
            zh="您的密码刚刚被改过，请用新密码重新登录。",
        )
    actor, name = attempt.actor, attempt.name
    audit.record(session, actor=actor, action="accounts:change_password", subject=name)
    close_sessions(session, account.id, name, actor)


def _set(session: Session, account_id: int, **values: object) -> None:
    session.execute(update(StaffAccount).where(StaffAccount.id == account_id).values(**values))


def _note_role(
    session: Session, actor: Actor, action: str, name: str, assignment: Assignment
) -> None:
    role, division = str(assignment.role), assignment.division
    audit.record(session, actor=actor, action=action, subject=name, role=role, division=division)


def _keep_one_administrator(session: Session, account: AccountRow, assignment: Assignment) -> None:
    """Refuse to remove the last administrator of the whole register."""
    if assignment != Assignment(Role.ADMINISTRATOR) or not account.is_active:
        return
    others = session.scalar(
        select(func.count())
        .select_from(RoleAssignment)
        .join(StaffAccount, StaffAccount.id == RoleAssignment.account_id)
        .where(
            RoleAssignment.role == Role.ADMINISTRATOR,
            RoleAssignment.division == "",
            StaffAccount.id != account.id,
            StaffAccount.is_active,
        )
    )
    if not others:
        raise Conflict(
            f"{account.name} is the last administrator of the whole register",
            hint="give another account the role administrator first",
        )
