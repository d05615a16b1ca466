/** SOAP 1.1 and 1.2 by contract: envelope, WS-Security UsernameToken, faults, WSDL. */
package dev.cmmshub.gateway.soap;
