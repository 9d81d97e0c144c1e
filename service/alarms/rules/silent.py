"""The rule for plates fallen silent: much used, then not scanned, while their neighbours were."""

from address_model.alarms import AlarmRule
from address_model.lifecycle import PlateStatus
from service.alarms.chances import chance_of_fewer, shape_of
from service.alarms.queries.rhythms import LITTLE, Rhythm
from service.alarms.signs import AlarmFigures, Sign
from service.alarms.windows import BASE_DAYS, Windows
from service.core.settings import Settings


def judge_silent(
    rhythm: Rhythm, windows: Windows, factor: float, chance: float, settings: Settings
) -> Sign | None:
    """The sign of a plate that may be lost or covered, None if it is not silent.

    ``factor`` is ``Neighbours.silent_factor``; ``chance`` is what luck is allowed for one plate.
    """
    days = windows.silent_days
    usual = rhythm.used / BASE_DAYS
    if (
        rhythm.status != PlateStatus.IN_USE
        or usual < settings.alarm_used_scans
        or rhythm.late > usual * days * LITTLE
        or (windows.day - max(rhythm.hung, windows.counted_since)).days < days + BASE_DAYS - 1
    ):
        return None
    expected = usual * days * factor
    found = chance_of_fewer(rhythm.late, expected, shape_of(rhythm.used, days)) if expected else 1.0
    if found > chance:
        return None
    figures = AlarmFigures(
        days=days,
        seen=rhythm.late,
        expected=round(expected, 2),
        usual=round(usual, 2),
        chance=found,
    )
    return Sign(AlarmRule.SILENT, rhythm.token, figures, rhythm.token, rhythm.code, rhythm.division)
