package dev.cmmshub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.TestAdmins;
import dev.cmmshub.TestHub;
import dev.cmmshub.gateway.tls.Authority;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that ask an administration port with TLS. */
class AdminTlsTest {
  @TempDir private Path folder;

  private record Run(int status, String out, String err) {}

  private static Run run(List<String> arguments, String... more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        HubCommand.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    return new Run(status, out.toString(), err.toString());
  }

  @Test
  void commandsTrustTheAuthorityTheyAreToldAndNoOther() {
    Authority authority = new Authority(folder, "authority");
    Authority stranger = new Authority(folder, "stranger");
    authority.issue("admin", "EC", 90);
    try (TestHub hub =
        TestHub.with(
            "",
            Map.of(
                "hub.admin.tls.certificate",
                folder.resolve("admin.crt").toString(),
                "hub.admin.tls.key",
                folder.resolve("admin.key").toString()))) {
      int port = hub.adminAddress("").getPort();
      String key = hub.admins().keyFile(TestAdmins.VIEWER).toString();
      List<String> list =
          List.of(
              "subscription",
              "list",
              "--json",
              "--key-file",
              key,
              "--admin",
              "https://127.0.0.1:" + port);
      Run trusted = run(list, "--ca", authority.certificate().toString());
      assertThat(trusted.status()).as(trusted.err()).isZero();
      for (Run untrusted :
          List.of(run(list), run(list, "--ca", stranger.certificate().toString()))) {
        assertThat(untrusted.status()).isEqualTo(1);
        assertThat(untrusted.err().strip())
            .contains("no trusted connection", "--ca")
            .hasLineCount(1);
      }
      Run noAuthority = run(list, "--ca", folder.resolve("admin.key").toString());
      assertThat(noAuthority.status()).isEqualTo(1);
      assertThat(noAuthority.err()).contains("admin.key", "expected", "PEM");
      Run plain = run(List.of("subscription", "list", "--admin", "http://127.0.0.1:" + port));
      assertThat(plain.status()).isEqualTo(1);
      assertThat(plain.err().strip()).contains("https").hasLineCount(1);
    }
  }
}
