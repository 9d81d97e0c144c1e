"""A department's program with its grants (授权): what it may call where, and what it sees."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network
from math import inf
from operator import attrgetter

from address_model.division_codes import division_prefix
from address_model.sensitivity import SEEN, Audience, FieldClass, Reach, Viewer
from service.auth.permissions import Permission
from service.core.actor import Actor
from service.core.errors import NotAllowed

GRANTABLE = SEEN[Audience.CLIENT]
"""The classes of fields that a grant may name; contacts of persons are never among them."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant: permissions and classes of fields in a division and below; "" is everywhere.

    ``is_deep`` reaches below the door plate. ``per_minute`` and ``per_day`` are calls, 0 is no
    limit; ``networks`` are CIDR blocks it may be used from, none is anywhere.
    """

    number: int
    division: str
    permissions: frozenset[Permission]
    classes: frozenset[FieldClass]
    is_deep: bool = False
    per_minute: int = 0
    per_day: int = 0
    networks: tuple[str, ...] = ()
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    @property
    def prefix(self) -> str:
        """The common beginning of all division codes that it covers."""
        return division_prefix(self.division) if self.division else ""

    @property
    def rank(self) -> tuple[float, float, int]:
        """Its place among grants, the most generous first; a quota of 0 is no limit."""
        return -(self.per_minute or inf), -(self.per_day or inf), self.number

    def holds_from(self, address: str) -> bool:
        """Whether it may be used from an IP address."""
        if not self.networks:
            return True
        try:
            ip = ip_address(address)
        except ValueError:
            return False
        if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        return any(ip in ip_network(network) for network in self.networks)

    @property
    def reach(self) -> Reach:
        """What is seen by it."""
        return Reach(self.prefix, self.classes, self.is_deep)


@dataclass(frozen=True, slots=True)
class Program:
    """A department's program that has shown a valid key, with its grants in force."""

    id: int
    name: str
    grants: tuple[Grant, ...] = ()

    @property
    def actor(self) -> Actor:
        """This program in the audit chain."""
        return Actor("client", self.name)

    def called_from(self, address: str) -> "Program":
        """The program with those grants alone that may be used from an IP address."""
        return replace(self, grants=tuple(one for one in self.grants if one.holds_from(address)))

    def confined_to(self, scopes: Collection[str]) -> "Program":
        """The program with these permissions of its grants alone."""
        held = (
            replace(one, permissions=frozenset(p for p in one.permissions if p in scopes))
            for one in self.grants
        )
        return replace(self, grants=tuple(one for one in held if one.permissions))

    @property
    def permissions(self) -> frozenset[Permission]:
        """All permissions that it has somewhere."""
        return frozenset().union(*(one.permissions for one in self.grants))

    def divisions(self, permission: Permission, *, within: str = "") -> tuple[str, ...]:
        """Beginnings of the divisions where it has a permission; ("",) is everywhere.

        Of these only what lies ``within`` a division (a code or its beginning).
        """
        wanted = division_prefix(within) if within else ""
        reached = {one.prefix for one in self.grants if permission in one.permissions}
        if any(wanted.startswith(prefix) for prefix in reached):
            return (wanted,)
        inside = {prefix for prefix in reached if prefix.startswith(wanted)}
        return tuple(sorted(p for p in inside if not _lies_in(p, inside - {p})))

    def may(self, permission: Permission, division: str | None = None) -> bool:
        """Whether it has a permission in a division (code or beginning), or in any if None."""
        if division is None:
            return any(permission in one.permissions for one in self.grants)
        prefix = division_prefix(division) if division else ""
        return any(
            permission in one.permissions and prefix.startswith(one.prefix) for one in self.grants
        )

    def require(self, permission: Permission, division: str | None = None) -> None:
        """Refuse a program without a permission.

        Raises:
            NotAllowed: names the permission and the division.
        """
        if not self.may(permission, division):
            where = f" in division {division}" if division else ""
            raise NotAllowed(
                f"{self.name} lacks the permission {permission}{where}",
                hint="give it with `menpai clients grant`",
                http_hint=f"ask the operator for a grant with the permission {permission}",
                zh=f"程序“{self.name}”没有这项授权。",
            )

    def charged(self, permission: Permission | None = None) -> Grant | None:
        """The grant on whose quota a call counts: the most generous of those that open it."""
        opening = [one for one in self.grants if permission in (None, *one.permissions)]
        return min(opening, key=attrgetter("rank"), default=None)

    def viewer(self, permission: Permission) -> Viewer:
        """What it sees by the grants with a permission; outside them nothing."""
        reaches = tuple(one.reach for one in self.grants if permission in one.permissions)
        return Viewer(Audience.CLIENT, reaches=reaches)


def _lies_in(prefix: str, scopes: Iterable[str]) -> bool:
    return any(prefix.startswith(scope) for scope in scopes)
