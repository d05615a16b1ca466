#!/bin/sh
# Puts into Elasticsearch (setup.sh elasticsearch) or Kibana (setup.sh kibana) what is in this folder. It may be run again:
# everything is put in the place of what was there.
set -eu
folder=$(dirname "$0")
elasticsearch=${ELASTICSEARCH:-http://elasticsearch:9200}
kibana=${KIBANA:-http://kibana:5601}
secrets=${SECRETS:-/run/secrets}
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The password comes through standard input: arguments can be read by anybody on the machine.
call() { # call METHOD URL [further options of curl]
  method=$1 url=$2
  shift 2
  printf 'user = "elastic:%s"\n' "$(cat "$secrets/elastic")" |
    curl -sS --fail-with-body --retry 5 --retry-connrefused -K - -X "$method" "$@" "$url" >"$work/answer" ||
    { echo "setup: $method $url failed:" >&2; cat "$work/answer" >&2; exit 1; }
}

put() { # put PATH FILE
  echo "setup: $1"
  call PUT "$elasticsearch/$1" -H 'Content-Type: application/json' --data-binary "@$2"
}

say() { # say METHOD PATH: with the JSON of standard input
  echo "setup: $2"
  cat >"$work/body"
  call "$1" "$elasticsearch/$2" -H 'Content-Type: application/json' --data-binary "@$work/body"
}

case "${1:-}" in
  elasticsearch)
    put _ilm/policy/cmms_hub_logs "$folder/elasticsearch/ilm.json"
    put _ingest/pipeline/cmms_hub_logs "$folder/elasticsearch/pipeline.json"
    put _component_template/logs-cmms_hub@mappings "$folder/elasticsearch/mappings.json"
    put _component_template/logs-cmms_hub@settings "$folder/elasticsearch/settings.json"
    put _component_template/logs-cmms_hub@lifecycle "$folder/elasticsearch/lifecycle.json"
    put _index_template/logs-cmms_hub "$folder/elasticsearch/template.json"
    # Logstash may add lines, and neither read nor change them.
    say PUT _security/role/hub_logs <<END
{"cluster": ["monitor"], "indices": [{"names": ["logs-cmms_hub-*"], "privileges": ["auto_configure", "create_doc"]}]}
END
    say PUT _security/user/hub_logs <<END
{"password": "$(cat "$secrets/elastic-logs")", "roles": ["hub_logs"]}
END
    say POST _security/user/kibana_system/_password <<END
{"password": "$(cat "$secrets/elastic-kibana")"}
END
    ;;
  kibana)
    echo "setup: saved objects"
    call POST "$kibana/api/saved_objects/_import?overwrite=true" -H 'kbn-xsrf: setup' \
      -F "file=@$folder/kibana/objects.ndjson"
    # 200 is answered for objects that were not taken too.
    grep -q '"success":true' "$work/answer" || { cat "$work/answer" >&2; exit 1; }
    ;;
  *)
    echo "usage: setup.sh elasticsearch|kibana" >&2
    exit 2
    ;;
esac
