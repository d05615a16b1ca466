package dev.cmmshub.gateway.poll;

import dev.cmmshub.store.Watermarks.Resource;

/** Hears how polls go; must return quickly. */
public interface PollObserver {
  /** A resource is polled from now on. */
  void begins(Resource resource);

  /** It is not any more. */
  void ends(Resource resource);

  /**
   * A page was read, and all of it is safe.
   *
   * @param sent records that went the way of pushed events
   * @param known records left out because they were sent before
   * @param unrecognised records that became dead letters
   */
  void read(Resource resource, int sent, int known, int unrecognised);

  /**
   * A page was not read, or not safe, or one is again.
   *
   * @param failures how many times in a row; 0 when it works again
   */
  void failed(Resource resource, int failures);
}
