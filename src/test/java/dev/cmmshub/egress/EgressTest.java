package dev.cmmshub.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be reached, from outside; addresses that are names here are looked up by nobody. */
class EgressTest {
  private static final EgressTarget SAP = new EgressTarget("acme", "sap");

  private final List<EgressTarget> refused = new ArrayList<>();

  private Egress egress(String allowed, Map<String, String> names) {
    return new Egress(
        Allowances.of(allowed),
        host -> {
          if (!names.containsKey(host)) {
            throw new UnknownHostException(host);
          }
          List<InetAddress> found = new ArrayList<>();
          for (String address : names.get(host).split(" ")) {
            found.add(InetAddress.getByName(address));
          }
          return found.toArray(InetAddress[]::new);
        },
        refused::add);
  }

  private String reached(String allowed, EgressTarget target, String host)
      throws UnknownHostException {
    return egress(allowed, Map.of()).require(target, host).getHostAddress();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255"
      })
  void ipv4OfSpecialPurposeIsRefused(String host) {
    assertRefused(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::",
        "::1",
        "[::1]",
        "fe80::1",
        "fe80::1%1",
        "febf::1",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "2001:2::1",
        "3fff::1",
        "100::1",
        "5f00::1",
        "64:ff9b:1::1",
        "4000::1"
      })
  void ipv6OfSpecialPurposeIsRefused(String host) {
    assertRefused(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::ffff:127.0.0.1",
        "[::ffff:7f00:1]",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "::10.0.0.1",
        "::8.8.8.8",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::169.254.169.254",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2002:c0a8:1::1"
      })
  void ipv6WithSuchAnIpv4AddressInsideIsRefused(String host) {
    assertRefused(host);
  }

  /** What C libraries, browsers and other HTTP clients take for 127.0.0.1 and 169.254.169.254. */
  @ParameterizedTest
  @CsvSource({
    "127.1, 127.0.0.1",
    "127.0.1, 127.0.0.1",
    "2130706433, 127.0.0.1",
    "0x7f000001, 127.0.0.1",
    "0X7F.1, 127.0.0.1",
    "0x7f.0x0.0x0.0x1, 127.0.0.1",
    "0177.0.0.1, 127.0.0.1",
    "017700000001, 127.0.0.1",
    "0, 0.0.0.0",
    "2852039166, 169.254.169.254",
    "0xa9.254.0251.254, 169.254.169.254"
  })
  void otherNotationsOfIpv4AreReadAsOthersReadThem(String host, String address) throws Exception {
    assertRefused(host);
    assertThat(reached("0.0.0.0/0", SAP, host)).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255"
      })
  void theNeighboursOfTheBlocksAreReached(String host) throws Exception {
    assertThat(reached("", SAP, host)).isEqualTo(host);
    assertThat(refused).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2606:4700:4700::1111",
        "[2a00:1450:4001::1]",
        "2001:4860:4860::8888",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
        "::ffff:8.8.8.8"
      })
  void globalIpv6IsReached(String host) throws Exception {
    assertThat(egress("", Map.of()).require(SAP, host)).isNotNull();
    assertThat(refused).isEmpty();
  }

  private void assertRefused(String host) {
    Egress egress = egress("", Map.of());
    assertThat(egress.looksUp(host)).isFalse();
    assertThatThrownBy(() -> egress.require(SAP, host))
        .isInstanceOf(EgressRefusedException.class)
        .hasMessageContaining("is not a public address")
        .hasMessageContaining("hub.egress.allow=acme/sap=");
    assertThat(refused).containsExactly(SAP);
  }

  @Test
  void ofANameTheFirstAddressThatMayBeReachedIsTaken() throws Exception {
    Egress egress =
        egress("", Map.of("both.test", "10.0.0.1 1.1.1.1", "inner.test", "10.0.0.1 fd00::1"));
    assertThat(egress.looksUp("both.test")).isTrue();
    assertThat(egress.require(SAP, "both.test").getHostAddress()).isEqualTo("1.1.1.1");
    assertThatThrownBy(() -> egress.require(SAP, "inner.test"))
        .isInstanceOf(EgressRefusedException.class)
        .hasMessageContaining("'inner.test' is 10.0.0.1, which is not a public address")
        .hasMessageContaining("hub.egress.allow=acme/sap=10.0.0.1");
    assertThatThrownBy(() -> egress.require(SAP, "none.test"))
        .isInstanceOf(UnknownHostException.class);
  }

  @Test
  void blocksAddressesAndNamesAreAllowedForAll() throws Exception {
    String allowed = " 10.20.0.0/16, 192.168.1.7,fd00::/8 , ERP.internal";
    assertThat(reached(allowed, SAP, "10.20.30.40")).isEqualTo("10.20.30.40");
    assertThat(reached(allowed, SAP, "192.168.1.7")).isEqualTo("192.168.1.7");
    assertThat(reached(allowed, SAP, "[fd00::7]")).isEqualTo("fd00:0:0:0:0:0:0:7");
    Egress egress = egress(allowed, Map.of("erp.internal", "10.9.9.9", "other", "10.9.9.9"));
    assertThat(egress.require(SAP, "erp.internal").getHostAddress()).isEqualTo("10.9.9.9");
    for (String host : List.of("10.21.0.1", "192.168.1.8", "127.0.0.1", "other", "10.9.9.9")) {
      assertThatThrownBy(() -> egress.require(SAP, host))
          .isInstanceOf(EgressRefusedException.class);
    }
  }

  @Test
  void whatOneSystemMayReachNoOtherMay() throws Exception {
    String allowed = "acme/sap=10.20.0.0/16,acme/sap=erp.internal";
    assertThat(reached(allowed, SAP, "10.20.0.1")).isEqualTo("10.20.0.1");
    Egress egress = egress(allowed, Map.of("erp.internal", "127.0.0.1"));
    assertThat(egress.require(SAP, "erp.internal").isLoopbackAddress()).isTrue();
    for (EgressTarget other :
        List.of(
            new EgressTarget("acme", "cmms"),
            new EgressTarget("globex", "sap"),
            EgressTarget.UNKNOWN)) {
      for (String host : List.of("10.20.0.1", "erp.internal")) {
        assertThatThrownBy(() -> egress.require(other, host))
            .isInstanceOf(EgressRefusedException.class)
            .hasMessageContaining("hub.egress.allow=" + other + "=");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/33",
        "10.0.0",
        "10.*.0.0",
        "10.0.0.1-9",
        "*",
        "2130706433",
        "a b",
        "acme=10.0.0.1",
        "acme/=10.0.0.1",
        "=10.0.0.1",
        "http://erp",
        "erp:8080",
        "10.0.0.0/255.0.0.0"
      })
  void whatIsNoAllowanceIsToldWithTheSettingsName(String entry) {
    assertThatThrownBy(() -> Allowances.of("10.0.0.0/8," + entry))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("hub.egress.allow: '" + entry + "': expected a CIDR");
  }
}
