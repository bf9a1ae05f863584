"""What can be wrong with standing in for somebody."""

from __future__ import annotations

from server.problems import DomainError, InvalidInput


class NotStandingIn(DomainError):
    """The caller does not stand in for this person now."""

    def __init__(self) -> None:
        super().__init__(
            "You do not stand in for this person now: it has not begun, has ended or was revoked.",
            "您目前不是此人的代班人：代班尚未开始、已结束或已撤销。",
        )


class StandInNotHere(DomainError):
    """What is asked may be done in one's own name only."""

    def __init__(self) -> None:
        super().__init__(
            "A stand-in acts on cases, papers, votes, complaints and 12345 orders only. Leave the stand-in's"
            " desk to do this in your own name.",
            "代班人只能代办案卷、公文、表决、投诉和12345工单。请退出代班后以本人身份办理。",
        )


class StandInOverlaps(DomainError):
    """Another stands in for the person on one of these days."""

    def __init__(self) -> None:
        super().__init__(
            "Another stands in on one of these days; revoke that first or choose other days.",
            "所选日期内已有代班人，请先撤销原代班或更改日期。",
        )


class StandInEnded(DomainError):
    """It has ended or was revoked already."""

    def __init__(self) -> None:
        super().__init__("It has ended or was revoked already.", "代班已结束或已撤销。")


def unfit(member: str, detail: str, detail_zh: str) -> InvalidInput:
    """Return the error that a member of a new stand-in cannot be."""
    fault = {"pointer": f"/{member}", "detail": detail, "detail_zh": detail_zh}
    return InvalidInput(detail, detail_zh, errors=[fault])
