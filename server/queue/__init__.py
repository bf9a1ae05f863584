"""Jobs, enqueued by name; what a name does is listed in `server.wiring`."""

from server.queue.jobs import (
    Argument,
    FailedJob,
    begun,
    connect,
    enqueue,
    enqueue_for_slot,
    enqueue_once,
    failed,
    open_queue,
    requeue_failed,
    wake,
)
from server.queue.waking import Wakes

__all__ = [
    "Argument",
    "FailedJob",
    "Wakes",
    "begun",
    "connect",
    "enqueue",
    "enqueue_for_slot",
    "enqueue_once",
    "failed",
    "open_queue",
    "requeue_failed",
    "wake",
]
