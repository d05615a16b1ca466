package dev.cmmshub.batch.schedule;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.BatchDefinition;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Tells a tenant which loads it has, for whoever runs those that the hub does not. */
public final class DefinitionList {
  private final Supplier<Tenants> tenants;

  public DefinitionList(Supplier<Tenants> tenants) {
    this.tenants = tenants;
  }

  /** Answers those of whoever asks. */
  public void answer(Exchange exchange) {
    Tenants now = tenants.get();
    Tenant tenant = exchange.getVariable("identity", Tenants.Identity.class).tenant();
    ObjectNode json = Json.mapper().createObjectNode();
    ArrayNode definitions = json.putArray("definitions");
    for (BatchDefinition one : tenant.batch()) {
      definitions.add(BatchJson.of(tenant, one, now.budgets()));
    }
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setBody(Json.write(json));
  }
}
