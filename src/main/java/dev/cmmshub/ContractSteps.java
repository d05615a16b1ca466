package dev.cmmshub;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.broker.Topics;
import dev.cmmshub.gateway.WebServer;
import dev.cmmshub.gateway.contract.AsyncApi;
import dev.cmmshub.gateway.contract.Contracts;
import dev.cmmshub.gateway.contract.Once;
import dev.cmmshub.gateway.contract.OpenApi;
import dev.cmmshub.gateway.contract.ReferencePage;
import dev.cmmshub.gateway.version.ApiVersions;
import dev.cmmshub.gateway.version.VersionGate;
import dev.cmmshub.message.Json;
import java.time.Clock;

/** The part of the composition root that makes what the gateway tells of itself. */
record ContractSteps(HubSettings settings, Topics topics, Clock clock) {

  /** The version of a request is looked at before all that is served. */
  void tellOn(WebServer web) {
    ApiVersions versions = ApiVersions.of(settings.all());
    Once<JsonNode> openApi = Once.of(OpenApi::read);
    Once<JsonNode> asyncApi = Once.of(() -> AsyncApi.read(topics));
    web.guard(new VersionGate(versions, clock));
    web.describe(
        new Contracts(
            openApi,
            asyncApi,
            new ReferencePage(openApi, asyncApi, () -> Json.read(versions.json(clock.instant())))));
  }
}
