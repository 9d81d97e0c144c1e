"""A sign: what a rule found of one subject on one day, before it becomes an alarm."""

from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from address_model.alarms import AlarmRule


class AlarmFigures(BaseModel):
    """The figures of an alarm, stored as JSON; counts only.

    ``seen`` and ``expected`` are scans in the ``days`` last days judged; ``at_night`` of them fell
    between 21 and 7 h. ``usual`` is the usual number a day. ``chance`` is that of so much by luck.
    ``by_day`` are the scans of the last 14 days, oldest first; empty where no plate is meant.
    """

    model_config = ConfigDict(frozen=True)

    days: int
    seen: int
    expected: float = 0.0
    usual: float = 0.0
    at_night: int = 0
    chance: float = 0.0
    by_day: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """What a rule found: of a plate (``token``), or of unknown tokens (``token`` empty).

    ``subject`` is what the same rule is silent about for a while. ``detail`` names what the reason
    needs: the name of a duty's area.
    """

    rule: AlarmRule
    subject: str
    figures: AlarmFigures
    token: str = ""
    code: str | None = None
    division: str = ""
    detail: str = field(default="")
