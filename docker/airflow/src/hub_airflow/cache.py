"""
The hub's job definitions in a file, so that DAGs can be parsed while the hub is away.

The file is written whole or not at all. It has no keys in it.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hub_airflow.definitions import Definition

LOG = logging.getLogger(__name__)

Fetch = Callable[[str], list[dict[str, Any]]]


class NoDefinitionsError(RuntimeError):
    """There is neither a file nor a hub to ask."""


@dataclass(frozen=True)
class Known:
    """What is in the file: what the hub told by connection, and which pools ``hub-airflow sync`` has made."""

    told: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    pools: Sequence[str] = ()
    asked: float = 0.0

    def definitions(self, connection: str) -> list[Definition]:
        """
        Return the definitions of a connection.

        :raises DefinitionError: one of them cannot be used
        """
        return [Definition.of(one) for one in self.told.get(connection, ())]


def read(file: Path) -> Known | None:
    """
    Return what is in the file, or None when there is none.

    :raises ValueError: it is not what this package writes; names the file
    """
    try:
        found = json.loads(file.read_text("utf-8"))
        told = found["definitions"]
        if not isinstance(told, dict):
            raise TypeError("definitions: expected an object")
        return Known(told, tuple(found.get("pools", ())), float(found.get("asked", 0)))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as e:
        raise ValueError(f"{file}: not a file of `hub-airflow sync` ({e}); remove it or sync again") from e


def write(file: Path, known: Known) -> None:
    """Put what is known in place of the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump({"asked": known.asked, "definitions": known.told, "pools": list(known.pools)}, out, indent=1)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def refreshed(file: Path, connections: Sequence[str], every: float, fetch: Fetch, now: float | None = None) -> Known:
    """
    Return what is known, asked anew when the file is older than so many seconds (0: only when there is none).

    A hub that cannot be asked costs a warning while there is a file, and is left alone until it is due again.

    :raises NoDefinitionsError: there is no file and a hub cannot be asked
    """
    now = time.time() if now is None else now
    known = read(file)
    missing = [name for name in connections if known is None or name not in known.told]
    if known is not None and not missing and (every <= 0 or now - known.asked < every):
        return known
    told = dict(known.told) if known else {}
    for name in connections:
        try:
            told[name] = fetch(name)
        except Exception as e:
            if name not in told:
                raise NoDefinitionsError(
                    f"connection {name}: the hub cannot be asked for its job definitions ({e}) and {file} does not "
                    "have them: start the hub, check the connection, then run `hub-airflow sync`"
                ) from e
            LOG.warning("connection %s: %s; going on with the definitions of %s", name, e, file)
    known = Known(told, known.pools if known else (), now)
    try:
        write(file, known)
    except OSError as e:
        LOG.warning("the hub's definitions cannot be kept: %s", e)
    return known
