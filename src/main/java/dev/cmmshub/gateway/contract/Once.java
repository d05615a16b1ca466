package dev.cmmshub.gateway.contract;

import java.util.function.Supplier;

/** Makes something when it is asked for, and only the first time. Safe to use from any thread. */
public final class Once<T> implements Supplier<T> {
  private final Supplier<T> make;
  private T made;

  private Once(Supplier<T> make) {
    this.make = make;
  }

  public static <T> Once<T> of(Supplier<T> make) {
    return new Once<>(make);
  }

  @Override
  public synchronized T get() {
    if (made == null) {
      made = make.get();
    }
    return made;
  }
}
