"""The register of complaints on the command line."""

from __future__ import annotations

import click

from server.complaints import resealing
from server.console import Console, pass_console


@click.group()
def complaints() -> None:
    """Look after the register of complaints."""


@complaints.command()
@pass_console
def reseal(console: Console) -> None:
    """Seal who complained anew under the key in use; then IDENTITY_KEY_BEFORE may go."""
    done = resealing.reseal_all(console.database)
    told = f"{done['complaint']} complaints, {done['hotline']} orders of the hotline"
    click.echo(f"sealed anew: {told}, {done['envelope']} envelopes of tablets")
