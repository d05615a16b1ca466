/** What operators look at: rules, alerts and dashboards, in a real Prometheus over a real hub. */
package dev.cmmshub.dashboards;
