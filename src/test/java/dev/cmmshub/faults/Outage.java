package dev.cmmshub.faults;

/**
 * When something was killed under load and was back, all as {@link System#nanoTime}.
 *
 * @param quiet since when all had been well
 * @param down when it was killed
 * @param up when it was told to start again
 * @param answering when it answered again
 * @param settled when everything accepted until it answered had been told
 * @param end until when all was well
 */
record Outage(
    String kind,
    String name,
    long quiet,
    long down,
    long up,
    long answering,
    long settled,
    long end) {}
