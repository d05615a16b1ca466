"""Apache Airflow in charge of CMMS Hub's bulk loads: operators, sensors, triggers, and DAGs of job definitions."""

__version__ = "0.1.0"
