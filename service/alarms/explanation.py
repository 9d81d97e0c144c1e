"""Explains one plate: the figures that the rules use, and what each makes of them."""

from dataclasses import dataclass
from datetime import date

from service.alarms.judgement import own_sums, read_neighbours, windows_of
from service.alarms.queries.rhythms import read_rhythm
from service.alarms.rules.copied import judge_copied
from service.alarms.rules.silent import judge_silent
from service.alarms.windows import BASE_DAYS
from service.core.database import Session
from service.core.errors import PlateNotFound
from service.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Explanation:
    """Scans of a plate as the rules saw them on a day, factors of its neighbours, and verdicts.

    ``recent`` are the last three days, oldest first, ``recent_at_night`` of them between 21 and 7
    h; ``usual`` is a day's usual number before. ``silent_days`` have ``late`` scans; before them
    ``used`` a day were usual. A factor of 1 means that the neighbours were scanned as before.
    ``chance`` is what luck is allowed for one plate.
    """

    day: str
    recent: tuple[int, int, int]
    recent_at_night: tuple[int, int, int]
    usual: float
    usual_at_night: float
    neighbours: float
    silent_days: int
    late: int
    used: float
    neighbours_while_silent: float
    chance: float
    is_copied: bool
    is_silent: bool


def explain_plate(session: Session, token: str, day: date, settings: Settings) -> Explanation:
    """What the rules see of a plate on a day; reads the counts of its neighbours too.

    Raises:
        PlateNotFound: the plate was not scanned in the days that count, or has no address.
    """
    windows = windows_of(session, day, settings)
    rhythm = read_rhythm(session, windows, token)
    if rhythm is None:
        raise PlateNotFound(
            f"plate {token} has no scans to explain", hint="look at another day, with --day"
        )
    neighbours, _ = read_neighbours(session, windows, settings)
    own, base_days = own_sums(rhythm), max(1, windows.base_days_of(rhythm.hung))
    factor = neighbours.recent_factor(rhythm.division, own)
    while_silent = neighbours.silent_factor(rhythm.division, own)
    chance = settings.alarm_chance / max(1, neighbours.plates)
    return Explanation(
        day=str(day),
        recent=(rhythm.recent_1, rhythm.recent_2, rhythm.recent_3),
        recent_at_night=(rhythm.night_1, rhythm.night_2, rhythm.night_3),
        usual=round(rhythm.base / base_days, 2),
        usual_at_night=round(rhythm.night_base / base_days, 2),
        neighbours=round(factor, 2),
        silent_days=windows.silent_days,
        late=rhythm.late,
        used=round(rhythm.used / BASE_DAYS, 2),
        neighbours_while_silent=round(while_silent, 2),
        chance=chance,
        is_copied=judge_copied(rhythm, windows, factor, chance, settings) is not None,
        is_silent=judge_silent(rhythm, windows, while_silent, chance, settings) is not None,
    )
