"""Writes alarms: one function per use case, within the caller's transaction."""

from service.alarms.commands.closing import close_alarm
from service.alarms.commands.raising import raise_alarms

__all__ = ["close_alarm", "raise_alarms"]
