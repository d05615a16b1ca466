package dev.cmmshub.tenant;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A load that comes again and again.
 *
 * @param id unique in its tenant; in a connector's manifest without its system
 * @param system which system is read; empty in a connector's manifest: each one
 * @param entities what is loaded, one after the other
 * @param window when its jobs may run; always when empty
 * @param after definitions that must have ended well for the same day
 * @param enabled false: nothing begins by itself
 */
public record BatchDefinition(
    String id,
    String system,
    List<String> entities,
    CronSchedule schedule,
    Optional<QuietHours> window,
    Since since,
    List<String> after,
    By by,
    boolean enabled) {

  /** Who looks at the clock. */
  public enum By {
    HUB,
    AIRFLOW;

    /** As it is written in {@code tenants.yaml}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * From which change on objects are read.
   *
   * @param text as it is written in {@code tenants.yaml}
   * @param back so long before the run's time; empty for {@code last} and {@code all}
   */
  public record Since(String text, Optional<Duration> back) {
    /** From the time of the last run that ended well, all before the first. */
    public static final Since LAST = new Since("last", Optional.empty());

    private static final String ALL = "all";

    /**
     * As it is written in {@code tenants.yaml}.
     *
     * @throws IllegalArgumentException naming what is expected instead
     */
    static Since of(String text) {
      if (text.equals(LAST.text) || text.equals(ALL)) {
        return new Since(text, Optional.empty());
      }
      try {
        return new Since(
            text,
            Optional.of(
                text.matches("[0-9]{1,4}d")
                    ? Duration.ofDays(Long.parseLong(text.substring(0, text.length() - 1)))
                    : Units.duration(text)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "'" + text + "': expected last, all or how far back, such as 12h or 7d", e);
      }
    }

    /**
     * The first change that is read; empty for everything.
     *
     * @param run the time the run is for
     * @param ended that of the last run that ended well
     */
    public Optional<Instant> from(Instant run, Optional<Instant> ended) {
      return equals(LAST) ? ended : back.map(run::minus);
    }
  }

  public BatchDefinition {
    entities = List.copyOf(entities);
    after = List.copyOf(after);
  }

  /** The one that a connector's manifest means for a system. */
  BatchDefinition of(String name) {
    return new BatchDefinition(
        name + "-" + id,
        name,
        entities,
        schedule,
        window,
        since,
        after.stream().map(other -> name + "-" + other).toList(),
        by,
        enabled);
  }

  /** What another one of this id does otherwise, in words. */
  String difference(BatchDefinition now) {
    List<String> parts = new ArrayList<>();
    note(parts, "enabled", enabled, now.enabled);
    note(parts, "system", system, now.system);
    note(parts, "entities", entities, now.entities);
    note(parts, "schedule", schedule, now.schedule);
    note(parts, "window", windowText().orElse("none"), now.windowText().orElse("none"));
    note(parts, "since", since.text(), now.since.text());
    note(parts, "after", after, now.after);
    note(parts, "by", by.text(), now.by.text());
    return String.join("; ", parts);
  }

  private static void note(List<String> parts, String name, Object was, Object is) {
    if (!was.equals(is)) {
      parts.add(name + ": " + was + " -> " + is);
    }
  }

  /** As it is written in {@code tenants.yaml}. */
  public Optional<String> windowText() {
    return window.map(hours -> hours.from() + "-" + hours.to());
  }
}
