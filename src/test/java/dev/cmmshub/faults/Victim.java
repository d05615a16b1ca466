package dev.cmmshub.faults;

import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * A process that is killed and started again.
 *
 * @param kind what it is one of
 * @param name which one, and what is lost with it
 * @param kill SIGKILL; returns when it is gone
 * @param start returns when it answers, and how long it took
 */
record Victim(String kind, String name, Runnable kill, Callable<Duration> start) {
  /** Says who it is when it is its turn. */
  interface Choice {
    Victim choose();
  }
}
