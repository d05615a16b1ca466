package dev.cmmshub.tenant;

import java.util.List;

/**
 * Where a system posts with a signature of its own.
 *
 * @param tokens lower-case hex SHA-256 of what stands in its addresses; several while one takes the
 *     place of another
 * @param secrets what it may have signed with, each as good as the others
 */
public record Hook(List<String> tokens, List<Secret> secrets) {
  public Hook {
    if (tokens.isEmpty() || secrets.isEmpty()) {
      throw new IllegalArgumentException("hook: expected a token and a secret");
    }
    tokens = List.copyOf(tokens);
    secrets = List.copyOf(secrets);
  }
}
