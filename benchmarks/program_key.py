"""The key of a program that may call everything, without a quota."""

from service.auth.commands import create_client, give_grant
from service.auth.grants import GRANTABLE, Grant
from service.auth.permissions import PROGRAM_PERMISSIONS
from service.core.actor import COMMAND_LINE
from service.core.database import Session


def make_key(session: Session, name: str = "bench") -> str:
    """A new program and its key."""
    key = create_client(session, name, COMMAND_LINE)
    grant = Grant(0, "", PROGRAM_PERMISSIONS, GRANTABLE, is_deep=True)
    give_grant(session, name, grant, COMMAND_LINE)
    return str(key)
