"""`wangge jobs …`: looking at background work that failed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click
from redis import Redis
from redis.exceptions import RedisError

from server import queue
from server.console import Console, pass_console


@click.group()
def jobs() -> None:
    """See and repeat background work that failed."""


@jobs.command("failed")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of lines.")
@pass_console
def show_failed(console: Console, as_json: bool) -> None:
    """List the jobs that failed and whose retries are used up."""
    with _redis(console) as redis:
        found = queue.failed(redis)
    if as_json:
        click.echo(json.dumps([_plain(job) for job in found], ensure_ascii=False, indent=2))
        return
    for job in found:
        click.echo(f"{job.failed_at or '?'}  {job.name} {' '.join(map(str, job.arguments))}: {job.reason}")
    click.echo(f"{len(found)} failed")


@jobs.command()
@pass_console
def retry(console: Console) -> None:
    """Ask for every failed job again."""
    with _redis(console) as redis:
        again = queue.requeue_failed(redis)
    click.echo(f"{again} asked for again")


@contextmanager
def _redis(console: Console) -> Iterator[Redis]:
    try:
        with Redis.from_url(console.settings.redis_url, socket_connect_timeout=2) as redis:
            yield redis
    except RedisError as fault:
        raise click.ClickException(f"Redis does not answer ({fault}). Is it running?") from fault


def _plain(job: queue.FailedJob) -> dict[str, object]:
    return {
        "job_id": job.job_id,
        "job": job.name,
        "arguments": list(job.arguments),
        "failed_at": job.failed_at.isoformat() if job.failed_at else None,
        "reason": job.reason,
    }
