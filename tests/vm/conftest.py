"""With and without machine code: the fast paths of a machine are each to be held against the reference."""

from __future__ import annotations

import pytest

from vm import native_code


@pytest.fixture
def portable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs are run as on a processor that there is no code for."""
    monkeypatch.setattr(native_code, "is_possible", lambda: False)


@pytest.fixture(params=["code", "portable"])
def either_way(request: pytest.FixtureRequest) -> None:
    """Both ways, one after the other."""
    if request.param == "portable":
        request.getfixturevalue("portable")
