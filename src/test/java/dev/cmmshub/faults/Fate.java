package dev.cmmshub.faults;

/** What became of one accepted event. */
enum Fate {
  /** In the inbox once, its state stored and published. */
  APPLIED("applied"),
  /** In the inbox once; a newer version had come before, so that nobody is told. */
  STALE("stale"),
  /** Waits to be translated and stored. */
  PARKED("parked"),
  DEAD_LETTERED("dead-lettered"),
  /** In more than one place, or more than once in one. */
  TWICE("twice"),
  /** Nowhere, which may be since it is still on its way. */
  LOST("lost");

  private final String words;

  Fate(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
