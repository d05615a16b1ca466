package dev.cmmshub.connector;

import dev.cmmshub.connector.HookScheme.Algorithm;
import dev.cmmshub.connector.HookScheme.Encoding;
import dev.cmmshub.connector.HookScheme.Timestamp;
import dev.cmmshub.tenant.HookSecret;
import dev.cmmshub.yaml.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code hook} of a manifest that fits its JSON Schema. */
final class HookSchemeReader {
  private static final Pattern PIECE = Pattern.compile("\\{(timestamp|id|body)}|[^{}]+");

  private HookSchemeReader() {}

  /** The scheme, if there is one; what is wrong with it is noted. */
  static Optional<HookScheme> read(Field hook) {
    if (!hook.isGiven() || !hook.isSound()) {
      return Optional.empty();
    }
    Field given = hook.at("scheme");
    Optional<HookScheme> named =
        hook.text().or(given::text).map(name -> HookScheme.NAMED.get(name));
    HookScheme scheme = named.map(preset -> scheme(hook, preset)).orElseGet(() -> own(hook));
    requireSense(hook, scheme);
    return Optional.of(scheme);
  }

  /** What the manifest says counts, and where it says nothing the scheme with the name. */
  private static HookScheme scheme(Field hook, HookScheme otherwise) {
    Field timestamp = hook.at("timestamp");
    return new HookScheme(
        otherwise.name(),
        hook.at("header").text().orElse(otherwise.header()),
        hook.at("separator").text().orElse(otherwise.separator()),
        hook.at("prefix").text().orElse(otherwise.prefix()),
        hook.at("algorithm")
            .text()
            .map(s -> Algorithm.valueOf(upper(s)))
            .orElse(otherwise.algorithm()),
        hook.at("encoding")
            .text()
            .map(s -> Encoding.valueOf(upper(s)))
            .orElse(otherwise.encoding()),
        hook.at("secret").text().map(s -> HookSecret.valueOf(upper(s))).orElse(otherwise.secret()),
        hook.at("signed").text().map(HookSchemeReader::pieces).orElse(otherwise.signed()),
        timestamp.isGiven() ? Optional.of(timestamp(timestamp)) : otherwise.timestamp(),
        hook.at("id").text().or(otherwise::id),
        hook.at("validation").isGiven());
  }

  private static HookScheme own(Field hook) {
    return scheme(
        hook,
        new HookScheme(
            "hmac",
            "",
            "",
            "",
            Algorithm.SHA256,
            Encoding.HEX,
            HookSecret.TEXT,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            false));
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }

  private static Timestamp timestamp(Field field) {
    return new Timestamp(
        field.at("header").text(),
        field.at("prefix").text(),
        field.at("unit").text().filter("ms"::equals).isPresent());
  }

  private static List<String> pieces(String template) {
    List<String> pieces = new ArrayList<>();
    Matcher matcher = PIECE.matcher(template);
    while (matcher.find()) {
      pieces.add(matcher.group());
    }
    return pieces;
  }

  private static void requireSense(Field hook, HookScheme scheme) {
    Field signed = hook.at("signed").isGiven() ? hook.at("signed") : hook;
    if (Collections.frequency(scheme.signed(), HookScheme.BODY) != 1) {
      signed.wrong("expected {body} once: what is not signed could be changed by anybody");
    }
    requireBoth(signed, scheme, HookScheme.TIMESTAMP, scheme.timestamp().isPresent());
    requireBoth(signed, scheme, HookScheme.ID, scheme.id().isPresent());
    Optional<String> beside = scheme.timestamp().flatMap(Timestamp::prefix);
    if (beside.isPresent() && scheme.separator().isEmpty()) {
      hook.at("timestamp")
          .wrong("expected separator: too, which stands between it and the signature");
    }
    if (beside.isPresent() && scheme.prefix().isEmpty()) {
      hook.at("timestamp").wrong("expected prefix: too, which tells the signature from it");
    }
  }

  private static void requireBoth(Field signed, HookScheme scheme, String piece, boolean isSent) {
    String name = piece.substring(1, piece.length() - 1);
    if (scheme.signed().contains(piece) && !isSent) {
      signed.wrong("has " + piece + ": expected " + name + ": too, which says where it stands");
    }
    if (!scheme.signed().contains(piece) && isSent) {
      signed.wrong("expected " + piece + " in it: what is not signed can be changed by anybody");
    }
  }
}
