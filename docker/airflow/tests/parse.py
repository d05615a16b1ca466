"""Parses a folder of DAGs as Airflow does, and prints what came of it."""

import json
import sys

from airflow.dag_processing.dagbag import DagBag

bag = DagBag(dag_folder=sys.argv[1])
sys.stdout.write("\n" + json.dumps({"dags": sorted(bag.dags), "problem": "".join(bag.import_errors.values())}) + "\n")
