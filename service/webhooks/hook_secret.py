"""The secret of a webhook: derived from the installation's secret and a random salt, not stored.

Whoever reads the database alone, or a backup of it, cannot sign. When ``MENPAI_SECRET_KEY``
changes, ``MENPAI_FORMER_SECRET_KEYS`` still derives the same secrets.
"""

import base64
import secrets
from dataclasses import dataclass

from service.core.errors import Conflict
from service.core.settings import Settings
from service.core.signing_keys import KeyRing, find_secrets

PURPOSE = "webhooks"
_MARK = "mws_"
_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class SecretSeed:
    """What is stored of a secret: a salt, and which key of the installation derives it."""

    salt: bytes
    key_id: str


def find_hook_keys(settings: Settings) -> KeyRing | None:
    """The keys of webhooks; None with an operator's own database and no secret."""
    known = find_secrets(settings)
    return KeyRing.of(known, PURPOSE) if known else None


def get_hook_keys(settings: Settings) -> KeyRing:
    """The keys of webhooks.

    Raises:
        Conflict: the installation has no secret.
    """
    keys = find_hook_keys(settings)
    if keys is None:
        raise Conflict(
            "webhooks need a secret of the installation, and none is set here",
            hint="set MENPAI_SECRET_KEY",
            http_hint="ask the operator to set a secret for the installation",
        )
    return keys


def draw_seed(keys: KeyRing) -> SecretSeed:
    """The seed of a new secret, by the current key."""
    return SecretSeed(secrets.token_bytes(_SALT_BYTES), keys.current.id)


def find_secret(keys: KeyRing, seed: SecretSeed) -> str | None:
    """The secret of a seed; None if the key that derives it is known no longer."""
    key = keys.find(seed.key_id)
    if key is None:
        return None
    return _MARK + base64.urlsafe_b64encode(key.sign(b"hook\0" + seed.salt)).decode().rstrip("=")
