package dev.cmmshub.gateway.hook;

import dev.cmmshub.connector.HookScheme;
import dev.cmmshub.connector.HookScheme.Encoding;
import dev.cmmshub.connector.HookScheme.Timestamp;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * What stands in the header of the signature.
 *
 * @param signatures those that have the right form and length; a system that changes its secret
 *     sends several
 * @param timestamp the time beside them, or null
 */
record SignatureHeader(List<byte[]> signatures, String timestamp) {
  static SignatureHeader read(HookScheme scheme, String value) {
    String timePrefix = scheme.timestamp().flatMap(Timestamp::prefix).orElse(null);
    List<byte[]> signatures = new ArrayList<>(2);
    String timestamp = null;
    int begin = 0;
    while (begin <= value.length()) {
      int end = scheme.separator().isEmpty() ? -1 : value.indexOf(scheme.separator(), begin);
      String part = value.substring(begin, end < 0 ? value.length() : end).strip();
      begin = end < 0 ? value.length() + 1 : end + scheme.separator().length();
      if (timePrefix != null && part.startsWith(timePrefix)) {
        timestamp = timestamp == null ? part.substring(timePrefix.length()) : timestamp;
      } else if (part.startsWith(scheme.prefix())) {
        byte[] signature = decode(scheme.encoding(), part.substring(scheme.prefix().length()));
        if (signature.length == scheme.algorithm().length()) {
          signatures.add(signature);
        }
      }
    }
    return new SignatureHeader(signatures, timestamp);
  }

  /** Nothing when it is not written so. */
  private static byte[] decode(Encoding encoding, String text) {
    try {
      return encoding == Encoding.HEX
          ? HexFormat.of().parseHex(text)
          : Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
