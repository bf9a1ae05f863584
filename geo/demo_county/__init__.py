"""A demo county seat drawn from a seed upon Sishui's official names and codes: no free map of it exists."""

from geo.demo_county.draw import demo_county
from geo.demo_county.model import (
    ORIGIN,
    DemoBuilding,
    DemoCell,
    DemoCommunity,
    DemoCompany,
    DemoContract,
    DemoCounty,
    DemoEntrance,
    DemoFacility,
    DemoFireLane,
    DemoFootway,
    DemoGate,
    DemoGround,
    DemoOutline,
)

__all__ = [
    "ORIGIN",
    "DemoBuilding",
    "DemoCell",
    "DemoCommunity",
    "DemoCompany",
    "DemoContract",
    "DemoCounty",
    "DemoEntrance",
    "DemoFacility",
    "DemoFireLane",
    "DemoFootway",
    "DemoGate",
    "DemoGround",
    "DemoOutline",
    "demo_county",
]
