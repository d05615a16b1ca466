package dev.cmmshub.yaml;

import java.util.function.Supplier;

/** What a file says while it may change: always its last good version. */
public interface Watched<T> extends Supplier<T> {
  /** Whether the file as it is now is the one in use. */
  boolean isValid();

  /** Something that never changes. */
  static <T> Watched<T> fixed(T value) {
    return new Watched<>() {
      @Override
      public T get() {
        return value;
      }

      @Override
      public boolean isValid() {
        return true;
      }
    };
  }
}
