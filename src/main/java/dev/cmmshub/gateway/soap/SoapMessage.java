package dev.cmmshub.gateway.soap;

import dev.cmmshub.tenant.Secret;
import java.util.Optional;

/**
 * What a caller sent.
 *
 * @param password of the UsernameToken: the caller's key
 * @param payload the one element of the body as a document of its own, without any header
 */
public record SoapMessage(SoapVersion version, Optional<Secret> password, byte[] payload) {}
