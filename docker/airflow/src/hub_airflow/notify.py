"""Telling people: to the log always, and to a webhook or a function of your own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import httpx
from airflow.providers.common.compat.module_loading import import_string
from airflow.sdk import BaseHook, BaseNotifier, Context

from hub_airflow.api import AGENT, Ask, Patience, Tries, error

LOG = logging.getLogger(__name__)
PATIENCE = Patience(total=60)


def tell(target: str, message: dict[str, Any]) -> None:
    """
    Tell somebody.

    :param target: empty (the log only), ``conn:<id>`` (posted as JSON to the connection's host, its password as bearer
        token), or ``python:<module.function>`` (called with the message)
    """
    LOG.warning("%s", message)
    kind, _, name = target.partition(":")
    if kind == "conn":
        _post(name, message)
    elif kind == "python":
        function: Callable[[dict[str, Any]], None] = import_string(name)
        function(message)
    elif target:
        raise ValueError(f"notify: expected conn:<id> or python:<module.function>, not {target!r}")


def _post(name: str, message: dict[str, Any]) -> None:
    connection = BaseHook.get_connection(name)
    headers = {"User-Agent": AGENT}
    if connection.password:
        headers["Authorization"] = f"Bearer {connection.password}"
    # Its address may be a secret, so it is named by its connection. Told twice is better than not at all.
    ask = Ask("POST", f"webhook of the connection {name}", key="told")
    tries = Tries(ask, PATIENCE)
    with httpx.Client(headers=headers, timeout=httpx.Timeout(10.0)) as client:
        while True:
            outcome: httpx.Response | httpx.TransportError
            try:
                outcome = client.post(str(connection.host), json=message)
            except httpx.TransportError as e:
                outcome = e
            judged = tries.judge(outcome)
            if isinstance(judged, httpx.Response):
                if not judged.is_success:
                    raise error(ask, judged)
                return
            tries.wait(judged)


class HubNotifier(BaseNotifier):
    """Tells of a task that failed for good: DAG, task, run, and how many tries there were."""

    template_fields: Sequence[str] = ("target",)

    def __init__(self, target: str = "", tenant: str = "") -> None:
        super().__init__()
        self.target = target
        self.tenant = tenant

    def notify(self, context: Context) -> None:
        """Tell."""
        task = context["ti"]
        tell(
            self.target,
            {
                "what": "task failed",
                "tenant": self.tenant,
                "dag": task.dag_id,
                "run": task.run_id,
                "task": task.task_id,
                "tries": task.try_number,
                "problem": str(context.get("exception", ""))[:1000],
            },
        )
