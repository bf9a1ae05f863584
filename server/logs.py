"""What the processes write down: one JSON line a fact, on standard output."""

from __future__ import annotations

import logging

import structlog


def write_json_lines() -> None:
    """Let every log line of this process be JSON.

    The library's own default prints the local variables of every frame of a fault,
    and among them are passwords and telephone numbers.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(),
    )
