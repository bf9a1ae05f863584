"""Where the rooms are joined: which routes answer, which records travel, which commands tablets may send.

A room adds one line here for each thing it offers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from sqlalchemy.exc import SQLAlchemyError

from geo.layers import Layer
from server.auth import routes as auth
from server.auth.stand_ins import routes as stand_in_routes
from server.cells import checking
from server.cells import routes as cell_routes
from server.cells import service as changing_cells
from server.cells.layers import CELL_FAULTS
from server.communities import contract as places_told
from server.communities import desk as place_desks
from server.communities import drawn
from server.communities import routes as communities
from server.communities import sync as places
from server.communities.assignments import routes as assignment_routes
from server.communities.layers import PLACES
from server.communities.rosters import jobs as rosters
from server.communities.rosters import routes as roster_routes
from server.communities.transfer import jobs as transfer_jobs
from server.communities.transfer import routes as transfer
from server.communities.transfer.kinds import Kind
from server.communities.transfer.places import KINDS as PLACE_KINDS
from server.complaints import ageing as complaints_age
from server.complaints import contract as complaints_told
from server.complaints import reporting as complaint_reports
from server.complaints import routes as complaint_routes
from server.complaints import taking as complaints
from server.complaints import verifying as verifying_complaints
from server.complaints.hotline import jobs as hotline_jobs
from server.complaints.hotline import routes as hotline_routes
from server.complaints.identities import KEYRING, EnvelopeSealer, keyring
from server.complaints.layers import COMPLAINTS
from server.complaints.public import routes as public_complaints
from server.complaints.service import visible_complaint_ids
from server.complaints.sheets import jobs as complaint_sheets
from server.complaints.sheets import routes as complaint_sheet_routes
from server.deeds import routes as deed_routes
from server.dossiers import jobs as dossier_jobs
from server.dossiers import routes as dossier_routes
from server.fieldsync import jobs as tablets
from server.fieldsync import outbox_jobs, outbox_upload_routes, outboxes
from server.fieldsync.blueprints import blueprints as tablet_blueprints
from server.fieldsync.rules import RELEASE
from server.governance import ballots
from server.governance import jobs as vote_jobs
from server.governance import routes as vote_routes
from server.inspections import ageing as inspection_ageing
from server.inspections import contract as inspections_told
from server.inspections import reporting as inspection_reports
from server.inspections import routes as inspection_routes
from server.inspections import sync as inspections
from server.inspections import told as inspections_tell
from server.inspections import track_routes
from server.inspections.coverage import jobs as coverage_jobs
from server.inspections.coverage import routes as coverage_routes
from server.inspections.layers import COVERAGE, TRACKS
from server.inspections.service import visible_inspection_ids
from server.ledger import (
    category_rule_routes,
    levels,
    resuming,
    root_routes,
    rule_routes,
    sealing,
    telling,
    watermark,
)
from server.ledger import contract as cases_told
from server.ledger import jobs as ledger_jobs
from server.ledger import routes as ledger_routes
from server.ledger import sync as ledger
from server.ledger import told as cases_tell
from server.ledger.bulletins import jobs as report_jobs
from server.ledger.bulletins import routes as report_routes
from server.ledger.calendars import routes as calendar_routes
from server.ledger.calendars import service as calendars
from server.ledger.figures import jobs as figure_jobs
from server.ledger.figures import judging
from server.ledger.figures import routes as figure_routes
from server.ledger.joint import routes as joint_routes
from server.ledger.layers import CASES, CHARGING_CASES
from server.ledger.service import visible_case_ids
from server.ledger.sheets import jobs as ledger_sheets
from server.ledger.sheets import routes as ledger_sheet_routes
from server.maps import routes as maps
from server.maps.base import routes as base_map_routes
from server.maps.base import service as base_map
from server.maps.heat import jobs as heat_jobs
from server.maps.heat import routes as heat_routes
from server.maps.hotspots import routes as hotspot_routes
from server.maps.ogc import routes as ogc
from server.maps.points import jobs as points_jobs
from server.maps.points import routes as points_routes
from server.maps.tiles import routes as tiles
from server.notifications import jobs as notification_jobs
from server.notifications import routes as notification_routes
from server.notifications import standing
from server.papers import jobs as paper_jobs
from server.papers import routes as paper_routes
from server.photos import comparing_jobs
from server.photos import contract as photos_told
from server.photos import jobs as photo_jobs
from server.photos import routes as photos
from server.photos import upload_routes as uploads
from server.photos.attaching import photo_attach
from server.photos.service import COMPARE
from server.photos.told import Telling
from server.photos.visibility import Visible
from server.programme import contract as programme_told
from server.programme import form_jobs as checklist_form_jobs
from server.programme import form_routes as checklist_form_routes
from server.programme import routes as programme_routes
from server.programme import sync as programme
from server.programme import version_routes as checklist_version_routes
from server.programme import versions as checklist_versions
from server.published import routes as published
from server.request import now, session
from server.rulebooks import routes as rulebook_routes
from server.settings import Settings
from server.sheets import jobs as sheets
from server.sheets import routes as sheet_routes
from server.sheets.service import JOB as SHEET_TASK
from server.sheets.service import Doing
from server.siting import contract as sites_told
from server.siting import desk as site_desks
from server.siting import routes as siting_routes
from server.siting import sync as siting
from server.siting.files import KIND as CHARGING_SITE_FILES
from server.siting.layers import CHARGING_SITES
from server.siting.outcome import jobs as outcome_jobs
from server.siting.outcome import routes as outcome_routes
from server.siting.plans import jobs as plan_jobs
from server.siting.plans import routes as plan_routes
from server.siting.plans.service import JOB as SOLVE
from server.siting.projects import jobs as project_jobs
from server.siting.projects import routes as project_routes
from server.siting.projects import service as projects
from server.siting.rows import routes as siting_row_routes
from server.siting.scenarios import foreseeing_routes as siting_foreseeing
from server.siting.scenarios import jobs as scenario_jobs
from server.siting.scenarios import routes as scenario_routes
from server.siting.scenarios.service import JOB as BUILD_SCENARIO
from server.siting.service import visible_site_ids
from server.siting.trials import routes as trial_routes
from server.siting.trials.beside import Beside
from server.siting.works import jobs as charging_work_jobs
from server.siting.works import notices as charging_work_notices
from server.siting.works import routes as charging_work_routes
from server.units import routes as unit_routes
from server.web import routes as pages
from server.web import trust
from server.work import Job
from sync import contract as sync_told
from sync import fates
from sync.bodies import SEALER
from sync.entity import SyncEntity
from sync.mutations import CommandType

TRAVELLING: dict[str, SyncEntity] = {
    entity.name: entity
    for entity in (
        *places.ENTITIES,
        *programme.ENTITIES,
        *ledger.ENTITIES,
        *inspections.ENTITIES,
        *siting.ENTITIES,
        *fates.ENTITIES,
    )
}


def carried(settings: Settings) -> dict[str, Any]:
    """Return what travels with every session of a process."""
    keys = keyring(settings)
    return {"travelling": TRAVELLING, KEYRING: keys, SEALER: EnvelopeSealer(keys)}


COMMAND_TYPES: dict[str, CommandType] = {
    **inspections.COMMAND_TYPES,
    **ledger.COMMAND_TYPES,
    **places.COMMAND_TYPES,
    **siting.COMMAND_TYPES,
    **complaints.COMMAND_TYPES,
    **verifying_complaints.COMMAND_TYPES,
    "photo.attach": photo_attach(("case", "inspection", "charging_site")),
}

# How the OpenAPI file describes what tablets send, by the command's type, and what travels, by entity.
COMMANDS_DESCRIBED = {
    name: schema
    for room in (
        inspections_told,
        cases_told,
        places_told,
        sites_told,
        complaints_told,
        photos_told,
        sync_told,
    )
    for name, schema in room.COMMANDS.items()
}
RECORDS_DESCRIBED = {
    name: schema
    for room in (places_told, programme_told, cases_told, inspections_told, sites_told, sync_told)
    for name, schema in room.ENTITIES.items()
}

# The records whose fields are edited one by one.
EDITABLE = {**places.EDITABLE, **siting.EDITABLE}

# The layers whose features can be written from a desktop GIS.
DESKS = {**place_desks.DESKS, **drawn.DESKS, **site_desks.DESKS}

# What the map can draw.
LAYERS: dict[str, Layer] = {
    layer.name: layer
    for layer in (*PLACES, CASES, CHARGING_CASES, CHARGING_SITES, TRACKS, COVERAGE, CELL_FAULTS, COMPLAINTS)
}

# What files of places may hold.
FILES: dict[str, Kind] = {kind.name: kind for kind in (*PLACE_KINDS, CHARGING_SITE_FILES)}

# Who may see a photo: by entity, which of the records that name it the caller may see.
PHOTO_VISIBILITY: dict[str, Visible] = {
    "case": lambda session, actor, ids: visible_case_ids(session, actor, ids, now()),
    "inspection": lambda session, actor, ids: visible_inspection_ids(session, actor, ids, now()),
    "complaint": lambda session, actor, ids: visible_complaint_ids(session, actor, ids, now()),
    "charging_site": lambda session, actor, ids: visible_site_ids(session, actor, ids, now()),
}

# What records say of when and where their photos were taken, by entity; what reports tell beside the ledger.
PHOTO_TELLINGS: dict[str, Telling] = {"case": cases_tell.tell, "inspection": inspections_tell.tell}
REPORT_PARTS = (inspection_reports.PART, *complaint_reports.PARTS)

# What the workers make of tables, by the kind of task.
SHEETS: dict[str, Doing] = {
    **ledger_sheets.SHEETS,
    figure_jobs.EXPORT: figure_jobs.make_export,
    report_jobs.EXPORT: report_jobs.make_export(REPORT_PARTS),
    dossier_jobs.EXPORT: dossier_jobs.make_export,
    coverage_jobs.EXPORT: coverage_jobs.make_export,
    complaint_sheets.EXPORT: complaint_sheets.make_export,
    **checklist_form_jobs.SHEETS,
    **rosters.SHEETS,
    transfer_jobs.IMPORT: transfer_jobs.take_in(FILES),
    transfer_jobs.EXPORT: transfer_jobs.give_out(FILES),
    **hotline_jobs.SHEETS,
    projects.EXPORT: project_jobs.give_out,
    projects.IMPORT: project_jobs.take_in,
    projects.TEMPLATE: project_jobs.make_template,
    charging_work_routes.EXPORT: charging_work_jobs.make_export,
    ballots.REGISTER: vote_jobs.take_register,
    ballots.REGISTER_TEMPLATE: vote_jobs.make_template,
    **heat_jobs.SHEETS,
    points_jobs.IMPORT: points_jobs.take_in,
    **outcome_jobs.SHEETS,
    outboxes.KIND: outbox_jobs.take_in(COMMAND_TYPES),
}

# What the workers do, by the name it is enqueued with; what the scheduler asks for, every so many seconds.
JOBS: dict[str, Job] = {
    "derive": photo_jobs.derive,
    COMPARE: comparing_jobs.compare(PHOTO_TELLINGS),
    "apply-orphans": tablets.apply_orphans(COMMAND_TYPES),
    RELEASE: tablets.release_held(COMMAND_TYPES),
    "raise-levels": levels.raise_all_levels,
    paper_jobs.JOB: paper_jobs.draft_papers,
    watermark.JOB: ledger_jobs.watermark,
    SHEET_TASK: sheets.perform(SHEETS),
    SOLVE: plan_jobs.solve_plan,
    BUILD_SCENARIO: scenario_jobs.build_scenario,
}
PERIODIC: dict[str, tuple[Job, int]] = {
    "derive-waiting": (photo_jobs.derive_waiting, photo_jobs.WAITING_EVERY_S),
    COMPARE: (JOBS[COMPARE], comparing_jobs.EVERY_S),
    "expire-photos": (photo_jobs.expire, photo_jobs.EXPIRE_EVERY_S),
    "apply-orphans": (JOBS["apply-orphans"], tablets.EVERY_S),
    RELEASE: (JOBS[RELEASE], tablets.EVERY_S),
    "forget": (tablets.forget, tablets.FORGET_EVERY_S),
    "forget-outbox-files": (outbox_jobs.forget, outbox_jobs.EVERY_S),
    "leave-tablets": (inspection_ageing.leave_tablets, inspection_ageing.EVERY_S),
    "raise-levels": (JOBS["raise-levels"], levels.EVERY_S),
    "resume-suspended": (resuming.resume_all, resuming.EVERY_S),
    "judge-links": (judging.judge_all, judging.EVERY_S),
    "move-deadlines": (calendars.catch_up_all, calendars.EVERY_S),
    "publish-planned-checklists": (checklist_versions.publish_due, checklist_versions.EVERY_S),
    "seal-ledger": (sealing.seal_yesterday, sealing.EVERY_S),
    "ask-siting-again": (plan_jobs.ask_again, plan_jobs.EVERY_S),
    "build-siting-again": (scenario_jobs.ask_again, scenario_jobs.EVERY_S),
    "tidy-sheets": (sheets.tidy, sheets.EVERY_S),
    paper_jobs.JOB: (paper_jobs.draft_papers, paper_jobs.EVERY_S),
    "tell-stand-ins": (standing.tell_all, standing.EVERY_S),
    "remind-hotline": (hotline_jobs.remind, hotline_jobs.EVERY_S),
    "follow-cells": (changing_cells.catch_up, changing_cells.EVERY_S),
    "check-cells": (checking.check_cells, checking.EVERY_S),
    "tell-units": (telling.tell_all, telling.EVERY_S),
    "hear-of-cases": (complaints_age.hear_of_cases, complaints_age.HEAR_EVERY_S),
    "age-complaints": (complaints_age.grow_old, complaints_age.AGE_EVERY_S),
    "fold-heat": (heat_jobs.fold, heat_jobs.FOLD_EVERY_S),
    "prove-heat": (heat_jobs.prove, heat_jobs.PROVE_EVERY_S),
    "find-placeholders": (heat_jobs.find_placeholders, heat_jobs.PLACEHOLDERS_EVERY_S),
    "remind-charging-works": (
        charging_work_notices.remind_late,
        charging_work_notices.REMIND_EVERY_S,
    ),
    "deliver": (notification_jobs.deliver, notification_jobs.EVERY_S),
}


def api_blueprints() -> list[Any]:
    """Return the blueprints that stand in the OpenAPI file."""
    return [
        auth.routes,
        stand_in_routes.routes,
        deed_routes.routes,
        communities.routes,
        assignment_routes.routes,
        cell_routes.routes,
        unit_routes.routes,
        roster_routes.routes,
        transfer.blueprint(FILES),
        programme_routes.routes,
        checklist_version_routes.routes,
        checklist_form_routes.routes,
        ledger_routes.routes,
        rule_routes.routes,
        category_rule_routes.routes,
        rulebook_routes.routes,
        joint_routes.routes,
        figure_routes.routes,
        report_routes.blueprint(REPORT_PARTS),
        calendar_routes.routes,
        root_routes.routes,
        ledger_sheet_routes.routes,
        ledger_sheet_routes.download,
        sheet_routes.routes,
        inspection_routes.routes,
        siting_routes.routes,
        plan_routes.routes,
        trial_routes.blueprint(Beside()),
        siting_row_routes.routes,
        siting_foreseeing.routes,
        scenario_routes.routes,
        charging_work_routes.routes,
        project_routes.routes,
        vote_routes.routes,
        outcome_routes.routes,
        paper_routes.routes,
        track_routes.routes,
        coverage_routes.routes,
        complaint_routes.routes,
        complaint_sheet_routes.routes,
        public_complaints.routes,
        dossier_routes.routes,
        published.routes,
        published.office,
        hotline_routes.routes,
        notification_routes.routes,
        photos.blueprint(PHOTO_VISIBILITY),
        *tablet_blueprints(COMMAND_TYPES, EDITABLE),
        maps.blueprint(LAYERS),
        base_map_routes.routes,
        hotspot_routes.routes,
        points_routes.routes,
        tiles.blueprint(LAYERS),
        heat_routes.routes,
        heat_routes.tiles,
        heat_routes.groups,
    ]


def _beside() -> Sequence[str]:
    """Return the hosts that pages may load pictures from; none while the database cannot be asked."""
    try:
        return base_map.origins(session())
    except SQLAlchemyError:
        return ()


def page_blueprints() -> list[Blueprint]:
    """Return the blueprints of pages and of calls outside OpenAPI."""
    return [
        uploads.blueprint(PHOTO_VISIBILITY),
        outbox_upload_routes.blueprint(),
        ogc.blueprint(LAYERS, DESKS),
        trust.blueprint(),
        pages.blueprint(beside=_beside),
    ]
