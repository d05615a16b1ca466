"""Waiting as tasks of their own, all of it in the triggerer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.providers.apache.kafka.hooks.consume import KafkaConsumerHook
from airflow.providers.standard.triggers.temporal import DateTimeTrigger
from airflow.sdk import BaseSensorOperator, Context
from airflow.sdk.exceptions import AirflowException, AirflowSkipException
from confluent_kafka import TopicPartition

from hub_airflow.hooks import HubHook
from hub_airflow.times import due
from hub_airflow.triggers import HubJobTrigger, HubQueueTrigger, committed, waiting


def _timeout(sensor: BaseSensorOperator) -> timedelta:
    timeout = sensor.timeout
    return timeout if isinstance(timeout, timedelta) else timedelta(seconds=timeout)


class HubJobSensor(BaseSensorOperator):
    """
    Waits for the end of a job; returns the job. Fails when it did not end ``done``.

    :param job: its id
    """

    template_fields: Sequence[str] = ("job",)

    def __init__(
        self, *, job: str, hub_conn_id: str = HubHook.default_conn_name, poll: float = 5.0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.job = job
        self.hub_conn_id = hub_conn_id
        self.poll = poll

    def execute(self, context: Context) -> Any:
        """Leave the worker at once."""
        self.defer(
            trigger=HubJobTrigger(self.hub_conn_id, self.job, self.poll),
            method_name="looked",
            timeout=_timeout(self),
        )

    def looked(self, context: Context, event: dict[str, Any]) -> dict[str, Any]:
        """Return the job."""
        if "error" in event:
            raise AirflowException(f"job {self.job} cannot be watched: {event['error']}")
        job: dict[str, Any] = event["job"]
        if job["state"] != "done":
            raise AirflowException(f"job {self.job} is {job['state']}: {job.get('reason', 'no reason told')}")
        return job


class HubQueueSensor(BaseSensorOperator):
    """
    Waits until the hub has taken what is in one of its topics now; what comes later is not waited for.

    Partitions are shared by tenants, so this looks at all of them.

    :param kafka_config_id: a connection of Airflow's Kafka provider to the hub's brokers
    """

    def __init__(
        self,
        *,
        kafka_config_id: str,
        topic: str = "hub.inbound",
        group: str = "hub-transform",
        poll: float = 5.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.kafka_config_id = kafka_config_id
        self.topic = topic
        self.group = group
        self.poll = poll

    def execute(self, context: Context) -> Any:
        """Look at the ends of the topic, and leave the worker unless all of it was taken."""
        ends, taken = self._looked()
        left = waiting(ends, taken)
        self.log.info("%d records of %s wait for %s", left, self.topic, self.group)
        if left == 0:
            return 0
        self.defer(
            trigger=HubQueueTrigger(self.kafka_config_id, self.group, self.topic, ends, self.poll),
            method_name="taken",
            timeout=_timeout(self),
            kwargs={"waited": left},
        )
        return None

    def taken(self, context: Context, event: dict[str, Any], waited: int) -> int:
        """Return how many records were waited for."""
        return waited

    def _looked(self) -> tuple[dict[str, int], dict[str, int]]:
        consumer = KafkaConsumerHook([self.topic], self.kafka_config_id).get_conn
        try:
            partitions = consumer.list_topics(self.topic, timeout=20).topics[self.topic].partitions
            ends = {}
            for partition in partitions:
                begin, end = consumer.get_watermark_offsets(TopicPartition(self.topic, partition), timeout=20)
                # What was deleted by age needs nobody any more.
                ends[str(partition)] = end if end > begin else 0
        finally:
            consumer.close()
        admin = HubQueueTrigger(self.kafka_config_id, self.group, self.topic, {}).admin()
        return ends, committed(admin, self.group, self.topic)


class HubDueSensor(BaseSensorOperator):
    """
    Waits until a definition's own schedule fires; skips when it does not on this run's day.

    The day is the one that begins when the DAG is due. A run that somebody started waits for nothing, and skips what
    its parameter ``only`` does not name.
    """

    def __init__(self, *, definition: str, cron: str, timezone: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.definition = definition
        self.cron = cron
        self.timezone = timezone

    def execute(self, context: Context) -> None:
        """Go on at once, wait or skip."""
        run = context["dag_run"]
        only = context["params"].get("only")
        if only and self.definition not in only:
            raise AirflowSkipException(f"only {', '.join(only)} were asked for")
        if run.run_type != "scheduled":
            return
        fires = due(self.cron, self.timezone, run.data_interval_end or run.run_after)
        if fires is None:
            raise AirflowSkipException(f"{self.cron} ({self.timezone}) does not fire on this day")
        if fires > datetime.now(UTC):
            self.log.info("due at %s", fires)
            self.defer(trigger=DateTimeTrigger(moment=fires), method_name="fired", timeout=_timeout(self))

    def fired(self, context: Context, event: Any) -> None:
        """Go on."""
