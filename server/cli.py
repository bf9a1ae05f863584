"""The command line: `wangge …`."""

from __future__ import annotations

import click

from server import migrations, wiring
from server.auth.commands import device, user
from server.cells.commands import cells
from server.communities.commands import assign
from server.communities.rosters.commands import roster
from server.communities.transfer import commands as transfer
from server.complaints.commands import complaints
from server.complaints.hotline.commands import hotline
from server.console import Commands, Console
from server.fieldsync.commands import sync
from server.fieldsync.device_commands import list_devices, readmit_device, revoke_device
from server.job_commands import jobs
from server.ledger.calendars.commands import calendar
from server.ledger.commands import ledger
from server.ledger.rule_commands import rule
from server.ledger.sheets.commands import export_ledger, import_ledger
from server.local.commands import run
from server.maps.base.commands import base_map
from server.maps.points.commands import analysis_layers, import_points
from server.papers.commands import papers
from server.programme.checklist_commands import checklist
from server.programme.commands import demo, load_county
from server.settings import from_environment
from server.simulation.commands import first_morning, simulate
from server.simulation.history.commands import load_demo_history
from server.siting.commands import siting


@click.group(cls=Commands)
@click.pass_context
def main(context: click.Context) -> None:
    """Inspect residential communities: the product's own commands."""
    context.obj = Console(
        lambda settings: {**wiring.carried(settings), "command_types": wiring.COMMAND_TYPES}
    )


@main.command()
@click.option("--revision", default="head", show_default=True)
def migrate(revision: str) -> None:
    """Bring the database to a revision, as the owner of its tables (DATABASE_OWNER_URL)."""
    settings = from_environment()
    migrations.upgrade(settings.database_owner_url, revision, settings.identity_secrets)
    click.echo(f"database at revision {revision}")


main.add_command(analysis_layers)
main.add_command(base_map)
main.add_command(load_county)
main.add_command(demo)
demo.add_command(load_demo_history)
main.add_command(checklist)
main.add_command(user)
main.add_command(device)
device.add_command(list_devices)
device.add_command(revoke_device)
device.add_command(readmit_device)
main.add_command(assign)
main.add_command(cells)
main.add_command(roster)
transfer.add_layers(transfer.import_group, wiring.FILES)
transfer.import_group.add_command(import_points)
main.add_command(transfer.import_group)
main.add_command(transfer.export_command(wiring.FILES))
main.add_command(run)

main.add_command(ledger)
ledger.add_command(export_ledger)
ledger.add_command(import_ledger)
main.add_command(rule)
main.add_command(calendar)
main.add_command(complaints)
main.add_command(hotline)
main.add_command(papers)
main.add_command(jobs)
main.add_command(siting)
main.add_command(sync)

main.add_command(simulate)
main.add_command(first_morning)

if __name__ == "__main__":
    main()
