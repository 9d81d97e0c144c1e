"""What programs are granted, and how residents show them an address."""

from service.departments.commands.grants import (
    KIND,
    GivenGrant,
    approve_grant,
    change_grant,
    digest_of,
    give_grant,
    send_back_grant,
)

__all__ = [
    "KIND",
    "GivenGrant",
    "approve_grant",
    "change_grant",
    "digest_of",
    "give_grant",
    "send_back_grant",
]
