"""How the OpenAPI file describes the complaints that tablets take down."""

from __future__ import annotations

from server.communities.values import LONGEST_TEXT
from server.complaints.intake import CHANNELS
from server.complaints.lifecycle import FINDINGS
from server.complaints.taking import CREATE
from server.complaints.verifying import VERIFY
from server.photos.contract import EXAMPLE, PHOTOS
from sync.contract import ID, LOCATION, Schema, maybe, one_of, record, shown, told, words

COMMANDS: dict[str, Schema] = {
    CREATE: shown(
        record(
            "community_id description",
            community_id=ID,
            channel=maybe(one_of(*CHANNELS)),
            category=told(maybe(words(64, 1)), "A category in force."),
            description=words(LONGEST_TEXT, 1),
            grid_cell_code=maybe(words(15)),
            location=maybe(LOCATION),
            contact=told(
                maybe(record(name=maybe(words(100)), phone=maybe(words(40)), address=maybe(words(200)))),
                "Who complained; kept apart, shown to the desk that calls back.",
            ),
            photos=PHOTOS,
        ),
        community_id="01980000-0000-7000-8000-00000000c001",
        channel="phone",
        description="电梯多次困人",
        contact={"name": "张女士", "phone": "0537-4220000"},
    ),
    VERIFY: shown(
        record(
            "finding photos",
            finding=one_of(*FINDINGS),
            text=maybe(words(LONGEST_TEXT)),
            location=maybe(LOCATION),
            photos=PHOTOS,
        ),
        finding="true",
        photos=[EXAMPLE],
    ),
}
