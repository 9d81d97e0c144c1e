"""Passwords: argon2id hashes, rules for new passwords, and generated first passwords.

Parameters follow RFC 9106 and OWASP's password storage sheet (argon2id, 46 MiB, one pass, one
lane). The C code releases the GIL. At most two hashes are computed at once and eight wait; further
callers are refused at once, so that a flood of sign-ins takes neither the machine nor the threads
of other pages.
"""

import secrets
import threading
import unicodedata

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from service.auth.common_passwords import is_common
from service.core.errors import BadRequest, Busy

MIN_LENGTH = 10
MAX_LENGTH = 128
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
MOST_COMPUTED = 2
MOST_WAITING = 8
_WAIT_SECONDS = 5
_hasher = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1, type=Type.ID)
_places = threading.BoundedSemaphore(MOST_COMPUTED)
_line = threading.BoundedSemaphore(MOST_COMPUTED + MOST_WAITING)


def hash_password(password: str) -> str:
    """Return the encoded argon2id hash of a password.

    Raises:
        Busy: too many are being computed.
    """
    with _Place():
        return _hasher.hash(_normal(password))


def is_password(encoded: str, password: str) -> bool:
    """Whether a password matches a hash; "" matches nothing but takes just as long.

    Raises:
        Busy: too many are being computed.
    """
    with _Place():
        try:
            return _hasher.verify(encoded or _NOBODY, _normal(password)) and bool(encoded)
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(encoded: str) -> bool:
    """Whether a hash was made with older parameters."""
    return _hasher.check_needs_rehash(encoded)


def draw_password() -> str:
    """A first password: 16 random characters in groups of four (79 bits), easy to read out."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(16))
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))


def require_good(password: str, name: str) -> None:
    """Refuse a password that is easy to guess.

    Raises:
        BadRequest: it is too short or too long, contains the account's name, or is common.
    """
    plain = _normal(password).casefold()
    if not MIN_LENGTH <= len(plain) <= MAX_LENGTH:
        raise BadRequest(
            f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters, this one {len(plain)}",
            hint="take a sentence of several words",
        )
    if name.casefold() in plain or is_common(plain):
        raise BadRequest(
            "this password is easy to guess",
            hint="leave out the account's name, dates, telephones and common passwords",
        )


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


class _Place:
    """Holds one of the places for computing a hash, after queueing for it."""

    def __enter__(self) -> None:
        if not _line.acquire(blocking=False):
            raise _crowded()
        if not _places.acquire(timeout=_WAIT_SECONDS):
            _line.release()
            raise _crowded()

    def __exit__(self, *_: object) -> None:
        _places.release()
        _line.release()


def _crowded() -> Busy:
    return Busy("too many people are signing in", hint="try again in a few seconds")


_NOBODY = _hasher.hash(secrets.token_hex(16))
