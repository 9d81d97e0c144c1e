"""Requests made from the API's description, and whether each answer is one that it documents.

Used by the test, with some thirty cases an operation, and by the drill, with thousands.
"""

import warnings
from collections.abc import Iterator
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import NonInteractiveExampleWarning
from hypothesis.strategies import SearchStrategy, one_of
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.modes import GenerationMode
from schemathesis.openapi.checks import *  # noqa: F403

from tests.factories.callers import Served
