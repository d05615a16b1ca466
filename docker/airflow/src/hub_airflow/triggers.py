"""Waiting without a worker: for the end of a job, and until what is in the event queue has been taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from airflow.providers.apache.kafka.hooks.client import KafkaAdminClientHook
from airflow.triggers.base import BaseTrigger, TriggerEvent
from asgiref.sync import sync_to_async
from confluent_kafka import ConsumerGroupTopicPartitions

from hub_airflow import api
from hub_airflow.api import Ask, HubAwayError, HubError, Patience
from hub_airflow.hooks import HubHook

_OF_CONSUMERS = {"group.id", "auto.offset.reset", "enable.auto.commit", "isolation.level", "session.timeout.ms"}


class HubJobTrigger(BaseTrigger):
    """
    Fires with ``{"job": ...}`` when a job has ended, with ``{"closed": true}`` at a moment it may not run longer.

    A hub that is away is asked again for as long as ``outage`` seconds; what it refuses fires with ``{"error": ...}``.
    """

    def __init__(
        self,
        hub_conn_id: str,
        job: str,
        poll: float = 5.0,
        outage: float = 3600.0,
        closes: str | None = None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.hub_conn_id = hub_conn_id
        self.job = job
        self.poll = poll
        self.outage = outage
        self.closes = closes

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return how it is made again in another triggerer."""
        return (
            "hub_airflow.triggers.HubJobTrigger",
            {
                "hub_conn_id": self.hub_conn_id,
                "job": self.job,
                "poll": self.poll,
                "outage": self.outage,
                "closes": self.closes,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Ask until the job has ended."""
        hook = HubHook(self.hub_conn_id, Patience(total=self.outage))
        while True:
            try:
                job = await hook.aask(Ask("GET", f"/v1/jobs/{self.job}"))
            except (HubError, ValueError) as e:
                yield TriggerEvent({"error": str(e), "away": isinstance(e, HubAwayError)})
                return
            if job["state"] in api.ENDED:
                yield TriggerEvent({"job": job})
                return
            if self.closes and datetime.now(UTC) >= datetime.fromisoformat(self.closes):
                yield TriggerEvent({"closed": True})
                return
            await asyncio.sleep(self.poll)


class _AdminHook(KafkaAdminClientHook):
    """Leaves out what only consumers know, of which the client would warn."""

    def _get_client(self, config: dict[str, Any]) -> Any:
        return super()._get_client({name: value for name, value in config.items() if name not in _OF_CONSUMERS})


class HubQueueTrigger(BaseTrigger):
    """
    Fires when a consumer group of the hub has taken what was in a topic at a moment.

    :param kafka_config_id: a connection of Airflow's Kafka provider
    :param ends: offset behind the last record of each partition at that moment
    """

    def __init__(self, kafka_config_id: str, group: str, topic: str, ends: dict[str, int], poll: float = 5.0) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kafka_config_id = kafka_config_id
        self.group = group
        self.topic = topic
        self.ends = ends
        self.poll = poll

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return how it is made again in another triggerer."""
        return (
            "hub_airflow.triggers.HubQueueTrigger",
            {
                "kafka_config_id": self.kafka_config_id,
                "group": self.group,
                "topic": self.topic,
                "ends": self.ends,
                "poll": self.poll,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Ask the broker until the group is behind all ends."""
        # Its client blocks: a thread does that, so that other triggers go on.
        admin = await sync_to_async(self.admin)()
        while True:
            taken = await sync_to_async(committed)(admin, self.group, self.topic)
            left = waiting(self.ends, taken)
            if left == 0:
                yield TriggerEvent({"taken": self.topic})
                return
            self.log.info("%d records of %s wait for %s", left, self.topic, self.group)
            await asyncio.sleep(self.poll)

    def admin(self) -> Any:
        return _AdminHook(self.kafka_config_id).get_conn


def committed(admin: Any, group: str, topic: str) -> dict[str, int]:
    """Return what a group has taken of a topic, by partition."""
    asked = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)], request_timeout=20)
    told = asked[group].result()
    return {str(one.partition): one.offset for one in told.topic_partitions if one.topic == topic}


def waiting(ends: dict[str, int], taken: dict[str, int]) -> int:
    """Return how many records before the ends were not taken; a group that took none has no offset."""
    return sum(max(0, end - max(0, taken.get(partition, 0))) for partition, end in ends.items())
