package dev.cmmshub.trace;

/** The same step of many events at once, each with a span of its own if it is traced. */
public final class EventSteps {
  static final EventSteps NONE = new EventSteps(null);

  /** One for each event, or null if none is traced. */
  private final Step[] steps;

  private EventSteps(Step[] steps) {
    this.steps = steps;
  }

  static EventSteps of(Step[] steps) {
    return new EventSteps(steps);
  }

  /** Whether none is traced. */
  public boolean isEmpty() {
    return steps == null;
  }

  /** That of the event at this place of the list. */
  public Step at(int index) {
    return steps == null ? Step.NONE : steps[index];
  }

  /** Ends those that have not ended. */
  public void end(Throwable error) {
    if (steps == null) {
      return;
    }
    for (Step step : steps) {
      if (error == null) {
        step.end();
      } else {
        step.fail(error.getClass().getSimpleName());
      }
    }
  }
}
