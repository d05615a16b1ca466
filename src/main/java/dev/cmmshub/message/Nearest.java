package dev.cmmshub.message;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What somebody may have meant by a name that does not exist. */
public final class Nearest {
  private static final int MOST = 3;

  private record Candidate(String name, int distance) {}

  private Nearest() {}

  /**
   * The question {@code "did you mean part? "} with up to three of the known names, the nearest
   * first, or nothing when all are quite different. Up to a third of the letters, and two at least,
   * may be other ones; capitals count as small letters.
   */
  public static String didYouMean(String name, Collection<String> known) {
    LevenshteinDistance distance = new LevenshteinDistance(Math.max(2, name.length() / 3));
    String wanted = name.toLowerCase(Locale.ROOT);
    String nearest =
        known.stream()
            .map(k -> new Candidate(k, distance.apply(wanted, k.toLowerCase(Locale.ROOT))))
            .filter(candidate -> candidate.distance() >= 0)
            .filter(candidate -> candidate.distance() < candidate.name().length())
            .sorted(Comparator.comparing(Candidate::distance).thenComparing(Candidate::name))
            .limit(MOST)
            .map(Candidate::name)
            .collect(Collectors.joining(", "));
    return nearest.isEmpty() ? "" : "did you mean " + nearest + "? ";
  }
}
