"""The age of a place and of its name, by what is attested: two separate questions.

"双千年" asks for a settlement and for a name of a thousand years each. A name counts from its
first attestation unless another name was in force after it for longer than a short break.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from address_model.heritage.catalogue import NameForm
from address_model.heritage.claims import Claim
from address_model.heritage.years import next_year, years_between

SHORT_BREAK = 100
"""Years for which a name may have been another one and still count as continuous (短暂改名)."""
_SETTLED = ("settlement", "seat", "name", "predecessor_name", "structure")
_GENERIC = ("街道", "镇", "乡", "村", "县", "市", "区", "街", "巷", "路", "桥", "门", "坊")


@dataclass(frozen=True, slots=True)
class Since:
    """A starting year, its precision, and the name in force before, if any."""

    year: int | None = None
    precision: str = ""
    broken_by: str = ""


def bare_name(name: str) -> str:
    """The specific term for comparing names: 海盐州 and 海盐县 are one name, 海盐."""
    for generic in _GENERIC:
        if name.endswith(generic) and len(name) - len(generic) >= 2:
            return name[: -len(generic)]
    return name


def settled_since(attestations: Sequence[Claim]) -> Since:
    """The earliest attested year of settlement."""
    dated = [(one.year, one.year_precision) for one in attestations if _speaks(one, _SETTLED)]
    return Since(*min(dated)) if dated else Since()


def named_since(
    name: str,
    attestations: Sequence[Claim],
    forms: Sequence[NameForm],
    max_break: int = SHORT_BREAK,
) -> Since:
    """The year since which the present name is in force; short breaks are ignored.

    A former name that ended after the first attestation interrupts the present one: if it lasted
    longer than ``max_break`` years, or for an unknown time, the present name counts from its end.
    """
    dated = [(one.year, one.year_precision) for one in attestations if _speaks(one, ("name",))]
    if not dated:
        return Since()
    first, precision = min(dated)
    since = Since(first, precision)
    own = bare_name(name)
    for form in sorted(forms, key=lambda one: one.year_to or 0):
        ended = form.year_to
        if form.kind != "former" or not ended or form.text.startswith(own):
            continue
        if since.year is None or ended <= since.year:
            continue
        began = form.year_from
        if began is None or years_between(began, ended) > max_break:
            since = Since(next_year(ended), "circa", form.text)
    return since


def _speaks(one: Claim, subjects: tuple[str, ...]) -> bool:
    return one.year is not None and one.subject in subjects
