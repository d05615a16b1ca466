package dev.cmmshub.cli.samples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.CanonicalSchemas;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import dev.cmmshub.message.Payloads;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.Mapping;
import dev.cmmshub.transform.TransformException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs samples through mappings as the hub would, and compares. */
final class SampleRun {
  private final FunctionLibrary functions = FunctionLibrary.load();
  private final CanonicalSchemas schemas = new CanonicalSchemas();
  private final Map<Path, Mapping> compiled = new HashMap<>();
  private final boolean update;

  /**
   * @param update writes what came out where something else was expected
   */
  SampleRun(boolean update) {
    this.update = update;
  }

  /** Runs all samples of one set; never throws for what is wrong with a sample or mapping. */
  List<Outcome> run(SampleSet set) {
    List<Outcome> outcomes = new ArrayList<>();
    for (Sample sample : set.samples()) {
      outcomes.add(new Outcome(set.title(), sample.file(), run(set, sample)));
    }
    return outcomes;
  }

  /** Everything that is other than expected. */
  List<String> run(SampleSet set, Sample sample) {
    JsonNode result;
    try {
      JsonNode input = Payloads.read(Files.readAllBytes(sample.file()), sample.contentType());
      result = sample.isFromErp() ? fromErp(set, sample, input) : apply(set, sample, input);
      List<String> broken =
          new SampleRules(schemas, mapping(set.mapping("envelope"))::apply)
              .brokenBy(sample, input, result);
      return broken.isEmpty() ? compare(set, sample, result) : broken;
    } catch (TransformException | MalformedPayloadException | IllegalArgumentException e) {
      return List.of(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode fromErp(SampleSet set, Sample sample, JsonNode input) {
    ObjectNode result = Json.mapper().createObjectNode();
    result.set("envelope", mapping(set.mapping("envelope")).apply(input));
    result.set("entity", apply(set, sample, input));
    return result;
  }

  private JsonNode apply(SampleSet set, Sample sample, JsonNode input) {
    return mapping(set.mapping(sample.mapping())).apply(input, set.codes());
  }

  private Mapping mapping(Path file) {
    return compiled.computeIfAbsent(file, one -> Mapping.compile(one, functions));
  }

  private List<String> compare(SampleSet set, Sample sample, JsonNode result) throws IOException {
    Optional<Path> expected = set.expected(sample);
    List<String> differences =
        expected.isPresent()
            ? Differences.between(Json.read(Files.readAllBytes(expected.get())), result)
            : List.of(
                "nothing says what is expected: " + set.ownExpected(sample) + " is not there");
    if (!differences.isEmpty() && update) {
      Files.createDirectories(set.own().resolve("expected"));
      write(set.ownExpected(sample), result);
      return List.of();
    }
    return differences;
  }

  private static void write(Path file, JsonNode result) throws IOException {
    Files.writeString(
        file, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(result) + "\n");
  }
}
