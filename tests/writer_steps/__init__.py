"""Every command there is, as its caller gives it: what writers at once draw from.

Each public function of these modules is a step: it carries out one command, or a few that follow
each other, each in a transaction of its own as a page, a call, a run or the command line has them.
"""

from collections.abc import Callable
from inspect import getmembers, isfunction

from tests.writer_steps import (
    address_steps,
    alarm_steps,
    area_steps,
    batch_steps,
    dataset_steps,
    division_steps,
    draft_steps,
    grant_steps,
    heritage_steps,
    list_steps,
    place_steps,
    plate_steps,
    program_steps,
    report_steps,
    request_steps,
    service_steps,
    staff_steps,
    unit_steps,
    webhook_steps,
    work_steps,
)
from tests.writer_steps.hand import Hand

STEPS: dict[str, Callable[[Hand], None]] = {
    f"{module.__name__.rsplit('.', 1)[-1].removesuffix('_steps')}: {name}": step
    for module in (
        address_steps,
        alarm_steps,
        area_steps,
        batch_steps,
        dataset_steps,
        division_steps,
        draft_steps,
        grant_steps,
        heritage_steps,
        list_steps,
        place_steps,
        plate_steps,
        program_steps,
        report_steps,
        request_steps,
        service_steps,
        staff_steps,
        unit_steps,
        webhook_steps,
        work_steps,
    )
    for name, step in getmembers(module, isfunction)
    if step.__module__ == module.__name__ and not name.startswith("_")
}
"""All of them, by subject and name."""
