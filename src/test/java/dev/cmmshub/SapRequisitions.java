package dev.cmmshub;

import dev.cmmshub.ScriptedErp.Answer;
import dev.cmmshub.ScriptedErp.Asked;
import dev.cmmshub.message.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A SAP's purchase requisitions, which it knows by the reference they were created with. */
public final class SapRequisitions {
  private final List<String> references = new CopyOnWriteArrayList<>();

  /** Whether the system is asked if a requisition is there. */
  public static boolean isLookup(Asked one) {
    return one.path().contains("A_PurchaseRequisitionItem?");
  }

  /** Makes one more, as SAP does, whether there is one with the same reference or not. */
  public void create(Asked one) {
    references.add(
        Json.read(one.body().getBytes(StandardCharsets.UTF_8))
            .at("/to_PurchaseReqnItem/results/0/PurReqnExternalReference")
            .asText());
  }

  public Answer find(Asked one) {
    boolean there =
        references.stream()
            .anyMatch(
                reference ->
                    one.path().contains("PurReqnExternalReference%20eq%20'" + reference + "'"));
    return new Answer(
        200, "{\"d\":{\"results\":[" + (there ? "{\"PurchaseRequisition\":\"1\"}" : "") + "]}}");
  }

  /** One for each requisition. */
  public List<String> references() {
    return references;
  }
}
