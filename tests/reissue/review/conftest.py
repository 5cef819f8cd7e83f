"""Fixtures of the review's tests: the small project, built."""

from __future__ import annotations

from tests.reissue.build.conftest import built_mini, ready

__all__ = ["built_mini", "ready"]
