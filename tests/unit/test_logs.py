"""Tests of what processes write down."""

from __future__ import annotations

import json

import pytest
import structlog

from server import logs


def test_a_fault_is_logged_without_the_secrets_that_its_frames_held(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = structlog.get_config()
    logs.write_json_lines()
    try:
        _fail_with("hunter2")
    finally:
        structlog.configure(**before)

    line = json.loads(capsys.readouterr().out)
    assert line["event"] == "unexpected fault"
    assert "ZeroDivisionError" in line["exception"]
    assert "hunter2" not in str(line)


def _fail_with(password: str) -> None:
    log = structlog.get_logger()
    try:
        _ = len(password) / 0
    except ZeroDivisionError:
        log.exception("unexpected fault")
