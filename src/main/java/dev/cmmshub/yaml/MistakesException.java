package dev.cmmshub.yaml;

import java.util.List;
import java.util.stream.Collectors;

/** A file cannot be used; tells everything that is wrong with it, each on a line of its own. */
public final class MistakesException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<Mistake> mistakes;

  public MistakesException(List<Mistake> mistakes) {
    this(mistakes, null);
  }

  public MistakesException(List<Mistake> mistakes, Throwable cause) {
    super(mistakes.stream().map(Mistake::toString).collect(Collectors.joining("\n")), cause);
    this.mistakes = List.copyOf(mistakes);
  }

  public List<Mistake> mistakes() {
    return mistakes;
  }
}
