package dev.cmmshub.gateway.hook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cmmshub.TestHub;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A system that signs what it posts, by its own code.
 *
 * @param scheme one of the connectors of {@code HookConnectors}
 */
record Sender(TestHub hub, String scheme, String token, String secret) {
  URI address() {
    return hub.address("/v1/hooks/" + token);
  }

  HttpResponse<String> post(String body) {
    return send(body, sign(body, Instant.now()));
  }

  HttpResponse<String> send(String body, Map<String, String> headers) {
    return send(address(), body, headers);
  }

  HttpResponse<String> send(URI address, String body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofSeconds(20))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return hub.send(request);
  }

  /** The headers of a request that is sent then. */
  Map<String, String> sign(String body, Instant then) {
    String seconds = Long.toString(then.getEpochSecond());
    String millis = Long.toString(then.toEpochMilli());
    Map<String, String> headers = new LinkedHashMap<>();
    switch (scheme) {
      case "signed-standard" -> {
        headers.put("webhook-id", "msg_1");
        headers.put("webhook-timestamp", seconds);
        byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
        headers.put(
            "webhook-signature", "v1," + base64("SHA256", key, "msg_1." + seconds + "." + body));
      }
      case "signed-frappe" ->
          headers.put("X-Frappe-Webhook-Signature", base64("SHA256", secret.getBytes(UTF_8), body));
      case "signed-stripe" ->
          headers.put("Stripe-Signature", "t=" + seconds + ",v1=" + hex(seconds + "." + body));
      case "signed-github" -> headers.put("X-Hub-Signature-256", "sha256=" + hex(body));
      case "signed-own" -> {
        headers.put("X-Time", millis);
        headers.put("X-Id", "m-1");
        headers.put(
            "X-Sig", base64("SHA512", secret.getBytes(UTF_8), "v0:" + millis + ":m-1:" + body));
      }
      default -> throw new IllegalArgumentException(scheme);
    }
    return headers;
  }

  private String hex(String text) {
    return HexFormat.of().formatHex(hmac("SHA256", secret.getBytes(UTF_8), text));
  }

  private static String base64(String hash, byte[] key, String text) {
    return Base64.getEncoder().encodeToString(hmac(hash, key, text));
  }

  private static byte[] hmac(String hash, byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("Hmac" + hash);
      mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
