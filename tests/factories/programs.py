"""Departments' programs with grants."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from address_model.sensitivity import FieldClass
from service.auth.commands import create_client, give_grant
from service.auth.grants import GRANTABLE, Grant
from service.auth.keys import ApiKey
from service.auth.permissions import PROGRAM_PERMISSIONS, Permission
from service.core.actor import COMMAND_LINE


def make_program(
    session: Session,
    name: str = "department",
    permissions: Iterable[Permission] = PROGRAM_PERMISSIONS,
    division: str = "",
    classes: Iterable[FieldClass] = GRANTABLE,
    *,
    is_deep: bool = True,
) -> ApiKey:
    """A program with one grant, by default all that a program can have; returns its key."""
    key = create_client(session, name, COMMAND_LINE)
    grant_program(session, name, permissions, division, classes, is_deep=is_deep)
    return key


def grant_program(
    session: Session,
    name: str,
    permissions: Iterable[Permission],
    division: str = "",
    classes: Iterable[FieldClass] = GRANTABLE,
    *,
    is_deep: bool = True,
) -> int:
    """Give a program another grant without quota; returns its number."""
    grant = Grant(0, division, frozenset(permissions), frozenset(classes), is_deep)
    return give_grant(session, name, grant, COMMAND_LINE)
