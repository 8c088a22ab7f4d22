"""What all tests share: no example that is tried may fail for being slow.

Continuous integration tries the same examples each time, so that what it refuses can be repeated; everybody else tries
others in each run.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "any machine",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("any machine")
