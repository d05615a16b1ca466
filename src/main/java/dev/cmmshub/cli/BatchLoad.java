package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.batch.rows.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends a file and follows its job. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = {
      "Sends a file and shows what becomes of its rows.",
      "",
      "NDJSON, CSV or XML, by the end of its name, zipped (.gz) or not. What breaks",
      "off is gone on with: begun again, the command sends what is not there yet.",
      "",
      "  ./hub batch load parts.csv --system sap --entity part",
      "",
      "Status 1 when rows were rejected or the file cannot be read."
    })
final class BatchLoad implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TenantOptions options;

  @Parameters(paramLabel = "FILE", description = "What to send.")
  private Path file;

  @Option(names = "--system", required = true, paramLabel = "SYSTEM", description = "Sent as.")
  private String system;

  @Option(
      names = "--entity",
      paramLabel = "ENTITY",
      description = "Rows about anything else are rejected.")
  private String entity;

  @Option(
      names = "--job-key",
      paramLabel = "KEY",
      description = "Names the job (default: by the file's name, size and time).")
  private String jobKey;

  @Option(names = "--no-wait", description = "Ends when all rows are sent.")
  private boolean noWait;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new ParameterException(
          spec.commandLine(), file + " cannot be read: check the path, and whose file it is");
    }
    Format format =
        Format.ofName(String.valueOf(file.getFileName()))
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        file + ": expected a name that ends with .ndjson, .csv or .xml, or .gz"));
    TenantClient client = options.client();
    JobWatch watch = new JobWatch(client, spec.commandLine(), options.json());
    FileUpload upload =
        new FileUpload(client, file, format, system, entity, jobKey == null ? key() : jobKey);
    JsonNode job = upload.send(watch::show);
    if (noWait) {
      spec.commandLine().getOut().println(options.json() ? job : job.get("id").asText());
      return 0;
    }
    return watch.follow(job.get("id").asText());
  }

  /** The same file again is the same job; a changed one is another. */
  private String key() throws IOException {
    return "file:"
        + Integer.toHexString(file.toAbsolutePath().normalize().toString().hashCode())
        + ':'
        + Files.size(file)
        + ':'
        + Files.getLastModifiedTime(file).toMillis();
  }
}
