"""Rates of small places: what chance explains is taken out, what stays is kept beside the raw figure."""

from __future__ import annotations

import numpy as np

from geo.vertices import Floats


def empirical_bayes(events: Floats, base: Floats) -> Floats:
    """Return the rate of each place drawn towards the rate of all, the more the smaller its base.

    Args:
        events: (n,) counted violations.
        base: (n,) households or inspections that they are counted among; zero gives nan.

    Source: Marshall 1991, Applied Statistics 40, the global estimator.
    """
    known = base > 0
    smooth = np.full(len(base), np.nan)
    if not known.any():
        return smooth
    e, p = events[known].astype(np.float64), base[known].astype(np.float64)
    rate, overall = e / p, e.sum() / p.sum()
    between = (p * (rate - overall) ** 2).sum() / p.sum() - overall / p.mean()
    variance = max(float(between), 0.0)
    total = variance + overall / p
    trust = np.divide(variance, total, out=np.zeros(len(p)), where=total > 0)
    smooth[known] = overall + trust * (rate - overall)
    return smooth
