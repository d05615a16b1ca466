#!/bin/sh
# Makes a random secret for each file that compose.yaml names; keeps those that are there.
set -eu
cd "$(dirname "$0")/secrets"
umask 077
for name in shard-a-owner shard-a-service shard-b-owner shard-b-service redis grafana; do
  [ -s "$name" ] || od -An -tx1 -N24 /dev/urandom | tr -d ' \n' >"$name"
done
# The containers run as other users: they must be able to read them.
chmod 644 ./*
