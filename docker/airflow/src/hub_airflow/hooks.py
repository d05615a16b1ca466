"""The connection ``cmms_hub``: the hub's base address and a tenant's key."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, TypedDict

import httpx
from airflow.sdk import BaseHook

from hub_airflow import api
from hub_airflow.api import Ask, Patience, Tries

CHUNK = 256 * 1024


class Access(TypedDict):
    """What a client is made of."""

    base_url: str
    headers: dict[str, str]
    verify: bool | str
    timeout: httpx.Timeout


class HubHook(BaseHook):
    """
    Asks a hub in the name of one tenant.

    Asks again on 429, 503 and, where that is safe, when there was no answer; honours Retry-After. Errors are
    :class:`~hub_airflow.api.HubError`, in the words of the hub's problem document. The key is in no message
    and no log line.

    :param hub_conn_id: a connection of type ``cmms_hub``: host (base address), password (the tenant's key, with the
        right ``bulk``), extra ``{"ca": "/path.pem"}`` for an authority of your own
    :param patience: how long it asks again
    """

    conn_name_attr = "hub_conn_id"
    default_conn_name = "cmms_hub"
    conn_type = "cmms_hub"
    hook_name = "CMMS Hub"

    def __init__(self, hub_conn_id: str = default_conn_name, patience: Patience | None = None) -> None:
        super().__init__()
        self.hub_conn_id = hub_conn_id
        self.patience = patience or Patience()

    @classmethod
    def get_ui_field_behaviour(cls) -> dict[str, Any]:
        """Name the fields of the form as what they are here."""
        return {
            "hidden_fields": ["schema", "login", "port"],
            "relabeling": {"host": "Base address", "password": "Tenant's key"},
            "placeholders": {
                "host": "https://hub.example.com",
                "password": "hub_...",
                "extra": '{"ca": "/etc/ssl/hub.pem"}',
            },
        }

    def access(self) -> Access:
        """Return what a client needs, key included."""
        return _access(self.get_connection(self.hub_conn_id))

    async def aaccess(self) -> Access:
        """Do the same in an event loop."""
        return _access(await self.aget_connection(self.hub_conn_id))

    def ask(self, ask: Ask) -> Any:
        """Send a request until it is answered, and return the JSON of its success."""
        return api.read(ask, self._answered(ask))

    def text(self, ask: Ask) -> str:
        """Do the same with an answer that is no JSON."""
        response = self._answered(ask)
        if not response.is_success:
            raise api.error(ask, response)
        return response.text

    def _answered(self, ask: Ask) -> httpx.Response:
        tries = Tries(ask, self.patience)
        with httpx.Client(**self.access()) as client:
            while True:
                outcome: httpx.Response | httpx.TransportError
                try:
                    outcome = client.request(
                        ask.method, ask.path, params=ask.params, json=ask.body, headers=ask.headers
                    )
                except httpx.TransportError as e:
                    outcome = e
                judged = tries.judge(outcome)
                if isinstance(judged, httpx.Response):
                    return judged
                tries.wait(judged)

    async def aask(self, ask: Ask) -> Any:
        """Do the same in an event loop, whose other tasks go on meanwhile."""
        tries = Tries(ask, self.patience)
        async with httpx.AsyncClient(**await self.aaccess()) as client:
            while True:
                outcome: httpx.Response | httpx.TransportError
                try:
                    outcome = await client.request(
                        ask.method, ask.path, params=ask.params, json=ask.body, headers=ask.headers
                    )
                except httpx.TransportError as e:
                    outcome = e
                judged = tries.judge(outcome)
                if isinstance(judged, httpx.Response):
                    return api.read(ask, judged)
                await asyncio.sleep(judged)

    def definitions(self) -> list[dict[str, Any]]:
        """Return the job definitions of the tenant, as the hub tells them."""
        return list(self.ask(Ask("GET", "/v1/batch"))["definitions"])

    def backfill(
        self, system: str, entity: str, since: str | None, until: str | None, name: str, key: str
    ) -> dict[str, Any]:
        """Begin a backfill, or find the one that was begun under this key."""
        body = {"kind": "backfill", "system": system, "entity": entity, "name": name}
        body |= {field: value for field, value in (("since", since), ("until", until)) if value}
        return dict(self.ask(Ask("POST", "/v1/jobs", body=body, key=key)))

    def job(self, job: str) -> dict[str, Any]:
        """Return a job as it is now."""
        return dict(self.ask(Ask("GET", f"/v1/jobs/{job}")))

    def act(self, job: str, action: str, key: str | None = None) -> dict[str, Any]:
        """Pause, resume or cancel a job, or retry its rejected rows as a job of their own."""
        return dict(self.ask(Ask("POST", f"/v1/jobs/{job}/{action}", key=key)))

    def acknowledgement(self, job: str) -> dict[str, Any]:
        """Return what became of a job that has ended."""
        return dict(self.ask(Ask("GET", f"/v1/jobs/{job}/acknowledgement")))

    def chunks(self, job: str) -> Iterator[dict[str, Any]]:
        """Return the chunks of a job, page by page."""
        params = {"limit": "200"}
        while True:
            page = self.ask(Ask("GET", f"/v1/jobs/{job}/chunks", params))
            yield from page["chunks"]
            if not page.get("next"):
                return
            params["cursor"] = str(page["next"])

    def rejects(self, job: str) -> Iterator[dict[str, Any]]:
        """Return the rows that were not taken."""
        return api.lines(self.text(Ask("GET", f"/v1/jobs/{job}/rejects")))

    def load(self, system: str, file: Path, media_type: str, params: dict[str, str], key: str) -> dict[str, Any]:
        """
        Send a file and return its job, once the hub has all of it.

        After a break, or 503 because the lane is full, it is sent again under the same key: the hub skips what it has.
        """
        ask = Ask("POST", f"/v1/bulk/{system}", params=params, key=key)
        tries = Tries(ask, self.patience)
        access = self.access()
        # The hub reads only as fast as the lane takes it.
        access["timeout"] = httpx.Timeout(300.0, connect=10.0)
        headers = ask.headers | {"Content-Type": media_type}
        with httpx.Client(**access) as client:
            while True:
                outcome: httpx.Response | httpx.TransportError
                with file.open("rb") as content:
                    try:
                        outcome = client.post(ask.path, params=params, headers=headers, content=_parts(content))
                    except httpx.TransportError as e:
                        outcome = e
                judged = tries.judge(outcome)
                if isinstance(judged, httpx.Response):
                    return dict(api.read(ask, judged))
                tries.wait(judged)

    def test_connection(self) -> tuple[bool, str]:
        """Ask for the definitions, once."""
        try:
            hook = HubHook(self.hub_conn_id, Patience(total=0))
            return True, f"{len(hook.definitions())} job definitions"
        except (api.HubError, ValueError) as e:
            return False, str(e)


def _access(connection: Any) -> Access:
    extra = connection.extra_dejson
    if not connection.password:
        raise ValueError(f"connection {connection.conn_id}: password: expected a key of the tenant")
    return {
        "base_url": api.base(connection.host or "", connection.schema, connection.port),
        "headers": {"Authorization": f"Bearer {connection.password}", "User-Agent": api.AGENT},
        "verify": extra.get("ca") or True,
        "timeout": httpx.Timeout(30.0, connect=5.0),
    }


def _parts(content: IO[bytes]) -> Iterator[bytes]:
    while part := content.read(CHUNK):
        yield part
