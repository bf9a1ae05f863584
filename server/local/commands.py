"""The command that starts the product on this machine."""

from __future__ import annotations

import click

from server.local.run import run as start


@click.command("run")
@click.option("--port", default=8000, show_default=True, help="Where the pages and the API answer.")
@click.option(
    "--tls", is_flag=True, help="Open it to the local network by https, with a certificate of its own."
)
def run(port: int, tls: bool) -> None:
    """Start services, web, worker and scheduler, and keep them alive until Ctrl-C."""
    raise SystemExit(start(port, tls))
