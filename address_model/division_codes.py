"""12-digit division codes (国统字〔2009〕91号): 2 + 2 + 2 digits, 3 township, 3 village."""

from functools import lru_cache

_LENGTHS = (2, 4, 6, 9, 12)


@lru_cache(maxsize=65536)
def division_prefix(code: str) -> str:
    """The leading digits that a division and everything below it share.

    ``330110000000`` gives ``330110``, ``330100000000`` gives ``3301``; a code of any other length
    is returned unchanged.
    """
    if len(code) != 12:
        return code
    return next(code[:length] for length in _LENGTHS if not code[length:].strip("0"))


@lru_cache(maxsize=65536)
def township_code(division: str) -> str:
    """The 12-digit code of the township that a division is or lies in; empty for wider ones."""
    prefix = division_prefix(division)[:9]
    return prefix.ljust(12, "0") if len(prefix) == 9 else ""


def list_prefixes(code: str) -> list[str]:
    """The 12-digit codes of a division and its ancestors, narrowest first.

    ``330102001000`` gives itself, ``330102000000``, ``330100000000`` and ``330000000000``.
    """
    above = [code[:length].ljust(12, "0") for length in reversed(_LENGTHS)]
    return list(dict.fromkeys(above))


def shared_prefix(*codes: str) -> str:
    """The longest prefix, cut between levels, that codes or prefixes share; or ""."""
    first, last = min(codes), max(codes)
    return next(
        (first[:n] for n in _LENGTHS[::-1] if len(first) >= n and first[:n] == last[:n]), ""
    )
