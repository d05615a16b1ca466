#!/bin/sh
# Starts a part of Airflow; "init" brings its database up to date and asks the hub for its job
# definitions, "sync" only asks.
# Passwords and keys come from files, so that they are in no container's configuration:
#   AIRFLOW_DATABASE_PASSWORD_FILE, AIRFLOW_SECRET_FILE, HUB_KEY_FILE
set -eu

# made PURPOSE: a key for each purpose from one secret, 32 bytes in URL-safe base64.
made() {
  python3 -c 'import base64, hashlib, sys
secret = open(sys.argv[1], "rb").read().strip()
print(base64.urlsafe_b64encode(hashlib.sha256(sys.argv[2].encode() + b"|" + secret).digest()).decode())' \
    "$AIRFLOW_SECRET_FILE" "$1"
}

if [ -n "${AIRFLOW_DATABASE_PASSWORD_FILE:-}" ]; then
  AIRFLOW__DATABASE__SQL_ALCHEMY_CONN="postgresql+psycopg2://airflow:$(cat "$AIRFLOW_DATABASE_PASSWORD_FILE")@${AIRFLOW_DATABASE:-postgres-airflow:5432/airflow}"
  export AIRFLOW__DATABASE__SQL_ALCHEMY_CONN
fi
if [ -n "${AIRFLOW_SECRET_FILE:-}" ]; then
  AIRFLOW__CORE__FERNET_KEY=$(made connections)
  AIRFLOW__API__SECRET_KEY=$(made sessions)
  AIRFLOW__API_AUTH__JWT_SECRET=$(made tokens)
  export AIRFLOW__CORE__FERNET_KEY AIRFLOW__API__SECRET_KEY AIRFLOW__API_AUTH__JWT_SECRET
fi
if [ -n "${HUB_KEY_FILE:-}" ]; then
  AIRFLOW_CONN_CMMS_HUB=$(printf '{"conn_type": "cmms_hub", "host": "%s", "password": "%s"}' "$HUB_ADDRESS" "$(cat "$HUB_KEY_FILE")")
  export AIRFLOW_CONN_CMMS_HUB
fi

if [ "${1:-}" = sync ]; then
  exec hub-airflow "$@"
fi
if [ "${1:-}" = init ]; then
  airflow db migrate
  # Without it there are no DAGs yet, and Airflow shows why; the rest can be set up meanwhile.
  hub-airflow sync --wait 60 || echo "airflow: once the hub knows the key: sh /opt/airflow/entrypoint.sh sync" >&2
  exit 0
fi
exec airflow "$@"
