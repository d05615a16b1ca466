package dev.cmmshub.egress;

/** Hears of calls that were refused. */
@FunctionalInterface
public interface EgressObserver {
  /** Each time; from any thread, and must not block. */
  void refused(EgressTarget target);
}
