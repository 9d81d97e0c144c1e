"""Permissions, and the roles (角色) that have them; both are data.

A permission is ``resource:action``. A role is held in a division (区划) and covers everything below
it. Approving is separate from creating, and reading the audit chain from managing accounts
(三员分立, GB/T 22239-2019): which roles one person may not combine is said in
``service.auth.policies``, and nobody approves their own work (``service.approvals.policies``).
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from service.core.faults import EnvironmentFault


class Permission(StrEnum):
    """All permissions."""

    ADDRESSES_READ = "addresses:read"
    ADDRESSES_WRITE = "addresses:write"
    ADDRESSES_APPROVE = "addresses:approve"
    ADDRESSES_RESOLVE = "addresses:resolve"
    ADDRESSES_TOKEN = "addresses:token"  # noqa: S105 - a right, not a secret
    BATCHES_READ = "batches:read"
    BATCHES_CREATE = "batches:create"
    BATCHES_APPROVE = "batches:approve"
    BATCHES_PRINT = "batches:print"
    PLATES_READ = "plates:read"
    PLATES_WRITE = "plates:write"
    PLATES_INSTALL = "plates:install"
    INSPECTIONS_READ = "inspections:read"
    INSPECTIONS_WRITE = "inspections:write"
    FIELD_WORK = "field:work"
    WORK_ITEMS_READ = "work_items:read"
    WORK_ITEMS_WRITE = "work_items:write"
    WORK_ITEMS_ASSIGN = "work_items:assign"
    RUNS_READ = "runs:read"
    RUNS_CONTROL = "runs:control"
    AREAS_READ = "areas:read"
    AREAS_WRITE = "areas:write"
    UNITS_READ = "units:read"
    UNITS_WRITE = "units:write"
    DUTIES_READ = "duties:read"
    DUTIES_WRITE = "duties:write"
    PLACENAMES_READ = "placenames:read"
    PLACENAMES_WRITE = "placenames:write"
    PLACENAMES_APPROVE = "placenames:approve"
    HERITAGE_READ = "heritage:read"
    HERITAGE_WRITE = "heritage:write"
    SERVICES_READ = "services:read"
    SERVICES_WRITE = "services:write"
    REPORTS_READ = "reports:read"
    REPORTS_WRITE = "reports:write"
    CHANGES_READ = "changes:read"
    DATASETS_READ = "datasets:read"
    DATASETS_WRITE = "datasets:write"
    DATASETS_APPROVE = "datasets:approve"
    STATISTICS_READ = "statistics:read"
    CLIENTS_MANAGE = "clients:manage"
    ACCOUNTS_MANAGE = "accounts:manage"
    AUDIT_READ = "audit:read"


class Role(StrEnum):
    """The roles a person can hold in a division."""

    ADMINISTRATOR = "administrator"
    OFFICER = "officer"
    APPROVER = "approver"
    CREW = "crew"
    GRID_WORKER = "grid_worker"
    COMMUNITY_OFFICER = "community_officer"
    VIEWER = "viewer"
    AUDITOR = "auditor"


ROLE_NAMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.ADMINISTRATOR: "管理员",
        Role.OFFICER: "地址专员",
        Role.APPROVER: "审批员",
        Role.CREW: "安装员",
        Role.GRID_WORKER: "网格员",
        Role.COMMUNITY_OFFICER: "社区民警",
        Role.VIEWER: "查看",
        Role.AUDITOR: "审计员",
    }
)

AREA_ROLES = frozenset({Role.GRID_WORKER, Role.COMMUNITY_OFFICER})
"""Roles of people who answer for areas: they act in those alone whose duty is bound to them."""

FIELD_ROLES = AREA_ROLES | {Role.CREW}
"""Roles of people who work on a phone and sign in once a day."""

_P = Permission
PROGRAM_PERMISSIONS = frozenset(
    one for one in Permission if not one.endswith((":approve", ":manage"))
) - {_P.AUDIT_READ, _P.FIELD_WORK}
"""What a department's program can be granted: nothing that only a person decides or does."""

_KEPT_APART = {_P.ACCOUNTS_MANAGE, _P.CLIENTS_MANAGE, _P.AUDIT_READ}
_READING = frozenset(p for p in Permission if p.endswith(":read")) - _KEPT_APART
_APPROVING = frozenset(p for p in Permission if p.endswith(":approve"))

ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.VIEWER: _READING,
        Role.OFFICER: frozenset(Permission)
        - _KEPT_APART
        - _APPROVING
        - {_P.UNITS_WRITE}
        - {_P.ADDRESSES_TOKEN},  # which a form asks for, never a person
        Role.APPROVER: _READING | _APPROVING,
        Role.CREW: frozenset(
            {
                _P.ADDRESSES_READ,
                _P.PLATES_READ,
                _P.PLATES_INSTALL,
                _P.INSPECTIONS_READ,
                _P.INSPECTIONS_WRITE,
                _P.FIELD_WORK,
                _P.WORK_ITEMS_READ,
                _P.WORK_ITEMS_WRITE,
            }
        ),
        Role.GRID_WORKER: frozenset({_P.FIELD_WORK}),
        Role.COMMUNITY_OFFICER: frozenset({_P.FIELD_WORK}),
        Role.ADMINISTRATOR: _READING
        | {_P.ACCOUNTS_MANAGE, _P.CLIENTS_MANAGE, _P.RUNS_CONTROL, _P.UNITS_WRITE},
        Role.AUDITOR: frozenset({_P.AUDIT_READ}),
    }
)


@cache
def read_roles(names: tuple[str, ...]) -> frozenset[Role]:
    """The roles that a setting names.

    Raises:
        EnvironmentFault: there is no such role.
    """
    unknown = [name for name in names if name not in set(Role)]
    if unknown:
        raise EnvironmentFault(
            f"MENPAI_TOTP_ROLES: there is no role {', '.join(unknown)}",
            hint=f"the roles are {', '.join(Role)}",
        )
    return frozenset(Role(name) for name in names)
