"""How the open cases stood at the end of a day: counts whose lists are pages of that day's ledger. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server.ledger.states import OPEN_STATES


@dataclass(frozen=True, slots=True)
class Stand:
    """A part of the open cases: those in one of these states, and with one of these lights where told."""

    title_zh: str
    title_en: str
    states: tuple[str, ...]
    signals: tuple[str, ...] = ()

    def holds(self, state: str, signal: str) -> bool:
        """Return whether a case that stood so belongs to it."""
        return state in self.states and (not self.signals or signal in self.signals)


ALL = tuple(OPEN_STATES)
STANDS: Mapping[str, Stand] = {
    "open": Stand("期末未结", "Open at the end", ALL),
    "red": Stand("其中超时", "Of these overdue", ALL, ("red",)),
    "yellow": Stand("其中临期", "Of these due soon", ALL, ("yellow",)),
    "to_file": Stand("待立案", "To be filed", ("reported", "verifying")),
    "to_dispatch": Stand("待派遣", "To be dispatched", ("filed",)),
    "treated": Stand("整改中", "Being put right", ("dispatched", "in_progress")),
    "suspended": Stand("挂账", "Suspended", ("suspended",)),
    "to_check": Stand("待核查", "To be checked", ("closeout_requested", "checking")),
    "to_sign": Stand("待签字", "To be signed", ("check_passed",)),
}
