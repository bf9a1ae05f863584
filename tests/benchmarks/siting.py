"""What siting costs, beside spopt and CBC on the same instances, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tests.benchmarks.peers import ROOT, program
from tests.benchmarks.people import People

# demand points, candidates, sites to open, side of the square in metres
SIZES = {
    "2k": (2000, 2000, 20, 4000.0),
    "20k": (20_000, 5000, 50, 10_000.0),
    "100k": (100_000, 10_000, 100, 20_000.0),
}
Figures = Mapping[str, float]


def siting(people: People, seconds: float, seed: int) -> Figures:
    """Solve three sizes, vary a plan, walk a network, draw candidates; some five minutes with the peers."""
    with tempfile.TemporaryDirectory() as folder:
        files = {size: _instance(Path(folder), size, seed) for size in SIZES}
        files["town"] = _town(Path(folder), seed)
        found: dict[str, float] = {}
        for size, file in files.items():
            ours = _ours("whole", file)
            found |= {f"siting.{size}_s": ours["cpu_s"], f"siting.{size}_gap": ours["gap"] * 100}
            if size in ("2k", "20k", "town"):
                found[f"siting.{size}_ties_s"] = _ours("told_apart", file)["cpu_s"]
            if size == "20k":
                found["siting.20k_first_s"] = ours["first_s"]
            if size == "100k":
                found["siting.100k_mb"] = ours["peak_mb"]
            for peer, key in _PEERS_OF.get(size, {}).items():
                theirs = _theirs(peer, file)
                assert round(theirs["value"]) == round(ours["value"]), (peer, theirs, ours)
                found[key] = theirs["cpu_s"] / ours["cpu_s"]
                found[f"{key}_alone"] = theirs["solve_s"] / ours["solve_s"]
        found["siting.again_s"] = _ours("varied", files["20k"])["again_s"]
        walked = _ours("walked", files["2k"])
        found |= {"siting.walks_s": walked["walks_s"], "siting.walks_mb": walked["peak_mb"]}
        found["siting.ground_s"] = _ours("grounded", files["2k"])["ground_s"]
    return found


_PEERS_OF = {
    "2k": {"spopt": "siting.spopt_times"},
    "20k": {"cbc": "siting.cbc_times"},
    "town": {"cbc": "siting.town_times"},
}


def _town(folder: Path, seed: int) -> Path:
    """20,000 buildings crowded in 400 communities, 5,000 places of unequal price, a budget for some fifty."""
    random = np.random.default_rng(seed)
    middle = random.uniform(0, 10_000, (400, 2))
    homes = middle[random.integers(0, 400, 20_000)] + random.normal(0, 120, (20_000, 2))
    places = middle[random.integers(0, 400, 5000)] + random.normal(0, 150, (5000, 2))
    file = folder / "town.npz"
    np.savez(
        file,
        dem_xy=homes,
        weight=random.integers(1, 100, 20_000),
        cand_xy=places,
        cost=random.integers(8, 41, 5000) * 1000.0,
        budget=1_000_000.0,
    )
    return file


def _instance(folder: Path, size: str, seed: int) -> Path:
    n, m, p, side = SIZES[size]
    random = np.random.default_rng(seed)
    file = folder / f"{size}.npz"
    np.savez(
        file,
        dem_xy=random.uniform(0, side, (n, 2)),
        weight=random.integers(1, 100, n),
        cand_xy=random.uniform(0, side, (m, 2)),
        cost=np.ones(m),
        p=p,
    )
    return file


def _ours(question: str, file: Path) -> dict[str, float]:
    return _run(sys.executable, "-m", "tests.benchmarks.siting_alone", question, str(file))


def _theirs(peer: str, file: Path) -> dict[str, float]:
    return _run(program("python"), str(Path(__file__).with_name("siting_peers.py")), peer, str(file))


def _run(*words: str) -> dict[str, float]:
    done = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True)
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer
