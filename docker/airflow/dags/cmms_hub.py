"""The hub's bulk loads that say ``by: airflow``: a DAG for each group of job definitions."""

# Airflow looks for the words airflow and dag in a file before it reads it: they are here.
from hub_airflow.factory import dags

globals().update(dags())
