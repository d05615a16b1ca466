"""The hub and Airflow as processes of their own, and what they take of memory."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from source import PASSWORD

ROOT = Path(__file__).parents[3]
AIRFLOW = ROOT / "docker" / "airflow"
OUT = ROOT / "target" / "airflow"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(what: str, look: Callable[[], Any], seconds: float, pause: float = 0.25) -> Any:
    """Look until there is something; fails with what was waited for."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(pause)
    return found


class Process:
    """One process with its output in a file; ends with all that it started."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], folder: Path) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        with self.log.open("wb") as out:
            self._process = subprocess.Popen(
                command, env=environment, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )
        self.pid = self._process.pid

    def tree(self) -> list[psutil.Process]:
        try:
            main = psutil.Process(self.pid)
            return [main, *main.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def check(self) -> None:
        code = self._process.poll()
        assert code is None, f"{self.name} ended with {code}:\n{self.log.read_text('utf-8', 'replace')[-3000:]}"

    def end(self) -> None:
        tree = self.tree()
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(5)
        _, left = psutil.wait_procs(tree, timeout=5)
        for one in left:
            one.kill()


class Hub:
    """A hub with its own Kafka, PostgreSQL and Redis."""

    def __init__(self, folder: Path, tenants: str) -> None:
        self.port, self.admin = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        (folder / "tenants.yaml").write_text(tenants, "utf-8")
        command = ["./hub", "run", "--port", str(self.port), "--admin-port", str(self.admin)]
        command += ["--data", str(folder / "data"), "--tenants", str(folder / "tenants.yaml")]
        environment = os.environ | {"HUB_EGRESS_ALLOW": "127.0.0.1", "SOURCE_PASSWORD": PASSWORD}
        environment.pop("PYTHONPATH", None)
        begin = time.monotonic()
        self.process = Process("hub", command, environment, folder)
        until("the hub is ready", self._ready, 240)
        self.started = time.monotonic() - begin
        found = re.search(r"Kafka \S+ on (\S+)", self.process.log.read_text("utf-8"))
        assert found, "the hub did not say where its Kafka is"
        self.kafka = found[1]

    def _ready(self) -> bool:
        self.process.check()
        try:
            return httpx.get(f"http://127.0.0.1:{self.admin}/q/health/ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def get(self, path: str, key: str) -> Any:
        answer = httpx.get(self.url + path, headers={"Authorization": f"Bearer {key}"}, timeout=30)
        answer.raise_for_status()
        return answer.json()

    @contextmanager
    def paused(self, seconds: float) -> Iterator[None]:
        """Stop it in the middle of whatever it does, as a machine that stands still."""
        tree = self.process.tree()
        for one in tree:
            one.send_signal(signal.SIGSTOP)
        try:
            time.sleep(seconds)
            yield
        finally:
            for one in tree:
                one.send_signal(signal.SIGCONT)

    def close(self) -> None:
        self.process.end()


class Airflow:
    """Scheduler, processor of DAGs, triggerer and API server, one of each, on SQLite."""

    roles = ("api-server", "scheduler", "dag-processor", "triggerer")

    def __init__(self, folder: Path, connections: dict[str, dict[str, Any]], settings: dict[str, str]) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.home = folder / "home"
        self.home.mkdir()
        self.environment = os.environ | {
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": str(AIRFLOW / "dags"),
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": "3",
            "AIRFLOW__CORE__FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__API__SECRET_KEY": secrets.token_hex(16),
            "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
            "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
            "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
            "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "10",
            "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(free_port()),
            "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(free_port()),
            "NO_COLOR": "1",
        }
        for name, connection in connections.items():
            self.environment[f"AIRFLOW_CONN_{name.upper()}"] = json.dumps(connection)
        for name, value in settings.items():
            self.environment[f"HUB_AIRFLOW_{name}"] = value
        self.processes: dict[str, Process] = {}
        self.memory: dict[str, dict[str, int]] = {}
        self._watching = threading.Event()
        self._client: httpx.Client | None = None

    def run(self, *arguments: str, seconds: float = 120) -> str:
        """Run a command of Airflow, or of this package, and return what it said."""
        name, *rest = arguments
        module = {"airflow": "airflow", "hub-airflow": "hub_airflow.cli"}[name]
        result = subprocess.run(
            [sys.executable, "-m", module, *rest],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert result.returncode == 0, f"{' '.join(arguments)}: {result.returncode}\n{result.stdout}\n{result.stderr}"
        return result.stdout

    def start(self) -> None:
        for role in self.roles:
            command = [sys.executable, "-m", "airflow", role]
            self.processes[role] = Process(role, command, self.environment, self.folder)
        threading.Thread(target=self._watch, daemon=True).start()
        until("Airflow's API answers", self._answers, 120, 0.5)
        token = httpx.get(f"{self.url}/auth/token", timeout=30).raise_for_status().json()["access_token"]
        self._client = httpx.Client(
            base_url=f"{self.url}/api/v2", headers={"Authorization": f"Bearer {token}"}, timeout=60
        )

    def _answers(self) -> bool:
        for process in self.processes.values():
            process.check()
        try:
            return httpx.get(f"{self.url}/api/v2/version", timeout=10).status_code == 200
        except httpx.TransportError:
            return False

    def api(self, method: str, path: str, **body: Any) -> Any:
        assert self._client
        answer = self._client.request(method, path, json=body or None)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else {}

    def tasks(self, dag: str, run: str) -> list[dict[str, Any]]:
        path = f"/dags/{dag}/dagRuns/{run}/taskInstances?limit=200"
        return list(self.api("GET", path)["task_instances"])

    def xcom(self, dag: str, run: str, task: str, index: int = -1) -> Any:
        path = f"/dags/{dag}/dagRuns/{run}/taskInstances/{task}/xcomEntries/return_value"
        return self.api("GET", f"{path}?map_index={index}&deserialize=true")["value"]

    def ended(self, dag: str, run: str, seconds: float) -> str:
        """Wait for the end of a run; returns its state."""

        def look() -> str | None:
            for process in self.processes.values():
                process.check()
            state = self.api("GET", f"/dags/{dag}/dagRuns/{run}")["state"]
            return state if state in ("success", "failed") else None

        return str(until(f"{dag} {run} ends", look, seconds, 1))

    def _watch(self) -> None:
        while not self._watching.wait(2):
            for role, process in self.processes.items():
                tree = process.tree()
                if not tree:
                    continue
                best = self.memory.setdefault(role, {"rss": 0, "pss": 0, "processes": 0})
                try:
                    rss = tree[0].memory_info().rss
                    # Forked processes share pages: their parts of them add up to what is taken.
                    pss = sum(one.memory_full_info().pss for one in tree)
                except psutil.Error:
                    continue
                best["rss"] = max(best["rss"], rss)
                best["pss"] = max(best["pss"], pss)
                best["processes"] = max(best["processes"], len(tree))

    def close(self) -> None:
        self._watching.set()
        with ThreadPoolExecutor(len(self.roles)) as threads:
            list(threads.map(Process.end, self.processes.values()))


def key_of(name: str) -> tuple[str, str]:
    """Return a tenant's key and its hash."""
    key = f"hub_{name}_{secrets.token_urlsafe(24)}"
    return key, hashlib.sha256(key.encode()).hexdigest()
