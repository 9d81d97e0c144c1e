"""Counts what programs call and get, and for the audit what they read that is not public."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from address_model.sensitivity import FieldClass
from service.audit.tally import AuditTally
from service.auth.grants import Program
from service.auth.permissions import Permission
from service.core.actor import Actor

REFUSALS = (HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)
"""The statuses of calls that no grant allows, or no quota."""

_KEY = "menpai_granted_call"
_ROWS = "menpai_rows"


@dataclass(frozen=True, slots=True)
class GrantedCall:
    """A call of a program, an operation of the API.

    ``reads`` names the call and its divisions if fields are shown that are not public, else "".
    """

    client_id: int
    actor: Actor
    call: str
    reads: str = ""

    @classmethod
    def of(cls, program: Program, call: str, permission: Permission | None) -> "GrantedCall":
        """The call of a program by the grants with a permission."""
        reads = ""
        if permission is not None:
            reaches = program.viewer(permission).reaches or ()
            wider = {one.division or "*" for one in reaches if FieldClass.REGISTER in one.classes}
            reads = f"{call} {','.join(sorted(wider))}" if wider else ""
        return cls(program.id, program.actor, call, reads)

    def count(
        self, tally: AuditTally, rows: int, *, calls: int = 1, status: int = HTTPStatus.OK
    ) -> None:
        """Count the call and the rows it got; reads of other than public fields also for audit.

        A refused call is counted apart, with its status behind its name.
        """
        if status in REFUSALS:
            tally.add_usage(self.client_id, f"{self.call} {int(status)}", 0)
            return
        tally.add_usage(self.client_id, self.call, rows, calls=calls)
        if self.reads and rows:
            tally.add(self.actor, "clients:read", self.reads, rows)


def note_call(scope: MutableMapping[str, Any], call: GrantedCall) -> None:
    """Store the call in the scope, to be counted when it is answered."""
    scope.setdefault("state", {})[_KEY] = call


def note_rows(scope: MutableMapping[str, Any], rows: int) -> None:
    """Store how many records of the register an answer holds; without it, none is counted."""
    scope.setdefault("state", {})[_ROWS] = rows


def count_answered(scope: MutableMapping[str, Any], tally: AuditTally, status: int) -> None:
    """Count the call of the scope, answered with a status, if a program made one."""
    state = scope.get("state", {})
    call = state.get(_KEY)
    if isinstance(call, GrantedCall):
        call.count(tally, state.get(_ROWS, 0), status=status)
