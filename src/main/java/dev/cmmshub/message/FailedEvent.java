package dev.cmmshub.message;

/**
 * An event with what went wrong.
 *
 * @param event as it was when the step began
 * @param attempt how many times the step was tried, 1 for the first
 */
public record FailedEvent(Event event, Failure failure, int attempt) {}
