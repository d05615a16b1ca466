#!/bin/sh
# Makes a random secret for each file that compose.yaml names; keeps those that are there.
set -eu
cd "$(dirname "$0")/secrets"
umask 077
for name in shard-a-owner shard-a-service shard-b-owner shard-b-service redis grafana alert-receiver elastic elastic-logs elastic-kibana \
  airflow-database airflow-secret airflow-hub-key; do
  if [ ! -s "$name" ]; then
    od -An -tx1 -N24 /dev/urandom | tr -d ' \n' >"$name"
  fi
  # Containers run as users of their own and must be able to read what is mounted for them ...
  chmod 644 "$name"
done
# ... users of this machine must not: the folder keeps them out.
chmod 700 .
