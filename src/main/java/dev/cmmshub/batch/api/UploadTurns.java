package dev.cmmshub.batch.api;

import dev.cmmshub.message.ProblemException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Lets a tenant have a part of the threads of uploads, so that others find one. */
public final class UploadTurns {
  private static final int RETRY_AFTER_SECONDS = 5;

  private final Map<String, Integer> underWay = new ConcurrentHashMap<>();
  private final int most;

  /**
   * @param most uploads of one tenant at once
   */
  public UploadTurns(int most) {
    this.most = most;
  }

  /**
   * Begins one, which has to {@link #leave}.
   *
   * @throws ProblemException 503 when the tenant has its part already
   */
  void enter(String tenant) {
    underWay.compute(
        tenant,
        (id, before) -> {
          int now = before == null ? 1 : before + 1;
          if (now > most) {
            throw new ProblemException(
                503,
                "busy",
                most
                    + " uploads of yours are under way on this node, which is the most: send the"
                    + " same again a little later",
                RETRY_AFTER_SECONDS);
          }
          return now;
        });
  }

  void leave(String tenant) {
    underWay.computeIfPresent(tenant, (id, before) -> before == 1 ? null : before - 1);
  }
}
