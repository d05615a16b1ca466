"""What the Kafka provider's AwaitMessage trigger asks of each record of the hub's topics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

_AROUND = re.compile(r"^dev\.cmmshub\.|\.v[0-9]+$")


def starts(message: Any, tenant: str = "", types: Sequence[str] = ("*",)) -> dict[str, str] | None:
    """
    Return what a CloudEvent is, when it is one of the tenant and of one of the types; else None.

    :param types: as subscriptions name them, such as ``workorder.*`` or ``part.changed``
    """
    headers = {
        name: value.decode("utf-8", "replace")
        for name, value in message.headers() or []
        if name.startswith("ce_") and value is not None
    }
    kind = _AROUND.sub("", headers.get("ce_type", ""))
    if headers.get("ce_tenantid") != tenant or not any(fnmatchcase(kind, one) for one in types):
        return None
    return {"id": headers.get("ce_id", ""), "type": kind, "subject": headers.get("ce_subject", "")}
