"""The secrets of an installation, and signing keys derived from them for one purpose each.

``MENPAI_SECRET_KEY`` is the current secret, ``MENPAI_FORMER_SECRET_KEYS`` the earlier ones. Without
these, a private cluster has its own in ``secret-keys`` of the home: the current one in the first
line, former ones below. Each key has an id of eight hexadecimal digits that reveals nothing, so
that old signatures can be verified with the right key.
"""

import hmac
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from service.core.faults import EnvironmentFault
from service.core.folder_lock import hold_lock
from service.core.homes import make_home
from service.core.settings import Settings

_DIGEST = "sha256"
_FILE = "secret-keys"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key for one purpose; ``id`` is public, ``secret`` is not."""

    id: str
    secret: bytes = field(repr=False)

    @classmethod
    def derive(cls, secret: str, purpose: str) -> Self:
        """Derive the key of a purpose; it reveals neither the secret nor other keys."""
        key = hmac.digest(secret.encode(), f"menpai {purpose}".encode(), _DIGEST)
        return cls(hmac.digest(key, b"id", _DIGEST).hex()[:8], key)

    def sign(self, content: bytes) -> bytes:
        """HMAC-SHA256 of the content, 32 bytes."""
        return hmac.digest(self.secret, content, _DIGEST)

    def is_signed(self, content: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's, compared in constant time."""
        return hmac.compare_digest(self.sign(content), signature)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of one purpose: the current one first, then those of former secrets."""

    keys: tuple[SigningKey, ...]

    @classmethod
    def of(cls, secrets_known: Sequence[str], purpose: str) -> Self:
        """Derive the keys of a purpose from at least one secret."""
        return cls(tuple(SigningKey.derive(one, purpose) for one in secrets_known))

    @property
    def current(self) -> SigningKey:
        """The key that signs."""
        return self.keys[0]

    def find(self, key_id: str) -> SigningKey | None:
        """The key with this id, or None."""
        return next((key for key in self.keys if key.id == key_id), None)


def find_secrets(settings: Settings, *, may_create: bool = True) -> tuple[str, ...]:
    """All known secrets, the current one first; a private cluster creates its first one.

    Empty with an external database and without ``MENPAI_SECRET_KEY``: several machines may share
    the database, and each would create another secret. Requests create none (``may_create``).

    Raises:
        EnvironmentFault: the file of secrets cannot be read or written.
    """
    configured = [settings.secret_key] if settings.secret_key else []
    known = [one.get_secret_value() for one in (*configured, *settings.former_secret_keys)]
    if settings.database_url:
        return tuple(dict.fromkeys(known)) if configured else ()
    file = settings.home / _FILE
    try:
        if may_create and not configured and not file.exists():
            make_home(settings.home)
            with hold_lock(settings.home / f"{_FILE}.lock"):
                if not file.exists():
                    _write(file, secrets.token_urlsafe(32))
        known += file.read_text("utf-8").split() if file.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise EnvironmentFault(
            f"the secrets in {file} cannot be read: {error}",
            hint="let Menpai's user read and write it, or put it back from a copy",
        ) from None
    return tuple(dict.fromkeys(known))


def _write(file: Path, secret: str) -> None:
    temporary = file.with_suffix(".fresh")
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(f"{secret}\n")
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(file)
