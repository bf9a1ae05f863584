"""What can be wrong with asking for a siting scenario."""

from __future__ import annotations

from server.problems import DomainError


class ScenarioFinished(DomainError):
    """A scenario that is finished cannot be stopped."""

    def __init__(self, state: str) -> None:
        super().__init__(f"The scenario is finished already ({state}).", f"情景已结束（{state}）。")
