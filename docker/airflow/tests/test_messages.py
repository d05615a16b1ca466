"""Which records of the event queue start a DAG. The records of a real broker: e2e."""

from __future__ import annotations

import pytest

from hub_airflow.messages import starts


class Record:
    def __init__(self, *headers: tuple[str, bytes | None]) -> None:
        self._headers = list(headers)

    def headers(self) -> list[tuple[str, bytes | None]]:
        return self._headers


PART = Record(
    ("ce_id", b"7"),
    ("ce_type", b"dev.cmmshub.part.changed.v1"),
    ("ce_tenantid", b"acme"),
    ("ce_subject", b"part/P-1"),
    ("x", None),
)


@pytest.mark.parametrize("types", [["*"], ["part.*"], ["workorder.*", "part.changed"]])
def test_a_record_of_the_tenant_and_type(types: list[str]) -> None:
    assert starts(PART, "acme", types) == {"id": "7", "type": "part.changed", "subject": "part/P-1"}


@pytest.mark.parametrize(("tenant", "types"), [("globex", ["*"]), ("acme", ["workorder.*"]), ("acme", [])])
def test_others(tenant: str, types: list[str]) -> None:
    assert starts(PART, tenant, types) is None


def test_a_record_without_headers() -> None:
    assert starts(Record(), "acme", ["*"]) is None
