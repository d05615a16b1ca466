"""Airflow's pools for the budgets of ERPs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hub_airflow.definitions import Definition


def pool_name(definition: Definition) -> str:
    """Return the pool of a definition: all that load from one host share it, whatever their tenants."""
    return "hub." + re.sub(r"[^A-Za-z0-9._-]", "-", definition.pool)


def pools(definitions: Iterable[Definition]) -> dict[str, dict[str, object]]:
    """
    Return what ``airflow pools import`` reads, of what Airflow runs.

    A job that is waited for holds its slot although no worker is busy: the slots bound jobs, not workers.
    """
    found: dict[str, dict[str, object]] = {}
    for one in definitions:
        if one.by == "airflow" and one.enabled:
            known = found.get(pool_name(one))
            # The budget of a host is the same for all; while it is being changed the smaller one counts.
            slots = one.slots if known is None else min(one.slots, int(str(known["slots"])))
            found[pool_name(one)] = {
                "slots": slots,
                "description": f"Bulk loads of CMMS Hub from {one.pool}",
                "include_deferred": True,
            }
    return dict(sorted(found.items()))
