"""In whose name a command is given."""

from typing import Annotated

import typer

from service.auth.members import StaffMember
from service.auth.queries import get_account
from service.core.database import Session
from service.core.errors import NotAllowed

Account = Annotated[
    str,
    typer.Option(
        envvar="MENPAI_ACCOUNT", help="Your account: what is done has a name, and its roles count."
    ),
]


def get_member(session: Session, name: str) -> StaffMember:
    """The person of an account; who holds a shell is believed.

    Raises:
        AccountNotFound, NotAllowed: there is none, or it is disabled.
    """
    account = get_account(session, name)
    if not account.is_active:
        raise NotAllowed(f"the account {name} is disabled", mend="give another --account")
    return StaffMember(account.id, account.name, account.display_name, account.assignments)
