package dev.cmmshub.gateway.poll;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One page of a source.
 *
 * @param records in the order of their changes
 * @param changedUntil when the last of them changed, by the system's clock; null without records
 * @param next what to ask for the page behind this one; empty when this was the last
 */
public record Page(List<JsonNode> records, Instant changedUntil, Map<String, String> next) {}
